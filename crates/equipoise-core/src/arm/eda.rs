//! Easy data augmentation without a thesaurus.

use super::repeats::{largest, repeats_to};
use super::{Arm, ArmEntry, ArmOutput, Context, Recipe, Role, SyntheticPool, TrainingSet, Written};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::rng::Seed;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;
use serde::Deserialize;
use std::sync::Arc;

pub(super) static ENTRY: ArmEntry = ArmEntry {
    item: Entry {
        name: "eda",
        what: "Repeats real rows until every label has as many as with `synthetic_naive`, or as the largest label where there are no synthetic rows, and in each repeat swaps, drops or says again some words.",
        why: "The best-known way to make new texts without a model: what a generator has to beat.",
        source: "Wei and Zou, EDA: Easy Data Augmentation Techniques for Boosting Performance on Text Classification Tasks, EMNLP 2019; without its synonym replacement, which needs a thesaurus, and with words of the row itself in the place of its inserted synonyms.",
        settings: &[Setting {
            name: "alpha",
            default: "0.1",
            why: "Share of a row's words that one change touches, above 0 and at most 1, and at least one word; 0.1 as in the paper.",
        }],
        make,
    },
    role: Role::Free,
    plain: "small random edits of the real rows",
    form: None,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Eda {
    alpha: f64,
}

impl Default for Eda {
    fn default() -> Self {
        Eda { alpha: 0.1 }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Arm>, SettingsError> {
    let eda: Eda = read(ENTRY.item.name, settings)?;
    if eda.alpha > 0.0 && eda.alpha <= 1.0 {
        return Ok(Box::new(eda));
    }
    let message = "alpha takes a number above 0 and at most 1".to_owned();
    Err(SettingsError::BadValue { item: ENTRY.item.name, message })
}

impl Arm for Eda {
    fn make(&self, context: &Context<'_>, seed: Seed) -> Option<ArmOutput> {
        let pool = context.pool();
        let mut targets = largest(pool);
        if !pool.naive.is_empty() {
            let real = pool.counts(&pool.real);
            targets = real.iter().zip(pool.counts(&pool.naive)).map(|(real, new)| real + new).collect();
        }
        let mut rng = seed.child("words").rng();
        let write = |at: usize| {
            let example = &pool.real[at];
            Written { text: self.change(example.text, &mut rng), label: example.label, parents: vec![at] }
        };
        let written: Vec<Written> = repeats_to(pool, &targets, seed).into_iter().map(write).collect();
        let mut set = TrainingSet::real_once(pool);
        set.synthetic = (0..written.len()).map(|at| (at, 1.0)).collect();
        set.synthetic_pool = SyntheticPool::Written(Arc::new(written));
        Some(ArmOutput::Recipe(Recipe::of(set)))
    }
}

impl Eda {
    /// The text with one of the three changes; one of a single word stays as it is.
    fn change(&self, text: &str, rng: &mut ChaCha8Rng) -> String {
        let mut words: Vec<&str> = text.split_whitespace().collect();
        if words.len() < 2 {
            return text.to_owned();
        }
        let times = ((self.alpha * words.len() as f64).round() as usize).max(1);
        match rng.random_range(0..3_u32) {
            0 => (0..times).for_each(|_| {
                let (a, b) = (rng.random_range(0..words.len()), rng.random_range(0..words.len()));
                words.swap(a, b);
            }),
            1 => (0..times.min(words.len() - 1)).for_each(|_| {
                words.remove(rng.random_range(0..words.len()));
            }),
            _ => (0..times).for_each(|_| {
                let word = words[rng.random_range(0..words.len())];
                words.insert(rng.random_range(0..=words.len()), word);
            }),
        }
        words.join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn changes_words_in_number_by_no_more_than_it_says_and_takes_none_from_elsewhere(
            text in "[a-e]{1,3}( [a-e]{1,3}){0,30}", alpha in 0.01f64..1.0, seed in 0u64..99,
        ) {
            let changed = Eda { alpha }.change(&text, &mut Seed::new(seed).rng());
            let count = |t: &str| t.split_whitespace().count();
            let (before, after) = (count(&text), count(&changed));
            let most = ((alpha * before as f64).round() as usize).max(1);
            prop_assert!(after >= 1 && before.abs_diff(after) <= most);
            prop_assert!(changed.split_whitespace().all(|w| text.split_whitespace().any(|own| own == w)));
        }
    }

    #[test]
    fn refuses_a_share_out_of_range() {
        for alpha in [0.0, 1.5] {
            let settings = Settings::from_iter([("alpha".to_owned(), alpha.into())]);
            assert!(matches!(make(&settings), Err(SettingsError::BadValue { .. })));
        }
    }
}
