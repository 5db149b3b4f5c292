//! A small HTTP/1.1 client on one kept-alive connection: enough for our own server, and cheap enough to share its
//! processors with it.

use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

const PATIENCE: Duration = Duration::from_secs(30);

/// A request as it goes over the wire.
pub struct Request(pub Vec<u8>);

impl Request {
    pub fn get(path: &str, token: Option<&str>) -> Self {
        Self::new("GET", path, token, &[], "")
    }

    pub fn post(path: &str, token: Option<&str>, body: &Value) -> Self {
        Self::new("POST", path, token, &[("Content-Type", "application/json")], body.to_string())
    }

    pub fn new(
        method: &str,
        path: &str,
        token: Option<&str>,
        headers: &[(&str, &str)],
        body: impl AsRef<[u8]>,
    ) -> Self {
        let body = body.as_ref();
        let mut text = format!("{method} {path} HTTP/1.1\r\nHost: bench\r\n");
        if let Some(token) = token {
            text.push_str(&format!("Authorization: Bearer {token}\r\n"));
        }
        for (name, value) in headers {
            text.push_str(&format!("{name}: {value}\r\n"));
        }
        if method != "GET" {
            text.push_str(&format!("Content-Length: {}\r\n", body.len()));
        }
        text.push_str("\r\n");
        let mut bytes = text.into_bytes();
        bytes.extend_from_slice(body);
        Self(bytes)
    }
}

pub struct Connection {
    socket: TcpStream,
    buffer: Vec<u8>,
    /// Where the last body is in the buffer.
    body: std::ops::Range<usize>,
}

impl Connection {
    pub fn open(address: SocketAddr) -> Result<Self> {
        let socket = TcpStream::connect_timeout(&address, PATIENCE).context("connecting to the server")?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        socket.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { socket, buffer: Vec::with_capacity(64 * 1024), body: 0..0 })
    }

    /// Sends a request and reads the whole answer; its status comes back, its body stays in [`Connection::body`].
    pub fn send(&mut self, request: &Request) -> Result<u16> {
        self.socket.write_all(&request.0)?;
        self.buffer.clear();
        let head = loop {
            if let Some(end) = self.buffer.windows(4).position(|four| four == b"\r\n\r\n") {
                break end + 4;
            }
            self.more()?;
        };
        let text = std::str::from_utf8(&self.buffer[..head]).context("the head of an answer is no text")?;
        let status =
            text.get(9..12).and_then(|code| code.parse().ok()).context("an answer without a status")?;
        let length = header(text, "content-length").map(str::parse).transpose()?;
        let length: usize = match length {
            Some(length) => length,
            None if status == 204 || status == 304 => 0,
            None => bail!("an answer without a length"),
        };
        while self.buffer.len() < head + length {
            self.more()?;
        }
        self.body = head..head + length;
        Ok(status)
    }

    pub fn body(&self) -> &[u8] {
        &self.buffer[self.body.clone()]
    }

    /// Sends a request whose answer has to be good JSON.
    pub fn json(&mut self, request: &Request) -> Result<Value> {
        let status = self.send(request)?;
        if !(200..300).contains(&status) {
            let line = request.0.split(|byte| *byte == b'\r').next().unwrap_or_default();
            let said = String::from_utf8_lossy(self.body());
            bail!("{} was answered {status}: {said}", String::from_utf8_lossy(line));
        }
        Ok(serde_json::from_slice(self.body())?)
    }

    fn more(&mut self) -> Result<()> {
        let filled = self.buffer.len();
        self.buffer.resize(filled + 32 * 1024, 0);
        let count = self.socket.read(&mut self.buffer[filled..]);
        self.buffer.truncate(filled + *count.as_ref().unwrap_or(&0));
        match count? {
            0 => bail!("the server closed the connection"),
            _ => Ok(()),
        }
    }
}

fn header<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    head.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        key.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn answers_are_read_whole_however_they_arrive() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let server = std::thread::spawn(move || {
            let (mut socket, _) = listener.accept().unwrap();
            let mut seen = [0; 1024];
            for answer in [
                &["HTTP/1.1 200 OK\r\nContent-", "Length: 5\r\n\r\nhel", "lo"][..],
                &["HTTP/1.1 204 No Content\r\n\r\n"],
            ] {
                assert!(socket.read(&mut seen).unwrap() > 0);
                for part in answer {
                    socket.write_all(part.as_bytes()).unwrap();
                    socket.flush().unwrap();
                }
            }
        });
        let mut connection = Connection::open(address).unwrap();
        assert_eq!(connection.send(&Request::get("/", None)).unwrap(), 200);
        assert_eq!(connection.body(), b"hello");
        assert_eq!(connection.send(&Request::get("/", Some("x"))).unwrap(), 204);
        assert!(connection.body().is_empty());
        server.join().unwrap();
    }
}
