//! The page of a pilot: prompts side by side, in figures and in texts.

use super::{Page, Rendered};
use crate::pilot::{Beside, Compared, Comparison, Standing};
use crate::report::figure::Figure;
use crate::report::number::{ABSENT, clip, count, counted, decimals, p_value, percent, ratio, usd};
use crate::report::template;
use crate::stats::Estimate;
use minijinja::Error;
use minijinja::value::Value;
use serde::Serialize;
use std::collections::BTreeSet;

/// Characters of a text that are shown.
const SHOWN: usize = 600;

/// A line of the table.
#[derive(Debug, Serialize)]
struct Row {
    what: String,
    cells: Vec<Cell>,
}

/// A figure with its interval, or plain text.
#[derive(Debug, Serialize)]
struct Cell {
    figure: Option<Figure>,
    text: String,
}

#[derive(Debug, Serialize)]
struct Table<'a> {
    prompts: Vec<&'a str>,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Texts<'a> {
    prompts: Vec<&'a str>,
    texts: Vec<Text<'a>>,
}

#[derive(Debug, Serialize)]
struct Text<'a> {
    label: &'a str,
    source: String,
    given: Vec<Given<'a>>,
}

#[derive(Debug, Serialize)]
struct Given<'a> {
    text: String,
    rejected_by: Option<&'a str>,
}

#[derive(Debug, Serialize)]
struct First<'a> {
    verdict: &'a str,
    context: String,
}

/// The page.
pub(in crate::report) fn render(comparison: &Comparison, tool_version: &str) -> Result<String, Error> {
    let labels: Vec<String> = comparison.labels.iter().map(|(label, n)| format!("{label} {}", count(*n))).collect();
    let context = format!(
        "{} of each prompt ({}), beside {}",
        counted(comparison.n_texts, "text"),
        labels.join(", "),
        counted(comparison.real.n, "real row")
    );
    let first = First { verdict: &comparison.verdict, context };
    let prompts: Vec<&str> = comparison.prompts.iter().map(|prompt| prompt.name.as_str()).collect();
    let table = Table { prompts: prompts.clone(), rows: rows(comparison) };
    let texts = Texts { prompts, texts: texts(comparison) };
    let section = |id, menu, title, body: String| Rendered { id, menu, title, body: Value::from_safe_string(body) };
    let sections = vec![
        section("figures", "Figures", "Figures", template::html(include_str!("pilot.html.j2"), table)?),
        section("texts", "Texts", "Texts side by side", template::html(include_str!("pilot_texts.html.j2"), texts)?),
    ];
    let badge = match comparison.prompts.first().map(|best| best.standing) {
        Some(Standing::ClearlyBest) => "Clearly best",
        _ => "About as good",
    };
    let page = Page {
        name: "prompts compared".to_owned(),
        tool_version: tool_version.to_owned(),
        badge,
        first: Value::from_safe_string(template::html(include_str!("pilot_first.html.j2"), first)?),
        sections,
        script: None,
    };
    template::html(include_str!("page.html.j2"), page)
}

/// The table, line by line.
struct Lines<'a> {
    prompts: &'a [Compared],
    rows: Vec<Row>,
}

impl Lines<'_> {
    fn put(&mut self, what: &str, of: impl Fn(&Compared) -> Cell, real: Cell) {
        let cells = self.prompts.iter().map(of).chain([real]).collect();
        self.rows.push(Row { what: what.to_owned(), cells });
    }

    fn level(&mut self, what: &str, of: fn(&Compared) -> Option<&Estimate>, real: Option<&Estimate>) {
        let real = if real.is_some() { estimate(real) } else { plain(ABSENT) };
        self.put(what, |prompt| estimate(of(prompt)), real);
    }

    fn said(&mut self, what: &str, of: impl Fn(&Compared) -> String, real: String) {
        self.put(what, |prompt| plain(of(prompt)), plain(real));
    }
}

