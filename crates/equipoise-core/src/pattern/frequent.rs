//! The words that carry grammar, found by how often they come.

use super::tokens::words;
use std::collections::{HashMap, HashSet};

/// Words that stand in most texts of a collection in any language: grammar rather than matter.
const MOST: usize = 120;
/// Texts that are looked at; more do not change the first hundred words.
const TEXTS: usize = 20_000;

/// The most frequent words of a collection.
#[derive(Debug, Clone, Default)]
pub struct Frequent(HashSet<String>);

impl Frequent {
    /// The 120 words that stand in most of `texts`, of equals those first in byte order. Give it the real rows of all labels.
    pub fn of<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for text in texts.into_iter().take(TEXTS) {
            let mut distinct = words(text);
            distinct.sort_unstable();
            distinct.dedup();
            distinct.into_iter().for_each(|word| *counts.entry(word).or_default() += 1);
        }
        let mut sorted: Vec<(String, usize)> = counts.into_iter().collect();
        sorted.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
        Frequent(sorted.into_iter().take(MOST).map(|(word, _)| word).collect())
    }

    /// Whether `word`, in lower case, is one of them.
    pub fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }
}
