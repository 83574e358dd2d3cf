//! What gives the synthetic rows away, and whether a classifier that learnt from them leans on it.

use super::held::Held;
use crate::arm::{Fitted, Pool};
use crate::data::{LabelId, Labels};
use crate::pattern::reliance::{Reliance, Rows, give_away_words, reliance};
use crate::pattern::{Frequent, LabelPatterns, LabelTexts, Traced, label_patterns};
use crate::rng::Seed;
use rayon::prelude::*;

/// What was found of each label that has synthetic rows, by the training rows alone.
pub(super) struct Patterns {
    pub(super) labels: Vec<LabelPatterns>,
    /// Give-away words that say nothing of the label among real rows.
    words: Vec<(LabelId, Vec<String>)>,
}

impl Patterns {
    pub(super) fn of(pool: &Pool<'_>, labels: &Labels, seed: Seed) -> Self {
        let n_synthetic = pool.counts(&pool.kept);
        let made: Vec<LabelId> = labels.ids().filter(|l| n_synthetic[l.index()] > 0).collect();
        let frequent = Frequent::of(pool.real.iter().map(|e| e.text));
        let of = |label: &LabelId| {
            let texts = texts(pool, *label);
            let found = texts.give_aways(&frequent);
            let words = give_away_words(&found, *label, pool.real.iter().map(|e| (e.text, e.label)));
            let seed = seed.child(&label.0.to_string());
            (label_patterns(labels.name(*label), &texts, &found, &frequent, seed), (*label, words))
        };
        let (labels, words) = made.par_iter().map(of).unzip();
        Patterns { labels, words }
    }

    /// Whether the model `with` the synthetic rows leans on their words, set against the one `without`; label by label.
    pub(super) fn reliance(
        &self,
        held: &Held<'_>,
        [with, without]: [&Fitted; 2],
        labels: &Labels,
        seed: Seed,
    ) -> Vec<Reliance> {
        let [said, said_without] = [with, without].map(|fit| fit.predict(&held.texts));
        let rows = Rows { texts: &held.texts, truth: &held.truth, without: &said_without, with: &said };
        let classify = |texts: &[&str]| with.predict(texts);
        let of = |(label, words): &(LabelId, Vec<String>)| {
            reliance(rows, (*label, labels.name(*label)), words, &classify, seed.child(&label.0.to_string()))
        };
        self.words.iter().filter_map(of).collect()
    }
}

/// The real and the kept rows of a label.
fn texts<'a>(pool: &Pool<'a>, label: LabelId) -> LabelTexts<'a> {
    let real = pool.real.iter().zip(0..).filter(|(e, _)| e.label == label);
    let kept = pool.kept.iter().filter(|e| e.label == label);
    LabelTexts {
        synthetic: kept.map(|e| Traced { text: e.text, source: pool.source(e).map(|at| at as u64) }).collect(),
        real: real.map(|(e, at)| Traced { text: e.text, source: Some(at) }).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arm::{Context, Recipe, SyntheticPool, TrainingSet, Words, example};
    use crate::pattern::reliance::Leaning;

    #[test]
    fn names_a_planted_word_and_the_alarms_that_hang_on_it() {
        let real: Vec<(String, u16)> = (0..240)
            .map(|i| (["plain", "odd"][usize::from(i % 4 == 1)], i))
            .map(|(own, i)| (format!("{own} thing{} on day{}", i % 7, i % 11), u16::from(own == "odd")))
            .collect();
        let made: Vec<String> =
            (0..120).map(|i| format!("moreover moreover odd thing{} on day{}", i % 7, i % 11)).collect();
        let pool = Pool {
            real: real.iter().map(|(t, l)| example(t, *l, &[])).collect(),
            naive: vec![],
            kept: made.iter().enumerate().map(|(i, t)| example(t, 1, &[4 * (i % 60) + 1])).collect(),
            n_labels: 2,
            author: None,
        };
        let labels = Labels::new(["common", "rare"].map(str::to_owned));
        let found = Patterns::of(&pool, &labels, Seed::new(7));
        assert_eq!((found.labels.len(), found.labels[0].label.as_str()), (1, "rare"));
        assert!(found.words[0].1.contains(&"moreover".to_owned()), "{:?}", found.words);
        // Real rows of the other label that happen to say it.
        let held: Vec<String> = (0..60).map(|i| format!("moreover thing{} on day{}", i % 7, i % 11)).collect();
        let held =
            Held { texts: held.iter().map(String::as_str).collect(), truth: vec![LabelId(0); 60], n_also_train: 0 };
        let context = Context::new(pool, &Words);
        let with = TrainingSet::real_and(context.pool(), SyntheticPool::Kept).unwrap();
        let [with, without] = [with, TrainingSet::real_once(context.pool())].map(|set| context.fit(&Recipe::of(set)));
        let tested = found.reliance(&held, [&with, &without], &labels, Seed::new(7));
        assert_eq!((tested[0].finding, tested[0].new_false_alarms.n), (Leaning::Leans, 60), "{}", tested[0].sentence);
    }
}
