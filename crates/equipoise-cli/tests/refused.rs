//! What an endpoint refuses, and whose fault that is: a row's, the limit's, the model's name, the key's.

mod common;
#[path = "common/endpoint.rs"]
mod endpoint;

use common::{command, complaints, equipoise, fault, finish};
use endpoint::{assert_target_met, bodies, read, run, run_in_chunks, status};
use fault_server::{Asked, Profile, Reply, Script, Server};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

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
    assert_eq!(fault(&ran, 69, &["no such model", "qwen3-8b, m2", "--model openai-compatible/"]), None);
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

#[test]
fn https_where_the_server_speaks_http_is_told_at_once_and_the_other_address_works() {
    let server = Server::start(Profile { models: ["x".to_owned()].into(), ..Profile::default() });
    let folder = complaints();
    let secure = server.url().replace("http://", "https://");
    let more = ["--unpriced", "--yes", "--max-concurrency", "2"];
    let arguments: Vec<&str> = run(&server, "out", &more);
    let arguments: Vec<&str> = arguments.iter().map(|a| if *a == server.url() { &secure } else { *a }).collect();
    let ran = equipoise(folder.path(), &arguments);
    assert_eq!(fault(&ran, 69, &["speaks http and not https", "resume out --base-url", server.url()]), None);
    equipoise(folder.path(), &["resume", "out", "--base-url", server.url()]).ends_with(0);
    assert_target_met(&folder.path().join("out"));
}

#[test]
fn a_redirect_says_where_it_leads_and_is_not_followed() {
    let (other, folder) = (Server::scripted(|_| Reply::Good), complaints());
    let to = format!("{}/chat/completions", other.url());
    let server = Server::scripted(move |_| Reply::with(308, "location", &to));
    let ran = equipoise(folder.path(), &run(&server, "out", &["--unpriced", "--yes", "--max-concurrency", "2"]));
    assert_eq!(fault(&ran, 69, &["sends callers on to", other.url()]), None);
    assert_eq!(other.n_asked(), 0);
}

#[test]
fn two_rows_that_a_filter_refuses_stand_aside_and_the_others_go_on() {
    let filtered = |asked: &Asked| {
        let body = asked.body().to_string();
        match body.contains("in 2009!") || body.contains("in 2012!") {
            true => status(
                400,
                "The response was filtered due to the prompt triggering the content management policy.",
                None,
            ),
            false => Reply::Good,
        }
    };
    let (server, folder) = (Server::scripted(filtered), complaints());
    let more = ["--unpriced", "--yes", "--max-concurrency", "2"];
    let mut arguments: Vec<&str> = run(&server, "out", &more).into_iter().filter(|a| *a != "praise=40").collect();
    let (at, chunk) = (arguments.iter().position(|a| *a == "--label-to"), arguments.iter().position(|a| *a == "2"));
    arguments[chunk.expect("the chunk")] = "16";
    arguments.insert(at.expect("the option") + 1, "praise=112");
    equipoise(folder.path(), &arguments).ends_with(0);
    let selection = read(&folder.path().join("out/selection.json"));
    let n_kept = selection["kept"].as_array().map_or(0, Vec::len);
    assert!(n_kept >= 80, "{n_kept} kept: {}", selection["rows"]);
}

#[test]
fn a_run_whose_budget_is_used_up_goes_on_with_a_higher_one() {
    let (server, folder) = (Server::scripted(|_| Reply::Good), complaints());
    let more = ["--price", "1,2", "--budget", "0.004", "--yes", "--max-concurrency", "1"];
    let ran = equipoise(folder.path(), &run(&server, "out", &more));
    assert_eq!(fault(&ran, 75, &["budget is used up", "resume out", "--budget USD"]), None);
    equipoise(folder.path(), &["resume", "out", "--budget", "1"]).ends_with(0);
    assert_target_met(&folder.path().join("out"));
}

#[test]
fn a_run_that_stopped_since_no_text_came_goes_on_and_is_forked_once_the_endpoint_is_mended() {
    let is_mended = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&is_mended);
    let (server, folder) = (
        Server::scripted(move |asked: &Asked| {
            if seen.load(Ordering::Relaxed) {
                return Reply::Good;
            }
            let mut body: Value = serde_json::from_str(&asked.good).expect("a good answer is JSON");
            body["choices"][0]["message"]["content"] = Value::Null;
            Reply::status(200, &body.to_string())
        }),
        complaints(),
    );
    let ran = equipoise(folder.path(), &run(&server, "out", &["--unpriced", "--yes", "--max-concurrency", "2"]));
    assert_eq!(fault(&ran, 75, &["held no text that can be read", "`equipoise resume out`"]), None);
    assert!(server.n_asked() <= 8, "{} calls", server.n_asked());
    is_mended.store(true, Ordering::Relaxed);
    equipoise(folder.path(), &["resume", "out", "--fork"]).ends_with(0);
    equipoise(folder.path(), &["resume", "out"]).ends_with(0);
    assert_target_met(&folder.path().join("out"));
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
}

#[test]
fn a_page_in_the_place_of_an_answer_is_told_by_its_title() {
    let page = "<!doctype html><html><head><title>Guest Wi-Fi</title></head></html>";
    let (server, folder) = (Server::scripted(move |_| Reply::status(200, page)), complaints());
    let ran = equipoise(folder.path(), &run(&server, "out", &["--unpriced", "--yes", "--max-concurrency", "2"]));
    assert_eq!(fault(&ran, 69, &["is no model", "“Guest Wi-Fi”", "--base-url URL"]), None);
    assert!(server.n_asked() <= 4, "{} calls", server.n_asked());
}

