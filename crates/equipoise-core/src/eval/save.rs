//! The recommended classifier as bytes, calibrated on the training rows.

use super::out_of_fold::out_of_fold;
use crate::arm::{Arm, Fitted, Pool};
use crate::data::Labels;
use crate::learner::{About, Learner, fit_temperature};
use crate::rng::Seed;

/// What is recommended.
pub(super) struct Chosen<'t> {
    /// The arm's name.
    pub(super) name: &'static str,
    /// The arm, as the run has set it.
    pub(super) arm: &'t dyn Arm,
    /// Its fit on all training rows.
    pub(super) fit: &'t Fitted,
    /// Its out-of-fold probabilities of the real rows, where they are at hand.
    pub(super) out_of_fold: Option<Vec<f64>>,
}

/// The bytes of the recommended fit of `learner`.
///
/// The temperature is that under which the out-of-fold predictions of the training rows are most likely; where the rows cannot
/// be folded, or the arm cannot be made in a fold, it is 1.
pub(super) fn save(
    pool: &Pool<'_>,
    (name, learner): (&str, &dyn Learner),
    chosen: Chosen<'_>,
    labels: &Labels,
    seed: Seed,
) -> Option<Vec<u8>> {
    if learner.fits_elsewhere() {
        return None;
    }
    let Chosen { name: arm_name, arm, fit, out_of_fold: known } = chosen;
    let real = || pool.truth();
    let predicted = known
        .map(|probabilities| (probabilities, real()))
        .or_else(|| out_of_fold(pool, learner, arm, seed.child("calibrate")));
    let temperature = predicted.and_then(|(probabilities, truth)| {
        Some((fit_temperature(&probabilities, &truth, pool.n_labels)?, truth.len()))
    });
    let (temperature, n_calibrated) = temperature.unwrap_or((1.0, 0));
    fit.save(About {
        learner: name.to_owned(),
        arm: arm_name.to_owned(),
        labels: labels.names().to_vec(),
        shifts: vec![],
        temperature,
        n_calibrated,
    })
}
