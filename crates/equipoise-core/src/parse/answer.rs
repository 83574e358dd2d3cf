//! From the text of an answer to its items, whatever form it took.

use super::item::{Expect, Form, Found, Parsed};
use super::{
    Note, NoteKind, clean, frame, headed, html, json, keyed, list, pair, refusal, salvage, talk, thought, token,
};

/// Bytes of an answer that are looked at. More is no answer to any request of ours.
const MOST_BYTES: usize = 4 << 20;

/// Reads an answer. Never fails and never panics; what is wrong stands in the notes.
///
/// ```
/// use equipoise_core::parse::{parse, Expect, Form};
/// let sources = [("a1", "good day"), ("a2", "bad day")];
/// let expect = Expect { sources: &sources, wanted: 2, form: Form::Json, complete: true, one_line: true };
/// let parsed = parse(r#"{"texts": [{"id": "a2", "text": "awful day"}, {"id": "a1", "text": "fine day"}]}"#, &expect);
/// assert_eq!(parsed.items[0].source, Some(1));
/// assert!(parsed.notes.is_empty());
/// ```
pub fn parse(answer: &str, expect: &Expect<'_>) -> Parsed {
    let mut notes = Vec::new();
    let mut cut = !expect.complete;
    let mut body = answer.trim_start_matches('\u{feff}');
    if body.len() > MOST_BYTES {
        body = &body[..body.floor_char_boundary(MOST_BYTES)];
        notes.push(Note::new(NoteKind::Malformed, format!("{} bytes; the first {MOST_BYTES} were read", answer.len())));
        cut = true;
    }
    let body = thought::without(body, &mut notes);
    let body = token::first_turn(&body, &mut notes);
    let body = talk::without_fences(&body, &mut notes);
    let found = match read_json(&body, expect, cut, &mut notes) {
        Some(found) => found,
        None if holds_less(&body, expect.wanted) && refusal::is_refusal(&body) => {
            notes.push(Note::new(NoteKind::Refused, body.trim()));
            return Parsed { items: Vec::new(), notes };
        }
        None => read_lines(&body, expect, cut, &mut notes),
    };
    if cut {
        let end = found.last().filter(|f| f.fault.is_some()).map_or("the answer was cut", |f| f.text.as_str());
        notes.push(Note::new(NoteKind::Cut, clean::excerpt(end)));
    }
    let cleaned = |found: Vec<Found>, one_line| -> Vec<Found> {
        found.into_iter().map(|f| Found { text: clean::clean(&f.text, one_line), ..f }).collect()
    };
    let mut found = without_numbers(cleaned(found, false), expect);
    // A line of its own below each text is a frame, which no longer shows in one line.
    frame::take_off(&mut found, expect, &mut notes);
    let found = cleaned(found, expect.one_line);
    let items = pair::pair(found, expect, &mut notes);
    Parsed { items, notes }
}

/// Whether the answer has fewer lines and pieces than asked for, so that it may be something else than texts.
fn holds_less(body: &str, wanted: usize) -> bool {
    let n_lines = body.lines().filter(|l| !l.trim().is_empty()).count();
    n_lines.max(body.matches(';').count() + 1) < wanted.max(2)
}

fn read_json(body: &str, expect: &Expect<'_>, cut: bool, notes: &mut Vec<Note>) -> Option<Vec<Found>> {
    // JSON that was written as a string once more.
    let unquoted =
        serde_json::from_str::<String>(body.trim()).ok().filter(|text| text.trim_start().starts_with(['{', '[']));
    let body = unquoted.as_deref().unwrap_or(body);
    let repaired = json::without_lone_surrogates(body);
    if repaired != body {
        notes.push(Note::new(NoteKind::Malformed, "half a surrogate pair, replaced by U+FFFD"));
    }
    let ids: Vec<&str> = expect.sources.iter().map(|(id, _)| *id).collect();
    json::read(&repaired, expect.sources, expect.wanted, notes)
        .or_else(|| salvage::read(&repaired, &ids, expect.wanted, cut, notes))
}

/// The items of an answer without brackets. Where JSON was asked for, its lines are texts only if they stand under the ids given, or if
/// they are as many as asked for and none is talk: a model that lost the form has most often lost the task too.
fn read_lines(body: &str, expect: &Expect<'_>, cut: bool, notes: &mut Vec<Note>) -> Vec<Found> {
    let mut seen = Vec::new();
    let body = &*html::as_lines(body, expect);
    let found = keyed::read(body, expect, cut, &mut seen)
        .or_else(|| headed::read(body, expect, cut, &mut seen))
        .unwrap_or_else(|| list::read(body, expect, cut, &mut seen));
    let is_id = |id: &str| expect.sources.iter().any(|(own, _)| own.eq_ignore_ascii_case(id));
    let by_id = !found.is_empty() && found.iter().all(|f| f.id.as_deref().is_some_and(is_id));
    let is_one = |f: &Found| !(expect.one_line && expect.wanted == 1 && f.text.trim().contains('\n'));
    let is_text = |f: &Found| is_one(f) && !talk::is_talk(f.text.lines().next().unwrap_or_default());
    if expect.form != Form::Json || by_id || (found.len() == expect.wanted && found.iter().all(is_text)) {
        notes.append(&mut seen);
        return found;
    }
    let lines = body.lines().map(str::trim).filter(|l| !l.is_empty());
    notes.extend(lines.map(|l| Note::new(NoteKind::Unread, clean::excerpt(l))));
    Vec::new()
}

/// The texts without the numbers that a model put before all of them, where no source begins with one.
fn without_numbers(mut found: Vec<Found>, expect: &Expect<'_>) -> Vec<Found> {
    fn rest(text: &str, number: usize) -> Option<&str> {
        let rest = text.strip_prefix(&number.to_string())?;
        let rest = rest.strip_prefix(['.', ')', ':'])?;
        rest.starts_with(' ').then(|| rest.trim_start())
    }
    let starts_so = |text: &str| text.trim_start().starts_with(|c: char| c.is_ascii_digit());
    let numbered = found.iter().enumerate().all(|(at, f)| rest(&f.text, at + 1).is_some());
    if numbered && !expect.sources.iter().any(|(_, text)| starts_so(text)) {
        for (at, f) in found.iter_mut().enumerate() {
            f.text = rest(&f.text, at + 1).unwrap_or_default().to_owned();
        }
    }
    found
}

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
