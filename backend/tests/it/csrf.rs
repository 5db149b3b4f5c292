//! Requests that a cookie vouches for have to come from our own pages.

use serde_json::json;

use crate::support::{PUBLIC_URL, TestApp, company::PASSWORD};

#[tokio::test]
async fn a_change_by_cookie_needs_the_token_that_only_our_pages_can_read() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    browser.log_in("employee").await.expect(200);
    let csrf = browser.cookies["kpi_csrf"].clone();
    let body = json!({ "name": "script", "scope": "read", "expires_in_days": 1 });
    let own = PUBLIC_URL;
    let rows: [(&[(&str, &str)], u16); 9] = [
        (&[], 403),
        (&[("x-csrf-token", "")], 403),
        (&[("x-csrf-token", "made-up")], 403),
        (&[("x-csrf-token", &csrf)], 201),
        (&[("x-csrf-token", &csrf), ("origin", own), ("sec-fetch-site", "same-origin")], 201),
        (&[("x-csrf-token", &csrf), ("origin", "https://evil.example")], 403),
        (&[("x-csrf-token", &csrf), ("origin", "null")], 403),
        (&[("x-csrf-token", &csrf), ("sec-fetch-site", "cross-site")], 403),
        (&[("x-csrf-token", &csrf), ("sec-fetch-site", "same-site")], 403),
    ];
    for (headers, expected) in rows {
        let mut request = browser.request("POST", "/auth/tokens").json(body.clone());
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        let answer = request.send().await;
        assert_eq!(answer.status, expected, "{headers:?}: {}", answer.text());
        if expected == 403 {
            answer.refused(403, "csrf_failed");
        }
    }
    browser.get("/auth/me").await.expect(200);
}

#[tokio::test]
async fn a_cookie_without_its_twin_vouches_for_nothing() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    browser.log_in("employee").await.expect(200);
    let csrf = browser.cookies.remove("kpi_csrf").unwrap();
    let request = browser.request("POST", "/auth/logout").header("x-csrf-token", csrf);
    request.send().await.refused(403, "csrf_failed");
    browser.cookies.insert("kpi_csrf".into(), String::new());
    let request = browser.request("POST", "/auth/logout").header("x-csrf-token", "");
    request.send().await.refused(403, "csrf_failed");
}

#[tokio::test]
async fn refreshing_by_cookie_needs_the_token_too() {
    let app = TestApp::new().await;
    let mut browser = app.browser();
    browser.log_in("employee").await.expect(200);
    browser.request("POST", "/auth/refresh").send().await.refused(403, "csrf_failed");
    browser.post("/auth/refresh", json!({})).await.expect(200);
}

#[tokio::test]
async fn a_foreign_page_cannot_log_a_browser_in() {
    let app = TestApp::configured(&[("CORS_ORIGINS", "https://intranet.example.com")]).await;
    let log_in = |origin: &'static str, host: &'static str| {
        let body = json!({ "login": "employee", "password": PASSWORD });
        app.anonymous()
            .request("POST", "/auth/login")
            .header("origin", origin)
            .header("host", host)
            .json(body)
            .send()
    };
    log_in("https://evil.example", "kpi.example.com").await.refused(403, "csrf_failed");
    log_in("https://kpi.example.com.evil.example", "kpi.example.com").await.refused(403, "csrf_failed");
    log_in("https://kpi.example.com", "proxy.internal").await.expect(200);
    log_in("http://localhost:8000", "localhost:8000").await.expect(200);
    log_in("https://intranet.example.com", "kpi.example.com").await.expect(200);
}

#[tokio::test]
async fn a_bearer_token_needs_no_proof_of_origin() {
    let app = TestApp::new().await;
    let employee = app.employee().await;
    let request = employee.request("POST", "/auth/logout").header("sec-fetch-site", "cross-site");
    request.send().await.expect(204);
}
