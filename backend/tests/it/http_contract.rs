//! What holds for every request, whatever it is about.

use serde_json::json;
use warp::http;

use crate::support::{Response, TestApp};

#[tokio::test]
async fn query_parameters_are_read_strictly() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    admin.get("/users?page=1&page=2").await.refused(400, "doubled_query_key");
    admin.get("/users?pgae=1").await.refused(400, "malformed");
    admin.get("/users?page=one").await.refused(400, "malformed");
    admin.get("/kpis?year=2026&year=2026").await.refused(400, "doubled_query_key");
    admin.get("/templates?department_id=1.5").await.refused(400, "malformed");
}

#[tokio::test]
async fn a_body_says_that_it_is_json_and_is() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let post = |body: &'static str| admin.request("POST", "/departments").raw(body);
    post(r#"{"name":"A"}"#).send().await.refused(415, "wrong_type");
    post(r#"{"name":"A"}"#).header("content-type", "text/plain").send().await.refused(415, "wrong_type");
    let typed =
        |body: &'static str| post(body).header("content-type", "application/json; charset=utf-8").send();
    typed(r#"{"name":"A"}"#).await.expect(201);
    for broken in ["", "{", "{\"name\": NaN}", "{\"name\":\"A\"} x", "\u{0}"] {
        typed(broken).await.refused(400, "malformed");
    }
    typed(r#"{"name":"A","colour":"red"}"#).await.invalid("colour unknown_field");
    typed(r#"{"name":["A"]}"#).await.invalid("name wrong_type");
    typed(r#"{"name":"A","parent_id":9223372036854775808}"#).await.invalid("parent_id out_of_range");
    typed(r#"[]"#).await.invalid("body invalid");
    typed(r#"["A", null, null]"#).await.invalid("body wrong_type");
    typed(r#"null"#).await.invalid("body wrong_type");
    typed(r#"{"name":"A","name":"B"}"#).await.invalid("name duplicate_field");
}

#[tokio::test]
async fn a_megabyte_is_refused_politely() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let almost = json!({ "name": "x".repeat(1024 * 1024 - 100) });
    admin.post("/departments", almost).await.invalid("name too_long");
    let more = json!({ "name": "x".repeat(1024 * 1024) });
    admin.post("/departments", more).await.refused(413, "too_large");
}

#[tokio::test]
async fn every_answer_carries_a_request_id_and_a_harmless_one_is_taken_over() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    let with = |id: &'static str| employee.request("GET", "/auth/me").header("x-request-id", id).send();
    assert_eq!(with("my-request-0001").await.header("x-request-id"), "my-request-0001");
    let long = with("x; rm -rf").await;
    assert_eq!(long.header("x-request-id").len(), 32);
    let refused = app.anonymous().get("/auth/me").await;
    assert_eq!(refused.json()["request_id"], refused.header("x-request-id"));
}

#[tokio::test]
async fn unknown_paths_and_methods_are_told_apart() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    for path in
        ["/nothing", "/kpis/", "/kpis/x", "/kpis/1/2/3", "/users/9223372036854775808", "/kpis/%2e%2e/users"]
    {
        admin.get(path).await.refused(404, "not_found");
        app.anonymous().get("/nothing").await.refused(404, "not_found");
    }
    let wrong = admin.request("DELETE", "/users").send().await;
    wrong.refused(405, "method_not_allowed");
    assert_eq!(wrong.header("allow"), "GET, POST");
    app.anonymous().request("PUT", "/kpis/stats").send().await.refused(405, "method_not_allowed");
}

#[tokio::test]
async fn who_may_not_know_learns_nothing_from_a_bad_body() {
    let app = TestApp::new().await;
    app.anonymous().post("/users", json!({ "nonsense": 1 })).await.refused(401, "not_logged_in");
    app.employee().await.post("/users", json!({ "nonsense": 1 })).await.refused(403, "not_allowed");
}

#[tokio::test]
async fn data_is_never_cached_sniffed_or_framed() {
    let app = TestApp::new().await;
    let answer = app.employee().await.get("/auth/me").await.expect(200);
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(answer.header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test]
async fn health_numbers_and_pages_stand_outside_the_api() {
    let app = TestApp::new().await;
    let get = async |path: &str| -> Response {
        let request =
            http::Request::builder().uri(path).header("accept", "text/html").body(bytes::Bytes::new());
        app.send(request.unwrap()).await
    };
    assert_eq!(get("/health").await.expect(200).json(), json!({ "status": "ok" }));
    assert!(get("/metrics").await.expect(200).text().contains("# TYPE"));
    assert!(get("/kpis/17").await.expect(200).header("content-type").starts_with("text/html"));
    assert!(get("/docs").await.expect(200).text().contains("swagger"));
    assert!(get("/redoc").await.expect(200).text().contains("redoc"));
    get("/api/v2/kpis").await.refused(404, "not_found");
}

#[tokio::test]
async fn a_repeated_key_gives_the_same_answer_and_another_body_is_refused() {
    let app = TestApp::new().await;
    let admin = app.admin().await;
    let post =
        |name: &str| admin.request("POST", "/departments").key("key-1").json(json!({ "name": name })).send();
    let (first, again) = (post("A").await.expect(201), post("A").await.expect(201));
    assert_eq!(first.json(), again.json());
    assert_eq!(first.header("location"), again.header("location"));
    post("B").await.refused(409, "idempotency_mismatch");
    let elsewhere = admin.request("POST", "/templates").key("key-1").json(json!({ "name": "A" }));
    elsewhere.send().await.refused(409, "idempotency_mismatch");
    app.clock.set("2026-02-17T09:00:01Z".parse().unwrap());
    assert_ne!(post("A").await.expect(201).id(), first.id());
    let long = admin.request("POST", "/departments").key(&"k".repeat(129)).json(json!({ "name": "A" }));
    long.send().await.refused(400, "malformed");
}
