//! Errors as Python exceptions: one class for each kind, the hint beside the message.

use crate::wording::Notebook;
use equipoise::config::ConfigError;
use equipoise::core::text::escape_lines;
use equipoise::error::chain;
use equipoise::fits::FitError;
use equipoise::{Error, Kind};
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;

/// Why a call ends without a result.
#[derive(Debug)]
pub(crate) enum Fault {
    /// The library's error.
    Library(Error),
    /// The call makes no sense, and what to do.
    Usage {
        /// What happened.
        message: String,
        /// What to do.
        hint: String,
    },
    /// What was given as rows cannot be read as such.
    Rows {
        /// What happened.
        message: String,
        /// What to do.
        hint: String,
    },
    /// What Python raised.
    Raised(PyErr),
    /// This program broke one of its own promises.
    Internal(String),
}

impl From<PyErr> for Fault {
    fn from(error: PyErr) -> Self {
        Fault::Raised(error)
    }
}

impl From<Error> for Fault {
    fn from(error: Error) -> Self {
        Fault::Library(error)
    }
}

impl From<ConfigError> for Fault {
    fn from(error: ConfigError) -> Self {
        Fault::Library(error.into())
    }
}

impl Fault {
    /// A mistake of the caller.
    pub(crate) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Fault::Usage { message: message.into(), hint: hint.into() }
    }
}

/// The exception class of a kind, as `equipoise/_errors.py` names it.
fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Internal => "InternalError",
        Kind::Usage => "UsageError",
        Kind::Input => "InputError",
        Kind::Provider => "ProviderError",
        Kind::Output => "OutputError",
        Kind::Stopped => "Stopped",
        Kind::Config => "ConfigError",
        Kind::Interrupted => "Interrupted",
    }
}

/// The exception for a fault.
pub(crate) fn raise(py: Python<'_>, fault: &Fault) -> PyErr {
    let made = match fault {
        Fault::Library(error) => of_library(py, error),
        Fault::Usage { message, hint } => build(py, "UsageError", message, Some(hint)),
        Fault::Rows { message, hint } => build(py, "InputError", message, Some(hint)),
        Fault::Raised(error) => Ok(error.clone_ref(py)),
        Fault::Internal(what) => {
            let hint = "this is a fault of equipoise: please report it; answers in the journal of a run are safe";
            build(py, "InternalError", &format!("internal fault: {what}"), Some(hint))
        }
    };
    made.unwrap_or_else(|e| e)
}

/// `KeyboardInterrupt` with what was saved.
pub(crate) fn interrupted(py: Python<'_>, error: &Error) -> PyErr {
    of_library(py, error).unwrap_or_else(|e| e)
}

fn of_library(py: Python<'_>, error: &Error) -> PyResult<PyErr> {
    if let Error::Fits(FitError::Own(raised)) = error
        && let Some(raised) = raised.downcast_ref::<PyErr>()
    {
        return Ok(raised.clone_ref(py));
    }
    let hint = error.hint().map(|hint| hint.worded(&Notebook));
    build(py, class(error.kind()), &chain(error), hint.as_deref())
}

fn build(py: Python<'_>, class: &str, message: &str, hint: Option<&str>) -> PyResult<PyErr> {
    let class = py.import("equipoise._errors")?.getattr(class)?;
    let arguments = (escape_lines(message), hint.map(escape_lines));
    let made = class.call1(arguments).map_err(|_| PyRuntimeError::new_err(message.to_owned()))?;
    Ok(PyErr::from_value(made))
}
