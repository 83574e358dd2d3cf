//! What an arm trains: one fit, or several whose probabilities are averaged.

use super::{Pool, SyntheticPool, TrainingSet};

/// The fits of an arm, over one feature space, and the thresholds that their mean is read with.
#[derive(Debug, Clone, PartialEq)]
pub struct Recipe {
    /// The fits, at least one; their probabilities are averaged.
    pub parts: Vec<Part>,
    /// What is added to each label's log probability before the highest is taken, by label; empty for nothing.
    pub shifts: Vec<f64>,
}

/// One fit.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// What it is fitted on.
    pub set: TrainingSet,
    /// A set that another model is fitted on first, which this one then adapts. A learner that cannot adapt leaves the part out.
    pub prior: Option<TrainingSet>,
}

impl Part {
    /// A fit of the real rows under class weights that adapts a model of the kept rows, and of the real rows of labels that have none: a
    /// model without them would never have seen those labels.
    pub(super) fn adapted(pool: &Pool<'_>) -> Self {
        let mut real = TrainingSet::real_once(pool);
        real.balance(pool);
        let raised = pool.counts(&pool.kept);
        let without = (0..pool.real.len()).filter(|at| raised[pool.real[*at].label.index()] == 0);
        let first = TrainingSet {
            real: without.map(|at| (at, 1.0)).collect(),
            synthetic: (0..pool.kept.len()).map(|at| (at, 1.0)).collect(),
            synthetic_pool: SyntheticPool::Kept,
            between: vec![],
        };
        Part { set: real, prior: Some(first) }
    }
}

impl Recipe {
    /// One fit of `set`, read as it is.
    pub fn of(set: TrainingSet) -> Self {
        Recipe { parts: vec![Part { set, prior: None }], shifts: vec![] }
    }

    /// Every set that takes part, priors too.
    pub fn sets(&self) -> impl Iterator<Item = &TrainingSet> {
        self.parts.iter().flat_map(|part| std::iter::once(&part.set).chain(&part.prior))
    }

    /// The same recipe with every set passed through `change`.
    pub(super) fn map(mut self, change: impl Fn(&mut TrainingSet)) -> Self {
        for part in &mut self.parts {
            change(&mut part.set);
            part.prior.iter_mut().for_each(&change);
        }
        self
    }

    /// Real examples and other ones (synthetic rows and points in feature space) of the largest set, repeats counted.
    pub fn size(&self) -> (usize, usize) {
        let sizes = self.sets().map(|s| (s.real.len(), s.synthetic.len() + s.between.len()));
        sizes.fold((0, 0), |most, n| (most.0.max(n.0), most.1.max(n.1)))
    }

    /// The list that synthetic rows come from, `None` where there are none.
    pub(super) fn synthetic_pool(&self) -> Option<&SyntheticPool> {
        self.sets().find(|set| !set.synthetic.is_empty()).map(|set| &set.synthetic_pool)
    }

    /// Examples of each label in the first set, by id, repeats and points in feature space counted.
    pub fn counts(&self, pool: &Pool<'_>) -> Vec<usize> {
        self.parts.first().map_or_else(|| vec![0; pool.n_labels], |part| part.set.counts(pool))
    }
}
