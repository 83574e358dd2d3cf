//! The classifier of the measurements: words and logistic regression, as the learner `linear`.

use crate::data::LabelledText;
use equipoise_core::data::LabelId;
use equipoise_core::learner::{LinearModel, LogisticRegression, Model, Problem, TfIdf, Vectoriser, most_probable};

/// A fitted classifier.
pub(crate) struct Fitted {
    vectoriser: TfIdf,
    model: LinearModel,
    n_labels: usize,
}

impl Fitted {
    /// Fits labelled texts, with labels of equal mass where `is_balanced`.
    pub(crate) fn new(rows: &[(&str, LabelId)], n_labels: usize, is_balanced: bool) -> Self {
        let (texts, labels): (Vec<&str>, Vec<LabelId>) = rows.iter().copied().unzip();
        let mut counts = vec![0.0; n_labels];
        labels.iter().for_each(|l| counts[l.index()] += 1.0);
        let n_present = counts.iter().filter(|n| **n > 0.0).count() as f64;
        let weight =
            |l: &LabelId| if is_balanced { labels.len() as f64 / (n_present * counts[l.index()]) } else { 1.0 };
        let weights: Vec<f64> = labels.iter().map(weight).collect();
        let vectoriser = TfIdf::fit(&texts);
        let features = vectoriser.transform(&texts);
        let problem = Problem { features: &features, labels: &labels, weights: &weights, n_labels };
        Fitted { model: LogisticRegression::default().fit(&problem, None), vectoriser, n_labels }
    }

    /// The label of each text.
    pub(crate) fn predict(&self, texts: &[&str]) -> Vec<LabelId> {
        most_probable(&self.model.probabilities(&self.vectoriser.transform(texts)), self.n_labels)
    }
}

/// Rows with the ids of their labels.
pub(crate) fn with_ids<'a>(rows: &'a [LabelledText], labels: &equipoise_core::data::Labels) -> Vec<(&'a str, LabelId)> {
    rows.iter().filter_map(|r| Some((r.0.as_str(), labels.id(&r.1)?))).collect()
}

/// F1 of `label`, or mean F1 over all labels of `truth`, in points.
pub(crate) fn f1(truth: &[LabelId], predicted: &[LabelId], label: Option<LabelId>) -> f64 {
    let one = |label: LabelId| {
        let count = |test: &dyn Fn(LabelId, LabelId) -> bool| {
            truth.iter().zip(predicted).filter(|(t, p)| test(**t, **p)).count() as f64
        };
        let hits = count(&|t, p| t == label && p == label);
        let rows = count(&|t, _| t == label) + count(&|_, p| p == label);
        2.0 * hits / rows.max(1.0)
    };
    let mut all: Vec<LabelId> = truth.to_vec();
    all.sort_unstable();
    all.dedup();
    let labels = label.map_or(all, |l| vec![l]);
    100.0 * labels.iter().map(|l| one(*l)).sum::<f64>() / labels.len() as f64
}
