//! The page of a pilot: prompts side by side, in figures and in texts.

use super::{Page, Rendered};
use crate::pilot::{Comparison, FigureCell, FigureLine, Standing};
use crate::report::figure::Figure;
use crate::report::number::{ABSENT, clip, count, decimals, p_value, percent, ratio, usd};
use crate::report::template;
use crate::text::counted;
use minijinja::Error;
use minijinja::value::Value;
use serde::Serialize;

/// Characters of a text that are shown.
const SHOWN: usize = 600;

/// A line of the table.
#[derive(Debug, Serialize)]
struct FigureRow {
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
    rows: Vec<FigureRow>,
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
    let badge = match (comparison.n_texts, &comparison.prompts[..]) {
        (0, _) | (_, []) => "Nothing to compare",
        (_, [_]) => "One prompt",
        (_, [best, ..]) if best.standing == Standing::ClearlyBest => "Clearly best",
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

fn rows(comparison: &Comparison) -> Vec<FigureRow> {
    let row = |line: FigureLine<'_>| FigureRow {
        what: capital(&line.what),
        cells: line.cells.into_iter().map(cell).collect(),
    };
    comparison.lines().into_iter().map(row).collect()
}

fn cell(cell: FigureCell<'_>) -> Cell {
    let figure = |figure: Figure| Cell { figure: Some(figure), text: String::new() };
    let text = |text: String| Cell { figure: None, text };
    match cell {
        FigureCell::Absent => text(ABSENT.to_owned()),
        FigureCell::Word(word) => text(word.to_owned()),
        FigureCell::Share(e) | FigureCell::Level(e) => figure(Figure::level(Some(e), "")),
        FigureCell::Difference(e) => figure(Figure::difference(Some(e), "")),
        FigureCell::Plain(share) => text(percent(share)),
        FigureCell::Number(n) => text(decimals(n)),
        FigureCell::PValue(p) => text(p_value(p)),
        FigureCell::Count(n) => text(ratio(n)),
        FigureCell::Usd(n) => text(usd(n)),
    }
}

/// With a capital at its beginning.
fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
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
            "Gain of average precision, rare",
            "50.0\u{202F}%",
        ] {
            // A slash is written as its number.
            assert!(page.contains(&part.replace('/', "&#x2f;")), "{part}");
        }
    }
}
