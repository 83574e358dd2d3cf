//! A text before it is chosen: which parts of which rows it is made of, and how it reads.

use super::answer::JointKind;
use super::corpus::Corpus;
use super::token::{Token, tokens};

/// A part of a draft.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Piece {
    /// Tokens `from..to` of a row, as they are written there.
    Span { row: u32, from: usize, to: usize },
    /// A word that takes the place of the token at `at` of a row.
    Word { row: u32, at: usize, spelling: String },
}

/// Where and how parts of two rows hold together.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Joint {
    pub(super) kind: JointKind,
    /// Position in the draft of the first token after the joint, or of the exchanged token.
    pub(super) at: usize,
    pub(super) words: Vec<u32>,
    pub(super) donor: u32,
}

/// A text made of parts of real rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    /// The row it was made from.
    pub(super) source: u32,
    pub(super) pieces: Vec<Piece>,
    pub(super) tokens: Vec<u32>,
    pub(super) joints: Vec<Joint>,
    /// How doubtful its joints are: what they cost it in the choice, beside 0..1 for its new words.
    pub(super) weakness: f64,
}

impl Draft {
    /// The rows other than the source that gave a part, ascending.
    pub(super) fn donors(&self) -> Vec<u32> {
        let mut donors: Vec<u32> = self.joints.iter().map(|j| j.donor).filter(|d| *d != self.source).collect();
        donors.sort_unstable();
        donors.dedup();
        donors
    }

    /// The text, every token and every gap as in the row it comes from, and where each token begins, in bytes.
    pub(super) fn render(&self, corpus: &Corpus<'_>) -> (String, Vec<usize>) {
        let mut text = String::new();
        let mut begins = Vec::with_capacity(self.tokens.len());
        for piece in &self.pieces {
            let (row, from, to) = match piece {
                Piece::Span { row, from, to } => (*row, *from, *to),
                Piece::Word { row, at, .. } => (*row, *at, *at + 1),
            };
            let source = corpus.text(row);
            for (i, token) in tokens(source).enumerate().take(to).skip(from) {
                // At the start of a row the gap is unknown; a blank stands before a word and nothing before a stop.
                let gap = if i == 0 { !closes(token) } else { token.spaced };
                if gap && !text.is_empty() {
                    text.push(' ');
                }
                begins.push(text.len());
                match piece {
                    Piece::Span { .. } => text.push_str(token.surface),
                    Piece::Word { spelling, .. } => text.push_str(&cased_like(spelling, token.surface, i == 0)),
                }
            }
        }
        (text, begins)
    }
}

fn closes(token: Token<'_>) -> bool {
    token.surface.starts_with(['.', ',', '!', '?', ';', ':', ')', ']', '}', '%', '…'])
}

/// `word` in capitals where `model` is shouted, and with a capital where it begins a sentence that begins with one.
fn cased_like(word: &str, model: &str, begins: bool) -> String {
    let letters = || model.chars().filter(|c| c.is_alphabetic());
    if letters().count() > 1 && letters().all(char::is_uppercase) {
        return word.to_uppercase();
    }
    let mut rest = word.chars();
    match rest.next() {
        Some(first) if begins && model.starts_with(char::is_uppercase) => first.to_uppercase().chain(rest).collect(),
        _ => word.to_owned(),
    }
}

/// Jaccard similarity of the tokens of two texts as sets, in 0..=1.
pub(super) fn similarity(a: &[u32], b: &[u32]) -> f64 {
    let set = |tokens: &[u32]| {
        let mut set = tokens.to_vec();
        set.sort_unstable();
        set.dedup();
        set
    };
    let (a, b) = (set(a), set(b));
    let both = a.iter().filter(|t| b.binary_search(t).is_ok()).count();
    let all = a.len() + b.len() - both;
    if all == 0 { 1.0 } else { both as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exchanged_word_takes_the_case_of_the_old_one() {
        assert_eq!(cased_like("amazed", "HAPPY", false), "AMAZED");
        assert_eq!(cased_like("amazed", "Happy", true), "Amazed");
        assert_eq!(cased_like("amazed", "Happy", false), "amazed");
        assert_eq!(cased_like("Paris", "rome", false), "Paris");
    }

    #[test]
    fn similarity_counts_shared_tokens_once() {
        assert_eq!(similarity(&[1, 2, 2, 3], &[2, 3, 4]), 0.5);
        assert_eq!(similarity(&[], &[]), 1.0);
    }
}
