//! Parts of a profile: what one block of rows adds to it.

use crate::attend::attended;
use crate::error::{Fault, raise};
use crate::jobs::json;
use crate::request::{Given, Request, Settings};
use equipoise::Error;
use equipoise::core::profile::Part;
use pyo3::prelude::*;
use pyo3::types::PyBytes;

/// What a block of rows adds to a profile; parts merge in any order.
#[pyclass(frozen, module = "equipoise._equipoise")]
pub(crate) struct ProfilePart {
    part: Part,
    /// Rows that could not be used.
    n_dropped: usize,
}

#[pymethods]
impl ProfilePart {
    /// The part of a block of rows, which may have one label alone.
    #[staticmethod]
    fn of(py: Python<'_>, rows: Given<'_>, settings: Settings) -> PyResult<Self> {
        let request = Request::new(&rows, &settings)?;
        attended(py, None, |_| {
            let (_, sources) = request.resolve()?;
            let input = equipoise::input::read(&sources.train, &sources.columns).map_err(Error::from)?;
            let part = Part::of((0..input.rows.len()).map(|at| input.rows.text_and_label(at)));
            Ok(ProfilePart { part, n_dropped: input.n_dropped })
        })
    }

    /// The part of the rows of both.
    fn merge(&self, py: Python<'_>, other: &ProfilePart) -> Self {
        let n_dropped = self.n_dropped + other.n_dropped;
        py.detach(|| ProfilePart { part: self.part.clone().merge(other.part.clone()), n_dropped })
    }

    /// `profile.json` of the rows.
    fn profile(&self, py: Python<'_>) -> String {
        py.detach(|| json(&self.part.clone().finish()))
    }

    /// Rows that could not be used.
    #[getter]
    fn n_dropped(&self) -> usize {
        self.n_dropped
    }

    /// As bytes, to travel.
    fn to_bytes<'py>(&self, py: Python<'py>) -> Bound<'py, PyBytes> {
        PyBytes::new(py, json(&(&self.part, self.n_dropped)).as_bytes())
    }

    /// What [`ProfilePart::to_bytes`] gave.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, data: &[u8]) -> PyResult<Self> {
        let read = serde_json::from_slice(data).map(|(part, n_dropped)| ProfilePart { part, n_dropped });
        read.map_err(|e| {
            raise(py, &Fault::usage(format!("this is no part of a profile: {e}"), "give what to_bytes() gave"))
        })
    }
}
