//! What the texts of a pilot do to a classifier, out of fold: average precision with them less that without.

use crate::catalog::Settings;
use crate::data::{LabelId, Row, RowId, TrainView, deal_folds};
use crate::generator::Candidate;
use crate::learner::{LogisticRegression, Model, Problem, TfIdf, Vectoriser};
use crate::metric::{AVERAGE_PRECISION, Scored};
use crate::rng::Seed;
use crate::stats::{Estimate, Resamples, interval};
use rayon::prelude::*;
use std::collections::HashMap;

/// Kept texts of a label, and real rows of it, below which nothing is fitted: the gain would be noise.
pub(super) const FEWEST: usize = 50;
const FOLDS: usize = 5;
const RESAMPLES: usize = 500;

/// Real rows in folds, and what models without any new text say of them.
pub(super) struct Folded<'a> {
    rows: Vec<Row<'a>>,
    fold_of: Vec<usize>,
    fold_of_row: HashMap<RowId, usize>,
    n_labels: usize,
    before: Vec<f64>,
    seed: Seed,
}

impl<'a> Folded<'a> {
    /// Fits models on the real rows alone; `None` where they cannot be folded.
    pub(super) fn new(train: TrainView<'a>, seed: Seed) -> Option<Self> {
        let rows: Vec<Row<'a>> = train.rows().collect();
        let fold_of = deal_folds(rows.iter().map(|row| (row.text, row.label)), FOLDS, seed.child("folds"))?;
        let fold_of_row = rows.iter().map(|row| row.id).zip(fold_of.iter().copied()).collect();
        let n_labels = train.labels().len();
        let mut folded = Folded { rows, fold_of, fold_of_row, n_labels, before: Vec::new(), seed };
        folded.before = folded.predict(&[]);
        Some(folded)
    }

    /// The gain of average precision of `label` by `texts`, which are of any label, with a 95 % interval over real rows; `None` with fewer than
    /// 50 texts or 50 real rows of the label.
    pub(super) fn gain(&self, texts: &[(LabelId, &Candidate)], label: LabelId) -> Option<Estimate> {
        let n_texts = texts.iter().filter(|(of, _)| *of == label).count();
        let n_rows = self.rows.iter().filter(|row| row.label == label).count();
        if n_texts.min(n_rows) < FEWEST {
            return None;
        }
        let metric = AVERAGE_PRECISION.item.build(&Settings::new()).ok()?;
        let metric = metric.over_probabilities()?;
        let truth: Vec<LabelId> = self.rows.iter().map(|row| row.label).collect();
        let after = self.predict(texts);
        let ready = |probabilities: &[f64]| {
            metric.prepare(&Scored { truth: &truth, probabilities, n_labels: self.n_labels }, Some(label))
        };
        let (before, after) = (ready(&self.before)?, ready(&after)?);
        let gain = |times: &[u32]| Some(after(times)? - before(times)?);
        let strata = truth.iter().map(|of| of.index());
        let drawn = Resamples::new(strata, RESAMPLES, self.seed.child("gain")).map(|drawn| {
            let mut times = vec![0_u32; truth.len()];
            drawn.iter().for_each(|at| times[*at as usize] += 1);
            gain(&times)
        });
        let mut drawn = drawn.into_iter().collect::<Option<Vec<f64>>>()?;
        interval(gain(&vec![1; truth.len()])?, &mut drawn, n_rows, "5 folds over real rows, bootstrap within labels")
    }

