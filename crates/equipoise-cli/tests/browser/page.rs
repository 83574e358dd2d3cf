//! The report: what runs in it, and how its rows are looked through.

use crate::common::{equipoise, fixture};
use crate::driver::Browser;
use crate::hostile::hostile_run;
use serde_json::json;
use std::path::Path;

pub(crate) fn address(page: &Path) -> String {
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
        browser.console().await,
        Vec::<String>::new(),
        "nothing went wrong, and the policy had nothing to refuse"
    );
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
    browser.ask(&choose("state", "")).await;
    // An effect that no row has is not offered.
    let mut of_effect = Vec::new();
    for effect in ["changed", "gained", "lost"] {
        let offered = format!("document.querySelector('#x-effect option[value={effect}]') !== null");
        let has_rows = browser.ask(&offered).await == json!(true);
        browser.ask(&choose("effect", effect)).await;
        of_effect.push(if has_rows { browser.ask(count).await.as_u64().unwrap() } else { 0 });
    }
    assert!(
        of_effect[0] > 0 && of_effect[0] == of_effect[1] + of_effect[2],
        "rows that change, by direction: {of_effect:?}"
    );
    browser.ask(&choose("effect", "changed")).await;
    let said = "/: now (right|wrong)/.test(document.getElementById('x-row').textContent)";
    assert_eq!(browser.ask(said).await, json!(true), "what it is called with and without the new rows");
    browser.ask(&choose("effect", "harmful")).await;
    browser.ask(&choose("order", "harmful")).await;
    let harmful = browser.ask(count).await.as_u64().unwrap();
    assert!(0 < harmful && harmful < kept, "{harmful} of {kept}");
    browser.ask(&choose("effect", "")).await;
    browser.ask(&choose("state", "kept")).await;
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
    assert_eq!(browser.console().await, Vec::<String>::new());
    browser.close().await;
}
