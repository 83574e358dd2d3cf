//! From a data set and synthetic rows to every arm's figures on real rows that took no part in any choice.

use super::curves::{Curves, DRAWS, FoldCurves, Ruler};
use super::drawn::Drawn;
use super::figures::{Figures, Predictions};
use super::folded::{FOLDS, Folded, Folding};
use super::held::Held;
use super::inputs::{EvaluationError, EvaluationInputs, Progress};
use super::notes;
use super::patterns::Models;
use super::pooled::Pooled;
use super::probations::probations;
use super::row_value::row_values;
use super::said::Said;
use super::settled::{Counter, Extent, Settled, draws_curves, pool, wider};
use super::train::{Saved, Trained};
use super::types::{Analysis, Evaluation, HeldOutSummary};
use super::verdict::Design;
use crate::data::{Dataset, HeldOut, LabelId, RowId};
use crate::learner::most_probable;
use crate::stats::Resamples;

/// Trains every arm with every learner and sets them side by side on real rows: on those that are held out, or on all in turn, as
/// [`EvaluationInputs::design`] says.
///
/// Every choice — folds, points, duplicates, what `auto` takes — is made and every model fitted before a row is read that it is judged on.
/// All arms are judged on the same resamples. `progress` is called from any thread after each model; `done` may come out of order.
///
/// # Errors
/// [`EvaluationError`]: no rows to judge on, no learner, or a synthetic row of a label that no training row has.
pub fn evaluate(
    inputs: &EvaluationInputs<'_>,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<Evaluation, EvaluationError> {
    evaluate_and_save(inputs, progress).map(|(evaluation, _)| evaluation)
}

/// As [`evaluate`], with the arm that the verdict recommends; `None` where it was not fitted. It is fitted on all rows that are not held out.
///
/// # Errors
/// As [`evaluate`].
pub fn evaluate_and_save(
    inputs: &EvaluationInputs<'_>,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<(Evaluation, Option<Saved>), EvaluationError> {
    match inputs.design {
        Design::HeldOut => {
            let held_out =
                inputs.dataset.held_out().filter(|h| !h.is_empty()).ok_or(EvaluationError::NothingHeldOut)?;
            on_held_out(inputs, held_out, progress)
        }
        Design::CrossValidation => in_turn(inputs, &inputs.dataset.whole(), progress),
    }
}

/// On the rows that are held out.
fn on_held_out(
    inputs: &EvaluationInputs<'_>,
    held_out: HeldOut<'_>,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<(Evaluation, Option<Saved>), EvaluationError> {
    let train = inputs.dataset.train();
    let rows = pool(train, inputs.synthetic)?;
    let draws = draws_curves(inputs, &rows);
    let n_curves = if draws { Curves::n_fits(DRAWS) } else { 0 };
    let n_repeats = inputs.n_repeats.max(1);
    let n_fits = n_repeats * Extent::FULL.n_fits(inputs.arms, &rows, inputs.goal);
    let counter = Counter::new(inputs.learners.len() * n_fits + n_curves, progress);
    let settled = Settled::new(inputs, train, &counter)?;
    let first = *inputs.learners.first().ok_or(EvaluationError::NoLearner)?;
    let on_fit = || counter.fitted(first.0);
    let more: Vec<Vec<Trained>> = (1..n_repeats).map(|draw| settled.drawn_again(inputs, draw, &counter)).collect();
    let both = (&settled.pool, wider(train, inputs.synthetic)?);
    let curves_seed = (settled.seed.child("curves"), DRAWS);
    let curves = draws.then(|| Curves::train(both, &settled.raised, first.1, &on_fit, curves_seed)).flatten();

    let held = Held::open(held_out);
    let judged = Judged::new(inputs, &settled, (&held.truth, &held.ids), inputs.n_resamples);
    let mut said = Said::new(inputs, &settled);
    for (at, ((learner, _), trained)) in inputs.learners.iter().zip(&settled.trained).enumerate() {
        let drawn = Drawn::new(trained, more.iter().map(|draw| &draw[at]), &held.texts);
        let predicted: Vec<Vec<Vec<LabelId>>> = drawn.draws.iter().map(|draw| judged.predicted(draw)).collect();
        let figures = drawn.draws.iter().zip(&predicted).map(|(draw, predicted)| judged.figures(draw, predicted));
        let rows = Pooled::of_draws(figures.collect());
        if said.is_first() {
            let fingerprints = held_out.fingerprints();
            said.note(notes::on_held_out(train.labels(), &held, &fingerprints, inputs.synthetic, &*rows));
            said.note(notes::on_draws(n_repeats));
        }
        said.hear(learner, &drawn.arms, trained.choice.as_ref(), &*rows);
        said.show(
            learner,
            &judged.predictions(&drawn.draws[0], &predicted[0]),
            &drawn.arms,
            (&judged.focus, judged.ids),
        );
    }
    let positions: Vec<usize> = (0..held.truth.len()).collect();
    let curves: Vec<FoldCurves> = curves.iter().map(|curves| curves.say(&held.texts, &positions)).collect();
    let (n, name) = (held.truth.len(), inputs.held_out_name.to_owned());
    let summary = HeldOutSummary { n, name, n_also_train: held.n_also_train };
    let first = settled.trained.first();
    let models = first.and_then(|first| Models::of(first, held.texts.clone(), &held.truth, &positions));
    said.end(summary, judged.analysis(&settled, &curves, models.as_slice()))
}

