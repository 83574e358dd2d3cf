//! HTTP/1.1 by hand: as much as clients of model providers need, and every way to break off in the middle.

use std::fmt::Write as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The most headers that a request may have.
const MOST_HEADERS: usize = 64;

/// A whole request.
pub(crate) struct Request {
    pub(crate) method: String,
    /// Without the query.
    pub(crate) path: String,
    pub(crate) query: String,
    pub(crate) host: String,
    pub(crate) authorization: Option<String>,
    pub(crate) content_type: String,
    pub(crate) body: Vec<u8>,
}

/// How the wait for a request ended.
pub(crate) enum Heard {
    Request(Request),
    /// The client closed, or sent what is no HTTP.
    Closed,
    /// The client is gone without having read what was sent.
    Reset,
}

/// Waits for a request; `buffer` holds what came already.
pub(crate) async fn read(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Heard {
    loop {
        match parse(buffer) {
            Ok(Some(request)) => return Heard::Request(request),
            Ok(None) => {}
            Err(()) => {
                // As servers do, such as to one who speaks TLS to them.
                let refusal = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                let _ = stream.write_all(refusal).await;
                return Heard::Closed;
            }
        }
        match stream.read_buf(buffer).await {
            Ok(0) => return Heard::Closed,
            Ok(_) => {}
            Err(_) => return Heard::Reset,
        }
    }
}

fn parse(buffer: &mut Vec<u8>) -> Result<Option<Request>, ()> {
    if buffer.is_empty() {
        return Ok(None);
    }
    let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
    let mut head = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(start) = head.parse(buffer).map_err(drop)? else { return Ok(None) };
    let (mut length, mut authorization) = (0, None);
    let (mut content_type, mut host) = (String::new(), String::new());
    for header in head.headers.iter() {
        let value = || String::from_utf8_lossy(header.value).into_owned();
        match header.name {
            n if n.eq_ignore_ascii_case("content-length") => length = value().trim().parse().map_err(drop)?,
            n if n.eq_ignore_ascii_case("content-type") => content_type = value(),
            n if n.eq_ignore_ascii_case("host") => host = value(),
            n if ["authorization", "x-api-key", "x-goog-api-key"].iter().any(|k| n.eq_ignore_ascii_case(k)) => {
                authorization = Some(value());
            }
            _ => {}
        }
    }
    let end: usize = start + length;
    if buffer.len() < end {
        buffer.reserve(end - buffer.len());
        return Ok(None);
    }
    let (path, query) = head.path.unwrap_or("/").split_once('?').unwrap_or((head.path.unwrap_or("/"), ""));
    let (method, path, query) = (head.method.unwrap_or("").to_owned(), path.to_owned(), query.to_owned());
    let body = buffer[start..end].to_vec();
    buffer.drain(..end);
    Ok(Some(Request { method, path, query, host, authorization, content_type, body }))
}

/// A response before it is damaged.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) body: Vec<u8>,
}

impl Response {
    pub(crate) fn json(status: u16, body: impl Into<Vec<u8>>) -> Self {
        Response { status, headers: Vec::new(), body: body.into() }
    }

    /// The bytes on the wire, and how many of them are the head; `length` is told in place of the body's own.
    pub(crate) fn bytes(&self, length: Option<usize>) -> (Vec<u8>, usize) {
        let length = length.unwrap_or(self.body.len());
        let mut head = String::with_capacity(160 + self.body.len());
        // Writing to a string cannot fail.
        let _ = write!(head, "HTTP/1.1 {} X\r\ncontent-length: {length}\r\n", self.status);
        if !self.headers.iter().any(|(name, _)| *name == "content-type") {
            head.push_str("content-type: application/json\r\n");
        }
        for (name, value) in &self.headers {
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head.push_str("\r\n");
        let n = head.len();
        let mut bytes = head.into_bytes();
        bytes.extend_from_slice(&self.body);
        (bytes, n)
    }
}
