//! A fitted classifier that stands on its own: features, models, thresholds, calibration and label names in one value.

use super::container::{ContainerError, decode, encode};
use super::load::{load_model, load_vectoriser};
use super::{Model, SavedError, Vectoriser, most_probable};
use crate::data::LabelId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A fitted classifier of texts, as `equipoise predict` uses it.
pub struct Classifier {
    /// What it is and how it is read.
    pub about: About,
    vectoriser: Arc<dyn Vectoriser>,
    models: Vec<Box<dyn Model>>,
}

/// What a classifier is and how its models are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct About {
    /// The learner that it was fitted with.
    pub learner: String,
    /// The arm whose rows and weights it was fitted on.
    pub arm: String,
    /// Label names, by id.
    pub labels: Vec<String>,
    /// What is added to each label's log probability, by label; empty for nothing.
    pub shifts: Vec<f64>,
    /// Log probabilities are divided by this before they are shown, positive; the predicted label does not depend on it.
    pub temperature: f64,
    /// Training rows whose out-of-fold predictions gave the temperature; 0 where it was not fitted and is 1.
    pub n_calibrated: usize,
}

/// Why bytes are not a classifier.
#[derive(Debug, thiserror::Error)]
pub enum ClassifierError {
    /// The bytes.
    #[error(transparent)]
    Container(#[from] ContainerError),
    /// A vectoriser or model in them.
    #[error(transparent)]
    Saved(#[from] SavedError),
    /// The parts do not fit each other.
    #[error("its parts do not fit each other: {0}")]
    Unfit(&'static str),
}

impl Classifier {
    /// Where a temperature is fitted, a smaller probability counts as this one, so that one row of probability 0 cannot decide.
    const LEAST: f64 = 1e-12;

    /// Reads what [`Classifier::encode`] gave.
    ///
    /// # Errors
    /// [`ClassifierError`]; bytes from anywhere end here, never in a panic.
    pub fn decode(bytes: &[u8]) -> Result<Self, ClassifierError> {
        let (about, items): (About, _) = decode(bytes)?;
        let mut items = items.into_iter();
        let first = items.next().ok_or(ClassifierError::Unfit("it has no features"))?;
        let (vectoriser, n_columns) = load_vectoriser(first)?;
        let n_labels = about.labels.len();
        let shifts = &about.shifts;
        if !(shifts.is_empty() || shifts.len() == n_labels && shifts.iter().all(|s| s.is_finite())) {
            return Err(ClassifierError::Unfit("its thresholds are not those of its labels"));
        }
        if !(about.temperature > 0.0 && about.temperature.is_finite()) || n_labels == 0 {
            return Err(ClassifierError::Unfit("it has no labels or no temperature"));
        }
        let mut models = Vec::new();
        for item in items {
            let (model, n_features, of_model) = load_model(item)?;
            if n_features != n_columns || of_model != n_labels {
                return Err(ClassifierError::Unfit("a model is of other features or labels"));
            }
            models.push(model);
        }
        if models.is_empty() {
            return Err(ClassifierError::Unfit("it has no model"));
        }
        Ok(Classifier { about, vectoriser: vectoriser.into(), models })
    }

    /// The bytes of a classifier whose probabilities are the mean of `models`: pure data, the same for the same parts. `None` where a
    /// part cannot be saved.
    pub fn encode<'m>(
        about: &About,
        vectoriser: &dyn Vectoriser,
        models: impl IntoIterator<Item = &'m dyn Model>,
    ) -> Option<Vec<u8>> {
        let mut items = vec![vectoriser.save()?];
        for model in models {
            items.push(model.save()?);
        }
        Some(encode(about, &items))
    }

    /// The label of each text and row-major calibrated probabilities, `texts × labels`. The label is the most probable one.
    pub fn predict(&self, texts: &[&str]) -> (Vec<LabelId>, Vec<f64>) {
        let n_labels = self.about.labels.len();
        let features = self.vectoriser.transform(texts);
        let mut mean = vec![0.0; texts.len() * n_labels];
        for model in &self.models {
            let share = 1.0 / self.models.len() as f64;
            mean.iter_mut().zip(model.probabilities(&features)).for_each(|(m, p)| *m += p * share);
        }
        for row in mean.chunks_exact_mut(n_labels) {
            self.read(row);
        }
        (most_probable(&mean, n_labels), mean)
    }

    /// Moves the thresholds of one row and softens or sharpens it.
    fn read(&self, row: &mut [f64]) {
        let mut highest = f64::NEG_INFINITY;
        for (k, p) in row.iter_mut().enumerate() {
            let shift = self.about.shifts.get(k).copied().unwrap_or(0.0);
            // A label that the model shuts out stays shut out.
            *p = if *p > 0.0 { (p.ln() + shift) / self.about.temperature } else { f64::NEG_INFINITY };
            highest = highest.max(*p);
        }
        row.iter_mut().for_each(|p| *p = (*p - highest).exp());
        let total: f64 = row.iter().sum();
        row.iter_mut().for_each(|p| *p /= total);
    }
}

/// The temperature under which `probabilities` (row-major, `truth.len() × n_labels`) give their true labels the highest likelihood;
/// between 0.05 and 20. `None` without rows.
///
/// # Source
/// Temperature scaling: Guo, Pleiss, Sun and Weinberger, "On Calibration of Modern Neural Networks" (ICML 2017). The loss is convex
/// in 1 / temperature, so that golden-section search finds its one minimum.
pub fn fit_temperature(probabilities: &[f64], truth: &[LabelId], n_labels: usize) -> Option<f64> {
    if truth.is_empty() || n_labels == 0 {
        return None;
    }
    let logs: Vec<f64> = probabilities.iter().map(|p| p.max(Classifier::LEAST).ln()).collect();
    let loss = |sharpness: f64| -> f64 {
        let rows = logs.chunks_exact(n_labels).zip(truth);
        rows.map(|(row, own)| {
            let highest = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let total: f64 = row.iter().map(|l| ((l - highest) * sharpness).exp()).sum();
            total.ln() - (row[own.index()] - highest) * sharpness
        })
        .sum()
    };
    let golden = (5_f64.sqrt() - 1.0) / 2.0;
    let (mut low, mut high) = (0.05, 20.0);
    // 40 cuts leave a range of 1e-7.
    for _ in 0..40 {
        let (a, b) = (high - golden * (high - low), low + golden * (high - low));
        if loss(a) <= loss(b) { high = b } else { low = a }
    }
    Some(2.0 / (low + high))
}

#[cfg(test)]
mod tests {
    use super::super::CATALOG;
    use super::*;
    use crate::catalog::Settings;
    use crate::learner::Problem;

    const TEXTS: [&str; 4] = ["good day", "good film", "bad day", "bad film"];

    fn saved(learner: &str, temperature: f64, shifts: Vec<f64>) -> Vec<u8> {
        let learner = crate::catalog::find(CATALOG, "learner", learner).unwrap().build(&Settings::new()).unwrap();
        let vectoriser = learner.vectoriser(&TEXTS);
        let features = vectoriser.transform(&TEXTS);
        let labels = [0, 0, 1, 1].map(LabelId);
        let problem = Problem { features: &features, labels: &labels, weights: &[1.0; 4], n_labels: 2 };
        let about = About {
            learner: "linear".to_owned(),
            arm: "none".to_owned(),
            labels: vec!["fine".to_owned(), "poor".to_owned()],
            shifts,
            temperature,
            n_calibrated: 4,
        };
        let models = [learner.fit(&problem), learner.fit(&problem)];
        Classifier::encode(&about, &*vectoriser, models.iter().map(AsRef::as_ref)).unwrap()
    }

    #[test]
    fn predicts_after_a_round_through_bytes() {
        let classifier = Classifier::decode(&saved("linear", 1.0, vec![])).unwrap();
        let (labels, sharp) = classifier.predict(&["good", "bad", ""]);
        assert_eq!(labels[..2], [LabelId(0), LabelId(1)]);
        let soft = Classifier::decode(&saved("linear", 4.0, vec![])).unwrap().predict(&["good", "bad", ""]).1;
        assert!(sharp[0] > soft[0] && soft[0] > 0.5, "{sharp:?} {soft:?}");
        let moved = Classifier::decode(&saved("linear", 1.0, vec![0.0, 9.0])).unwrap();
        assert_eq!(moved.predict(&["good"]).0, [LabelId(1)]);
        sharp.chunks(2).for_each(|row| assert!((row[0] + row[1] - 1.0).abs() < 1e-12));
    }

    #[test]
    fn refuses_parts_that_do_not_fit() {
        assert!(Classifier::decode(&saved("linear", 0.0, vec![])).is_err());
        assert!(Classifier::decode(&saved("linear", 1.0, vec![1.0])).is_err());
        let (about, items): (About, Vec<crate::learner::Saved>) = decode(&saved("linear", 1.0, vec![])).unwrap();
        let more = About { labels: [about.labels.clone(), vec!["third".to_owned()]].concat(), ..about.clone() };
        assert!(matches!(Classifier::decode(&encode(&more, &items)), Err(ClassifierError::Unfit(_))));
        assert!(matches!(Classifier::decode(&encode(&about, &items[..1])), Err(ClassifierError::Unfit(_))));
    }

    #[test]
    fn finds_the_temperature_that_makes_a_share_true() {
        // 0.9 is said where 0.75 comes true: ln(9) / T = ln(3).
        let probabilities = [0.9, 0.1].repeat(4);
        let truth = [0, 0, 0, 1].map(LabelId);
        let t = fit_temperature(&probabilities, &truth, 2).unwrap();
        assert!((t - 9_f64.ln() / 3_f64.ln()).abs() < 1e-5, "{t}");
        assert_eq!(fit_temperature(&[], &[], 2), None);
    }
}
