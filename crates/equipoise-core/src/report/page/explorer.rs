//! All rows: searched, filtered and sorted in the page, by the one script that it may run.

use super::section::Section;
use crate::report::number::count;
use crate::report::{RowTable, escape, template};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::value::Value;
use serde::Serialize;
use sha2::{Digest, Sha256};

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

/// JSON without a character that ends a script element, or that hides or reorders others.
fn json(table: &RowTable) -> String {
    let json = serde_json::to_string(table).expect("names and numbers are JSON");
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

    #[test]
    fn a_text_cannot_end_the_element_that_it_stands_in() {
        let table = RowTable { labels: vec!["</script><img src=x>\u{202e}".to_owned()], ..RowTable::default() };
        let json = json(&table);
        assert!(!json.contains(['<', '>', '\u{202e}']));
        let read: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(read["labels"][0], "</script><img src=x>\\u{202e}");
    }
}
