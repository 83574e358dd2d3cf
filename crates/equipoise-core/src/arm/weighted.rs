//! Another arm's sets with class weights on top.

use super::{Arm, ArmOutput, Context, Pool, find};
use crate::catalog::{Settings, SettingsError};
use crate::rng::Seed;

/// The arm called `inner` with the labels of each set brought to equal mass.
pub(super) fn weighted(inner: &str, settings: &Settings) -> Result<Box<dyn Arm>, SettingsError> {
    Ok(Box::new(Weighted(find(inner)?.item.build(settings)?)))
}

struct Weighted(Box<dyn Arm>);

impl Arm for Weighted {
    fn make(&self, context: &Context<'_>, seed: Seed) -> Option<ArmOutput> {
        match self.0.make(context, seed)? {
            ArmOutput::Recipe(recipe) => Some(ArmOutput::Recipe(recipe.map(|set| set.balance(context.pool())))),
            ArmOutput::Choice(_) => None,
        }
    }

    fn n_fits(&self, pool: &Pool<'_>) -> usize {
        self.0.n_fits(pool)
    }
}
