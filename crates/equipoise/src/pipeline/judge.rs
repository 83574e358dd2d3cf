//! Judging: the checks of a recipe, its learners, and the evaluation that they give.

use crate::Error;
use crate::config::Recipe;
use crate::event::{Event, Phase, Sink};
use crate::pipeline::Loaded;
use crate::pipeline::supply::supply;
use equipoise_core::arm::Goal;
use equipoise_core::catalog::{Settings, SettingsError, find};
use equipoise_core::check::{self, Check};
use equipoise_core::data::Labels;
use equipoise_core::eval::{self, Evaluation, EvaluationInputs, RowWeights, Saved};
use equipoise_core::learner::{self, Learner};
use equipoise_core::select::SyntheticRows;
use std::collections::BTreeMap;

/// Every check, with the recipe's settings.
pub(super) fn checks(recipe: &Recipe) -> Result<Vec<Box<dyn Check>>, Error> {
    for name in recipe.check.keys() {
        find(check::CATALOG, "check", name).map_err(Error::RecipeTable)?;
    }
    let mut tables = BTreeMap::new();
    for entry in check::CATALOG {
        tables.insert(entry.name, settings(&recipe.check, entry.name).map_err(Error::RecipeTable)?);
    }
    check::build_all(|name| tables.get(name).cloned()).map_err(Error::RecipeTable)
}

/// A learner and its catalog name.
type Named = (&'static str, Box<dyn Learner>);

/// Every learner that the recipe names, with its settings and files, and what there is to say of those.
fn learners(recipe: &Recipe) -> Result<(Vec<Named>, Vec<String>), Error> {
    for name in recipe.learner.keys() {
        find(learner::CATALOG, "learner", name).map_err(Error::RecipeTable)?;
    }
    let mut notes = Vec::new();
    let build = |name: &String| {
        let entry = find(learner::CATALOG, "learner", name)?;
        let settings = settings(&recipe.learner, entry.name).map_err(Error::RecipeTable)?;
        let mut learner = entry.build(&settings).map_err(Error::RecipeTable)?;
        notes.extend(supply(entry.name, learner.as_mut()).map_err(Error::RecipeTable)?);
        Ok((entry.name, learner))
    };
    let named = recipe.evaluate.learners.iter().map(build).collect::<Result<_, Error>>()?;
    Ok((named, notes))
}

/// The learner that the recipe names first.
pub(super) fn first_learner(recipe: &Recipe) -> Result<Option<Box<dyn Learner>>, Error> {
    Ok(learners(recipe)?.0.into_iter().next().map(|(_, learner)| learner))
}

/// Refuses a recipe whose checks, learners or goal make no sense, before anything is written or paid.
pub(super) fn verify(recipe: &Recipe, labels: &Labels) -> Result<(), Error> {
    checks(recipe)?;
    Goal::parse(&recipe.evaluate.goal, labels)?;
    learners(recipe).map(drop)
}

/// The fitted model of `auto`, in the run folder.
pub(super) const MODEL_FILE: &str = "model.bin";

/// An evaluation, and the fitted model that it chose as the bytes of [`MODEL_FILE`].
pub(super) struct Judged {
    pub(super) evaluation: Evaluation,
    pub(super) model: Option<Vec<u8>>,
    /// What each row weighs in it.
    pub(super) weights: Option<RowWeights>,
}

/// Evaluates on the held-out rows; `None` where the recipe holds nothing out.
pub(super) fn evaluate(
    recipe: &Recipe,
    loaded: &Loaded,
    synthetic: &SyntheticRows<'_>,
    sink: &Sink<'_>,
) -> Result<Option<Judged>, Error> {
    if loaded.dataset.held_out().is_none() {
        return Ok(None);
    }
    let (mut built, said) = learners(recipe)?;
    let advanced = |phase: Phase, progress: eval::Progress<'_>| {
        let eval::Progress { done, total, what } = progress;
        sink(Event::Advanced { phase, done: done as u64, total: total as u64, what: what.to_owned() });
    };
    let mut tuned = Vec::new();
    if recipe.evaluate.tune {
        sink(Event::Started(Phase::Tune));
    }
    for (name, learner) in built.iter_mut().filter(|_| recipe.evaluate.tune) {
        let tried = |progress: eval::Progress<'_>| advanced(Phase::Tune, progress);
        let found = eval::tune(name, learner.as_ref(), loaded.dataset.train(), recipe.seed, &tried);
        tuned.push(found.note);
        if let Some(better) = found.learner {
            *learner = better;
        }
    }
    let learners: Vec<(&str, &dyn Learner)> = built.iter().map(|(name, l)| (*name, l.as_ref())).collect();
    let inputs = EvaluationInputs {
        dataset: &loaded.dataset,
        held_out_name: &loaded.held_out_name,
        synthetic,
        learners: &learners,
        seed: recipe.seed,
        goal: Goal::parse(&recipe.evaluate.goal, loaded.dataset.labels())?,
        n_resamples: recipe.evaluate.resamples,
    };
    if recipe.evaluate.tune {
        sink(Event::Finished(Phase::Tune));
    }
    sink(Event::Started(Phase::Evaluate));
    let (mut evaluation, saved) = eval::evaluate_and_save(&inputs, &|progress| advanced(Phase::Evaluate, progress))?;
    sink(Event::Finished(Phase::Evaluate));
    evaluation.notes.extend(said.into_iter().chain(tuned));
    if let Some((name, _)) = built.first().filter(|(_, learner)| learner.needs().is_some()) {
        evaluation.notes.push(format!(
            "No model is kept for `equipoise predict`: `{name}` works with files that are not part of the run. Name another learner first."
        ));
    }
    let Saved { model, weights } = saved.unwrap_or(Saved { model: None, weights: None });
    Ok(Some(Judged { evaluation, model, weights }))
}

/// The settings that a recipe has for an item.
pub(super) fn settings(tables: &BTreeMap<String, toml::Table>, item: &'static str) -> Result<Settings, SettingsError> {
    let Some(table) = tables.get(item) else { return Ok(Settings::new()) };
    match serde_json::to_value(table) {
        Ok(serde_json::Value::Object(settings)) => Ok(settings),
        Ok(_) => Ok(Settings::new()),
        Err(e) => Err(SettingsError::BadValue { item, message: e.to_string() }),
    }
}
