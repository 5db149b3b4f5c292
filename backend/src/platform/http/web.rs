//! The web app, out of the binary. Everything is looked up by name in a table made at the start: nothing on the disk
//! can be reached, and a page's own inline scripts are known by their hashes.

use std::{
    borrow::Cow,
    collections::HashMap,
    sync::{Arc, OnceLock},
};

use bytes::Bytes;
use kpi_api::error::Code;
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};
use warp::{
    Filter,
    filters::path::FullPath,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    reply::Response,
};

use super::{
    Route, api_docs,
    headers::{VIEWER_POLICY, inline_script_hashes, page_policy},
    reply::{empty, problem},
    routing::not_found,
};
use crate::platform::failure::Failure;

/// Names that hold a hash of their content never change it.
const FOREVER: HeaderValue = HeaderValue::from_static("public, max-age=31536000, immutable");
const ASK_AGAIN: HeaderValue = HeaderValue::from_static("no-cache");
const INDEX: &str = "index.html";
/// The first page of the administrators' program, which shows every address below [`ADMINISTRATION`].
const ADMIN_INDEX: &str = "admin.html";
const ADMINISTRATION: &str = "admin/";

/// The folder of a page of its own, with a policy of its own; the app knows no address in there.
const VIEWER: &str = "viewer/";

/// Fewest hexadecimal digits that the build puts into a name as a hash.
const HASH_DIGITS: usize = 14;

#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

/// The files of the web app.
pub struct Assets {
    files: HashMap<String, File>,
    page_policy: HeaderValue,
}

struct File {
    plain: Body,
    gzip: Option<Body>,
    brotli: Option<Body>,
    content_type: HeaderValue,
    cache: HeaderValue,
}

struct Body {
    bytes: Bytes,
    tag: OnceLock<HeaderValue>,
}

impl Assets {
    /// Those that were built into the binary; in debug builds those in `dist` at this moment.
    pub fn embedded() -> Self {
        Self::from_files(Dist::iter().filter_map(|name| {
            let file = Dist::get(&name)?;
            Some((name.into_owned(), file.data))
        }))
    }

    /// `name.br` and `name.gz` beside `name` are sent to whom they suit, and not by their own names.
    pub fn from_files(files: impl IntoIterator<Item = (String, Cow<'static, [u8]>)>) -> Self {
        let mut bodies: HashMap<String, Body> = files
            .into_iter()
            .map(|(name, data)| {
                let bytes = match data {
                    Cow::Borrowed(data) => Bytes::from_static(data),
                    Cow::Owned(data) => Bytes::from(data),
                };
                (name, Body::new(bytes))
            })
            .collect();
        let names: Vec<String> = bodies
            .keys()
            .filter(|name| {
                let original = name.strip_suffix(".br").or_else(|| name.strip_suffix(".gz"));
                !original.is_some_and(|original| bodies.contains_key(original))
            })
            .cloned()
            .collect();
        let mut scripts: Vec<String> = [INDEX, ADMIN_INDEX]
            .iter()
            .filter_map(|page| bodies.get(*page))
            .flat_map(|body| inline_script_hashes(&String::from_utf8_lossy(&body.bytes)))
            .collect();
        scripts.sort_unstable();
        scripts.dedup();
        let files = names
            .into_iter()
            .filter_map(|name| {
                let brotli = bodies.remove(&format!("{name}.br"));
                let gzip = bodies.remove(&format!("{name}.gz"));
                let plain = bodies.remove(&name)?;
                let kind = mime_guess::from_path(&name).first_or_octet_stream();
                let is_text = kind.type_() == mime_guess::mime::TEXT;
                let kind = if is_text { format!("{kind}; charset=utf-8") } else { kind.to_string() };
                let cache = if is_hashed(&name) { FOREVER } else { ASK_AGAIN };
                let content_type = HeaderValue::try_from(kind).ok()?;
                Some((name, File { plain, gzip, brotli, content_type, cache }))
            })
            .collect();
        Self { files, page_policy: page_policy(&scripts) }
    }

    /// The content security policy that the pages need; nothing is inline but what was built in.
    pub fn page_policy(&self) -> HeaderValue {
        self.page_policy.clone()
    }

    /// Whether there is a web app at all.
    pub fn is_empty(&self) -> bool {
        !self.files.contains_key(INDEX)
    }

    fn answer(&self, path: &str, headers: &HeaderMap) -> Response {
        let name = path.trim_start_matches('/');
        if name.starts_with(VIEWER) {
            return self.viewer(name, headers);
        }
        if let Some(file) = self.files.get(name) {
            return file.answer(headers);
        }
        // An address inside the app: the app itself knows what to show there.
        let wants_page = name.is_empty() || accepts(headers, &header::ACCEPT, "text/html");
        let index = if name.starts_with(ADMINISTRATION) { ADMIN_INDEX } else { INDEX };
        match self.files.get(index) {
            Some(index) if wants_page => index.answer(headers),
            Some(_) => not_found(),
            None => problem(&Failure::new(Code::NotFound, "This server was built without the web app.")),
        }
    }
}

impl Assets {
    fn viewer(&self, name: &str, headers: &HeaderMap) -> Response {
        let name = if name == VIEWER { format!("{VIEWER}{INDEX}") } else { name.to_owned() };
        let Some(file) = self.files.get(&name) else { return not_found() };
        let mut response = file.answer(headers);
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, VIEWER_POLICY);
        response
    }
}

