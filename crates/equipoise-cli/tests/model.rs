//! Runs against an endpoint: what is sent, what is never sent, and what a kill, a fault or a budget leaves behind.

mod common;
#[path = "common/endpoint.rs"]
mod endpoint;

use common::{command, complaints, derived, equipoise, fault, files, finish, fixture};
use endpoint::{assert_target_met, bodies, read, run, run_in_chunks, status};
use fault_server::{Asked, Fault, Injected, Profile, Reply, Server};
use serde_json::{Value, json};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tempfile::tempdir;

/// The model declines in words.
fn refusal() -> Reply {
    Reply::Fault(Injected { fault: Fault::Refusal, form: 1 })
}

/// A refusal where the prompt holds `part`.
fn unless(asked: &Asked, part: &str) -> Reply {
    if asked.body().to_string().contains(part) { refusal() } else { Reply::Good }
}

/// A good answer that the token limit cuts in the middle of its last text.
fn cut(asked: &Asked) -> Reply {
    let mut body: Value = serde_json::from_str(&asked.good).expect("a good answer is JSON");
    let choice = &mut body["choices"][0];
    let text = choice["message"]["content"].as_str().expect("a text").to_owned();
    choice["message"]["content"] = text[..text.len() - 12].into();
    choice["finish_reason"] = "length".into();
    Reply::status(200, &body.to_string())
}

#[test]
fn a_good_endpoint_is_asked_once_for_each_chunk() {
    let (server, folder) = (Server::scripted(|_| Reply::Good), complaints());
    equipoise(folder.path(), &run(&server, "out", &["--unpriced", "--yes"])).ends_with(0);
    assert_target_met(&folder.path().join("out"));
    assert_eq!(server.n_asked(), 12, "24 texts, two a request");
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
    equipoise(folder.path(), &["resume", "out"]).ends_with(0);
    assert_eq!(server.n_asked(), 12, "neither replay nor resume asks");
}

#[test]
fn faults_on_the_way_are_mended_and_the_target_is_met() {
    let server = Server::scripted(|asked| match (asked.n, asked.times) {
        (0, _) => status(503, "overloaded", None),
        (1, _) => status(429, "slow down", Some("0")),
        (2, _) => status(429, "slow down", Some("1")),
        (5, _) => Reply::fault(Fault::WrongCount),
        (6, _) => Reply::Fault(Injected { fault: Fault::Refusal, form: 1 }),
        _ => Reply::Good,
    });
    let folder = complaints();
    let more = ["--unpriced", "--yes", "--max-concurrency", "1"];
    let ran = equipoise(folder.path(), &run(&server, "out", &more)).ends_with(0);
    assert_target_met(&folder.path().join("out"));
    let rows = &read(&folder.path().join("out/selection.json"))["rows"];
    // What was left out or declined was asked for again, and came.
    let none = [&rows["missing"], &rows["refused"], &rows["quarantined"]];
    assert!(none.iter().all(|n| **n == 0) && rows["planned"] == 24, "{rows} {}", ran.err);
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
}

/// `run` with so many rows a request.
#[test]
fn a_refusing_row_is_found_set_aside_and_never_asked_again_and_the_target_is_met() {
    let (server, folder) = (Server::scripted(|asked| unless(asked, "in 2009!")), complaints());
    let ran = equipoise(folder.path(), &run_in_chunks(&server, "8")).ends_with(0);
    let out = folder.path().join("out");
    assert_target_met(&out);
    let selection = read(&out.join("selection.json"));
    let aside = selection["set_aside"].as_array().unwrap();
    let refused = selection["rows"]["refused"].as_u64().unwrap();
    assert!((1..=2).contains(&refused) && aside.len() as u64 == refused, "{selection}");
    assert!(aside.iter().all(|s| s["state"] == "refused" && s["rows"].as_array().unwrap().len() == 1), "{selection}");
    assert!(ran.err.contains("declined, also alone") && ran.err.contains("set_aside"), "{}", ran.err);
    let alone =
        bodies(&server).iter().filter(|b| b.contains("in 2009!") && b.matches("\\\"id\\\"").count() <= 3).count();
    assert!(alone as u64 <= 2 * refused + 2, "{alone} asks");
    assert!(std::fs::read_to_string(out.join("report.html")).unwrap().contains("declined, also alone"));
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
}

