//! Answers that name the fields of a text in another way than JSON: a table, `id:` and `text:` lines, XML elements.

use super::item::{Expect, Found};
use super::object::{ID_FIELDS, OTHER_FIELDS, TEXT_FIELDS};
use super::{Note, talk};
use regex::Regex;
use std::sync::LazyLock;

/// The items of such an answer; `None` where it is none. Where it is cut, the last item has the fault `cut`.
pub(super) fn read(body: &str, expect: &Expect<'_>, cut: bool, notes: &mut Vec<Note>) -> Option<Vec<Found>> {
    // Where the real rows look so themselves it is no form of the answer.
    if expect.sources.iter().any(|(_, text)| text.lines().any(|l| field(l).is_some() || is_row(l))) {
        return None;
    }
    let mut seen = Vec::new();
    let mut found =
        elements(body, &mut seen).or_else(|| table(body, expect, &mut seen)).or_else(|| fields(body, &mut seen))?;
    notes.append(&mut seen);
    if let Some(last) = found.last_mut().filter(|_| cut) {
        last.fault = Some("cut");
    }
    Some(found)
}

/// `<text id="a1">…</text>`.
fn elements(body: &str, notes: &mut Vec<Note>) -> Option<Vec<Found>> {
    static ELEMENT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"(?is)<(?:text|rewrite|rewritten|item|sentence|output|answer)\b(?:[^<>]*?\b(?:id|key)\s*=\s*["']?(?P<id>[\w-]+)["']?)?[^<>]*>(?P<text>[^<]*)</\w+>"#,
        )
        .expect("a fixed pattern")
    });
    let (mut found, mut behind) = (Vec::new(), 0);
    for element in ELEMENT.captures_iter(body) {
        let whole = element.get_match();
        talk::note_lines(&without_tags(&body[behind..whole.start()]), notes);
        behind = whole.end();
        let id = element.name("id").map(|id| id.as_str().to_owned());
        let text = element.name("text").map_or("", |text| text.as_str());
        found.push(Found { id, text: entities(text), fault: None });
    }
    talk::note_lines(&without_tags(&body[behind..]), notes);
    (!found.is_empty()).then_some(found)
}

fn without_tags(text: &str) -> String {
    static TAG: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"</?\w[^<>]*>").expect("a fixed pattern"));
    TAG.replace_all(text, "").into_owned()
}

fn entities(text: &str) -> String {
    ["&lt;<", "&gt;>", "&quot;\"", "&apos;'", "&amp;&"].iter().fold(text.to_owned(), |text, pair| {
        let (name, sign) = pair.split_at(pair.len() - 1);
        text.replace(name, sign)
    })
}

fn is_row(line: &str) -> bool {
    line.trim_start().starts_with('|') && line.matches('|').count() >= 2
}

/// A Markdown table: of each row the id, where one is known, and the last cell.
fn table(body: &str, expect: &Expect<'_>, notes: &mut Vec<Note>) -> Option<Vec<Found>> {
    let lines: Vec<&str> = body.lines().collect();
    let is_rule = |line: &str| line.contains("--") && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'));
    if lines.iter().filter(|l| is_row(l)).count() < 2 {
        return None;
    }
    let mut found = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        if is_rule(line) {
            continue;
        }
        if !is_row(line) || lines.get(at + 1).is_some_and(|next| is_rule(next)) {
            talk::note_lines(line.trim_matches(['|', ' ']), notes);
            continue;
        }
        let cells: Vec<&str> = line.trim().trim_matches('|').split('|').map(str::trim).collect();
        let known = |cell: &&&str| {
            expect.sources.iter().any(|(id, _)| id.eq_ignore_ascii_case(cell)) || cell.parse::<usize>().is_ok()
        };
        let id = cells.iter().take(cells.len() - 1).find(known).map(|id| (*id).to_owned());
        found.push(Found { id, text: cells.last().map_or_else(String::new, |text| (*text).to_owned()), fault: None });
    }
    Some(found)
}

/// What a named line holds.
#[derive(Clone, Copy, PartialEq)]
enum Field {
    Id,
    Text,
    /// The source again, the label, a remark.
    Other,
}

