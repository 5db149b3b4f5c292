//! What is taken, and how it is told.

use kpi::evidence::limits::Room;
use kpi_api::id::UserId;
use serde_json::json;

use super::{Scene, stored};
use crate::support::{
    company::EMPLOYEE,
    files::{self, field, part},
};

#[tokio::test]
async fn a_file_comes_back_as_it_was_put_in() {
    let scene = Scene::new().await;
    let check_in = scene.owner.records(&scene.kpi, 150.0).await.expect(201).id();
    let pdf = files::pdf();
    let parts = [
        field("description", " Signed by the buyer "),
        part("file", "Vertrag Müller.pdf", &pdf),
        field("check_in_id", &check_in.to_string()),
    ];
    let added = scene.sends(&parts).await.expect(201);
    let view = added.json();
    assert_eq!(added.header("location"), format!("/api/v1/evidence/{}", added.id()));
    for (field, value) in [
        ("name", json!("Vertrag Müller.pdf")),
        ("extension", json!("pdf")),
        ("media_type", json!("application/pdf")),
        ("size", json!(pdf.len())),
        ("description", json!("Signed by the buyer")),
        ("check_in_id", json!(check_in)),
        ("kpi_id", json!(scene.kpi.id())),
        ("has_thumbnail", json!(true)),
        ("preview", json!("pdf")),
        ("may_delete", json!({ "allowed": true })),
    ] {
        assert_eq!(view[field], value, "{field}");
    }
    assert_eq!(stored(&scene.app), [view["sha256"].as_str().unwrap()]);
    assert_eq!(scene.owner.get(&format!("/evidence/{}", added.id())).await.json(), view);
    assert_eq!(scene.manager.get(&scene.path()).await.items().len(), 1);

    let content = scene.owner.get(&format!("/evidence/{}/content", added.id())).await.expect(200);
    assert_eq!(content.body, pdf);
    assert_eq!(content.header("content-type"), "application/pdf");
    assert_eq!(content.header("x-content-type-options"), "nosniff");
    assert!(content.header("content-security-policy").starts_with("sandbox; default-src 'none'"));
    assert_eq!(
        content.header("content-disposition"),
        "attachment; filename=\"Vertrag M_ller.pdf\"; filename*=UTF-8''Vertrag%20M%C3%BCller.pdf"
    );

    let history = scene.owner.get(&format!("/kpis/{}/history", scene.kpi.id())).await;
    let row = &history.items()[0];
    assert_eq!(row["act"], "evidence_added");
    assert_eq!(row["changes"], json!([{ "field": "evidence", "old": null, "new": "Vertrag Müller.pdf" }]));
    let audit = scene.app.admin().await.get("/audit-log?action=evidence.add").await;
    assert_eq!(audit.items()[0]["entity_id"], added.id());
}

#[tokio::test]
async fn every_kind_of_file_is_taken() {
    let scene = Scene::new().await;
    let rows: [(&str, Vec<u8>, &str); 10] = [
        ("a.pdf", files::pdf(), "pdf"),
        ("a.png", files::png(9, 9), "image"),
        ("a.jpg", files::jpeg(9, 9), "image"),
        ("a.JPEG", files::jpeg(9, 8), "image"),
        ("a.gif", files::gif(9, 9), "image"),
        ("a.docx", files::docx(&["text"]), "text"),
        ("a.xlsx", files::xlsx(&[&["1"]]), "table"),
        ("a.doc", files::compound(&["WordDocument"], &[]), "none"),
        ("a.xls", files::compound(&["Workbook"], &[]), "table"),
        ("a.ppt", files::compound(&["PowerPoint Document"], &[]), "none"),
    ];
    for (name, content, preview) in rows {
        let view = scene.attaches(name, &content).await.expect(201).json();
        assert_eq!(view["preview"], preview, "{name}");
    }
}

#[tokio::test]
async fn odd_names_become_harmless_ones() {
    let scene = Scene::new().await;
    let png = files::png(8, 8);
    let long = format!("{}.png", "ж".repeat(5000));
    let cut = format!("{}.png", "ж".repeat(196));
    let rows = [
        ("../../../../etc/cron.d/evil.png", "evil.png"),
        ("C:\\\\Windows\\\\win.png", "win.png"),
        ("a\u{85}b\u{9f}.png", "ab.png"),
        ("photo\u{202e}gpj.png", "photogpj.png"),
        ("\u{200b}\u{feff}.png", "file.png"),
        (" . .png", "file.png"),
        (&long, &cut),
    ];
    for (raw, name) in rows {
        let view = scene.attaches(raw, &png).await.expect(201).json();
        assert_eq!(view["name"], *name, "{raw:?}");
    }
    assert_eq!(stored(&scene.app).len(), 1);
}

#[tokio::test]
async fn the_same_key_adds_once() {
    let scene = Scene::new().await;
    let png = files::png(8, 8);
    let send = |name: &'static str, content: &[u8]| {
        let parts = [part("file", name, content)];
        scene.owner.request("POST", &scene.path()).key("photo-1").form(&parts).send()
    };
    let first = send("a.png", &png).await.expect(201);
    assert_eq!(send("a.png", &png).await.expect(201).json(), first.json());
    send("b.png", &png).await.refused(409, "idempotency_mismatch");
    send("a.png", &files::png(9, 9)).await.refused(409, "idempotency_mismatch");
    assert_eq!(scene.owner.get(&scene.path()).await.items().len(), 1);
    assert_eq!(stored(&scene.app).len(), 1);
}

#[tokio::test]
async fn there_is_an_end_to_what_one_person_keeps() {
    let scene = Scene::new().await;
    let admin = scene.app.admin().await;
    let version = admin.get("/settings").await.version();
    admin.patch("/settings", version, json!({ "evidence.quota_mb": 10 })).await.expect(200);
    let large = [files::pdf(), vec![b' '; 6_000_000], b"\nstartxref\n9\n%%EOF".to_vec()].concat();
    // Another file of theirs is arriving.
    let room = Room { used: 0, quota: 10 * 1024 * 1024 };
    let place = scene.app.ctx.arriving.enter(UserId(EMPLOYEE), room, 6_000_000).unwrap();
    let refused = scene.attaches("a.pdf", &large).await;
    refused.refused(429, "too_many");
    assert_eq!(refused.header("retry-after"), "10");
    drop(place);
    scene.attaches("a.pdf", &large).await.expect(201);
    let limits = scene.owner.get("/evidence/limits").await.json();
    assert_eq!(
        (limits["used"].clone(), limits["quota"].clone()),
        (json!(large.len()), json!(10 * 1024 * 1024))
    );
    assert!(limits["extensions"].as_array().unwrap().contains(&json!("pdf")));
    scene.attaches("b.pdf", &large).await.refused(413, "quota_full");
    assert_eq!(stored(&scene.app).len(), 1);
    scene.attaches("c.png", &files::png(8, 8)).await.expect(201);
}
