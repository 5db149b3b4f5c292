//! The first administrator.

use kpi::auth::setup::{ensure_admin, ensure_token};
use serde_json::{Value, json};

use crate::support::TestApp;

fn body(link: &str) -> Value {
    json!({
        "token": link.split_once("#token=").unwrap().1,
        "email": "first@firma.example",
        "username": "first",
        "full_name": "First Admin",
        "password": "violet-meadow-12",
    })
}

async fn link(app: &TestApp) -> Option<String> {
    ensure_token(&app.ctx).await.unwrap().map(|link| link.reveal().to_owned())
}

#[tokio::test]
async fn the_printed_link_makes_the_first_administrator_once() {
    let app = TestApp::bare().await;
    assert_eq!(app.anonymous().get("/setup").await.expect(200).json()["needed"], true);
    let link = link(&app).await.unwrap();
    assert!(link.starts_with("https://kpi.example.com/setup#token="), "{link}");

    let answer = app.anonymous().post("/setup", body(&link)).await.expect(201);
    assert_eq!(answer.json()["user"]["role"], "admin");
    let mut browser = app.browser();
    browser.keep(&answer);
    browser.get("/users").await.expect(200);

    assert_eq!(app.anonymous().get("/setup").await.json()["needed"], false);
    app.anonymous().post("/setup", body(&link)).await.refused(409, "setup_done");
    assert_eq!(self::link(&app).await, None);
}

#[tokio::test]
async fn only_the_last_link_works_and_the_password_has_to_be_good() {
    let app = TestApp::bare().await;
    let first = link(&app).await.unwrap();
    let second = link(&app).await.unwrap();
    app.anonymous().post("/setup", body(&first)).await.invalid("token invalid_token");
    let mut weak = body(&second);
    weak["password"] = json!("first@firma.example");
    app.anonymous().post("/setup", weak).await.invalid("password password_like_account");
    app.anonymous().post("/setup", body(&second)).await.expect(201);
}

#[tokio::test]
async fn without_a_link_there_is_no_way_in() {
    let app = TestApp::bare().await;
    app.anonymous().post("/setup", body("#token=")).await.invalid("token invalid_token");
    let company = TestApp::new().await;
    company.anonymous().post("/setup", body("#token=")).await.refused(409, "setup_done");
}

#[tokio::test]
async fn the_environment_may_name_the_first_administrator() {
    let app =
        TestApp::configured(&[("ADMIN_EMAIL", "x@y.example"), ("ADMIN_PASSWORD", "violet-meadow-12")]).await;
    assert!(!ensure_admin(&app.ctx).await.unwrap(), "there is one already");
}
