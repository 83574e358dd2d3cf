//! Whole JSON: objects by id, lists of objects or of strings, one after the other or inside talk.

use super::item::Found;
use super::{Note, NoteKind, clean, refusal, talk};
use serde_json::{Map, Value};

/// Names under which models put the text of an item.
pub(super) const TEXT_FIELDS: &[&str] = &[
    "text",
    "rewrite",
    "rewritten",
    "rewritten_text",
    "new_text",
    "paraphrase",
    "content",
    "sentence",
    "output",
    "answer",
    "response",
    "tweet",
    "message",
    "value",
];
/// Names of ids.
pub(super) const ID_FIELDS: &[&str] = &["id", "key", "ref", "source_id"];
/// Nesting that is followed.
const MOST_DEPTH: usize = 64;

/// The items of every JSON value in `body` that holds some and is no draft of a later one; `None` where no whole value does.
pub(super) fn read(body: &str, ids: &[&str], wanted: usize, notes: &mut Vec<Note>) -> Option<Vec<Found>> {
    let mut at = body.find(['{', '['])?;
    let (mut seen, mut found) = (Vec::new(), Vec::new());
    // Where the items of each value begin.
    let mut starts = Vec::new();
    let (mut talk_from, mut n_whole, mut n_broken) = (0, 0, 0);
    loop {
        match value_at(&body[at..]) {
            Some((value, len)) => {
                let (before, seen_before) = (found.len(), seen.len());
                collect(&value, ids, 0, &mut found, &mut seen);
                let refused = seen[seen_before..].iter().any(|n: &Note| n.kind == NoteKind::Refused);
                let empty = is_empty_answer(&value) && body.trim_start().len() == body.len() - at;
                let by_id = found[before..].iter().all(|f| f.id.as_deref().is_some_and(|id| ids.contains(&id)));
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

fn collect(value: &Value, ids: &[&str], depth: usize, found: &mut Vec<Found>, notes: &mut Vec<Note>) {
    if depth > MOST_DEPTH {
        notes.push(Note::new(NoteKind::Malformed, format!("nested deeper than {MOST_DEPTH}")));
        return;
    }
    match value {
        Value::Array(list) => {
            for element in list {
                match element {
                    Value::String(text) => found.push(Found::text(text)),
                    Value::Array(_) | Value::Object(_) => collect(element, ids, depth + 1, found, notes),
                    other => notes.push(Note::new(NoteKind::Malformed, other.to_string())),
                }
            }
        }
        Value::Object(map) => object(map, ids, depth, found, notes),
        _ => {}
    }
}

fn object(map: &Map<String, Value>, ids: &[&str], depth: usize, found: &mut Vec<Found>, notes: &mut Vec<Note>) {
    if let Some(text) = TEXT_FIELDS.iter().find_map(|f| map.get(*f)?.as_str()) {
        let id = ID_FIELDS.iter().find_map(|f| scalar(map.get(*f)?));
        found.push(Found { id, text: text.to_owned(), fault: None });
        return;
    }
    let texts_by_name = map.iter().all(|(_, v)| inner_text(v).is_some());
    for (name, value) in map {
        let known = ids.contains(&name.as_str());
        match value {
            _ if ID_FIELDS.contains(&name.as_str()) && !known => {}
            _ if known || (texts_by_name && looks_like_id(name)) => match inner_text(value) {
                Some(text) => found.push(Found { id: Some(name.clone()), text: text.to_owned(), fault: None }),
                None => notes.push(Note::new(NoteKind::Malformed, clean::excerpt(&format!("{name}: {value}")))),
            },
            Value::Array(_) | Value::Object(_) => collect(value, ids, depth + 1, found, notes),
            Value::String(text) if refusal::is_refusal(text) => {
                notes.push(Note::new(NoteKind::Refused, clean::excerpt(text)));
            }
            other => notes.push(Note::new(NoteKind::Preamble, clean::excerpt(&format!("{name}: {other}")))),
        }
    }
}

/// A text, alone or in an object.
fn inner_text(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| TEXT_FIELDS.iter().find_map(|f| value.get(f)?.as_str()))
}

/// Names such as `a7`, `7` or `rewrite_3`, and not `note`.
fn looks_like_id(name: &str) -> bool {
    name.ends_with(|c: char| c.is_ascii_digit())
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
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

    #[test]
    fn deep_nesting_ends() {
        let deep = "[".repeat(20_000);
        assert_eq!(read(&deep, &[], 1, &mut Vec::new()), None);
        let closed = format!("{}\"x\"{}", "[".repeat(100), "]".repeat(100));
        let mut notes = Vec::new();
        assert!(read(&closed, &[], 1, &mut notes).unwrap_or_default().is_empty());
    }
}
