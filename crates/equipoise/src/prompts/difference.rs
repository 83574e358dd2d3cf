//! What differs between two templates, word by word.

use serde::Serialize;
use similar::{ChangeTag, TextDiff};

/// What became of a part of a template.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// It stands in both.
    Kept,
    /// It stands in the older one alone.
    Removed,
    /// It stands in the newer one alone.
    Added,
}

/// A part of a template.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Part {
    /// What became of it.
    pub change: Change,
    /// Its text.
    pub text: String,
}

/// The words of both templates in order: what was removed in a place stands as one part before what was added there. Blanks between two
/// changed words are changed with them, so that a phrase that was replaced is read as one.
pub(super) fn difference(old: &str, new: &str) -> Vec<Part> {
    let mut parts = Parts::default();
    for change in TextDiff::from_words(old, new).iter_all_changes() {
        match change.tag() {
            ChangeTag::Delete => parts.change(change.value(), ""),
            ChangeTag::Insert => parts.change("", change.value()),
            ChangeTag::Equal => parts.keep(change.value()),
        }
    }
    parts.end();
    parts.done
}

/// The parts so far, and a place of change that may go on.
#[derive(Default)]
struct Parts {
    done: Vec<Part>,
    removed: String,
    added: String,
    /// Blanks behind it that both have.
    blanks: String,
}

impl Parts {
    fn change(&mut self, removed: &str, added: &str) {
        let blanks = std::mem::take(&mut self.blanks);
        for (side, more) in [(&mut self.removed, removed), (&mut self.added, added)] {
            side.push_str(&blanks);
            side.push_str(more);
        }
    }

    fn keep(&mut self, text: &str) {
        let is_changing = !self.removed.is_empty() || !self.added.is_empty();
        if is_changing && text.chars().all(|c| c == ' ') {
            self.blanks.push_str(text);
            return;
        }
        self.end();
        self.push(Change::Kept, text);
    }

    /// Ends the place of change.
    fn end(&mut self) {
        for (change, text) in [
            (Change::Removed, std::mem::take(&mut self.removed)),
            (Change::Added, std::mem::take(&mut self.added)),
            (Change::Kept, std::mem::take(&mut self.blanks)),
        ] {
            self.push(change, &text);
        }
    }

    fn push(&mut self, change: Change, text: &str) {
        match self.done.last_mut().filter(|part| part.change == change) {
            _ if text.is_empty() => {}
            Some(part) => part.text.push_str(text),
            None => self.done.push(Part { change, text: text.to_owned() }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_changed_stand_beside_those_that_did_not() {
        let parts = difference("generate 10 samples, please", "generate 20 samples, please now");
        let told: Vec<(Change, &str)> = parts.iter().map(|p| (p.change, p.text.as_str())).collect();
        assert!(told.contains(&(Change::Removed, "10")) && told.contains(&(Change::Added, "20")), "{told:?}");
        let text = |without: Change| -> String {
            parts.iter().filter(|p| p.change != without).map(|p| p.text.as_str()).collect()
        };
        assert_eq!(text(Change::Added), "generate 10 samples, please");
        assert_eq!(text(Change::Removed), "generate 20 samples, please now");
    }

    #[test]
    fn a_phrase_that_was_replaced_is_one_part() {
        let told: Vec<(Change, String)> = difference("now Generate ten of the samples", "now Use a few samples")
            .into_iter()
            .map(|p| (p.change, p.text))
            .collect();
        let told: Vec<(Change, &str)> = told.iter().map(|(change, text)| (*change, text.as_str())).collect();
        let (kept, removed, added) = (Change::Kept, Change::Removed, Change::Added);
        assert_eq!(told, [(kept, "now "), (removed, "Generate ten of the"), (added, "Use a few"), (kept, " samples")]);
    }
}