fn rows(comparison: &Comparison) -> Vec<Row> {
    let Comparison { prompts, real, .. } = comparison;
    let absent = || ABSENT.to_owned();
    let mut lines = Lines { prompts, rows: Vec::new() };
    lines.said("Standing", |prompt| standing(prompt.standing).to_owned(), absent());
    lines.level("Good texts, of those asked for", |p| p.good.as_ref(), None);
    let behind = |prompt: &Compared| Cell {
        figure: prompt.behind.as_ref().map(|behind| Figure::difference(Some(behind), "")),
        text: "best".to_owned(),
    };
    lines.put("Behind the best", behind, plain(ABSENT));
    lines.said("p, corrected for all pairs", |prompt| prompt.p_value.map_or_else(absent, p_value), absent());
    lines.level("Answers read whole", |p| p.figures.read_whole.as_ref(), None);
    lines.level("Texts kept, of those asked for", |p| p.figures.kept.as_ref(), None);
    lines.level("Copies, of the texts read", |p| p.figures.copies.as_ref(), None);
    lines.level("Near copies, of the texts read", |p| p.figures.near_copies.as_ref(), None);
    lines.level("Declined, of the texts asked for", |p| p.figures.refused.as_ref(), None);
    lines.level("Label left alone by the judge", |p| p.figures.agreement.as_ref(), real.agreement.as_ref());
    lines.level("Names its label", |p| p.figures.names_label.as_ref(), real.names_label.as_ref());
    lines.level("Chance to be longer than a real row", |p| p.figures.longer.as_ref(), None);
    let chars = |n: Option<usize>| n.map_or_else(absent, count);
    lines.said("Characters of the middle text", |p| chars(p.figures.chars), chars(real.chars));
    for (at, habit) in real.habits.iter().enumerate() {
        let share = |p: &Compared| p.figures.habits.get(at).map_or_else(absent, |habit| percent(habit.share));
        lines.said(&format!("Texts with {}", habit.what), share, percent(habit.share));
    }
    lines.said("Distinct pairs of words", |p| p.figures.variety.map_or_else(absent, decimals), real_variety(real));
    lines.level(
        "Told from real rows by a classifier (AUC)",
        |p| p.figures.told_apart.as_ref(),
        real.told_apart.as_ref(),
    );
    lines.said("Tokens for each kept text", |p| p.figures.tokens_per_kept.map_or_else(absent, ratio), absent());
    lines.said("USD for each kept text", |p| p.figures.usd_per_kept.map_or_else(absent, usd), absent());
    let labels: BTreeSet<&String> = prompts.iter().flat_map(|prompt| prompt.gain.keys()).collect();
    for label in labels {
        let gain = |prompt: &Compared| Cell {
            figure: Some(Figure::difference(prompt.gain.get(label), "too few texts")),
            text: String::new(),
        };
        lines.put(&format!("Gain of average precision of {label}, out of fold"), gain, plain(ABSENT));
    }
    lines.rows
}

fn real_variety(real: &Beside) -> String {
    let told = |e: &Estimate| format!("{} [{}, {}]", decimals(e.value), decimals(e.low), decimals(e.high));
    real.variety.as_ref().map_or_else(|| ABSENT.to_owned(), told)
}

fn estimate(estimate: Option<&Estimate>) -> Cell {
    Cell { figure: Some(Figure::level(estimate, "too few texts")), text: String::new() }
}

fn plain(text: impl Into<String>) -> Cell {
    Cell { figure: None, text: text.into() }
}

fn standing(standing: Standing) -> &'static str {
    match standing {
        Standing::ClearlyBest => "clearly best",
        Standing::AboutAsGood => "about as good",
        Standing::ClearlyWorse => "clearly worse",
    }
}

fn texts(comparison: &Comparison) -> Vec<Text<'_>> {
    let shown = |text: Option<&str>| text.map_or_else(|| ABSENT.to_owned(), |text| clip(text, SHOWN));
    comparison
        .texts
        .iter()
        .map(|text| Text {
            label: &text.label,
            source: shown(text.source.as_deref()),
            given: text
                .given
                .iter()
                .map(|g| Given { text: shown(g.text.as_deref()), rejected_by: g.rejected_by.as_deref() })
                .collect(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_page_shows_figures_and_texts_and_escapes_both() {
        let estimate = json!({"value": 0.5, "low": 0.4, "high": 0.6, "n": 50, "method": "test"});
        let figures = json!({
            "n_answers": 5, "n_asked": 50, "n_read": 50, "n_kept": 25, "read_whole": estimate, "kept": estimate, "copies": estimate,
            "near_copies": estimate, "refused": null, "agreement": null, "names_label": estimate, "longer": null, "chars": 40,
            "habits": [{"what": "emoji", "share": 0.5}], "variety": 0.8, "told_apart": null, "input_tokens": 9, "output_tokens": 9,
            "tokens_per_kept": 12.5, "usd_per_kept": 0.002, "rejected_by": {}
        });
        let prompt = |name: &str, standing: &str| {
            json!({
                "name": name, "version": "v", "model": "m", "temperature": null, "standing": standing, "good": estimate,
                "behind": if standing == "clearly_worse" { estimate.clone() } else { json!(null) }, "p_value": null,
                "figures": figures, "gain": {"rare": estimate}
            })
        };
        let hostile = "<script>alert(1)</script>";
        let comparison = json!({
            "schema": 1, "n_texts": 50, "labels": {"rare": 50}, "verdict": format!("`{hostile}` is clearly best"),
            "prompts": [prompt(hostile, "clearly_best"), prompt("two", "clearly_worse")],
            "real": {"n": 9, "agreement": estimate, "names_label": null, "chars": 41, "habits": [{"what": "emoji", "share": 0.1}],
                     "variety": estimate, "told_apart": null},
            "texts": [{"label": hostile, "source": hostile, "given": [{"text": hostile, "rejected_by": "copy/copy_of_row"}, {"text": null, "rejected_by": null}]}]
        });
        let comparison: Comparison = serde_json::from_value(comparison).expect("a comparison");
        let page = render(&comparison, "0").expect("a page");
        assert!(!page.contains("<script>") && page.contains("&lt;script&gt;"), "escaped");
        for part in [
            "Good texts, of those asked for",
            "clearly worse",
            "copy/copy_of_row",
            "Gain of average precision of rare",
            "50.0",
        ] {
            assert!(page.contains(part) || page.contains(&part.replace('/', "&#x2f;")), "{part}");
        }
    }
}
