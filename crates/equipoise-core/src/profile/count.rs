//! What is counted of the texts of one label; the counts of two blocks of rows add up to those of both.

use super::style::StyleCount;
use super::{LabelProfile, Lengths};
use crate::text::words;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Counts over the texts of one label.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct LabelCount {
    pub(super) n: usize,
    words: Histogram,
    chars: Histogram,
    style: StyleCount,
}

/// How many texts have each length.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Histogram(BTreeMap<usize, usize>);

impl LabelCount {
    /// Counts one text.
    pub(super) fn add(&mut self, text: &str) {
        self.n += 1;
        self.words.add(words(text).count(), 1);
        self.chars.add(text.trim().chars().count(), 1);
        self.style.add(text);
    }

    /// Adds the counts of other texts of the label.
    pub(super) fn merge(&mut self, other: LabelCount) {
        self.n += other.n;
        other.words.0.into_iter().for_each(|(length, n)| self.words.add(length, n));
        other.chars.0.into_iter().for_each(|(length, n)| self.chars.add(length, n));
        self.style.merge(other.style);
    }

    /// The profile of the label called `label` among `n_rows` rows of all labels.
    pub(super) fn finish(self, label: &str, n_rows: usize, n_duplicates: usize) -> LabelProfile {
        LabelProfile {
            label: label.to_owned(),
            n: self.n,
            share: self.n as f64 / n_rows.max(1) as f64,
            words: self.words.lengths(self.n),
            chars: self.chars.lengths(self.n),
            n_duplicates,
            style: self.style.finish(),
        }
    }
}

impl Histogram {
    fn add(&mut self, length: usize, n: usize) {
        *self.0.entry(length).or_default() += n;
    }

    /// Quantiles of `n` lengths by nearest rank, as [`crate::stats::percentile`] has them.
    fn lengths(&self, n: usize) -> Lengths {
        let at = |percent: usize| {
            let rank = (n * percent).div_ceil(100).max(1);
            let mut below = 0;
            let reached = self.0.iter().find(|(_, n)| {
                below += **n;
                below >= rank
            });
            reached.map_or(0, |(length, _)| *length)
        };
        Lengths { min: at(0), p2: at(2), median: at(50), p98: at(98), max: at(100) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::percentile;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lengths_are_the_percentiles_of_the_sorted_list(mut all in proptest::collection::vec(0_usize..40, 0..200)) {
            let mut histogram = Histogram::default();
            all.iter().for_each(|length| histogram.add(*length, 1));
            all.sort_unstable();
            let at = |percent| percentile(&all, percent).unwrap_or(0);
            let expected = Lengths { min: at(0), p2: at(2), median: at(50), p98: at(98), max: at(100) };
            prop_assert_eq!(histogram.lengths(all.len()), expected);
        }
    }
}
