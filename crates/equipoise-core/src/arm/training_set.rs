//! A weighted training set, by reference into the pool.

use super::{Example, Pool};

/// A weighted training set, by reference into the pool.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TrainingSet {
    /// Real examples: position in [`Pool::real`] and positive weight; a position may stand more than once.
    pub real: Vec<(usize, f64)>,
    /// Synthetic examples: position in [`Pool::naive`] or [`Pool::kept`], as [`TrainingSet::synthetic_pool`] says, and positive weight.
    pub synthetic: Vec<(usize, f64)>,
    /// Which list `synthetic` points into.
    pub synthetic_pool: SyntheticPool,
    /// Points between two real examples of one label, made in feature space: positions a and b and the share of b in 0..1. Weight 1.
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

impl SyntheticPool {
    /// The list itself.
    pub fn of<'p, 'a>(self, pool: &'p Pool<'a>) -> &'p [Example<'a>] {
        match self {
            SyntheticPool::Kept => &pool.kept,
            SyntheticPool::Naive => &pool.naive,
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
}
