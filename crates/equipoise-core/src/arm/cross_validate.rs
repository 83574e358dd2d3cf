//! Cross-validation over the training rows.

use super::{Arm, Context, Folds, Made};
use crate::data::LabelId;
use crate::rng::Seed;
use rayon::prelude::*;

/// For each arm, the prediction of every real row by a model that saw neither it, nor an equal text, nor a child of either.
pub type OutOfFold = Vec<Vec<LabelId>>;

/// Predicts each real row of the context's pool from the other folds, once by each of `arms`.
///
/// Everything that is learned — vocabulary, idf, weights, points in feature space — is learned anew in each fold. `None` where an
/// arm cannot be made in some fold, or only chooses among others.
pub fn out_of_fold(context: &Context<'_>, folds: &Folds, arms: &[&dyn Arm], seed: Seed) -> Option<OutOfFold> {
    let pool = context.pool();
    let by_fold: Option<Vec<_>> = (0..folds.n_folds())
        .into_par_iter()
        .map(|fold| {
            let validated = folds.validated(fold);
            let texts: Vec<&str> = validated.iter().map(|at| pool.real[*at].text).collect();
            let training = folds.training(pool, fold);
            let mut inner = Context::new(&training, context.learner());
            if let Some(on_fit) = context.progress() {
                inner = inner.with_progress(on_fit);
            }
            let seed = seed.child(&format!("fold/{fold}"));
            let predict = |arm: &&dyn Arm| match arm.make(&inner, seed)? {
                Made::Set(set) => Some(inner.fit(&set).predict(&texts)),
                Made::Choice(_) => None,
            };
            let predicted: Option<Vec<_>> = arms.par_iter().map(predict).collect();
            Some((validated, predicted?))
        })
        .collect();

    let mut pooled = vec![vec![LabelId(0); pool.real.len()]; arms.len()];
    for (validated, predicted) in by_fold? {
        for (arm, of_arm) in predicted.iter().enumerate() {
            validated.iter().zip(of_arm).for_each(|(at, label)| pooled[arm][*at] = *label);
        }
    }
    Some(pooled)
}
