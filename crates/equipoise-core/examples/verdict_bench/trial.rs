//! One trial: every arm trained, and read on the test rows.

use crate::Fault;
use crate::data::Cell;
use equipoise_core::arm::{Arm, ArmOutput, CATALOG, Context};
use equipoise_core::catalog::{Settings, find};
use equipoise_core::data::LabelId;
use equipoise_core::learner;
use equipoise_core::rng::Seed;
use rayon::prelude::*;

/// What every arm predicts for the test rows of a cell.
pub(crate) struct Trial {
    pub(crate) truth: Vec<LabelId>,
    pub(crate) n_labels: usize,
    /// By arm, in the order of the catalog.
    pub(crate) predicted: Vec<(&'static str, Vec<LabelId>)>,
    /// What `auto` took, and why.
    pub(crate) taken: Option<(&'static str, String)>,
}

/// Trains every arm on the cell.
pub(crate) fn run(cell: &Cell, learner: &str, sources: bool, seed: u64) -> Result<Trial, Fault> {
    run_arms(cell, learner, sources, seed, &|_| true)
}

/// Trains the arms of the cell that `wanted` names.
pub(crate) fn run_arms(
    cell: &Cell,
    learner: &str,
    sources: bool,
    seed: u64,
    wanted: &dyn Fn(&str) -> bool,
) -> Result<Trial, Fault> {
    let seed = Seed::new(seed).child("bench");
    let learner = find(learner::CATALOG, "learner", learner)?.build(&Settings::new())?;
    let arms: Vec<(&'static str, Box<dyn Arm>)> = CATALOG
        .iter()
        .map(|arm| &arm.item)
        .filter(|e| wanted(e.name))
        .filter_map(|e| Some((e.name, e.build(&Settings::new()).ok()?)))
        .collect();
    let is_crossed = |name: &str| arms.iter().any(|(_, arm)| arm.cross_validates().contains(&name));
    let crossed: Vec<&'static str> = arms.iter().map(|(name, _)| *name).filter(|name| is_crossed(name)).collect();
    let context = Context::new(cell.pool(sources), &*learner).cross_validated(&crossed, seed.child("folds"));
    let texts: Vec<&str> = cell.test.iter().map(|r| r.0.as_str()).collect();
    let made: Vec<_> = arms
        .par_iter()
        .filter_map(|(name, arm)| {
            let made = arm.make(&context, seed.child(name))?;
            let predicted = match &made {
                ArmOutput::Recipe(recipe) => Some(context.fit(recipe).predict(&texts)),
                ArmOutput::Choice(_) => None,
            };
            Some((*name, made, predicted))
        })
        .collect();
    let mut trial = Trial {
        truth: cell.test.iter().map(|r| cell.labels.id(&r.1).ok_or("a label")).collect::<Result<_, _>>()?,
        n_labels: cell.labels.len(),
        predicted: vec![],
        taken: None,
    };
    for (name, made, predicted) in made {
        match (made, predicted) {
            (_, Some(predicted)) => trial.predicted.push((name, predicted)),
            (ArmOutput::Choice(choice), None) => {
                let chosen = trial.predicted.iter().find(|p| p.0 == choice.arm).ok_or("a chosen arm was fitted")?;
                trial.predicted.push((name, chosen.1.clone()));
                trial.taken = Some((choice.arm, choice.reason));
            }
            (ArmOutput::Recipe(_), None) => {}
        }
    }
    Ok(trial)
}
