//! The chosen classifier as bytes, calibrated on the training rows.

use super::out_of_fold::out_of_fold;
use crate::arm::{Fitted, Pool};
use crate::data::Labels;
use crate::learner::{About, Learner, fit_temperature};
use crate::rng::Seed;

/// The bytes of `fit`, which the arm called `arm` made with `learner`.
///
/// The temperature is that under which the out-of-fold predictions of the training rows are most likely; where the rows cannot
/// be folded, or the arm cannot be made in a fold, it is 1.
pub(super) fn save(
    pool: &Pool<'_>,
    (name, learner): (&str, &dyn Learner),
    arm: &str,
    fit: &Fitted,
    labels: &Labels,
    seed: Seed,
) -> Option<Vec<u8>> {
    let temperature = out_of_fold(pool, learner, arm, seed.child("calibrate")).and_then(|(probabilities, truth)| {
        Some((fit_temperature(&probabilities, &truth, pool.n_labels)?, truth.len()))
    });
    let (temperature, n_calibrated) = temperature.unwrap_or((1.0, 0));
    fit.save(About {
        learner: name.to_owned(),
        arm: arm.to_owned(),
        labels: labels.names().to_vec(),
        shifts: vec![],
        temperature,
        n_calibrated,
    })
}
