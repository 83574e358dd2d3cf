//! A small HTTP server on this machine: files with ETag and Range, redirects, tokens, and what the hub says of a data set.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

#[derive(Default)]
struct State {
    files: HashMap<String, Vec<u8>>,
    redirects: HashMap<String, String>,
    token: Option<String>,
    cut: Option<usize>,
    sent: Vec<(String, u16)>,
    tokens: Vec<Option<String>>,
    received: Vec<(String, String, Vec<u8>)>,
}

/// A running server; it ends with the test's process.
pub(crate) struct Server {
    url: String,
    state: Arc<Mutex<State>>,
}

impl Server {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State::default()));
        let shared = Arc::clone(&state);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                // A client that goes away is no fault of the server.
                let _ = answer(stream, &shared);
            }
        });
        Server { url, state }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The same server under another host name, as a redirect to another host has it.
    pub(crate) fn url_by_name(&self) -> String {
        self.url.replace("127.0.0.1", "localhost")
    }

    pub(crate) fn put(&self, path: &str, content: &[u8]) {
        self.state.lock().expect("no panic").files.insert(path.to_owned(), content.to_vec());
    }

    pub(crate) fn redirect(&self, path: &str, to: &str) {
        self.state.lock().expect("no panic").redirects.insert(path.to_owned(), to.to_owned());
    }

    pub(crate) fn needs_token(&self, token: &str) {
        self.state.lock().expect("no panic").token = Some(token.to_owned());
    }

    /// The next body ends after so many bytes.
    pub(crate) fn cut_next(&self, bytes: usize) {
        self.state.lock().expect("no panic").cut = Some(bytes);
    }

    /// What the hub says of a revision of a data set.
    pub(crate) fn api(&self, repository: &str, revision: &str, files: &[&str], card: &str) {
        let siblings: Vec<String> = files.iter().map(|f| format!("{{\"rfilename\": \"{f}\"}}")).collect();
        let body = format!("{{\"sha\": \"5ha\", \"siblings\": [{}], \"cardData\": {card}}}", siblings.join(", "));
        self.put(&format!("/api/datasets/{repository}/revision/{revision}"), body.as_bytes());
    }

    /// What the hub says of a revision of a model.
    pub(crate) fn models(&self, repository: &str, revision: &str, files: &[&str]) {
        let siblings: Vec<String> = files.iter().map(|f| format!("{{\"rfilename\": \"{f}\"}}")).collect();
        let body = format!("{{\"sha\": \"5ha\", \"siblings\": [{}]}}", siblings.join(", "));
        self.put(&format!("/api/models/{repository}/revision/{revision}"), body.as_bytes());
    }

    /// The statuses of the answers for a path, in order.
    pub(crate) fn sent(&self, path: &str) -> Vec<u16> {
        let state = self.state.lock().expect("no panic");
        state.sent.iter().filter(|(p, _)| p == path).map(|(_, status)| *status).collect()
    }

    /// What was posted or put: method, path, body.
    pub(crate) fn received(&self) -> Vec<(String, String, Vec<u8>)> {
        self.state.lock().expect("no panic").received.clone()
    }

    /// The token of each request, in order.
    pub(crate) fn tokens(&self) -> Vec<Option<String>> {
        self.state.lock().expect("no panic").tokens.clone()
    }
}

fn answer(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':') {
            headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
        }
    }
    let length = headers.get("content-length").and_then(|n| n.parse().ok()).unwrap_or(0);
    let mut posted = vec![0; length];
    reader.read_exact(&mut posted)?;
    let method = line.split(' ').next().unwrap_or_default().to_owned();
    let mut state = state.lock().expect("no panic");
    if method != "GET" {
        state.received.push((method, path.clone(), posted));
    }
    let token = headers.get("authorization").map(|v| v.trim_start_matches("Bearer ").to_owned());
    state.tokens.push(token.clone());
    let allowed = state.token.is_none() || state.token == token;
    let (status, head, body) = respond(&mut state, &path, &headers, allowed);
    state.sent.push((path, status));
    let cut = if status == 200 { state.cut.take() } else { None };
    drop(state);
    let mut out = stream;
    write!(out, "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n{head}\r\n", body.len())?;
    out.write_all(&body[..cut.unwrap_or(body.len()).min(body.len())])
}

fn respond(state: &mut State, path: &str, headers: &HashMap<String, String>, allowed: bool) -> (u16, String, Vec<u8>) {
    if !allowed {
        return (401, String::new(), Vec::new());
    }
    if let Some(to) = state.redirects.get(path) {
        return (302, format!("location: {to}\r\n"), Vec::new());
    }
    let Some(content) = state.files.get(path).cloned() else { return (404, String::new(), Vec::new()) };
    let etag = format!("\"{}\"", &blake3::hash(&content).to_hex()[..12]);
    let head = format!("etag: {etag}\r\n");
    if headers.get("if-none-match") == Some(&etag) {
        return (304, head, Vec::new());
    }
    let from = headers.get("range").and_then(|r| r.trim_start_matches("bytes=").trim_end_matches('-').parse().ok());
    match from.filter(|_| headers.get("if-range") == Some(&etag)) {
        Some(from) => (206, head, content[content.len().min(from)..].to_vec()),
        None => (200, head, content),
    }
}
