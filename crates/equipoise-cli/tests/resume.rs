//! What `resume` may change of a run stays changed, and a fork goes on from there.

mod common;

use common::equipoise;
use fault_server::{Reply, Server};

#[test]
fn another_address_serves_from_then_on_and_a_fork_buys_nothing_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let row = |i: usize, label: &str| format!("the {label} number {i} of street {} was seen again,{label}\n", i * 7);
    let rows: String = (0..30).map(|i| row(i, "cat")).chain((30..36).map(|i| row(i, "dog"))).collect();
    std::fs::write(folder.path().join("train.csv"), format!("text,label\n{rows}")).expect("written");
    let server = Server::scripted(|_| Reply::Good);
    // Port 9 of this machine: nothing listens there.
    let dead = ["run", "train.csv", "--model", "openai-compatible/x", "--base-url", "http://127.0.0.1:9/v1"];
    let rest = ["--label-to", "dog=12", "--no-evaluate", "--unpriced", "--yes", "--max-outage", "1s", "--out", "out"];
    equipoise(folder.path(), &[&dead[..], &rest].concat()).ends_with(75);
    let resume = ["resume", "out", "--base-url", server.url(), "--deadline", "90s", "--max-concurrency", "1"];
    equipoise(folder.path(), &resume).ends_with(0);
    let paid = server.n_asked();
    assert!(paid > 0, "the new address was asked");
    equipoise(folder.path(), &["resume", "out", "--fork"]).ends_with(0);
    assert_eq!(server.n_asked(), paid, "the fork goes to the new address, and finds everything there");
}

#[test]
fn a_change_that_is_refused_is_not_kept() {
    let folder = common::complaints();
    equipoise(folder.path(), &["run", "train.csv", "--no-evaluate", "--out", "off"]).ends_with(0);
    equipoise(folder.path(), &["resume", "off", "--key-env", "FOO"]).ends_with(2);
    equipoise(folder.path(), &["resume", "off", "--key-env", ""]).ends_with(0);
    equipoise(folder.path(), &["resume", "off"]).ends_with(0);
    equipoise(folder.path(), &["replay", "off", "--check"]).ends_with(0);

    let server = Server::scripted(|_| Reply::Good);
    let run = ["run", "train.csv", "--model", "openai-compatible/x", "--base-url", server.url(), "--out", "asked"];
    let rest = ["--label-to", "praise=20", "--no-evaluate", "--unpriced", "--yes"];
    equipoise(folder.path(), &[&run[..], &rest].concat()).ends_with(0);
    let refused = equipoise(folder.path(), &["resume", "asked", "--key-env", "NOTSET"]);
    assert!(refused.code == Some(69) && refused.err.contains("NOTSET"), "{}", refused.err);
    equipoise(folder.path(), &["resume", "asked"]).ends_with(0);
    assert!(!folder.path().join("asked/resumed.json").exists());
}
