//! From a data set and synthetic rows to every arm's figures.

use super::curves::{DoseFits, LearningFits, Ruler};
use super::faults::faults;
use super::figures::{Figures, Predictions};
use super::held::Held;
use super::inputs::{EvaluationError, EvaluationInputs, Progress};
use super::leak::leaks;
use super::notes::notes;
use super::results::{FittedArm, arm_result, contrasts};
use super::row_value::row_values;
use super::row_weights::RowWeights;
use super::save::{Chosen, save};
use super::types::{Analysis, ArmResult, Contrast, Evaluation, HeldOutSummary, SyntheticSummary, TrainSummary};
use super::verdict::{Case, verdict};
use super::verdict_types::VerdictInWords;
use super::words::disagreement;
use crate::arm::{Arm, ArmEntry, ArmSet, Choice, Context, FOLDS, Fitted, Made, NONE, Pool, Recipe};
use crate::data::{LabelId, Labels};
use crate::generator::Candidate;
use crate::learner::{Learner, most_probable};
use crate::rng::Seed;
use crate::stats::Resamples;
use rayon::prelude::*;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Trains every arm with every learner on the training rows and sets them side by side on the held-out rows.
///
/// Every choice — folds, points, duplicates, what `auto` takes — is made and every model fitted before a held-out row is read. All
/// arms are judged on the same resamples. `progress` is called from any thread after each model; `done` may come out of order.
///
/// # Errors
/// [`EvaluationError`]: no held-out rows, no learner, or a synthetic row of a label that no training row has.
pub fn evaluate(
    inputs: &EvaluationInputs<'_>,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Evaluation, EvaluationError> {
    evaluate_and_keep(inputs, progress, false).map(|(evaluation, _)| evaluation)
}

/// What `auto` chose with the first learner.
#[derive(Debug, Clone, PartialEq)]
pub struct Saved {
    /// The bytes of the [`crate::learner::Classifier`], calibrated on the training rows; `None` where it cannot be saved.
    pub model: Option<Vec<u8>>,
    /// What each row weighs in it.
    pub weights: Option<RowWeights>,
}

/// As [`evaluate`], with what was chosen; `None` where nothing was.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_and_save(
    inputs: &EvaluationInputs<'_>,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<(Evaluation, Option<Saved>), EvaluationError> {
    evaluate_and_keep(inputs, progress, true)
}

