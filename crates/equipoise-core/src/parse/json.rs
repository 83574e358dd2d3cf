//! Whole JSON: objects by id, lists of objects or of strings, one after the other or inside talk.

use super::item::Found;
use super::object::{self, Within};
use super::{Note, NoteKind, clean, talk};
use serde_json::Value;

/// The items of every JSON value in `body` that holds some and is no draft of a later one. `None` where there is no JSON or it is broken;
/// whole JSON without a text is an answer without a text, since cutting it up would make texts of its names and values.
pub(super) fn read(body: &str, sources: &[(&str, &str)], wanted: usize, notes: &mut Vec<Note>) -> Option<Vec<Found>> {
    let mut at = body.find(['{', '['])?;
    let within = Within::new(sources);
    let (mut seen, mut found, mut idle) = (Vec::new(), Vec::new(), Vec::new());
    // Where the items of each value begin.
    let mut starts = Vec::new();
    let (mut talk_from, mut n_whole, mut n_broken) = (0, 0, 0);
    loop {
        match value_at(&body[at..]) {
            Some((value, len)) => {
                let (before, seen_before) = (found.len(), seen.len());
                match object::is_of_a_server(&value, &within) {
                    true => seen.push(Note::new(NoteKind::Unread, clean::excerpt(&value.to_string()))),
                    false => object::collect(&value, &within, 0, &mut found, &mut seen),
                }
                let refused = seen[seen_before..].iter().any(|n: &Note| n.kind == NoteKind::Refused);
                let empty = is_empty_answer(&value) && body.trim_start().len() == body.len() - at;
                let by_id = found[before..].iter().all(|f| f.id.as_deref().is_some_and(|id| within.knows(id)));
                let holds = found.len() > before && (n_whole > 0 || by_id || stands_alone(body, at, len));
                if holds || empty || refused {
                    let gap = body[talk_from..at].trim_matches(separator);
                    if is_structure(gap) {
                        return None;
                    }
                    talk::note_lines(gap, &mut seen);
                    talk_from = at + len;
                    n_whole += 1;
                    starts.push(before);
                } else {
                    found.truncate(before);
                    seen.truncate(seen_before);
                    if stands_alone(body, at, len) && object::is_structured(&value) {
                        idle.push(Note::new(NoteKind::Unread, clean::excerpt(&body[at..at + len])));
                    }
                }
                at += len;
            }
            // Trying every bracket of a broken answer would be quadratic; salvage reads it in one pass.
            None if n_broken == 8 => break,
            None => {
                n_broken += 1;
                at += 1;
            }
        }
        match body[at..].find(['{', '[']) {
            Some(next) => at += next,
            None => break,
        }
    }
    if n_whole == 0 && n_broken == 0 && !idle.is_empty() {
        notes.append(&mut idle);
        return Some(Vec::new());
    }
    let rest = body[talk_from..].trim_matches(separator);
    if n_whole == 0 || is_structure(rest) {
        return None;
    }
    talk::note_lines(rest, &mut seen);
    notes.append(&mut seen);
    Some(without_drafts(found, &starts, wanted, notes))
}

/// The items without those of a value that a later one gives again: under an id that comes again, or, where there are no ids, before a
/// value that holds all that is wanted. Models think aloud, and what they say last is the answer.
fn without_drafts(found: Vec<Found>, starts: &[usize], wanted: usize, notes: &mut Vec<Note>) -> Vec<Found> {
    let ends = starts.iter().skip(1).copied().chain([found.len()]);
    let values: Vec<&[Found]> = starts.iter().zip(ends).map(|(from, to)| &found[*from..to]).collect();
    let is_draft = |at: usize| {
        values[at + 1..].iter().any(|later| {
            let same_id = |f: &Found| f.id.is_some() && later.iter().any(|l| l.id == f.id);
            let has_ids = values[at].iter().chain(*later).any(|f| f.id.is_some());
            values[at].iter().any(same_id) || (!has_ids && !values[at].is_empty() && later.len() == wanted)
        })
    };
    let mut kept = Vec::with_capacity(found.len());
    for (at, value) in values.iter().enumerate() {
        match is_draft(at) {
            true => value.iter().for_each(|f| talk::note_lines(&f.text, notes)),
            false => kept.extend_from_slice(value),
        }
    }
    kept
}

