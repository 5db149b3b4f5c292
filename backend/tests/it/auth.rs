//! Logging in, staying logged in, passwords, tokens.

use kpi::entity::{outbox, user};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};

use crate::support::{
    Actor, Response, TestApp,
    company::{ADMIN, EMPLOYEE, PASSWORD},
};

fn credentials(login: &str, password: &str) -> Value {
    json!({ "login": login, "password": password })
}

async fn token(app: &TestApp, login: &str, password: &str) -> Response {
    app.anonymous().post("/auth/token", credentials(login, password)).await
}

fn bearer(app: &TestApp, pair: &Response) -> Actor {
    app.with_token(pair.json()["access_token"].as_str().unwrap())
}

fn refresh_body(pair: &Response) -> Value {
    json!({ "refresh_token": pair.json()["refresh_token"] })
}

/// An answer without what differs from request to request.
fn essence(response: &Response) -> (u16, Vec<(String, String)>, Value) {
    let mut body = response.json();
    body["request_id"] = Value::Null;
    let headers = response.headers.iter().filter(|(name, _)| *name != "x-request-id");
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect();
    (response.status, headers, body)
}

#[tokio::test]
async fn people_log_in_by_user_name_or_address_in_whatever_case() {
    let app = TestApp::new().await;
    for login in ["employee", "Employee", " employee@firma.example ", "EMPLOYEE@firma.example"] {
        let answer = app.anonymous().post("/auth/login", credentials(login, PASSWORD)).await.expect(200);
        assert_eq!(answer.json()["user"]["full_name"], "Emil Employee", "{login}");
    }
    let me = bearer(&app, &token(&app, "employee", PASSWORD).await).get("/auth/me").await.expect(200);
    assert_eq!(me.json()["role"], "employee");
    assert_eq!(me.json()["today"], "2026-02-16");
    assert_eq!(me.json()["period"], json!({ "year": 2026, "quarter": "Q1" }));
    assert_eq!(me.json()["last_login_at"], "2026-02-16T09:00:00.000Z");
    let capabilities = me.json()["capabilities"].to_string();
    assert!(capabilities.contains("create_kpi") && !capabilities.contains("manage_people"), "{capabilities}");
}

#[tokio::test]
async fn cookies_cannot_be_read_by_scripts_and_stay_on_the_site() {
    let app = TestApp::new().await;
    let answer = app.anonymous().post("/auth/login", credentials("employee", PASSWORD)).await.expect(200);
    let cookies: Vec<&str> =
        answer.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap()).collect();
    assert_eq!(cookies.len(), 3);
    for cookie in &cookies {
        assert!(cookie.contains("; SameSite=Strict") && cookie.contains("; Secure"), "{cookie}");
        assert_eq!(cookie.contains("; HttpOnly"), !cookie.starts_with("kpi_csrf="), "{cookie}");
    }
    assert!(cookies[0].starts_with("kpi_access=") && cookies[0].contains("; Path=/; Max-Age=28800;"));
    assert!(
        cookies[1].starts_with("kpi_refresh=") && cookies[1].contains("; Path=/api/v1/auth; Max-Age=604800;")
    );
}

#[tokio::test]
async fn an_unknown_name_a_wrong_password_and_an_inactive_person_look_the_same() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.patch(&format!("/users/{EMPLOYEE}"), 1, json!({ "is_active": false })).await.expect(200);
    let unknown = token(&app, "nobody", "plum-harbour-47").await;
    unknown.refused(401, "wrong_credentials");
    for (login, password) in
        [("manager", "wrong-password-1"), ("employee", PASSWORD), ("", ""), ("manager", "")]
    {
        assert_eq!(essence(&token(&app, login, password).await), essence(&unknown), "{login:?}");
    }
}

