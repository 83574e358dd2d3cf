//! Held-out rows judged once for each draw of folds and of the rows that arms draw.

use super::results::FittedArm;
use super::train::Trained;
use rayon::prelude::*;

/// The arms of one learner over all draws.
pub(super) struct Drawn {
    /// Those of the first draw; a fit is a position in each draw.
    pub(super) arms: Vec<FittedArm>,
    /// By draw and fit: row-major probabilities of the held-out rows.
    pub(super) draws: Vec<Vec<Vec<f64>>>,
}

impl Drawn {
    /// What the models of `first` and of `more` draws say of `texts`.
    pub(super) fn new<'t>(first: &Trained, more: impl Iterator<Item = &'t Trained>, texts: &[&str]) -> Self {
        let say =
            |draw: &Trained| -> Vec<Vec<f64>> { draw.fits.par_iter().map(|fit| fit.probabilities(texts)).collect() };
        let more: Vec<&Trained> = more.collect();
        if more.is_empty() {
            return Drawn { arms: first.arms.clone(), draws: vec![say(first)] };
        }
        // `auto` may take another arm in each draw, so that it needs a place of its own.
        let by_arm = |draw: &Trained| -> Vec<Vec<f64>> {
            let said = say(draw);
            let own =
                |arm: &FittedArm| draw.arms.iter().find(|own| own.name() == arm.name()).map_or(arm.fit, |own| own.fit);
            first.arms.iter().map(|arm| said[own(arm)].clone()).collect()
        };
        let place = |(fit, arm): (usize, &FittedArm)| FittedArm { fit, ..arm.clone() };
        Drawn {
            arms: first.arms.iter().enumerate().map(place).collect(),
            draws: std::iter::once(by_arm(first)).chain(more.into_iter().map(by_arm)).collect(),
        }
    }
}