#[test]
fn a_cut_answer_keeps_its_whole_texts_and_the_rest_is_asked_for_with_more_room() {
    let server = Server::scripted(|asked| if asked.n == 0 { cut(asked) } else { Reply::Good });
    let folder = complaints();
    equipoise(folder.path(), &run_in_chunks(&server, "8")).ends_with(0);
    assert_target_met(&folder.path().join("out"));
    let bodies = bodies(&server);
    assert!(bodies.len() >= 4, "{bodies:?}");
    let again = bodies.iter().filter(|b| b.contains("was cut off")).count();
    assert_eq!(again, 1, "one text was cut, and one request asks for it");
}

#[test]
fn a_prompt_that_nothing_answers_stops_with_75_after_the_first_requests() {
    let (server, folder) = (Server::scripted(|_| refusal()), complaints());
    let ran = equipoise(folder.path(), &run(&server, "out", &["--unpriced", "--yes"]));
    assert_eq!(fault(&ran, 75, &["of the first 6 requests", "declined", "`equipoise resume out`"]), None);
    assert_eq!(server.n_asked(), 6, "nothing is halved where everything is declined");
    let rows = &read(&folder.path().join("out/selection.json"))["rows"];
    assert_eq!((&rows["planned"], &rows["cancelled"]), (&24.into(), &24.into()), "{rows}");
    let again = equipoise(folder.path(), &["resume", "out"]);
    let n_again = server.n_asked() - 6;
    assert!(again.code == Some(75) && (1..=6).contains(&n_again), "{n_again}: {}", again.err);
}

#[test]
fn a_fork_reuses_equal_answers_and_leaves_the_old_run_alone() {
    let (server, folder) = (Server::scripted(|_| Reply::Good), complaints());
    let more = ["--unpriced", "--yes"];
    equipoise(folder.path(), &run(&server, "out", &more)).ends_with(0);
    let old = derived(&folder.path().join("out"));
    let mut changed = run(&server, "out", &more);
    let at = changed.iter().position(|a| *a == "praise=40").expect("a target");
    changed[at] = "praise=36";
    let ran = equipoise(folder.path(), &changed);
    assert_eq!(fault(&ran, 2, &["changed: targets.label_to.praise", "--fork"]), None);
    let before = server.n_asked();
    let ran = equipoise(folder.path(), &[&changed[..], &["--fork"]].concat()).ends_with(0);
    assert!(
        ran.err.contains("answers reused from run") && folder.path().join("out-1/report.html").exists(),
        "{}",
        ran.err
    );
    let reused: usize = ran.err.lines().find_map(|l| l.split_once(" of ")?.0.parse().ok()).expect("a count");
    assert!(
        reused > 0 && server.n_asked() - before <= 12 - reused,
        "{reused} reused, {} asked",
        server.n_asked() - before
    );
    assert_eq!(old, derived(&folder.path().join("out")));
    equipoise(folder.path(), &["replay", "out-1", "--check"]).ends_with(0);
    // The recipe of the run, the input as it is now: every answer is there.
    let before = server.n_asked();
    let ran = equipoise(folder.path(), &["resume", "out", "--fork"]).ends_with(0);
    assert!(ran.err.contains("12 of 12 answers reused"), "{}", ran.err);
    assert_eq!(server.n_asked(), before);
}

