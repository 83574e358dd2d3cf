//! The native half of the Python package `equipoise`: tables in, tables and JSON out. What people call is in `python/equipoise`.
#![cfg_attr(not(test), warn(clippy::too_many_lines))]

mod attend;
mod broker;
mod error;
mod jobs;
mod learner;
mod model;
mod part;
mod request;
mod runs;
mod table;
mod wording;

use pyo3::prelude::*;

/// The native half of `equipoise`.
#[pymodule(gil_used = false)]
mod _equipoise {
    use super::*;

    #[pymodule_export]
    use super::broker::Broker;
    #[pymodule_export]
    use super::jobs::{check, evaluate, items, plan, profile};
    #[pymodule_export]
    use super::model::Model;
    #[pymodule_export]
    use super::part::ProfilePart;
    #[pymodule_export]
    use super::runs::{augmented, push, replay, report, resume, run, synthetic};
    #[pymodule_export]
    use super::table::Table;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        // A panic inside a decoder of rows becomes an error of its reader, and is nobody's to see.
        let shown = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |info| {
            if !equipoise::core::format::is_guarded() {
                shown(info);
            }
        }));
        module.add("__version__", env!("CARGO_PKG_VERSION"))
    }

    /// The options that the jobs take as keywords: name, key of a recipe, and what it takes.
    #[pyfunction]
    fn options() -> Vec<(&'static str, &'static str, String)> {
        let takes = |option: &equipoise::config::Opt| format!("{:?}", option.takes);
        equipoise::config::OPTIONS.iter().map(|option| (option.name, option.key, takes(option))).collect()
    }

    /// The id of each row, as the column `source_id` of synthetic rows names it.
    #[pyfunction]
    fn row_ids(texts: Vec<String>, labels: Vec<String>) -> Vec<String> {
        let mut rows = equipoise::core::data::Rows::default();
        texts.iter().zip(&labels).take_while(|(text, label)| rows.push(text, label).is_some()).for_each(drop);
        (0..rows.len()).map(|at| rows.get(at).id.to_string()).collect()
    }

    /// The command line, in this process; gives the exit code.
    #[pyfunction]
    fn cli(py: Python<'_>, arguments: Vec<std::ffi::OsString>) -> u8 {
        py.detach(|| equipoise_cli::run(arguments))
    }
}
