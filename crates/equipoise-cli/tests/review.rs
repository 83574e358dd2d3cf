//! `equipoise review`: who may look, what is saved, and what `replay` makes of it.
#![allow(clippy::unwrap_used, reason = "a test may panic")]

mod common;

use common::review;
use serde_json::{Value, json};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};

/// A review that is being served; killed hard when dropped.
struct Served {
    process: Child,
    address: String,
    token: String,
    cookie: String,
}

impl Served {
    fn start(dir: &Path, reviewer: &str) -> Self {
        let (process, url) = review(dir, reviewer);
        let (address, token) = url["http://".len()..].split_once("/?token=").expect("a token");
        let mut served =
            Served { process, address: address.to_owned(), token: token.to_owned(), cookie: String::new() };
        let (status, head, _) = served.ask("GET", &format!("/?token={}", served.token), None);
        assert_eq!(status, 303);
        let cookie = head.lines().find_map(|l| l.strip_prefix("set-cookie: ")).expect("a cookie");
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        served.cookie = cookie.split(';').next().unwrap_or_default().to_owned();
        served
    }

    fn ask(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, String, String) {
        self.ask_as(&self.address, method, path, body)
    }

    fn ask_as(&self, host: &str, method: &str, path: &str, body: Option<&Value>) -> (u16, String, String) {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut stream = TcpStream::connect(&self.address).unwrap();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nCookie: {}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            self.cookie,
            body.len()
        )
        .unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").expect("a head");
        let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).expect("a status");
        (status, head.replace("\r\n", "\n"), body.to_owned())
    }

    fn json(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let (status, _, body) = self.ask(method, path, body);
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn equipoise(dir: &Path, args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_equipoise")).args(args).current_dir(dir).output().unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

fn run() -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fixtures");
    let test = fixtures.join("library-test.csv");
    let input = fixtures.join("library.csv");
    let (input, test) = (input.to_str().unwrap(), test.to_str().unwrap());
    equipoise(dir.path(), &["run", input, "--test", test, "--out", "run", "--quiet"]);
    let path = dir.path().to_owned();
    (dir, path)
}

#[test]
fn decisions_survive_a_kill_and_replay_measures_what_was_accepted() {
    let (_guard, dir) = run();
    let rows = {
        let served = Served::start(&dir, "anna");
        let page = served.json("GET", "/api/rows", None);
        let rows = page["rows"].as_array().unwrap().clone();
        let queue = served.json("GET", "/api/queue", None)["queue"].as_array().unwrap().clone();
        assert!(!queue.is_empty() && queue[0]["shown"] == "sample", "{queue:?}");
        for item in &queue[..3] {
            let row = &rows[item["at"].as_u64().unwrap() as usize];
            let decision = json!({ "rows": [{ "row": row["row"] }], "decision": "reject", "reason": "unnatural" });
            assert_eq!(served.json("POST", "/api/decide", Some(&decision))["saved"], 1);
        }
        let undone = served.json("POST", "/api/undo", Some(&json!({})));
        assert_eq!(undone["row"], rows[queue[2]["at"].as_u64().unwrap() as usize]["row"]);
        rows
    };
    // The process was killed without a word.
    let served = Served::start(&dir, "anna");
    let queue = served.json("GET", "/api/queue", None);
    assert_eq!(queue["progress"]["n_decided"], 2);
    assert_eq!(queue["mine"].as_array().unwrap().len(), 2);
    let label = rows[0]["label"].as_str().unwrap();
    let found = served.json("POST", "/api/check", Some(&json!({ "text": "!!!", "label": label })));
    assert!(!found["findings"].as_array().unwrap().is_empty(), "a text without a word is found");
    drop(served);

    let check = Command::new(env!("CARGO_BIN_EXE_equipoise"));
    let check = { check }.args(["replay", "run", "--check"]).current_dir(&dir).output().unwrap();
    let said = String::from_utf8_lossy(&check.stderr).into_owned();
    assert!(
        said.contains("2 decisions of run are not applied yet") && said.contains("`equipoise replay run`"),
        "{said}"
    );
    let said = equipoise(&dir, &["replay", "run"]);
    assert!(
        said.contains("Review: 0 accepted, 2 rejected") && said.contains("before") && said.contains("after"),
        "{said}"
    );
    let evaluation: Value = serde_json::from_slice(&std::fs::read(dir.join("run/evaluation.json")).unwrap()).unwrap();
    assert_eq!(evaluation["review"]["decided"]["rejected"], 2);
    assert!(evaluation["review"]["before"]["verdict"]["arm"].is_string());
    assert!(equipoise(&dir, &["replay", "run", "--check"]).contains("equal, byte for byte"));
    let summary: Value = serde_json::from_str(&equipoise(&dir, &["review", "run", "--summary", "--json"])).unwrap();
    assert_eq!(summary["n_decided"], 2);
}

#[test]
fn the_page_opens_once_and_for_this_machine_alone() {
    let (_guard, dir) = run();
    let mut served = Served::start(&dir, "anna");
    let token = format!("/?token={}", served.token);
    let (status, head, body) = served.ask("GET", "/", None);
    assert_eq!(status, 200);
    assert!(head.contains("content-security-policy: default-src 'none'") && body.contains("review.js"));
    assert_eq!(served.ask_as("evil.example", "GET", "/", None).0, 403, "a name that only resolves to this machine");
    served.cookie.clear();
    assert_eq!(served.ask("GET", &token, None).0, 403, "the address works once");
    assert_eq!(served.ask("GET", "/api/rows", None).0, 403);
    assert_eq!(served.ask("POST", "/api/decide", Some(&json!({ "rows": [], "decision": "accept" }))).0, 403);
    assert!(!dir.join("run/human.jsonl").exists() || std::fs::read(dir.join("run/human.jsonl")).unwrap().is_empty());
}

#[test]
fn a_sheet_that_was_filled_in_is_read_back_once() {
    let (_guard, dir) = run();
    let path = dir.join("run/review.csv");
    let filled: Vec<String> = std::fs::read_to_string(&path)
        .unwrap()
        .lines()
        .enumerate()
        .map(|(at, line)| match at {
            1 => format!("{},accept,", line.strip_suffix(",,").expect("two columns to fill")),
            2 => format!("{},reject,unnatural", line.strip_suffix(",,").expect("two columns to fill")),
            _ => line.to_owned(),
        })
        .collect();
    std::fs::write(dir.join("filled.csv"), filled.join("\n")).unwrap();
    let read = ["review", "run", "--reviewer", "anna", "--read", "filled.csv"];
    assert!(equipoise(&dir, &read).starts_with("2 decisions saved"));
    assert!(equipoise(&dir, &read).starts_with("0 decisions saved"), "the same sheet says nothing new");
    let summary: Value = serde_json::from_str(&equipoise(&dir, &["review", "run", "--summary", "--json"])).unwrap();
    assert_eq!(summary["n_decided"], 2);
    let empty = json!({ "rows": [], "decision": "edit", "new_text": " " });
    assert_eq!(
        Served::start(&dir, "anna").ask("POST", "/api/decide", Some(&empty)).0 / 100,
        5,
        "a text is not edited away"
    );
    std::fs::write(dir.join("filled.csv"), filled.join("\n").replace(",reject,", ",perhaps,")).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_equipoise")).args(read).current_dir(&dir).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        !output.status.success() && said.contains("filled.csv, line 3") && said.contains("accept, reject"),
        "{said}"
    );
}
