//! Fewer rows of the large labels.

use super::{Arm, ArmEntry, ArmOutput, Context, Recipe, Role, TrainingSet};
use crate::catalog::{Entry, Settings, SettingsError};
use crate::rng::Seed;
use rand::seq::SliceRandom;

pub(super) static ENTRY: ArmEntry = ArmEntry {
    item: Entry {
        name: "under_sample",
        what: "Draws rows of every label until each has as many as the smallest, and leaves the others out; words are still weighed over all rows.",
        why: "The cheapest way to balance, and the fastest to train; it throws data away, which shows where labels are very uneven.",
        source: "Kubat and Matwin, Addressing the Curse of Imbalanced Training Sets: One-Sided Selection, ICML 1997; here the plain random form.",
        settings: &[],
        make,
    },
    role: Role::Free,
    plain: "fewer rows of the larger labels",
    form: None,
};

fn make(_: &Settings) -> Result<Box<dyn Arm>, SettingsError> {
    Ok(Box::new(UnderSample))
}

struct UnderSample;

impl Arm for UnderSample {
    fn make(&self, context: &Context<'_>, seed: Seed) -> Option<ArmOutput> {
        let by_label = context.pool().real_by_label();
        let smallest = by_label.iter().map(Vec::len).filter(|n| *n > 0).min()?;
        let mut set = TrainingSet::default();
        for (label, mut rows) in by_label.into_iter().enumerate() {
            rows.shuffle(&mut seed.child(&label.to_string()).rng());
            set.real.extend(rows.into_iter().take(smallest).map(|at| (at, 1.0)));
        }
        Some(ArmOutput::Recipe(Recipe::of(set)))
    }
}
