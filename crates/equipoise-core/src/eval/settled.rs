//! Everything that is decided before a judged row is read.

use super::faults::faults;
use super::inputs::{EvaluationError, EvaluationInputs, Progress};
use super::patterns::Patterns;
use super::train::Trained;
use super::verdict::Fault;
use crate::arm::{Arm, ArmEntry, ArmSet, Context, FOLDS, Fits, Goal, Pool, RIVALS, Role};
use crate::data::{LabelId, Labels, TrainView};
use crate::generator::Candidate;
use crate::learner::{Learner, usual};
use crate::rng::Seed;
use crate::select::SyntheticRows;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Counts the models that are fitted, of a known number.
pub(super) struct Counter<'p> {
    progress: &'p (dyn Fn(Progress<'_>) + Sync),
    done: AtomicUsize,
    total: usize,
}

impl<'p> Counter<'p> {
    pub(super) fn new(total: usize, progress: &'p (dyn Fn(Progress<'_>) + Sync)) -> Self {
        Counter { progress, done: AtomicUsize::new(0), total }
    }

    /// One more, of the learner called `what`.
    pub(super) fn fitted(&self, what: &str) {
        (self.progress)(Progress { done: self.done.fetch_add(1, Ordering::Relaxed) + 1, total: self.total, what });
    }
}

/// The training rows with the synthetic ones, every learner's arms fitted on them, and what is wrong with them.
pub(super) struct Settled<'a> {
    pub(super) train: TrainView<'a>,
    pub(super) pool: Pool<'a>,
    /// Labels with synthetic rows that are there to raise them.
    pub(super) raised: Vec<LabelId>,
    /// By learner.
    pub(super) trained: Vec<Trained>,
    pub(super) faults: Vec<Fault>,
    pub(super) patterns: Patterns,
    pub(super) seed: Seed,
}

impl<'a> Settled<'a> {
    /// Chooses and fits on `train` alone.
    pub(super) fn new(
        inputs: &EvaluationInputs<'a>,
        train: TrainView<'a>,
        counter: &Counter<'_>,
    ) -> Result<Self, EvaluationError> {
        let first = inputs.learners.first().ok_or(EvaluationError::NoLearner)?.1;
        let pool = pool(train, inputs.synthetic)?;
        let seed = Seed::new(inputs.seed).child("evaluate");
        let one = |learner: &(&str, &dyn Learner)| {
            fit_arms((inputs, train.labels()), (&pool, Extent::FULL), *learner, counter, seed.child(learner.0))
        };
        let trained = inputs.learners.iter().map(one).collect();
        let raised = raised(&pool, train.labels(), &inputs.synthetic.style_control);
        // Words show a wrong label as well, and cost no fit elsewhere.
        let words = usual();
        let reader = if first.fits_elsewhere() { words.as_ref() } else { first };
        let faults = faults(&pool, reader, seed.child("faults"));
        let patterns = Patterns::of(&pool, train.labels(), seed.child("patterns"));
        Ok(Settled { train, pool, raised, trained, faults, patterns, seed })
    }
}

impl Settled<'_> {
    /// Every learner's arms fitted once more, with whatever they draw drawn anew: the folds of choices, and the rows of arms that draw some.
    pub(super) fn drawn_again(
        &self,
        inputs: &EvaluationInputs<'_>,
        draw: usize,
        counter: &Counter<'_>,
    ) -> Vec<Trained> {
        let one = |learner: &(&str, &dyn Learner)| {
            let seed = self.seed.child(learner.0).child(&format!("draw/{draw}"));
            fit_arms((inputs, self.train.labels()), (&self.pool, Extent::FULL), *learner, counter, seed)
        };
        inputs.learners.iter().map(one).collect()
    }
}

/// Whether the curves are drawn: not where each fit is dear.
pub(super) fn draws_curves(inputs: &EvaluationInputs<'_>, pool: &Pool<'_>) -> bool {
    let is_dear = inputs.learners.first().is_none_or(|(_, learner)| learner.fits_elsewhere());
    !pool.kept.is_empty() && inputs.arms.fits() == Fits::All && !is_dear
}

/// What the arms may draw from.
pub(super) fn pool<'a>(train: TrainView<'a>, synthetic: &SyntheticRows<'a>) -> Result<Pool<'a>, EvaluationError> {
    Ok(Pool { author: synthetic.author, ..Pool::new(train, &synthetic.naive, &synthetic.kept)? })
}

