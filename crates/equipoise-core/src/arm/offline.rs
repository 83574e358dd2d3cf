//! The texts of the built-in generator, beside synthetic rows that something else wrote.

use super::author::write;
use super::{Arm, ArmEntry, ArmOutput, Context, Pool, Recipe, Role, SyntheticPool, TrainingSet};
use crate::catalog::{Entry, Settings, SettingsError};
use crate::offline::{Author, Offline};
use crate::rng::Seed;
use std::sync::Arc;

pub(super) static ENTRY: ArmEntry = ArmEntry {
    item: Entry {
        name: "offline",
        what: "Adds texts that the offline generator writes from the training rows alone, as many of each label as with `synthetic_naive`.",
        why: "New texts that cost nothing: a paid model has to beat them. Written anew from each fold's training rows in cross-validation. Left out where the generator wrote the synthetic rows itself.",
        source: "The provider `offline` of this program.",
        settings: crate::offline::SETTINGS,
        make,
    },
    role: Role::Free,
    plain: "texts of the built-in generator",
    form: None,
};

fn make(settings: &Settings) -> Result<Box<dyn Arm>, SettingsError> {
    Ok(Box::new(OfflineArm(Offline::new(settings)?)))
}

/// Whether there are synthetic rows to set the generator's against, and it did not write these itself.
fn is_of_use(pool: &Pool<'_>) -> bool {
    !pool.naive.is_empty() && pool.author.is_none()
}

struct OfflineArm(Offline);

impl Arm for OfflineArm {
    fn make(&self, context: &Context<'_>, seed: Seed) -> Option<ArmOutput> {
        let pool = context.pool();
        if !is_of_use(pool) {
            return None;
        }
        let author = Author { offline: &self.0, donors: &[] };
        let written = write(author, &pool.real, &pool.counts(&pool.naive), seed).unwrap_or_default();
        let mut set = TrainingSet::real_once(pool);
        set.synthetic = (0..written.len()).map(|at| (at, 1.0)).collect();
        set.synthetic_pool = SyntheticPool::Written(Arc::new(written));
        Some(ArmOutput::Recipe(Recipe::of(set)))
    }

    fn n_fits(&self, pool: &Pool<'_>) -> usize {
        usize::from(is_of_use(pool))
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Words, Written, example, moods};
    use super::*;
    use crate::data::LabelId;

    fn written(pool: &Pool<'_>) -> Vec<Written> {
        let arm = ENTRY.item.build(&Settings::new()).unwrap();
        match arm.make(&Context::new(pool.clone(), &Words), Seed::new(7)) {
            Some(ArmOutput::Recipe(recipe)) => match &recipe.parts[0].set.synthetic_pool {
                SyntheticPool::Written(texts) => texts.to_vec(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn writes_as_many_as_the_synthetic_rows_and_knows_the_rows_they_come_from() {
        let texts = moods();
        let real = texts.iter().map(|(t, l)| example(t, *l, &[])).collect();
        let naive = vec![example("gloomy", 1, &[]); 6];
        let pool = Pool { real, naive, kept: vec![], n_labels: 2, author: None };
        let written = written(&pool);
        assert_eq!(written.len(), 6);
        for text in &written {
            assert!(text.label == LabelId(1) && text.text.contains("gloomy"), "{text:?}");
            assert!(pool.real.iter().all(|e| e.text != text.text), "a copy: {text:?}");
            let given: Vec<&str> = text.parents.iter().flat_map(|p| pool.real[*p].text.split(' ')).collect();
            assert!(text.text.split(' ').all(|w| given.contains(&w)), "{text:?}");
        }
    }

    #[test]
    fn is_left_out_where_the_generator_wrote_the_synthetic_rows() {
        let texts = moods();
        let real = texts.iter().map(|(t, l)| example(t, *l, &[])).collect();
        let generator = Offline::default();
        let author = Some(Author { offline: &generator, donors: &[] });
        let pool = Pool { real, naive: vec![example("gloomy", 1, &[]); 6], kept: vec![], n_labels: 2, author };
        let arm = ENTRY.item.build(&Settings::new()).unwrap();
        assert_eq!((arm.n_fits(&pool), arm.make(&Context::new(pool.clone(), &Words), Seed::new(7))), (0, None));
    }

    #[test]
    fn writes_nothing_from_rows_of_one_label() {
        let pool = Pool {
            real: vec![example("a b c d", 0, &[]), example("a b e f", 0, &[])],
            naive: vec![example("a", 0, &[])],
            kept: vec![],
            n_labels: 1,
            author: None,
        };
        assert!(written(&pool).len() <= 1, "at most what was asked for, and no panic");
    }
}
