//! How long a file stays, and that nothing goes that somebody names.

use std::time::Duration;

use kpi::evidence::sweep;
use serde_json::json;

use super::{Scene, stored};
use crate::support::{TestApp, files, kpis::kpi_in};

#[tokio::test]
async fn a_closed_kpi_keeps_its_evidence_as_it_is() {
    let app = TestApp::new().await;
    let (owner, manager, admin) = (app.employee().await, app.manager().await, app.admin().await);
    let png = files::png(8, 8);
    for state in ["draft", "submitted", "rejected", "approved", "in_review"] {
        let kpi = kpi_in(state, &owner, &manager).await;
        let added = owner.attaches(&kpi, "a.png", &png).await.expect(201);
        owner.request("DELETE", &format!("/evidence/{}", added.id())).send().await.expect(204);
    }
    let kpi = kpi_in("in_review", &owner, &manager).await;
    let added = owner.attaches(&kpi, "a.png", &png).await.expect(201);
    manager.does("accept", &kpi).await.expect(200);
    let path = format!("/evidence/{}", added.id());
    for actor in [&owner, &admin] {
        actor.attaches(&kpi, "b.png", &png).await.refused(409, "wrong_state");
        actor.request("DELETE", &path).send().await.refused(409, "wrong_state");
    }
    let view = owner.get(&path).await.json();
    assert_eq!(view["may_delete"], json!({ "allowed": false, "reason": "wrong_state" }));
    let list = owner.get(&format!("/kpis/{}/evidence", kpi.id())).await.json();
    assert_eq!(list["may_add"]["reason"], "wrong_state");
    manager.attaches(&kpi, "b.png", &png).await.refused(403, "not_allowed");
}

#[tokio::test]
async fn a_deleted_file_leaves_its_trace_and_its_content_goes_with_the_sweep() {
    let scene = Scene::new().await;
    let png = files::png(8, 8);
    let (first, second) =
        (scene.attaches("a.png", &png).await.expect(201), scene.attaches("b.png", &png).await.expect(201));
    let delete = |id: i64| scene.owner.request("DELETE", &format!("/evidence/{id}")).send();
    delete(first.id()).await.expect(204);
    delete(first.id()).await.refused(404, "not_found");
    let history = scene.owner.get(&format!("/kpis/{}/history", scene.kpi.id())).await;
    assert_eq!(history.items()[0]["act"], "evidence_deleted");
    assert_eq!(history.items()[0]["changes"], json!([{ "field": "evidence", "old": "a.png", "new": null }]));

    let now = Duration::ZERO;
    assert_eq!(sweep::sweep_unnamed(&scene.app.ctx, now).await.unwrap(), 0);
    scene.owner.get(&format!("/evidence/{}/content", second.id())).await.expect(200);
    delete(second.id()).await.expect(204);
    assert_eq!(sweep::sweep_orphans(&scene.app.ctx).await.unwrap(), sweep::Swept::default());
    assert_eq!(sweep::sweep_unnamed(&scene.app.ctx, now).await.unwrap(), 1);
    assert!(stored(&scene.app).is_empty());
}

#[tokio::test]
async fn a_download_goes_on_when_its_file_is_deleted() {
    let scene = Scene::new().await;
    let png = files::png(800, 600);
    let added = scene.attaches("a.png", &png).await.expect(201);
    let sha256 = added.json()["sha256"].as_str().unwrap().to_owned();
    let (file, length) = scene.app.ctx.files.open(&sha256).await.unwrap();
    scene.owner.request("DELETE", &format!("/evidence/{}", added.id())).send().await.expect(204);
    assert_eq!(sweep::sweep_unnamed(&scene.app.ctx, Duration::ZERO).await.unwrap(), 1);
    let mut read = Vec::new();
    std::io::Read::read_to_end(&mut { file }, &mut read).unwrap();
    assert_eq!((read.len() as u64, read), (length, png));
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_file_by_eight_at_once_is_kept_once_while_the_sweep_goes_round() {
    let scene = Scene::new().await;
    let png = files::png(40, 40);
    let mut tries = tokio::task::JoinSet::new();
    for number in 0..8 {
        let (owner, png, kpi) = (scene.owner.clone(), png.clone(), scene.kpi.clone());
        tries.spawn(async move { owner.attaches(&kpi, &format!("{number}.png"), &png).await.status });
    }
    let ctx = scene.app.ctx.clone();
    let sweeper = tokio::spawn(async move {
        for _ in 0..40 {
            sweep::sweep_unnamed(&ctx, Duration::ZERO).await.unwrap();
        }
    });
    assert_eq!(tries.join_all().await, [201; 8]);
    sweeper.await.unwrap();
    assert_eq!(scene.owner.get(&scene.path()).await.items().len(), 8);
    let looked = sweep::look(scene.app.ctx.db.read(), &scene.app.ctx.files, true).await.unwrap();
    assert!(looked.missing.is_empty() && looked.damaged.is_empty() && looked.contents == 1, "{looked:?}");
    assert_eq!(stored(&scene.app).len(), 1);
}
