//! All rows: searched, filtered and sorted in the page, by the one script that it may run.

use super::section::Section;
use crate::report::number::count;
use crate::report::{RowTable, State, escape, template};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::Value;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::iter;

pub(super) static SECTION: Section = Section {
    id: "explorer",
    menu: "All rows",
    title: "All rows",
    render: |data, _| {
        let table = data.rows.as_ref().filter(|table| !table.rows.is_empty());
        table.map(|table| template::html(include_str!("explorer.html.j2"), Explorer::of(table))).transpose()
    },
};

/// The script of the page; nothing in it comes from the data.
pub(super) const SCRIPT: &str = include_str!("explorer.js");

/// The source by which the page's policy lets [`SCRIPT`] run and nothing else: `sha256-…`.
pub(super) fn script_source() -> String {
    format!("sha256-{}", STANDARD.encode(Sha256::digest(SCRIPT.as_bytes())))
}

#[derive(Debug, Serialize)]
struct Explorer {
    n: String,
    n_all: String,
    is_part: bool,
    /// The rows as JSON that can stand in a script element.
    json: Value,
}

impl Explorer {
    fn of(table: &RowTable) -> Self {
        Explorer {
            n: count(table.rows.len()),
            n_all: count(table.n_all),
            is_part: table.rows.len() < table.n_all,
            json: Value::from_safe_string(json(table)),
        }
    }
}

/// The rows column by column: half the bytes of a list of rows, and read in a fraction of the time. A text stands once, however many
/// rows were made from it; what few rows have stands with the position of its row.
#[derive(Debug, Serialize)]
struct Columns<'a> {
    labels: &'a [String],
    findings: &'a [(&'static str, String, String)],
    /// The text of each row, then sources that are no row.
    texts: Vec<&'a str>,
    /// Positions in `labels`.
    label: Vec<usize>,
    /// A letter a row.
    state: String,
    /// A row, and the positions of its sources in `texts`.
    from: Vec<Vec<usize>>,
    /// A row, and the positions of its findings in `findings`.
    found: Vec<Vec<usize>>,
    /// A row and what it is worth.
    value: Vec<(usize, i64)>,
    /// A row, and what it is called without and with the new rows, as positions in `labels`.
    called: Vec<[usize; 3]>,
}

impl<'a> Columns<'a> {
    fn of(table: &'a RowTable) -> Self {
        let rows = || table.rows.iter().enumerate();
        let mut texts: Vec<&str> = table.rows.iter().map(|row| row.text.as_str()).collect();
        let mut places: HashMap<&str, usize> = texts.iter().enumerate().rev().map(|(at, text)| (*text, at)).collect();
        let mut place = |text: &'a String| {
            *places.entry(text).or_insert_with(|| {
                texts.push(text);
                texts.len() - 1
            })
        };
        let made = rows().filter(|(_, row)| !row.made_from.is_empty());
        let from = made.map(|(at, row)| iter::once(at).chain(row.made_from.iter().map(&mut place)).collect()).collect();
        let found = rows().filter(|(_, row)| !row.findings.is_empty());
        Columns {
            labels: &table.labels,
            findings: &table.findings,
            from,
            texts,
            label: table.rows.iter().map(|row| row.label).collect(),
            state: table.rows.iter().map(|row| letter(row.state)).collect(),
            found: found.map(|(at, row)| iter::once(at).chain(row.findings.iter().copied()).collect()).collect(),
            value: rows().filter(|(_, row)| row.value != 0).map(|(at, row)| (at, row.value)).collect(),
            called: rows().filter_map(|(at, row)| row.predicted.map(|[without, with]| [at, without, with])).collect(),
        }
    }
}

/// As the script reads it.
fn letter(state: State) -> char {
    match state {
        State::Real => 'r',
        State::Kept => 'k',
        State::Surplus => 's',
        State::Rejected => 'x',
        State::HeldOut => 'h',
    }
}

/// JSON without a character that ends a script element, or that hides or reorders others.
fn json(table: &RowTable) -> String {
    let json = serde_json::to_string(&Columns::of(table)).expect("names and numbers are JSON");
    let mut safe = String::with_capacity(json.len() + json.len() / 50);
    for c in json.chars() {
        match c {
            '<' | '>' | '&' => safe.push_str(&format!("\\u{:04x}", u32::from(c))),
            // Spelled out for the reader too: `\\u{202e}` is text of the row then.
            c if escape::is_deceptive(c) => safe.push_str(&format!("\\\\u{{{:x}}}", u32::from(c))),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::TableRow;

    #[test]
    fn a_text_cannot_end_the_element_that_it_stands_in() {
        let table = RowTable { labels: vec!["</script><img src=x>\u{202e}".to_owned()], ..RowTable::default() };
        let json = json(&table);
        assert!(!json.contains(['<', '>', '\u{202e}']));
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["labels"][0], "</script><img src=x>\\u{202e}");
    }

    #[test]
    fn a_source_that_many_rows_have_stands_once_and_one_that_is_a_row_is_that_row() {
        let row = |text: &str, state, from: &[&str]| TableRow {
            text: text.to_owned(),
            label: 0,
            state,
            made_from: from.iter().map(|text| (*text).to_owned()).collect(),
            findings: Vec::new(),
            value: 0,
            predicted: None,
        };
        let rows = vec![
            row("a", State::Real, &[]),
            row("b", State::Kept, &["a", "elsewhere"]),
            row("c", State::Surplus, &["elsewhere"]),
        ];
        let table = RowTable { rows, ..RowTable::default() };
        let columns = Columns::of(&table);
        assert_eq!(columns.texts, ["a", "b", "c", "elsewhere"]);
        assert_eq!(columns.from, [vec![1, 0, 3], vec![2, 3]]);
        assert_eq!(columns.state, "rks");
    }
}
