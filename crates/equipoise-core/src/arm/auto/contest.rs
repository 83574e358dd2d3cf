//! Which arms meet in the choice, and what they are compared by.

use crate::arm::{Goal, Pool, is_synthetic};
use crate::data::LabelId;

/// Which arms meet, and what they are compared by.
pub(super) struct Contest {
    pub(super) goal: Goal,
    /// The best of these in cross-validation is taken where it passes the bar.
    pub(super) challengers: Vec<Contender>,
    /// The best of these stands otherwise; of equals the first.
    pub(super) free: Vec<Contender>,
    /// The labels with synthetic rows, where others are without and the texts are judged by the ranking of these.
    pub(super) ranked: Option<Vec<LabelId>>,
}

/// An arm that meets others in cross-validation.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Contender {
    pub(super) arm: &'static str,
    /// The arm whose out-of-fold probabilities it reads.
    pub(super) of: &'static str,
}

pub(super) const fn plain(arm: &'static str) -> Contender {
    Contender { arm, of: arm }
}

/// The calibrated cut of class weights.
pub(super) const CUT: Contender = Contender { arm: "threshold", of: "class_weight" };
/// The two ways of using texts, each with a cut. Where every label has texts the first alone takes part: against large unseen sets it was
/// better than `synthetic_mixture` in 12 of 15 runs, and out of fold the two cannot be told apart there.
const WITH_A_CUT: [Contender; 2] = [
    Contender { arm: "synthetic_weighted_threshold", of: "synthetic_weighted" },
    Contender { arm: "synthetic_adapted_threshold", of: "synthetic_adapted" },
];

/// Whether most synthetic rows say what they were made from.
fn knows_sources(pool: &Pool<'_>) -> bool {
    let n_known = pool.kept.iter().filter(|text| !text.parents.is_empty()).count();
    2 * n_known > pool.kept.len()
}

impl Contest {
    pub(super) fn of(pool: &Pool<'_>, goal: Goal) -> Self {
        let [real, kept] = [&pool.real, &pool.kept].map(|rows| pool.counts(rows));
        let has_texts = !pool.kept.is_empty();
        let is_partial = has_texts && real.iter().zip(&kept).any(|(real, kept)| *real > 0 && *kept == 0);
        let (none, weights) = (plain("none"), plain("class_weight"));
        let (challengers, free) = match (has_texts, goal) {
            (false, Goal::F1) => (vec![weights, CUT], vec![none]),
            (false, _) => (vec![CUT], vec![none]),
            (true, Goal::Accuracy) => (vec![plain("synthetic_mixture")], vec![none, CUT]),
            (true, Goal::F1) if !is_partial && knows_sources(pool) => (vec![WITH_A_CUT[0]], vec![weights, CUT]),
            // Without sources nothing can be weighed by them, and the adapted half of the mixture holds the texts down.
            (true, Goal::F1) if !is_partial => (vec![plain("synthetic_mixture")], vec![weights]),
            (true, _) => (WITH_A_CUT.to_vec(), vec![weights, CUT]),
        };
        let raised = (0..pool.n_labels).filter(|l| kept[*l] > 0).map(|l| LabelId(l as u16)).collect();
        Contest { goal, challengers, free, ranked: (is_partial && goal == Goal::F1).then_some(raised) }
    }

    /// What stands where nothing can be cross-validated; a cut could not be moved there either.
    pub(super) fn fallback(&self) -> &'static str {
        self.free[0].arm
    }

    /// The arm with synthetic rows that stands for them where nothing can be cross-validated: without a cut.
    pub(super) fn texts(&self) -> Option<&'static str> {
        self.challengers.iter().map(|contender| contender.of).find(|arm| is_synthetic(arm))
    }
}
