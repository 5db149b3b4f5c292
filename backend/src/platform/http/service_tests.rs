use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use kpi_api::{
    endpoint::Endpoint,
    error::Problem,
    id::{KpiId, Version},
};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::Notify;
use warp::Filter;

use super::*;
use crate::platform::{
    failure::Outcome,
    http::{Reply, body, finish, if_match, optional_body, query},
};

#[derive(Debug, Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct NewKpi {
    name: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filters {
    year: Option<i32>,
}

fn routes() -> Routes {
    let get = warp::path!("kpis" / KpiId).and(warp::get()).then(async |id: KpiId| match id.0 {
        7 => finish(Ok(Reply::Versioned(Version(3), json!({"id": 7})))),
        8 => finish::<()>(Err(anyhow::anyhow!("select secret from user").into())),
        9 => panic!("nine"),
        _ => finish::<()>(Err(Failure::not_found())),
    });
    let create = warp::path!("kpis").and(warp::post()).and(body()).then(async |new: Outcome<NewKpi>| {
        finish(new.map(|new| Reply::Created { at: "/kpis/1".into(), body: json!({"name": new.name}) }))
    });
    let list = warp::path!("kpis").and(warp::get()).and(query()).then(async |filters: Outcome<Filters>| {
        finish(filters.map(|filters| Reply::Ok(json!({"year": filters.year}))))
    });
    let submit =
        warp::path!("kpis" / KpiId / "submit").and(warp::post()).and(if_match()).and(optional_body()).then(
            async |_: KpiId, version: Outcome<Version>, new: Outcome<NewKpi>| {
                finish(version.and_then(|version| {
                    new.map(|new| Reply::Ok(json!({"version": version, "name": new.name})))
                }))
            },
        );
    let boom =
        warp::path!("kpis" / KpiId / "approve").and(warp::post()).then(async |_: KpiId| panic!("boom"));
    Routes::new()
        .endpoint(Endpoint::GetKpi, get.boxed())
        .endpoint(Endpoint::CreateKpi, create.boxed())
        .endpoint(Endpoint::ListKpis, list.boxed())
        .endpoint(Endpoint::SubmitKpi, submit.boxed())
        .endpoint(Endpoint::ApproveKpi, boom.boxed())
}