fn evaluate_and_keep(
    inputs: &EvaluationInputs<'_>,
    progress: &(dyn Fn(Progress<'_>) + Sync),
    keep: bool,
) -> Result<(Evaluation, Option<Saved>), EvaluationError> {
    let train = inputs.dataset.train();
    let held_out = inputs.dataset.held_out().filter(|h| !h.is_empty()).ok_or(EvaluationError::NothingHeldOut)?;
    let synthetic = inputs.synthetic;
    let pool = Pool { author: synthetic.author, ..Pool::new(train, &synthetic.naive, &synthetic.kept)? };
    let labels = train.labels();
    let seed = Seed::new(inputs.seed).child("evaluate");

    let arms = inputs.arms;
    let crossed = cross_validated(arms);
    let n_fits = |(entry, arm): (&ArmEntry, &dyn Arm)| {
        let times = 1 + if crossed.contains(&entry.item.name) { FOLDS } else { 0 };
        times * arm.n_fits(&pool)
    };
    let raised = raised(&pool, labels, &synthetic.style_control);
    let n_curve_fits = if pool.kept.is_empty() { 0 } else { DoseFits::N_FITS + LearningFits::N_FITS };
    let total = inputs.learners.len() * arms.iter().map(n_fits).sum::<usize>() + n_curve_fits;
    let done = AtomicUsize::new(0);
    let train_one = |(name, learner): &(&str, &dyn Learner)| {
        let on_fit = || progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, total, what: name });
        let seed = seed.child(name);
        let context =
            Context::new(pool.clone(), *learner).with_arms(arms).with_goal(inputs.goal).with_progress(&on_fit);
        train_arms(&context.cross_validated(&crossed, seed.child("cross_validation")), arms, labels, seed)
    };
    let trained: Vec<Trained> = inputs.learners.iter().map(train_one).collect();
    let faults = inputs.learners.first().map_or_else(Vec::new, |l| faults(&pool, l.1, seed.child("faults")));
    let curves = inputs.learners.first().filter(|_| !pool.kept.is_empty()).map(|(name, learner)| {
        let on_fit = || progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, total, what: name });
        Curves::train(inputs, &pool, *learner, &raised, &on_fit, seed.child("curves"))
    });
    let curves = curves.transpose()?;
    let saved = trained.first().filter(|_| keep).and_then(|trained| {
        let chosen = trained.chosen(arms)?;
        let weights = trained.recipe.as_ref().and_then(|recipe| RowWeights::of(chosen.name, recipe, &pool));
        Some(Saved { model: save(&pool, inputs.learners[0], chosen, labels, seed), weights })
    });

    let held = Held::open(held_out, train);
    let resamples = Resamples::new(held.truth.iter().map(|l| l.index()), inputs.n_resamples, seed.child("resamples"));
    let focus: Vec<LabelId> = raised.iter().copied().filter(|l| held.truth.contains(l)).collect();

    let (n_real, n_made) = (pool.counts(&pool.real), pool.counts(&pool.kept));
    let mut said = Said::default();
    for ((learner, _), trained) in inputs.learners.iter().zip(&trained) {
        let probabilities: Vec<Vec<f64>> = trained.fits.par_iter().map(|fit| fit.probabilities(&held.texts)).collect();
        let predicted: Vec<Vec<LabelId>> = probabilities.iter().map(|p| most_probable(p, labels.len())).collect();
        let rows = Predictions {
            truth: &held.truth,
            probabilities: &probabilities,
            predicted: &predicted,
            n_labels: labels.len(),
        };
        let figures = Figures::new(rows, focus.clone(), &resamples);
        if said.arms.is_empty() {
            said.notes.extend(notes(labels, &held, &held_out.fingerprints(), synthetic, &figures));
            said.notes.extend(arms.iter().flat_map(|(_, arm)| arm.notes(&pool, labels)));
        }
        said.arms.extend(trained.arms.iter().map(|arm| arm_result(arm, learner, labels, &figures)));
        said.contrasts.extend(contrasts(&trained.arms, learner, labels, &figures));
        let case = Case {
            labels,
            raised: &raised,
            n_candidates: synthetic.n_candidates,
            n_kept: synthetic.kept.len(),
            n_real: &n_real,
            n_made: &n_made,
            faults: &faults,
            figures: &figures,
            arms: &trained.arms,
            chosen: trained.choice.as_ref().map_or(NONE, |c| c.arm),
        };
        said.hear(learner, verdict(&case), trained.choice.as_ref());
    }

    let ruler =
        Ruler { texts: &held.texts, truth: &held.truth, focus: &focus, n_labels: labels.len(), resamples: &resamples };
    let counts = labels.names().iter().cloned().zip(train.counts()).collect();
    let evaluation = Evaluation {
        schema: 1,
        seed: inputs.seed,
        train: TrainSummary { n: train.len(), labels: counts },
        held_out: HeldOutSummary {
            n: held.truth.len(),
            name: inputs.held_out_name.to_owned(),
            n_also_train: held.n_also_train,
        },
        synthetic: SyntheticSummary { n_candidates: synthetic.n_candidates, n_kept: synthetic.kept.len() },
        arms: said.arms,
        contrasts: said.contrasts,
        verdict: said.verdict.ok_or(EvaluationError::NoLearner)?,
        analysis: Analysis {
            dose: curves.as_ref().and_then(|c| c.dose.as_ref()?.measure(&ruler)),
            learning_curve: curves.as_ref().and_then(|c| c.learning.as_ref()?.measure(&ruler)),
            leaks: leaks(&pool, labels, seed.child("leak")),
            row_values: row_values(&pool, labels, seed.child("row_values")),
        },
        notes: said.notes,
    };
    Ok((evaluation, saved))
}