/// The same with sound rows beyond the target.
pub(super) fn wider<'a>(train: TrainView<'a>, synthetic: &SyntheticRows<'a>) -> Result<Pool<'a>, EvaluationError> {
    let sound: Vec<&Candidate> = synthetic.kept.iter().chain(&synthetic.surplus).copied().collect();
    Ok(Pool::new(train, &[], &sound)?)
}

/// Which arms are fitted, and in how many folds of the rows at hand choices are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Extent {
    /// Whether arms are fitted that no verdict rests on.
    pub(super) has_others: bool,
    pub(super) n_folds: usize,
}

impl Extent {
    /// Everything, as for the model that is kept.
    pub(super) const FULL: Extent = Extent { has_others: true, n_folds: FOLDS };

    fn arms(self, arms: &ArmSet) -> Vec<(&'static ArmEntry, &dyn Arm)> {
        arms.iter().filter(|(entry, arm)| self.has_others || decides(entry, *arm, arms)).collect()
    }

    /// The arms that some arm wants cross-validated, in the order of the catalog. In a fold of the real rows no model is kept, so that
    /// arms which no choice weighs need no calibration.
    fn crossed(self, arms: &ArmSet, pool: &Pool<'_>, goal: Goal) -> Vec<&'static str> {
        let is_weighed = |name: &str| self == Extent::FULL || Fits::Auto.crosses(name, pool, goal);
        let wanted = |name: &str| asked(arms, name) && arms.fits().crosses(name, pool, goal) && is_weighed(name);
        arms.iter().map(|(entry, _)| entry.item.name).filter(|name| wanted(name)).collect()
    }

    /// How many models [`fit_arms`] fits.
    pub(super) fn n_fits(self, arms: &ArmSet, pool: &Pool<'_>, goal: Goal) -> usize {
        let crossed = self.crossed(arms, pool, goal);
        let times = |entry: &ArmEntry| 1 + if crossed.contains(&entry.item.name) { self.n_folds } else { 0 };
        self.arms(arms).into_iter().map(|(entry, arm)| times(entry) * arm.n_fits(pool)).sum()
    }
}

/// Whether a verdict rests on the arm: what everything is set against, the rivals, and whatever may be chosen.
fn decides(entry: &ArmEntry, arm: &dyn Arm, arms: &ArmSet) -> bool {
    let is_weighed = |name: &str| asked(arms, name);
    matches!(entry.role, Role::Baseline | Role::Chooser)
        || RIVALS.contains(&entry)
        || is_weighed(entry.item.name)
        || arm.is_cut_of().is_some_and(is_weighed)
}

/// The names of the arms that a verdict rests on, in the order of the catalog.
pub(super) fn deciding(arms: &ArmSet) -> Vec<&'static str> {
    let extent = Extent { has_others: false, ..Extent::FULL };
    extent.arms(arms).into_iter().map(|(entry, _)| entry.item.name).collect()
}

/// The arms of one learner, fitted on `pool`.
pub(super) fn fit_arms(
    (inputs, labels): (&EvaluationInputs<'_>, &Labels),
    (pool, extent): (&Pool<'_>, Extent),
    (name, learner): (&str, &dyn Learner),
    counter: &Counter<'_>,
    seed: Seed,
) -> Trained {
    let on_fit = || counter.fitted(name);
    let crossed = extent.crossed(inputs.arms, pool, inputs.goal);
    let context = Context::new(pool.clone(), learner).with_arms(inputs.arms).with_goal(inputs.goal);
    let context = context.with_priors(inputs.priors).with_progress(&on_fit);
    let context = context.cross_validated_in(extent.n_folds, &crossed, seed.child("cross_validation"));
    Trained::new(&context, extent.arms(inputs.arms), labels, seed)
}

/// Whether some arm reads the out-of-fold probabilities of the one called `name`.
fn asked(arms: &ArmSet, name: &str) -> bool {
    arms.iter().any(|(_, arm)| arm.cross_validates().contains(&name))
}

/// Labels with synthetic rows that are there to raise them: kept ones, or any where none was kept.
pub(super) fn raised(pool: &Pool<'_>, labels: &Labels, style_control: &[String]) -> Vec<LabelId> {
    let counts = pool.counts(if pool.kept.is_empty() { &pool.naive } else { &pool.kept });
    (0..pool.n_labels)
        .map(|i| LabelId(i as u16))
        .filter(|l| counts[l.index()] > 0 && !style_control.contains(&labels.name(*l).to_owned()))
        .collect()
}
