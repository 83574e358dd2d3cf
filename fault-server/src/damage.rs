//! From an answer to what comes of it under a fault.

use crate::answer::{self, Shape};
use crate::http::Response;
use crate::rate::WaitDialect;
use crate::wire::{Finish, Heard, Said, Wire};
use crate::{Fault, Injected, Profile};
use flate2::{Compress, Compression, FlushCompress};
use std::sync::LazyLock;
use std::time::Duration;

/// What goes over the wire.
pub(crate) enum Send {
    /// All of it; the connection lives on.
    Whole(Response),
    /// These bytes, then the connection closes in order.
    ThenClose(Vec<u8>),
    /// These bytes, then it is reset.
    ThenReset(Vec<u8>),
    /// Nothing for so long.
    Hang(Duration),
    /// One byte at a time, so long apart.
    Drip(Vec<u8>, Duration),
    /// These bytes, then this chunk so many times.
    Flood(Vec<u8>, &'static [u8], usize),
}

/// A request that is to be answered.
pub(crate) struct Job<'a> {
    pub(crate) wire: Wire,
    pub(crate) heard: &'a Heard,
    pub(crate) id: u64,
    pub(crate) tokens: (u64, u64),
    pub(crate) profile: &'a Profile,
    pub(crate) now_unix_s: u64,
    /// Address of the server; a redirect goes to another name of it.
    pub(crate) port: u16,
}

impl Job<'_> {
    /// The body of the good answer.
    pub(crate) fn good(&self) -> String {
        self.wire.say(&self.said(Shape::Right))
    }

    fn said(&self, shape: Shape) -> Said {
        Said {
            id: self.id,
            text: answer::text(&self.heard.user, shape),
            model: self.heard.model.clone(),
            tool: self.heard.tool.clone(),
            tokens: Some(self.tokens),
            finish: Finish::Done,
        }
    }

    /// What goes over the wire under `injected`.
    pub(crate) fn send(&self, injected: Injected) -> Send {
        let Injected { fault, form } = injected;
        if let Some(status) = fault.status() {
            return Send::Whole(self.error(status, form));
        }
        let good = || Response::json(200, self.good());
        match fault {
            Fault::ResetBeforeHeaders => Send::ThenReset(Vec::new()),
            Fault::ResetAfterHeaders => {
                let (mut bytes, head) = good().bytes(None);
                bytes.truncate(head);
                Send::ThenReset(bytes)
            }
            Fault::ResetInBody => {
                let (mut bytes, head) = good().bytes(None);
                bytes.truncate(head + (bytes.len() - head) / 2);
                Send::ThenReset(bytes)
            }
            Fault::Hang => Send::Hang(self.profile.hang),
            Fault::Drip => Send::Drip(good().bytes(None).0, self.profile.drip),
            Fault::WrongLength => {
                let good = good();
                let length = if form % 2 == 0 { good.body.len() + 100 } else { good.body.len() / 2 };
                Send::ThenClose(good.bytes(Some(length)).0)
            }
            Fault::Html => {
                let mut page =
                    Response::json(200, "<!doctype html><html><title>Log in</title><p>Please log in.</html>");
                page.headers.push(("content-type", "text/html".to_owned()));
                Send::Whole(page)
            }
            Fault::GzipBomb => {
                let (head, chunk) = &*BOMB;
                Send::Flood(head.clone(), chunk, BOMB_CHUNKS)
            }
            Fault::Redirect => {
                let mut away = Response { status: 307, ..Response::default() };
                away.headers.push(("location", format!("http://localhost:{}/v1/elsewhere", self.port)));
                Send::Whole(away)
            }
            _ => Send::Whole(Response::json(200, self.odd_body(fault, form))),
        }
    }

    /// A body that came whole and is not what it should be.
    fn odd_body(&self, fault: Fault, form: usize) -> Vec<u8> {
        match fault {
            Fault::Empty => Vec::new(),
            Fault::CutJson => {
                let mut body = self.good().into_bytes();
                body.truncate(body.len() / 2);
                body
            }
            Fault::BadUtf8 => self.with_mark([b"\xff\xfe".as_slice(), b"\xc3(", b"\xf0\x9f"][form % 3]),
            Fault::LoneSurrogate => self.with_mark([b"\\ud800".as_slice(), b"\\udc00"][form % 2]),
            Fault::DuplicateKeys => {
                let first = r#"{"choices":[],"content":[],"candidates":[],"usage":null,"model":1,"#;
                [first, &self.good()[1..]].concat().into()
            }
            Fault::Deep => [vec![b'['; 10_000], vec![b']'; 10_000]].concat(),
            _ => self.wire.say(&self.odd_answer(fault, form)).into(),
        }
    }

    /// An answer that can be read and says too little or the wrong thing.
    fn odd_answer(&self, fault: Fault, form: usize) -> Said {
        let right = self.said(Shape::Right);
        match fault {
            Fault::NoUsage => Said { tokens: None, ..right },
            Fault::OddFinish => Said { finish: [Finish::Odd, Finish::Missing][form % 2], ..right },
            Fault::Refusal => {
                let text = "I'm sorry, but I can't help with that.".to_owned();
                Said { finish: [Finish::Refused, Finish::Done][form % 2], text, tool: None, ..right }
            }
            Fault::WrongCount => self.said([Shape::OneFewer, Shape::OneMore, Shape::None][form % 3]),
            Fault::WrongIds => self.said([Shape::TwiceTheSameId, Shape::UnknownId, Shape::Merged][form % 3]),
            Fault::OtherModel => Said { model: format!("{}-swapped", self.heard.model), ..right },
            _ => right,
        }
    }

    /// The good answer with bytes in its text that are no JSON or no UTF-8.
    fn with_mark(&self, bytes: &[u8]) -> Vec<u8> {
        let mut said = self.said(Shape::Right);
        // In a tool's input the mark would stand outside of a string.
        let at = if said.text.starts_with('{') { said.text.rfind('"').unwrap_or(0) } else { said.text.len() };
        said.text.insert(at, MARK);
        let body = self.wire.say(&said);
        let (before, after) = body.split_once(MARK).expect("the mark stands in the text");
        [before.as_bytes(), bytes, after.as_bytes()].concat()
    }

    fn error(&self, status: u16, form: usize) -> Response {
        let (code, message) = match status {
            400 => ("invalid_request_error", "This model's maximum context length is 10 tokens."),
            401 => ("invalid_api_key", "Incorrect API key provided."),
            402 => ("insufficient_balance", "Insufficient balance."),
            403 => ("permission_error", "The key may not do this."),
            404 => ("model_not_found", "The model does not exist."),
            413 => ("request_too_large", "The request is too large."),
            429 => ("rate_limit_exceeded", "Rate limit reached."),
            529 => ("overloaded_error", "Overloaded"),
            500.. => ("server_error", "The server had an error."),
            _ => ("error", "This cannot be done."),
        };
        if status == 429 {
            let dialect = WaitDialect::ALL[form % WaitDialect::ALL.len()];
            return dialect.response(self.wire, self.profile.fault_wait, self.now_unix_s);
        }
        if status == 502 {
            return Response::json(502, "<html><h1>502 Bad Gateway</h1></html>");
        }
        Response::json(status, self.wire.error(status, code, message))
    }
}

