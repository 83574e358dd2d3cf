//! What tests of runs against an endpoint share.

#![allow(dead_code, reason = "every test binary uses a part of it")]

use fault_server::{Reply, Server};
use serde_json::{Value, json};
use std::path::Path;

/// `run` against `server`, two source rows a request, nothing held out.
pub(crate) fn run<'a>(server: &'a Server, out: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let fixed = ["run", "train.csv", "--model", "openai-compatible/x", "--base-url", server.url(), "--out", out];
    let rest = ["--label-to", "praise=40", "--chunk", "2", "--no-evaluate"];
    [&fixed[..], &rest, more].concat()
}

pub(crate) fn read(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).expect("readable")).expect("JSON")
}

/// An error with this message and `retry-after`.
pub(crate) fn status(status: u16, message: &str, wait: Option<&str>) -> Reply {
    let body = json!({"error": {"message": message, "type": "error"}}).to_string().into_bytes();
    Reply::Whole { status, headers: wait.map(|w| ("retry-after", w.to_owned())).into_iter().collect(), body }
}

/// Every body that arrived.
pub(crate) fn bodies(server: &Server) -> Vec<String> {
    server.requests().iter().map(|asked| String::from_utf8_lossy(&asked.bytes).into_owned()).collect()
}

#[track_caller]
pub(crate) fn assert_target_met(run: &Path) {
    let selection = read(&run.join("selection.json"));
    assert_eq!(selection["kept"].as_array().map(Vec::len), Some(24), "{selection}");
    let rows = selection["rows"].as_object().expect("an account");
    let of = |names: &[&str]| names.iter().map(|n| rows[*n].as_u64().expect("a count")).sum::<u64>();
    let ends = of(&["kept", "surplus", "rejected", "missing", "refused", "quarantined", "failed", "cancelled"]);
    assert_eq!(of(&["planned", "extra"]), ends, "{selection}");
    let augmented = std::fs::read_to_string(run.join("augmented.csv")).expect("written");
    assert_eq!(augmented.lines().count(), 1 + 76 + 24);
}

/// The same with `chunk` source rows a request.
pub(crate) fn run_in_chunks<'a>(server: &'a Server, chunk: &'a str) -> Vec<&'a str> {
    let mut arguments = run(server, "out", &["--unpriced", "--yes", "--max-concurrency", "2"]);
    let at = arguments.iter().position(|a| *a == "2").expect("the chunk");
    arguments[at] = chunk;
    arguments
}