/// The field that a line names and its value.
fn field(line: &str) -> Option<(Field, &str)> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"^\s*(?:[-*•]\s+|\d{1,3}[.)]\s*)?(?:\*\*|["'{])*(?P<name>[A-Za-z][A-Za-z_ ]{0,24}?) ?\d{0,3}(?:\*\*|["'])*\s*[:=](?:\*\*)?\s*(?P<value>.*?)[,}]?\s*$"#,
        )
        .expect("a fixed pattern")
    });
    let line = NAMED.captures(line)?;
    let name = line["name"].trim().to_lowercase().replace(' ', "_");
    let value = line.name("value").map_or("", |v| v.as_str());
    let is_in = |names: &[&str]| names.contains(&name.as_str());
    let kind = if is_in(ID_FIELDS) {
        Field::Id
    } else if is_in(TEXT_FIELDS) {
        Field::Text
    } else if is_in(OTHER_FIELDS) {
        Field::Other
    } else {
        return None;
    };
    Some((kind, value))
}

/// Lines that name their field, with no other lines than a few of talk.
fn fields(body: &str, notes: &mut Vec<Note>) -> Option<Vec<Found>> {
    let lines: Vec<&str> = body.lines().map(str::trim).filter(|l| !l.is_empty()).collect();
    let named: Vec<Option<(Field, &str)>> = lines.iter().map(|l| field(l)).collect();
    let n_named = named.iter().flatten().count();
    let has_texts = named.iter().flatten().any(|(kind, value)| *kind == Field::Text && !value.is_empty());
    if !has_texts || 4 * n_named < 3 * lines.len() {
        return None;
    }
    let (mut found, mut id) = (Vec::new(), None);
    for (line, named) in lines.iter().zip(named) {
        match named {
            Some((Field::Id, value)) => id = Some(value.trim_matches(['"', '\'', '*']).to_owned()),
            Some((Field::Text, value)) if !value.is_empty() => {
                found.push(Found { id: id.take(), text: value.to_owned(), fault: None });
            }
            _ => talk::note_lines(line, notes),
        }
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::super::Form;
    use super::*;

    const SOURCES: [(&str, &str); 2] = [("a1", "the parcel never came"), ("a2", "what a day")];

    fn read_all(body: &str) -> Option<Vec<(Option<String>, String)>> {
        let expect = Expect { sources: &SOURCES, wanted: 2, form: Form::Json, complete: true, one_line: true };
        let found = read(body, &expect, false, &mut Vec::new())?;
        Some(found.into_iter().map(|f| (f.id, f.text)).collect())
    }

    #[test]
    fn reads_tables_fields_and_elements() {
        for body in [
            "| id | text |\n|----|----|\n| a1 | one |\n| a2 | two |",
            "Here is the table:\n\n| id | original | rewrite |\n|:--|--|--|\n| a1 | x | one |\n| a2 | y | two |",
            "texts:\n- id: a1\n  text: one\n- id: a2\n  text: two",
            "**ID:** a1\n**Original text:** x\n**Rewritten text:** one\n\n**ID:** a2\n**Original text:** y\n**Rewritten text:** two",
            "<texts>\n<text id=\"a1\">one</text>\n<text id=\"a2\">two</text>\n</texts>",
        ] {
            let expected = [("a1", "one"), ("a2", "two")].map(|(id, text)| (Some(id.to_owned()), text.to_owned()));
            assert_eq!(read_all(body).as_deref(), Some(&expected[..]), "{body}");
        }
        let without_ids = read_all("Original: x\nRewritten: one\n\nOriginal: y\nRewritten: two").unwrap_or_default();
        assert_eq!(without_ids.iter().map(|(_, text)| text.as_str()).collect::<Vec<_>>(), ["one", "two"]);
    }

    #[test]
    fn leaves_other_lines_alone() {
        for body in ["one\ntwo", "1. one\n2. two", "my verdict: awful\nand so: two", "a | b\nc | d", "he said: text me"]
        {
            assert_eq!(read_all(body), None, "{body}");
        }
    }
}
