//! What the model says: a function of the prompt alone, in the form that the prompt asks for.

use serde::Deserialize;
use std::borrow::Cow;
use std::fmt::Write as _;

/// Whether the answer holds what was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Shape {
    Right,
    OneFewer,
    OneMore,
    None,
    TwiceTheSameId,
    UnknownId,
    Merged,
}

/// The tag at the end of a prompt, `… #TAG`.
pub(crate) fn tag(user: &str) -> Option<&str> {
    user.rsplit(char::is_whitespace).next()?.strip_prefix('#')
}

/// The text of the answer to `user`: "answer to TAG" where the prompt ends in a tag; a rewrite of each row under its id where it lists
/// rows as JSON; else as many new texts as the first number in it says.
pub(crate) fn text(user: &str, shape: Shape) -> String {
    if let Some(tag) = tag(user) {
        return if shape == Shape::None { String::new() } else { format!("answer to {tag}") };
    }
    let mut ids: Vec<Cow<'_, str>> = user.lines().filter_map(row).collect();
    let in_list = user.contains("separated by ';'");
    let has_ids = !ids.is_empty();
    if !has_ids {
        let wanted = user.split(|c: char| !c.is_ascii_digit()).find_map(|w| w.parse().ok()).unwrap_or(1_usize);
        ids = (0..wanted.min(1000)).map(|i| Cow::Owned(i.to_string())).collect();
    }
    let prompt = words_seed(user.as_bytes(), 0xcbf2_9ce4_8422_2325);
    let mut items: Vec<(Cow<'_, str>, String)> =
        ids.into_iter().map(|id| (id.clone(), sentence(words_seed(id.as_bytes(), prompt)))).collect();
    distort(&mut items, shape, prompt);
    if in_list {
        return items.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join("; ");
    }
    let mut out = "{\"texts\":[".to_owned();
    for (i, (id, text)) in items.iter().enumerate() {
        let comma = if i == 0 { "" } else { "," };
        let text = quoted(text);
        // Writing to a string cannot fail.
        let _ = if has_ids {
            write!(out, "{comma}{{\"id\":{},\"text\":{text}}}", quoted(id))
        } else {
            write!(out, "{comma}{text}")
        };
    }
    out + "]}"
}

/// `text` as a JSON string.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::to_string(text).expect("a string is JSON")
}

fn distort(items: &mut Vec<(Cow<'_, str>, String)>, shape: Shape, seed: u64) {
    let (Some(first), Some(last)) = (items.first().cloned(), items.last_mut()) else { return };
    match shape {
        Shape::Right => {}
        Shape::OneFewer => drop(items.pop()),
        Shape::OneMore => items.push((Cow::Borrowed("one-more"), sentence(!seed))),
        Shape::None => items.clear(),
        Shape::TwiceTheSameId => items.push((first.0, sentence(!seed))),
        Shape::UnknownId => last.0 = Cow::Borrowed("nobody-asked"),
        Shape::Merged => {
            let text = std::mem::take(&mut last.1);
            items.pop();
            match items.last_mut() {
                Some(before) => before.1 = format!("{} {text}", before.1),
                None => items.push((first.0, format!("{text} {text}"))),
            }
        }
    }
}

#[derive(Deserialize)]
struct RowHead<'a> {
    #[serde(borrow)]
    id: Cow<'a, str>,
}

fn row(line: &str) -> Option<Cow<'_, str>> {
    let line = line.trim();
    if !line.starts_with("{\"id\"") {
        return None;
    }
    serde_json::from_str::<RowHead<'_>>(line.strip_suffix(',').unwrap_or(line)).ok().map(|row| row.id)
}

const WORDS: [&str; 48] = [
    "garden",
    "evening",
    "always",
    "children",
    "bright",
    "music",
    "friendly",
    "corner",
    "yesterday",
    "smile",
    "helped",
    "again",
    "lovely",
    "winter",
    "patient",
    "window",
    "story",
    "little",
    "quick",
    "warm",
    "thanks",
    "coffee",
    "rainy",
    "poster",
    "concert",
    "shelves",
    "quiet",
    "finally",
    "visit",
    "Sunday",
    "morning",
    "painted",
    "chairs",
    "found",
    "glasses",
    "teacher",
    "open",
    "happy",
    "brought",
    "cake",
    "neighbour",
    "train",
    "reading",
    "lamp",
    "newest",
    "grateful",
    "whole",
    "team",
];

/// FNV-1a.
fn words_seed(bytes: &[u8], from: u64) -> u64 {
    bytes.iter().fold(from, |state, byte| (state ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Nine words.
fn sentence(mut state: u64) -> String {
    let mut text = String::with_capacity(80);
    for i in 0..9 {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        if i > 0 {
            text.push(' ');
        }
        text.push_str(WORDS[(state >> 33) as usize % WORDS.len()]);
    }
    text.push('.');
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const ROWS: &str = "Rewrite each of these 2 texts once:\n{\"texts\": [\n{\"id\": \"a1\", \"text\": \"x\"},\n{\"id\": \"b2\", \"text\": \"y\"}\n]}\nAnswer.";

    fn ids(shape: Shape) -> Vec<String> {
        let answer: Value = serde_json::from_str(&text(ROWS, shape)).unwrap();
        answer["texts"].as_array().unwrap().iter().map(|t| t["id"].as_str().unwrap().to_owned()).collect()
    }

    #[test]
    fn answers_every_id_and_nothing_else() {
        assert_eq!(ids(Shape::Right), ["a1", "b2"]);
        assert_eq!(text(ROWS, Shape::Right), text(ROWS, Shape::Right));
    }

    #[test]
    fn distorts_counts_and_ids() {
        assert_eq!(ids(Shape::OneFewer), ["a1"]);
        assert_eq!(ids(Shape::OneMore), ["a1", "b2", "one-more"]);
        assert!(ids(Shape::None).is_empty());
        assert_eq!(ids(Shape::TwiceTheSameId), ["a1", "b2", "a1"]);
        assert_eq!(ids(Shape::UnknownId), ["a1", "nobody-asked"]);
        assert_eq!(ids(Shape::Merged), ["a1"]);
    }

    #[test]
    fn writes_new_texts_lists_and_tags() {
        let answer: Value = serde_json::from_str(&text("Write 3 new texts.", Shape::Right)).unwrap();
        assert_eq!(answer["texts"].as_array().map(Vec::len), Some(3));
        let listed = text("Rewrite the following 2 texts, which are separated by ';'.", Shape::Right);
        assert_eq!(listed.split(';').count(), 2);
        assert_eq!(text("one text #7", Shape::Right), "answer to 7");
    }
}
