//! Words and pairs of words as parts of a mean: the features of the embedding learner.

use super::saved::{Array, Arrays, LoadedVectoriser, Loader, Saved, by_column};
use super::tfidf::for_each_word;
use super::{Csr, Vectoriser};
use rayon::prelude::*;
use std::collections::HashMap;

/// The share of each lower-case word of two or more characters, and of each pair of neighbours, in a text; a row sums to 1.
///
/// Pairs that fewer than two training texts hold are left out. Words and pairs are numbered in byte order.
#[derive(Debug, Clone)]
pub(super) struct WordBag {
    pub(super) columns: HashMap<String, u32>,
    pub(super) pairs: bool,
}

/// A pair that fewer training texts hold is left out.
const LEAST_TEXTS: usize = 2;
const TEXTS_A_TASK: usize = 256;

impl WordBag {
    /// Learns words, and pairs where `pairs` is set.
    pub(super) fn fit(texts: &[&str], pairs: bool) -> Self {
        let of_text = |text: &&str| {
            let mut terms = Vec::new();
            for_each_term(text, pairs, |term| terms.push(term.to_owned()));
            terms.sort_unstable();
            terms.dedup();
            terms
        };
        let mut terms: Vec<String> = texts.par_iter().flat_map_iter(of_text).collect();
        terms.par_sort_unstable();
        let told = terms.chunk_by(|a, b| a == b).filter(|same| same.len() >= LEAST_TEXTS || !same[0].contains(' '));
        WordBag { columns: told.map(|same| same[0].clone()).zip(0..).collect(), pairs }
    }

    fn rows(&self, texts: &[&str]) -> Csr {
        let mut rows = Csr::empty(self.columns.len());
        let mut found: Vec<u32> = Vec::new();
        for text in texts {
            found.clear();
            for_each_term(text, self.pairs, |term| found.extend(self.columns.get(term)));
            found.sort_unstable();
            let n = found.len() as f32;
            rows.push_row(found.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as f32 / n)));
        }
        rows
    }
}

impl Vectoriser for WordBag {
    fn transform(&self, texts: &[&str]) -> Csr {
        let parts: Vec<Csr> = texts.par_chunks(TEXTS_A_TASK).map(|texts| self.rows(texts)).collect();
        let mut rows = Csr::empty(self.columns.len());
        parts.iter().for_each(|part| rows.append(part));
        rows
    }

    fn save(&self) -> Option<Saved> {
        let terms = by_column(&self.columns).into_iter().cloned().collect();
        Some(Saved::new(LOADER.kind, [Array::Strings(terms), Array::Numbers(vec![u64::from(self.pairs)])]))
    }
}

pub(super) const LOADER: Loader<LoadedVectoriser> = Loader { kind: "word_bag", load };

fn load(arrays: &mut Arrays) -> Result<LoadedVectoriser, &'static str> {
    let (terms, [pairs]) = (arrays.vocabulary()?, arrays.numbers()?);
    let n_columns = terms.len();
    let columns = terms.into_iter().zip(0..).collect();
    Ok((Box::new(WordBag { columns, pairs: pairs > 0 }), n_columns))
}

/// Calls `visit` with each word and, where `pairs` is set, with each word and its predecessor, separated by a space.
fn for_each_term(text: &str, pairs: bool, mut visit: impl FnMut(&str)) {
    let (mut buffer, mut pair) = (String::new(), String::new());
    for_each_word(text, &mut buffer, |word| {
        visit(word);
        if !pairs {
            return;
        }
        if !pair.is_empty() {
            let start = pair.len();
            pair.push(' ');
            pair.push_str(word);
            visit(&pair);
            pair.drain(..=start);
        } else {
            pair.push_str(word);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gives_the_share_of_each_word_and_of_pairs_that_two_texts_hold() {
        let bag = WordBag::fit(&["not good", "Not good at", "good at all"], true);
        // all, at, good, good at, not, not good; "at all" stands in one text.
        assert_eq!(bag.columns.len(), 6);
        let row = bag.transform(&["not good good new"]);
        assert_eq!(row.indices, [2, 4, 5]);
        assert_eq!(row.values, [0.5, 0.25, 0.25]);
        assert_eq!(WordBag::fit(&["not good", "not good"], false).columns.len(), 2);
        assert_eq!(bag.transform(&["", "unknown"]).offsets, [0, 0, 0]);
    }
}
