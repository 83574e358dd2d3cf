//! The review: every key, a kill in the middle, and no decision that is lost.

use crate::common::{equipoise, fixture, review};
use crate::driver::Browser;
use crate::hostile::hostile_run;
use fantoccini::Locator;
use fault_server::{Reply, Server};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Child;
use std::time::{Duration, Instant};

/// A review that is being served; killed hard when dropped.
pub(crate) struct Served {
    process: Child,
    pub(crate) url: String,
}

impl Served {
    pub(crate) fn start(folder: &Path) -> Self {
        let (process, url) = review(folder, "anna");
        Served { process, url }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The lines of `human.jsonl`.
fn decisions(folder: &Path) -> Vec<Value> {
    let text = std::fs::read_to_string(folder.join("run/human.jsonl")).unwrap_or_default();
    text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect()
}

/// Waits until so many decisions are on the disk.
async fn saved(folder: &Path, n: usize) {
    let start = Instant::now();
    while decisions(folder).len() < n {
        assert!(start.elapsed() < Duration::from_secs(20), "decision {n} never came to the disk");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

impl Browser {
    async fn press(&self, key: &str) {
        self.client.find(Locator::Css("body")).await.unwrap().send_keys(key).await.unwrap();
    }

    /// A key that opens a choice, and the choice.
    async fn choose(&self, key: &str, choice: &str) {
        self.press(key).await;
        self.wait("document.querySelectorAll('dialog[open] .choices button').length > 0").await;
        self.client.find(Locator::Css("dialog")).await.unwrap().send_keys(choice).await.unwrap();
    }

    async fn open_review(&self, served: &Served) {
        self.client.goto(&served.url).await.unwrap();
        self.wait("document.querySelector('#card .text, #card h2') !== null").await;
    }
}

/// Waits until the page shows what is saved, so that the next key concerns the next row.
const IDLE: &str = "document.body.dataset.busy !== 'yes'";

#[tokio::test]
async fn twenty_rows_are_decided_by_keys_with_a_kill_in_the_middle_and_none_is_lost() {
    let Some(browser) = Browser::open(1366).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    hostile_run(folder);
    for half in 0..2 {
        let served = Served::start(folder);
        browser.open_review(&served).await;
        for key in 0..10 {
            match key {
                // Every fifth row is rejected, for the second reason of the list.
                4 => browser.choose("r", "2").await,
                _ => browser.press("a").await,
            }
            saved(folder, 10 * half + key + 1).await;
            browser.wait(IDLE).await;
        }
        assert_eq!(browser.ask("window.ran === undefined").await, json!(true), "no payload ran");
        assert_eq!(browser.ask("document.querySelectorAll('main img, main svg, iframe').length").await, json!(0));
        assert_eq!(browser.console().await, Vec::<String>::new());
        // The server is killed without a word.
        drop(served);
    }
    let decisions = decisions(folder);
    let rows: BTreeSet<String> = decisions.iter().map(|d| d["row"].to_string()).collect();
    assert_eq!((decisions.len(), rows.len()), (20, 20), "twenty rows were decided, each once");
    assert_eq!(decisions.iter().filter(|d| d["decision"] == "reject").count(), 2);
    browser.close().await;
}

#[tokio::test]
async fn every_key_does_what_the_help_says() {
    let Some(browser) = Browser::open(1366).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    equipoise(folder, &["run", &fixture("library.csv"), "--balance", "to-majority", "--out", "run", "--quiet"])
        .ends_with(0);
    let served = Served::start(folder);
    browser.open_review(&served).await;

    browser.press("?").await;
    browser.wait("document.querySelector('dialog[open] h2').textContent === 'Keys'").await;
    browser.ask("document.getElementById('dialog').close()").await;
    let shown = "document.querySelector('#card .why').textContent";
    browser.press("j").await;
    assert!(browser.ask(shown).await.as_str().unwrap().starts_with("Row 2 of"));
    browser.press("k").await;
    assert!(browser.ask(shown).await.as_str().unwrap().starts_with("Row 1 of"));
    browser.press("/").await;
    assert_eq!(browser.ask("document.activeElement.id").await, json!("search"));
    browser.ask("document.activeElement.blur()").await;

    browser.press("s").await;
    saved(folder, 1).await;
    browser.wait(IDLE).await;
    browser.choose("l", "1").await;
    saved(folder, 2).await;
    browser.wait(IDLE).await;
    browser.press("e").await;
    browser.wait("document.querySelector('dialog[open] textarea') !== null").await;
    let write = |text: &str| {
        format!(
            "(() => {{ const area = document.querySelector('dialog textarea'); area.value = '{text}'; \
             area.dispatchEvent(new Event('input')); document.querySelector('dialog .main').click(); }})()"
        )
    };
    browser.ask(&write("!!!")).await;
    browser.wait("document.querySelector('dialog [role=status]').textContent.startsWith('The checks reject it')").await;
    let better = "Could somebody tell me when the reading room with the old maps opens again?";
    browser.ask(&write(better)).await;
    saved(folder, 3).await;
    browser.wait(IDLE).await;
    for n in 4..=6 {
        browser.press("u").await;
        saved(folder, n).await;
        browser.wait(IDLE).await;
    }
    // Nothing is left to undo, and that is said.
    browser.press("u").await;
    browser.wait("document.getElementById('message').textContent.includes('nothing to undo')").await;
    let said: Vec<String> = decisions(folder).iter().map(|d| d["decision"].as_str().unwrap().to_owned()).collect();
    assert_eq!(said, ["skip", "relabel", "edit", "undo", "undo", "undo"]);
    assert_eq!(decisions(folder)[2]["new_text"], json!(better));

    browser.ask("(() => { const kind = document.getElementById('kind'); kind.value = 'warned'; kind.dispatchEvent(new Event('input', { bubbles: true })); })()").await;
    let n_warned = "Number(/ of (\\d+)/.exec(document.querySelector('#card .why').textContent)[1])";
    assert!(browser.ask(n_warned).await.as_u64().unwrap() > 0);
    browser.choose("x", "3").await;
    saved(folder, 7).await;
    browser.wait(IDLE).await;
    assert!(decisions(folder)[6..].iter().all(|d| d["decision"] == "reject" && d["reason"] == "copy"));
    assert_eq!(browser.console().await, Vec::<String>::new());
    browser.close().await;
}

/// A run with 700 texts.
fn written(folder: &Path) {
    let server = Server::scripted(|_| Reply::Good);
    let run = ["run", "train.csv", "--label-to", "praise=760", "--no-evaluate", "--out", "run"];
    let model = ["--model", "openai-compatible/x", "--base-url", server.url(), "--unpriced", "--yes"];
    equipoise(folder, &[&run[..], &model].concat()).ends_with(0);
}

/// `cargo test --workspace --test browser five_hundred -- --ignored --nocapture`
#[tokio::test]
#[ignore = "takes some minutes: cargo xtask bench review"]
async fn five_hundred_rows_are_decided_with_fifty_kills_and_none_is_lost() {
    let Some(browser) = Browser::open(1366).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let mut rows = "text,label\n".to_owned();
    for i in 0..1_200 {
        rows +=
            &format!("the {} in room {i} has been {} since week {},fault\n", THINGS[i % 5], FAULTS[i / 5 % 5], i % 50);
    }
    for i in 0..60 {
        rows += &format!("many thanks for the {} that you repaired in {}!,praise\n", THINGS[i % 5], 1_960 + i);
    }
    std::fs::write(folder.join("train.csv"), rows).unwrap();
    let place = folder.to_owned();
    // The server has a runtime of its own, which does not start within another.
    std::thread::spawn(move || written(&place)).join().expect("a run");
    let mut n = 0;
    for _ in 0..50 {
        let served = Served::start(folder);
        browser.open_review(&served).await;
        let all = "(() => { const kind = document.getElementById('kind'); kind.value = 'all'; kind.dispatchEvent(new Event('input', { bubbles: true })); })()";
        browser.ask(all).await;
        let open = "(() => { const at = state.list.findIndex((item) => !state.mine.has(state.rows[item.at].row)); state.at = at; show(); return at; })()";
        for _ in 0..10 {
            assert!(browser.ask(open).await.as_i64().unwrap() >= 0, "there are rows left");
            browser.press("a").await;
            n += 1;
            saved(folder, n).await;
            browser.wait(IDLE).await;
        }
        drop(served);
    }
    let decided: BTreeSet<String> = decisions(folder).iter().map(|d| d["row"].to_string()).collect();
    let summary = equipoise(folder, &["review", "run", "--summary", "--json"]).ends_with(0);
    let summary: Value = serde_json::from_str(&summary.out).unwrap();
    eprintln!("500 rows, 50 kills: {} decisions on the disk, {} rows decided", decided.len(), summary["n_decided"]);
    assert_eq!((decided.len(), &summary["n_decided"]), (500, &json!(500)));
    browser.close().await;
}

const THINGS: [&str; 5] = ["lift", "heating", "door", "printer", "clock"];
const FAULTS: [&str; 5] = ["broken", "stuck", "far too loud", "out of order", "cold"];
