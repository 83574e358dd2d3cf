//! How fast a page of many rows opens and is filtered.

use crate::common::equipoise;
use crate::driver::Browser;
use crate::page::address;
use serde_json::{Value, json};
use std::path::Path;

/// Tries of which the median counts.
const TRIES: usize = 7;

/// `cargo test --workspace --test browser speed:: -- --ignored --nocapture`
#[tokio::test]
#[ignore = "measures for half a minute, and an otherwise busy machine spoils the figures: cargo xtask bench page"]
async fn five_thousand_rows_open_within_a_second_and_fifty_thousand_are_filtered_in_a_tenth() {
    let Some(browser) = Browser::open(1366).await else { return };
    let folder = tempfile::tempdir().unwrap();
    equipoise(folder.path(), &["demo", "--out", "run", "--quiet"]).ends_with(0);
    let page = std::fs::read_to_string(folder.path().join("run/report.html")).unwrap();
    for n in [5_000, 50_000] {
        let file = folder.path().join(format!("{n}.html"));
        let bytes = write_page(&page, n, &file);
        let [opened, computed] = opened(&browser, &file).await;
        let (filter, filtered) = slowest_filter(&browser).await;
        let elements = browser.ask("document.querySelectorAll('*').length").await;
        eprintln!(
            "{n} rows: {bytes} bytes, {elements} elements, open after {opened:.0} ms, {computed:.0} ms of them computing; slowest filter {filter}: {filtered:.0} ms"
        );
        assert!(n > 5_000 || (computed < 1_000.0 && bytes < 3_000_000), "{computed} ms, {bytes} bytes");
        assert!(filtered < 100.0, "{filter}: {filtered} ms");
    }
    browser.close().await;
}

/// Writes `page` with its rows repeated until there are `n`, each with a text of its own, and gives its bytes.
fn write_page(page: &str, n: usize, file: &Path) -> usize {
    let start = "id=\"x-data\">";
    let (before, rest) = page.split_once(start).unwrap();
    let (rows, after) = rest.split_once("</script>").unwrap();
    let rows: Value = serde_json::from_str(rows).unwrap();
    let n_before = rows["label"].as_array().unwrap().len();
    let pick = |column: &str| (0..n).map(|at| rows[column][at % n_before].clone()).collect::<Vec<_>>();
    // A row stands first in each list of a sparse column.
    let moved = |column: &str, of_texts: bool| {
        let copies = (0..n.div_ceil(n_before))
            .flat_map(|copy| rows[column].as_array().unwrap().iter().map(move |list| (copy, list.as_array().unwrap())));
        let lists = copies.map(|(copy, list)| {
            let row = list[0].as_u64().unwrap() as usize + copy * n_before;
            let further = |at: usize| if of_texts && at >= n_before { at - n_before + n } else { at };
            let values = list[1..].iter().map(|value| match value.as_u64() {
                Some(value) => json!(further(value as usize)),
                None => value.clone(),
            });
            (row, std::iter::once(json!(row)).chain(values).collect::<Vec<_>>())
        });
        lists.filter(|(row, _)| *row < n).map(|(_, list)| list).collect::<Vec<_>>()
    };
    let own = (0..n).map(|at| json!(format!("{}, number {at}", rows["texts"][at % n_before].as_str().unwrap())));
    let sources = rows["texts"].as_array().unwrap()[n_before..].iter().cloned();
    let state = rows["state"].as_str().unwrap().chars().cycle().take(n).collect::<String>();
    let rows = json!({
        "labels": rows["labels"], "findings": rows["findings"], "texts": own.chain(sources).collect::<Vec<_>>(),
        "label": pick("label"), "state": state, "from": moved("from", true), "found": moved("found", false),
        "value": moved("value", false), "called": moved("called", false),
    });
    let rows = rows.to_string().replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    let page = format!("{before}{start}{rows}</script>{after}");
    std::fs::write(file, &page).unwrap();
    page.len()
}

/// Milliseconds until the page is whole, the median: on the clock, and of them those in which the page was computing.
async fn opened(browser: &Browser, file: &Path) -> [f64; 2] {
    let (mut times, mut computed) = (Vec::new(), Vec::new());
    browser.devtools("Performance.enable", json!({ "timeDomain": "threadTicks" })).await;
    for _ in 0..TRIES {
        browser.client.goto(&address(file)).await.unwrap();
        browser.wait("document.querySelector('.explorer:not([hidden])') !== null").await;
        let time = "performance.timing.loadEventEnd - performance.timing.navigationStart";
        times.push(browser.ask(time).await.as_f64().unwrap());
        let metrics = browser.devtools("Performance.getMetrics", json!({})).await;
        let metrics = metrics["metrics"].as_array().unwrap();
        let tasks = metrics.iter().find(|metric| metric["name"] == "TaskDuration").unwrap();
        computed.push(1_000.0 * tasks["value"].as_f64().unwrap());
    }
    [median(times), median(computed)]
}

/// The filter that takes longest, and its milliseconds, the median: from the input until the rows stand in the page.
async fn slowest_filter(browser: &Browser) -> (&'static str, f64) {
    let mut slowest = ("", 0.0);
    for (id, value) in
        [("search", "number 49"), ("state", "kept"), ("label", "0"), ("effect", "changed"), ("finding", "any")]
    {
        let set = |value: &str| {
            format!(
                "(() => {{ const e = document.getElementById('x-{id}'); const start = performance.now(); e.value = '{value}'; \
                 e.dispatchEvent(new Event('input')); document.body.offsetHeight; return performance.now() - start; }})()"
            )
        };
        let mut times = Vec::new();
        for _ in 0..TRIES {
            times.push(browser.ask(&set(value)).await.as_f64().unwrap());
            browser.ask(&set("")).await;
        }
        let time = median(times);
        if time > slowest.1 {
            slowest = (id, time);
        }
    }
    slowest
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}
