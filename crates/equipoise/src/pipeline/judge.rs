//! Judging: the checks of a recipe, its learners, and the evaluation that they give.

use crate::Error;
use crate::config::Recipe;
use crate::event::{Event, Phase, Sink};
use crate::pipeline::Loaded;
use equipoise_core::catalog::{Settings, SettingsError, find};
use equipoise_core::check::{self, Check};
use equipoise_core::eval::{self, Evaluation, EvaluationInputs};
use equipoise_core::learner::{self, Learner};
use equipoise_core::select::SyntheticRows;
use std::collections::BTreeMap;

/// Every check, with the recipe's settings.
pub(super) fn checks(recipe: &Recipe) -> Result<Vec<Box<dyn Check>>, Error> {
    for name in recipe.check.keys() {
        find(check::CATALOG, "check", name)?;
    }
    let mut tables = BTreeMap::new();
    for entry in check::CATALOG {
        tables.insert(entry.name, settings(&recipe.check, entry.name)?);
    }
    Ok(check::build_all(|name| tables.get(name).cloned())?)
}

/// Evaluates on the held-out rows; `None` where the recipe holds nothing out.
pub(super) fn evaluate(
    recipe: &Recipe,
    loaded: &Loaded,
    synthetic: &SyntheticRows<'_>,
    sink: &Sink<'_>,
) -> Result<Option<Evaluation>, Error> {
    if loaded.dataset.held_out().is_none() {
        return Ok(None);
    }
    let mut built: Vec<(&str, Box<dyn Learner>)> = Vec::new();
    for name in &recipe.evaluate.learners {
        let entry = find(learner::CATALOG, "learner", name)?;
        built.push((entry.name, entry.build(&settings(&recipe.learner, entry.name)?)?));
    }
    let learners: Vec<(&str, &dyn Learner)> = built.iter().map(|(name, l)| (*name, l.as_ref())).collect();
    sink(Event::Started(Phase::Evaluate));
    let inputs = EvaluationInputs {
        dataset: &loaded.dataset,
        held_out_name: &loaded.held_out_name,
        synthetic,
        learners: &learners,
        seed: recipe.seed,
        n_resamples: recipe.evaluate.resamples,
    };
    let evaluation = eval::evaluate(&inputs, &|progress| {
        sink(Event::Advanced {
            phase: Phase::Evaluate,
            done: progress.done as u64,
            total: progress.total as u64,
            what: progress.what.to_owned(),
        });
    })?;
    sink(Event::Finished(Phase::Evaluate));
    Ok(Some(evaluation))
}

/// The settings that a recipe has for an item.
fn settings(tables: &BTreeMap<String, toml::Table>, item: &'static str) -> Result<Settings, SettingsError> {
    let Some(table) = tables.get(item) else { return Ok(Settings::new()) };
    match serde_json::to_value(table) {
        Ok(serde_json::Value::Object(settings)) => Ok(settings),
        Ok(_) => Ok(Settings::new()),
        Err(e) => Err(SettingsError::BadValue { item, message: e.to_string() }),
    }
}
