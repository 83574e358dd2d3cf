//! The real rows as they are.

use super::{Arm, ArmEntry, ArmOutput, Context, Recipe, Role, TrainingSet};
use crate::catalog::{Entry, Settings, SettingsError};
use crate::rng::Seed;

pub(super) static ENTRY: ArmEntry = ArmEntry {
    item: Entry {
        name: "none",
        what: "Trains on the real rows as they are, each with weight 1.",
        why: "The starting point that every other arm is measured against.",
        source: "The plain empirical risk; no balancing.",
        settings: &[],
        make,
    },
    role: Role::Baseline,
    plain: "the rows as they are",
    form: None,
};

fn make(_: &Settings) -> Result<Box<dyn Arm>, SettingsError> {
    Ok(Box::new(Plain))
}

struct Plain;

impl Arm for Plain {
    fn make(&self, context: &Context<'_>, _: Seed) -> Option<ArmOutput> {
        Some(ArmOutput::Recipe(Recipe::of(TrainingSet::real_once(context.pool()))))
    }
}
