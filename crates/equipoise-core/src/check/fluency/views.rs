//! How a word looks: the classes by which words are told apart where few texts are known.

use crate::text::hash64;
use std::collections::HashMap;

/// A word, seen in ways that small data can fill: from the word itself to its outer form alone.
pub(super) type Views = [u64; 6];

/// The word, or the last letters of one that is not frequent.
pub(super) const WORD: usize = 0;
/// The word if it is among the most frequent, or its last letters and length.
pub(super) const ENDING: usize = 1;
/// Its outer form, and the word if it is among the most frequent.
pub(super) const FORM_AND_WORD: usize = 2;
/// The last letter and the length.
pub(super) const LAST: usize = 3;
/// The word, or that it is not frequent.
pub(super) const FREQUENT: usize = 4;
/// Its outer form: case, digits, the marks around it.
pub(super) const FORM: usize = 5;

/// What stands before a text.
pub(super) const START: Views = [1; 6];
/// What stands behind a text.
pub(super) const END: Views = [2; 6];

/// Words that are known as themselves, at most: what is left of longer lists is seen too seldom.
const MOST_WORDS: usize = 300;
/// Of these, the ones that all views know.
const MOST_FREQUENT: u32 = 60;
/// Times that a word is seen in the real rows before it is known as itself.
const LEAST_SEEN: u32 = 3;

/// The frequent words of the real rows.
pub(super) struct Vocabulary(HashMap<String, u32>);

impl Vocabulary {
    pub(super) fn new<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let mut counts: HashMap<String, u32> = HashMap::new();
        texts.flat_map(str::split_whitespace).for_each(|word| *counts.entry(letters(word)).or_default() += 1);
        let mut counts: Vec<(String, u32)> = counts.into_iter().filter(|(_, n)| *n >= LEAST_SEEN).collect();
        counts.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Vocabulary(counts.into_iter().take(MOST_WORDS).zip(0..).map(|((word, _), rank)| (word, rank)).collect())
    }

    pub(super) fn views(&self, word: &str) -> Views {
        let letters = letters(word);
        let form = Form::of(word);
        let length = letters.chars().count().min(12) as u64 / 3;
        let last = |n: usize| {
            let from = letters.char_indices().rev().take(n).last().map_or(0, |(at, _)| at);
            hash64(&letters.as_bytes()[from..])
        };
        let itself = hash64(letters.as_bytes());
        let rank = if form.stands_alone { None } else { self.0.get(&letters) };
        let of_most = rank.filter(|rank| **rank < MOST_FREQUENT);
        // Names, tags, links and marks are their form, whatever their letters are.
        let or_form = |view: u64| if form.stands_alone { mixed(form.code, 7) } else { view };
        let frequent = rank.map(|_| mixed(itself, 3));
        let most_frequent = of_most.map(|_| mixed(itself, 3));
        let has_digit = u64::from(form.code & Form::DIGIT != 0);
        [
            frequent.unwrap_or_else(|| or_form(mixed(last(3), 4 + 32 * has_digit))),
            most_frequent.unwrap_or_else(|| or_form(mixed(last(2), 5 + 32 * length))),
            mixed(form.code, 6).wrapping_add(most_frequent.unwrap_or(length)),
            or_form(mixed(last(1), 8 + 32 * length)),
            frequent.unwrap_or_else(|| or_form(9)),
            mixed(form.code, 10),
        ]
    }
}

/// A view of its own kind.
fn mixed(value: u64, kind: u64) -> u64 {
    (value ^ kind.wrapping_mul(0x9E37_79B9_7F4A_7C15)).wrapping_mul(0xC2B2_AE3D_27D4_EB4F)
}

/// A word without its marks and case.
fn letters(word: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || *c == '_' || unicode_normalization::char::is_combining_mark(*c);
    word.chars().filter(kept).flat_map(char::to_lowercase).collect()
}

/// The outer form of a word.
struct Form {
    code: u64,
    /// Whether the form says more than the letters: a name, a tag, a link, a mark.
    stands_alone: bool,
}

impl Form {
    const DIGIT: u64 = 1;
    const CAPITAL: u64 = 2;
    const CAPITALS: u64 = 4;
    const ENDS_SENTENCE: u64 = 8;
    const ENDS_CLAUSE: u64 = 16;
    const OPENS: u64 = 32;
    const LINK: u64 = 64;

    fn of(word: &str) -> Form {
        if word.contains("://") || word.contains("www.") {
            return Form { code: Self::LINK, stands_alone: true };
        }
        let is_mark = |c: char| !c.is_alphanumeric();
        let inner = word.trim_matches(is_mark);
        let mut chars = word.chars();
        let first = chars.next().unwrap_or(' ');
        if inner.is_empty() {
            return Form { code: u64::from(u32::from(first)) << 8, stands_alone: true };
        }
        let is_named = matches!(first, '@' | '#');
        let behind = &word[word.trim_end_matches(is_mark).len()..];
        let mut code = if is_named { u64::from(u32::from(first)) << 8 } else { 0 };
        let mut set = |flag: u64, is_so: bool| code |= if is_so { flag } else { 0 };
        let is_upper = inner.starts_with(char::is_uppercase);
        let all_upper = is_upper && inner.chars().nth(1).is_some() && !inner.contains(char::is_lowercase);
        set(Self::DIGIT, inner.contains(char::is_numeric));
        set(Self::CAPITAL, is_upper && !all_upper);
        set(Self::CAPITALS, all_upper);
        let ends_sentence = behind.contains(ENDS);
        set(Self::ENDS_SENTENCE, ends_sentence);
        set(Self::ENDS_CLAUSE, !ends_sentence && !behind.is_empty());
        set(Self::OPENS, !is_named && is_mark(first));
        Form { code, stands_alone: is_named }
    }
}

/// Marks that end a sentence in the scripts of today.
const ENDS: [char; 9] = ['.', '!', '?', '…', '؟', '।', '۔', '։', '።'];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frequent_words_are_themselves_and_others_are_their_endings() {
        let v = Vocabulary::new(std::iter::repeat_n("the walk", 5));
        assert_eq!(v.views("the")[WORD], v.views("The,")[WORD]);
        assert_ne!(v.views("the")[WORD], v.views("breathe")[WORD]);
        assert_eq!(v.views("running")[WORD], v.views("sinning")[WORD]);
        assert_eq!(v.views("running")[FREQUENT], v.views("yesterday")[FREQUENT]);
        assert_ne!(v.views("running")[LAST], v.views("yesterday")[LAST]);
    }

    #[test]
    fn case_marks_and_digits_are_the_form() {
        let v = Vocabulary::new(std::iter::empty());
        let forms =
            ["low", "Cap", "CAPS", "end.", "pause,", "\"open", "4th", "@name", "#tag", "https://a.b/c", "—", "😀"];
        let codes: std::collections::BTreeSet<u64> = forms.iter().map(|w| v.views(w)[FORM]).collect();
        assert_eq!(codes.len(), forms.len());
        assert_eq!(v.views("@ann"), v.views("@bob"));
        assert_eq!(v.views("done!")[FORM], v.views("here?")[FORM]);
    }
}
