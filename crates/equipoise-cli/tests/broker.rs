//! The broker: clients over HTTP, one engine behind them.
#![cfg(unix)]

mod common;

use common::command;
use fault_server::{Profile, Reply, Server};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::tempdir;

/// A broker that runs.
struct Running {
    child: Child,
    /// `127.0.0.1:PORT`.
    address: String,
}

/// A response: status, headers in lower case, body.
struct Response {
    status: u16,
    headers: String,
    body: Value,
}

impl Running {
    /// Starts a broker of the model at `url` in `folder`, and waits until it listens.
    fn start(folder: &Path, url: &str, more: &[&str]) -> Self {
        let args = ["broker", "--model", "openai-compatible/m-1", "--base-url", url, "--price", "1,1", "--port", "0"];
        let args = [&args[..], &["--out", "kept", "--json"], more].concat();
        let mut command = command(folder, &args);
        command.env("BROKER_TOKEN", "let-me-in").stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the binary starts");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("a pipe")).read_line(&mut line).expect("a line");
        let told: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line:?}"));
        let url = told["url"].as_str().expect("an address").to_owned();
        let address = url.trim_start_matches("http://").trim_end_matches("/v1").to_owned();
        Running { child, address }
    }

    /// Sends a request by hand; `None` where the connection breaks.
    fn send(&self, head: &str, body: &str) -> Option<Response> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        let length = body.len();
        let text = format!("{head}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all(text.as_bytes()).ok()?;
        let mut said = String::new();
        stream.read_to_string(&mut said).ok()?;
        let (head, body) = said.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Response { status, headers: head.to_lowercase(), body: serde_json::from_str(body).ok()? })
    }

    fn post(&self, body: &Value) -> Option<Response> {
        let head = format!("POST /v1/chat/completions HTTP/1.1\r\nHost: {}", self.address);
        self.send(&head, &body.to_string())
    }

    /// Asks for text number `n`.
    fn ask(&self, n: usize) -> Option<Response> {
        self.post(&chat(n))
    }

    fn get(&self, path: &str) -> Response {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: {}", self.address), "").expect("a response")
    }

    fn press_ctrl_c(&self) {
        let pressed = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().expect("kill runs");
        assert!(pressed.success());
    }

    /// Waits for its end; exit code and what it said on standard error.
    fn end(mut self) -> (Option<i32>, String) {
        let mut said = String::new();
        self.child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
        (self.child.wait().expect("it ends").code(), said)
    }
}

fn chat(n: usize) -> Value {
    json!({"model": "m-1", "max_tokens": 50, "messages": [
        {"role": "system", "content": "Write."}, {"role": "user", "content": format!("one text #{n}")},
    ]})
}

fn text(response: &Response) -> &str {
    response.body["choices"][0]["message"]["content"].as_str().unwrap_or_default()
}

fn code(response: &Response) -> &str {
    response.body["error"]["code"].as_str().unwrap_or_default()
}

fn spent(folder: &Path) -> Value {
    let text = std::fs::read_to_string(folder.join("kept/spent.json")).expect("spent.json");
    serde_json::from_str(&text).expect("JSON")
}

#[test]
fn one_text_that_two_clients_ask_for_is_asked_once_and_known_after_a_restart() {
    let server = Server::start(Profile { latency: Duration::from_millis(400), ..Profile::default() });
    let folder = tempdir().expect("a folder");
    let broker = Running::start(folder.path(), server.url(), &[]);
    let answers = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..2).map(|_| scope.spawn(|| broker.ask(5).expect("an answer"))).collect();
        clients.into_iter().map(|client| client.join().expect("no panic")).collect::<Vec<_>>()
    });
    for answer in &answers {
        assert_eq!((answer.status, text(answer)), (200, "answer to 5"), "{}", answer.body);
        assert!(answer.headers.contains("x-equipoise-answer-from: model"), "{}", answer.headers);
    }
    assert_eq!(server.n_asked(), 1);
    broker.press_ctrl_c();
    let (ended, said) = broker.end();
    assert_eq!(ended, Some(0), "{said}");
    assert!(
        said.contains("2 requests of clients: 1 answered by openai-compatible/m-1, 1 with the answer to"),
        "{said}"
    );
    let broker = Running::start(folder.path(), server.url(), &[]);
    let known = broker.ask(5).expect("an answer");
    assert_eq!((known.status, text(&known), server.n_asked()), (200, "answer to 5", 1));
    assert!(known.headers.contains("x-equipoise-answer-from: journal"), "{}", known.headers);
    assert_eq!(broker.get("/health").body["requests"]["n_known"], 1);
    broker.press_ctrl_c();
    assert!(broker.end().1.contains("1 out of the journal"));
}

