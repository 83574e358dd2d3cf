//! Cross-validation over the training rows.

use super::author::Anew;
use super::cut::{Cut, OutOfFold, shift};
use super::{Arm, ArmOutput, Context, Folds, Pool, Recipe};
use crate::data::LabelId;
use crate::rng::Seed;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Folds over the training rows: 5 leave 80 % of the rows to train on.
pub const FOLDS: usize = 5;

/// Probabilities of every real row, by models that saw neither it, nor an equal text, nor a child of either.
#[derive(Debug, Clone)]
pub struct CrossValidated {
    folds: Folds,
    /// Row-major, real rows × labels, by arm.
    probabilities: BTreeMap<&'static str, Vec<f64>>,
}

impl CrossValidated {
    /// The folds.
    pub fn folds(&self) -> &Folds {
        &self.folds
    }

    /// Row-major probabilities, real rows × labels; `None` where the arm was not asked for or could not be made in some fold.
    pub fn probabilities(&self, arm: &str) -> Option<&[f64]> {
        self.probabilities.get(arm).map(Vec::as_slice)
    }

    /// The same with the cut of each fold moved as the other folds would have it, so that no row takes part in its own.
    pub fn cut(&self, arm: &str, truth: &[LabelId], cut: &Cut) -> Option<Vec<f64>> {
        let mut moved = self.probabilities(arm)?.to_vec();
        let n_labels = moved.len() / truth.len().max(1);
        let row = |at: usize| at * n_labels..(at + 1) * n_labels;
        let by_fold: Vec<_> = (0..self.folds.n_folds())
            .into_par_iter()
            .map(|fold| {
                let validated = self.folds.validated(fold);
                let mut is_other = vec![true; truth.len()];
                validated.iter().for_each(|at| is_other[*at] = false);
                let others: Vec<usize> = (0..truth.len()).filter(|at| is_other[*at]).collect();
                let probabilities: Vec<f64> = others.iter().flat_map(|at| &moved[row(*at)]).copied().collect();
                let truth: Vec<LabelId> = others.iter().map(|at| truth[*at]).collect();
                (validated, cut.shifts(OutOfFold { probabilities: &probabilities, truth: &truth, n_labels }))
            })
            .collect();
        for (validated, shifts) in by_fold {
            validated.iter().for_each(|at| shift(&mut moved[row(*at)], &shifts));
        }
        Some(moved)
    }
}

/// The rows that a fold validates, and each arm's probabilities of them; `None` where the arm cannot be made in the fold.
type Fold = (Vec<usize>, Vec<Option<Vec<f64>>>);

/// Predicts each real row of the context's pool from the other folds, once by each of the arms called `names`.
///
/// The arms are made without unchecked synthetic rows. Everything that is learned — vocabulary, idf, weights, points in feature space — is learned anew in each fold. `None` where the
/// rows are too few to fold.
pub(super) fn cross_validate(
    context: &Context<'_>,
    n_folds: usize,
    names: &[&'static str],
    seed: Seed,
) -> Option<CrossValidated> {
    let pool = context.pool();
    let folds = Folds::new(pool, n_folds, seed.child("folds"))?;
    let arms: Vec<(&'static str, &dyn Arm)> =
        names.iter().filter_map(|name| Some((*name, context.arms().get(name)?))).collect();
    let by_fold: Vec<Fold> = (0..folds.n_folds())
        .into_par_iter()
        .map(|fold| {
            let validated = folds.validated(fold);
            let texts: Vec<&str> = validated.iter().map(|at| pool.real[*at].text).collect();
            let training = folds.training(pool, fold);
            let anew = Anew::write(pool, &training, seed.child(&format!("fold/{fold}/author")));
            let training = match &anew {
                Some(anew) => anew.within(training),
                None => training,
            };
            // No arm that a choice weighs reads the unchecked rows, and their features would cost as much as all others.
            let training = Pool { naive: vec![], ..training };
            let mut inner = Context::new(training, context.learner())
                .with_arms(context.arms())
                .with_goal(context.goal())
                .with_priors(context.priors());
            if let Some(on_fit) = context.progress() {
                inner = inner.with_progress(on_fit);
            }
            let make =
                |(name, arm): &(&str, &dyn Arm)| match arm.make(&inner, seed.child(&format!("fold/{fold}/{name}")))? {
                    ArmOutput::Recipe(recipe) => Some(recipe),
                    ArmOutput::Choice(_) => None,
                };
            let recipes: Vec<Option<Recipe>> = arms.par_iter().map(make).collect();
            let fits = inner.fit_all(&recipes.iter().flatten().collect::<Vec<_>>());
            let mut by_fit = fits.par_iter().map(|fit| fit.probabilities(&texts)).collect::<Vec<_>>().into_iter();
            let predicted = recipes.iter().map(|recipe| recipe.as_ref().and_then(|_| by_fit.next())).collect();
            (validated, predicted)
        })
        .collect();

    let n_labels = pool.n_labels;
    let mut probabilities = BTreeMap::new();
    for (arm, (name, _)) in arms.iter().enumerate() {
        let mut pooled = vec![0.0; pool.real.len() * n_labels];
        let mut whole = true;
        for (validated, predicted) in &by_fold {
            let Some(of_arm) = &predicted[arm] else {
                whole &= validated.is_empty();
                continue;
            };
            for (at, row) in validated.iter().zip(of_arm.chunks_exact(n_labels.max(1))) {
                pooled[at * n_labels..(at + 1) * n_labels].copy_from_slice(row);
            }
        }
        if whole {
            probabilities.insert(*name, pooled);
        }
    }
    Some(CrossValidated { folds, probabilities })
}
