//! JSON bodies, read strictly: the header is demanded, size and time are bounded, faults name their field.

use std::time::Duration;

use bytes::{Buf, BytesMut};
use futures_util::{Stream, StreamExt};
use kpi_api::error::{Code, FieldError};
use serde::de::DeserializeOwned;
use serde_json::error::Category;
use serde_path_to_error::{Path, Segment};
use warp::{Filter, Rejection};

use super::{
    query::quoted_after,
    request::{Meta, meta},
};
use crate::platform::failure::{Failure, Outcome};

/// Bytes of the largest JSON body.
pub const LARGEST_BODY: usize = 1024 * 1024;

/// How long a client may take to send one.
const READ_WITHIN: Duration = Duration::from_secs(30);

/// How much of a body that is too large is read away, so that a client that sends before it listens still gets to
/// read the answer.
const DRAINED: usize = 8 * LARGEST_BODY;

/// The JSON body as a `T` (which denies unknown fields). 415 without `Content-Type: application/json`, 413 above
/// 1 MiB, 400 when it is not JSON, 422 with the field named when it is not a `T`.
pub fn body<T: DeserializeOwned + Send + 'static>()
-> impl Filter<Extract = (Outcome<T>,), Error = Rejection> + Copy {
    meta().and(warp::body::stream()).then(async |meta: Meta, stream| {
        demand_json(&meta)?;
        parse(&collect(&meta, stream).await?)
    })
}

/// As [`body`], but no body at all means `T::default()`.
pub fn optional_body<T: DeserializeOwned + Default + Send + 'static>()
-> impl Filter<Extract = (Outcome<T>,), Error = Rejection> + Copy {
    meta().and(warp::body::stream()).then(async |meta: Meta, stream| {
        let bytes = collect(&meta, stream).await?;
        if bytes.is_empty() {
            return Ok(T::default());
        }
        demand_json(&meta)?;
        parse(&bytes)
    })
}

pub(super) fn demand_json(meta: &Meta) -> Outcome<()> {
    let essence = meta.content_type().and_then(|value| value.split(';').next()).unwrap_or_default();
    if essence.trim().eq_ignore_ascii_case("application/json") {
        Ok(())
    } else {
        Err(Failure::new(Code::WrongType, Code::WrongType.title()))
    }
}

fn too_large() -> Failure {
    Failure::new(Code::TooLarge, "A JSON body may have up to 1048576 bytes.")
}

pub(super) async fn collect<B: Buf, E>(
    meta: &Meta,
    stream: impl Stream<Item = Result<B, E>>,
) -> Outcome<BytesMut> {
    let declared = meta.content_length().unwrap_or(0);
    if declared > DRAINED as u64 || (declared > LARGEST_BODY as u64 && meta.expects_continue()) {
        return Err(too_large());
    }
    let read = async {
        let mut stream = std::pin::pin!(stream);
        let mut whole = BytesMut::with_capacity(usize::try_from(declared).unwrap_or(0).min(LARGEST_BODY));
        let mut length = 0;
        while let Some(chunk) = stream.next().await {
            let chunk = chunk.map_err(|_| Failure::new(Code::Malformed, "The body ended too early."))?;
            length += chunk.remaining();
            if length > DRAINED {
                break;
            }
            if length <= LARGEST_BODY {
                bytes::BufMut::put(&mut whole, chunk);
            }
        }
        if length > LARGEST_BODY { Err(too_large()) } else { Ok(whole) }
    };
    tokio::time::timeout(READ_WITHIN, read)
        .await
        .unwrap_or_else(|_| Err(Failure::new(Code::Malformed, "The body did not arrive in time.")))
}

/// Reads JSON text. Errors as [`body`].
pub fn parse<T: DeserializeOwned>(text: &[u8]) -> Outcome<T> {
    let mut source = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut source).map_err(|fault| {
        if fault.inner().classify() == Category::Data {
            let message = without_place(&fault.inner().to_string()).to_owned();
            Failure::invalid(vec![field_error(fault.path(), &message)])
        } else {
            malformed(fault.inner())
        }
    })?;
    source.end().map_err(|fault| malformed(&fault))?;
    // serde would read a list as the fields of a struct in their order.
    if text.iter().find(|byte| !byte.is_ascii_whitespace()) == Some(&b'[') {
        return Err(Failure::field("body", "wrong_type", "An object is expected."));
    }
    Ok(value)
}

