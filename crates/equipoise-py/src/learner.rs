//! A learner of the caller's own: fitted and asked in Python, judged as every other learner.

use equipoise::core::data::LabelId;
use equipoise::core::learner::{Csr, Learner, Model, Problem, Vectoriser};
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use std::collections::HashMap;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What it is called where learners have names.
pub(crate) const NAME: &str = "own";

/// A learner whose fits are calls of `fit(texts, labels, weights)` in Python, where labels are positions. A fit gives a function of
/// texts that gives row-major probabilities as little-endian doubles.
///
/// Arms choose and weigh rows by their features, so the features of a text here are its place in a list of texts: one column, by which
/// the text is found again. An exception unwinds to [`crate::attend::attended`], since a fit has no other way to fail.
pub(crate) struct Own {
    fit: Py<PyAny>,
    texts: Arc<Texts>,
}

impl Own {
    /// A learner of `start(labels)`, which gives its `fit`.
    pub(crate) fn new(start: &Py<PyAny>, labels: &[String]) -> PyResult<Self> {
        let fit = Python::attach(|py| start.call1(py, (labels,)))?;
        Ok(Own { fit, texts: Arc::default() })
    }
}

impl Learner for Own {
    fn vectoriser(&self, _: &[&str]) -> Box<dyn Vectoriser> {
        Box::new(Places(self.texts.clone()))
    }

    fn fit(&self, problem: &Problem<'_>) -> Box<dyn Model> {
        let texts = self.texts.of(problem.features);
        let labels: Vec<u16> = problem.labels.iter().map(|LabelId(label)| *label).collect();
        let weights = problem.weights.to_vec();
        let predict = Python::attach(|py| self.fit.call1(py, (texts, labels, weights)));
        let predict = predict.unwrap_or_else(|e| resume_unwind(Box::new(e)));
        Box::new(Fitted { predict, texts: self.texts.clone(), n_labels: problem.n_labels })
    }

    fn has_points_between_texts(&self) -> bool {
        false
    }
}

/// Every text that was seen, and the place of each.
#[derive(Default)]
struct Texts(Mutex<Seen>);

#[derive(Default)]
struct Seen {
    texts: Vec<Arc<str>>,
    places: HashMap<Arc<str>, u32>,
}

impl Seen {
    fn place(&mut self, text: &str) -> u32 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let (text, place): (Arc<str>, u32) = (text.into(), self.texts.len() as u32);
        self.texts.push(text.clone());
        self.places.insert(text, place);
        place
    }
}

impl Texts {
    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn of(&self, features: &Csr) -> Vec<String> {
        let seen = self.lock();
        let text = |at: usize| seen.texts[features.row(at).0[0] as usize].as_ref().to_owned();
        (0..features.n_rows()).map(text).collect()
    }
}

struct Places(Arc<Texts>);

impl Vectoriser for Places {
    fn transform(&self, texts: &[&str]) -> Csr {
        let mut seen = self.0.lock();
        let mut features = Csr::empty(0);
        texts.iter().for_each(|text| features.push_row([(seen.place(text), 1.0)]));
        features.n_columns = seen.texts.len();
        features
    }
}

struct Fitted {
    predict: Py<PyAny>,
    texts: Arc<Texts>,
    n_labels: usize,
}

impl Model for Fitted {
    fn probabilities(&self, features: &Csr) -> Vec<f64> {
        let (texts, n_rows) = (self.texts.of(features), features.n_rows());
        if n_rows == 0 {
            return Vec::new();
        }
        let asked = Python::attach(|py| {
            let bytes: Vec<u8> = self.predict.call1(py, (texts,))?.extract(py)?;
            let p: Vec<f64> =
                bytes.chunks_exact(8).filter_map(|b| Some(f64::from_le_bytes(b.try_into().ok()?))).collect();
            let is_sound = p.len() == n_rows * self.n_labels && p.iter().all(|p| p.is_finite() && *p >= 0.0);
            let sums: Vec<f64> = p.chunks_exact(self.n_labels).map(|row| row.iter().sum()).collect();
            if !is_sound || sums.iter().any(|sum| *sum <= 0.0) {
                let message = "the learner's probabilities are not a finite, positive row for each text";
                return Err(PyValueError::new_err(message));
            }
            Ok(p.chunks_exact(self.n_labels)
                .zip(sums)
                .flat_map(|(row, sum)| row.iter().map(move |p| p / sum))
                .collect())
        });
        asked.unwrap_or_else(|e| resume_unwind(Box::new(e)))
    }
}