/// On every row of `whole` in turn.
fn in_turn(
    inputs: &EvaluationInputs<'_>,
    whole: &Dataset,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Result<(Evaluation, Option<Saved>), EvaluationError> {
    let n_repeats = inputs.n_repeats.max(1);
    let folding = Folding { inputs, whole, n_repeats };
    let rows = pool(whole.train(), inputs.synthetic)?;
    let total = inputs.learners.len() * Extent::FULL.n_fits(inputs.arms, &rows, inputs.goal) + folding.n_fits(&rows);
    let counter = Counter::new(total, progress);
    let settled = Settled::new(inputs, whole.train(), &counter)?;
    let fold =
        |((at, learner), trained): ((usize, &_), &_)| folding.fold((&settled, trained), *learner, at == 0, &counter);
    let learners = inputs.learners.iter().enumerate().zip(&settled.trained);
    let folded: Vec<Folded<'_>> = learners.map(fold).collect::<Result<_, _>>()?;

    let (truth, ids): (Vec<LabelId>, Vec<RowId>) = whole.train().rows().map(|row| (row.label, row.id)).unzip();
    // The variance is the mean over the passes, so that all of them together draw as often as one would.
    let judged = Judged::new(inputs, &settled, (&truth, &ids), inputs.n_resamples.div_ceil(n_repeats));
    let mut said = Said::new(inputs, &settled);
    for (((learner, _), folded), trained) in inputs.learners.iter().zip(&folded).zip(&settled.trained) {
        let predicted: Vec<Vec<Vec<LabelId>>> = folded.passes.iter().map(|pass| judged.predicted(pass)).collect();
        let passes = folded.passes.iter().zip(&predicted).map(|(pass, predicted)| judged.figures(pass, predicted));
        let pooled = Pooled::new(passes.collect(), FOLDS);
        if said.is_first() {
            said.note(notes::in_turn(whole.train().labels(), inputs.dataset, n_repeats, &pooled));
        }
        let arms = folded.arms(trained);
        said.hear(learner, &arms, trained.choice.as_ref(), &pooled);
        said.show(learner, &judged.predictions(&folded.passes[0], &predicted[0]), &arms, (&judged.focus, judged.ids));
    }
    let n = inputs.dataset.held_out().map_or(0, |held_out| held_out.len());
    let summary = HeldOutSummary { n, name: inputs.held_out_name.to_owned(), n_also_train: 0 };
    let first = folded.first().ok_or(EvaluationError::NoLearner)?;
    said.end(summary, judged.analysis(&settled, &first.curves, &first.models))
}

/// Rows to judge on, and their resamples.
struct Judged<'j> {
    inputs: &'j EvaluationInputs<'j>,
    truth: &'j [LabelId],
    ids: &'j [RowId],
    n_labels: usize,
    /// The raised labels that have judged rows.
    focus: Vec<LabelId>,
    resamples: Resamples,
}

impl<'j> Judged<'j> {
    fn new(
        inputs: &'j EvaluationInputs<'_>,
        settled: &Settled<'_>,
        (truth, ids): (&'j [LabelId], &'j [RowId]),
        n_resamples: usize,
    ) -> Self {
        let strata = truth.iter().map(|label| label.index());
        let focus = settled.raised.iter().copied().filter(|label| truth.contains(label)).collect();
        let resamples = Resamples::new(strata, n_resamples, settled.seed.child("resamples"));
        Judged { inputs, truth, ids, n_labels: settled.train.labels().len(), focus, resamples }
    }

    fn predicted(&self, probabilities: &[Vec<f64>]) -> Vec<Vec<LabelId>> {
        probabilities.iter().map(|p| most_probable(p, self.n_labels)).collect()
    }

    fn figures<'p>(&self, probabilities: &'p [Vec<f64>], predicted: &'p [Vec<LabelId>]) -> Figures<'p>
    where
        'j: 'p,
    {
        let rows = self.predictions(probabilities, predicted);
        Figures::new(rows, self.inputs.goal, self.focus.clone(), &self.resamples)
    }

    fn predictions<'p>(&self, probabilities: &'p [Vec<f64>], predicted: &'p [Vec<LabelId>]) -> Predictions<'p>
    where
        'j: 'p,
    {
        Predictions { truth: self.truth, probabilities, predicted, n_labels: self.n_labels }
    }

    fn analysis(&self, settled: &Settled<'_>, curves: &[FoldCurves], models: &[Models<'_>]) -> Analysis {
        let (truth, focus, n_labels) = (self.truth, self.focus.as_slice(), self.n_labels);
        let ruler = Ruler { truth, focus, n_labels, resamples: &self.resamples };
        let (dose, learning_curve) = FoldCurves::measure(curves, &ruler);
        let labels = settled.train.labels();
        Analysis {
            dose,
            learning_curve,
            patterns: settled.patterns.labels.clone(),
            reliance: settled.patterns.reliance(models, labels, settled.seed.child("reliance")),
            probation: probations(&settled.pool, labels, settled.seed.child("probation")),
            row_values: row_values(&settled.pool, labels, settled.seed.child("row_values")),
            ..Analysis::default()
        }
    }
}
