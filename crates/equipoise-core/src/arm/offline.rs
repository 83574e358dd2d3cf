//! The texts of the built-in generator, whatever model wrote the synthetic rows.

use super::{Arm, Context, Made, Pool, Recipe, SyntheticPool, TrainingSet, Written};
use crate::catalog::{Entry, Settings, SettingsError};
use crate::data::{Dataset, LabelId, RowId, Rows};
use crate::generator::Job;
use crate::provider::{Local, Offline};
use crate::rng::Seed;
use serde::Deserialize;
use std::sync::Arc;

pub(super) static ENTRY: Entry<dyn Arm> = Entry {
    name: "offline",
    what: "Adds texts that the offline generator writes from the training rows alone, as many of each label as with `synthetic_naive`.",
    why: "New texts that cost nothing: a paid model has to beat them. Written anew from each fold's training rows in cross-validation.",
    source: "The provider `offline` of this program.",
    settings: crate::provider::OFFLINE_SETTINGS,
    make,
};

fn make(settings: &Settings) -> Result<Box<dyn Arm>, SettingsError> {
    Ok(Box::new(OfflineArm(Offline::new(settings)?)))
}

struct OfflineArm(Offline);

impl Arm for OfflineArm {
    fn make(&self, context: &Context<'_>, seed: Seed) -> Option<Made> {
        let pool = context.pool();
        if pool.naive.is_empty() {
            return None;
        }
        let written = self.write(pool, seed).unwrap_or_default();
        let mut set = TrainingSet::real_once(pool);
        set.synthetic = (0..written.len()).map(|at| (at, 1.0)).collect();
        set.synthetic_pool = SyntheticPool::Written(Arc::new(written));
        Some(Made::Recipe(Recipe::of(set)))
    }

    fn n_fits(&self, pool: &Pool<'_>) -> usize {
        usize::from(!pool.naive.is_empty())
    }
}

/// What is read of the generator's answer.
#[derive(Deserialize)]
struct Answer {
    texts: Vec<Text>,
}

#[derive(Deserialize)]
struct Text {
    text: String,
    source: RowId,
    donors: Vec<RowId>,
}

impl OfflineArm {
    /// The texts of every label; `None` where the pool's rows are no data set, as rows of one label are not.
    fn write(&self, pool: &Pool<'_>, seed: Seed) -> Option<Vec<Written>> {
        let name = |label: LabelId| format!("{:05}", label.index());
        let mut rows = Rows::default();
        pool.real.iter().try_for_each(|e| rows.push(e.text, &name(e.label)))?;
        let data = Dataset::new(rows).ok()?;
        let positions = data.train().positions();
        let writer = self.0.prepare(data.train());
        let mut written = Vec::new();
        for (index, wanted) in pool.counts(&pool.naive).into_iter().enumerate() {
            let label = LabelId(index as u16);
            let Some(there) = data.labels().id(&name(label)).filter(|_| wanted > 0) else { continue };
            let job = Job { label: there, sources: Vec::new(), wanted, ordinal: 0 };
            let answer: Answer = serde_json::from_str(&writer.answer(&job, &[], seed)).ok()?;
            written.extend(answer.texts.into_iter().map(|t| {
                let parents = std::iter::once(&t.source).chain(&t.donors).filter_map(|id| positions.get(id).copied());
                Written { label, parents: parents.collect(), text: t.text }
            }));
        }
        Some(written)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Words, example};
    use super::*;

    fn texts() -> Vec<(String, u16)> {
        let places = ["in the garden", "at the station", "on the long road", "near the harbour", "after the meeting"];
        let people = ["my sister", "the doctor", "our neighbour", "a stranger"];
        (0..80)
            .map(|i| {
                let (mood, label) = [("so cheerful", 0), ("so gloomy", 1)][i % 2];
                (format!("when i met {} {} i was {mood} about it", people[i / 2 % 4], places[i / 8 % 5]), label)
            })
            .collect()
    }

    fn written(pool: &Pool<'_>) -> Vec<Written> {
        let arm = ENTRY.build(&Settings::new()).unwrap();
        match arm.make(&Context::new(pool.clone(), &Words), Seed::new(7)) {
            Some(Made::Recipe(recipe)) => match &recipe.parts[0].set.synthetic_pool {
                SyntheticPool::Written(texts) => texts.to_vec(),
                other => panic!("{other:?}"),
            },
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn writes_as_many_as_the_synthetic_rows_and_knows_the_rows_they_come_from() {
        let texts = texts();
        let real = texts.iter().map(|(t, l)| example(t, *l, &[])).collect();
        let naive = vec![example("gloomy", 1, &[]); 6];
        let pool = Pool { real, naive, kept: vec![], n_labels: 2 };
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
    fn writes_nothing_from_rows_of_one_label() {
        let pool = Pool {
            real: vec![example("a b c d", 0, &[]), example("a b e f", 0, &[])],
            naive: vec![example("a", 0, &[])],
            kept: vec![],
            n_labels: 1,
        };
        assert!(written(&pool).len() <= 1, "at most what was asked for, and no panic");
    }
}
