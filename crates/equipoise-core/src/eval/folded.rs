//! Every arm on all real rows in turn: in each fold everything that is learnt or chosen is learnt and chosen on the other rows alone.

use super::curves::{Curves, DRAWS_OF_A_FOLD, FoldCurves};
use super::held::Held;
use super::inputs::{EvaluationError, EvaluationInputs};
use super::patterns::Models;
use super::results::FittedArm;
use super::settled::{Counter, Extent, Settled, deciding, draws_curves, fit_arms, pool, raised, wider};
use super::train::Trained;
use crate::arm::{Anew, NONE, Pool};
use crate::data::{Dataset, LabelId, RowId};
use crate::learner::Learner;
use crate::rng::Seed;
use rayon::prelude::*;
use std::collections::HashMap;

/// Folds of a pass over all real rows: 5 leave 80 % of the rows to train on.
pub const FOLDS: usize = 5;
/// Folds of the rows of a fold's training part, in which it makes its choices. Three are two thirds of the cost of all.
const INNER_FOLDS: usize = 3;
/// Passes, unless named. With so many rows a pass the figure of one is steady by itself, and time is better spent on other things.
const PASSES: usize = 5;
const ROWS_OF_ALL_PASSES: usize = 10_000;

/// How many passes through the folds `n_rows` rows get where nobody named a number.
pub fn usual_repeats(n_rows: usize) -> usize {
    (ROWS_OF_ALL_PASSES / n_rows.max(1)).clamp(1, PASSES)
}

/// One learner's arms on all real rows.
pub(super) struct Folded<'f> {
    /// The arms that were fitted on all rows, those that the verdict rests on first; a fit is a position among them.
    pub(super) names: Vec<&'static str>,
    /// By pass and arm: row-major probabilities of every row. After the first pass only of the arms that the verdict rests on.
    pub(super) passes: Vec<Vec<Vec<f64>>>,
    /// Of the first pass of the first learner.
    pub(super) curves: Vec<FoldCurves>,
    /// The same.
    pub(super) models: Vec<Models<'f>>,
}

impl Folded<'_> {
    /// The arms that were fitted on all rows, with their place in these passes.
    pub(super) fn arms(&self, trained: &Trained) -> Vec<FittedArm> {
        let place = |arm: &FittedArm| {
            let fit = self.names.iter().position(|name| *name == arm.name())?;
            Some(FittedArm { fit, cv_score: arm.cv_score.clone(), ..*arm })
        };
        trained.arms.iter().filter_map(place).collect()
    }
}

/// What all folds have in common.
pub(super) struct Folding<'f, 'a> {
    pub(super) inputs: &'f EvaluationInputs<'a>,
    /// Every real row.
    pub(super) whole: &'f Dataset,
    pub(super) n_repeats: usize,
}

