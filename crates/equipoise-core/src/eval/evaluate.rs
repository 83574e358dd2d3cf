//! From a data set and synthetic rows to every arm's figures.

use super::faults::faults;
use super::figures::Figures;
use super::held::Held;
use super::inputs::{EvaluationError, EvaluationInputs, Progress};
use super::notes::notes;
use super::results::{FittedArm, arm_result, contrasts};
use super::scores::Scores;
use super::types::{ArmResult, Contrast, Evaluation, HeldOutSummary, SyntheticSummary, TrainSummary};
use super::verdict::{Case, verdict};
use super::verdict_types::VerdictInWords;
use super::words::disagreement;
use crate::arm::{Arm, CATALOG, Choice, Context, FOLDS, Fitted, Made, Pool};
use crate::catalog::Settings;
use crate::data::LabelId;
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
    let train = inputs.dataset.train();
    let held_out = inputs.dataset.held_out().filter(|h| !h.is_empty()).ok_or(EvaluationError::NothingHeldOut)?;
    let synthetic = inputs.synthetic;
    let pool = Pool::new(train, &synthetic.naive, &synthetic.kept)?;
    let seed = Seed::new(inputs.seed).child("evaluate");

    let arms: Vec<(&'static str, Box<dyn Arm>)> =
        CATALOG.iter().filter_map(|e| e.build(&Settings::new()).ok().map(|arm| (e.name, arm))).collect();
    let crossed = cross_validated(&arms);
    let n_fits = |(name, arm): &(&str, Box<dyn Arm>)| {
        let times = 1 + if crossed.contains(name) { FOLDS } else { 0 };
        times * arm.n_fits(&pool)
    };
    let total = inputs.learners.len() * arms.iter().map(n_fits).sum::<usize>();
    let done = AtomicUsize::new(0);
    let train_one = |(name, learner): &(&str, &dyn Learner)| {
        let on_fit = || progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, total, what: name });
        let seed = seed.child(name);
        let context = Context::new(pool.clone(), *learner).with_goal(inputs.goal).with_progress(&on_fit);
        train_arms(&context.cross_validated(&crossed, seed.child("cross_validation")), &arms, seed)
    };
    let trained: Vec<Trained> = inputs.learners.iter().map(train_one).collect();
    let faults = inputs.learners.first().map_or_else(Vec::new, |l| faults(&pool, l.1, seed.child("faults")));

    let held = Held::open(held_out, train);
    let labels = train.labels();
    let resamples = Resamples::new(held.truth.iter().map(|l| l.index()), inputs.n_resamples, seed.child("resamples"));
    let raised = raised(&pool);
    let focus: Vec<LabelId> = raised.iter().copied().filter(|l| held.truth.contains(l)).collect();

    let (n_real, n_made) = (pool.counts(&pool.real), pool.counts(&pool.kept));
    let mut said = Said::default();
    for ((learner, _), trained) in inputs.learners.iter().zip(&trained) {
        let probabilities: Vec<Vec<f64>> = trained.fits.par_iter().map(|fit| fit.probabilities(&held.texts)).collect();
        let predicted: Vec<Vec<LabelId>> = probabilities.iter().map(|p| most_probable(p, labels.len())).collect();
        let figures = Figures::new(&held.truth, &predicted, labels.len(), focus.clone(), &resamples)
            .expect("the metric catalog holds the five metrics of the evaluation");
        let scores = Scores::new(&held.truth, &probabilities, labels.len(), &resamples)
            .expect("the metric catalog holds the three probability metrics of the evaluation");
        if said.arms.is_empty() {
            said.notes.extend(notes(labels, &held, &held_out.fingerprints(), synthetic, &figures));
        }
        said.arms.extend(trained.arms.iter().map(|arm| arm_result(arm, learner, labels, &figures, &scores)));
        said.contrasts.extend(contrasts(&trained.arms, learner, labels, &figures, &scores));
        let case = Case {
            labels,
            raised: &raised,
            n_candidates: synthetic.n_candidates,
            n_kept: synthetic.kept.len(),
            n_real: &n_real,
            n_made: &n_made,
            faults: &faults,
            figures: &figures,
            scores: &scores,
            arms: &trained.arms,
            chosen: trained.choice.as_ref().map_or("none", |c| c.arm),
        };
        said.hear(learner, verdict(&case), trained.choice.as_ref());
    }

    let counts = labels.names().iter().cloned().zip(train.counts()).collect();
    Ok(Evaluation {
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
        notes: said.notes,
    })
}

/// The arms that some arm wants cross-validated, in the order of the catalog.
fn cross_validated(arms: &[(&'static str, Box<dyn Arm>)]) -> Vec<&'static str> {
    let wanted = |name: &str| arms.iter().any(|(_, arm)| arm.cross_validates().contains(&name));
    arms.iter().map(|(name, _)| *name).filter(|name| wanted(name)).collect()
}

/// One learner's arms, before a held-out row is read.
struct Trained {
    arms: Vec<FittedArm>,
    fits: Vec<Fitted>,
    choice: Option<Choice>,
}

fn train_arms(context: &Context<'_>, arms: &[(&'static str, Box<dyn Arm>)], seed: Seed) -> Trained {
    let train = |(name, arm): &(&'static str, Box<dyn Arm>)| {
        let made = arm.make(context, seed.child(&format!("arm/{name}")))?;
        let fit = if let Made::Recipe(recipe) = &made { Some(context.fit(recipe)) } else { None };
        Some((*name, made, fit))
    };
    let made: Vec<_> = arms.par_iter().filter_map(train).collect();
    let mut trained = Trained { arms: vec![], fits: vec![], choice: None };
    let mut choosers = Vec::new();
    for (name, made, fit) in made {
        match (made, fit) {
            (Made::Recipe(recipe), Some(fit)) => {
                let (n_real, n_synthetic) = recipe.size();
                trained.arms.push(FittedArm {
                    name,
                    n_real,
                    n_synthetic,
                    fit: trained.fits.len(),
                    chosen: false,
                    cv_score: None,
                });
                trained.fits.push(fit);
            }
            (Made::Choice(choice), _) => choosers.push((name, choice)),
            (Made::Recipe(_), None) => {}
        }
    }
    for (name, choice) in choosers {
        for (arm, score) in &choice.scores {
            trained.arms.iter_mut().filter(|a| a.name == *arm).for_each(|a| a.cv_score.clone_from(score));
        }
        if let Some(arm) = trained.arms.iter_mut().find(|a| a.name == choice.arm) {
            arm.chosen = true;
            let same = FittedArm { name, chosen: false, cv_score: arm.cv_score.clone(), ..*arm };
            trained.arms.push(same);
        }
        trained.choice = Some(choice);
    }
    trained
}

/// Labels with synthetic rows: kept ones, or any where none was kept.
fn raised(pool: &Pool<'_>) -> Vec<LabelId> {
    let counts = pool.counts(if pool.kept.is_empty() { &pool.naive } else { &pool.kept });
    (0..pool.n_labels).map(|i| LabelId(i as u16)).filter(|l| counts[l.index()] > 0).collect()
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
