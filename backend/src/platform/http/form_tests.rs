use futures_util::stream;
use warp::http::Request;

use super::*;

const KIND: &str = "multipart/form-data; boundary=XX";

fn incoming_of(kind: &str, pieces: Vec<Result<Bytes, warp::Error>>) -> Incoming {
    let request = Request::builder().uri("/").header("content-type", kind).body(()).unwrap();
    let meta = Meta::read(&request.into_parts().0, std::net::Ipv4Addr::LOCALHOST.into(), &[]);
    Incoming { meta, body: Arc::new(Mutex::new(Body::new(stream::iter(pieces), IDLE_WITHIN))) }
}

fn whole(text: impl Into<Bytes>) -> Vec<Result<Bytes, warp::Error>> {
    vec![Ok(text.into())]
}

fn part(head: &str, content: &str) -> String {
    format!("--XX\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
}

async fn read(incoming: &Incoming, most: u64) -> Outcome<Vec<(String, usize)>> {
    let mut form = incoming.form(most)?;
    let mut parts = Vec::new();
    while let Some(mut part) = form.next().await? {
        let mut length = 0;
        while let Some(piece) = part.piece().await? {
            assert!(piece.len() <= 2 * PIECE, "{}", piece.len());
            length += piece.len();
        }
        parts.push((part.name, length));
    }
    Ok(parts)
}

#[tokio::test]
async fn parts_come_one_by_one() {
    let content = "x".repeat(1_000_000);
    let file = part("name=\"file\"; filename=\"a.pdf\"", &content);
    let text = format!("{file}{}--XX--\r\n", part("name=\"note\"", "hi"));
    let parts = read(&incoming_of(KIND, whole(text)), 2_000_000).await.unwrap();
    assert_eq!(parts, [("file".to_owned(), 1_000_000), ("note".to_owned(), 2)]);
}

#[tokio::test]
async fn what_is_too_much_is_refused() {
    let end = "--XX--\r\n";
    let many: String = (0..17).map(|n| part(&format!("name=\"f{n}\""), "")).collect();
    let long_head = format!("--XX\r\nX-Padding: {}", "x".repeat(1_000_000));
    let rows = [
        (part("name=\"file\"", &"x".repeat(300_000)) + end, Code::TooLarge),
        (many + end, Code::Malformed),
        (long_head, Code::Malformed),
        ("no form at all".to_owned(), Code::Malformed),
        (part("name=\"file\"", "cut off"), Code::Malformed),
        (part("filename=\"a.pdf\"", "no name") + end, Code::Malformed),
    ];
    for (text, code) in rows {
        let start = text[..40.min(text.len())].to_owned();
        let refusal = read(&incoming_of(KIND, whole(text)), 200_000).await.unwrap_err();
        assert_eq!(refusal.code(), code, "{start}");
    }
    for kind in ["application/json", "multipart/form-data", "multipart/mixed; boundary=XX"] {
        assert_eq!(read(&incoming_of(kind, whole(end)), 1000).await.unwrap_err().code(), Code::WrongType);
    }
}

#[tokio::test]
async fn a_client_that_is_gone_or_pauses_for_ever_ends_the_form() {
    let request = Request::builder().uri("/").header("content-type", KIND).body(()).unwrap();
    let meta = Meta::read(&request.into_parts().0, std::net::Ipv4Addr::LOCALHOST.into(), &[]);
    let head = part("name=\"file\"", "begin");
    let silent = stream::iter(whole(head)).chain(stream::pending());
    let incoming = Incoming { meta, body: Arc::new(Mutex::new(Body::new(silent, Duration::from_millis(5)))) };
    let refusal = read(&incoming, 1000).await.unwrap_err();
    assert_eq!(refusal.to_string(), "The body did not arrive in time.");
    // There is nothing to wait for any more.
    incoming.drain().await;
}

#[tokio::test]
async fn what_was_refused_is_read_away() {
    let text = part("name=\"file\"", &"x".repeat(300_000)) + "--XX--\r\n";
    let incoming = incoming_of(KIND, whole(text));
    assert_eq!(read(&incoming, 1000).await.unwrap_err().code(), Code::TooLarge);
    incoming.drain().await;
    assert!(lock(&incoming.body).rest.is_empty());
}