#[tokio::test]
async fn guessing_is_slowed_down_until_time_has_passed() {
    let app = TestApp::new().await;
    for _ in 0..5 {
        token(&app, "employee", "wrong").await.refused(401, "wrong_credentials");
    }
    let refused = token(&app, "employee", PASSWORD).await;
    refused.refused(429, "too_many");
    assert_eq!(refused.header("retry-after"), "30");
    token(&app, "manager", PASSWORD).await.expect(200);
    app.clock.set("2026-02-16T09:00:30Z".parse().unwrap());
    token(&app, "employee", PASSWORD).await.expect(200);
    for _ in 0..4 {
        token(&app, "employee", "wrong").await.refused(401, "wrong_credentials");
    }
    token(&app, "employee", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_hash_with_weaker_settings_is_made_anew_at_the_next_log_in() {
    use argon2::{Algorithm, Argon2, Params, PasswordHasher, Version, password_hash::phc::PasswordHash};

    let app = TestApp::new().await;
    let weak = Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::new(8, 1, 1, None).unwrap());
    let old: PasswordHash = weak.hash_password_with_salt(PASSWORD.as_bytes(), &[7; 16]).unwrap();
    let row =
        user::ActiveModel { id: Set(EMPLOYEE), password_hash: Set(old.to_string()), ..Default::default() };
    user::Entity::update(row).exec(app.ctx.db.writer()).await.unwrap();
    token(&app, "employee", PASSWORD).await.expect(200);
    let now = user::Entity::find_by_id(EMPLOYEE).one(app.ctx.db.read()).await.unwrap().unwrap().password_hash;
    assert!(now.contains("m=19456,t=2,p=1"), "{now}");
    token(&app, "employee", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_refresh_token_works_once_and_its_reuse_ends_the_session_for_both() {
    let app = TestApp::new().await;
    let first = token(&app, "employee", PASSWORD).await.expect(200);
    let second = app.anonymous().post("/auth/refresh", refresh_body(&first)).await.expect(200);
    assert_ne!(first.json()["refresh_token"], second.json()["refresh_token"]);
    bearer(&app, &second).get("/auth/me").await.expect(200);

    app.anonymous().post("/auth/refresh", refresh_body(&first)).await.refused(401, "session_ended");
    bearer(&app, &second).get("/auth/me").await.refused(401, "session_ended");
    app.anonymous().post("/auth/refresh", refresh_body(&second)).await.refused(401, "session_ended");
    token(&app, "employee", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn a_browser_refreshes_with_its_cookies() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    browser.log_in("employee").await.expect(200);
    app.clock.set("2026-02-16T17:01:00Z".parse().unwrap());
    browser.get("/auth/me").await.refused(401, "session_ended");
    let answer = browser.post("/auth/refresh", json!({})).await.expect(200);
    assert_eq!(answer.json()["expires_at"], "2026-02-17T01:01:00.000Z");
    browser.get("/auth/me").await.expect(200);
    app.clock.set("2026-02-23T17:01:01Z".parse().unwrap());
    browser.post("/auth/refresh", json!({})).await.refused(401, "session_ended");
    app.anonymous().request("POST", "/auth/refresh").send().await.refused(401, "session_ended");
}

#[tokio::test]
async fn a_log_out_acts_at_the_next_request() {
    let app = TestApp::new().await;
    let pair = token(&app, "employee", PASSWORD).await;
    let (employee, other) = (bearer(&app, &pair), app.employee().await);
    let answer = employee.request("POST", "/auth/logout").send().await.expect(204);
    assert_eq!(answer.headers.get_all("set-cookie").iter().count(), 3);
    employee.get("/auth/me").await.refused(401, "session_ended");
    app.anonymous().post("/auth/refresh", refresh_body(&pair)).await.refused(401, "session_ended");
    other.get("/auth/me").await.expect(200);
}

#[tokio::test]
async fn made_up_tokens_are_refused() {
    let app = TestApp::new().await;
    for made_up in ["x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "kpi_pat_nothing"] {
        app.with_token(made_up).get("/auth/me").await.refused(401, "session_ended");
    }
    app.anonymous().get("/auth/me").await.refused(401, "not_logged_in");
    let basic = app.anonymous().request("GET", "/auth/me").header("authorization", "Basic YTpi");
    basic.send().await.refused(401, "not_logged_in");
    app.anonymous()
        .post("/auth/refresh", json!({ "refresh_token": "x" }))
        .await
        .refused(401, "session_ended");
}

#[tokio::test]
async fn people_change_their_own_name_with_the_version_they_saw() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    let changed =
        employee.patch("/auth/me", 1, json!({ "full_name": "Emil Neu", "locale": "de" })).await.expect(200);
    assert_eq!((changed.json()["full_name"].as_str(), changed.version()), (Some("Emil Neu"), 2));
    assert_eq!(changed.header("etag"), "\"2\"");
    employee.patch("/auth/me", 1, json!({ "locale": "en" })).await.refused(412, "stale_version");
    employee.request("PATCH", "/auth/me").json(json!({})).send().await.refused(428, "version_missing");
    employee.patch("/auth/me", 2, json!({ "locale": "xx" })).await.invalid("locale unknown_value");
    employee.patch("/auth/me", 2, json!({ "role": "admin" })).await.invalid("role unknown_field");
    assert_eq!(employee.get("/auth/me").await.json()["full_name"], "Emil Neu");
}

#[tokio::test]
async fn a_new_password_ends_the_other_sessions() {
    let app = TestApp::new().await;
    let (one, other) = (app.employee().await, app.employee().await);
    let change = |current: &str, new: &str| json!({ "current_password": current, "new_password": new });
    one.put("/auth/password", change("wrong", "violet-meadow-12"))
        .await
        .invalid("current_password wrong_password");
    one.put("/auth/password", change(PASSWORD, "short")).await.invalid("new_password too_short");
    one.put("/auth/password", change(PASSWORD, "password123"))
        .await
        .invalid("new_password password_too_common");
    one.put("/auth/password", change(PASSWORD, PASSWORD)).await.invalid("new_password same_password");
    one.put("/auth/password", change(PASSWORD, "violet-meadow-12")).await.expect(204);
    one.get("/auth/me").await.expect(200);
    other.get("/auth/me").await.refused(401, "session_ended");
    token(&app, "employee", PASSWORD).await.refused(401, "wrong_credentials");
    token(&app, "employee", "violet-meadow-12").await.expect(200);
}

#[tokio::test]
async fn a_temporary_password_opens_nothing_but_its_change() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let reset = admin.request("POST", &format!("/users/{EMPLOYEE}/reset-password")).send().await.expect(200);
    let temporary = reset.json()["temporary_password"].as_str().unwrap().to_owned();
    let pair = token(&app, "employee", &temporary).await.expect(200);
    let employee = bearer(&app, &pair);
    assert_eq!(employee.get("/auth/me").await.json()["must_change_password"], true);
    employee.get("/kpis").await.refused(403, "password_change_needed");
    let change = json!({ "current_password": temporary, "new_password": "violet-meadow-12" });
    employee.put("/auth/password", change).await.expect(204);
    employee.get("/kpis").await.expect(200);
}

/// The link that an administrator sees for somebody who forgot their password.
async fn asked_for_link(app: &TestApp, login: &str) -> Option<String> {
    app.anonymous().post("/auth/forgot-password", json!({ "login": login })).await.expect(202);
    let pending = app.admin().await.get("/users/password-resets").await.expect(200).items();
    pending.first().map(|reset| reset["link"].as_str().unwrap().to_owned())
}

fn reset_body(link: &str, password: &str) -> Value {
    let token = link.split_once("#token=").unwrap().1;
    json!({ "token": token, "new_password": password })
}

#[tokio::test]
async fn a_forgotten_password_is_replaced_with_a_link_that_works_once() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    let first = asked_for_link(&app, "employee").await.unwrap();
    let link = asked_for_link(&app, "employee@firma.example").await.unwrap();
    assert!(link.starts_with("https://kpi.example.com/reset-password#token="), "{link}");

    let reset = |link: &str, password: &str| {
        let (app, body) = (app.clone(), reset_body(link, password));
        async move { app.anonymous().post("/auth/reset-password", body).await }
    };
    reset(&first, "violet-meadow-12").await.invalid("token invalid_token");
    reset(&link, "short").await.invalid("new_password too_short");
    reset(&link, "violet-meadow-12").await.expect(204);
    reset(&link, "violet-meadow-13").await.invalid("token invalid_token");
    employee.get("/auth/me").await.refused(401, "session_ended");
    token(&app, "employee", "violet-meadow-12").await.expect(200);
    assert_eq!(app.admin().await.get("/users/password-resets").await.json()["total"], 0);
}

#[tokio::test]
async fn a_link_lives_ten_minutes() {
    let app = TestApp::new().await;
    let link = asked_for_link(&app, "employee").await.unwrap();
    app.clock.set("2026-02-16T09:10:00Z".parse().unwrap());
    let late = app.anonymous().post("/auth/reset-password", reset_body(&link, "violet-meadow-12")).await;
    late.invalid("token invalid_token");
}

#[tokio::test]
async fn asking_for_a_link_does_not_tell_who_is_known() {
    let app = TestApp::new().await;
    let known = app.anonymous().post("/auth/forgot-password", json!({ "login": "employee" })).await;
    let unknown = app.anonymous().post("/auth/forgot-password", json!({ "login": "nobody" })).await;
    assert_eq!(known.status, 202);
    assert_eq!(essence(&known), essence(&unknown));
    assert_eq!(app.admin().await.get("/users/password-resets").await.json()["total"], 1);
}

#[tokio::test]
async fn links_are_stored_sealed_and_not_shown_to_tokens() {
    let app = TestApp::new().await;
    let link = asked_for_link(&app, "employee").await.unwrap();
    let secret = link.split_once("#token=").unwrap().1;
    let rows = kpi::entity::password_reset::Entity::find().all(app.ctx.db.read()).await.unwrap();
    assert!(!format!("{rows:?}").contains(secret));

    let made = app
        .admin()
        .await
        .post("/auth/tokens", json!({ "name": "ci", "scope": "read", "expires_in_days": 1 }))
        .await;
    let script = app.with_token(made.json()["secret"].as_str().unwrap());
    assert_eq!(script.get("/users/password-resets").await.expect(200).column("link"), [json!("")]);
}

#[tokio::test]
async fn with_mail_the_link_leaves_through_the_outbox_sealed() {
    let app = TestApp::configured(&[
        ("SMTP_ENABLED", "true"),
        ("SMTP_HOST", "mail.example.com"),
        ("SMTP_FROM", "kpi@example.com"),
    ])
    .await;
    assert_eq!(asked_for_link(&app, "employee").await.unwrap(), "");
    let events = outbox::Entity::find().all(app.ctx.db.read()).await.unwrap();
    assert_eq!(
        (events.len(), events[0].event.as_str(), events[0].entity_id),
        (1, "user.password_reset", EMPLOYEE)
    );
    assert!(events[0].payload.contains("sealed_link") && !events[0].payload.contains("token="));
}

#[tokio::test]
async fn sessions_are_listed_and_ended_one_by_one() {
    let app = TestApp::new().await;
    let (one, other, stranger) = (app.employee().await, app.employee().await, app.outsider().await);
    let list = one.get("/auth/sessions").await.expect(200).items();
    assert_eq!(list.len(), 2);
    let second = list.iter().find(|session| session["is_current"] == false).unwrap()["id"].as_i64().unwrap();
    let path = format!("/auth/sessions/{second}");
    stranger.request("DELETE", &path).send().await.refused(404, "not_found");
    one.request("DELETE", &path).send().await.expect(204);
    one.request("DELETE", &path).send().await.refused(404, "not_found");
    other.get("/auth/me").await.refused(401, "session_ended");
    assert_eq!(one.get("/auth/sessions").await.items().len(), 1);
}

#[tokio::test]
async fn a_personal_token_does_what_its_scope_says_until_it_is_revoked() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    let make = |scope: &str| json!({ "name": "script", "scope": scope, "expires_in_days": 30 });
    let made = employee.post("/auth/tokens", make("read")).await.expect(201);
    let secret = made.json()["secret"].as_str().unwrap().to_owned();
    assert!(secret.starts_with("kpi_pat_"));
    let reader = app.with_token(secret);
    reader.get("/auth/me").await.expect(200);
    reader.patch("/auth/me", 1, json!({ "locale": "de" })).await.refused(403, "read_only_token");

    let writer = employee.post("/auth/tokens", make("write")).await.expect(201);
    let writer = app.with_token(writer.json()["secret"].as_str().unwrap());
    writer.patch("/auth/me", 1, json!({ "locale": "de" })).await.expect(200);
    writer.post("/auth/tokens", make("write")).await.refused(403, "not_allowed");

    let list = employee.get("/auth/tokens").await.expect(200);
    assert_eq!(list.column("scope"), ["write", "read"]);
    assert!(!list.text().contains("secret"));
    let path = format!("/auth/tokens/{}", made.id());
    app.outsider().await.request("DELETE", &path).send().await.refused(404, "not_found");
    employee.request("DELETE", &path).send().await.expect(204);
    reader.get("/auth/me").await.refused(401, "session_ended");
    app.clock.set("2026-03-18T09:00:00Z".parse().unwrap());
    writer.get("/auth/me").await.refused(401, "session_ended");
    employee
        .post("/auth/tokens", json!({ "name": " ", "scope": "read", "expires_in_days": 1 }))
        .await
        .invalid("name required");
}