#[test]
fn a_broker_that_is_killed_and_started_again_bills_no_answered_request_twice() {
    const SLOTS: usize = 4;
    const N: usize = 40;
    let server = Server::start(Profile { latency: Duration::from_millis(120), keep: true, ..Profile::default() });
    let folder = tempdir().expect("a folder");
    let slots = ["--max-concurrency", &SLOTS.to_string()];
    let mut broker = Running::start(folder.path(), server.url(), &slots);
    let ask_all = |broker: &Running| -> BTreeMap<usize, String> {
        std::thread::scope(|scope| {
            let of_client = |client: usize| (client..N).step_by(8).map(|n| (n, broker.ask(n))).collect::<Vec<_>>();
            let clients: Vec<_> = (0..8).map(|client| scope.spawn(move || of_client(client))).collect();
            let all = clients.into_iter().flat_map(|client| client.join().expect("no panic"));
            all.filter_map(|(n, response)| Some((n, text(&response?).to_owned()))).collect()
        })
    };
    let (pid, n_asked) = (broker.child.id().to_string(), || server.n_asked());
    let first = std::thread::scope(|scope| {
        scope.spawn(|| {
            let began = Instant::now();
            while n_asked() < N / 2 && began.elapsed() < Duration::from_secs(60) {
                std::thread::sleep(Duration::from_millis(5));
            }
            assert!(Command::new("kill").args(["-KILL", &pid]).status().expect("kill runs").success());
        });
        ask_all(&broker)
    });
    broker.child.wait().expect("it was killed");
    assert!(!first.is_empty() && first.len() < N, "{} were answered before", first.len());
    let broker = Running::start(folder.path(), server.url(), &slots);
    let n_unknown = spent(folder.path())["n_unknown"].as_u64().expect("listed at once") as usize;
    assert!((1..=SLOTS).contains(&n_unknown), "{n_unknown} of unknown fate");
    let second = ask_all(&broker);
    assert_eq!(second.len(), N);
    assert!(second.iter().all(|(n, text)| *text == format!("answer to {n}")), "{second:?}");
    let billed = server.billed();
    for n in first.keys() {
        assert_eq!(billed[&n.to_string()], 1, "text {n} was answered before the kill");
    }
    assert!(billed.values().sum::<usize>() <= N + n_unknown, "{billed:?}");
    broker.press_ctrl_c();
    let (ended, said) = broker.end();
    assert_eq!(ended, Some(0), "{said}");
    assert!(said.contains("sent and may have been billed without an answer"), "{said}");
    let spent = spent(folder.path());
    assert_eq!((spent["n_answered"].as_u64(), spent["n_unknown"].as_u64()), (Some(N as u64), Some(n_unknown as u64)));
    assert!(spent["usd"].as_f64() > spent["usd_answers"].as_f64(), "what may have been billed stays reserved");
}

