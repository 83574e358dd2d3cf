//! A learner of the caller's own: fitted and asked in Python, judged as every other learner.

use equipoise::Setup;
use equipoise::core::data::LabelId;
use equipoise::core::learner::FitJob;
use equipoise::fits::OwnLearner;
use pyo3::prelude::*;
use std::error::Error;
use std::sync::Arc;

/// What it is, and `fit(labels, train, predict)`, as [`OwnLearner::fit`] calls it.
#[derive(FromPyObject)]
pub(crate) struct Given(String, Py<PyAny>);

/// The setup judged by the caller's own learner, where there is one.
pub(crate) fn judging(setup: Setup, learner: Option<&Given>) -> Setup {
    learner.iter().fold(setup, |setup, Given(identity, fit)| {
        let fit = Python::attach(|py| fit.clone_ref(py));
        setup.judged_by(Given(identity.clone(), fit).shared())
    })
}

impl Given {
    /// As the library takes it.
    pub(crate) fn shared(self) -> Arc<dyn OwnLearner> {
        Arc::new(self)
    }
}

impl OwnLearner for Given {
    fn identity(&self) -> &str {
        &self.0
    }

    /// Labels go as positions, and probabilities come back as little-endian doubles, row after row.
    fn fit(&self, job: &FitJob, labels: &[String]) -> Result<Vec<Vec<f64>>, Box<dyn Error + Send + Sync>> {
        let texts: Vec<&str> = job.train.iter().map(|(text, ..)| &**text).collect();
        let codes: Vec<u16> = job.train.iter().map(|(_, LabelId(label), _)| *label).collect();
        let weights: Vec<f64> = job.train.iter().map(|(.., weight)| *weight).collect();
        let asked: Vec<&str> = job.predict.iter().map(|text| &**text).collect();
        let bytes: Vec<u8> =
            Python::attach(|py| self.1.call1(py, (labels, (texts, codes, weights), asked))?.extract(py))?;
        let numbers: Vec<f64> = bytes.as_chunks().0.iter().map(|bytes| f64::from_le_bytes(*bytes)).collect();
        Ok(numbers.chunks(labels.len().max(1)).map(<[f64]>::to_vec).collect())
    }
}
