//! What a browser loads before the first page shows.

use crate::client::{Connection, Request};
use anyhow::{Result, bail};
use std::collections::BTreeSet;
use std::net::SocketAddr;

const ENDINGS: [&str; 5] = [".js", ".wasm", ".css", ".woff2", ".svg"];
const ACCEPT: (&str, &str) = ("Accept-Encoding", "br, gzip");

pub struct FirstPage {
    /// Bodies on the wire.
    pub bytes: usize,
    pub files: usize,
}

/// The page at `path` and everything that it and its style sheets name. Of the fonts, which come by script, those that a
/// browser loads for Latin letters.
pub fn first(address: SocketAddr, path: &str) -> Result<FirstPage> {
    let mut connection = Connection::open(address)?;
    let mut page = FirstPage { bytes: 0, files: 1 };
    let html = text(&mut connection, path)?;
    page.bytes += weigh(&mut connection, path)?;
    let mut files = named(&html);
    for style in files.clone().iter().filter(|file| file.ends_with(".css")) {
        files.extend(named(&without_other_scripts(&text(&mut connection, style)?)));
    }
    for file in &files {
        page.bytes += weigh(&mut connection, file)?;
        page.files += 1;
    }
    Ok(page)
}

/// A style sheet without the font faces whose range lacks the letter A.
fn without_other_scripts(css: &str) -> String {
    let is_latin = |face: &str| {
        let Some((_, range)) = face.split_once("unicode-range:") else { return true };
        let range = range.split([';', '}']).next().unwrap_or_default();
        range.split(',').filter_map(|part| part.trim().strip_prefix("U+")).any(|part| {
            let (first, last) = part.split_once('-').unwrap_or((part, part));
            let number = |text| u32::from_str_radix(text, 16).ok();
            matches!((number(first), number(last)), (Some(first), Some(last)) if (first..=last).contains(&0x41))
        })
    };
    let mut parts = css.split("@font-face");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (face, rest) = part.split_once('}').unwrap_or((part, ""));
        if is_latin(face) {
            kept.push_str(face);
        }
        kept.push_str(rest);
    }
    kept
}

fn text(connection: &mut Connection, path: &str) -> Result<String> {
    match connection.send(&Request::new("GET", path, None, &[("Accept", "text/html, */*")], ""))? {
        200 => Ok(String::from_utf8_lossy(connection.body()).into_owned()),
        404 => Ok(String::new()),
        status => bail!("{path} was answered {status}"),
    }
}

fn weigh(connection: &mut Connection, path: &str) -> Result<usize> {
    match connection.send(&Request::new("GET", path, None, &[ACCEPT, ("Accept", "text/html, */*")], ""))? {
        200 => Ok(connection.body().len()),
        404 => Ok(0),
        status => bail!("{path} was answered {status}"),
    }
}

/// Paths of files that a text names in quotes or brackets.
fn named(text: &str) -> BTreeSet<String> {
    text.split(['"', '\'', '(', ')', '=', ' ', '>'])
        .filter(|part| ENDINGS.iter().any(|ending| part.ends_with(ending)) && !part.contains("://"))
        .map(|part| format!("/{}", part.trim_start_matches("./").trim_start_matches('/')))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::{named, without_other_scripts};

    #[test]
    fn fonts_of_other_scripts_are_not_loaded() {
        let css = "a{}@font-face{src:url(/l.woff2);unicode-range:U+0-FF,U+131}\
                   @font-face{src:url(/g.woff2);unicode-range:U+370-377}b{}@font-face{src:url(/all.woff2)}";
        let names = named(&without_other_scripts(css));
        assert_eq!(names.into_iter().collect::<Vec<_>>(), ["/all.woff2", "/l.woff2"]);
    }

    #[test]
    fn files_are_found_in_pages_and_style_sheets() {
        let html = r#"<link href="/app-1a.css"><script type=module src=/app-1a.js></script> init('/app-1a_bg.wasm')"#;
        assert_eq!(
            named(html).into_iter().collect::<Vec<_>>(),
            ["/app-1a.css", "/app-1a.js", "/app-1a_bg.wasm"]
        );
        let css = "@font-face{src:url(./inter-2b.woff2)} a{background:url('https://x.example/y.svg')}";
        assert_eq!(named(css).into_iter().collect::<Vec<_>>(), ["/inter-2b.woff2"]);
    }
}
