//! The rules of one label, and a text that is held to them.

use super::marks::{has_marks, is_mark, without_marks};
use crate::profile::LabelProfile;
use crate::text::{Names, private_spans, words};

/// A text has more words than the recipe allows.
pub const TOO_MANY_WORDS: &str = "too_many_words";

/// The rules of one label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct LabelRules {
    /// Whether texts have no capital letter.
    pub lower_case: bool,
    /// Whether texts have no punctuation mark.
    pub no_punctuation: bool,
    /// Words of a text, at most.
    pub max_words: Option<usize>,
}

/// A text after its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Held {
    /// The text, changed where a rule asked for it.
    pub text: String,
    /// Whether capitals were made small.
    pub is_lowered: bool,
    /// Whether marks were removed.
    pub is_unmarked: bool,
    /// Whether it is too long, which nothing but another text mends.
    pub is_too_long: bool,
}

impl LabelRules {
    /// The text as the rules want it. Addresses, numbers and keys keep their marks and capitals, which are a part of them.
    pub fn hold(&self, text: &str) -> Held {
        let (is_lowered, is_unmarked) =
            (self.lower_case && text.contains(char::is_uppercase), self.no_punctuation && has_marks(text));
        let mut held = String::with_capacity(text.len());
        if is_lowered || is_unmarked {
            let mut from = 0;
            let plain = |part: &str| {
                let part = if is_unmarked { keep_ends(part, without_marks) } else { part.to_owned() };
                if is_lowered { part.to_lowercase() } else { part }
            };
            for span in private_spans(text, &Names::default()) {
                held.push_str(&plain(&text[from..span.range.start]));
                held.push_str(&text[span.range.clone()]);
                from = span.range.end;
            }
            held.push_str(&plain(&text[from..]));
        } else {
            held.push_str(text);
        }
        let text = held.trim().to_owned();
        let is_too_long = self.max_words.is_some_and(|most| words(&text).count() > most);
        Held { is_lowered, is_unmarked, is_too_long, text }
    }

    /// What the label's rows are like, as a prompt is to tell it: the rules win.
    pub fn told(&self, profile: &LabelProfile) -> LabelProfile {
        let mut told = profile.clone();
        if self.lower_case {
            told.style.lower_case_share = 1.0;
        }
        if self.no_punctuation {
            told.style.punctuation_share = 0.0;
        }
        if let Some(most) = self.max_words {
            let words = &mut told.words;
            [&mut words.p2, &mut words.median, &mut words.p98].into_iter().for_each(|n| *n = (*n).min(most));
        }
        told
    }
}

/// What `change` makes of a part of a text, with the blanks at its ends: the parts beside it are words of their own.
fn keep_ends(part: &str, change: impl Fn(&str) -> String) -> String {
    let blank = |has: bool| if has { " " } else { "" };
    // A mark beside the other part goes; the blank behind it does not.
    let is_between = |c: &char| is_mark(*c) || c.is_whitespace();
    let (begins, ends) = (
        part.chars().take_while(is_between).any(char::is_whitespace),
        part.chars().rev().take_while(is_between).any(char::is_whitespace),
    );
    let changed = change(part);
    match changed.is_empty() {
        true => blank(begins).to_owned(),
        false => format!("{}{changed}{}", blank(begins), blank(ends)),
    }
}
