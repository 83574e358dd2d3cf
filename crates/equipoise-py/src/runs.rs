//! Runs in folders: started, gone on with, replayed, and their rows.

use crate::attend::attended;
use crate::error::{Fault, raise};
use crate::jobs::{Listener, json};
use crate::learner::{self, Given as Learner};
use crate::request::{Given, Request, Settings, keywords};
use crate::table::Table;
use equipoise::config::{Recipe, layer};
use equipoise::fits::FITS_FOLDER;
use equipoise::folder::{self, Overrides, Place};
use equipoise::remote::{Remote, Upload, upload};
use equipoise::rundir::RunDir;
use equipoise::{Error, Material, Setup, pipeline};
use pyo3::prelude::*;
use serde_json::json;
use std::path::{Path, PathBuf};

/// Where runs go that nobody named a folder for.
const RUNS: &str = "runs";

/// Where a run goes, and what was agreed to.
#[derive(FromPyObject)]
#[pyo3(from_item_all)]
pub(crate) struct Terms {
    out: Option<PathBuf>,
    /// Send although it costs.
    yes: bool,
    /// Where `out` holds a run, start anew beside it.
    force: bool,
    /// Where `out` holds a run, start beside it and take over its answers to equal requests.
    fork: bool,
    /// The caller's own learner.
    learner: Option<Learner>,
}

impl Terms {
    fn folder(&self, recipe: &Recipe, stem: &str) -> Result<PathBuf, Fault> {
        let Some(path) = &self.out else {
            return Ok(RunDir::fresh_name(Path::new(RUNS), stem));
        };
        match folder::refused(path, recipe) {
            None => Ok(path.clone()),
            Some(_) if self.force || self.fork => {
                let name = path.file_name().unwrap_or_default().to_string_lossy();
                Ok(RunDir::fresh_name(path.parent().unwrap_or(Path::new("")), &name))
            }
            Some(refused) => Err(refused.into()),
        }
    }
}

/// A run in a new folder; gives its folder and what a person should hear as JSON. Without consent one that costs, or whose price is
/// unknown, is refused.
#[pyfunction]
pub(crate) fn run(
    py: Python<'_>,
    rows: Given<'_>,
    settings: Settings,
    terms: Terms,
    on_event: Listener<'_, '_>,
) -> PyResult<String> {
    let request = Request::new(&rows, &settings)?;
    attended(py, on_event, |work| {
        let (recipe, sources) = request.resolve()?;
        let out = terms.folder(&recipe, &request.stem())?;
        let setup = learner::judging(Setup::new(recipe)?, terms.learner.as_ref()).fits_in(out.join(FITS_FOLDER));
        let material = Material::read(&sources, work)?;
        let planned = pipeline::plan(&setup, &material)?;
        planned.check_price(&setup)?;
        planned.check_way(&setup)?;
        let cost = planned.cost();
        if !terms.yes && !cost.is_free() {
            let hint = "look at equipoise.plan(…), then add yes=True";
            return Err(Fault::usage(format!("this run needs consent: {cost}"), hint));
        }
        let earlier = terms.out.as_deref().filter(|_| terms.fork);
        let outcome = folder::start(&setup, &material, &planned, Place { out: &out, earlier }, work)?;
        Ok(json(&json!({ "dir": out, "notes": outcome.notes })))
    })
}

/// Goes on with a run, with other settings of how its endpoint is reached, and with the learner that judges it.
#[pyfunction]
pub(crate) fn resume(
    py: Python<'_>,
    path: PathBuf,
    options: &str,
    learner: Option<Learner>,
    on_event: Listener<'_, '_>,
) -> PyResult<String> {
    attended(py, on_event, |work| {
        let table = layer(&keywords(options)?)?;
        let changes = table.get("model").cloned().unwrap_or(toml::Value::Table(toml::Table::new()));
        let changes: Overrides = changes.try_into().map_err(|e: toml::de::Error| {
            let hint = "base_url, key_env, reasoning, deadline, budget and max_concurrency may change";
            Fault::usage(e.message().to_owned(), hint)
        })?;
        let outcome = folder::resume(&path, &changes, learner.map(Learner::shared), work)?;
        Ok(json(&json!({ "dir": path, "notes": outcome.notes })))
    })
}

/// Rebuilds the derived files of a run, or compares them; gives their names.
#[pyfunction]
pub(crate) fn replay(py: Python<'_>, path: PathBuf, check: bool, on_event: Listener<'_, '_>) -> PyResult<Vec<String>> {
    attended(py, on_event, |work| Ok(folder::replay(&path, check, work)?.files))
}

/// Renders the report and the card of a run again; gives their paths.
#[pyfunction]
pub(crate) fn report(py: Python<'_>, path: PathBuf) -> PyResult<Vec<PathBuf>> {
    attended(py, None, |_| Ok(folder::report(&path)?))
}

/// Writes the data sets of a run as a hub has them, and sends them to `(repository, public, license)` where one is named.
#[pyfunction]
pub(crate) fn push(
    py: Python<'_>,
    path: PathBuf,
    folder: PathBuf,
    terms: (Option<String>, bool, Option<String>),
    on_event: Listener<'_, '_>,
) -> PyResult<String> {
    let (repository, public, license) = terms;
    attended(py, on_event, |work| {
        let mut published = pipeline::publish(&path, &folder, license.as_deref(), work)?;
        if let Some(repository) = &repository {
            let remote = Remote::of_environment(false);
            let what = Upload { repository, public, folder: &folder, files: &published.files };
            let sent = upload(&remote, &what, &|_, _| {});
            published.url = Some(sent.map_err(Error::from)?);
        }
        Ok(json(&published))
    })
}

/// The synthetic rows that a run uses, with the ids of the rows that they were made from.
#[pyfunction]
pub(crate) fn synthetic(py: Python<'_>, path: PathBuf) -> PyResult<Table> {
    let read = py.detach(|| folder::synthetic_of(&path));
    read.map(Table).map_err(|e| raise(py, &e.into()))
}

/// The rows of a run's input with the synthetic rows behind them.
#[pyfunction]
pub(crate) fn augmented(py: Python<'_>, path: PathBuf) -> PyResult<Table> {
    let read = py.detach(|| folder::augmented_of(&path));
    read.map(Table).map_err(|e| raise(py, &e.into()))
}
