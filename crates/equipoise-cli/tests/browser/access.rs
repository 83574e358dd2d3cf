//! Whether everybody can read the pages: axe-core over the report and the review, on a phone and a laptop, in light and dark.
//!
//! axe-core is not part of the project; `.ci/run` puts it into `target/axe`. Where it is missing the test says so and does nothing.

use crate::common::{equipoise, fixture};
use crate::driver::Browser;
use crate::page::address;
use crate::review::Served;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Where `.ci/run` unpacks it.
fn axe() -> Option<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let script = std::fs::read_to_string(target.join("axe/axe_playwright_python/axe.min.js"));
    if script.is_err() {
        eprintln!("skipped: axe-core is not in target/axe (.ci/run puts it there)");
    }
    script.ok()
}

#[tokio::test]
async fn everybody_can_read_the_report_and_the_review() {
    let Some(axe) = axe() else { return };
    let Some(browser) = Browser::open(1366).await else { return };
    let folder = tempfile::tempdir().unwrap();
    let run = ["run", &fixture("library.csv"), "--balance", "to-majority", "--out", "run", "--quiet"];
    equipoise(folder.path(), &run).ends_with(0);
    let served = Served::start(folder.path());
    let pages = [address(&folder.path().join("run/report.html")), served.url.clone()];
    for page in &pages {
        browser.client.goto(page).await.unwrap();
        browser.wait("document.querySelector('.explorer:not([hidden]), #card .text') !== null").await;
        browser.client.execute(&format!("{axe}; window.axe = axe;"), Vec::new()).await.unwrap();
        for (width, height) in [(1366, 768), (390, 844)] {
            for scheme in ["light", "dark"] {
                browser.resize(width, height).await;
                browser.prefer("screen", scheme).await;
                assert_eq!(
                    browser.ask(&format!("matchMedia('(prefers-color-scheme: {scheme})').matches")).await,
                    json!(true)
                );
                let script = "const done = arguments[arguments.length - 1]; axe.run().then((found) => done(found.violations), (error) => done(String(error)));";
                let found: Value = browser.client.execute_async(script, Vec::new()).await.unwrap();
                let named = |v: &Value| format!("{}: {}", v["id"], v["nodes"][0]["html"]);
                let violations: Vec<String> = found.as_array().expect("axe runs").iter().map(named).collect();
                assert_eq!(violations, Vec::<String>::new(), "{width} wide, {scheme}: {page}");
                let fits = browser.ask("document.documentElement.scrollWidth <= innerWidth").await;
                assert_eq!(fits, json!(true), "nothing is cut, {width} wide: {page}");
            }
        }
    }
    browser.close().await;
}