#[test]
fn the_budget_holds_and_what_is_answered_stays_to_be_had() {
    let server = Server::start(Profile { usage: Some((10, 5)), ..Profile::default() });
    let folder = tempdir().expect("a folder");
    // An answer costs 15 millionths of a dollar, and up to 100 are set aside for one.
    let broker = Running::start(folder.path(), server.url(), &["--budget", "0.0002"]);
    let answers: Vec<Response> = (0..12).map(|n| broker.ask(n).expect("a response")).collect();
    let n_answered = answers.iter().filter(|answer| answer.status == 200).count();
    assert!((2..12).contains(&n_answered), "{n_answered} were answered");
    let refused = answers.last().expect("twelve");
    assert_eq!((refused.status, code(refused)), (402, "budget_used_up"), "{}", refused.body);
    let message = refused.body["error"]["message"].as_str().unwrap_or_default();
    assert!(message.starts_with("the budget is used up"), "{message}");
    assert_eq!(broker.ask(0).map(|known| known.status), Some(200), "what is in the journal costs nothing");
    assert_eq!(server.n_asked(), n_answered);
    broker.press_ctrl_c();
    assert_eq!(broker.end().0, Some(0));
    assert!(spent(folder.path())["usd"].as_f64() <= Some(0.0002));
}

#[test]
fn a_client_hears_why_there_is_no_answer() {
    let server = Server::scripted(|asked| match asked.id.as_str() {
        "1" => Reply::status(
            400,
            r#"{"error":{"message":"maximum context length is 10 tokens","code":"context_length_exceeded"}}"#,
        ),
        "2" if asked.times == 1 => Reply::status(401, r#"{"error":{"message":"Incorrect API key provided"}}"#),
        _ => Reply::Good,
    });
    let folder = tempdir().expect("a folder");
    let broker = Running::start(folder.path(), server.url(), &[]);
    // Before anything was answered the key is at fault.
    let refused = broker.ask(2).expect("a response");
    assert_eq!((refused.status, code(&refused)), (401, "invalid_api_key"), "{}", refused.body);
    assert_eq!(broker.ask(2).map(|mended| mended.status), Some(200), "it is tried again for whoever asks again");
    let too_long = broker.ask(1).expect("a response");
    assert_eq!((too_long.status, code(&too_long)), (400, "context_length_exceeded"), "{}", too_long.body);
    assert_eq!(broker.ask(3).map(|other| other.status), Some(200), "others go on");
    broker.press_ctrl_c();
    assert!(broker.end().1.contains("2 refused"));
}

#[test]
fn a_provider_that_is_out_gives_503_and_no_hang() {
    let server = Server::scripted(|_| Reply::status(503, ""));
    let folder = tempdir().expect("a folder");
    let broker = Running::start(folder.path(), server.url(), &["--max-outage", "1s"]);
    let began = Instant::now();
    let refused = broker.ask(1).expect("a response");
    assert!(began.elapsed() < Duration::from_secs(60), "{:?}", began.elapsed());
    assert_eq!((refused.status, code(&refused)), (503, "provider_unavailable"), "{}", refused.body);
    assert!(refused.headers.contains("retry-after: "), "{}", refused.headers);
    broker.press_ctrl_c();
    assert_eq!(broker.end().0, Some(0));
}

#[test]
fn ctrl_c_waits_for_what_is_in_flight_and_takes_nothing_more() {
    let server = Server::start(Profile { latency: Duration::from_millis(900), ..Profile::default() });
    let folder = tempdir().expect("a folder");
    let broker = Running::start(folder.path(), server.url(), &["--max-concurrency", "1"]);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| broker.ask(1));
        let began = Instant::now();
        while server.n_asked() == 0 && began.elapsed() < Duration::from_secs(30) {
            std::thread::sleep(Duration::from_millis(5));
        }
        let second = scope.spawn(|| broker.ask(2));
        std::thread::sleep(Duration::from_millis(200));
        broker.press_ctrl_c();
        let first = first.join().expect("no panic").expect("an answer");
        assert_eq!((first.status, text(&first)), (200, "answer to 1"));
        let second = second.join().expect("no panic").expect("a response");
        assert_eq!((second.status, code(&second)), (503, "broker_stopping"));
    });
    let (ended, said) = broker.end();
    assert_eq!(ended, Some(0), "{said}");
    assert!(said.contains("1 answered by") && said.contains("1 refused"), "{said}");
    assert_eq!((server.n_asked(), spent(folder.path())["n_unknown"].as_u64()), (1, Some(0)));
}

