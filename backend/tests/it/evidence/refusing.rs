//! What is refused: said clearly, nothing left behind.

use std::sync::Arc;

use kpi::{
    platform::{
        http::{self, web::Assets},
        lifecycle::Lifecycle,
    },
    router,
};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpListener, TcpStream},
};

use super::{Scene, stored};
use crate::support::files::{self, field, part};

#[tokio::test]
async fn whatever_is_wrong_with_a_file_is_said_and_leaves_nothing() {
    let scene = Scene::configured(&[("MAX_UPLOAD_SIZE", "400000")]).await;
    let pdf = files::pdf();
    let docx = files::docx(&["text"]);
    let png = files::png(30, 20);
    let doc = files::compound(&["WordDocument"], &[]);
    let macros = "application/vnd.ms-word.document.macroEnabled.main+xml";
    let project = "application/vnd.ms-office.vbaProject";
    let with_macros = files::docx_with(&["text"], &[macros], &[]);
    let with_project = files::docx_with(&["text"], &[project], &[]);
    let with_binary = files::docx_with(&["text"], &[], &[("word/vbaProject.bin", b"\x01")]);
    let old_macros = files::compound(&["WordDocument", "Macros/VBA"], &["Macros"]);
    let plain_zip = files::zipped(&[("a.txt", b"a")]);
    let bomb = files::bomb();
    let giant = files::giant_png();
    let html = b"<html><script>alert(1)</script></html>".as_slice();
    let mut bent = docx.clone();
    let middle = bent.len() / 3;
    bent[middle..middle + 8].fill(0);
    let cut = |bytes: &[u8]| bytes[..bytes.len() * 2 / 3].to_vec();
    // Name, content, status, code of the problem, code of the fault.
    let rows: Vec<(&str, Vec<u8>, u16, &str, &str)> = vec![
        ("notes.txt", b"plain".to_vec(), 415, "wrong_file_type", "file_type_not_allowed"),
        ("page.html", html.to_vec(), 415, "wrong_file_type", "file_type_not_allowed"),
        ("no-extension", pdf.clone(), 415, "wrong_file_type", "file_type_not_allowed"),
        ("a.pdf\u{202e}.exe", pdf.clone(), 415, "wrong_file_type", "file_type_not_allowed"),
        ("a.pdf\0.exe", pdf.clone(), 400, "malformed", ""),
        ("sheet.xlsm", docx.clone(), 415, "wrong_file_type", "file_type_not_allowed"),
        ("page.pdf", html.to_vec(), 415, "wrong_file_type", "file_mismatch"),
        ("photo.png", pdf.clone(), 415, "wrong_file_type", "file_mismatch"),
        ("photo.jpg", png.clone(), 415, "wrong_file_type", "file_mismatch"),
        ("sheet.xlsx", docx.clone(), 415, "wrong_file_type", "file_mismatch"),
        ("sheet.xls", doc.clone(), 415, "wrong_file_type", "file_mismatch"),
        ("text.docx", doc.clone(), 415, "wrong_file_type", "file_mismatch"),
        ("text.docx", plain_zip, 415, "wrong_file_type", "file_mismatch"),
        ("text.docx", with_macros, 415, "wrong_file_type", "file_has_macros"),
        ("text.docx", with_project, 415, "wrong_file_type", "file_has_macros"),
        ("text.docx", with_binary, 415, "wrong_file_type", "file_has_macros"),
        ("text.doc", old_macros, 415, "wrong_file_type", "file_has_macros"),
        ("empty.pdf", Vec::new(), 422, "invalid", "file_empty"),
        ("cut.pdf", cut(&pdf), 422, "invalid", "file_truncated"),
        ("cut.png", cut(&png), 422, "invalid", "file_truncated"),
        ("cut.jpg", cut(&files::jpeg(60, 40)), 422, "invalid", "file_truncated"),
        ("cut.gif", cut(&files::gif(60, 40)), 422, "invalid", "file_truncated"),
        ("cut.docx", cut(&docx), 422, "invalid", "file_truncated"),
        ("cut.doc", cut(&doc), 422, "invalid", "file_truncated"),
        ("bent.docx", bent, 422, "invalid", "file_damaged"),
        ("bomb.docx", bomb, 422, "invalid", "file_too_dense"),
        ("giant.png", giant, 422, "invalid", "picture_too_large"),
        ("large.pdf", vec![b'x'; 400_001], 413, "too_large", ""),
    ];
    for (name, content, status, code, fault) in rows {
        let answer = scene.attaches(name, &content).await;
        answer.refused(status, code);
        let faults = answer.faults();
        let expected = if fault.is_empty() { Vec::new() } else { vec![format!("file {fault}")] };
        assert_eq!(faults, expected, "{name}: {}", answer.text());
        assert_eq!(stored(&scene.app), Vec::<String>::new(), "{name}");
    }
    assert!(scene.owner.get(&scene.path()).await.items().is_empty());
}