#[test]
fn a_refusal_of_access_that_is_not_of_the_key_does_not_ask_for_another_one() {
    for (says, is_of_the_key) in [("Your organization must be verified", false), ("invalid token", true)] {
        let (server, folder) = (Server::scripted(move |_| status(403, says, None)), complaints());
        let ran = equipoise(folder.path(), &run(&server, "out", &["--unpriced", "--yes", "--max-concurrency", "2"]));
        assert_eq!(fault(&ran, 69, &[says, "resume out"]), None);
        assert_eq!(ran.err.contains("put the right key"), is_of_the_key, "{}", ran.err);
    }
}

#[test]
fn errors_and_tool_calls_in_the_place_of_texts_never_become_rows_and_stop_after_few_requests() {
    for content in [
        r#"{"detail":"upstream connect error or disconnect reset before headers","status":503}"#,
        r#"{"name":"generate_texts","arguments":{"count":6,"style":"lower case"}}"#,
        r#"{"error":{"message":"Rate limit exceeded for model m","code":429}}"#,
    ] {
        let fails = move |asked: &Asked| {
            let mut body: Value = serde_json::from_str(&asked.good).expect("a good answer is JSON");
            body["choices"][0]["message"]["content"] = content.into();
            Reply::status(200, &body.to_string())
        };
        let (server, folder) = (Server::scripted(fails), complaints());
        let ran = equipoise(folder.path(), &run(&server, "out", &["--unpriced", "--yes", "--max-concurrency", "2"]));
        assert_eq!(fault(&ran, 75, &["0 of"]), None);
        assert!(server.n_asked() <= 8, "{} calls", server.n_asked());
    }
}

#[test]
fn a_model_of_which_the_checks_keep_nothing_is_paid_for_one_round() {
    let copies = |asked: &Asked| {
        let mut body: Value = serde_json::from_str(&asked.good).expect("a good answer is JSON");
        let content = &mut body["choices"][0]["message"]["content"];
        let mut texts: Value = serde_json::from_str(content.as_str().expect("content")).expect("JSON was asked for");
        for text in texts["texts"].as_array_mut().expect("texts") {
            text["text"] = "Many thanks to the cook who was so kind to us in 2004!".into();
        }
        *content = texts.to_string().into();
        Reply::status(200, &body.to_string())
    };
    let (server, folder) = (Server::scripted(copies), complaints());
    let ran = equipoise(folder.path(), &run(&server, "out", &["--unpriced", "--yes", "--max-concurrency", "2"]));
    let says = ["kept none of 24 texts of 12 requests", "(24 texts): it ", "copy/copy_of_", "verdicts.jsonl", "--try"];
    assert_eq!(fault(&ran, 75, &says), None);
    assert!(server.n_asked() <= 12 + 2, "{} requests for 12", server.n_asked());
    let again = equipoise(folder.path(), &["resume", "out"]);
    assert_eq!(fault(&again, 75, &says), None, "what was answered is judged again, and not paid again");
    assert!(server.n_asked() <= 12 + 2, "{} requests for 12", server.n_asked());
}

#[test]
fn a_run_of_one_request_that_brings_nothing_of_use_is_no_success() {
    for (content, says) in [
        ("Many thanks to the cook who was so kind to us in 2004!", &["kept none of", "copy/copy_of_row"][..]),
        ("", &["no text came of", "answers held no text that can be read"]),
    ] {
        let useless = move |asked: &Asked| {
            let mut body: Value = serde_json::from_str(&asked.good).expect("a good answer is JSON");
            body["choices"][0]["message"]["content"] = content.into();
            Reply::status(200, &body.to_string())
        };
        let (server, folder) = (Server::scripted(useless), complaints());
        let arguments = run(&server, "out", &["--unpriced", "--yes", "--max-concurrency", "2"]);
        let arguments: Vec<&str> = arguments.iter().map(|a| if *a == "praise=40" { "praise=17" } else { a }).collect();
        assert_eq!(fault(&equipoise(folder.path(), &arguments), 75, says), None);
    }
}

#[test]
fn a_gateway_without_a_channel_for_the_model_stops_the_run_at_once() {
    let says = "No available channel for model x under group default (distributor)";
    let script = move |_: &Asked| {
        let body = json!({"error": {"message": says, "type": "new_api_error", "param": "", "code": "model_not_found"}});
        Reply::status(503, &body.to_string())
    };
    let (server, folder) = (Server::scripted(script), complaints());
    let ran = equipoise(folder.path(), &run(&server, "out", &["--unpriced", "--yes", "--max-concurrency", "2"]));
    assert_eq!(fault(&ran, 69, &[says, "no such model", "channel of the key's group", "resume out", "--model"]), None);
    assert!(server.n_asked() <= 4, "{} calls", server.n_asked());
}

#[test]
fn an_effort_that_is_refused_with_those_that_are_taken_is_changed_once_and_told_once() {
    let script = |asked: &Asked| match asked.body()["reasoning_effort"].as_str() {
        Some("none" | "minimal") => {
            let message = "Unsupported value: 'none' is not supported with this model. Supported values are: 'low', 'medium', and 'high'.";
            status(400, message, None)
        }
        _ => Reply::Good,
    };
    let (server, folder) = (Server::scripted(script), complaints());
    let more = ["--unpriced", "--yes", "--max-concurrency", "2", "--reasoning", "none"];
    let ran = equipoise(folder.path(), &run(&server, "out", &more)).ends_with(0);
    assert_target_met(&folder.path().join("out"));
    assert_eq!(ran.err.matches("the reasoning effort `low` is sent from now on").count(), 1, "{}", ran.err);
    let sent = bodies(&server).iter().filter(|body| body.contains("minimal")).count();
    assert_eq!(sent, 0, "what the message does not name is not tried");
}
