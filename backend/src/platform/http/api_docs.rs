//! The pages that explain the API: Swagger UI at `/docs`, ReDoc at `/redoc`. Neither has an inline script.

use std::sync::Arc;

use bytes::Bytes;
use utoipa_swagger_ui::Config;
use warp::{
    Filter,
    http::{HeaderValue, header},
    path::Tail,
    reply::Response,
};

use super::{Route, reply::BASE};

/// Both draw with inline styles, so their pages allow those, and nothing else beyond the web app's policy.
const POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; form-action 'self'; \
     frame-ancestors 'none'",
);

const REDOC_PAGE: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>API reference</title>
</head>
<body>
<div id="redoc"></div>
<script src="/vendor/redoc/redoc.standalone.js"></script>
<script src="/redoc/start.js"></script>
</body>
</html>
"#;

/// The search of ReDoc runs in a worker of its own making.
const REDOC_START: &str = r#"const fonts = "system-ui, sans-serif";
Redoc.init(
  "/api/v1/openapi.json",
  { hideDownloadButton: false, theme: { typography: { fontFamily: fonts, headings: { fontFamily: fonts } } } },
  document.getElementById("redoc"),
);
"#;

pub fn routes() -> Route {
    let config = Arc::new(Config::new([format!("{BASE}/openapi.json")]).validator_url("none"));
    let docs = warp::path("docs").and(warp::path::tail()).and_then(move |tail: Tail| {
        let found = swagger(tail.as_str(), config.clone());
        async move { found.ok_or_else(warp::reject::not_found) }
    });
    let redoc = warp::path!("redoc").map(|| page("text/html; charset=utf-8", REDOC_PAGE.into()));
    let start = warp::path!("redoc" / "start.js").map(|| page("text/javascript", REDOC_START.into()));
    warp::get().and(docs.or(redoc).unify().or(start).unify()).map(|response: Response| response).boxed()
}

fn swagger(name: &str, config: Arc<Config<'static>>) -> Option<Response> {
    let file = utoipa_swagger_ui::serve(name, config).ok()??;
    if !matches!(name, "" | "index.html") {
        return Some(page(&file.content_type, Bytes::from(file.bytes.into_owned())));
    }
    // Served without a slash at the end, the page has to name its files from the root.
    let text = String::from_utf8_lossy(&file.bytes)
        .replace("\"./", "\"/docs/")
        .replace("\"index.css\"", "\"/docs/index.css\"")
        .replace("<title>Swagger UI</title>", "<title>API explorer</title>");
    Some(page("text/html; charset=utf-8", text.into()))
}

fn page(content_type: &str, body: Bytes) -> Response {
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    match HeaderValue::try_from(content_type) {
        Ok(value) => headers.insert(header::CONTENT_TYPE, value),
        Err(_) => None,
    };
    headers.insert(header::CONTENT_SECURITY_POLICY, POLICY);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

#[cfg(test)]
mod tests {
    use warp::http::Request;

    use super::{
        super::{Routes, ServerSettings, headers::inline_script_hashes, service},
        *,
    };

    #[tokio::test]
    async fn the_pages_name_only_files_that_exist() {
        let service = service(Routes::new().rest(routes()), ServerSettings::default());
        let get =
            async |path: &str| service.call(Request::builder().uri(path).body(Bytes::new()).unwrap()).await;
        for path in ["/docs", "/docs/", "/redoc"] {
            let response = get(path).await;
            assert_eq!(response.status(), 200, "{path}");
            assert_eq!(response.headers()["content-security-policy"], POLICY);
            let text = String::from_utf8(response.body().to_vec()).unwrap();
            assert!(inline_script_hashes(&text).is_empty(), "{path}");
            for name in
                text.split('"').filter(|part| part.starts_with("/docs/") || part.starts_with("/redoc/"))
            {
                assert_eq!(get(name).await.status(), 200, "{name}");
            }
        }
        let start = get("/docs/swagger-initializer.js").await;
        assert!(String::from_utf8_lossy(start.body()).contains("/api/v1/openapi.json"));
        assert_eq!(get("/docs/nothing.js").await.status(), 404);
    }
}