#[test]
fn a_row_without_a_readable_answer_three_times_alone_is_quarantined_and_the_target_is_met() {
    let script = |asked: &Asked| {
        if !asked.body().to_string().contains("in 2009!") {
            return Reply::Good;
        }
        asked.answer(r#"{"texts": []}"#)
    };
    let (server, folder) = (Server::scripted(script), complaints());
    let ran = equipoise(folder.path(), &run_in_chunks(&server, "8")).ends_with(0);
    let out = folder.path().join("out");
    assert_target_met(&out);
    let selection = read(&out.join("selection.json"));
    let aside = selection["set_aside"].as_array().unwrap();
    let n = selection["rows"]["quarantined"].as_u64().unwrap();
    assert!((1..=2).contains(&n) && aside.len() as u64 == n, "{selection}");
    let is_known = |s: &Value| s["state"] == "quarantined" && s["rows"].as_array().is_some_and(|rows| rows.len() == 1);
    assert!(aside.iter().all(is_known), "{selection}");
    assert!(ran.err.contains("held back for you to look at: without a usable answer three times alone"), "{}", ran.err);
    let told = std::fs::read_to_string(out.join("report.html")).unwrap();
    assert!(told.contains("held back for you to look at: without a usable answer three times alone"));
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
}

#[test]
fn a_fork_with_another_check_setting_asks_nothing_and_one_with_another_prompt_asks_everything() {
    let (server, folder) = (Server::scripted(|_| Reply::Good), complaints());
    let more = ["--unpriced", "--yes"];
    equipoise(folder.path(), &run(&server, "out", &more)).ends_with(0);
    assert_eq!(server.n_asked(), 12);
    std::fs::write(folder.path().join("checks.toml"), "[check.near_duplicate]\nthreshold = 0.95\n").unwrap();
    let fork = |more: &[&str]| {
        let arguments = [&run(&server, "out", &["--unpriced", "--yes", "--fork"])[..], more].concat();
        equipoise(folder.path(), &arguments).ends_with(0)
    };
    let ran = fork(&["--recipe", "checks.toml"]);
    assert!(ran.err.contains("12 of 12 answers reused from run"), "{}", ran.err);
    assert_eq!(server.n_asked(), 12, "the answers are the same, whatever is made of them");
    assert_target_met(&folder.path().join("out-1"));
    let template = r#"{# equipoise: generator=rewrite answer=json #}
{% block system %}You rewrite messages for a data set.{% endblock %}
{% block user %}
Rewrite these {{ wanted }} texts; the label is {{ label | tojson }}.
{"texts": [{% for source in sources %}{"id": {{ source.id | tojson }}, "text": {{ source.text | tojson }}}{{ "," if not loop.last }}{% endfor %}]}
Answer with JSON of the same form.
{% endblock %}
"#;
    std::fs::write(folder.path().join("mine.j2"), template).unwrap();
    let before = server.n_asked();
    let ran = fork(&["--prompt", "mine.j2"]);
    assert!(ran.err.contains("0 of ") && ran.err.contains("answers reused from run"), "{}", ran.err);
    assert!(server.n_asked() - before >= 12, "{}", server.n_asked());
    for run in ["out-1", "out-2"] {
        equipoise(folder.path(), &["replay", run, "--check"]).ends_with(0);
    }
}

#[test]
fn a_run_in_batches_is_answered_whole_and_replayed_to_the_byte() {
    for (model, key) in [("openai/m-1", "OTHER_KEY"), ("anthropic/m-1", "OTHER_KEY")] {
        let (server, folder) = (Server::start(Profile::default()), complaints());
        let fixed = ["run", "train.csv", "--model", model, "--base-url", server.url(), "--out", "out"];
        let more = ["--label-to", "praise=40", "--chunk", "2", "--no-evaluate", "--price", "1,1", "--yes", "--batch"];
        let mut batch = command(folder.path(), &[&fixed[..], &more, &["--key-env", key]].concat());
        batch.env(key, "sk-canary-batch-0123456789");
        let ran = finish(batch).ends_with(0);
        assert!(ran.err.contains("requests are at the provider") && ran.err.contains("ended as"), "{}", ran.err);
        assert_target_met(&folder.path().join("out"));
        let ledger = server.ledger();
        assert!(ledger.n_batches >= 1, "{model}: {} batches", ledger.n_batches);
        equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
        assert_eq!(server.ledger().n_batches, ledger.n_batches, "a replay asks nothing");
    }
}

#[test]
fn what_a_run_costs_stands_beside_what_it_gave() {
    let (server, folder) = (Server::scripted(|_| Reply::Good), complaints());
    let ran = equipoise(folder.path(), &run(&server, "out", &["--price", "10,10", "--yes"])).ends_with(0);
    let usd = read(&folder.path().join("out/spent.json"))["usd"].as_f64().unwrap();
    let each = read(&folder.path().join("out/selection.json"))["usd_per_kept"].as_f64().unwrap();
    assert!(usd > 0.0 && (each - usd / 24.0).abs() < 1e-9, "{each} of {usd}");
    let said = format!("spent {usd:.4} USD: {each:.5} USD a kept text");
    assert!(ran.err.contains(&said), "{said} {}", ran.err);
}

#[test]
fn an_endpoint_without_schemas_is_asked_plainly_and_the_schema_is_sent_once_more_at_most() {
    let server = Server::scripted(|asked| match asked.body().get("response_format") {
        Some(_) => status(400, "response_format json_schema is not supported", None),
        None => Reply::Good,
    });
    let folder = complaints();
    let more = ["--unpriced", "--yes", "--max-concurrency", "1"];
    equipoise(folder.path(), &run(&server, "out", &more)).ends_with(0);
    assert_target_met(&folder.path().join("out"));
    assert!(server.n_asked() <= 14, "{} requests", server.n_asked());
}

#[test]
fn a_key_is_sent_and_stands_nowhere_else() {
    let key = "sk-very-secret-0123456789";
    let (server, folder) = (Server::scripted(|_| Reply::Good), complaints());
    let mut with_key = command(folder.path(), &run(&server, "out", &["--unpriced", "--yes", "--key-env", "MY_KEY"]));
    with_key.env("MY_KEY", key);
    let ran = finish(with_key).ends_with(0);
    assert!(server.requests().iter().all(|r| r.authorization.as_deref() == Some(&format!("Bearer {key}"))));
    assert!(!ran.err.contains(key) && !ran.out.contains(key));
    for name in files(&folder.path().join("out")) {
        let bytes = std::fs::read(folder.path().join("out").join(&name)).unwrap();
        assert!(!bytes.windows(key.len()).any(|w| w == key.as_bytes()), "{} holds the key", name.display());
    }
}

#[test]
fn a_key_that_an_endpoint_echoes_is_not_shown() {
    let key = "sk-very-secret-0123456789";
    let server = Server::scripted(|_| status(401, "Incorrect API key: sk-very-secret-0123456789", None));
    let folder = complaints();
    let mut with_key = command(folder.path(), &run(&server, "out", &["--unpriced", "--yes", "--key-env", "MY_KEY"]));
    with_key.env("MY_KEY", key);
    let ran = finish(with_key);
    assert_eq!(fault(&ran, 69, &["refuses the key"]), None);
    assert!(!ran.err.contains(key), "{}", ran.err);
    for name in files(&folder.path().join("out")) {
        let bytes = std::fs::read(folder.path().join("out").join(&name)).unwrap();
        assert!(!bytes.windows(key.len()).any(|w| w == key.as_bytes()), "{} holds the key", name.display());
    }
}

#[test]
fn without_a_key_option_no_key_is_sent() {
    let (server, folder) = (Server::scripted(|_| Reply::Good), complaints());
    let mut plain = command(folder.path(), &run(&server, "out", &["--unpriced", "--yes"]));
    plain.env("OPENAI_API_KEY", "sk-of-somebody-else");
    finish(plain).ends_with(0);
    assert!(server.requests().iter().all(|r| r.authorization.is_none()));
}

#[test]
fn a_killed_run_goes_on_where_it_was_and_ends_as_if_nothing_had_been() {
    let script = |_: &Asked| Reply::good_after(Duration::from_millis(60));
    let (server, folder) = (Server::scripted(script), complaints());
    let more = ["--unpriced", "--yes", "--max-concurrency", "2"];
    equipoise(folder.path(), &run(&server, "whole", &more)).ends_with(0);
    let n = server.n_asked();
    let mut victim = command(folder.path(), &run(&server, "killed", &more));
    let mut child = victim.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let began = Instant::now();
    while server.n_asked() < n + 5 && began.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let killed = folder.path().join("killed");
    assert!(!killed.join("selection.json").exists(), "killed on the way");
    std::thread::sleep(Duration::from_millis(150));
    let before = server.n_asked();
    equipoise(folder.path(), &["resume", "killed"]).ends_with(0);
    let after = server.n_asked() - before;
    assert!((n - 5..=n - 1).contains(&after), "{after} of {n} requests sent again after {} before", before - n);
    assert_target_met(&killed);
    let (whole, resumed) = (derived(&folder.path().join("whole")), derived(&killed));
    assert!(whole.len() >= 8 && whole.keys().eq(resumed.keys()), "{:?}", whole.keys());
    for (name, bytes) in &whole {
        assert!(bytes == &resumed[name], "{} differs", name.display());
    }
    assert!(server.deliveries().len() == n, "the bodies of both runs are the same");
    equipoise(folder.path(), &["replay", "killed", "--check"]).ends_with(0);
}

#[cfg(unix)]
#[test]
fn an_interrupted_run_drains_ends_with_130_and_can_be_resumed() {
    let script = |_: &Asked| Reply::good_after(Duration::from_millis(60));
    let (server, folder) = (Server::scripted(script), complaints());
    let more = ["--unpriced", "--yes", "--max-concurrency", "2"];
    let mut interrupted = command(folder.path(), &run(&server, "out", &more));
    let child = interrupted.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    while server.n_asked() < 4 {
        std::thread::sleep(Duration::from_millis(2));
    }
    let signal = Command::new("/bin/sh").args(["-c", &format!("kill -INT {}", child.id())]).status();
    assert!(signal.unwrap().success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(said.contains("equipoise resume out") && said.contains("nothing was evaluated"), "{said}");
    let rows = &read(&folder.path().join("out/selection.json"))["rows"];
    let n_cancelled = rows["cancelled"].as_u64().unwrap();
    let n_kept = rows["kept"].as_u64().unwrap();
    assert!(n_cancelled > 0 && n_kept > 0 && n_kept + n_cancelled <= 24, "{rows}");
    let partial = std::fs::read_to_string(folder.path().join("out/augmented.csv")).unwrap();
    assert_eq!(partial.lines().count() as u64, 1 + 76 + n_kept);
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
    equipoise(folder.path(), &["resume", "out"]).ends_with(0);
    assert_target_met(&folder.path().join("out"));
    assert_eq!(server.n_asked(), 12, "what was in flight was waited for");
}

#[cfg(unix)]
#[test]
fn a_second_signal_drops_what_is_in_flight_and_the_run_still_goes_on_later() {
    let script = |asked: &Asked| match asked.n {
        4 | 5 => Reply::After(Duration::from_secs(20), Box::new(Reply::Good)),
        _ => Reply::Good,
    };
    let (server, folder) = (Server::scripted(script), complaints());
    let more = ["--unpriced", "--yes", "--max-concurrency", "2"];
    let mut interrupted = command(folder.path(), &run(&server, "out", &more));
    let child = interrupted.stderr(Stdio::piped()).stdout(Stdio::null()).spawn().unwrap();
    while server.n_asked() < 6 {
        std::thread::sleep(Duration::from_millis(2));
    }
    let began = Instant::now();
    for _ in 0..2 {
        let signal = Command::new("/bin/sh").args(["-c", &format!("kill -TERM {}", child.id())]).status();
        assert!(signal.unwrap().success());
        std::thread::sleep(Duration::from_millis(300));
    }
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(began.elapsed() < Duration::from_secs(15) && said.contains("equipoise resume out"), "{said}");
    let ran = equipoise(folder.path(), &["resume", "out"]).ends_with(0);
    assert_target_met(&folder.path().join("out"));
    assert!(ran.err.contains("2 requests were sent and may have been billed"), "{}", ran.err);
    assert!(ran.err.contains(" for `praise`") && ran.err.contains("spent.json lists them"), "{}", ran.err);
    let unknown = read(&folder.path().join("out/spent.json"))["unknown"].clone();
    let labels: Vec<&str> = unknown.as_array().unwrap().iter().map(|u| u["label"].as_str().unwrap()).collect();
    assert_eq!(labels, ["praise", "praise"], "{unknown}");
    equipoise(folder.path(), &["replay", "out", "--check"]).ends_with(0);
    let report = std::fs::read(folder.path().join("out/report.html")).unwrap();
    equipoise(folder.path(), &["report", "out"]).ends_with(0);
    assert_eq!(std::fs::read(folder.path().join("out/report.html")).unwrap(), report);
}

#[cfg(unix)]
#[test]
fn the_third_signal_leaves_at_once_whatever_is_in_flight() {
    let script = |asked: &Asked| match asked.n {
        0..4 => Reply::Good,
        _ => Reply::After(Duration::from_secs(30), Box::new(Reply::Good)),
    };
    let (server, folder) = (Server::scripted(script), complaints());
    let model = ["--model", "openai-compatible/x", "--base-url", server.url(), "--unpriced", "--yes"];
    let more = ["--label-to", "praise=40", "--chunk", "2", "--max-concurrency", "2", "--no-evaluate"];
    let arguments = [&["run", "train.csv", "--out", "out"][..], &model, &more].concat();
    let child = command(folder.path(), &arguments).stdout(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    while server.n_asked() < 6 {
        std::thread::sleep(Duration::from_millis(2));
    }
    let began = Instant::now();
    for _ in 0..3 {
        let signal = Command::new("/bin/sh").args(["-c", &format!("kill -INT {}", child.id())]).status();
        assert!(signal.unwrap().success());
        std::thread::sleep(Duration::from_millis(50));
    }
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(130), "{said}");
    assert!(began.elapsed() < Duration::from_secs(10) && said.contains("`equipoise resume out`"), "{said}");
    let ran = equipoise(folder.path(), &["replay", "out"]).ends_with(0);
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
}

#[test]
fn a_budget_that_is_used_up_stops_with_75_and_the_way_to_go_on() {
    let (server, folder) = (Server::scripted(|_| Reply::Good), complaints());
    let more = ["--price", "1,1", "--budget", "0.001", "--yes", "--max-concurrency", "1"];
    let ran = equipoise(folder.path(), &run(&server, "out", &more));
    assert_eq!(fault(&ran, 75, &["budget", "equipoise resume out"]), None);
    assert!(server.n_asked() < 12, "{} requests", server.n_asked());
    let ran = equipoise(folder.path(), &["resume", "out"]);
    assert_eq!(fault(&ran, 75, &["budget"]), None, "the budget is the run's, not the process's");
    equipoise(folder.path(), &["replay", "out"]).ends_with(0);
    let report = std::fs::read_to_string(folder.path().join("out/report.md")).expect("what came is shown");
    assert!(report.contains("The run was stopped: ") && !report.contains("without an evaluation"), "{report}");
    let push = equipoise(folder.path(), &["push", "out"]);
    assert_eq!(fault(&push, 2, &["out is not finished", "texts were not asked for", "`equipoise resume out`"]), None);
    assert!(!folder.path().join("out/hub").exists());
}

#[test]
fn without_consent_offline_or_in_a_plan_nothing_is_sent() {
    let (server, folder) = (Server::scripted(|_| Reply::Good), complaints());
    let ran = equipoise(folder.path(), &run(&server, "out", &["--unpriced"]));
    assert_eq!(fault(&ran, 2, &["consent", "--yes"]), None);
    let ran = equipoise(folder.path(), &run(&server, "out", &["--unpriced", "--yes", "--offline"]));
    assert_eq!(fault(&ran, 2, &["--offline"]), None);
    let url = server.url();
    let plan = ["plan", "train.csv", "--model", "openai-compatible/x", "--base-url", url, "--json", "--only", "praise"];
    let ran = equipoise(folder.path(), &plan).ends_with(0);
    let plan_file: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(plan_file["labels"][0]["label"], "praise");
    let tries = [&plan[..], &["--try", "2", "--yes", "--offline"]].concat();
    assert_eq!(fault(&equipoise(folder.path(), &tries), 2, &["--offline"]), None);
    assert_eq!((server.ledger().n_connections, server.n_asked()), (0, 0));
    assert_eq!(files(folder.path()), [Path::new("train.csv")]);
}

#[test]
fn a_trial_shows_the_answers_of_both_prompts() {
    let (server, folder) = (Server::scripted(|_| Reply::Good), complaints());
    let plan = ["plan", "train.csv", "--model", "openai-compatible/x", "--base-url", server.url()];
    let more = ["--only", "praise", "--label-to", "praise=40", "--try", "2", "--prompt", "rewrite", "--prompt", "new"];
    let ran = equipoise(folder.path(), &[&plan[..], &more, &["--yes", "--json"]].concat()).ends_with(0);
    let tried: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(tried["prompts"], serde_json::json!(["rewrite", "new"]));
    let rows = tried["rows"].as_array().unwrap();
    assert!(rows.iter().filter(|r| r["answers"][0].as_array().is_some_and(|a| a.len() == 1)).count() == 2, "{tried}");
    let own = &tried["without_source"];
    assert_eq!(
        (own[0]["prompt"].as_str(), own[0]["answers"].as_array().map(Vec::len)),
        (Some("new"), Some(2)),
        "{tried}"
    );
    assert_eq!(server.n_asked(), 2);
}

#[test]
fn a_provider_that_refuses_the_key_or_knows_no_such_model_is_69() {
    for (status, says) in [(401, "refuses the key"), (404, "no such model")] {
        let server = Server::scripted(move |_| self::status(status, "no, not you", None));
        let folder = complaints();
        let more = ["--unpriced", "--yes", "--max-concurrency", "2"];
        let ran = equipoise(folder.path(), &run(&server, "out", &more));
        assert_eq!(fault(&ran, 69, &[says, "no, not you", "equipoise resume out"]), None);
        assert!(server.n_asked() <= 2, "{} requests", server.n_asked());
    }
}

#[test]
fn a_missing_or_unusable_key_is_69_before_anything_is_made() {
    let train = fixture("library.csv");
    for key in [None, Some(""), Some("two\nlines")] {
        let folder = tempdir().unwrap();
        let mut keyless = command(folder.path(), &["run", &train, "--model", "openai/x", "--price", "1,1", "--yes"]);
        key.map(|k| keyless.env("OPENAI_API_KEY", k));
        assert_eq!(fault(&finish(keyless), 69, &["OPENAI_API_KEY", "--key-env"]), None);
        assert!(files(folder.path()).is_empty());
    }
}

#[test]
fn an_endpoint_that_is_not_there_stops_with_75_once_the_outage_lasts_too_long() {
    let folder = complaints();
    // Port 9 of this machine: nothing listens there.
    let model = ["--model", "openai-compatible/x", "--base-url", "http://127.0.0.1:9/v1", "--unpriced", "--yes"];
    let arguments = [&["run", "train.csv", "--out", "out", "--max-outage", "1s"][..], &model].concat();
    let ran = equipoise(folder.path(), &arguments);
    assert_eq!(fault(&ran, 75, &["out of reach", "equipoise resume out"]), None);
}

#[test]
fn counts_of_texts_move_while_answers_arrive_and_end_as_the_checks_say() {
    let server = Server::scripted(|asked| Reply::good_after(Duration::from_millis(40 * asked.n as u64)));
    let folder = complaints();
    let log = equipoise(folder.path(), &run(&server, "out", &["--unpriced", "--yes", "--log-json"])).ends_with(0).err;
    let events = log.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let rows: Vec<Value> = events.filter(|e| e["event"] == "rows").map(|e| e["data"].clone()).collect();
    let read_so_far: Vec<u64> =
        rows.iter().filter(|r| r["so_far"] == true).map(|r| r["read"].as_u64().expect("a count")).collect();
    assert!(read_so_far.len() >= 3 && read_so_far.is_sorted(), "{read_so_far:?}");
    let last = rows.last().expect("counts");
    let selection = read(&folder.path().join("out/selection.json"));
    assert_eq!((&last["so_far"], &last["accepted"]), (&json!(false), &selection["rows"]["kept"]));
}

#[test]
fn the_same_command_again_says_where_its_answers_are_and_a_fork_buys_nothing() {
    let (server, folder) = (Server::scripted(|_| Reply::Good), complaints());
    let all = run(&server, "out", &["--unpriced", "--yes"]);
    // The folder is left to the program, so that nothing stands in the way of paying twice.
    let at = all.iter().position(|a| *a == "--out").expect("a folder");
    let again = [&all[..at], &all[at + 2..]].concat();
    equipoise(folder.path(), &again).ends_with(0);
    assert_eq!(server.n_asked(), 12);
    let ran = equipoise(folder.path(), &again).ends_with(0);
    assert!(ran.err.contains("runs/train-1 holds answers to these requests; --fork"), "{}", ran.err);
    let paid = server.n_asked();
    equipoise(folder.path(), &[&again[..], &["--fork"]].concat()).ends_with(0);
    assert_eq!(server.n_asked(), paid, "everything was there");
    let other = [&again[..], &["--fork", "--seed", "99"]].concat();
    assert_eq!(fault(&equipoise(folder.path(), &other), 2, &["no run in runs/", "--out DIR --fork"]), None);
}

#[test]
fn doctor_asks_once_and_says_that_the_answer_can_be_read() {
    let (server, folder) = (Server::scripted(|_| Reply::Good), complaints());
    let doctor = ["doctor", "openai-compatible/x", "--base-url", server.url()];
    let ran = equipoise(folder.path(), &doctor).ends_with(0);
    assert!(ran.out.contains("can be read") && ran.out.contains("JSON schema"), "{}", ran.out);
    assert_eq!(server.requests().iter().filter(|asked| asked.bytes.len() > 2).count(), 1, "one question");
}