/// A character of the private use area; no text of ours holds it.
const MARK: char = '\u{e0ff}';

/// Chunks of the bomb: 10,000 of about 1 KB, each of which unpacks to 1 MiB of spaces.
const BOMB_CHUNKS: usize = 10_000;

/// Head of the response with the gzip header, and one chunk.
static BOMB: LazyLock<(Vec<u8>, Vec<u8>)> = LazyLock::new(|| {
    let mut packer = Compress::new(Compression::best(), false);
    let mut chunk = Vec::with_capacity(1 << 16);
    // A full flush ends on a byte and forgets what came before, so that the chunk can be repeated.
    packer.compress_vec(&vec![b' '; 1 << 20], &mut chunk, FlushCompress::Full).expect("packing in memory");
    let head =
        "HTTP/1.1 200 X\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\nconnection: close\r\n\r\n";
    let gzip = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    ([head.as_bytes(), &gzip].concat(), chunk)
});

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn the_bomb_unpacks_to_a_thousand_times_its_size() {
        let (head, chunk) = &*BOMB;
        let packed = [&head[head.len() - 10..], &chunk.repeat(20)].concat();
        let mut unpacked = vec![0; 20 << 20];
        flate2::read::GzDecoder::new(&*packed).read_exact(&mut unpacked).expect("gzip");
        assert!(unpacked.iter().all(|b| *b == b' ') && chunk.len() < 1200, "{}", chunk.len());
    }
}
