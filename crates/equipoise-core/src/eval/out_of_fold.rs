//! Probabilities of the training rows by models that did not see them.

use crate::arm::{Arm, ArmOutput, Context, Folds, Pool};
use crate::data::LabelId;
use crate::learner::Learner;
use crate::rng::Seed;
use rayon::prelude::*;

/// Folds: each row is predicted by a model that saw four fifths of the others.
const FOLDS: usize = 5;

/// Row-major probabilities of the real rows by models of one arm that saw neither them nor their children, and their labels.
///
/// `None` where the rows cannot be folded, or the arm cannot be made in a fold or only chooses among others.
pub(super) fn out_of_fold(
    pool: &Pool<'_>,
    learner: &dyn Learner,
    arm: &dyn Arm,
    seed: Seed,
) -> Option<(Vec<f64>, Vec<LabelId>)> {
    let folds = Folds::new(pool, FOLDS, seed.child("folds"))?;
    let by_fold: Option<Vec<_>> = (0..folds.n_folds())
        .into_par_iter()
        .map(|fold| {
            let training = folds.training(pool, fold);
            let context = Context::new(training, learner);
            let ArmOutput::Recipe(recipe) = arm.make(&context, seed.child(&format!("fold/{fold}")))? else {
                return None;
            };
            let validated = folds.validated(fold);
            let texts: Vec<&str> = validated.iter().map(|at| pool.real[*at].text).collect();
            let truth: Vec<LabelId> = validated.iter().map(|at| pool.real[*at].label).collect();
            Some((context.fit(&recipe).probabilities(&texts), truth))
        })
        .collect();
    Some(by_fold?.into_iter().fold((vec![], vec![]), |(mut all, mut labels), (probabilities, truth)| {
        all.extend(probabilities);
        labels.extend(truth);
        (all, labels)
    }))
}
