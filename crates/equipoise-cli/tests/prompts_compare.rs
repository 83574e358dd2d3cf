//! `equipoise prompts compare`: prompts side by side before a run is paid for.

mod common;

use common::{Ran, command, equipoise, fault, finish, praise};
use fault_server::{Asked, Reply, Server};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};
use tempfile::{TempDir, tempdir};

/// A folder with 60 rows of `fault` and 20 of `praise`, and a template that asks for nothing new.
fn folder() -> TempDir {
    let folder = tempdir().expect("a folder");
    let things = ["lift", "heating", "door", "tap", "printer", "socket", "blind", "bench", "clock", "gate"];
    let mut rows = "text,label\n".to_owned();
    for i in 0..60 {
        rows += &format!(
            "The {} on floor {} has been broken since week {}.,fault\n",
            things[i % 10],
            i / 10 + 1,
            i * 7 % 50 + 1
        );
    }
    for i in 0..20 {
        rows += &format!("{},praise\n", praise(i));
    }
    std::fs::write(folder.path().join("train.csv"), rows).expect("written");
    let lazy = r#"{# equipoise: generator=rewrite answer=json parent=rewrite #}
Repeat these {{ wanted }} texts for {{ label }} as JSON:
{% for source in sources %}
{"id": {{ source.id | tojson }}, "text": {{ source.text | tojson }}}
{% endfor %}
{% if ordinal %}Pass {{ ordinal }}.{% endif %}"#;
    std::fs::write(folder.path().join("lazy.j2"), lazy).expect("written");
    folder
}

/// A model that does what it is told: it repeats, or writes other texts of praise.
fn obeys(asked: &Asked) -> Reply {
    let body = asked.body();
    let user =
        body["messages"].as_array().and_then(|m| m.last()).and_then(|m| m["content"].as_str()).expect("a prompt");
    let row = |line: &str| serde_json::from_str::<Value>(line.trim().trim_end_matches(',')).ok();
    let rows = user.lines().filter(|line| line.trim().starts_with("{\"id\"")).filter_map(row);
    let text = |row: Value| {
        let source = row["text"].as_str().unwrap_or_default();
        let at = (0..20).find(|i| praise(*i) == source).unwrap_or(0);
        let text = if user.starts_with("Repeat") { source.to_owned() } else { praise(20 + at) };
        json!({"id": row["id"], "text": text})
    };
    let texts: Vec<Value> = rows.map(text).collect();
    asked.answer(&json!({ "texts": texts }).to_string())
}

/// The flags that decide what is asked.
fn asks(server: &Server) -> Vec<&str> {
    let model = ["--model", "openai-compatible/x", "--base-url", server.url(), "--price", "1,2", "--yes"];
    [&["train.csv", "--label-to", "praise=40", "--chunk", "4"][..], &model].concat()
}

fn compare(folder: &Path, server: &Server, more: &[&str]) -> Ran {
    equipoise(folder, &[&["prompts", "compare"][..], &asks(server), more].concat())
}

/// How often each request was asked that was asked at all.
fn times(server: &Server) -> Vec<usize> {
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    server.requests().iter().for_each(|asked| *times.entry(asked.body().to_string()).or_default() += 1);
    times.into_values().collect()
}

fn is_each_asked_once(server: &Server) -> bool {
    times(server).iter().all(|n| *n == 1)
}

#[test]
fn the_better_prompt_comes_first_and_the_run_after_it_pays_for_nothing_twice() {
    let (folder, server) = (folder(), Server::scripted(obeys));
    let two = ["--prompt", "lazy.j2", "--prompt", "rewrite", "--pilot", "20"];
    let ran = compare(folder.path(), &server, &[&two[..], &["--json"]].concat()).ends_with(0);
    let compared: Value = serde_json::from_str(&ran.out).expect("JSON");
    let prompt = |at: usize| &compared["prompts"][at];
    assert_eq!((prompt(0)["name"].as_str(), prompt(1)["name"].as_str()), (Some("rewrite"), Some("lazy.j2")));
    assert_eq!((&prompt(0)["standing"], &prompt(1)["standing"]), (&json!("clearly_best"), &json!("clearly_worse")));
    assert_eq!(prompt(1)["figures"]["copies"]["value"], 1.0, "{ran:?}");
    let n_kept = |at: usize| prompt(at)["figures"]["n_kept"].as_u64();
    assert!(n_kept(0) >= Some(12) && n_kept(1) == Some(0) && compared["n_texts"] == 20, "{ran:?}");
    assert!(prompt(0)["figures"]["usd_per_kept"].as_f64() > Some(0.0));
    let kinds: Vec<bool> =
        server.requests().iter().map(|asked| asked.body().to_string().contains("Repeat these")).collect();
    assert_eq!(kinds.iter().filter(|is_lazy| **is_lazy).count(), 5);
    let pilot = folder.path().join("runs/train-pilot-1");
    let page = std::fs::read_to_string(pilot.join("report.html")).expect("a page");
    assert!(page.contains("clearly best") && page.contains("lazy.j2") && pilot.join("comparison.json").exists());
    let n_pilot = server.n_asked();

    // The pilot is listed with its prompts before any run was made.
    let listed: Value =
        serde_json::from_str(&equipoise(folder.path(), &["prompts", "list", "--json"]).ends_with(0).out).expect("JSON");
    let lazy = listed.as_array().expect("a list").iter().find(|v| v["name"] == "lazy.j2").expect("listed");
    assert_eq!((&lazy["runs"][0]["is_pilot"], &lazy["figures"]["n_good"]), (&json!(true), &json!(0)), "{lazy}");
    assert_eq!(lazy["figures"]["n_planned"], 20);
    assert!(lazy["source"].as_str().is_some_and(|source| source.contains("Repeat these")), "{lazy}");
    assert!(lazy["runs"][0]["date"].as_str().is_some_and(|day| day.len() == 10), "{lazy}");

    let run = [&["run"][..], &asks(&server), &["--prompt", "rewrite", "--no-evaluate"]].concat();
    let ran = equipoise(folder.path(), &run).ends_with(0);
    assert!(ran.err.contains("5 of ") && ran.err.contains("answers reused from run"), "{}", ran.err);
    assert!(ran.err.contains("train-pilot-1") && is_each_asked_once(&server), "{}", ran.err);
    let n_before = server.n_asked();
    assert!(
        n_before <= n_pilot + 5,
        "only what checks rejected is asked for again: {n_pilot} → {n_before} {}",
        ran.err
    );

    // Two prompts that ask for the same are not told apart, and the one that was asked before is not paid for again.
    let same = std::fs::read_to_string(folder.path().join("lazy.j2")).expect("a template") + "\n{# the same again #}";
    std::fs::write(folder.path().join("same.j2"), same).expect("written");
    let shown =
        compare(folder.path(), &server, &["--prompt", "lazy.j2", "--prompt", "same.j2", "--pilot", "20"]).ends_with(0);
    assert!(shown.out.contains("about as good") && shown.out.contains("copies"), "{}", shown.out);
    assert_eq!(server.n_asked(), n_before + 5, "{}", shown.err);

    // A run and pilots that used one prompt are uses of one version.
    let listed = equipoise(folder.path(), &["prompts", "list"]).ends_with(0).out;
    let rewrite = listed.split("\n\n").find(|part| part.starts_with("rewrite ")).unwrap_or_default();
    assert!(rewrite.contains("train-pilot-1") && rewrite.contains("(a pilot)"), "{listed}");
    assert!(rewrite.lines().filter(|line| line.contains("good of")).count() == 2, "{listed}");
}