fn malformed(fault: &serde_json::Error) -> Failure {
    Failure::new(Code::Malformed, format!("The body is not valid JSON: {fault}."))
}

/// serde_json appends where in the text it stood; the field name says it better.
fn without_place(message: &str) -> &str {
    message.rsplit_once(" at line ").map_or(message, |(rest, _)| rest)
}

fn field_error(path: &Path, message: &str) -> FieldError {
    let parent = dotted(path);
    let below = |name: &str| match parent.as_str() {
        "" => name.to_owned(),
        parent if parent.rsplit('.').next() == Some(name) => parent.to_owned(),
        parent => format!("{parent}.{name}"),
    };
    for (opening, code, wording) in [
        ("unknown field `", "unknown_field", "There is no such field."),
        ("missing field `", "required", "This field is required."),
        ("duplicate field `", "duplicate_field", "This field is given twice."),
    ] {
        if let Some(name) = message.starts_with(opening).then(|| quoted_after(message, opening)).flatten() {
            return FieldError::new(below(name), code, wording);
        }
    }
    let code = if message.starts_with("unknown variant") {
        "unknown_value"
    } else if message.starts_with("invalid type") {
        "wrong_type"
    } else if message.contains("out of range") || message.starts_with("invalid value: integer") {
        "out_of_range"
    } else {
        "invalid"
    };
    let field = if parent.is_empty() { "body".to_owned() } else { parent };
    FieldError::new(field, code, message)
}

/// `milestones[0].weight` as `milestones.0.weight`.
fn dotted(path: &Path) -> String {
    let segments: Vec<String> = path
        .iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Map { key } => Some(key.clone()),
            Segment::Enum { .. } | Segment::Unknown => None,
        })
        .collect();
    segments.join(".")
}

#[cfg(test)]
mod tests {
    use kpi_api::time::Quarter;
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the reading matters")]
    struct Milestone {
        name: String,
        weight: u8,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only the reading matters")]
    struct Kpi {
        name: String,
        quarter: Option<Quarter>,
        #[serde(default)]
        milestones: Vec<Milestone>,
    }

    #[test]
    fn a_fault_names_its_field() {
        let rows = [
            (r#"{}"#, "name", "required"),
            (r#"{"name": 1}"#, "name", "wrong_type"),
            (r#"{"name": "a", "score": 3}"#, "score", "unknown_field"),
            (r#"{"name": "a", "name": "b"}"#, "name", "duplicate_field"),
            (r#"{"name": "a", "quarter": "Q5"}"#, "quarter", "unknown_value"),
            (r#"{"name": "a", "milestones": [{"name": "m"}]}"#, "milestones.0.weight", "required"),
            (
                r#"{"name": "a", "milestones": [{"name": "m", "weight": 256}]}"#,
                "milestones.0.weight",
                "out_of_range",
            ),
            (r#"{"name": "a", "milestones": [{"x": 1}]}"#, "milestones.0.x", "unknown_field"),
            (r#"{"name": "a", "milestones": {}}"#, "milestones", "wrong_type"),
            (r#"[1]"#, "0", "wrong_type"),
            (r#" ["a", null, []]"#, "body", "wrong_type"),
            (r#"7"#, "body", "wrong_type"),
        ];
        for (text, field, code) in rows {
            let Failure::Known { code: kind, errors, .. } = parse::<Kpi>(text.as_bytes()).unwrap_err() else {
                panic!("{text}")
            };
            assert_eq!(kind, Code::Invalid, "{text}");
            assert_eq!((errors[0].field.as_str(), errors[0].code.as_str()), (field, code), "{text}");
            assert!(!errors[0].message.contains("at line"), "{}", errors[0].message);
        }
    }

    #[test]
    fn what_is_not_json_is_malformed() {
        let deep = format!("{{\"name\": {}1", "[".repeat(200));
        let rows: [&[u8]; 8] = [
            b"",
            b"{",
            b"{\"name\": NaN}",
            b"{\"name\": Infinity}",
            b"{\"name\": \"a\"} x",
            b"{'name': 'a'}",
            b"{\"name\": \"\xff\"}",
            deep.as_bytes(),
        ];
        for text in rows {
            let code = parse::<serde_json::Value>(text).unwrap_err().code();
            assert_eq!(code, Code::Malformed, "{}", String::from_utf8_lossy(text));
        }
    }
}