#[tokio::test]
async fn a_form_that_is_not_one_is_refused() {
    let scene = Scene::new().await;
    let png = files::png(8, 8);
    let file = || part("file", "a.png", &png);
    let rows: Vec<(Vec<Vec<u8>>, u16, &str)> = vec![
        (vec![], 422, "file required"),
        (vec![field("description", "no file")], 422, "file required"),
        (vec![field("file", "no name")], 422, "file required"),
        (vec![file(), file()], 422, "file duplicate_field"),
        (vec![file(), field("kpi_id", "1")], 422, "kpi_id unknown_field"),
        (vec![file(), field("check_in_id", "x")], 422, "check_in_id wrong_type"),
        (vec![file(), field("check_in_id", "999999")], 422, "check_in_id unknown"),
        (vec![file(), field("description", &"x".repeat(1001))], 422, "description too_long"),
        (vec![file(), field("description", "a\u{7}b")], 422, "description control_characters"),
    ];
    for (parts, status, fault) in rows {
        let answer = scene.sends(&parts).await.expect(status);
        assert_eq!(answer.faults(), [fault], "{}", answer.text());
        assert_eq!(stored(&scene.app), Vec::<String>::new(), "{fault}");
    }
    let mut request = scene.owner.request("POST", &scene.path()).header("content-type", files::form_type());
    let whole = files::form(&[file()]);
    request = request.raw(whole[..whole.len() * 9 / 10].to_vec());
    request.send().await.refused(400, "malformed");
    let request = scene.owner.request("POST", &scene.path()).header("content-type", "application/json");
    request.raw("{}").send().await.refused(415, "wrong_type");
    assert_eq!(stored(&scene.app), Vec::<String>::new());
}

#[tokio::test]
async fn a_client_that_goes_before_the_end_leaves_nothing() {
    let scene = Scene::new().await;
    let assets = Arc::new(Assets::from_files([]));
    let routes = router::routes(&scene.app.ctx, assets.clone());
    let settings = router::server_settings(&scene.app.ctx, &assets, Lifecycle::new());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let server = tokio::spawn(http::serve(listener, routes, settings, async { drop(stopped.await) }));

    let pdf = [files::pdf(), vec![b' '; 2_000_000], b"\nstartxref\n9\n%%EOF".to_vec()].concat();
    let body = files::form(&[part("file", "a.pdf", &pdf)]);
    let head = format!(
        "POST /api/v1{} HTTP/1.1\r\nhost: kpi.example.com\r\nauthorization: Bearer {}\r\n\
         content-type: {}\r\ncontent-length: {}\r\n\r\n",
        scene.path(),
        scene.owner.token.as_deref().unwrap_or_default(),
        files::form_type(),
        body.len()
    );
    let mut client = TcpStream::connect(address).await.unwrap();
    client.write_all(head.as_bytes()).await.unwrap();
    client.write_all(&body[..body.len() * 99 / 100]).await.unwrap();
    drop(client);
    // The server ends when every write under way has.
    stop.send(()).unwrap();
    server.await.unwrap().unwrap();
    assert_eq!(stored(&scene.app), Vec::<String>::new());
    assert!(scene.owner.get(&scene.path()).await.items().is_empty());
}
