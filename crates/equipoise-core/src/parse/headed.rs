//! Answers whose texts stand below or behind headings: `### Text 1`, `## a1`, `**Text 2:**`, `First:`.

use super::item::{Expect, Found};
use super::keyed::{Field, field};
use super::{Note, talk};

/// What a heading calls its text.
#[derive(Debug, Clone, PartialEq)]
enum Name {
    /// An id of the request.
    Id(String),
    /// Its place, from 1.
    Place(usize),
}

/// Words for places, in pairs; models count few texts in words.
const PLACES: [[&str; 2]; 10] = [
    ["first", "one"],
    ["second", "two"],
    ["third", "three"],
    ["fourth", "four"],
    ["fifth", "five"],
    ["sixth", "six"],
    ["seventh", "seven"],
    ["eighth", "eight"],
    ["ninth", "nine"],
    ["tenth", "ten"],
];

/// The items of such an answer; `None` where it is none, or where the headings neither count from one nor name ids alone. Where it is cut,
/// the last item has the fault `cut`.
pub(super) fn read(body: &str, expect: &Expect<'_>, cut: bool, notes: &mut Vec<Note>) -> Option<Vec<Found>> {
    let is_own = |(_, text): &(&str, &str)| text.lines().any(|line| heading(line, expect).is_some());
    if expect.sources.iter().any(is_own) {
        return None;
    }
    let lines: Vec<(&str, Option<(Name, &str)>)> = body.lines().map(|line| (line, heading(line, expect))).collect();
    let names: Vec<&Name> = lines.iter().filter_map(|(_, heading)| Some(&heading.as_ref()?.0)).collect();
    let counts = names.iter().zip(1..).all(|(name, at)| **name == Name::Place(at));
    let are_ids = names.iter().all(|name| matches!(name, Name::Id(_)));
    if names.len() < expect.wanted.clamp(1, 2) || !(counts || are_ids) {
        return None;
    }
    let (mut found, mut seen) = (Vec::new(), Vec::new());
    let first = lines.iter().position(|(_, heading)| heading.is_some())?;
    lines[..first].iter().for_each(|(line, _)| talk::note_lines(line, &mut seen));
    let mut at = first;
    while let Some((_, Some((name, rest)))) = lines.get(at) {
        let own = lines[at + 1..].iter().take_while(|(_, heading)| heading.is_none());
        let own: Vec<&str> = own.map(|(line, _)| *line).collect();
        at += 1 + own.len();
        let text = section(rest, &own, expect.one_line, &mut seen);
        let id = match name {
            Name::Id(id) => id.clone(),
            Name::Place(place) => place.to_string(),
        };
        found.extend((!text.is_empty()).then_some(Found { id: Some(id), text, fault: None }));
    }
    if found.is_empty() {
        return None;
    }
    notes.append(&mut seen);
    if let Some(last) = found.last_mut().filter(|_| cut) {
        last.fault = Some("cut");
    }
    Some(found)
}

/// The text below a heading: what a line names as the text, else the first paragraph, or all where texts may have several.
fn section(rest: &str, lines: &[&str], one_line: bool, notes: &mut Vec<Note>) -> String {
    let named = |line: &&str| matches!(field(line), Some((Field::Text, value)) if !value.is_empty());
    if let Some(at) = lines.iter().position(named) {
        let beside = lines.iter().enumerate().filter(|(other, _)| *other != at);
        beside.for_each(|(_, line)| talk::note_lines(line, notes));
        return field(lines[at]).map_or_else(String::new, |(_, value)| value.to_owned());
    }
    let is_rule = |line: &str| !line.trim().is_empty() && line.chars().all(|c| matches!(c, '-' | '*' | '_' | ' '));
    let (mut text, mut is_over) = (rest.to_owned(), false);
    for line in lines.iter().map(|line| line.trim()) {
        if line.is_empty() {
            is_over |= one_line && !text.is_empty();
        } else if is_over || is_rule(line) || talk::is_talk(line) {
            talk::note_lines(line, notes);
        } else {
            text.push('\n');
            text.push_str(line.strip_prefix("> ").unwrap_or(line));
        }
    }
    text.trim().to_owned()
}

/// What a line calls the text below or behind it, and what stands behind the name.
fn heading<'a>(line: &'a str, expect: &Expect<'_>) -> Option<(Name, &'a str)> {
    let line = line.trim();
    let marked = line.trim_start_matches('#');
    let is_title = marked.len() < line.len() && marked.starts_with(' ');
    let line = if is_title { marked.trim() } else { line };
    let bold = ["**", "__"].iter().find_map(|mark| line.strip_prefix(mark)?.split_once(mark));
    let (inside, rest) = match (bold, line.split_once([':', '：'])) {
        (Some((inside, rest)), _) => (inside, rest),
        (None, Some((inside, rest))) => (inside, rest),
        (None, None) => (line, ""),
    };
    let is_parted = bold.is_none() && inside.len() < line.len();
    let name = name(inside, expect)?;
    let rest = rest.trim_start_matches([':', '：', '.', ')', '-', '–', '—', ' ']);
    // An id or a number before a text on its line is the mark of a list.
    let has_words = inside.split_whitespace().count() > 1 || inside.chars().all(|c| c.is_alphabetic() || c == ':');
    (is_title || bold.is_some() || (is_parted && (has_words || rest.is_empty()))).then_some((name, rest))
}