/// The arms that some arm wants cross-validated, in the order of the catalog.
fn cross_validated(arms: &ArmSet) -> Vec<&'static str> {
    let wanted = |name: &str| arms.iter().any(|(_, arm)| arm.cross_validates().contains(&name));
    arms.iter().map(|(entry, _)| entry.item.name).filter(|name| wanted(name)).collect()
}

/// The models of the curves, before a held-out row is read.
struct Curves {
    dose: Option<DoseFits>,
    learning: Option<LearningFits>,
}

impl Curves {
    fn train(
        inputs: &EvaluationInputs<'_>,
        pool: &Pool<'_>,
        learner: &dyn Learner,
        raised: &[LabelId],
        on_fit: &(dyn Fn() + Sync),
        seed: Seed,
    ) -> Result<Self, EvaluationError> {
        let synthetic = inputs.synthetic;
        let sound: Vec<&Candidate> = synthetic.kept.iter().chain(&synthetic.surplus).copied().collect();
        let wider = Pool::new(inputs.dataset.train(), &[], &sound)?;
        let context = Context::new(pool.clone(), learner).with_progress(on_fit);
        Ok(Curves {
            dose: DoseFits::train(wider, synthetic.kept.len(), learner, on_fit, seed.child("dose")),
            learning: LearningFits::train(&context, raised, seed.child("learning")),
        })
    }
}

/// One learner's arms, before a held-out row is read.
struct Trained {
    arms: Vec<FittedArm>,
    fits: Vec<Fitted>,
    choice: Option<Choice>,
    /// What the chosen arm was fitted on.
    recipe: Option<Recipe>,
    /// Out-of-fold probabilities of the training rows by the chosen arm, where they are at hand.
    out_of_fold: Option<Vec<f64>>,
}

impl Trained {
    fn chosen<'t>(&'t self, arms: &'t ArmSet) -> Option<Chosen<'t>> {
        let chosen = self.arms.iter().find(|arm| arm.chosen)?;
        let fit = self.fits.get(chosen.fit)?;
        let arm = arms.get(chosen.name()).ok()?;
        Some(Chosen { name: chosen.name(), arm, fit, out_of_fold: self.out_of_fold.as_deref() })
    }
}

