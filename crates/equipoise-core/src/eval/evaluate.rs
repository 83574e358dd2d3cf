//! From a data set and synthetic rows to every arm's figures on held-out rows.

use super::changed::{ChangedRows, changed_rows};
use super::collect::Case;
use super::curves::{DoseFits, LearningFits, Ruler};
use super::faults::faults;
use super::figures::{Figures, Predictions};
use super::held::Held;
use super::inputs::{EvaluationError, EvaluationInputs, Progress};
use super::notes::notes;
use super::patterns::Patterns;
use super::precision_recall::{PrecisionRecall, precision_recall};
use super::prior_shift::{PriorShift, in_words, prior_shifts};
use super::probations::probations;
use super::results::{arm_result, contrasts};
use super::row_value::row_values;
use super::train::{Saved, Trained};
use super::types::{Analysis, ArmResult, Contrast, Evaluation, HeldOutSummary, SyntheticSummary, TrainSummary};
use super::verdict::{Design, Fault, Verdict, verdict};
use super::words::disagreement;
use crate::arm::{Arm, ArmEntry, ArmSet, Choice, Context, FOLDS, Fits, Goal, NONE, Pool, SYNTHETIC};
use crate::data::{HeldOut, LabelId, Labels, TrainView};
use crate::generator::Candidate;
use crate::learner::{Learner, most_probable, usual};
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
    let (settled, held_out) = settle(inputs, progress)?;
    settled.judge(inputs, held_out)
}

/// As [`evaluate`], with the arm that the verdict recommends; `None` where it was not fitted.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_and_save(
    inputs: &EvaluationInputs<'_>,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<(Evaluation, Option<Saved>), EvaluationError> {
    let (settled, held_out) = settle(inputs, progress)?;
    let evaluation = settled.judge(inputs, held_out)?;
    let saved = settled.trained.first().zip(inputs.learners.first()).and_then(|(trained, learner)| {
        let labels = settled.train.labels();
        trained.saved(&evaluation.verdict.arm, &settled.pool, (inputs.arms, *learner), labels, settled.seed)
    });
    Ok((evaluation, saved))
}

/// Everything that is decided before a held-out row is read.
struct Settled<'a> {
    train: TrainView<'a>,
    pool: Pool<'a>,
    /// Labels with synthetic rows that are there to raise them.
    raised: Vec<LabelId>,
    /// By learner.
    trained: Vec<Trained>,
    faults: Vec<Fault>,
    curves: Option<Curves>,
    patterns: Patterns,
    seed: Seed,
}

fn settle<'a>(
    inputs: &EvaluationInputs<'a>,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<(Settled<'a>, HeldOut<'a>), EvaluationError> {
    let train = inputs.dataset.train();
    let held_out = inputs.dataset.held_out().filter(|h| !h.is_empty()).ok_or(EvaluationError::NothingHeldOut)?;
    let first = *inputs.learners.first().ok_or(EvaluationError::NoLearner)?;
    let (synthetic, arms, labels) = (inputs.synthetic, inputs.arms, train.labels());
    let pool = Pool { author: synthetic.author, ..Pool::new(train, &synthetic.naive, &synthetic.kept)? };
    let seed = Seed::new(inputs.seed).child("evaluate");
    let crossed = cross_validated(arms, &pool, inputs.goal);
    let n_fits = |(entry, arm): (&ArmEntry, &dyn Arm)| {
        let times = 1 + if crossed.contains(&entry.item.name) { FOLDS } else { 0 };
        times * arm.n_fits(&pool)
    };
    let draws_curves = !pool.kept.is_empty() && arms.fits() == Fits::All && !first.1.fits_elsewhere();
    let n_curve_fits = if draws_curves { DoseFits::N_FITS + LearningFits::N_FITS } else { 0 };
    let total = inputs.learners.len() * arms.iter().map(n_fits).sum::<usize>() + n_curve_fits;
    let done = AtomicUsize::new(0);
    let fitted = |what: &str| progress(Progress { done: done.fetch_add(1, Ordering::Relaxed) + 1, total, what });
    let train_one = |(name, learner): &(&str, &dyn Learner)| {
        let on_fit = || fitted(name);
        let seed = seed.child(name);
        let context = Context::new(pool.clone(), *learner).with_arms(arms).with_goal(inputs.goal);
        let context = context.with_priors(inputs.priors).with_progress(&on_fit);
        let context = context.cross_validated(&crossed, seed.child("cross_validation"));
        Trained::new(&context, arms, labels, seed)
    };
    let trained = inputs.learners.iter().map(train_one).collect();
    let raised = raised(&pool, labels, &synthetic.style_control);
    // Words show a wrong label as well, and cost no fit elsewhere.
    let words = usual();
    let reader = if first.1.fits_elsewhere() { words.as_ref() } else { first.1 };
    let faults = faults(&pool, reader, seed.child("faults"));
    let on_fit = || fitted(first.0);
    let curves = match draws_curves {
        true => Some(Curves::train(inputs, &pool, &raised, &on_fit, seed.child("curves"))?),
        false => None,
    };
    let patterns = Patterns::of(&pool, labels, seed.child("patterns"));
    Ok((Settled { train, pool, raised, trained, faults, curves, patterns, seed }, held_out))
}