impl Body {
    fn new(bytes: Bytes) -> Self {
        Self { bytes, tag: OnceLock::new() }
    }

    /// Computed when the file is first asked for: reading all of them at the start would bring the whole binary into
    /// memory.
    fn tag(&self) -> &HeaderValue {
        self.tag.get_or_init(|| {
            let hash = hex::encode(&Sha256::digest(&self.bytes)[..12]);
            HeaderValue::try_from(format!("\"{hash}\"")).unwrap_or(HeaderValue::from_static("\"\""))
        })
    }
}

impl File {
    fn answer(&self, headers: &HeaderMap) -> Response {
        let suits = |name: &str| accepts(headers, &header::ACCEPT_ENCODING, name);
        let (body, encoding) = match (&self.brotli, &self.gzip) {
            (Some(body), _) if suits("br") => (body, Some("br")),
            (_, Some(body)) if suits("gzip") => (body, Some("gzip")),
            _ => (&self.plain, None),
        };
        let is_known = headers.get(header::IF_NONE_MATCH).is_some_and(|known| {
            known.as_bytes().windows(body.tag().len()).any(|part| part == body.tag().as_bytes())
        });
        let mut response = if is_known {
            empty(StatusCode::NOT_MODIFIED)
        } else {
            let mut response = Response::new(body.bytes.clone().into());
            response.headers_mut().insert(header::CONTENT_TYPE, self.content_type.clone());
            response
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, body.tag().clone());
        headers.insert(header::CACHE_CONTROL, self.cache.clone());
        if self.brotli.is_some() || self.gzip.is_some() {
            headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        }
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        response
    }
}

/// Whether a list such as `gzip, br;q=0` names `wanted` without refusing it.
fn accepts(headers: &HeaderMap, name: &header::HeaderName, wanted: &str) -> bool {
    headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).flat_map(|line| line.split(',')).any(
        |item| {
            let mut parts = item.split(';').map(str::trim);
            parts.next().is_some_and(|token| token.eq_ignore_ascii_case(wanted))
                && !parts.any(|part| {
                    part.strip_prefix("q=").is_some_and(|q| q.parse().is_ok_and(|q: f32| q == 0.0))
                })
        },
    )
}

/// `app-0123456789abcdef_bg.wasm`, as the build names what it hashed.
fn is_hashed(name: &str) -> bool {
    let file = name.rsplit('/').next().unwrap_or(name);
    let stem = file.split('.').next().unwrap_or(file);
    let stem = stem.strip_suffix("_bg").unwrap_or(stem);
    stem.rsplit_once('-').is_some_and(|(_, hash)| {
        hash.len() >= HASH_DIGITS && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
    })
}

/// Everything outside the API: the web app, and the pages that explain the API.
pub fn pages(assets: Arc<Assets>) -> Route {
    let app = warp::get()
        .and(warp::path::full())
        .and(warp::header::headers_cloned())
        .map(move |path: FullPath, headers: HeaderMap| assets.answer(path.as_str(), &headers));
    api_docs::routes().or(app).unify().boxed()
}

#[cfg(test)]
mod tests {
    use warp::http::{Request, Response as HttpResponse};

    use super::{
        super::{Routes, ServerSettings, service},
        *,
    };

    const ADMIN_PAGE: &str = "<html><script type=\"module\">start()</script></html>";
    const PAGE: &str = "<html><script type=\"module\">init()</script></html>";

    async fn get(path: &str, headers: &[(&str, &str)]) -> HttpResponse<Bytes> {
        let files = [
            ("index.html", PAGE),
            ("admin.html", ADMIN_PAGE),
            ("app-0123456789abcdef.js", "plain"),
            ("app-0123456789abcdef.js.br", "brotli"),
            ("app-0123456789abcdef.js.gz", "gzip"),
            ("logo.svg", "<svg/>"),
            ("viewer/index.html", "<html>viewer</html>"),
            ("viewer/viewer.js", "show()"),
        ];
        let assets =
            Assets::from_files(files.map(|(name, text)| (name.to_owned(), Cow::Borrowed(text.as_bytes()))));
        let settings = ServerSettings { page_policy: assets.page_policy(), ..ServerSettings::default() };
        let service = service(Routes::new().rest(pages(Arc::new(assets))), settings);
        let mut request = Request::builder().uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        service.call(request.body(Bytes::new()).unwrap()).await
    }

