//! A chat-completions endpoint whose every reply is scripted. It answers as a model would: one text for each id of the prompt.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// One request as it arrived.
pub(crate) struct Asked {
    /// How many came before it.
    pub(crate) n: usize,
    /// How often this very body has come, itself included.
    pub(crate) times: usize,
    /// The body.
    pub(crate) body: Value,
}

/// What comes back.
pub(crate) enum Reply {
    /// A text for every id, or as many new ones as are asked for.
    Good,
    /// As `Good`, the last text left out.
    Short,
    /// The model declines.
    Refusal,
    /// As `Good`, but the token limit cuts the last text in its middle.
    Cut,
    /// As `Good`, but the model declines where the prompt holds this.
    GoodUnless(&'static str),
    /// An error with this status, message and `retry-after`.
    Status(u16, &'static str, Option<&'static str>),
    /// The reply, but only after so long.
    After(Duration, Box<Reply>),
}

#[derive(Default)]
struct Seen {
    n_connections: usize,
    bodies: BTreeMap<String, usize>,
    answered: BTreeMap<String, usize>,
    authorizations: Vec<Option<String>>,
}

/// A running server; it stops with the test process.
pub(crate) struct Server {
    /// Base URL.
    pub(crate) url: String,
    seen: Arc<Mutex<Seen>>,
}

type Script = dyn Fn(&Asked) -> Reply + Send + Sync;

impl Server {
    pub(crate) fn start(script: impl Fn(&Asked) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}/v1", listener.local_addr().expect("an address"));
        let (seen, script): (Arc<Mutex<Seen>>, Arc<Script>) = (Arc::default(), Arc::new(script));
        let shared = Arc::clone(&seen);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                shared.lock().expect("no poison").n_connections += 1;
                let (seen, script) = (Arc::clone(&shared), Arc::clone(&script));
                std::thread::spawn(move || serve(stream, &seen, &*script));
            }
        });
        Server { url, seen }
    }

    /// Connections that were opened.
    pub(crate) fn n_connections(&self) -> usize {
        self.seen.lock().expect("no poison").n_connections
    }

    /// Requests that arrived, repeated ones included.
    pub(crate) fn n_asked(&self) -> usize {
        self.seen.lock().expect("no poison").bodies.values().sum()
    }

    /// Every body that arrived, once.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.seen.lock().expect("no poison").bodies.keys().cloned().collect()
    }

    /// How often each body was answered with status 200.
    pub(crate) fn answered(&self) -> BTreeMap<String, usize> {
        self.seen.lock().expect("no poison").answered.clone()
    }

    /// The `authorization` header of each request.
    pub(crate) fn authorizations(&self) -> Vec<Option<String>> {
        self.seen.lock().expect("no poison").authorizations.clone()
    }
}

fn serve(mut stream: TcpStream, seen: &Mutex<Seen>, script: &Script) {
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    while let Some((body, authorization)) = read(&mut reader) {
        let asked = {
            let mut seen = seen.lock().expect("no poison");
            let n = seen.bodies.values().sum();
            let times = seen.bodies.entry(body.clone()).or_default();
            *times += 1;
            let times = *times;
            seen.authorizations.push(authorization);
            Asked { n, times, body: serde_json::from_str(&body).unwrap_or_default() }
        };
        let mut reply = script(&asked);
        while let Reply::After(time, later) = reply {
            std::thread::sleep(time);
            reply = *later;
        }
        if let Reply::GoodUnless(part) = reply {
            reply = if asked.body.to_string().contains(part) { Reply::Refusal } else { Reply::Good };
        }
        let (status, head, text) = match reply {
            Reply::Good => (200, String::new(), completion(&asked, &texts(&asked, 0).to_string(), "stop")),
            Reply::Short => (200, String::new(), completion(&asked, &texts(&asked, 1).to_string(), "stop")),
            Reply::Cut => {
                let whole = texts(&asked, 0).to_string();
                (200, String::new(), completion(&asked, &whole[..whole.len() - 12], "length"))
            }
            Reply::Refusal => {
                (200, String::new(), completion(&asked, "I'm sorry, but I can't help with that.", "stop"))
            }
            Reply::Status(status, message, wait) => {
                let head = wait.map_or_else(String::new, |w| format!("retry-after: {w}\r\n"));
                (status, head, json!({"error": {"message": message, "type": "error"}}).to_string())
            }
            Reply::After(..) | Reply::GoodUnless(_) => unreachable!("taken apart above"),
        };
        if status == 200 {
            *seen.lock().expect("no poison").answered.entry(body).or_default() += 1;
        }
        let length = text.len();
        let whole = format!(
            "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n{head}\r\n{text}"
        );
        if stream.write_all(whole.as_bytes()).is_err() {
            return;
        }
    }
}

fn read(reader: &mut BufReader<TcpStream>) -> Option<(String, Option<String>)> {
    let (mut length, mut authorization) = (0, None);
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        if line.trim().is_empty() {
            break;
        }
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
    Some((String::from_utf8(body).ok()?, authorization))
}

fn completion(asked: &Asked, content: &str, finish: &str) -> String {
    json!({
        "id": "chatcmpl-1", "object": "chat.completion", "model": asked.body["model"],
        "choices": [{"index": 0, "message": {"role": "assistant", "content": content}, "finish_reason": finish}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}
    })
    .to_string()
}

/// The answer of the form that the prompt asks for, `left_out` texts short; a function of the body alone.
fn texts(asked: &Asked, left_out: usize) -> Value {
    let user = asked.body["messages"].as_array().and_then(|m| m.last()).map(|m| m["content"].clone());
    let user = user.as_ref().and_then(Value::as_str).unwrap_or_default();
    let rows = user.lines().filter_map(|l| serde_json::from_str::<Value>(l.trim_end_matches(',')).ok());
    let ids: Vec<String> = rows.filter_map(|row| Some(row["id"].as_str()?.to_owned())).collect();
    let mut all: Vec<Value> = if ids.is_empty() {
        let wanted = user.split_whitespace().find_map(|w| w.parse::<u64>().ok()).unwrap_or(1);
        (0..wanted).map(|i| text(user, &i.to_string()).into()).collect()
    } else {
        ids.iter().map(|id| json!({"id": id, "text": text(user, id)})).collect()
    };
    all.truncate(all.len().saturating_sub(left_out));
    json!({ "texts": all })
}

const WORDS: [&str; 48] = [
    "garden",
    "evening",
    "always",
    "children",
    "bright",
    "music",
    "friendly",
    "corner",
    "yesterday",
    "smile",
    "helped",
    "again",
    "lovely",
    "winter",
    "patient",
    "window",
    "story",
    "little",
    "quick",
    "warm",
    "thanks",
    "coffee",
    "rainy",
    "poster",
    "concert",
    "shelves",
    "quiet",
    "finally",
    "visit",
    "Sunday",
    "morning",
    "painted",
    "chairs",
    "found",
    "glasses",
    "teacher",
    "open",
    "happy",
    "brought",
    "cake",
    "neighbour",
    "train",
    "reading",
    "lamp",
    "newest",
    "grateful",
    "whole",
    "team",
];

/// Nine words that hang on prompt and id.
fn text(prompt: &str, id: &str) -> String {
    let mut state = 0xcbf2_9ce4_8422_2325_u64;
    for byte in prompt.bytes().chain(id.bytes()) {
        state = (state ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let mut word = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        WORDS[(state >> 33) as usize % WORDS.len()]
    };
    let words: Vec<&str> = (0..9).map(|_| word()).collect();
    words.join(" ") + "."
}
