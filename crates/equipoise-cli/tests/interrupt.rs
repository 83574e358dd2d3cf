//! Ctrl-C while nothing is sent.
#![cfg(unix)]

mod common;

use common::command;
use std::io::{BufRead as _, BufReader, Read as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::tempdir;

#[test]
fn an_evaluation_that_is_asked_to_stop_is_left_soon_and_writes_nothing() {
    let folder = tempdir().expect("a folder");
    let demo = Path::new(env!("CARGO_MANIFEST_DIR")).join("../equipoise/demo");
    let (train, test) = (demo.join("train.csv"), demo.join("test.csv"));
    let files = ["--train", train.to_str().expect("text"), "--test", test.to_str().expect("text")];
    let learners = ["--learner", "linear", "--learner", "linear_char", "--learner", "linear_svm", "--tune"];
    let args = [&["evaluate", "--out", "out", "--log-json"][..], &files, &learners].concat();
    let mut child =
        command(folder.path(), &args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("starts");
    let mut said = BufReader::new(child.stderr.take().expect("piped"));
    let mut line = String::new();
    while !line.contains("\"advanced\"") {
        line.clear();
        assert!(said.read_line(&mut line).expect("text") > 0, "it ended before it was asked to stop");
    }
    let asked = Instant::now();
    let pressed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().expect("kill runs");
    assert!(pressed.success());
    let status = child.wait().expect("it ends");
    // A second on a quiet machine; this one may be busy with other tests.
    assert!(asked.elapsed() < Duration::from_secs(10), "{:?}", asked.elapsed());
    assert_eq!(status.code(), Some(130));
    let mut rest = String::new();
    said.read_to_string(&mut rest).expect("text");
    assert!(rest.contains("interrupted"), "{rest}");
    assert!(!folder.path().join("out").exists(), "an evaluation that was left writes nothing");
}
