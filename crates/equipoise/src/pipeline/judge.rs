//! Judging: what the learners of a setup say of rows, on real rows that their models did not see.

use super::remembered::Remembered;
use crate::artefacts::Artefacts;
use crate::event::{Event, Phase};
use crate::fits::{FitError, OutsideFitter};
use crate::material::Features;
use crate::setup::Named;
use crate::{Error, Material, Setup, Work};
use equipoise_core::eval::{self, Design, Evaluation, EvaluationInputs, RowWeights, Saved};
use equipoise_core::learner::{FitJobs, Learner};
use equipoise_core::select::SyntheticRows;
use std::collections::BTreeMap;

/// The figures, and the verdict on them.
pub(super) const EVALUATION_FILE: &str = "evaluation.json";
/// The fitted model of `auto`, in the run folder.
pub(super) const MODEL_FILE: &str = "model.bin";

/// An evaluation, and the fitted model that it chose as the bytes of [`MODEL_FILE`].
pub(crate) struct Judged {
    pub(crate) evaluation: Evaluation,
    pub(crate) model: Option<Vec<u8>>,
    /// What each row weighs in it.
    pub(crate) weights: Option<RowWeights>,
}

impl Judged {
    /// Gives its files to `artefacts`.
    pub(super) fn write(&self, artefacts: &mut dyn Artefacts) -> Result<(), Error> {
        artefacts.json(EVALUATION_FILE, &self.evaluation)?;
        self.model.as_ref().map_or(Ok(()), |model| artefacts.bytes(MODEL_FILE, model))
    }
}

/// Evaluates on the held-out rows where they are enough, else on all real rows in turn.
pub(super) fn evaluate(
    setup: &Setup,
    material: &Material,
    synthetic: &SyntheticRows<'_>,
    features: Option<&Features>,
    work: &Work<'_>,
) -> Result<Judged, Error> {
    work.compute(|| evaluated(setup, material, synthetic, features, work))?
}

fn evaluated(
    setup: &Setup,
    material: &Material,
    synthetic: &SyntheticRows<'_>,
    features: Option<&Features>,
    work: &Work<'_>,
) -> Result<Judged, Error> {
    let goal = setup.goal(material.dataset.labels())?;
    let priors = setup.priors(material.dataset.labels())?;
    let given = features.map(|features| setup.learners.given(setup.recipe(), features.shared())).transpose()?;
    let named = match &given {
        Some(given) => given.as_slice(),
        None => setup.learners.of(material.dataset.train()),
    };
    let _remembered = Remembered::recall(named, setup.fits_folder.as_deref());
    let (tuned, tuning_notes) = match setup.tunes {
        true => work.phase(Phase::Tune, || tune(named, setup, material, work)),
        false => Default::default(),
    };
    let jobs = FitJobs::default();
    let outside = setup.outside();
    let outer = outside.as_deref().map(|outside| (outside, jobs.learner()));
    // Beside models that are fitted outside only learners that were asked for take part.
    let takes_own = outer.is_none() || given.is_some() || setup.learners.are_named(setup.recipe());
    let own = named.iter().map(|(name, learner)| (*name, tuned.get(name).unwrap_or(learner).as_ref()));
    let first = outer.iter().map(|(outside, learner)| (outside.name(), learner as &dyn Learner));
    let learners: Vec<(&str, &dyn Learner)> = first.chain(own.filter(|_| takes_own)).collect();
    let (design, n_repeats) = setup.judging(material, Design::of(&material.dataset, synthetic));
    let inputs = EvaluationInputs {
        dataset: &material.dataset,
        design,
        n_repeats,
        held_out_name: &material.held_out_name,
        groups: material.groups.as_ref(),
        synthetic,
        learners: &learners,
        seed: setup.seed,
        arms: &setup.arms,
        priors: &priors,
        goal,
        n_resamples: setup.n_resamples,
    };
    let left = tempfile::tempdir().map_err(|source| FitError::Folder { path: std::env::temp_dir(), source })?;
    let folder = setup.fits_folder.as_deref().unwrap_or(left.path());
    let mut fitter = OutsideFitter::new(outside.as_deref(), folder, material.dataset.labels().names(), work);
    let (mut evaluation, saved) = work.phase(Phase::Evaluate, || {
        let progress = |progress: eval::Progress<'_>| advanced(work, Phase::Evaluate, progress);
        eval::evaluate_elsewhere(&inputs, &jobs, &mut fitter, &progress)
    })?;
    evaluation.notes.extend(outside.iter().map(|outside| outside.note()));
    evaluation.notes.extend(setup.learners.notes.iter().cloned().chain(tuning_notes));
    if let Some((name, _)) = named.first().filter(|(_, learner)| outer.is_none() && learner.needs().is_some()) {
        evaluation.notes.push(format!(
            "No model is kept to predict with: `{name}` works with files that are not part of the run. Name another learner first."
        ));
    }
    evaluation.notes.extend(setup.learners.told(material.dataset.train()).filter(|_| given.is_none()));
    evaluation.notes.extend(given.is_some().then(|| OWN_TEXTS.to_owned()));
    let Saved { model, weights } = saved.unwrap_or(Saved { model: None, weights: None });
    Ok(Judged { evaluation, model, weights })
}

/// What a reader has to know where the learner has vectors for the rows' own texts alone.
const OWN_TEXTS: &str = "The features come with the rows, so ways of training that write texts of their own are omitted, and no model is kept for \
                         `equipoise predict`.";

/// The learners that a search found better settings for, and what was tried.
fn tune(
    learners: &[Named],
    setup: &Setup,
    material: &Material,
    work: &Work<'_>,
) -> (BTreeMap<&'static str, Box<dyn Learner>>, Vec<String>) {
    let (mut better, mut notes) = (BTreeMap::new(), Vec::new());
    for (name, learner) in learners {
        let tried = |progress: eval::Progress<'_>| advanced(work, Phase::Tune, progress);
        let found = eval::tune(name, learner.as_ref(), material.dataset.train(), setup.seed, &tried);
        notes.push(found.note);
        better.extend(found.learner.map(|learner| (*name, learner)));
    }
    (better, notes)
}

pub(super) fn advanced(work: &Work<'_>, phase: Phase, progress: eval::Progress<'_>) {
    work.checkpoint();
    let eval::Progress { done, total, what } = progress;
    work.tell(Event::Advanced { phase, done: done as u64, total: total as u64, what: what.to_owned() });
}