/// Brackets and quotes outside of whole values: items that broke, not talk.
fn is_structure(text: &str) -> bool {
    let is_bare = !text.is_empty() && text.chars().all(|c| "[]{},".contains(c) || c.is_whitespace());
    is_bare || (text.contains(['{', '[']) && text.contains('"'))
}

/// Whether the value is the answer and not a bracket within a text: it begins a line or is most of the answer.
fn stands_alone(body: &str, at: usize, len: usize) -> bool {
    let line = body[..at].rsplit('\n').next().unwrap_or_default();
    line.trim().is_empty() || 2 * len >= body.trim().len()
}

fn separator(c: char) -> bool {
    c.is_whitespace() || c == ','
}

/// `[]`, `{}` or `{"texts": []}`: whole, and nothing in it.
fn is_empty_answer(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.is_empty(),
        Value::Object(map) => map.values().all(|v| v.as_array().is_some_and(Vec::is_empty)),
        _ => false,
    }
}

/// The value at the start of `text` and its length in bytes.
fn value_at(text: &str) -> Option<(Value, usize)> {
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    let value = stream.next()?.ok()?;
    Some((value, stream.byte_offset()))
}

/// `\ud83d` without its other half becomes `\ufffd`; JSON readers refuse the whole answer otherwise.
pub(super) fn without_lone_surrogates(body: &str) -> String {
    let mut repaired = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find("\\u") {
        let backslashes = rest[..at].bytes().rev().take_while(|b| *b == b'\\').count();
        let unit = |from: usize| {
            let hex = rest.get(from..from + 6)?.strip_prefix("\\u")?;
            hex.bytes().all(|b| b.is_ascii_hexdigit()).then(|| u16::from_str_radix(hex, 16).ok())?
        };
        let (text, used) = match (unit(at), unit(at + 6)) {
            _ if backslashes % 2 == 1 => (&rest[at..at + 2], 2),
            (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (&rest[at..at + 12], 12),
            (Some(0xD800..=0xDFFF), _) => ("\\ufffd", 6),
            _ => (&rest[at..at + 2], 2),
        };
        repaired.push_str(&rest[..at]);
        repaired.push_str(text);
        rest = &rest[at + used..];
    }
    repaired.push_str(rest);
    repaired
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn repairs_half_pairs_and_leaves_whole_ones_and_escaped_backslashes() {
        assert_eq!(without_lone_surrogates(r"a\ud83d\ude00b"), r"a\ud83d\ude00b");
        assert_eq!(without_lone_surrogates(r"a\ud83db"), r"a\ufffdb");
        assert_eq!(without_lone_surrogates(r"\ude00\ud83d"), r"\ufffd\ufffd");
        assert_eq!(without_lone_surrogates(r"\\ud83d"), r"\\ud83d");
        assert_eq!(without_lone_surrogates(r"\ud83"), r"\ud83");
        assert_eq!(without_lone_surrogates("\\u"), "\\u");
        assert_eq!(without_lone_surrogates("\\ud8é00"), "\\ud8é00");
    }

    const SOURCES: [(&str, &str); 2] = [("a1", "the old one"), ("a2", "another one")];

    fn texts(body: &str) -> Option<Vec<(Option<String>, String)>> {
        let found = read(body, &SOURCES, 2, &mut Vec::new())?;
        Some(found.into_iter().map(|f| (f.id, f.text)).collect())
    }

    fn both() -> Option<Vec<(Option<String>, String)>> {
        Some([("a1", "one, new"), ("a2", "two")].map(|(id, text)| (Some(id.to_owned()), text.to_owned())).to_vec())
    }

    #[test]
    fn a_text_is_found_under_any_name_where_it_is_the_only_one_beside_id_and_source() {
        for [first, second] in [
            [r#""id":"a1","new_version":"one, new""#, r#""id":"a2","new_version":"two""#],
            [r#""id":"a1","neu":"one, new""#, r#""id":"a2","neu":"two""#],
            [r#""id":"a1","alt":"The old one","neu":"one, new""#, r#""id":"a2","alt":"another one","neu":"two""#],
            [
                r#""id":"a1","text":"the old one","rewrite":"one, new""#,
                r#""id":"a2","text":"another one","rewrite":"two""#,
            ],
            [r#""id":"a1","label":"joy","neu":"one, new""#, r#""id":"a2","label":"joy","neu":"two""#],
        ] {
            assert_eq!(texts(&format!("{{\"texts\":[{{{first}}},{{{second}}}]}}")), both(), "{first}");
        }
    }

    #[test]
    fn json_that_was_written_into_a_string_of_json_is_read() {
        let items = r#"[{"id":"a1","text":"one, new"},{"id":"a2","text":"two"}]"#;
        let within = |value: &str| serde_json::to_string(value).expect("a string");
        let each = [r#"{"id":"a1","text":"one, new"}"#, r#"{"id":"a2","text":"two"}"#].map(within).join(",");
        for body in [format!("{{\"texts\":{}}}", within(items)), format!("{{\"texts\":[{each}]}}"), format!("[{each}]")]
        {
            assert_eq!(texts(&body), both(), "{body}");
        }
        let in_text =
            r#"{"texts":[{"id":"a1","text":"{\"text\":\"one, new\"}"},{"id":"a2","text":"{\"text\":\"two\"}"}]}"#;
        assert_eq!(texts(in_text), both());
    }

    #[test]
    fn whole_json_without_a_text_is_an_answer_without_one() {
        for body in [
            r#"{"texts":[{"id":"a1","text":null},{"id":"a2","text":null,"remark":"nothing came to mind"}]}"#,
            r#"{"texts":[{"id":"a1","this":"one","that":"two"}]}"#,
            r#"{"name":"generate_texts","arguments":{"count":6,"style":"lower case"}}"#,
            r#"{"detail":"upstream connect error or disconnect reset before headers","status":503}"#,
            r#"{"status":"error","message":"The model is overloaded right now, please try again a bit later"}"#,
            r#"{"error":{"message":"Rate limit exceeded for model m","code":429}}"#,
            r#"{"success":false,"message":"no such model"}"#,
            r#"{"detail":[{"loc":["body"],"msg":"field required","text":"body"}]}"#,
        ] {
            let mut notes = Vec::new();
            assert_eq!(read(body, &SOURCES, 2, &mut notes), Some(Vec::new()), "{body}");
            assert_eq!(notes.iter().map(|n| n.kind).collect::<Vec<_>>(), [NoteKind::Unread], "{body}");
            let around = format!("Here you go:\n{body}");
            assert_eq!(texts(&around), Some(Vec::new()), "{body}");
        }
        assert_eq!(texts("[1] one\n[2] two"), None, "numbers in brackets begin lines of a list");
        let with_status =
            r#"{"status":"ok","error":null,"texts":[{"id":"a1","text":"one, new"},{"id":"a2","text":"two"}]}"#;
        assert_eq!(texts(with_status), both());
        for (name, said) in [("error", r#""""#), ("error", r#""one source was unclear""#), ("detail", r#""two texts""#)]
        {
            let beside = format!(r#"{{"{name}":{said},"texts":["one","two"]}}"#);
            assert_eq!(texts(&beside).map(|found| found.len()), Some(2), "{beside}");
        }
    }

    #[test]
    fn deep_nesting_ends() {
        let deep = "[".repeat(20_000);
        assert_eq!(read(&deep, &[], 1, &mut Vec::new()), None);
        let closed = format!("{}\"x\"{}", "[".repeat(100), "]".repeat(100));
        let mut notes = Vec::new();
        assert!(read(&closed, &[], 1, &mut notes).unwrap_or_default().is_empty());
    }
}
