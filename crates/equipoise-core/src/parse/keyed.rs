//! Answers that name the fields of a text in another way than JSON: a table, `id:` and `text:` lines, XML elements.

use super::item::{Expect, Found};
use super::object::{ID_FIELDS, OTHER_FIELDS, TEXT_FIELDS};
use super::{Note, html, talk};
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
        found.push(Found { id, text: html::entities(text), fault: None });
    }
    talk::note_lines(&without_tags(&body[behind..]), notes);
    (!found.is_empty()).then_some(found)
}

fn without_tags(text: &str) -> String {
    static TAG: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"</?\w[^<>]*>").expect("a fixed pattern"));
    TAG.replace_all(text, "").into_owned()
}

fn is_row(line: &str) -> bool {
    line.trim_start().starts_with('|') && line.matches('|').count() >= 2
}

/// A Markdown table: of each row the id, where one is known, and the text.
fn table(body: &str, expect: &Expect<'_>, notes: &mut Vec<Note>) -> Option<Vec<Found>> {
    let lines: Vec<&str> = body.lines().collect();
    let is_rule = |line: &str| line.contains("--") && line.chars().all(|c| matches!(c, '|' | '-' | ':' | ' ' | '\t'));
    // Below a rule with bars the rows may do without bars at their ends.
    let is_open = lines.iter().any(|line| is_rule(line) && line.contains('|') && !is_row(line));
    let is_row = |line: &str| is_row(line) || (is_open && line.contains('|'));
    if lines.iter().filter(|l| is_row(l) && !is_rule(l)).count() < 2 {
        return None;
    }
    let given = |cell: &str| expect.sources.iter().any(|(id, _)| id.eq_ignore_ascii_case(cell));
    let (mut head, mut rows) = (Vec::new(), Vec::new());
    for (at, line) in lines.iter().enumerate().filter(|(_, line)| !is_rule(line)) {
        let cells = cells(line);
        let is_head = head.is_empty() && rows.is_empty() && is_row(line) && !cells.iter().any(|cell| given(cell));
        match is_row(line) {
            true if is_head && (names_fields(&cells) || lines.get(at + 1).is_some_and(|next| is_rule(next))) => {
                talk::note_lines(line.trim_matches(['|', ' ']), notes);
                head = cells;
            }
            true => rows.push(cells),
            false => talk::note_lines(line, notes),
        }
    }
    let column = column_of_texts(&head, &rows, expect)?;
    let found = rows.into_iter().filter_map(|cells| {
        let known = |cell: &&String| given(cell) || cell.parse::<usize>().is_ok();
        let id = cells.iter().enumerate().filter(|(at, _)| *at != column).map(|(_, cell)| cell).find(known).cloned();
        Some(Found { id, text: cells.get(column)?.clone(), fault: None })
    });
    Some(found.collect())
}

/// The cells of a row, without the marks that make ids and words bold.
fn cells(line: &str) -> Vec<String> {
    // A bar that belongs to a text is written with a backslash.
    let line = line.trim().replace("\\|", "\u{0}");
    let line = line.strip_prefix('|').unwrap_or(&line);
    let cells = line.strip_suffix('|').unwrap_or(line).split('|').map(|cell| cell.replace('\u{0}', "|"));
    cells.map(|cell| unmarked(&cell).to_owned()).collect()
}

/// A cell without the marks around all of it.
fn unmarked(cell: &str) -> &str {
    let cell = cell.trim();
    let around = |mark| cell.strip_prefix(mark)?.strip_suffix(mark).filter(|inner: &&str| !inner.contains(mark));
    ["**", "__", "`", "*", "_"].into_iter().find_map(around).map_or(cell, str::trim)
}

fn names_fields(cells: &[String]) -> bool {
    cells.iter().all(|cell| kind(cell).is_some()) && cells.iter().any(|cell| kind(cell) == Some(Field::Text))
}

/// The column that holds the texts: the last one that is called so; else the last one that holds neither ids nor the sources nor the same
/// word in every row, as a label does. `None` where there is none.
fn column_of_texts(head: &[String], rows: &[Vec<String>], expect: &Expect<'_>) -> Option<usize> {
    let n = rows.iter().map(Vec::len).max()?;
    if let Some(at) = head.iter().rposition(|name| kind(name) == Some(Field::Text)) {
        return Some(at);
    }
    let is_beside = |at: usize| {
        let own: Vec<&str> = rows.iter().filter_map(|cells| Some(cells.get(at)?.as_str())).collect();
        let are = |is: &dyn Fn(&str) -> bool| own.iter().all(|cell| is(cell));
        let is_same = own.len() > 1 && are(&|cell| cell == own[0]);
        is_same
            || head.get(at).is_some_and(|name| kind(name).is_some())
            || are(&|cell| {
                cell.parse::<usize>().is_ok() || expect.sources.iter().any(|(id, _)| id.eq_ignore_ascii_case(cell))
            })
            || are(&|cell| expect.sources.iter().any(|(_, text)| text.trim() == cell))
    };
    (0..n).rev().find(|at| !is_beside(*at))
}

/// What a named line holds.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Field {
    Id,
    Text,
    /// The source again, the label, a remark.
    Other,
}

/// The field that a line names and its value.
pub(super) fn field(line: &str) -> Option<(Field, &str)> {
    static NAMED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r#"^\s*(?:[-*•]\s+|\d{1,3}[.)]\s*)?(?:\*\*|["'{])*(?P<name>[A-Za-z][A-Za-z_ ]{0,24}?) ?\d{0,3}(?:\*\*|["'])*\s*[:=](?:\*\*)?\s*(?P<value>.*?)[,}]?\s*$"#,
        )
        .expect("a fixed pattern")
    });
    let line = NAMED.captures(line)?;
    Some((kind(&line["name"])?, line.name("value").map_or("", |v| v.as_str())))
}

/// What a field of this name holds.
fn kind(name: &str) -> Option<Field> {
    let name = name.trim().to_lowercase().replace(' ', "_");
    [(ID_FIELDS, Field::Id), (TEXT_FIELDS, Field::Text), (OTHER_FIELDS, Field::Other)]
        .into_iter()
        .find_map(|(names, kind)| names.contains(&name.as_str()).then_some(kind))
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
            "| **a1** | one |\n| **a2** | two |",
            "| ID | Text |\n| a1 | one |\n| a2 | two |",
            "| # | **Text** |\n|---|---|\n| `a1` | **one** |\n| `a2` | **two** |",
            "| id | text | label |\n|---|---|---|\n| **a1** | one | joy |\n| **a2** | two | joy |",
            "| id | new wording | mood |\n|---|---|---|\n| a1 | one | joy |\n| a2 | two | joy |",
            "| no | what it was | new wording |\n|---|---|---|\n| a1 | the parcel never came | one |\n| a2 | what a day | two |",
            "id | text\n---|---\na1 | one\na2 | two",
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
