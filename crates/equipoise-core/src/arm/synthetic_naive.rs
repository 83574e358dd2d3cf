//! Synthetic rows as they came.

use super::{Arm, ArmEntry, ArmOutput, Context, Pool, Recipe, Role, SyntheticPool, TrainingSet};
use crate::catalog::{Entry, Settings, SettingsError};
use crate::rng::Seed;

pub(super) static ENTRY: ArmEntry = ArmEntry {
    item: Entry {
        name: "synthetic_naive",
        what: "Adds the first parsed candidates up to each label's target, unchecked, with weight 1.",
        why: "What a script without checks would train on: shows what checking and selecting are worth.",
        source: "Plain concatenation, the usual way in papers on generated training data.",
        settings: &[],
        make,
    },
    role: Role::Synthetic { how: "with weight 1 each" },
    plain: "the unchecked synthetic rows",
    form: None,
};

fn make(_: &Settings) -> Result<Box<dyn Arm>, SettingsError> {
    Ok(Box::new(SyntheticNaive))
}

struct SyntheticNaive;

impl Arm for SyntheticNaive {
    fn make(&self, context: &Context<'_>, _: Seed) -> Option<ArmOutput> {
        TrainingSet::real_and(context.pool(), SyntheticPool::Naive).map(|set| ArmOutput::Recipe(Recipe::of(set)))
    }

    fn n_fits(&self, pool: &Pool<'_>) -> usize {
        usize::from(!pool.naive.is_empty())
    }
}