#[test]
fn several_models_and_temperatures_are_compared_in_turn() {
    let (folder, server) = (folder(), Server::scripted(obeys));
    let more =
        ["--model", "openai-compatible/y", "--temperature", "0.2", "--temperature", "1", "--pilot", "8", "--json"];
    let ran = compare(folder.path(), &server, &more).ends_with(0);
    let compared: Value = serde_json::from_str(&ran.out).expect("JSON");
    let names: Vec<&str> =
        compared["prompts"].as_array().expect("four").iter().filter_map(|p| p["name"].as_str()).collect();
    assert_eq!(names.len(), 4, "{names:?}");
    assert!(names.iter().any(|n| n.contains("/y") && n.ends_with("at 0.2")), "{names:?}");
    assert!(server.n_asked() == 8 && is_each_asked_once(&server));
    let run = [&["run"][..], &asks(&server), &["--temperature", "0.2", "--temperature", "1"]].concat();
    assert_eq!(fault(&equipoise(folder.path(), &run), 2, &["--temperature is given 2 times"]), None);
}

#[test]
fn a_pilot_that_is_killed_or_out_of_budget_goes_on_and_pays_for_nothing_twice() {
    let slow = |asked: &Asked| {
        std::thread::sleep(Duration::from_millis(150));
        obeys(asked)
    };
    let (folder, server) = (folder(), Server::scripted(slow));
    let two =
        ["--prompt", "lazy.j2", "--prompt", "rewrite", "--pilot", "20", "--out", "pilot", "--max-concurrency", "1"];
    let args = [&["prompts", "compare"][..], &asks(&server), &two].concat();
    let mut child = command(folder.path(), &args);
    let mut child =
        child.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn().expect("starts");
    let begun = Instant::now();
    while server.n_asked() < 4 && begun.elapsed() < Duration::from_secs(60) {
        std::thread::sleep(Duration::from_millis(5));
    }
    child.kill().expect("killed");
    child.wait().expect("gone");
    let n_before = server.n_asked();
    assert!((4..10).contains(&n_before), "{n_before} asked before the kill");

    let little = [&args[..], &["--budget", "0.0000001"]].concat();
    let stopped = equipoise(folder.path(), &little);
    assert!(stopped.code == Some(75) && stopped.err.contains("the pilot is not complete"), "{stopped:?}");
    assert_eq!(server.n_asked(), n_before, "no money, no request");
    let ran = finish(command(folder.path(), &args)).ends_with(0);
    assert!(ran.out.contains("clearly best"), "{}", ran.out);
    // The one that was on its way when the process was killed is asked again, since nobody knows whether it was answered.
    let twice = times(&server).into_iter().filter(|n| *n > 1).count();
    assert!(twice <= 1 && server.n_asked() <= 11, "{twice} requests were asked twice, {} asked", server.n_asked());
}

#[test]
fn what_cannot_be_compared_is_refused_with_a_remedy() {
    let folder = folder();
    let compare = |more: &[&str]| equipoise(folder.path(), &[&["prompts", "compare", "train.csv"][..], more].concat());
    assert_eq!(fault(&compare(&["--label-to", "praise=40"]), 2, &["there is nothing to try", "needs no prompt"]), None);
    let unpriced = ["--label-to", "praise=40", "--model", "openai-compatible/x", "--base-url", "http://127.0.0.1:9/v1"];
    assert_eq!(fault(&compare(&unpriced), 2, &["the price"]), None);
    let missing = [&unpriced[..], &["--prompt", "absent.j2"]].concat();
    assert_eq!(fault(&compare(&missing), 2, &["absent.j2"]), None);
}
