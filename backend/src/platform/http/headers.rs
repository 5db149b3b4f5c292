//! Headers that tell browsers what our answers may do.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};
use warp::http::{HeaderMap, HeaderName, HeaderValue, header};

const REFERRER_POLICY: HeaderValue = HeaderValue::from_static("same-origin");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const ONE_YEAR: HeaderValue = HeaderValue::from_static("max-age=31536000");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const NO_FEATURES: HeaderValue =
    HeaderValue::from_static("camera=(), microphone=(), geolocation=(), payment=(), usb=()");
const PERMISSIONS_POLICY: HeaderName = HeaderName::from_static("permissions-policy");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// For data: nothing in it is ever to be run or shown by itself.
pub const DATA_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

/// For files that people have put in: even opened by itself, nothing in it runs, loads or knows this site.
pub const SANDBOX_POLICY: HeaderValue =
    HeaderValue::from_static("sandbox; default-src 'none'; frame-ancestors 'none'");

/// For the page that shows PDF files: its own scripts and worker, and nothing inline or compiled at run time.
pub const VIEWER_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; \
     connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// The policy of the web app; `scripts` are the hashes of its page's own inline scripts.
pub fn page_policy(scripts: &[String]) -> HeaderValue {
    let mut script_src = "'self' 'wasm-unsafe-eval'".to_owned();
    for hash in scripts {
        script_src.push(' ');
        script_src.push_str(hash);
    }
    let policy = format!(
        "default-src 'none'; script-src {script_src}; style-src 'self'; img-src 'self' blob: data:; font-src 'self'; \
         connect-src 'self'; worker-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(DATA_POLICY)
}

/// The CSP source expressions (`'sha256-...'`) of the inline scripts of a page.
pub fn inline_script_hashes(page: &str) -> Vec<String> {
    let mut hashes = Vec::new();
    let mut rest = page;
    while let Some(start) = rest.find("<script") {
        rest = &rest[start + "<script".len()..];
        let Some((attributes, after)) = rest.split_once('>') else { break };
        let Some((content, after)) = after.split_once("</script>") else { break };
        let is_external = attributes.split_whitespace().any(|word| word.starts_with("src="));
        if !is_external {
            hashes.push(format!("'sha256-{}'", STANDARD.encode(Sha256::digest(content))));
        }
        rest = after;
    }
    hashes
}

/// Adds what every answer carries. A policy or cache rule that the route set itself stays.
pub(super) fn secure(headers: &mut HeaderMap, is_api: bool, is_https: bool, page_policy: &HeaderValue) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.insert(header::REFERRER_POLICY, REFERRER_POLICY);
    headers.insert(PERMISSIONS_POLICY, NO_FEATURES);
    headers.insert(OPENER_POLICY, SAME_ORIGIN);
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        let policy = if is_api { DATA_POLICY } else { page_policy.clone() };
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    if is_api {
        headers.insert(header::CACHE_CONTROL, NO_STORE);
    }
    if is_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, ONE_YEAR);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inline_scripts_are_hashed_and_others_are_not() {
        let page = "<html><script src=\"/a.js\"></script>\
                    <script type=\"module\">alert('x')</script><script defer src='b.js'></script></html>";
        // printf "alert('x')" | openssl dgst -sha256 -binary | base64
        assert_eq!(inline_script_hashes(page), ["'sha256-JPoFjrDvGjII2ZQr0zVCLdwImped9XUzr7nzeL7Ser0='"]);
        assert!(inline_script_hashes("<script").is_empty());
    }

    #[test]
    fn the_page_policy_lists_the_hashes_and_nothing_unsafe() {
        let policy = page_policy(&["'sha256-abc='".into()]);
        let policy = policy.to_str().unwrap();
        assert!(policy.starts_with(
            "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-abc='; style-src 'self'; img-src"
        ));
        assert!(!policy.contains("unsafe-inline"));
    }
}
