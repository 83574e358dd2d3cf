//! Duplication of real rows up to the largest label.

use super::repeats::{largest, repeats_to};
use super::{Arm, ArmEntry, ArmOutput, Context, Recipe, Role, TrainingSet};
use crate::catalog::{Entry, Settings, SettingsError};
use crate::rng::Seed;

pub(super) static ENTRY: ArmEntry = ArmEntry {
    item: Entry {
        name: "over_sample",
        what: "Repeats the real rows of every label until each has as many as the largest.",
        why: "The oldest free rival: more rows of a rare label without a new text.",
        source: "Batista, Prati and Monard, A study of the behavior of several methods for balancing machine learning training data, SIGKDD Explorations 6(1), 2004.",
        settings: &[],
        make,
    },
    role: Role::Free,
    plain: "duplicating every label to the largest",
    form: None,
};

fn make(_: &Settings) -> Result<Box<dyn Arm>, SettingsError> {
    Ok(Box::new(OverSample))
}

struct OverSample;

impl Arm for OverSample {
    fn make(&self, context: &Context<'_>, seed: Seed) -> Option<ArmOutput> {
        let pool = context.pool();
        let mut set = TrainingSet::real_once(pool);
        set.real.extend(repeats_to(pool, &largest(pool), seed).into_iter().map(|at| (at, 1.0)));
        Some(ArmOutput::Recipe(Recipe::of(set)))
    }
}
