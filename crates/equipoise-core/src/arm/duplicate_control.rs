//! The control for size: as many rows as the synthetic ones, but real ones said again.

use super::repeats::repeats_to;
use super::{Arm, ArmEntry, ArmOutput, Context, Pool, Recipe, Role, TrainingSet};
use crate::catalog::{Entry, Settings, SettingsError};
use crate::rng::Seed;

pub(super) static ENTRY: ArmEntry = ArmEntry {
    item: Entry {
        name: "duplicate_control",
        what: "Repeats real rows until every label has as many as it has with `synthetic_naive`.",
        why: "Tells the effect of new texts from the effect of mere numbers: a synthetic row is worth something only beyond this arm.",
        source: "A matched control: equal label counts, no new text.",
        settings: &[],
        make,
    },
    role: Role::Free,
    plain: "duplicating the real rows to the same number",
    form: None,
};

fn make(_: &Settings) -> Result<Box<dyn Arm>, SettingsError> {
    Ok(Box::new(DuplicateControl))
}

struct DuplicateControl;

impl Arm for DuplicateControl {
    fn make(&self, context: &Context<'_>, seed: Seed) -> Option<ArmOutput> {
        let pool = context.pool();
        if pool.naive.is_empty() {
            return None;
        }
        let added = pool.counts(&pool.naive);
        let targets: Vec<usize> = pool.counts(&pool.real).iter().zip(added).map(|(real, new)| real + new).collect();
        let mut set = TrainingSet::real_once(pool);
        set.real.extend(repeats_to(pool, &targets, seed).into_iter().map(|at| (at, 1.0)));
        Some(ArmOutput::Recipe(Recipe::of(set)))
    }

    fn n_fits(&self, pool: &Pool<'_>) -> usize {
        usize::from(!pool.naive.is_empty())
    }
}