impl<'f> Folding<'f, '_> {
    /// How many models all passes of all learners take, where `pool` holds all rows.
    pub(super) fn n_fits(&self, pool: &Pool<'_>) -> usize {
        let n_curves = if draws_curves(self.inputs, pool) { FOLDS * Curves::n_fits(DRAWS_OF_A_FOLD) } else { 0 };
        let of_pass = |repeat: usize| extent(repeat).n_fits(self.inputs.arms, pool, self.inputs.goal);
        self.inputs.learners.len() * FOLDS * (0..self.n_repeats).map(of_pass).sum::<usize>() + n_curves
    }

    /// The passes of `learner`; with the curves where it `is_first`.
    pub(super) fn fold(
        &self,
        (settled, trained): (&Settled<'_>, &Trained),
        learner: (&str, &dyn Learner),
        is_first: bool,
        counter: &Counter<'_>,
    ) -> Result<Folded<'f>, EvaluationError> {
        let seed = settled.seed.child(learner.0).child("folds");
        let datasets = |repeat: usize| self.whole.folds(FOLDS, seed.child(&format!("repeat/{repeat}")));
        let passes: Vec<Vec<Dataset>> =
            (0..self.n_repeats).map(datasets).collect::<Option<_>>().ok_or(EvaluationError::CannotFold)?;
        let at =
            |repeat: usize, folds: &[Dataset]| (0..folds.len()).map(move |fold| (repeat, fold)).collect::<Vec<_>>();
        let jobs: Vec<(usize, usize)> =
            passes.iter().enumerate().flat_map(|(repeat, folds)| at(repeat, folds)).collect();
        let positions = self.whole.train().positions();
        let run = |(repeat, fold): &(usize, usize)| {
            let is_looked_into = is_first && *repeat == 0;
            let part = FoldPart { folding: self, settled, learner, counter, extent: extent(*repeat), is_looked_into };
            part.judge(&passes[*repeat][*fold], &positions, seed.child(&format!("repeat/{repeat}/fold/{fold}")))
        };
        let parts: Vec<Part<'f>> = jobs.par_iter().map(run).collect::<Result<_, _>>()?;
        Ok(self.together(trained, jobs.iter().map(|job| job.0).zip(parts).collect()))
    }

    /// The rows of all parts at their places, pass by pass.
    ///
    /// An arm that a fold could not make, as without any synthetic row there, stands in it for the real rows as they are.
    fn together(&self, trained: &Trained, parts: Vec<(usize, Part<'f>)>) -> Folded<'f> {
        let rests_on = deciding(self.inputs.arms);
        let (deciding, others): (Vec<&'static str>, Vec<&'static str>) =
            trained.arms.iter().map(FittedArm::name).partition(|name| rests_on.contains(name));
        let names: Vec<&'static str> = deciding.iter().copied().chain(others).collect();
        let (n_labels, n_rows) = (self.whole.labels().len(), self.whole.train().len());
        let n_arms = |repeat: usize| if repeat == 0 { names.len() } else { deciding.len() };
        let of_pass = |repeat: usize| vec![vec![0.0; n_rows * n_labels]; n_arms(repeat)];
        let mut passes: Vec<Vec<Vec<f64>>> = (0..self.n_repeats).map(of_pass).collect();
        let (mut curves, mut models) = (Vec::new(), Vec::new());
        for (repeat, part) in parts {
            for (name, fit) in names.iter().zip(&mut passes[repeat]) {
                let own = |name: &str| part.by_arm.iter().find(|arm| arm.0 == name).map(|arm| &arm.1);
                let Some(probabilities) = own(name).or_else(|| own(NONE)) else { continue };
                for (at, row) in part.positions.iter().zip(probabilities.chunks_exact(n_labels)) {
                    fit[at * n_labels..(at + 1) * n_labels].copy_from_slice(row);
                }
            }
            curves.extend(part.curves);
            models.extend(part.models);
        }
        Folded { names, passes, curves, models }
    }
}

/// What is fitted in each fold of a pass: arms that nothing rests on are shown, and one pass is enough for that.
fn extent(repeat: usize) -> Extent {
    Extent { has_others: repeat == 0, n_folds: INNER_FOLDS }
}

/// One fold of one pass.
struct FoldPart<'p, 'f, 'a> {
    folding: &'p Folding<'f, 'a>,
    settled: &'p Settled<'p>,
    learner: (&'p str, &'p dyn Learner),
    counter: &'p Counter<'p>,
    extent: Extent,
    /// Whether its curves and its models are kept.
    is_looked_into: bool,
}

/// What the models of a fold say of the rows that it holds out.
struct Part<'f> {
    positions: Vec<usize>,
    by_arm: Vec<(&'static str, Vec<f64>)>,
    curves: Option<FoldCurves>,
    models: Option<Models<'f>>,
}

impl<'f> FoldPart<'_, 'f, '_> {
    fn judge(
        &self,
        fold: &Dataset,
        positions: &HashMap<RowId, usize>,
        seed: Seed,
    ) -> Result<Part<'f>, EvaluationError> {
        let inputs = self.folding.inputs;
        let (train, held_out) = (fold.train(), fold.held_out().ok_or(EvaluationError::CannotFold)?);
        let synthetic = inputs.synthetic.without(&held_out.fingerprints());
        let own = pool(train, &synthetic)?;
        let anew = Anew::write(&self.settled.pool, &own, seed.child("author"));
        let (own, wider) = match &anew {
            Some(anew) => (anew.within(own.clone()), anew.within(own)),
            None => (own, wider(train, &synthetic)?),
        };
        let own = if self.extent.has_others { own } else { Pool { naive: vec![], ..own } };
        let trained = fit_arms((inputs, train.labels()), (&own, self.extent), self.learner, self.counter, seed);
        let on_fit = || self.counter.fitted(self.learner.0);
        let curves = (self.is_looked_into && draws_curves(inputs, &own)).then(|| {
            let raised: Vec<LabelId> = raised(&own, train.labels(), &synthetic.style_control);
            Curves::train((&own, wider), &raised, self.learner.1, &on_fit, (seed.child("curves"), DRAWS_OF_A_FOLD))
        });
        // Everything is chosen and fitted.
        let held = Held::open(held_out);
        let positions: Vec<usize> = held.ids.iter().filter_map(|id| positions.get(id).copied()).collect();
        let said: Vec<Vec<f64>> = trained.fits.par_iter().map(|fit| fit.probabilities(&held.texts)).collect();
        let whole = self.folding.whole.train();
        let texts = || positions.iter().map(|at| whole.get(*at).text).collect();
        let models = || Models::of(&trained, texts(), &held.truth, &positions);
        Ok(Part {
            models: self.is_looked_into.then(models).flatten(),
            by_arm: trained.arms.iter().map(|arm| (arm.name(), said[arm.fit].clone())).collect(),
            curves: curves.flatten().map(|curves| curves.say(&held.texts, &positions)),
            positions,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_sets_get_fewer_passes() {
        assert_eq!([0, 100, 2_000, 2_500, 5_000, 10_000, 1_000_000].map(usual_repeats), [5, 5, 5, 4, 2, 1, 1]);
    }
}
