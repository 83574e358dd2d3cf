//! An HTTP server whose every reply is scripted, and which keeps count of what it was asked.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

/// One request as it arrived.
pub(crate) struct Asked {
    /// How many came before it.
    pub(crate) n: usize,
    /// How often this very body has come, itself included.
    pub(crate) times: usize,
    /// The text after the last `#` of the user's message.
    pub(crate) id: String,
    /// The body.
    pub(crate) body: Value,
    /// The `authorization` header.
    pub(crate) authorization: Option<String>,
    /// Since the server began.
    pub(crate) at: Duration,
}

/// What happens on the wire.
pub(crate) enum Reply {
    /// A whole response.
    Whole { status: u16, headers: Vec<(&'static str, String)>, body: Vec<u8> },
    /// Head and half of the body, then the connection closes.
    Cut(Vec<u8>),
    /// The connection closes without a byte.
    Reset,
    /// Nothing for so long, then the connection closes.
    Hang(Duration),
    /// The reply, but only after so long.
    After(Duration, Box<Reply>),
}

impl Reply {
    pub(crate) fn status(status: u16, body: &str) -> Self {
        Reply::Whole { status, headers: Vec::new(), body: body.as_bytes().to_vec() }
    }

    pub(crate) fn with(status: u16, name: &'static str, value: &str) -> Self {
        Reply::Whole { status, headers: vec![(name, value.to_owned())], body: Vec::new() }
    }

    /// A good answer to `asked`: "answer to ID".
    pub(crate) fn answer(asked: &Asked) -> Self {
        Reply::status(200, &good(asked))
    }
}

/// The body of a good answer.
pub(crate) fn good(asked: &Asked) -> String {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "model": "m-1",
        "choices": [{"index": 0, "message": {"role": "assistant", "content": format!("answer to {}", asked.id)}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    })
    .to_string()
}

type Script = dyn Fn(&Asked) -> Reply + Send + Sync;

/// A running server; it stops with the test process.
pub(crate) struct Server {
    /// Base URL.
    pub(crate) url: String,
    seen: Arc<Mutex<Seen>>,
}

#[derive(Default)]
struct Seen {
    bodies: BTreeMap<String, usize>,
    answered: BTreeMap<String, usize>,
    times: Vec<Duration>,
    in_flight: usize,
    peak: usize,
}

impl Server {
    pub(crate) fn start(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let (seen, script): (Arc<Mutex<Seen>>, Arc<Script>) = (Arc::default(), Arc::new(script));
        let (shared, began) = (Arc::clone(&seen), Instant::now());
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (seen, script) = (Arc::clone(&shared), Arc::clone(&script));
                std::thread::spawn(move || serve(stream, &seen, &*script, began));
            }
        });
        Server { url, seen }
    }

    /// Requests that arrived.
    pub(crate) fn n_asked(&self) -> usize {
        self.seen.lock().expect("no poison").times.len()
    }

    /// When each request arrived.
    pub(crate) fn times(&self) -> Vec<Duration> {
        self.seen.lock().expect("no poison").times.clone()
    }

    /// How often each id was answered with status 200.
    pub(crate) fn answered(&self) -> BTreeMap<String, usize> {
        self.seen.lock().expect("no poison").answered.clone()
    }

    /// The most requests that were in flight at once.
    pub(crate) fn peak(&self) -> usize {
        self.seen.lock().expect("no poison").peak
    }
}

fn serve(stream: TcpStream, seen: &Mutex<Seen>, script: &Script, began: Instant) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let mut stream = stream;
    while let Some((body, authorization)) = read(&mut reader) {
        let value: Value = serde_json::from_slice(&body).unwrap_or_default();
        let messages = value["messages"].as_array().cloned().unwrap_or_default();
        let user = messages.last().and_then(|m| m["content"].as_str()).unwrap_or_default().to_owned();
        let asked = {
            let mut seen = seen.lock().expect("no poison");
            let times = seen.bodies.entry(String::from_utf8_lossy(&body).into_owned()).or_default();
            *times += 1;
            let times = *times;
            let at = began.elapsed();
            seen.times.push(at);
            seen.in_flight += 1;
            seen.peak = seen.peak.max(seen.in_flight);
            let id = user.rsplit('#').next().unwrap_or_default().to_owned();
            Asked { n: seen.times.len() - 1, times, id, body: value, authorization, at }
        };
        let go_on = reply(&mut stream, script(&asked), &asked, seen);
        seen.lock().expect("no poison").in_flight -= 1;
        if !go_on {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<(Vec<u8>, Option<String>)> {
    let (mut length, mut authorization, mut first) = (0, None, true);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() && !first {
            break;
        }
        first = false;
        if let Some((name, value)) = line.split_once(':') {
            match name.to_ascii_lowercase().as_str() {
                "content-length" => length = value.trim().parse().ok()?,
                "authorization" => authorization = Some(value.trim().to_owned()),
                _ => {}
            }
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    Some((body, authorization))
}

fn reply(stream: &mut TcpStream, reply_: Reply, asked: &Asked, seen: &Mutex<Seen>) -> bool {
    match reply_ {
        Reply::Whole { status, headers, body } => {
            if status == 200 {
                *seen.lock().expect("no poison").answered.entry(asked.id.clone()).or_default() += 1;
            }
            let head = headers.iter().map(|(n, v)| format!("{n}: {v}\r\n")).collect::<String>();
            let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{head}\r\n", body.len());
            stream.write_all(&[head.as_bytes(), &body].concat()).is_ok()
        }
        Reply::Cut(body) => {
            let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
            let _ = stream.write_all(&[head.as_bytes(), &body[..body.len() / 2]].concat());
            false
        }
        Reply::Reset => false,
        Reply::Hang(time) => {
            std::thread::sleep(time);
            false
        }
        Reply::After(time, later) => {
            std::thread::sleep(time);
            reply(stream, *later, asked, seen)
        }
    }
}