#[tokio::test]
async fn a_repeated_request_for_a_token_gives_the_same_secret_which_is_kept_sealed() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    let body = json!({ "name": "script", "scope": "read", "expires_in_days": 30 });
    let make = || employee.request("POST", "/auth/tokens").key("once").json(body.clone()).send();
    let (first, again) = (make().await.expect(201), make().await.expect(201));
    assert_eq!(first.json(), again.json());
    let kept = kpi::entity::idempotency_key::Entity::find().one(app.ctx.db.read()).await.unwrap().unwrap();
    assert!(!kept.answer.contains(first.json()["secret"].as_str().unwrap()));
    assert_eq!(employee.get("/auth/tokens").await.items().len(), 1);
}

#[tokio::test]
async fn a_role_acts_at_the_next_request() {
    let app = TestApp::new().await;
    let (admin, employee) = (app.admin().await, app.employee().await);
    employee.get("/users").await.refused(403, "not_allowed");
    admin.patch(&format!("/users/{EMPLOYEE}"), 1, json!({ "role": "admin" })).await.expect(200);
    employee.get("/users").await.expect(200);
    employee.patch(&format!("/users/{ADMIN}"), 1, json!({ "role": "employee" })).await.expect(200);
    admin.get("/users").await.refused(403, "not_allowed");
}
