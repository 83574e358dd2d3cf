//! Texts with words deleted.

use crate::pattern::tokens::{plain, word_ranges};
use crate::rng::Seed;
use rand::seq::SliceRandom;
use std::collections::HashSet;
use std::ops::Range;

/// A text without the words of a set, and without as many others at random.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Edited {
    /// Without the words of the set.
    pub(super) without: String,
    /// Without as many other words, a text for each draw; without all of them where there are fewer.
    pub(super) control: Vec<String>,
    /// The words that were deleted, in order.
    pub(super) deleted: Vec<String>,
}

/// Edits `text`; `None` where it holds no word of `words`.
pub(super) fn edit(text: &str, words: &HashSet<&str>, n_draws: usize, seed: Seed) -> Option<Edited> {
    let (own, mut others): (Vec<Range<usize>>, Vec<Range<usize>>) =
        word_ranges(text).partition(|at| words.contains(plain(&text[at.clone()]).as_str()));
    if own.is_empty() {
        return None;
    }
    let deleted = own.iter().map(|at| plain(&text[at.clone()])).collect();
    let mut rng = seed.rng();
    let mut draw = |_| {
        others.shuffle(&mut rng);
        let mut drawn = others[..own.len().min(others.len())].to_vec();
        drawn.sort_unstable_by_key(|at| at.start);
        cut(text, &drawn)
    };
    let control = (0..n_draws).map(&mut draw).collect();
    Some(Edited { without: cut(text, &own), control, deleted })
}

/// `text` without `ranges`, which ascend, and without the blanks that would then stand double.
fn cut(text: &str, ranges: &[Range<usize>]) -> String {
    let mut left = String::with_capacity(text.len());
    let mut from = 0;
    for at in ranges.iter().cloned().chain(std::iter::once(text.len()..text.len())) {
        let part = &text[from..at.start];
        let doubles = left.is_empty() || left.ends_with(char::is_whitespace);
        left.push_str(if doubles { part.trim_start() } else { part });
        from = at.end;
    }
    left.truncate(left.trim_end().len());
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn deletes_the_words_and_as_many_others() {
        let words = HashSet::from(["the", "can't"]);
        let text = "The cat can’t see the other cat";
        let edited = edit(text, &words, 4, Seed::new(1)).unwrap();
        assert_eq!(edited.without, "cat see other cat");
        assert_eq!(edited.deleted, ["the", "can't", "the"]);
        for control in &edited.control {
            assert_eq!(control.split(' ').count(), 4, "{control}");
            assert!(control.starts_with("The") && control.contains("can’t"), "{control}");
        }
        assert!(edited.control.iter().any(|c| *c != edited.control[0]));
    }

    #[test]
    fn deletes_all_others_where_there_are_fewer_and_nothing_where_no_word_is_held() {
        let words = HashSet::from(["the"]);
        assert_eq!(edit("the the end", &words, 1, Seed::new(1)).unwrap().control, ["the the"]);
        assert_eq!(edit("an end", &words, 1, Seed::new(1)), None);
    }
}
