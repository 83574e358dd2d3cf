//! The fitted model of a run.

use crate::error::{Fault, raise};
use equipoise::core::learner::Classifier;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// A fitted classifier of texts.
#[pyclass(frozen, module = "equipoise._equipoise")]
pub(crate) struct Model {
    classifier: Classifier,
    bytes: Vec<u8>,
}

#[pymethods]
impl Model {
    /// Reads what `to_bytes` gave, or the file `model.bin` of a run.
    #[new]
    fn new(py: Python<'_>, data: Vec<u8>) -> PyResult<Self> {
        let hint = "give the bytes of `model.bin` of a finished run";
        let classifier = py.detach(|| Classifier::decode(&data));
        let classifier = classifier.map_err(|e| raise(py, &Fault::usage(e.to_string(), hint)))?;
        Ok(Model { classifier, bytes: data })
    }

    /// The model as the bytes of `model.bin`.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, &self.bytes)
    }

    /// The labels, in the order of the probabilities.
    #[getter]
    fn labels(&self) -> Vec<String> {
        self.classifier.about.labels.clone()
    }

    /// What it was trained with, as JSON.
    #[getter]
    fn about(&self) -> String {
        serde_json::to_string(&self.classifier.about).unwrap_or_default()
    }

    /// Position of the most probable label of each text, and row-major probabilities as little-endian doubles.
    fn predict<'py>(&self, py: Python<'py>, texts: Vec<String>) -> (Vec<u16>, Bound<'py, PyBytes>) {
        let (labels, probabilities) = py.detach(|| {
            let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
            // As in `attend`: the global threads of rayon do not live on in a forked child.
            let (labels, p) = match rayon::ThreadPoolBuilder::new().build() {
                Ok(pool) => pool.install(|| self.classifier.predict(&texts)),
                Err(_) => self.classifier.predict(&texts),
            };
            (labels.iter().map(|l| l.0).collect(), p.iter().flat_map(|p| p.to_le_bytes()).collect::<Vec<u8>>())
        });
        (labels, PyBytes::new(py, &probabilities))
    }
}
