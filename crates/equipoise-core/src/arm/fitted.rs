//! A fitted classifier of texts.

use super::cut::shift;
use crate::data::LabelId;
use crate::learner::{About, Classifier, Model, Vectoriser, most_probable};
use std::sync::Arc;

/// A fitted classifier of texts: the mean of its models, read with moved thresholds. A clone shares its models.
#[derive(Clone)]
pub struct Fitted {
    /// From texts to the features of every model.
    pub(crate) vectoriser: Arc<dyn Vectoriser>,
    /// At least one; their probabilities are averaged.
    pub(crate) models: Vec<Arc<dyn Model>>,
    /// What is added to each label's log probability, by label; empty for nothing.
    pub(crate) shifts: Vec<f64>,
    pub(crate) n_labels: usize,
}

impl Fitted {
    /// Row-major probabilities, `texts × labels`, thresholds moved.
    pub fn probabilities(&self, texts: &[&str]) -> Vec<f64> {
        let features = self.vectoriser.transform(texts);
        let mut mean = vec![0.0; texts.len() * self.n_labels];
        for model in &self.models {
            mean.iter_mut().zip(model.probabilities(&features)).for_each(|(m, p)| *m += p / self.models.len() as f64);
        }
        if !self.shifts.is_empty() {
            shift(&mut mean, &self.shifts);
        }
        mean
    }

    /// The bytes of a [`Classifier`] that predicts as this one does, its thresholds in the place of `about`'s; `None` where the
    /// learner's models cannot be saved.
    pub fn save(&self, about: About) -> Option<Vec<u8>> {
        let about = About { shifts: self.shifts.clone(), ..about };
        Classifier::encode(&about, &*self.vectoriser, self.models.iter().map(AsRef::as_ref))
    }

    /// The most probable label of each text; of equals the one with the lowest id.
    pub fn predict(&self, texts: &[&str]) -> Vec<LabelId> {
        most_probable(&self.probabilities(texts), self.n_labels)
    }
}
