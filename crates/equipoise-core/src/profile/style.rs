//! How texts are written, in shares.

use super::Style;
use crate::text::{has_case, has_punctuation, hash64, is_pictograph, is_unspaced, words};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Counts over the texts of one label.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct StyleCount {
    n: usize,
    n_with_case: usize,
    n_lower_case: usize,
    n_punctuation: usize,
    n_unspaced: usize,
    n_emoji: usize,
    n_hashtag: usize,
    n_mention: usize,
    /// Hashes of lower-case words: an eighth of the memory of the words themselves.
    words: HashSet<u64>,
}

impl StyleCount {
    /// Counts one text.
    pub(super) fn add(&mut self, text: &str) {
        self.n += 1;
        if has_case(text) {
            self.n_with_case += 1;
            self.n_lower_case += usize::from(!text.contains(char::is_uppercase));
        }
        self.n_punctuation += usize::from(has_punctuation(text));
        self.n_unspaced += usize::from(is_unspaced(text));
        self.n_emoji += usize::from(text.contains(is_pictograph));
        self.n_hashtag += usize::from(has_mark(text, '#'));
        self.n_mention += usize::from(has_mark(text, '@'));
        let mut lower = String::new();
        for word in words(text) {
            lower.clear();
            lower.extend(word.chars().flat_map(char::to_lowercase));
            self.words.insert(hash64(lower.as_bytes()));
        }
    }

    /// Adds the counts of other texts.
    pub(super) fn merge(&mut self, other: StyleCount) {
        let StyleCount {
            n, n_with_case, n_lower_case, n_punctuation, n_unspaced, n_emoji, n_hashtag, n_mention, ..
        } = other;
        self.n += n;
        self.n_with_case += n_with_case;
        self.n_lower_case += n_lower_case;
        self.n_punctuation += n_punctuation;
        self.n_unspaced += n_unspaced;
        self.n_emoji += n_emoji;
        self.n_hashtag += n_hashtag;
        self.n_mention += n_mention;
        self.words.extend(other.words);
    }

    /// The shares.
    pub(super) fn finish(self) -> Style {
        let share = |n: usize| n as f64 / self.n.max(1) as f64;
        Style {
            cased_share: share(self.n_with_case),
            lower_case_share: self.n_lower_case as f64 / self.n_with_case.max(1) as f64,
            punctuation_share: share(self.n_punctuation),
            unspaced_share: share(self.n_unspaced),
            emoji_share: share(self.n_emoji),
            hashtag_share: share(self.n_hashtag),
            mention_share: share(self.n_mention),
            n_distinct_words: self.words.len(),
        }
    }
}

/// Whether a word with a letter follows `mark`, and none ends before it (as in an address).
fn has_mark(text: &str, mark: char) -> bool {
    text.match_indices(mark).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + mark.len_utf8()..].chars().take_while(|c| c.is_alphanumeric() || *c == '_');
        !before.is_some_and(char::is_alphanumeric) && { after }.any(char::is_alphabetic)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_how_texts_are_written() {
        let mut count = StyleCount::default();
        for text in ["Hello @anna, #sun", "write to a@b.org 🙂", "no 1 #1", "1234"] {
            count.add(text);
        }
        let style = count.finish();
        assert!((style.lower_case_share - 2.0 / 3.0).abs() < 1e-12);
        assert!((style.punctuation_share - 0.5).abs() < 1e-12);
        assert!((style.emoji_share - 0.25).abs() < 1e-12);
        assert!((style.hashtag_share - 0.25).abs() < 1e-12);
        assert!((style.mention_share - 0.25).abs() < 1e-12);
        assert_eq!((style.cased_share, style.unspaced_share), (0.75, 0.0));
        // hello anna sun · write to a b org · no 1 · 1234
        assert_eq!(style.n_distinct_words, 11);
    }

    #[test]
    fn other_scripts_have_punctuation_and_no_case() {
        let mut count = StyleCount::default();
        ["今天天气很好。", "我们去公园散步吧！", "好"].iter().for_each(|text| count.add(text));
        let style = count.finish();
        assert_eq!((style.cased_share, style.lower_case_share), (0.0, 0.0));
        assert!(
            (style.punctuation_share - 2.0 / 3.0).abs() < 1e-12 && (style.unspaced_share - 2.0 / 3.0).abs() < 1e-12
        );
        assert!(style.is_unspaced());
    }
}
