//! A feature space and the features of the rows that it was fitted on.

use super::Example;
use crate::learner::{Csr, Learner, Vectoriser};
use std::collections::HashSet;
use std::sync::Arc;

/// A fitted vectoriser with the features of its rows: the real ones in the order of the pool, then the synthetic ones.
pub(super) struct Space {
    pub(super) vectoriser: Arc<dyn Vectoriser>,
    pub(super) features: Csr,
}

impl Space {
    /// Fits the features on every real text and the distinct synthetic ones.
    ///
    /// A repeat is a weight: it counts in the fit and not in the idf, as where a sampler stands behind a vectoriser. Counted in the
    /// idf, repeats were measured 4 to 12 points of F1 worse on cut emotion labels.
    pub(super) fn new(learner: &dyn Learner, real: &[Example<'_>], synthetic: &[Example<'_>]) -> Self {
        let texts: Vec<&str> = real.iter().chain(synthetic).map(|e| e.text).collect();
        let vectoriser: Arc<dyn Vectoriser> = if synthetic.is_empty() {
            learner.vectoriser(&texts).into()
        } else {
            let mut seen: HashSet<&str> = texts[..real.len()].iter().copied().collect();
            let new = texts[real.len()..].iter().copied().filter(|text| seen.insert(text));
            let distinct: Vec<&str> = texts[..real.len()].iter().copied().chain(new).collect();
            learner.vectoriser(&distinct).into()
        };
        let features = vectoriser.transform(&texts);
        Space { vectoriser, features }
    }
}
