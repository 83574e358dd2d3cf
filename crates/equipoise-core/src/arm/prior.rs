//! The shares that labels will have where a classifier is used.

use crate::data::{LabelId, Labels};
use std::collections::BTreeMap;

/// Shares that make no sense.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PriorError {
    /// No row has the label.
    #[error("no row has the label `{label}` of the prior; the labels are {known}")]
    NoSuchLabel {
        /// What was named.
        label: String,
        /// The labels that there are, joined by commas.
        known: String,
    },
    /// Not a share.
    #[error("{share} is no share of `{label}`: a prior lies between 0 and 1")]
    OutOfRange {
        /// The label.
        label: String,
        /// What was named.
        share: f64,
    },
    /// Shares that leave nothing for the labels that are not named, or those of all labels, which are not 1.
    #[error(
        "the priors of {n_named} of {n_labels} labels add up to {together:.3}: those of some labels stay below 1, and those of all labels give 1"
    )]
    Together {
        /// Their sum.
        together: f64,
        /// Labels that have one.
        n_named: usize,
        /// All labels.
        n_labels: usize,
    },
}

/// How far the shares of all labels may be from 1, as rounded ones are.
const ROUNDED: f64 = 0.01;

/// The shares of some labels among the texts that a classifier will meet; labels that are not named keep their proportions.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Priors(BTreeMap<LabelId, f64>);

impl Priors {
    /// Shares by name.
    ///
    /// # Errors
    /// [`PriorError`]: a label that no row has; a share outside of 0..1; shares of some labels that leave nothing for the others; shares of
    /// all labels that do not add up to 1.
    pub fn parse<'a>(shares: impl IntoIterator<Item = (&'a str, f64)>, labels: &Labels) -> Result<Self, PriorError> {
        let mut priors = BTreeMap::new();
        for (label, share) in shares {
            if !(share > 0.0 && share < 1.0) {
                return Err(PriorError::OutOfRange { label: label.to_owned(), share });
            }
            let id = labels
                .id(label)
                .ok_or_else(|| PriorError::NoSuchLabel { label: label.to_owned(), known: labels.names().join(", ") })?;
            priors.insert(id, share);
        }
        let together: f64 = priors.values().sum();
        if priors.len() == labels.len() && (together - 1.0).abs() < ROUNDED {
            priors.values_mut().for_each(|share| *share /= together);
        } else if !priors.is_empty() && together >= 1.0 || priors.len() == labels.len() {
            return Err(PriorError::Together { together, n_named: priors.len(), n_labels: labels.len() });
        }
        Ok(Priors(priors))
    }

    /// Shares by label, each in 0..1 and together below 1.
    pub fn new(shares: impl IntoIterator<Item = (LabelId, f64)>) -> Self {
        Priors(shares.into_iter().collect())
    }

    /// The share of a label, where it was named.
    pub fn get(&self, label: LabelId) -> Option<f64> {
        self.0.get(&label).copied()
    }

    /// How much a row of each label counts, so that the labels have these shares; `counts` holds the rows of each, by id. The total stays.
    pub fn weights(&self, counts: &[f64]) -> Vec<f64> {
        let n: f64 = counts.iter().sum();
        let named = |at: usize| self.get(LabelId(at as u16)).filter(|_| counts[at] > 0.0);
        let (mut to_share, mut n_others) = (1.0, 0.0);
        for (at, count) in counts.iter().enumerate() {
            match named(at) {
                Some(share) => to_share -= share,
                None => n_others += count,
            }
        }
        let others = if n_others > 0.0 { to_share * n / n_others } else { 1.0 };
        let of = |(at, count): (usize, &f64)| named(at).map_or(others, |share| share * n / count);
        counts.iter().enumerate().map(of).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_makes_no_sense() {
        let labels = Labels::new(["a".to_owned(), "b".to_owned()]);
        assert_eq!(Priors::parse([("b", 0.04)], &labels), Ok(Priors::new([(LabelId(1), 0.04)])));
        let unknown = Priors::parse([("c", 0.04)], &labels).unwrap_err();
        assert_eq!(unknown.to_string(), "no row has the label `c` of the prior; the labels are a, b");
        let whole = Priors::parse([("a", 0.333), ("b", 0.666)], &labels).unwrap();
        assert!((whole.get(LabelId(0)).unwrap() - 1.0 / 3.0).abs() < 1e-12, "{whole:?}");
        let too_much = Priors::parse([("a", 0.7), ("b", 0.5)], &labels).unwrap_err();
        assert!(too_much.to_string().contains("2 of 2 labels add up to 1.200"), "{too_much}");
        for shares in [[("a", 0.0), ("b", 0.1)], [("a", f64::NAN), ("b", 0.1)]] {
            assert!(matches!(Priors::parse(shares, &labels), Err(PriorError::OutOfRange { .. })), "{shares:?}");
        }
    }

    #[test]
    fn weights_bring_named_labels_to_their_shares_and_keep_the_others_proportions() {
        let counts = [60.0, 30.0, 10.0, 0.0];
        assert_eq!(Priors::default().weights(&counts), [1.0; 4]);
        let weights = Priors::new([(LabelId(2), 0.4), (LabelId(3), 0.2)]).weights(&counts);
        let shares: Vec<f64> = counts.iter().zip(&weights).map(|(n, w)| n * w / 100.0).collect();
        assert!((shares[2] - 0.4).abs() < 1e-12 && (shares[0] - 0.4).abs() < 1e-12, "{shares:?}");
        assert!((shares[0] / shares[1] - 2.0).abs() < 1e-12);
    }
}
