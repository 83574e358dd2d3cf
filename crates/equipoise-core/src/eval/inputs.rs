//! What an evaluation is made from.

use super::verdict::Design;
use crate::arm::{ArmSet, Goal, Priors, UnknownLabel};
use crate::data::{Dataset, Groups};
use crate::learner::Learner;
use crate::select::SyntheticRows;

/// What an evaluation is made from.
pub struct EvaluationInputs<'a> {
    /// Training rows and held-out rows.
    pub dataset: &'a Dataset,
    /// Which real rows the arms are judged on; [`Design::of`] says which are enough.
    pub design: Design,
    /// Passes through the folds where all rows are judged in turn, [`super::usual_repeats`] unless named; on held-out rows draws of
    /// whatever is drawn on the training rows, 1 unless named.
    pub n_repeats: usize,
    /// The held-out file's name, or how the rows were drawn.
    pub held_out_name: &'a str,
    /// Synthetic rows, empty where there are none.
    pub synthetic: &'a SyntheticRows<'a>,
    /// Groups of the held-out rows, where a column names some.
    pub groups: Option<&'a Groups>,
    /// Learners by name, at least one; the verdict follows the first.
    pub learners: &'a [(&'a str, &'a dyn Learner)],
    /// The arms, with the settings of the run.
    pub arms: &'a ArmSet,
    /// What the choices that are made on the training rows try to raise.
    pub goal: Goal,
    /// The shares that labels will have where the classifier is used; empty where nothing is known of it.
    pub priors: &'a Priors,
    /// Seed of the run.
    pub seed: u64,
    /// Bootstrap resamples behind the intervals, at least 1; [`crate::stats::RESAMPLES`] unless time presses.
    pub n_resamples: usize,
}

/// How far an evaluation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress<'a> {
    /// Models that are fitted.
    pub done: usize,
    /// Models in all.
    pub total: usize,
    /// The learner at work.
    pub what: &'a str,
}

/// Why there is nothing to evaluate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvaluationError {
    /// No row is held out.
    #[error("no row is held out, so nothing can be said about new texts")]
    NothingHeldOut,
    /// The rows cannot be dealt to folds.
    #[error("the real rows cannot be judged in turn: fewer than two of them differ")]
    CannotFold,
    /// No learner was given.
    #[error("no learner was given")]
    NoLearner,
    /// A synthetic row has a label of its own.
    #[error(transparent)]
    UnknownLabel(#[from] UnknownLabel),
}
