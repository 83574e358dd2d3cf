//! Synthetic rows that weigh together as much as what they were made from.

use super::parents::by_parent;
use super::{Arm, ArmEntry, ArmOutput, Context, Pool, Recipe, Role};
use crate::catalog::{Entry, Settings, SettingsError};
use crate::rng::Seed;

pub(super) static ENTRY: ArmEntry = ArmEntry {
    item: Entry {
        name: "synthetic_weighted",
        what: "Adds the kept synthetic rows; those made from one real row share the weight of one row, and then every label is brought to equal mass.",
        why: "Copies and repeats of a generator cannot outweigh what people wrote, and the label shares of the synthetic rows do not matter: the safest single fit.",
        source: "Own trials on recorded rewrites of eight tasks: macro-F1 0.4 points over plain concatenation with class weights left out of account, and no task below class weights by more than 0.3.",
        settings: &[],
        make,
    },
    role: Role::Synthetic {
        how: "with weights under which the rewrites of one source weigh as one real row and all labels the same",
    },
    plain: "the synthetic rows weighed by their sources",
    form: None,
};

fn make(_: &Settings) -> Result<Box<dyn Arm>, SettingsError> {
    Ok(Box::new(SyntheticWeighted))
}

struct SyntheticWeighted;

impl Arm for SyntheticWeighted {
    fn make(&self, context: &Context<'_>, _: Seed) -> Option<ArmOutput> {
        by_parent(context).map(|set| ArmOutput::Recipe(Recipe::of(set)))
    }

    fn n_fits(&self, pool: &Pool<'_>) -> usize {
        usize::from(!pool.kept.is_empty())
    }
}