    fn header<'a>(response: &'a HttpResponse<Bytes>, name: &str) -> &'a str {
        response.headers().get(name).map(|value| value.to_str().unwrap()).unwrap_or_default()
    }

    #[tokio::test]
    async fn an_address_inside_the_app_gets_the_page() {
        for (path, accept) in
            [("/", "*/*"), ("/kpis/7", "text/html,application/xhtml+xml"), ("/index.html", "*/*")]
        {
            let response = get(path, &[("accept", accept)]).await;
            assert_eq!(response.status(), 200, "{path}");
            assert_eq!(response.body(), PAGE);
            assert_eq!(header(&response, "cache-control"), "no-cache");
            assert_eq!(header(&response, "content-type"), "text/html; charset=utf-8");
            // printf 'init()' | openssl dgst -sha256 -binary | base64
            let policy = header(&response, "content-security-policy");
            assert!(policy.contains("'sha256-w4ujnOpjBoH2vcasx+reJRUwYivG8Q3afx/XevGJod8='"), "{policy}");
        }
    }

    #[tokio::test]
    async fn administration_has_a_page_of_its_own() {
        for path in ["/admin/people", "/admin/rules/7", "/admin/nowhere", "/admin.html"] {
            let response = get(path, &[("accept", "text/html")]).await;
            assert_eq!(
                (response.status().as_u16(), response.body().as_ref()),
                (200, ADMIN_PAGE.as_bytes()),
                "{path}"
            );
            assert_eq!(header(&response, "cache-control"), "no-cache");
            // printf 'start()' | openssl dgst -sha256 -binary | base64
            let policy = header(&response, "content-security-policy");
            assert!(policy.contains("'sha256-DIm7WJS6ZKDYe5qFLPy+h4JFI9Bol5QmYC57mt3Fb00='"), "{policy}");
        }
        for path in ["/admin", "/administration", "/kpis/admin/"] {
            assert_eq!(get(path, &[("accept", "text/html")]).await.body(), PAGE, "{path}");
        }
        assert_eq!(get("/admin/missing.js", &[]).await.status(), 404);
    }

    #[tokio::test]
    async fn what_is_not_there_is_a_problem_and_not_the_page() {
        for path in ["/missing.js", "/api/v1/nothing", "/api", "/apix/../api/v1"] {
            let response = get(path, &[]).await;
            assert_eq!(response.status(), 404, "{path}");
            assert_eq!(header(&response, "content-type"), "application/problem+json", "{path}");
        }
        let response = get("/api/v1/nothing", &[("accept", "text/html")]).await;
        assert_eq!(response.status(), 404);
    }

    #[tokio::test]
    async fn the_viewer_is_a_page_of_its_own_under_a_stricter_policy() {
        for (path, body) in [
            ("/viewer/?evidence=7", "<html>viewer</html>"),
            ("/viewer/index.html", "<html>viewer</html>"),
            ("/viewer/viewer.js", "show()"),
        ] {
            let response = get(path, &[("accept", "text/html")]).await;
            assert_eq!(
                (response.status().as_u16(), response.body().as_ref()),
                (200, body.as_bytes()),
                "{path}"
            );
            let policy = header(&response, "content-security-policy");
            assert!(
                policy.starts_with("default-src 'none'; script-src 'self'; style-src 'self';"),
                "{policy}"
            );
            assert!(!policy.contains("unsafe") && !policy.contains("sha256"), "{policy}");
        }
        assert_eq!(get("/viewer/missing.js", &[("accept", "text/html")]).await.status(), 404);
    }

    #[tokio::test]
    async fn hashed_files_are_kept_and_sent_compressed() {
        let path = "/app-0123456789abcdef.js";
        let rows =
            [("gzip, deflate, br", "br", "brotli"), ("gzip, br;q=0", "gzip", "gzip"), ("", "", "plain")];
        for (accepted, encoding, body) in rows {
            let response = get(path, &[("accept-encoding", accepted)]).await;
            assert_eq!(header(&response, "content-encoding"), encoding);
            assert_eq!(response.body(), body);
            assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
            let tag = header(&response, "etag").to_owned();
            let again = get(path, &[("accept-encoding", accepted), ("if-none-match", &tag)]).await;
            assert_eq!((again.status().as_u16(), again.body().len()), (304, 0));
        }
        assert_eq!(get("/app-0123456789abcdef.js.br", &[]).await.status(), 404);
    }

    #[test]
    fn only_hashed_names_are_kept_for_ever() {
        for name in ["kpi-0123456789abcdef_bg.wasm", "a/style-0123456789abcd.css"] {
            assert!(is_hashed(name), "{name}");
        }
        for name in ["index.html", "vendor/redoc/redoc.standalone.js", "deadbeef.js", "x-facade.js"] {
            assert!(!is_hashed(name), "{name}");
        }
    }
}
