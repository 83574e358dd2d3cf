//! What a model puts around every text of an answer and no source has: "Review: …", "… (Variation 2)". It is no part of the texts, and a
//! classifier would learn it.

use super::item::{Expect, Found};
use super::{Note, NoteKind};

/// Texts that must all have a frame; fewer may have a turn of phrase in common.
const FEWEST: usize = 3;
/// Characters of a frame, at most.
const LONGEST: usize = 40;
/// Marks that end what stands before a text. A dash or an exclamation mark may belong to it.
const ENDS: [char; 6] = [':', '：', ')', ']', '】', '|'];
/// Brackets that begin what stands behind a text, with those that end it.
const BRACKETS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('【', '】'), ('（', '）')];

/// Takes off what all texts begin with and end in, numbers aside, where no source does.
pub(super) fn take_off(found: &mut [Found], expect: &Expect<'_>, notes: &mut Vec<Note>) {
    for (of, rest) in [(head as fn(&str) -> Option<&str>, behind as fn(&str, &str) -> String), (tail, before)] {
        let frames: Vec<Option<String>> = found.iter().map(|f| of(f.text.trim()).map(plain)).collect();
        let Some(Some(frame)) = frames.first().cloned() else { continue };
        // Without sources nobody knows what real texts begin with.
        let is_shared = found.len() >= FEWEST
            && !expect.sources.is_empty()
            && frames.iter().all(|other| other.as_ref() == Some(&frame));
        if !is_shared || expect.sources.iter().any(|(_, text)| of(text.trim()).map(plain).as_ref() == Some(&frame)) {
            continue;
        }
        for f in found.iter_mut() {
            let text = f.text.trim();
            notes.push(Note::new(NoteKind::Framed, of(text).unwrap_or_default()));
            f.text = rest(text, of(text).unwrap_or_default());
        }
    }
}

/// Up to the first mark that a blank follows, or that is as wide as one; there is a letter before it and a text behind it.
fn head(text: &str) -> Option<&str> {
    let (at, mark) = text.char_indices().take(LONGEST).find(|(_, c)| ENDS.contains(c))?;
    let (head, rest) = text.split_at(at + mark.len_utf8());
    let is_over = mark.len_utf8() > 1 || rest.starts_with(char::is_whitespace);
    (is_over && head.contains(char::is_alphabetic) && !rest.trim().is_empty()).then_some(head)
}

/// A bracket with a letter in it that ends a text.
fn tail(text: &str) -> Option<&str> {
    let (open, _) = BRACKETS.iter().find(|(_, close)| text.ends_with(*close))?;
    let (body, tail) = text.split_at(text.rfind(*open)?);
    let is_short = tail.chars().count() <= LONGEST;
    (is_short && tail.contains(char::is_alphabetic) && !body.trim().is_empty()).then_some(tail)
}

fn behind(text: &str, head: &str) -> String {
    text[head.len()..].trim_start().to_owned()
}

fn before(text: &str, tail: &str) -> String {
    text[..text.len() - tail.len()].trim_end().to_owned()
}

/// A frame without its numbers and capitals.
fn plain(frame: &str) -> String {
    let plain = frame.chars().map(|c| if c.is_numeric() { '0' } else { c });
    plain.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::{Form, parse};

    fn texts(sources: &[&str], answers: &[&str]) -> (Vec<String>, usize) {
        let ids: Vec<String> = (0..sources.len()).map(|at| format!("a{at}")).collect();
        let sources: Vec<(&str, &str)> = ids.iter().map(String::as_str).zip(sources.iter().copied()).collect();
        let items = ids.iter().zip(answers).map(|(id, text)| serde_json::json!({"id": id, "text": text}));
        let answer = serde_json::json!({"texts": items.collect::<Vec<_>>()}).to_string();
        let expect =
            Expect { sources: &sources, wanted: sources.len(), form: Form::Json, complete: true, one_line: true };
        let parsed = parse(&answer, &expect);
        let n = parsed.notes.iter().filter(|note| note.kind == NoteKind::Framed).count();
        (parsed.items.into_iter().map(|item| item.text).collect(), n)
    }

    #[test]
    fn what_stands_around_every_text_and_no_source_is_taken_off() {
        let sources = ["the kettle broke", "my lamp is late", "good value"];
        let bare = ["it broke again", "it came late", "worth its price"];
        for frame in
            ["Review: {}", "Réécriture : {}", "改写：{}", "{} (Variation 0)", "[New] {}", "Take 0: {} (kept short)"]
        {
            let framed: Vec<String> =
                bare.iter().zip(1..).map(|(text, n)| frame.replace("{}", text).replace('0', &n.to_string())).collect();
            let framed: Vec<&str> = framed.iter().map(String::as_str).collect();
            let (read, n) = texts(&sources, &framed);
            assert_eq!(read, bare, "{frame}");
            assert!(n >= 3, "{frame}");
        }
    }

    #[test]
    fn what_people_write_stays() {
        let answers = ["Update: it broke", "Update: it is late", "Update: good"];
        assert_eq!(texts(&["Update: a", "b is late", "c"], &answers).0, answers, "a source begins so");
        assert_eq!(texts(&["a is", "b is"], &answers[..2]).0, answers[..2], "two may agree by chance");
        let mixed = ["Update: it broke", "It is late: really", "good (I think)"];
        assert_eq!(texts(&["a is", "b is", "c is"], &mixed).0, mixed);
        let times = ["at 10:30 it broke", "at 11:30 it broke", "at 12:30 it broke"];
        assert_eq!(texts(&["a is", "b is", "c is"], &times).0, times);
    }
}
