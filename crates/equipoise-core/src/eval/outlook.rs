//! Which labels texts are likely to help, by the training rows alone.

use super::folded::usual_repeats;
use super::inputs::Progress;
use super::settled::Counter;
use crate::arm::{CLASS_WEIGHT, Context, Example, FOLDS, NONE, Pool};
use crate::data::{LabelId, TrainView};
use crate::learner::{Learner, most_probable};
use crate::metric::Confusion;
use crate::plan::{Help, Outlook, TakenFor};
use crate::rng::Seed;
use rand::seq::SliceRandom;

/// A label with fewer rows has none of them in some fold.
const FEWEST: usize = FOLDS;
/// Rows that are looked at, drawn where there are more: with so many of them others change no answer that has three words.
const MOST_ROWS: usize = 20_000;
/// A label is worth naming as a neighbour from this share of the rows on.
const NEIGHBOUR: f64 = 0.1;
const MOST_NEIGHBOURS: usize = 3;

/// For each of `labels` whether texts are likely to help it, the likeliest first, by what class weights do to its F1 when every row is
/// predicted from the other folds.
///
/// With few rows several passes are made, as for the verdict.
pub fn outlook(
    train: TrainView<'_>,
    labels: &[LabelId],
    (name, learner): (&str, &dyn Learner),
    seed: Seed,
    progress: &(dyn Fn(Progress<'_>) + Sync),
) -> Vec<Outlook> {
    let pool = real_rows(train, seed.child("rows"));
    let n_passes = usual_repeats(pool.real.len());
    let counter = Counter::new(n_passes * FOLDS * ARMS.len(), progress);
    let on_fit = || counter.fitted(name);
    let passes =
        (0..n_passes).filter_map(|pass| predicted(&pool, learner, &on_fit, seed.child(&format!("pass/{pass}"))));
    let passes: Vec<[Vec<LabelId>; 2]> = passes.collect();
    let truth = pool.truth();
    let confusion = |arm: usize| {
        let pairs = passes.iter().flat_map(|pass| truth.iter().copied().zip(pass[arm].iter().copied()));
        Confusion::new(pool.n_labels, pairs)
    };
    let (plain, weighted) = (confusion(0), confusion(1));
    let counts = pool.counts(&pool.real);
    let of = |label: &LabelId| {
        let is_known = counts[label.index()] >= FEWEST && !passes.is_empty();
        let gain = is_known.then(|| weighted.tally(*label).f1() - plain.tally(*label).f1());
        Outlook {
            label: train.labels().name(*label).to_owned(),
            help: gain.map(Help::of_gain),
            class_weight_gain: gain,
            taken_for: if is_known { taken_for(&weighted, *label, train) } else { vec![] },
        }
    };
    let mut outlooks: Vec<Outlook> = labels.iter().map(of).collect();
    let gain = |outlook: &Outlook| outlook.class_weight_gain.unwrap_or(f64::NEG_INFINITY);
    outlooks.sort_by(|a, b| gain(b).total_cmp(&gain(a)));
    outlooks
}

const ARMS: [&str; 2] = [NONE, CLASS_WEIGHT];

fn real_rows(train: TrainView<'_>, seed: Seed) -> Pool<'_> {
    let mut drawn: Vec<usize> = (0..train.len()).collect();
    if drawn.len() > MOST_ROWS {
        drawn.shuffle(&mut seed.rng());
        drawn.truncate(MOST_ROWS);
        drawn.sort_unstable();
    }
    let example = |at: usize| {
        let row = train.get(at);
        Example { text: row.text, label: row.label, parents: vec![] }
    };
    let real = drawn.into_iter().map(example).collect();
    Pool { real, naive: vec![], kept: vec![], n_labels: train.labels().len(), author: None }
}

/// What each of [`ARMS`] takes every row for, from the other folds; `None` where the rows are too few to fold.
fn predicted(
    pool: &Pool<'_>,
    learner: &dyn Learner,
    on_fit: &(dyn Fn() + Sync),
    seed: Seed,
) -> Option<[Vec<LabelId>; 2]> {
    let context = Context::new(pool.clone(), learner).with_progress(on_fit).cross_validated(&ARMS, seed);
    let crossed = context.crossed()?;
    let [plain, weighted] = ARMS.map(|arm| crossed.probabilities(arm).map(|p| most_probable(p, pool.n_labels)));
    Some([plain?, weighted?])
}

fn taken_for(confusion: &Confusion, label: LabelId, train: TrainView<'_>) -> Vec<TakenFor> {
    let n = confusion.tally(label).support.max(1) as f64;
    let share = |other: LabelId| confusion.get(label, other) as f64 / n;
    let others = train.labels().ids().filter(|other| *other != label && share(*other) >= NEIGHBOUR);
    let of = |other: LabelId| TakenFor { label: train.labels().name(other).to_owned(), share: share(other) };
    let mut taken: Vec<TakenFor> = others.map(of).collect();
    taken.sort_by(|a, b| b.share.total_cmp(&a.share));
    taken.truncate(MOST_NEIGHBOURS);
    taken
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Rows};
    use crate::learner::usual;

    /// `rare` has a word of its own that the common label has at times; `odd` none at all; `tiny` three rows.
    fn dataset() -> Dataset {
        let mut rows = Rows::default();
        for i in 0..300 {
            let word = if i % 5 == 0 { "sorry" } else { "fine" };
            rows.push(&format!("{word} a{} b{} c{}", i % 7, i % 11, i % 13), "common").expect("few labels");
        }
        for i in 0..30 {
            rows.push(&format!("sorry a{} b{} c{}", i % 7, i % 11, i % 13), "rare").expect("few labels");
        }
        for i in 0..3 {
            rows.push(&format!("other a{i}"), "tiny").expect("few labels");
        }
        Dataset::new(rows).expect("three labels")
    }

    #[test]
    fn labels_that_class_weights_raise_come_first_and_too_few_rows_are_told() {
        let dataset = dataset();
        let train = dataset.train();
        let ids: Vec<LabelId> = train.labels().ids().collect();
        let learner = usual();
        let found = outlook(train, &ids, ("linear", &*learner), Seed::new(7), &|_| ());
        let words: Vec<_> = found.iter().map(|o| (o.label.as_str(), o.help.map(Help::word))).collect();
        assert_eq!(words[0], ("rare", Some("likely")), "{found:?}");
        assert_eq!(words[2], ("tiny", None), "{found:?}");
        assert!(found[2].taken_for.is_empty() && found[2].class_weight_gain.is_none());
        let again = outlook(train, &ids, ("linear", &*learner), Seed::new(7), &|_| ());
        assert_eq!(found, again);
    }

    #[test]
    fn neighbours_are_those_that_a_tenth_of_the_rows_is_taken_for() {
        let dataset = dataset();
        let train = dataset.train();
        let id = |name| train.labels().id(name).expect("a label");
        let pairs = [
            vec![(id("common"), id("rare")); 8],
            vec![(id("common"), id("common")); 90],
            vec![(id("rare"), id("common")); 4],
            vec![(id("rare"), id("rare")); 6],
        ];
        let confusion = Confusion::new(3, pairs.concat());
        assert_eq!(taken_for(&confusion, id("common"), train), []);
        let [common] = &taken_for(&confusion, id("rare"), train)[..] else { panic!("one neighbour") };
        assert_eq!((common.label.as_str(), common.share), ("common", 0.4));
    }
}
