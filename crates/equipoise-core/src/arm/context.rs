//! What an arm works with: the pool, the learner, and features that are computed once for all arms.

use super::{Pool, TrainingSet};
use crate::data::LabelId;
use crate::learner::{About, Classifier, Csr, Learner, Model, Problem, Vectoriser, most_probable};
use std::borrow::Cow;
use std::sync::Arc;

/// The pool, the learner, and the features of the real rows.
///
/// Arms that train on all real rows alone share one vectoriser and one feature matrix. A set with synthetic rows gets a
/// vectoriser of its own, fitted on the rows that it trains on. No held-out row can come in: the pool holds none.
pub struct Context<'a> {
    pool: &'a Pool<'a>,
    learner: &'a dyn Learner,
    vectoriser: Arc<dyn Vectoriser>,
    features: Csr,
    on_fit: Option<&'a (dyn Fn() + Sync)>,
}

impl<'a> Context<'a> {
    /// Fits the features of the real rows of `pool`.
    pub fn new(pool: &'a Pool<'a>, learner: &'a dyn Learner) -> Self {
        // At once rather than on first use: every free arm needs them, and waiting for a cell inside a thread pool can lock up.
        let texts: Vec<&str> = pool.real.iter().map(|e| e.text).collect();
        let vectoriser: Arc<dyn Vectoriser> = learner.vectoriser(&texts).into();
        let features = vectoriser.transform(&texts);
        Context { pool, learner, vectoriser, features, on_fit: None }
    }

    /// Calls `on_fit` after each model that is fitted, from any thread.
    pub fn with_progress(self, on_fit: &'a (dyn Fn() + Sync)) -> Self {
        Context { on_fit: Some(on_fit), ..self }
    }

    /// What the arm may draw from.
    pub fn pool(&self) -> &'a Pool<'a> {
        self.pool
    }

    /// The learner.
    pub fn learner(&self) -> &'a dyn Learner {
        self.learner
    }

    /// Features of the real examples, a row for each position in [`Pool::real`].
    pub fn features(&self) -> &Csr {
        &self.features
    }

    pub(super) fn progress(&self) -> Option<&'a (dyn Fn() + Sync)> {
        self.on_fit
    }

    /// Fits the learner on `set`, which holds at least one example.
    pub fn fit(&self, set: &TrainingSet) -> Fitted {
        // A row that stands twice is one row of twice the weight: the same optimum from a smaller problem.
        let mut weights_of_real = vec![0.0; self.pool.real.len()];
        set.real.iter().for_each(|(at, weight)| weights_of_real[*at] += weight);
        let synthetic = set.synthetic_pool.of(self.pool);
        // A repeat is a weight: it counts in the fit and not in the idf, as where a sampler stands behind a vectoriser. Counted in the
        // idf, repeats were measured 4 to 12 points of F1 worse on cut emotion labels, which would flatter the synthetic rows.
        let shared = set.synthetic.is_empty() && weights_of_real.iter().all(|w| *w > 0.0);

        let used: Vec<usize> = (0..weights_of_real.len()).filter(|at| weights_of_real[*at] > 0.0).collect();
        let mut labels: Vec<LabelId> = used.iter().map(|at| self.pool.real[*at].label).collect();
        let mut weights: Vec<f64> = used.iter().map(|at| weights_of_real[*at]).collect();
        labels.extend(set.synthetic.iter().map(|(at, _)| synthetic[*at].label));
        weights.extend(set.synthetic.iter().map(|(_, weight)| weight));

        let (vectoriser, mut features) = if shared {
            (Arc::clone(&self.vectoriser), Cow::Borrowed(&self.features))
        } else {
            let real = used.iter().map(|at| self.pool.real[*at].text);
            let texts: Vec<&str> = real.chain(set.synthetic.iter().map(|(at, _)| synthetic[*at].text)).collect();
            let vectoriser: Arc<dyn Vectoriser> = self.learner.vectoriser(&texts).into();
            let features = vectoriser.transform(&texts);
            (vectoriser, Cow::Owned(features))
        };
        if !set.between.is_empty() {
            let mut row_of = vec![0; self.pool.real.len()];
            used.iter().enumerate().for_each(|(row, at)| row_of[*at] = row);
            let features = features.to_mut();
            for (a, b, share) in &set.between {
                push_between(features, row_of[*a], row_of[*b], *share);
                labels.push(self.pool.real[*a].label);
                weights.push(1.0);
            }
        }
        let n_labels = self.pool.n_labels;
        let model = self.learner.fit(&Problem { features: &features, labels: &labels, weights: &weights, n_labels });
        if let Some(on_fit) = self.on_fit {
            on_fit();
        }
        Fitted { vectoriser, model, n_labels }
    }
}