impl Settled<'_> {
    /// Reads the held-out rows.
    fn judge(&self, inputs: &EvaluationInputs<'_>, held_out: HeldOut<'_>) -> Result<Evaluation, EvaluationError> {
        let (labels, synthetic) = (self.train.labels(), inputs.synthetic);
        let held = Held::open(held_out, self.train);
        let strata = held.truth.iter().map(|label| label.index());
        let resamples = Resamples::new(strata, inputs.n_resamples, self.seed.child("resamples"));
        let focus: Vec<LabelId> = self.raised.iter().copied().filter(|l| held.truth.contains(l)).collect();
        let mut said = Said::default();
        for ((learner, _), trained) in inputs.learners.iter().zip(&self.trained) {
            let of = |fit: &crate::arm::Fitted| fit.probabilities(&held.texts);
            let probabilities: Vec<Vec<f64>> = trained.fits.par_iter().map(of).collect();
            let predicted: Vec<Vec<LabelId>> = probabilities.iter().map(|p| most_probable(p, labels.len())).collect();
            let (truth, n_labels) = (held.truth.as_slice(), labels.len());
            let rows = Predictions { truth, probabilities: &probabilities, predicted: &predicted, n_labels };
            let figures = Figures::new(rows, inputs.goal, focus.clone(), &resamples);
            if said.arms.is_empty() {
                said.notes.extend(notes(labels, &held, &held_out.fingerprints(), synthetic, &figures));
                said.notes.extend(inputs.arms.iter().flat_map(|(_, arm)| arm.notes(&self.pool, labels)));
                let texts = trained.choice.as_ref().and_then(|choice| choice.texts);
                let shares = (self.train.counts(), inputs.priors);
                said.prior_shifts = prior_shifts(&trained.arms, texts, &figures, labels, (&shares.0, shares.1));
                said.notes.extend(in_words(&said.prior_shifts));
            }
            said.arms.extend(trained.arms.iter().map(|arm| arm_result(arm, learner, labels, &figures)));
            said.contrasts.extend(contrasts(&trained.arms, learner, labels, &figures));
            let verdict = self.verdict(inputs, trained, &figures);
            if let (None, Some(judged)) = (&said.verdict, &verdict.judged) {
                said.changed = changed_rows(&rows, &trained.arms, &judged.arm, learner, labels);
                said.curves = precision_recall(&rows, &trained.arms, (judged, learner), &focus, labels);
            }
            said.hear(learner, verdict, trained.choice.as_ref());
        }
        let ruler = Ruler {
            texts: &held.texts,
            truth: &held.truth,
            focus: &focus,
            n_labels: labels.len(),
            resamples: &resamples,
        };
        let counts = labels.names().iter().cloned().zip(self.train.counts()).collect();
        Ok(Evaluation {
            schema: 1,
            seed: inputs.seed,
            design: Design::HeldOut,
            train: TrainSummary { n: self.train.len(), labels: counts },
            held_out: HeldOutSummary {
                n: held.truth.len(),
                name: inputs.held_out_name.to_owned(),
                n_also_train: held.n_also_train,
            },
            synthetic: SyntheticSummary { n_candidates: synthetic.n_candidates, n_kept: synthetic.kept.len() },
            arms: said.arms,
            contrasts: said.contrasts,
            verdict: said.verdict.ok_or(EvaluationError::NoLearner)?,
            prior_shifts: said.prior_shifts,
            analysis: Analysis {
                changed: said.changed,
                precision_recall: said.curves,
                ..self.analysis(&ruler, &held, labels)
            },
            notes: said.notes,
        })
    }

    fn verdict(&self, inputs: &EvaluationInputs<'_>, trained: &Trained, figures: &Figures<'_>) -> Verdict {
        let (n_real, n_made) = (self.pool.counts(&self.pool.real), self.pool.counts(&self.pool.kept));
        let case = Case {
            design: Design::HeldOut,
            labels: self.train.labels(),
            raised: &self.raised,
            n_candidates: inputs.synthetic.n_candidates,
            n_kept: inputs.synthetic.kept.len(),
            n_real: &n_real,
            n_made: &n_made,
            faults: &self.faults,
            goal: inputs.goal,
            arms: &trained.arms,
            taken: trained.taken(),
            texts: trained.choice.as_ref().and_then(|choice| choice.texts),
        };
        verdict(&case.evidence(figures))
    }

    fn analysis(&self, ruler: &Ruler<'_>, held: &Held<'_>, labels: &Labels) -> Analysis {
        let curves = self.curves.as_ref();
        let fits = self.trained.first().and_then(|t| Some([t.fit_of(SYNTHETIC)?, t.fit_of(NONE)?]));
        let seed = self.seed.child("reliance");
        let reliance = fits.map_or_else(Vec::new, |fits| self.patterns.reliance(held, fits, labels, seed));
        Analysis {
            dose: curves.and_then(|c| c.dose.as_ref()?.measure(ruler)),
            learning_curve: curves.and_then(|c| c.learning.as_ref()?.measure(ruler)),
            patterns: self.patterns.labels.clone(),
            reliance,
            probation: probations(&self.pool, labels, self.seed.child("probation")),
            row_values: row_values(&self.pool, labels, self.seed.child("row_values")),
            ..Analysis::default()
        }
    }
}

