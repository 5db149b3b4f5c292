//! Many at once: exactly one wins where only one may.

use futures_util::future::join_all;
use kpi::auth::setup::ensure_token;
use serde_json::json;

use crate::support::{
    Response, TestApp,
    company::{PASSWORD, SALES},
};

const AT_ONCE: usize = 32;

fn count(answers: &[Response], status: u16) -> usize {
    answers.iter().filter(|answer| answer.status == status).count()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_who_set_up_at_once_one_becomes_the_administrator() {
    let app = TestApp::bare().await;
    let link = ensure_token(&app.ctx).await.unwrap().unwrap();
    let token = link.reveal().split_once("#token=").unwrap().1.to_owned();
    let answers = join_all((0..AT_ONCE).map(|number| {
        let (app, token) = (app.clone(), token.clone());
        let body = json!({
            "token": token,
            "email": format!("admin{number}@firma.example"),
            "username": format!("admin{number}"),
            "full_name": "Somebody",
            "password": "violet-meadow-12",
        });
        async move { app.anonymous().post("/setup", body).await }
    }))
    .await;
    assert_eq!((count(&answers, 201), count(&answers, 409)), (1, AT_ONCE - 1));
    let winner = answers.iter().find(|answer| answer.status == 201).unwrap();
    let mut browser = app.browser();
    browser.keep(winner);
    assert_eq!(browser.get("/users").await.json()["total"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_requests_with_one_key_one_creates() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let answers = join_all((0..AT_ONCE).map(|_| {
        admin.request("POST", "/departments").key("the-same").json(json!({ "name": "Field" })).send()
    }))
    .await;
    assert_eq!(count(&answers, 201), AT_ONCE);
    assert!(answers.iter().all(|answer| answer.id() == answers[0].id()));
    assert_eq!(admin.get("/departments?q=field").await.json()["total"], 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_many_changes_with_one_version_one_wins() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let path = format!("/departments/{SALES}");
    let answers = join_all((0..AT_ONCE).map(|number| {
        let (admin, path) = (admin.clone(), path.clone());
        async move { admin.patch(&path, 1, json!({ "name": format!("Sales {number}") })).await }
    }))
    .await;
    assert_eq!((count(&answers, 200), count(&answers, 412)), (1, AT_ONCE - 1));
    let winner = answers.iter().find(|answer| answer.status == 200).unwrap();
    assert_eq!(admin.get(&path).await.json()["name"], winner.json()["name"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refresh_token_used_by_many_at_once_ends_the_session() {
    let app = TestApp::new().await;
    let credentials = json!({ "login": "employee", "password": PASSWORD });
    let pair = app.anonymous().post("/auth/token", credentials).await.expect(200).json();
    let answers = join_all((0..AT_ONCE).map(|_| {
        let (app, body) = (app.clone(), json!({ "refresh_token": pair["refresh_token"] }));
        async move { app.anonymous().post("/auth/refresh", body).await }
    }))
    .await;
    assert_eq!((count(&answers, 200), count(&answers, 401)), (1, AT_ONCE - 1));
    let winner = answers.iter().find(|answer| answer.status == 200).unwrap().json();
    app.with_token(winner["access_token"].as_str().unwrap())
        .get("/auth/me")
        .await
        .refused(401, "session_ended");
}