/// Appends the row `(1 − share) × a + share × b`.
fn push_between(features: &mut Csr, a: usize, b: usize, share: f32) {
    let mut row: Vec<(u32, f32)> = Vec::new();
    for (at, part) in [(a, 1.0 - share), (b, share)] {
        let (columns, values) = features.row(at);
        row.extend(columns.iter().zip(values).map(|(column, value)| (*column, part * value)));
    }
    row.sort_by_key(|entry| entry.0);
    row.dedup_by(|second, first| {
        let same = second.0 == first.0;
        first.1 += if same { second.1 } else { 0.0 };
        same
    });
    features.push_row(row);
}

/// A fitted classifier of texts.
pub struct Fitted {
    vectoriser: Arc<dyn Vectoriser>,
    model: Box<dyn Model>,
    n_labels: usize,
}

impl Fitted {
    /// Row-major probabilities, `texts × labels`.
    pub fn probabilities(&self, texts: &[&str]) -> Vec<f64> {
        self.model.probabilities(&self.vectoriser.transform(texts))
    }

    /// The bytes of a [`Classifier`] that predicts as this one does; `None` where the learner's models cannot be saved.
    pub fn save(&self, about: About) -> Option<Vec<u8>> {
        Classifier::encode(&about, &*self.vectoriser, std::slice::from_ref(&self.model))
    }

    /// The most probable label of each text; of equals the one with the lowest id.
    pub fn predict(&self, texts: &[&str]) -> Vec<LabelId> {
        most_probable(&self.probabilities(texts), self.n_labels)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{SyntheticPool, Words, example};
    use super::*;

    fn pool() -> Pool<'static> {
        let real = vec![example("good day", 0, &[]), example("bad day", 1, &[])];
        Pool { real, naive: vec![], kept: vec![example("awful night", 1, &[1])], n_labels: 2 }
    }

    #[test]
    fn a_synthetic_row_brings_its_words() {
        let pool = pool();
        let context = Context::new(&pool, &Words);
        let plain = context.fit(&TrainingSet::real_once(&pool));
        let with = context.fit(&TrainingSet::real_and(&pool, SyntheticPool::Kept).unwrap());
        assert_eq!(plain.predict(&["awful", "good"]), [LabelId(0), LabelId(0)]);
        assert_eq!(with.predict(&["awful", "good"]), [LabelId(1), LabelId(0)]);
    }

    #[test]
    fn a_repeat_counts_as_weight() {
        let pool = pool();
        let context = Context::new(&pool, &Words);
        let twice = TrainingSet { real: vec![(0, 1.0), (1, 1.0), (1, 1.0)], ..TrainingSet::default() };
        let heavy = TrainingSet { real: vec![(0, 1.0), (1, 2.0)], ..TrainingSet::default() };
        let texts = ["good", "bad", "day"];
        assert_eq!(context.fit(&twice).probabilities(&texts), context.fit(&heavy).probabilities(&texts));
    }

    #[test]
    fn a_point_between_two_rows_is_their_weighted_mean() {
        let mut features =
            Csr { offsets: vec![0, 2, 4], indices: vec![0, 2, 1, 2], values: vec![1.0, 2.0, 4.0, 6.0], n_columns: 3 };
        push_between(&mut features, 0, 1, 0.25);
        assert_eq!(&features.indices[4..], [0, 1, 2]);
        assert_eq!(&features.values[4..], [0.75, 1.0, 3.0]);
        assert_eq!(features.offsets, [0, 2, 4, 7]);
    }
}