/// The arms that some arm wants cross-validated, in the order of the catalog.
fn cross_validated(arms: &ArmSet, pool: &Pool<'_>, goal: Goal) -> Vec<&'static str> {
    let asked = |name: &str| arms.iter().any(|(_, arm)| arm.cross_validates().contains(&name));
    let wanted = |name: &str| asked(name) && arms.fits().crosses(name, pool, goal);
    arms.iter().map(|(entry, _)| entry.item.name).filter(|name| wanted(name)).collect()
}

/// The models of the curves, before a held-out row is read.
struct Curves {
    dose: Option<DoseFits>,
    learning: Option<LearningFits>,
}

impl Curves {
    /// With the first learner.
    fn train(
        inputs: &EvaluationInputs<'_>,
        pool: &Pool<'_>,
        raised: &[LabelId],
        on_fit: &(dyn Fn() + Sync),
        seed: Seed,
    ) -> Result<Self, EvaluationError> {
        let learner = inputs.learners.first().ok_or(EvaluationError::NoLearner)?.1;
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
    verdict: Option<Verdict>,
    prior_shifts: Vec<PriorShift>,
    changed: Option<ChangedRows>,
    curves: Vec<PrecisionRecall>,
    notes: Vec<String>,
}

impl Said {
    fn hear(&mut self, learner: &str, verdict: Verdict, choice: Option<&Choice>) {
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
