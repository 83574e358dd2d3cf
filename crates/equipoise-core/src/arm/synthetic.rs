//! Synthetic rows that the checks kept.

use super::{Arm, ArmEntry, ArmOutput, Context, Pool, Recipe, Role, SyntheticPool, TrainingSet};
use crate::catalog::{Entry, Settings, SettingsError};
use crate::rng::Seed;

pub(super) static ENTRY: ArmEntry = ArmEntry {
    item: Entry {
        name: "synthetic",
        what: "Adds the synthetic rows that the checks kept, with weight 1.",
        why: "The augmented data set as it is written to disk: what any other tool trains on with it.",
        source: "Concatenation after the checks of this crate.",
        settings: &[],
        make,
    },
    role: Role::Synthetic { how: "with weight 1 each" },
    plain: "the synthetic rows",
    form: None,
};

fn make(_: &Settings) -> Result<Box<dyn Arm>, SettingsError> {
    Ok(Box::new(Synthetic))
}

struct Synthetic;

impl Arm for Synthetic {
    fn make(&self, context: &Context<'_>, _: Seed) -> Option<ArmOutput> {
        TrainingSet::real_and(context.pool(), SyntheticPool::Kept).map(|set| ArmOutput::Recipe(Recipe::of(set)))
    }

    fn n_fits(&self, pool: &Pool<'_>) -> usize {
        usize::from(!pool.kept.is_empty())
    }
}