fn train_arms(context: &Context<'_>, arms: &ArmSet, labels: &Labels, seed: Seed) -> Trained {
    let make = |(entry, arm): (&'static ArmEntry, &dyn Arm)| {
        let made = arm.make(context, seed.child(&format!("arm/{}", entry.item.name)))?;
        Some((entry, made))
    };
    let arms: Vec<(&'static ArmEntry, &dyn Arm)> = arms.iter().collect();
    let made: Vec<(&'static ArmEntry, Made)> = arms.into_par_iter().filter_map(make).collect();
    let fits = fit_once(context, &made);
    let mut trained = Trained { arms: vec![], fits: vec![], choice: None, recipe: None, out_of_fold: None };
    let mut recipes = Vec::new();
    let mut choosers = Vec::new();
    let mut unable = Vec::new();
    for ((entry, made), fit) in made.into_iter().zip(fits) {
        match (made, fit) {
            (Made::Recipe(recipe), Some(fit)) => {
                if fit.models.len() < recipe.parts.len() {
                    unable.push(entry.item.name);
                }
                let (n_real, n_synthetic) = recipe.size();
                trained.arms.push(FittedArm {
                    entry,
                    n_real,
                    n_synthetic,
                    fit: trained.fits.len(),
                    chosen: false,
                    cv_score: None,
                });
                trained.fits.push(fit);
                recipes.push(Some(recipe));
            }
            (Made::Choice(choice), _) => choosers.push((entry, choice)),
            (Made::Recipe(_), None) => {}
        }
    }
    for (entry, mut choice) in choosers {
        for (arm, score) in &choice.scores {
            trained.arms.iter_mut().filter(|a| a.name() == *arm).for_each(|a| a.cv_score.clone_from(score));
        }
        if let Some(arm) = trained.arms.iter_mut().find(|a| a.name() == choice.arm) {
            arm.chosen = true;
            trained.recipe = recipes.get_mut(arm.fit).and_then(Option::take);
            let same = FittedArm { entry, chosen: false, cv_score: arm.cv_score.clone(), ..*arm };
            trained.arms.push(same);
        }
        if let Some(fit) = trained.arms.iter().find(|a| a.chosen).and_then(|arm| trained.fits.get(arm.fit)) {
            choice.notes.extend(moved(choice.arm, &fit.shifts, labels));
        }
        choice.notes.extend(unable.contains(&choice.arm).then(|| {
            format!("This learner cannot adapt a model to other rows, so `{}` is its weighted half alone.", choice.arm)
        }));
        trained.out_of_fold = context.crossed().and_then(|c| c.probabilities(choice.arm)).map(<[f64]>::to_vec);
        trained.choice = Some(choice);
    }
    trained
}

/// Fits every recipe; recipes that differ in their thresholds alone share their models.
fn fit_once(context: &Context<'_>, made: &[(&'static ArmEntry, Made)]) -> Vec<Option<Fitted>> {
    let recipe = |at: usize| if let Made::Recipe(recipe) = &made[at].1 { Some(recipe) } else { None };
    let like = |at: usize| (0..at).find(|first| recipe(*first).map(|r| &r.parts) == recipe(at).map(|r| &r.parts));
    let like: Vec<Option<usize>> = (0..made.len()).map(like).collect();
    let fit = |at: usize| recipe(at).filter(|_| like[at].is_none()).map(|recipe| context.fit(recipe));
    let mut fits: Vec<Option<Fitted>> = (0..made.len()).into_par_iter().map(fit).collect();
    for at in 0..made.len() {
        if let (Some(first), Some(recipe)) = (like[at], recipe(at)) {
            fits[at] = fits[first].as_ref().map(|fit| fit.with_shifts(recipe.shifts.clone()));
        }
    }
    fits
}

/// How far the thresholds of an arm are moved, the furthest label first.
fn moved(arm: &str, shifts: &[f64], labels: &Labels) -> Option<String> {
    let mut moved: Vec<(&str, f64)> = labels.names().iter().map(String::as_str).zip(shifts.iter().copied()).collect();
    let middle = shifts.iter().sum::<f64>() / shifts.len().max(1) as f64;
    moved.sort_by(|a, b| (b.1 - middle).abs().total_cmp(&(a.1 - middle).abs()));
    let each: Vec<String> = moved.iter().map(|(label, shift)| format!("{label} {:+.2}", shift - middle)).collect();
    (!each.is_empty()).then(|| format!("`{arm}` adds to the log probabilities of the labels: {}.", each.join(", ")))
}

/// Labels with synthetic rows that are there to raise them: kept ones, or any where none was kept.
fn raised(pool: &Pool<'_>, labels: &Labels, style_control: &[String]) -> Vec<LabelId> {
    let counts = pool.counts(if pool.kept.is_empty() { &pool.naive } else { &pool.kept });
    (0..pool.n_labels)
        .map(|i| LabelId(i as u16))
        .filter(|l| counts[l.index()] > 0 && !style_control.contains(&labels.name(*l).to_owned()))
        .collect()
}

/// What the learners said, in turn.
#[derive(Default)]
struct Said {
    arms: Vec<ArmResult>,
    contrasts: Vec<Contrast>,
    verdict: Option<VerdictInWords>,
    notes: Vec<String>,
}

impl Said {
    fn hear(&mut self, learner: &str, verdict: VerdictInWords, choice: Option<&Choice>) {
        if let Some(choice) = choice {
            self.notes.push(format!("`auto` with `{learner}`: {}", choice.reason));
            for note in &choice.notes {
                if !self.notes.contains(note) {
                    self.notes.push(note.clone());
                }
            }
        }
        match &self.verdict {
            None => self.verdict = Some(verdict),
            Some(first) => self.notes.extend(disagreement(first, learner, &verdict)),
        }
    }
}
