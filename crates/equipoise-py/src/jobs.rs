//! The jobs that give no run: what the commands of the same names do, on tables.

use crate::attend::attended;
use crate::error::{Fault, raise};
use crate::learner;
use crate::request::{Given, Request, Settings};
use crate::table::Table;
use equipoise::artefacts::{Folder, Leaves};
use equipoise::catalogs::{self, Kind};
use equipoise::core::check::{CheckOutcome, Verdict};
use equipoise::core::format::Table as Rows;
use equipoise::core::generator::Candidate;
use equipoise::fits::FITS_FOLDER;
use equipoise::material::Sources;
use equipoise::pipeline::{self, Checked};
use equipoise::{Material, Setup};
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use serde::Serialize;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

/// What hears events, as JSON text.
pub(crate) type Listener<'a, 'py> = Option<&'a Bound<'py, PyAny>>;

pub(crate) fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// `profile.json` of the rows.
#[pyfunction]
pub(crate) fn profile(
    py: Python<'_>,
    rows: Given<'_>,
    settings: Settings,
    on_event: Listener<'_, '_>,
) -> PyResult<String> {
    let request = Request::new(&rows, &settings)?;
    attended(py, on_event, |work| {
        let (_, sources) = request.resolve()?;
        Ok(json(Material::read(&sources.to_look_at(), work)?.profile()))
    })
}

/// `plan.json`, what a person consents to, and whether that costs nothing.
#[pyfunction]
pub(crate) fn plan(
    py: Python<'_>,
    rows: Given<'_>,
    settings: Settings,
    on_event: Listener<'_, '_>,
) -> PyResult<(String, String, bool)> {
    let request = Request::new(&rows, &settings)?;
    attended(py, on_event, |work| {
        let (recipe, sources) = request.resolve()?;
        let setup = Setup::new(recipe)?;
        let material = Material::read(&sources, work)?;
        let mut planned = pipeline::plan(&setup, &material)?;
        planned.look_ahead(&setup, &material, work)?;
        let cost = planned.cost();
        Ok((json(&planned.plan), cost.to_string(), cost.is_free()))
    })
}

/// `selection.json` of the synthetic rows; the kept rows; every verdict that is no pass.
#[pyfunction]
pub(crate) fn check(
    py: Python<'_>,
    rows: Given<'_>,
    synthetic: Vec<Bound<'_, PyAny>>,
    settings: Settings,
    on_event: Listener<'_, '_>,
) -> PyResult<(String, Table, Table)> {
    let request = Request::new(&rows, &settings)?.with_synthetic(&synthetic)?;
    attended(py, on_event, |work| {
        let (recipe, sources) = request.resolve()?;
        let (setup, sources) = (Setup::new(recipe)?, sources.to_look_at());
        let material = Material::read(&sources, work)?;
        let made = material.admit(&request.synthetic, &sources.columns, work)?;
        let checked = pipeline::check(&setup, &material, made, &mut None::<Folder>, work)?;
        Ok((json(&checked.selection), Table(kept(&checked, material.columns())), Table(findings(&checked))))
    })
}

/// The rows that the checks keep, in the columns of the training rows.
fn kept(checked: &Checked, [text, label]: [&str; 2]) -> Rows {
    let ids: HashSet<&str> = checked.selection.kept.iter().map(String::as_str).collect();
    let kept: Vec<&Candidate> = checked.candidates.iter().filter(|c| ids.contains(c.id.as_str())).collect();
    let column = |cell: fn(&Candidate) -> &String| kept.iter().map(|c| Some(cell(c).clone())).collect();
    Rows::of_columns([(text, column(|c| &c.text)), (label, column(|c| &c.label)), ("candidate", column(|c| &c.id))])
}

/// The warnings and rejections, each with its row.
fn findings(checked: &Checked) -> Rows {
    let rows: HashMap<&str, &Candidate> = checked.candidates.iter().map(|c| (c.id.as_str(), c)).collect();
    let found: Vec<&Verdict> = checked.verdicts.iter().filter(|v| v.outcome != CheckOutcome::Pass).collect();
    let column = |cell: &dyn Fn(&Verdict) -> Option<String>| found.iter().map(|v| cell(v)).collect();
    let row = |v: &Verdict| rows.get(v.candidate.as_str()).copied();
    let outcome = |v: &Verdict| if v.outcome == CheckOutcome::Reject { "reject" } else { "warn" };
    Rows::of_columns([
        ("candidate", column(&|v| Some(v.candidate.clone()))),
        ("outcome", column(&|v| Some(outcome(v).to_owned()))),
        ("check", column(&|v| Some(v.check.to_string()))),
        ("reason", column(&|v| Some(v.reason.to_string()))),
        ("text", column(&|v| Some(row(v)?.text.clone()))),
        ("label", column(&|v| Some(row(v)?.label.clone()))),
    ])
}

/// `evaluation.json`, and the model of the arm that was chosen as the bytes of `model.bin`. With `out` both go there too, and the fits of a `learner` of the
/// caller's own, which judges in the place of those of the settings.
#[pyfunction]
pub(crate) fn evaluate<'py>(
    py: Python<'py>,
    tables: (Given<'py>, Vec<Bound<'py, PyAny>>),
    settings: Settings,
    places: (Option<PathBuf>, Option<learner::Given>),
    on_event: Listener<'_, 'py>,
) -> PyResult<(String, Option<Bound<'py, PyBytes>>)> {
    let (rows, synthetic) = tables;
    let request = Request::new(&rows, &settings)?.with_synthetic(&synthetic)?;
    let (out, learner) = places;
    let evaluated = attended(py, on_event, |work| {
        let (recipe, sources) = request.resolve()?;
        let setup = learner::judging(Setup::new(recipe)?, learner.as_ref());
        let setup = out.iter().fold(setup, |setup, out| setup.fits_in(out.join(FITS_FOLDER)));
        let sources = Sources { unlabelled: None, ..sources };
        let material = Material::read(&sources, work)?;
        let mut out = out.as_deref().map(|out| Folder::new(out, Leaves::Evaluation)).transpose()?;
        let made = material.admit(&request.synthetic, &sources.columns, work)?;
        Ok(pipeline::evaluate(&setup, &material, made, &mut out, work)?)
    })?;
    Ok((json(&evaluated.evaluation), evaluated.model.map(|bytes| PyBytes::new(py, &bytes))))
}

/// A catalog as JSON.
#[pyfunction]
pub(crate) fn items(py: Python<'_>, kind: &str) -> PyResult<String> {
    let found = Kind::ALL.into_iter().find(|known| known.name() == kind).ok_or_else(|| {
        let known = Kind::ALL.map(Kind::name).join(", ");
        raise(py, &Fault::usage(format!("no catalog is called `{kind}`"), format!("there are: {known}")))
    })?;
    Ok(json(&catalogs::items(found)))
}
