//! Arms: ways of training that the verdict sets side by side.

use crate::data::LabelId;
use crate::rng::Seed;

/// A training example of the pool that arms draw from.
#[derive(Debug, Clone, PartialEq)]
pub struct Example<'a> {
    /// The text.
    pub text: &'a str,
    /// Its label.
    pub label: LabelId,
    /// For a synthetic example, positions among the pool's real examples of the rows it was made from; empty where unknown.
    pub parents: Vec<usize>,
}

/// What an arm may use: training rows and synthetic rows. Held-out rows are not among them.
#[derive(Debug, Clone)]
pub struct Pool<'a> {
    /// Real training rows.
    pub real: Vec<Example<'a>>,
    /// The first parsed candidates up to each label's target, unchecked.
    pub naive: Vec<Example<'a>>,
    /// The rows that the checks kept.
    pub kept: Vec<Example<'a>>,
    /// How many labels there are.
    pub n_labels: usize,
}

/// A weighted training set, by reference into the pool.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrainingSet {
    /// Real examples: position in [`Pool::real`] and weight; a position may stand more than once.
    pub real: Vec<(usize, f64)>,
    /// Synthetic examples: position in [`Pool::naive`] or [`Pool::kept`], as [`TrainingSet::synthetic_pool`] says, and weight.
    pub synthetic: Vec<(usize, f64)>,
    /// Which list `synthetic` points into.
    pub synthetic_pool: SyntheticPool,
    /// Points between two real examples of one label, made in feature space: positions a and b and the share of b in 0..1.
    pub between: Vec<(usize, usize, f32)>,
}

/// A list of synthetic examples of the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SyntheticPool {
    /// [`Pool::kept`].
    #[default]
    Kept,
    /// [`Pool::naive`].
    Naive,
}

/// Makes a training set.
pub trait Arm: Send + Sync {
    /// The set, or `None` where the pool does not allow it (no synthetic rows).
    fn training_set(&self, pool: &Pool<'_>, seed: Seed) -> Option<TrainingSet>;
}
