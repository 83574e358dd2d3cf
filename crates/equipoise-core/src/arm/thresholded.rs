//! Another arm's recipe, read with decision thresholds that cross-validation over the training rows chose.

use super::{Arm, Context, Made, Pool, Recipe, find, search_shifts};
use crate::catalog::{Settings, SettingsError};
use crate::data::LabelId;
use crate::rng::Seed;

/// The arm called `inner` with its thresholds moved for the context's goal.
pub(super) fn thresholded(inner: &str, settings: &Settings) -> Result<Box<dyn Arm>, SettingsError> {
    let inner = &find(inner)?.item;
    Ok(Box::new(Thresholded { name: inner.name, inner: inner.build(settings)? }))
}

struct Thresholded {
    name: &'static str,
    inner: Box<dyn Arm>,
}

impl Arm for Thresholded {
    fn make(&self, context: &Context<'_>, seed: Seed) -> Option<Made> {
        let Made::Recipe(recipe) = self.inner.make(context, seed)? else { return None };
        let pool = context.pool();
        let truth: Vec<LabelId> = pool.real.iter().map(|e| e.label).collect();
        let search = |p: &[f64]| search_shifts(p, &truth, pool.n_labels, context.goal());
        let shifts = context.crossed().and_then(|c| c.probabilities(self.name)).map_or_else(Vec::new, search);
        Some(Made::Recipe(Recipe { shifts, ..recipe }))
    }

    fn cross_validates(&self) -> &[&'static str] {
        std::slice::from_ref(&self.name)
    }

    fn n_fits(&self, _: &Pool<'_>) -> usize {
        // The models of the inner arm serve.
        0
    }
}