/// `a1`, `Text 1`, `Text a1`, `Text 1 (a1)`, `First text`; nothing where other words stand there, or two names that disagree.
fn name(inside: &str, expect: &Expect<'_>) -> Option<Name> {
    let parted = |c: char| c.is_whitespace() || matches!(c, ':' | '.' | '(' | ')' | '[' | ']' | '#' | '*' | '`' | '"');
    let words: Vec<&str> = inside.split(parted).filter(|word| !word.is_empty()).collect();
    let given = |word: &&str| expect.sources.iter().any(|(id, _)| id.eq_ignore_ascii_case(word));
    let place = |word: &str| {
        let digits = word.parse::<usize>().ok();
        let named = || PLACES.iter().position(|names| names.iter().any(|name| name.eq_ignore_ascii_case(word)));
        digits.or_else(|| named().map(|at| at + 1))
    };
    let ids: Vec<&str> = words.iter().copied().filter(|word| given(word)).collect();
    let places: Vec<usize> = words.iter().filter(|word| !given(word)).filter_map(|word| place(word)).collect();
    let n_others = words.len() - ids.len() - places.len();
    match (&ids[..], &places[..]) {
        (_, _) if n_others > 1 => None,
        ([id], [] | [_]) => Some(Name::Id((*id).to_owned())),
        ([], [place]) => Some(Name::Place(*place)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Form, parse};
    use super::*;

    const SOURCES: [(&str, &str); 3] =
        [("a1", "the parcel never came"), ("a2", "what a day"), ("a3", "my phone broke again")];

    fn texts(answer: &str, form: Form) -> Vec<(Option<usize>, String)> {
        let expect = Expect { sources: &SOURCES, wanted: 3, form, complete: true, one_line: true };
        parse(answer, &expect).items.into_iter().map(|item| (item.source, item.text)).collect()
    }

    #[test]
    fn texts_below_and_behind_headings_go_to_the_row_that_the_heading_names() {
        for answer in [
            "### Text 1\none\n\n### Text 2\ntwo\n\n### Text 3\nthree",
            "### Text 1\n\none\n\n---\n\n### Text 2\n\ntwo\n\n---\n\n### Text 3\n\nthree\n\nLet me know if you need more!",
            "## a1\none\n## a2\ntwo\n## a3\nthree",
            "Here they are:\n\n## **a1**\none\n\n## **a2**\ntwo\n\n## **a3**\nthree",
            "### a1: one\n### a2: two\n### a3: three",
            "### Text 1 (a1)\n> one\n### Text 2 (a2)\n> two\n### Text 3 (a3)\n> three",
            "**a1**\none\n\n**a2**\ntwo\n\n**a3**\nthree",
            "**Text 1:** one\n**Text 2:** two\n**Text 3:** three",
            "Text 1:\none\n\nText 2:\ntwo\n\nText 3:\nthree",
            "First: one\nSecond: two\nThird: three",
            "First text:\none\n\nSecond text:\ntwo\n\nThird text:\nthree",
            "Text one: one\nText two: two\nText three: three",
            "### Text 1\n**Original:** the parcel never came\n**Rewritten:** one\n### Text 2\n**Original:** what a day\n**Rewritten:** two\n### Text 3\n**Original:** my phone broke again\n**Rewritten:** three",
        ] {
            let expected = ["one", "two", "three"].map(str::to_owned);
            for form in [Form::Json, Form::List] {
                let read = texts(answer, form);
                assert_eq!(
                    read.iter().map(|(source, _)| *source).collect::<Vec<_>>(),
                    [Some(0), Some(1), Some(2)],
                    "{answer}"
                );
                assert_eq!(read.into_iter().map(|(_, text)| text).collect::<Vec<_>>(), expected, "{answer}");
            }
        }
    }

    #[test]
    fn ids_in_another_order_are_followed_and_a_text_that_is_absent_is_absent() {
        let read = texts("## a3\nthree\n## a1\none", Form::Json);
        assert_eq!(read, [(Some(2), "three".to_owned()), (Some(0), "one".to_owned())]);
    }

    #[test]
    fn headings_that_do_not_count_from_one_or_disagree_name_no_row() {
        let expect = |wanted| Expect { sources: &SOURCES, wanted, form: Form::Json, complete: true, one_line: true };
        for answer in [
            "### Text 1\none\n### Text 1\ntwo\n### Text 2\nthree",
            "### Text 2\none\n### Text 3\ntwo",
            "## a1\none\n## Text 2\ntwo",
            "## a1 and a2\none\n## a3\nthree\n## a1 a3\nx",
            "Reason: one\nVerdict: two",
            "one: yes",
        ] {
            assert_eq!(read(answer, &expect(3), false, &mut Vec::new()), None, "{answer}");
        }
    }
}
