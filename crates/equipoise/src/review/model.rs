//! What a model of the real rows alone says of the generated texts.

use crate::{Material, Setup};
use equipoise_core::data::LabelId;
use equipoise_core::generator::Candidate;
use equipoise_core::learner::{Problem, most_probable};
use serde::Serialize;

/// Its opinion of one text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Opinion {
    /// The most probable label.
    pub label: String,
    /// Its probability, 0 to 1.
    pub probability: f64,
}

/// The opinion of the first learner, trained on the real training rows with class weights, of each candidate in order. Class weights,
/// because without them a model of imbalanced rows hardly ever names the label that the texts are for.
pub(super) fn opinions(setup: &Setup, material: &Material, candidates: &[Candidate]) -> Vec<Opinion> {
    let train = material.dataset().train();
    let (texts, labels): (Vec<&str>, Vec<LabelId>) = train.rows().map(|r| (r.text, r.label)).unzip();
    let names = material.dataset().labels();
    let Some((_, learner)) = setup.learners.of(train).first() else { return Vec::new() };
    let mut counts = vec![0usize; names.len()];
    labels.iter().for_each(|l| counts[l.0 as usize] += 1);
    let present = counts.iter().filter(|n| **n > 0).count().max(1);
    let weight = |l: &LabelId| labels.len() as f64 / (present * counts[l.0 as usize]) as f64;
    let weights: Vec<f64> = labels.iter().map(weight).collect();
    let vectoriser = learner.vectoriser(&texts);
    let features = vectoriser.transform(&texts);
    let model =
        learner.fit(&Problem { features: &features, labels: &labels, weights: &weights, n_labels: names.len() });
    let asked: Vec<&str> = candidates.iter().map(|c| c.text.as_str()).collect();
    let probabilities = model.probabilities(&vectoriser.transform(&asked));
    let best = most_probable(&probabilities, names.len());
    let rows = best.iter().zip(probabilities.chunks_exact(names.len().max(1)));
    rows.map(|(l, p)| Opinion { label: names.name(*l).to_owned(), probability: p[l.0 as usize] }).collect()
}
