//! What can be seen of a file: its bytes in ranges, pictures, tables, texts.

use serde_json::{Value, json};

use super::Scene;
use crate::support::files;

#[tokio::test]
async fn ranges_are_answered_as_browsers_ask() {
    let scene = Scene::new().await;
    let png = files::png(300, 200);
    let added = scene.attaches("a.png", &png).await.expect(201);
    let (length, tag) = (png.len(), format!("\"{}\"", added.json()["sha256"].as_str().unwrap()));
    let path = format!("/evidence/{}/content", added.id());
    let ask = |headers: &[(&str, &str)]| {
        let request = scene.owner.request("GET", &path);
        headers.iter().fold(request, |request, (name, value)| request.header(name, *value)).send()
    };
    let whole = ask(&[]).await.expect(200);
    assert_eq!((whole.header("accept-ranges"), whole.header("etag")), ("bytes", tag.as_str()));
    assert_eq!(whole.header("content-length"), length.to_string());

    let part = ask(&[("range", "bytes=10-19")]).await.expect(206);
    assert_eq!(part.body, png[10..20]);
    assert_eq!(part.header("content-range"), format!("bytes 10-19/{length}"));
    assert_eq!(part.header("content-length"), "10");
    assert_eq!(ask(&[("range", "bytes=-5")]).await.expect(206).body, png[length - 5..]);
    assert_eq!(ask(&[("range", "bytes=100-"), ("if-range", &tag)]).await.expect(206).body, png[100..]);
    assert_eq!(ask(&[("range", "bytes=1-2"), ("if-range", "\"old\"")]).await.expect(200).body, png);
    assert_eq!(ask(&[("range", "bytes=1-2,5-6")]).await.expect(200).body, png);
    let beyond = ask(&[("range", &format!("bytes={length}-"))]).await;
    beyond.refused(416, "range_not_satisfiable");
    assert_eq!(beyond.header("content-range"), format!("bytes */{length}"));
    assert!(ask(&[("if-none-match", &tag)]).await.expect(304).body.is_empty());
    let head = scene.owner.request("HEAD", &path).send().await.expect(200);
    assert_eq!(head.header("content-length"), length.to_string());
}

#[tokio::test]
async fn pictures_are_shown_small_and_anew() {
    let scene = Scene::new().await;
    let photo = scene.attaches("photo.jpg", &files::jpeg(1200, 600)).await.expect(201).id();
    let plan = scene.attaches("plan.pdf", &files::pdf()).await.expect(201).id();
    for (id, width, height) in [(photo, 480, 240), (plan, 320, 480)] {
        for _ in 0..2 {
            let small = scene.manager.get(&format!("/evidence/{id}/thumbnail")).await.expect(200);
            assert_eq!(small.header("content-type"), "image/jpeg");
            let picture = image::load_from_memory(&small.body).unwrap();
            assert_eq!((picture.width(), picture.height()), (width, height));
        }
    }
    // The red square of the page is where it was drawn: from the lower left.
    let small = scene.manager.get(&format!("/evidence/{plan}/thumbnail")).await;
    let page = image::load_from_memory(&small.body).unwrap().to_rgb8();
    let at = |x: u32, y: u32| page.get_pixel(x, y).0;
    assert!(at(112, 368)[0] > 200 && at(112, 368)[1] < 60, "{:?}", at(112, 368));
    assert!(at(300, 20).iter().all(|part| *part > 240), "{:?}", at(300, 20));

    let full = scene.manager.get(&format!("/evidence/{photo}/preview?as=image")).await.expect(200);
    assert_eq!(full.header("content-type"), "image/jpeg");
    assert_eq!(image::load_from_memory(&full.body).unwrap().width(), 1200);
    assert_eq!(
        scene.owner.get(&format!("/evidence/{photo}/preview")).await.json(),
        json!({ "kind": "image" })
    );
    assert_eq!(scene.owner.get(&format!("/evidence/{plan}/preview")).await.json(), json!({ "kind": "pdf" }));
    scene.owner.get(&format!("/evidence/{plan}/preview?as=image")).await.refused(404, "no_preview");
    scene.owner.get(&format!("/evidence/{plan}/preview?as=html")).await.invalid("as unknown_value");
}

#[tokio::test]
async fn workbooks_and_documents_are_readable() {
    let scene = Scene::new().await;
    let rows: &[&[&str]] = &[&["Month", "Sold"], &["January", "12.5"], &["February", "0.1"]];
    let table = scene.attaches("sold.xlsx", &files::xlsx(rows)).await.expect(201).id();
    let sheet = json!({
        "name": "Figures",
        "rows": [["Month", "Sold"], ["January", "12.5"], ["February", "0.1"]],
        "truncated": false
    });
    let shown = scene.manager.get(&format!("/evidence/{table}/preview")).await.expect(200);
    assert_eq!(shown.json(), json!({ "kind": "table", "sheets": [sheet], "truncated": false }));

    let text = files::docx(&["Profit &amp; loss", "Second"]);
    let text = scene.attaches("text.docx", &text).await.expect(201).id();
    let shown = scene.manager.get(&format!("/evidence/{text}/preview")).await.expect(200).json();
    assert_eq!(shown["paragraphs"], json!(["Profit & loss", "Second"]));
    scene.owner.get(&format!("/evidence/{text}/thumbnail")).await.refused(404, "no_preview");
}

#[tokio::test]
async fn what_cannot_be_shown_is_said_as_data() {
    let scene = Scene::new().await;
    let far = "<sheetData><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>\
               <row r=\"1048576\"><c r=\"XFD1048576\"><v>2</v></c></row></sheetData>";
    let rows: [(&str, Vec<u8>, Value); 4] = [
        (
            "old.doc",
            files::compound(&["WordDocument"], &[]),
            json!({ "kind": "none", "reason": "not_supported" }),
        ),
        ("bent.xls", files::compound(&["Workbook"], &[]), json!({ "kind": "none", "reason": "damaged" })),
        (
            "bent.xlsx",
            files::xlsx_of("<sheetData><row r=\"1\"><c r=\"A1\"><v>"),
            json!({ "kind": "none", "reason": "damaged" }),
        ),
        (
            "vast.xlsx",
            files::xlsx_of(far),
            json!({
                "kind": "table",
                "sheets": [{ "name": "Figures", "rows": [["1"]], "truncated": true }],
                "truncated": true
            }),
        ),
    ];
    for (name, content, expected) in rows {
        let id = scene.attaches(name, &content).await.expect(201).id();
        for _ in 0..2 {
            let shown = scene.owner.get(&format!("/evidence/{id}/preview")).await.expect(200).json();
            assert_eq!(shown, expected, "{name}");
        }
    }
    // A page that nothing can be drawn of: at first it may have a picture, then it is known that it has none.
    let broken = b"%PDF-1.4\nnothing\nstartxref\n9\n%%EOF\n";
    let added = scene.attaches("broken.pdf", broken).await.expect(201);
    assert_eq!(added.json()["has_thumbnail"], true);
    scene.owner.get(&format!("/evidence/{}/thumbnail", added.id())).await.refused(404, "no_preview");
    assert_eq!(scene.owner.get(&format!("/evidence/{}", added.id())).await.json()["has_thumbnail"], false);
}
