//! A weighted training set, by reference into the pool.

use super::{Example, Pool};
use crate::data::LabelId;
use std::borrow::Cow;
use std::sync::Arc;

/// A weighted training set, by reference into the pool.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrainingSet {
    /// Real examples: position in [`Pool::real`] and positive weight; a position may stand more than once.
    pub real: Vec<(usize, f64)>,
    /// Synthetic examples: position in the list that [`TrainingSet::synthetic_pool`] names, and positive weight.
    pub synthetic: Vec<(usize, f64)>,
    /// Which list `synthetic` points into.
    pub synthetic_pool: SyntheticPool,
    /// Points between two real examples of one label, made in feature space: positions a and b and the share of b in 0..1. Weight 1.
    pub between: Vec<(usize, usize, f32)>,
}

/// A list of synthetic examples.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum SyntheticPool {
    /// [`Pool::kept`].
    #[default]
    Kept,
    /// [`Pool::naive`].
    Naive,
    /// Texts that the arm wrote itself, from the real examples of its pool alone.
    Written(Arc<Vec<Written>>),
}

/// A text that was written from the training rows at hand.
#[derive(Debug, Clone, PartialEq)]
pub struct Written {
    /// The text.
    pub text: String,
    /// Its label.
    pub label: LabelId,
    /// Positions in [`Pool::real`] of the examples it was made from.
    pub parents: Vec<usize>,
}

impl Written {
    /// The text as arms take it.
    pub(super) fn example(&self) -> Example<'_> {
        Example { text: &self.text, label: self.label, parents: self.parents.clone() }
    }
}

impl SyntheticPool {
    /// The list itself.
    pub fn of<'p, 'a>(&'p self, pool: &'p Pool<'a>) -> Cow<'p, [Example<'p>]>
    where
        'a: 'p,
    {
        match self {
            SyntheticPool::Kept => Cow::Borrowed(&pool.kept),
            SyntheticPool::Naive => Cow::Borrowed(&pool.naive),
            SyntheticPool::Written(texts) => texts.iter().map(Written::example).collect(),
        }
    }
}

impl TrainingSet {
    /// Every real example once, with weight 1.
    pub fn real_once(pool: &Pool<'_>) -> Self {
        TrainingSet { real: (0..pool.real.len()).map(|at| (at, 1.0)).collect(), ..TrainingSet::default() }
    }

    /// Every real and every synthetic example of one list once, with weight 1; `None` where the list is empty.
    pub fn real_and(pool: &Pool<'_>, synthetic_pool: SyntheticPool) -> Option<Self> {
        let n = synthetic_pool.of(pool).len();
        let synthetic = (0..n).map(|at| (at, 1.0)).collect();
        (n > 0).then(|| TrainingSet { synthetic, synthetic_pool, ..TrainingSet::real_once(pool) })
    }

    /// Examples of each label, by id, repeats and points in feature space counted.
    pub fn counts(&self, pool: &Pool<'_>) -> Vec<usize> {
        let mut counts = vec![0; pool.n_labels];
        let synthetic = self.synthetic_pool.of(pool);
        self.real.iter().for_each(|(at, _)| counts[pool.real[*at].label.index()] += 1);
        self.synthetic.iter().for_each(|(at, _)| counts[synthetic[*at].label.index()] += 1);
        self.between.iter().for_each(|(a, ..)| counts[pool.real[*a].label.index()] += 1);
        counts
    }

    /// Multiplies the weights of each label so that all labels that are present have the same mass, and the total stays.
    ///
    /// Points in feature space keep weight 1: a set has them where it is balanced already.
    pub fn balance(&mut self, pool: &Pool<'_>) {
        let synthetic: Vec<LabelId> = self.synthetic_pool.of(pool).iter().map(|e| e.label).collect();
        let mut mass = vec![0.0; pool.n_labels];
        self.real.iter().for_each(|(at, w)| mass[pool.real[*at].label.index()] += w);
        self.synthetic.iter().for_each(|(at, w)| mass[synthetic[*at].index()] += w);
        let n_present = mass.iter().filter(|m| **m > 0.0).count();
        let even = mass.iter().sum::<f64>() / n_present as f64;
        self.real.iter_mut().for_each(|(at, w)| *w *= even / mass[pool.real[*at].label.index()]);
        self.synthetic.iter_mut().for_each(|(at, w)| *w *= even / mass[synthetic[*at].index()]);
    }
}
