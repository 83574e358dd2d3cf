//! What gives the synthetic rows away, and whether a classifier that learnt from them leans on it.

use super::train::Trained;
use crate::arm::{Fitted, NONE, Pool, SYNTHETIC};
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

/// Two models of one training part, and the rows that they judge.
pub(super) struct Models<'r> {
    pub(super) with: Fitted,
    pub(super) without: Fitted,
    pub(super) texts: Vec<&'r str>,
    pub(super) truth: Vec<LabelId>,
    /// Places of the rows among all judged ones.
    pub(super) positions: Vec<usize>,
}

impl<'r> Models<'r> {
    /// Those of the arms `synthetic` and `none`; `None` where one of them was not fitted.
    pub(super) fn of(trained: &Trained, texts: Vec<&'r str>, truth: &[LabelId], positions: &[usize]) -> Option<Self> {
        let [with, without] = [trained.fit_of(SYNTHETIC)?, trained.fit_of(NONE)?].map(Fitted::clone);
        Some(Models { with, without, texts, truth: truth.to_vec(), positions: positions.to_vec() })
    }
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

    /// Whether models `with` the synthetic rows lean on their words, set against those `without`; label by label.
    pub(super) fn reliance(&self, models: &[Models<'_>], labels: &Labels, seed: Seed) -> Vec<Reliance> {
        let mut all: Vec<(usize, usize)> =
            models.iter().enumerate().flat_map(|(at, of)| (0..of.texts.len()).map(move |row| (at, row))).collect();
        all.sort_by_key(|(at, row)| models[*at].positions[*row]);
        let said: Vec<[Vec<LabelId>; 2]> =
            models.iter().map(|of| [&of.with, &of.without].map(|fit| fit.predict(&of.texts))).collect();
        let texts: Vec<&str> = all.iter().map(|(at, row)| models[*at].texts[*row]).collect();
        let truth: Vec<LabelId> = all.iter().map(|(at, row)| models[*at].truth[*row]).collect();
        let [with, without] = [0, 1].map(|arm| all.iter().map(|(at, row)| said[*at][arm][*row]).collect::<Vec<_>>());
        let rows = Rows { texts: &texts, truth: &truth, without: &without, with: &with };
        // Rows of one model stand in one call, in the order of their edits.
        let classify = |edits: &[(usize, &str)]| {
            let mut called = vec![LabelId(0); edits.len()];
            for (at, of) in models.iter().enumerate() {
                let own: Vec<usize> = (0..edits.len()).filter(|edit| all[edits[*edit].0].0 == at).collect();
                let texts: Vec<&str> = own.iter().map(|edit| edits[*edit].1).collect();
                own.iter().zip(of.with.predict(&texts)).for_each(|(edit, label)| called[*edit] = label);
            }
            called
        };
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
        let context = Context::new(pool, &Words);
        let with = TrainingSet::real_and(context.pool(), SyntheticPool::Kept).unwrap();
        let [with, without] = [with, TrainingSet::real_once(context.pool())].map(|set| context.fit(&Recipe::of(set)));
        let models = |rows: std::ops::Range<usize>| Models {
            with: with.clone(),
            without: without.clone(),
            texts: held[rows.clone()].iter().map(String::as_str).collect(),
            truth: vec![LabelId(0); rows.len()],
            positions: rows.collect(),
        };
        let tested = found.reliance(&[models(0..60)], &labels, Seed::new(7));
        assert_eq!(
            found.reliance(&[models(25..60), models(0..25)], &labels, Seed::new(7)),
            tested,
            "folds make no difference"
        );
        assert_eq!((tested[0].finding, tested[0].new_false_alarms.n), (Leaning::Leans, 60), "{}", tested[0].sentence);
    }
}
