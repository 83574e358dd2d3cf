//! What an endpoint refuses, and whose fault that is: a row's, the limit's, the model's name, the key's.

mod common;
#[path = "common/endpoint.rs"]
mod endpoint;

use common::{command, complaints, equipoise, fault, finish};
use endpoint::{assert_target_met, bodies, read, run, run_in_chunks, status};
use fault_server::{Asked, Profile, Reply, Script, Server};
use serde_json::Value;

#[test]
fn a_row_that_is_refused_in_unknown_words_is_no_fault_of_the_form_in_the_smallest_run() {
    let filtered = |asked: &Asked| match asked.body().to_string().contains("in 2009!") {
        true => status(400, "this goes against rule seven", None),
        false => Reply::Good,
    };
    let (server, folder) = (Server::scripted(filtered), complaints());
    // Eight rows, so that one request holds all of them.
    let path = folder.path().join("train.csv");
    let train = std::fs::read_to_string(&path).expect("readable");
    let (praise, others): (Vec<&str>, Vec<&str>) = train.lines().partition(|line| line.ends_with(",praise"));
    let (filtered, sound): (Vec<&str>, Vec<&str>) = praise.into_iter().partition(|line| line.contains("in 2009!"));
    let rows = [&others[..], &filtered[..1], &sound[..7]].concat();
    std::fs::write(&path, rows.join("\n") + "\n").expect("written");
    let more = ["--unpriced", "--yes", "--label-to", "praise=16"];
    let arguments: Vec<&str> = run_in_chunks(&server, "8").into_iter().filter(|a| *a != "praise=40").collect();
    let arguments: Vec<&str> = arguments.into_iter().filter(|a| !more.contains(a)).chain(more).collect();
    equipoise(folder.path(), &arguments).ends_with(0);
    let selection = read(&folder.path().join("out/selection.json"));
    assert_eq!(selection["kept"].as_array().map(Vec::len), Some(8), "{selection}");
    let n_refused = bodies(&server).iter().filter(|b| b.contains("in 2009!")).count();
    assert!(n_refused <= 8, "{n_refused} requests with the row");
}

#[test]
fn thoughts_that_fill_an_answer_raise_its_room_whatever_marks_them() {
    for thoughts in ["<think>\nFirst I look at the first text. ", "Okay, let me think about the first text. "] {
        let thinks = move |asked: &Asked| {
            let body = asked.body();
            let limit = body["max_tokens"].as_u64().or(body["max_completion_tokens"].as_u64()).unwrap_or(u64::MAX);
            if limit >= 900 {
                return Reply::Good;
            }
            let mut body: Value = serde_json::from_str(&asked.good).expect("a good answer is JSON");
            body["choices"][0]["message"]["content"] = thoughts.repeat(20).into();
            body["choices"][0]["finish_reason"] = "length".into();
            Reply::status(200, &body.to_string())
        };
        let (server, folder) = (Server::scripted(thinks), complaints());
        equipoise(folder.path(), &run_in_chunks(&server, "4")).ends_with(0);
        assert_target_met(&folder.path().join("out"));
    }
}

#[test]
fn a_model_that_an_address_has_not_is_told_beside_those_that_it_has() {
    let script = Some(Script::new(|_: &Asked| status(404, "The model `x` does not exist.", None)));
    let models = ["qwen3-8b", "m2"].map(str::to_owned).into();
    let server = Server::start(Profile { script, models, keep: true, ..Profile::default() });
    let folder = complaints();
    let ran = equipoise(folder.path(), &run(&server, "out", &["--unpriced", "--yes", "--max-concurrency", "2"]));
    assert_eq!(fault(&ran, 69, &["no such model", "qwen3-8b, m2", "--model openai_compatible/"]), None);
}

#[test]
fn a_run_goes_on_with_the_key_of_another_variable() {
    let script = |asked: &Asked| match asked.authorization.as_deref() {
        Some("Bearer right") => Reply::Good,
        _ => status(401, "not authenticated", None),
    };
    let (server, folder) = (Server::scripted(script), complaints());
    let ran = equipoise(folder.path(), &run(&server, "out", &["--unpriced", "--yes", "--max-concurrency", "2"]));
    assert_eq!(fault(&ran, 69, &["refuses the key", "--key-env VAR"]), None);
    let mut resumed = command(folder.path(), &["resume", "out", "--key-env", "MINE"]);
    resumed.env("MINE", "right");
    finish(resumed).ends_with(0);
    assert_target_met(&folder.path().join("out"));
}
