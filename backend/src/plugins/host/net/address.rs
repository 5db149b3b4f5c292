//! Addresses of other servers as plugins write them.

use warp::http::Uri;

/// Longest address, in bytes.
const LONGEST: usize = 2_048;

/// The host of an address with `http://` or `https://`, in lower case, without brackets.
///
/// # Errors
/// Why it is no such address, as the end of a sentence that begins with it.
pub fn host_of(url: &str) -> Result<String, &'static str> {
    if url.len() > LONGEST {
        return Err("is too long");
    }
    let uri: Uri = url.parse().map_err(|_| "is not an address")?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err("does not begin with http:// or https://");
    }
    let authority = uri.authority().ok_or("names no host")?;
    if authority.as_str().contains('@') {
        return Err("has a user name in it");
    }
    let host = authority.host().trim_start_matches('[').trim_end_matches(']');
    if host.is_empty() {
        return Err("names no host");
    }
    Ok(host.trim_end_matches('.').to_ascii_lowercase())
}
