//! The report and the review in a real browser: nothing runs that a row brings along, search and keys work, and no decision is lost.
//!
//! Needs `chromedriver` and Chromium (`apt install chromium chromium-driver`, as `.ci/run` does); where they are missing the tests say so
//! and do nothing.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "a test may panic, and says why it skips")]

mod common;

use common::{equipoise, fixture};
use fantoccini::wd::Capabilities;
use fantoccini::{Client, ClientBuilder, Locator};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A browser without a window, and the driver that it belongs to.
struct Browser {
    driver: Child,
    client: Client,
}

impl Browser {
    /// `None`, and a word about it, where there is no browser.
    async fn open(width: u32) -> Option<Self> {
        let started = Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
        let Ok(mut driver) = started else {
            eprintln!("skipped: chromedriver is not installed (apt install chromium chromium-driver)");
            return None;
        };
        let lines = BufReader::new(driver.stdout.take().unwrap()).lines();
        let port = lines
            .map_while(Result::ok)
            .find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse::<u16>().ok());
        let port = port.expect("the driver says its port");
        let options = json!({
            "args": ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", format!("--window-size={width},768")]
        });
        let mut capabilities = Capabilities::new();
        capabilities.insert("goog:chromeOptions".to_owned(), options);
        capabilities.insert("goog:loggingPrefs".to_owned(), json!({ "browser": "ALL" }));
        let mut builder = ClientBuilder::new(hyper_util::client::legacy::connect::HttpConnector::new());
        let client = builder.capabilities(capabilities).connect(&format!("http://127.0.0.1:{port}")).await;
        let client = client.expect("Chromium starts");
        Some(Browser { driver, client })
    }

    /// What `script` returns.
    async fn ask(&self, script: &str) -> Value {
        self.client.execute(&format!("return ({script})"), Vec::new()).await.expect("the script runs")
    }

    /// Waits until `script` gives true.
    async fn wait(&self, script: &str) {
        let start = Instant::now();
        while self.ask(script).await != json!(true) {
            assert!(start.elapsed() < Duration::from_secs(20), "never true: {script}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn close(mut self) {
        let _ = self.client.clone().close().await;
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

/// What texts, labels and file names hold that want to be more than text.
const PAYLOADS: [&str; 22] = [
    "<script>window.ran=1</script>",
    "<img src=x onerror=window.ran=1>",
    "<svg onload=window.ran=1>",
    "\"><script>window.ran=1</script>",
    "'><img src=x onerror=window.ran=1>",
    "</script><script>window.ran=1</script>",
    "</style><script>window.ran=1</script>",
    "</title><script>window.ran=1</script>",
    "</textarea><script>window.ran=1</script>",
    "<!--<script>window.ran=1</script>-->",
    "<iframe srcdoc=\"<script>parent.ran=1</script>\">",
    "<a href=\"javascript:window.ran=1\">x</a>",
    "javascript:window.ran=1",
    "<body onload=window.ran=1>",
    "<details open ontoggle=window.ran=1>",
    "<input autofocus onfocus=window.ran=1>",
    "<math><mtext></mtext><script>window.ran=1</script></math>",
    "<template><script>window.ran=1</script></template>",
    "{{constructor.constructor('window.ran=1')()}}",
    "${window.ran=1}",
    "\\u003cscript\\u003ewindow.ran=1\\u003c/script\\u003e",
    "&lt;script&gt;window.ran=1&lt;/script&gt;",
];

/// A finished run over rows whose texts and labels are payloads.
fn hostile_run(folder: &Path) -> PathBuf {
    let mut rows = csv::Writer::from_path(folder.join("<img src=x onerror=window.ran=1>.csv")).unwrap();
    rows.write_record(["text", "label"]).unwrap();
    for i in 0..120 {
        let payload = PAYLOADS[i % PAYLOADS.len()];
        rows.write_record([&format!("note {i}: {payload} and the rest of it"), "<script>window.ran=1</script>"])
            .unwrap();
    }
    for i in 0..40 {
        let payload = PAYLOADS[i % PAYLOADS.len()];
        rows.write_record([&format!("letter {i} says {payload} to us"), "\"><img src=x onerror=window.ran=1>"])
            .unwrap();
    }
    rows.flush().unwrap();
    let run = ["run", "<img src=x onerror=window.ran=1>.csv", "--balance", "to-majority", "--out", "run", "--quiet"];
    equipoise(folder, &run).ends_with(0);
    folder.join("run")
}

fn address(page: &Path) -> String {
    format!("file://{}", page.display())
}

#[tokio::test]
async fn nothing_runs_that_a_row_brings_along_and_nothing_is_loaded() {
    let Some(browser) = Browser::open(390).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let run = hostile_run(folder.path());
    browser.client.goto(&address(&run.join("report.html"))).await.unwrap();
    browser.wait("document.querySelector('.explorer').hidden === false").await;
    // Every row is drawn once, so that each payload has stood in the page.
    let drawn = "(() => { const list = document.getElementById('x-list'); list.focus(); \
                 list.scrollTop += list.clientHeight; return list.scrollTop + list.clientHeight >= list.scrollHeight - 1; })()";
    browser.wait(drawn).await;
    for finding in ["1", "20", "60", "120", "160"] {
        browser.ask(&format!("location.hash = '#row-{finding}'")).await;
    }
    assert_eq!(browser.ask("window.ran === undefined").await, json!(true), "no payload ran");
    assert_eq!(browser.ask("document.scripts.length").await, json!(2), "the rows and the page's own script");
    let elements = "document.querySelectorAll('img, iframe, object, embed, body form, link, math').length";
    assert_eq!(browser.ask(elements).await, json!(0));
    let handlers = "[...document.querySelectorAll('*')].filter((e) => [...e.attributes].some((a) => /^on/.test(a.name) || \
                    /^javascript:/i.test(a.value))).length";
    assert_eq!(browser.ask(handlers).await, json!(0));
    assert_eq!(browser.ask("performance.getEntriesByType('resource').length").await, json!(0), "no request was made");
    assert_eq!(
        browser.ask("document.documentElement.scrollWidth <= innerWidth").await,
        json!(true),
        "nothing is cut on a phone"
    );
    browser.close().await;
}

#[tokio::test]
async fn rows_are_searched_filtered_sorted_and_linked_to() {
    let Some(browser) = Browser::open(1366).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let train = fixture("library.csv");
    equipoise(folder.path(), &["run", &train, "--balance", "to-majority", "--out", "run", "--quiet"]).ends_with(0);
    browser.client.goto(&address(&folder.path().join("run/report.html"))).await.unwrap();
    browser.wait("document.querySelector('.explorer').hidden === false").await;
    assert_eq!(
        browser.ask("document.querySelector('.first').getBoundingClientRect().bottom < 1000").await,
        json!(true)
    );
    let count = "Number(document.getElementById('x-count').textContent.split(' ')[0].replaceAll(',', ''))";
    let all = browser.ask(count).await.as_u64().unwrap();
    let choose = |id: &str, value: &str| {
        format!(
            "(() => {{ const e = document.getElementById('x-{id}'); e.value = '{value}'; e.dispatchEvent(new Event('input')); return true; }})()"
        )
    };
    browser.ask(&choose("state", "kept")).await;
    let kept = browser.ask(count).await.as_u64().unwrap();
    assert!(0 < kept && kept < all, "{kept} of {all}");
    browser.ask(&choose("search", "zzz no such words")).await;
    assert_eq!(browser.ask(count).await, json!(0));
    browser.ask(&choose("search", "")).await;
    browser.ask(&choose("order", "longest")).await;
    let lengths = "[...document.querySelectorAll('.item .line')].map((e) => e.textContent.length)";
    let lengths: Vec<u64> = serde_json::from_value(browser.ask(lengths).await).unwrap();
    assert!(lengths.len() > 3 && lengths.is_sorted_by(|a, b| a >= b), "{lengths:?}");
    let source = "document.querySelectorAll('#x-row .source').length > 0";
    assert_eq!(browser.ask(source).await, json!(true), "its source stands beside a made text");
    browser.ask("location.hash = '#row-2'").await;
    browser.wait("document.querySelector('#x-row .what').textContent.includes('row 2 ')").await;
    browser.close().await;
}

/// A review that is being served; killed hard when dropped.
struct Served {
    process: Child,
    url: String,
}

impl Served {
    fn start(folder: &Path) -> Self {
        let mut process = Command::new(assert_cmd::cargo::cargo_bin!("equipoise"))
            .args(["review", "run", "--reviewer", "anna"])
            .current_dir(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.split_whitespace().find(|word| word.starts_with("http://")).expect("an address").to_owned();
        Served { process, url }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[tokio::test]
async fn twenty_rows_are_decided_by_keys_with_a_kill_in_the_middle_and_none_is_lost() {
    let Some(browser) = Browser::open(1366).await else { return };
    let folder = tempfile::tempdir().unwrap();
    hostile_run(folder.path());
    let decisions = || {
        let text = std::fs::read_to_string(folder.path().join("run/human.jsonl")).unwrap_or_default();
        text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect::<Vec<_>>()
    };
    for half in 0..2 {
        let served = Served::start(folder.path());
        browser.client.goto(&served.url).await.unwrap();
        browser.wait("document.querySelector('#card .text') !== null").await;
        for key in 0..10 {
            let wanted = 10 * half + key + 1;
            let body = browser.client.find(Locator::Css("body")).await.unwrap();
            match key {
                // Every fifth row is rejected, for the second reason of the list.
                4 => {
                    body.send_keys("r").await.unwrap();
                    let second = "document.querySelectorAll('dialog[open] .choices button').length > 1";
                    browser.wait(second).await;
                    browser.client.find(Locator::Css("dialog")).await.unwrap().send_keys("2").await.unwrap();
                }
                _ => body.send_keys("a").await.unwrap(),
            }
            let start = Instant::now();
            while decisions().len() < wanted {
                assert!(start.elapsed() < Duration::from_secs(20), "decision {wanted} never came to the disk");
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
        }
        // The server is killed without a word.
        drop(served);
    }
    let decisions = decisions();
    let rows: std::collections::BTreeSet<String> = decisions.iter().map(|d| d["row"].to_string()).collect();
    assert_eq!((decisions.len(), rows.len()), (20, 20), "twenty rows were decided, each once");
    assert_eq!(decisions.iter().filter(|d| d["decision"] == "reject").count(), 2);
    browser.close().await;
}