async fn send(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> HttpResponse<Bytes> {
    let mut request = Request::builder().method(method).uri(format!("/api/v1{path}"));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let request = request.body(Bytes::from(body.to_owned())).unwrap();
    service(routes(), ServerSettings::default()).call(request).await
}

fn problem_of(response: &HttpResponse<Bytes>) -> Problem {
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let problem: Problem = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(problem.status, response.status().as_u16());
    assert_eq!(problem.request_id, response.headers()["x-request-id"]);
    problem
}

const JSON: (&str, &str) = ("content-type", "application/json; charset=utf-8");

#[tokio::test]
async fn every_answer_carries_its_request_id_and_the_security_headers() {
    let response = send("GET", "/kpis/7", &[("x-request-id", "from-the-client")], "").await;
    assert_eq!(response.status(), 200);
    let header =
        |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default();
    assert_eq!(header("x-request-id"), "from-the-client");
    assert_eq!(header("etag"), "\"3\"");
    assert_eq!(header("cache-control"), "no-store");
    assert_eq!(header("x-content-type-options"), "nosniff");
    assert_eq!(header("referrer-policy"), "same-origin");
    assert_eq!(header("content-security-policy"), "default-src 'none'; frame-ancestors 'none'");
    assert_eq!(header("strict-transport-security"), "", "only on https");
    let settings = ServerSettings { is_https: true, ..ServerSettings::default() };
    let request = Request::builder().uri("/api/v1/kpis/7").body(Bytes::new()).unwrap();
    let response = service(routes(), settings).call(request).await;
    assert_eq!(response.headers()["strict-transport-security"], "max-age=31536000");
}

#[tokio::test]
async fn a_wrong_path_is_404_and_a_wrong_method_405() {
    for path in ["/nothing", "/kpis/x", "/kpis/5", "/kpis/7/", ""] {
        let response = send("GET", path, &[], "").await;
        assert_eq!(problem_of(&response).code, Code::NotFound, "{path}");
    }
    let response = send("DELETE", "/kpis/7", &[], "").await;
    assert_eq!(problem_of(&response).code, Code::MethodNotAllowed);
    assert_eq!(response.headers()["allow"], "GET");
    assert_eq!(send("GET", "/kpis/7/submit", &[], "").await.headers()["allow"], "POST");
}

#[tokio::test]
async fn a_joined_tree_is_closed_in_the_same_way() {
    let tree = warp::path!("kpis").and(warp::post()).map(|| finish(Ok(Reply::Ok(())))).boxed();
    let closed = crate::platform::http::close_api(tree, &[("POST", "/kpis")]);
    let service =
        service(warp::path("api").and(warp::path("v1")).and(closed).boxed(), ServerSettings::default());
    let call = async |method: &str, path: &str| {
        let request = Request::builder().method(method).uri(path).body(Bytes::new()).unwrap();
        service.call(request).await.status().as_u16()
    };
    assert_eq!(call("POST", "/api/v1/kpis").await, 200);
    assert_eq!(call("DELETE", "/api/v1/kpis").await, 405);
    assert_eq!(call("GET", "/api/v1/nothing").await, 404);
}

#[tokio::test]
async fn a_head_request_is_answered_like_a_get() {
    assert_eq!(send("HEAD", "/kpis/7", &[], "").await.status(), 200);
}

#[tokio::test]
async fn a_body_must_be_json_and_say_so() {
    let response = send("POST", "/kpis", &[JSON], r#"{"name":"a"}"#).await;
    assert_eq!(
        (response.status().as_u16(), &response.headers()["location"]),
        (201, &"/api/v1/kpis/1".parse().unwrap())
    );
    for headers in [&[][..], &[("content-type", "text/plain")], &[("content-type", "application/jsonx")]] {
        assert_eq!(
            problem_of(&send("POST", "/kpis", headers, r#"{"name":"a"}"#).await).code,
            Code::WrongType
        );
    }
    assert_eq!(problem_of(&send("POST", "/kpis", &[JSON], "{").await).code, Code::Malformed);
    let problem = problem_of(&send("POST", "/kpis", &[JSON], r#"{"name":"a","extra":1}"#).await);
    assert_eq!((problem.status, problem.errors[0].field.as_str()), (422, "extra"));
}

#[tokio::test]
async fn a_body_above_a_mebibyte_is_too_large() {
    let fits = format!(r#"{{"name":"{}"}}"#, "x".repeat(1024 * 1024 - 11));
    assert_eq!(fits.len(), 1024 * 1024);
    assert_eq!(send("POST", "/kpis", &[JSON], &fits).await.status(), 201);
    let above = format!("{fits} ");
    assert_eq!(problem_of(&send("POST", "/kpis", &[JSON], &above).await).code, Code::TooLarge);
    let declared = ("content-length", "99999999999");
    assert_eq!(problem_of(&send("POST", "/kpis", &[JSON, declared], "{}").await).code, Code::TooLarge);
}

#[tokio::test]
async fn an_optional_body_may_be_left_out_but_not_be_wrong() {
    let version = ("if-match", "\"4\"");
    let response = send("POST", "/kpis/7/submit", &[version], "").await;
    assert_eq!(serde_json::from_slice::<Value>(response.body()).unwrap(), json!({"version": 4, "name": ""}));
    let response = send("POST", "/kpis/7/submit", &[version, JSON], r#"{"name":"n"}"#).await;
    assert_eq!(serde_json::from_slice::<Value>(response.body()).unwrap()["name"], "n");
    assert_eq!(send("POST", "/kpis/7/submit", &[version], "{}").await.status(), 415);
    assert_eq!(problem_of(&send("POST", "/kpis/7/submit", &[], "").await).code, Code::VersionMissing);
}

#[tokio::test]
async fn a_query_is_read_strictly() {
    assert_eq!(send("GET", "/kpis?year=2026", &[], "").await.status(), 200);
    assert_eq!(send("GET", "/kpis", &[], "").await.status(), 200);
    assert_eq!(problem_of(&send("GET", "/kpis?year=1&year=2", &[], "").await).code, Code::DoubledQueryKey);
    let problem = problem_of(&send("GET", "/kpis?jahr=1", &[], "").await);
    assert_eq!((problem.code, problem.errors[0].field.as_str()), (Code::Malformed, "jahr"));
}

#[tokio::test]
async fn neither_a_cause_nor_a_panic_reaches_the_caller() {
    for (method, path) in [("GET", "/kpis/8"), ("GET", "/kpis/9"), ("POST", "/kpis/7/approve")] {
        let response = send(method, path, &[], "").await;
        assert_eq!(problem_of(&response).code, Code::Internal, "{path}");
        let text = String::from_utf8_lossy(response.body());
        assert!(!text.contains("secret") && !text.contains("nine") && !text.contains("boom"), "{text}");
    }
}

#[tokio::test]
async fn a_client_that_hangs_up_does_not_end_a_write() {
    static DONE: AtomicUsize = AtomicUsize::new(0);
    let (entered, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let route = {
        let (entered, go) = (entered.clone(), go.clone());
        warp::path!("kpis").and(warp::post()).then(move || {
            let (entered, go) = (entered.clone(), go.clone());
            async move {
                entered.notify_one();
                go.notified().await;
                DONE.fetch_add(1, SeqCst);
                finish(Ok(Reply::Ok(())))
            }
        })
    };
    let service =
        service(Routes::new().endpoint(Endpoint::CreateKpi, route.boxed()), ServerSettings::default());
    let request = Request::builder().method("POST").uri("/api/v1/kpis").body(Bytes::new()).unwrap();
    let client = tokio::spawn({
        let service = service.clone();
        async move { service.call(request).await }
    });
    entered.notified().await;
    client.abort();
    assert!(client.await.unwrap_err().is_cancelled());
    assert_eq!(DONE.load(SeqCst), 0);
    go.notify_one();
    service.writes_done().await;
    assert_eq!(DONE.load(SeqCst), 1);
}

#[tokio::test]
async fn health_follows_the_lifecycle() {
    let settings = ServerSettings::default();
    let lifecycle = settings.lifecycle.clone();
    let service = service(routes(), settings);
    let health = async || {
        let response = service.call(Request::builder().uri("/health").body(Bytes::new()).unwrap()).await;
        (response.status().as_u16(), String::from_utf8_lossy(response.body()).into_owned())
    };
    assert_eq!(health().await.0, 503);
    lifecycle.ready();
    assert_eq!(health().await, (200, r#"{"status":"ok"}"#.into()));
    lifecycle.stop();
    assert_eq!(health().await.0, 503);
}

#[tokio::test]
async fn requests_are_counted_by_their_template() {
    let service = service(routes(), ServerSettings::default());
    let get = async |path: &str| service.call(Request::builder().uri(path).body(Bytes::new()).unwrap()).await;
    get("/api/v1/kpis/7").await;
    get("/api/v1/kpis/5").await;
    get("/api/v1/made/up").await;
    let text = String::from_utf8(get("/metrics").await.body().to_vec()).unwrap();
    for line in [
        "kpi_http_requests_total{method=\"GET\",endpoint=\"/api/v1/kpis/{id}\",status=\"200\"} 1",
        "kpi_http_requests_total{method=\"GET\",endpoint=\"/api/v1/kpis/{id}\",status=\"404\"} 1",
        "kpi_http_requests_total{method=\"any\",endpoint=\"unknown\",status=\"404\"} 1",
    ] {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(!text.contains("made/up"));
}

#[tokio::test]
async fn other_origins_are_let_in_by_name_only() {
    let origins = vec!["https://bi.example.com".to_owned()];
    let settings = ServerSettings { cors_origins: origins, ..ServerSettings::default() };
    let service = service(routes(), settings);
    let call = async |method: &str, origin: &str| {
        let request = Request::builder()
            .method(method)
            .uri("/api/v1/kpis/7")
            .header("origin", origin)
            .header("access-control-request-method", "PATCH");
        service.call(request.body(Bytes::new()).unwrap()).await
    };
    for method in ["OPTIONS", "GET"] {
        let response = call(method, "https://bi.example.com").await;
        assert!(response.status().is_success(), "{method}");
        assert_eq!(response.headers()["access-control-allow-origin"], "https://bi.example.com");
        assert!(!response.headers().contains_key("access-control-allow-credentials"));
        let other = call(method, "https://evil.example.com").await;
        assert!(!other.headers().contains_key("access-control-allow-origin"));
    }
    assert_eq!(call("OPTIONS", "https://evil.example.com").await.status(), 405);
}

#[test]
fn endpoints_without_a_route_are_named() {
    let missing = routes().missing();
    assert!(!missing.contains(&Endpoint::GetKpi));
    assert_eq!(missing.len(), Endpoint::ALL.len() - 5);
}