#[test]
fn requests_that_cannot_be_passed_on_and_strangers_are_refused() {
    let server = Server::start(Profile::default());
    let folder = tempdir().expect("a folder");
    let broker = Running::start(folder.path(), server.url(), &[]);
    let address = &broker.address;
    let mut other = chat(1);
    other["model"] = json!("m-2");
    let told = broker.post(&other).expect("a response");
    assert_eq!((told.status, code(&told)), (404, "model_not_found"));
    let mut streamed = chat(1);
    streamed["stream"] = json!(true);
    let told = broker.post(&streamed).expect("a response");
    assert_eq!((told.status, told.body["error"]["param"].as_str()), (400, Some("stream")));
    other["model"] = json!("openai-compatible/m-1");
    assert_eq!(broker.post(&other).map(|told| told.status), Some(200), "the name that the command has");
    assert_eq!(broker.get("/v1/models").body["data"][0]["id"], "m-1");
    assert_eq!((broker.get("/v1/models/m-1").status, broker.get("/v1/nothing").status), (200, 404));
    let page = format!("POST /v1/chat/completions HTTP/1.1\r\nHost: {address}\r\nOrigin: https://evil.example");
    assert_eq!(broker.send(&page, &chat(1).to_string()).map(|told| told.status), Some(403), "a page in a browser");
    let rebound = "POST /v1/chat/completions HTTP/1.1\r\nHost: evil.example";
    assert_eq!(broker.send(rebound, &chat(1).to_string()).map(|told| told.status), Some(403), "another name");
    assert_eq!(server.n_asked(), 1);
    broker.press_ctrl_c();
    assert_eq!(broker.end().0, Some(0));
}

#[test]
fn a_broker_that_cannot_begin_says_what_to_do() {
    let folder = tempdir().expect("a folder");
    std::fs::create_dir(folder.path().join("run")).expect("made");
    std::fs::write(folder.path().join("run/run.json"), "{}").expect("written");
    let model = ["broker", "--model", "openai-compatible/m", "--base-url", "http://127.0.0.1:9/v1", "--port", "0"];
    for (more, says) in [
        (&["--unpriced", "--out", "run"][..], &["run holds a run, and a broker needs", "--out DIR"][..]),
        (&[], &["the price of openai-compatible/m is not known", "--unpriced"]),
        (&["--budget", "1"], &["a budget needs the price", "--price IN,OUT"]),
        (&["--unpriced", "--listen", "0.0.0.0"], &["spends your money", "--token-env VAR"]),
    ] {
        let ran = common::equipoise(folder.path(), &[&model[..], more].concat());
        let is_told = says.iter().all(|part| ran.err.contains(part));
        assert!(ran.code == Some(2) && is_told, "{more:?}: {:?}\n{}", ran.code, ran.err);
    }
    let ran = common::equipoise(folder.path(), &["broker"]);
    assert_eq!(common::fault(&ran, 2, &["a broker asks a model over HTTP", "--model openai/gpt-4.1-mini"]), None);
}

#[test]
fn with_a_token_only_who_has_it_is_answered() {
    let server = Server::start(Profile::default());
    let folder = tempdir().expect("a folder");
    let broker = Running::start(folder.path(), server.url(), &["--listen", "0.0.0.0", "--token-env", "BROKER_TOKEN"]);
    let asks = |more: &str| {
        let head = format!("POST /v1/chat/completions HTTP/1.1\r\nHost: broker.example{more}");
        broker.send(&head, &chat(1).to_string()).map(|told| told.status)
    };
    assert_eq!(asks(""), Some(401));
    assert_eq!(asks("\r\nAuthorization: Bearer let-me-on"), Some(401));
    assert_eq!(asks("\r\nAuthorization: Bearer let-me-in"), Some(200));
    assert_eq!((broker.get("/health").status, broker.get("/v1/models").status), (200, 401));
    broker.press_ctrl_c();
    assert_eq!(broker.end().0, Some(0));
}
