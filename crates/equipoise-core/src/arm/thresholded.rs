//! Another arm's recipe, read with a cut that its calibrated out-of-fold probabilities chose.

use super::cut::OutOfFold;
use super::{Arm, ArmOutput, Context, Pool, Recipe, find};
use crate::catalog::{Settings, SettingsError};
use crate::rng::Seed;

/// The arm called `inner` with its cut moved for the context's goal.
pub(super) fn thresholded(inner: &str, settings: &Settings) -> Result<Box<dyn Arm>, SettingsError> {
    let inner = &find(inner)?.item;
    Ok(Box::new(Thresholded { name: inner.name, inner: inner.build(settings)? }))
}

struct Thresholded {
    name: &'static str,
    inner: Box<dyn Arm>,
}

impl Arm for Thresholded {
    fn make(&self, context: &Context<'_>, seed: Seed) -> Option<ArmOutput> {
        let ArmOutput::Recipe(recipe) = self.inner.make(context, seed)? else { return None };
        let truth = context.pool().truth();
        let n_labels = context.pool().n_labels;
        let probabilities = context.crossed().and_then(|crossed| crossed.probabilities(self.name));
        let shifts = probabilities
            .map(|probabilities| context.cut().shifts(OutOfFold { probabilities, truth: &truth, n_labels }));
        Some(ArmOutput::Recipe(Recipe { shifts: shifts.unwrap_or_default(), ..recipe }))
    }

    fn cross_validates(&self) -> &[&'static str] {
        std::slice::from_ref(&self.name)
    }

    fn is_cut_of(&self) -> Option<&'static str> {
        Some(self.name)
    }

    fn n_fits(&self, _: &Pool<'_>) -> usize {
        // The models of the inner arm serve.
        0
    }
}
