//! Answers that are files: streamed from the disk, in ranges where the client wants one (RFC 9110, section 14).

use std::{
    convert::Infallible,
    fs,
    io::{self, Read as _, Seek as _, SeekFrom},
};

use bytes::Bytes;
use futures_util::stream;
use kpi_api::error::Code;
use warp::{
    Filter, Reply as _,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    reply::Response,
};

use super::{
    headers::SANDBOX_POLICY,
    reply::{attachment, problem},
};
use crate::platform::failure::Failure;

/// Bytes read from the disk at once.
const PIECE: u64 = 128 * 1024;

/// What a client asks of a file: `Range`, `If-Range` and `If-None-Match`.
#[derive(Debug, Default, Clone)]
pub struct Wanted {
    range: Option<String>,
    if_range: Option<String>,
    if_none_match: Option<String>,
}

pub fn wanted() -> impl Filter<Extract = (Wanted,), Error = Infallible> + Copy {
    warp::header::headers_cloned().map(|headers: HeaderMap| {
        let text = |name: header::HeaderName| Some(headers.get(name)?.to_str().ok()?.to_owned());
        Wanted {
            range: text(header::RANGE),
            if_range: text(header::IF_RANGE),
            if_none_match: text(header::IF_NONE_MATCH),
        }
    })
}

/// A file to answer with.
pub struct Download {
    pub file: fs::File,
    /// Bytes.
    pub length: u64,
    /// Names the content: two with the same tag are the same byte for byte.
    pub tag: String,
    pub content_type: &'static str,
    pub name: String,
}

impl Download {
    /// The whole file, the part of it that is wanted, or the problem that there is no such part. Offered to be saved,
    /// never to be shown by itself.
    pub fn answer(self, wanted: &Wanted) -> Response {
        let tag = format!("\"{}\"", self.tag);
        if wanted.if_none_match.as_deref().is_some_and(|known| known.contains(&tag)) {
            let mut response = super::reply::empty(StatusCode::NOT_MODIFIED);
            set(&mut response, header::ETAG, &tag);
            return response;
        }
        let applies = wanted.if_range.as_deref().is_none_or(|known| known == tag);
        let part = match wanted.range.as_deref().filter(|_| applies).map(|text| range(text, self.length)) {
            None | Some(Part::Whole) => None,
            Some(Part::Bytes(first, last)) => Some((first, last)),
            Some(Part::Nowhere) => {
                let said = format!("The file has {} bytes.", self.length);
                let mut response = problem(&Failure::new(Code::RangeNotSatisfiable, said));
                set(&mut response, header::CONTENT_RANGE, &format!("bytes */{}", self.length));
                return response;
            }
        };
        let (first, last) = part.unwrap_or((0, self.length.saturating_sub(1)));
        let count = if self.length == 0 { 0 } else { last - first + 1 };
        let mut response = warp::reply::stream(pieces(self.file, first, count)).into_response();
        if part.is_some() {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            set(&mut response, header::CONTENT_RANGE, &format!("bytes {first}-{last}/{}", self.length));
        }
        set(&mut response, header::CONTENT_LENGTH, &count.to_string());
        set(&mut response, header::CONTENT_TYPE, self.content_type);
        set(&mut response, header::ACCEPT_RANGES, "bytes");
        set(&mut response, header::ETAG, &tag);
        set(&mut response, header::CONTENT_DISPOSITION, &attachment(&self.name));
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, SANDBOX_POLICY);
        response
    }
}

/// A file of our own making as it is, to be shown.
pub fn whole(file: fs::File, length: u64, content_type: &'static str) -> Response {
    let mut response = warp::reply::stream(pieces(file, 0, length)).into_response();
    set(&mut response, header::CONTENT_LENGTH, &length.to_string());
    set(&mut response, header::CONTENT_TYPE, content_type);
    response
}

fn set(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::try_from(value) {
        response.headers_mut().insert(name, value);
    }
}

fn pieces(
    file: fs::File,
    first: u64,
    count: u64,
) -> impl stream::Stream<Item = io::Result<Bytes>> + Send + Sync + 'static {
    // The file travels into each step and back, as reading is done away from the async threads.
    stream::try_unfold((file, first, count), |(mut file, at, left)| async move {
        if left == 0 {
            return Ok(None);
        }
        let step = tokio::task::spawn_blocking(move || {
            let mut piece = vec![0; usize::try_from(left.min(PIECE)).unwrap_or(0)];
            file.seek(SeekFrom::Start(at))?;
            file.read_exact(&mut piece)?;
            io::Result::Ok((file, Bytes::from(piece)))
        });
        let (file, piece) = step.await.map_err(io::Error::other)??;
        let read = piece.len() as u64;
        Ok(Some((piece, (file, at + read, left - read))))
    })
}

#[derive(Debug, PartialEq, Eq)]
enum Part {
    /// Everything: what is asked for is none of our business, or cannot be read.
    Whole,
    /// First and last byte.
    Bytes(u64, u64),
    /// Beyond the end.
    Nowhere,
}

/// One range; several at once, other units and what cannot be read are answered with the whole, as the RFC allows.
fn range(text: &str, length: u64) -> Part {
    let Some((first, last)) = text.trim().strip_prefix("bytes=").and_then(|range| range.split_once('-'))
    else {
        return Part::Whole;
    };
    let number = |text: &str| -> Option<u64> {
        let text = text.trim();
        (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse().unwrap_or(u64::MAX))
    };
    match (number(first), number(last)) {
        (Some(first), _) if first >= length && (last.trim().is_empty() || number(last) >= Some(first)) => {
            Part::Nowhere
        }
        (Some(first), None) if last.trim().is_empty() => Part::Bytes(first, length - 1),
        (Some(first), Some(last)) if first <= last => Part::Bytes(first, last.min(length - 1)),
        (None, Some(count)) if first.trim().is_empty() => match (count, length) {
            (0, _) | (_, 0) => Part::Nowhere,
            _ => Part::Bytes(length - count.min(length), length - 1),
        },
        _ => Part::Whole,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_is_what_the_rfc_says() {
        let rows = [
            ("bytes=0-0", Part::Bytes(0, 0)),
            ("bytes=2-5", Part::Bytes(2, 5)),
            ("bytes=2-", Part::Bytes(2, 9)),
            ("bytes=2-99", Part::Bytes(2, 9)),
            ("bytes=-3", Part::Bytes(7, 9)),
            ("bytes=-99", Part::Bytes(0, 9)),
            ("bytes=9-9", Part::Bytes(9, 9)),
            ("bytes=10-", Part::Nowhere),
            ("bytes=10-20", Part::Nowhere),
            ("bytes=99999999999999999999-", Part::Nowhere),
            ("bytes=-0", Part::Nowhere),
            ("bytes=5-2", Part::Whole),
            ("bytes=20-10", Part::Whole),
            ("bytes=0-1,4-5", Part::Whole),
            ("bytes=-", Part::Whole),
            ("bytes=a-b", Part::Whole),
            ("bytes=1-x", Part::Whole),
            ("bytes=+1-2", Part::Whole),
            ("lines=1-2", Part::Whole),
            ("", Part::Whole),
        ];
        for (text, expected) in rows {
            assert_eq!(range(text, 10), expected, "{text}");
        }
    }
}