    /// Row-major probabilities of every real row by a model that saw neither it nor a text that was made from a row of its fold.
    fn predict(&self, texts: &[(LabelId, &Candidate)]) -> Vec<f64> {
        let mut all = vec![0.0; self.rows.len() * self.n_labels];
        let of_fold = |fold: usize| {
            let asked: Vec<usize> = (0..self.rows.len()).filter(|at| self.fold_of[*at] == fold).collect();
            let is_apart = |candidate: &Candidate| {
                let rows = candidate.sources.rows();
                !rows.is_empty() && rows.iter().all(|row| self.fold_of_row.get(row).is_some_and(|of| *of != fold))
            };
            let real = self.rows.iter().zip(&self.fold_of).filter(|(_, of)| **of != fold);
            let real = real.map(|(row, _)| (row.text, row.label));
            let made = texts.iter().filter(|(_, candidate)| is_apart(candidate));
            let made = made.map(|(label, candidate)| (candidate.text.as_str(), *label));
            let (known, labels): (Vec<&str>, Vec<LabelId>) = real.chain(made).unzip();
            let vectoriser = TfIdf::fit(&known);
            let (features, weights) = (vectoriser.transform(&known), vec![1.0; known.len()]);
            let problem = Problem { features: &features, labels: &labels, weights: &weights, n_labels: self.n_labels };
            let model = LogisticRegression::default().fit(&problem, None);
            let asked_texts: Vec<&str> = asked.iter().map(|at| self.rows[*at].text).collect();
            let probabilities = model.probabilities(&vectoriser.transform(&asked_texts));
            (asked, probabilities)
        };
        let folds: Vec<(Vec<usize>, Vec<f64>)> = (0..FOLDS).into_par_iter().map(of_fold).collect();
        for (asked, probabilities) in folds {
            for (at, row) in asked.into_iter().zip(probabilities.chunks_exact(self.n_labels)) {
                all[at * self.n_labels..(at + 1) * self.n_labels].copy_from_slice(row);
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Rows};
    use crate::generator::Sources;
    use rand::{Rng, RngExt};

    /// Six words, of which so many in a hundred are words of the rare label.
    fn drawn(of_rare: u32, rng: &mut impl Rng) -> String {
        let mut word = || match rng.random_range(0..100) < of_rare {
            true => format!("r{}", rng.random_range(0..20)),
            false => format!("c{}", rng.random_range(0..20)),
        };
        (0..6).map(|_| word()).collect::<Vec<_>>().join(" ")
    }

    fn data() -> Dataset {
        let mut rng = Seed::new(3).rng();
        let mut rows = Rows::default();
        for i in 0..60 {
            rows.push(&format!("{} x{i}", drawn(45, &mut rng)), "rare").expect("two labels");
        }
        for i in 0..240 {
            rows.push(&format!("{} y{i}", drawn(25, &mut rng)), "common").expect("two labels");
        }
        Dataset::new(rows).expect("two labels")
    }

    fn texts(data: &Dataset, n: usize, of_rare: u32) -> Vec<(LabelId, Candidate)> {
        let mut rng = Seed::new(4).rng();
        let mut candidate = |(i, row): (usize, Row<'_>)| Candidate {
            id: i.to_string(),
            text: drawn(of_rare, &mut rng),
            label: "rare".to_owned(),
            request: None,
            position: i,
            sources: Sources::One(row.id),
            fault: None,
            came: None,
            attributes: Default::default(),
        };
        data.train().rows().take(n).enumerate().map(|at| (at.1.label, candidate(at))).collect()
    }

    #[test]
    fn texts_of_another_label_cost_average_precision() {
        let data = data();
        let folded = Folded::new(data.train(), Seed::new(7)).expect("folds");
        let of = |made: Vec<(LabelId, Candidate)>| {
            let made: Vec<(LabelId, &Candidate)> = made.iter().map(|(label, c)| (*label, c)).collect();
            folded.gain(&made, made[0].0)
        };
        let bad = of(texts(&data, 60, 0)).expect("enough texts");
        let good = of(texts(&data, 60, 60)).expect("enough texts");
        assert!(bad.value < good.value && bad.low <= bad.value && bad.value <= bad.high, "{bad:?} {good:?}");
        assert_eq!(of(texts(&data, 49, 60)), None, "too few texts");
    }
}
