//! Can a classifier tell the synthetic rows of a label from its real ones?

use super::Traced;
use super::ranking::{Scored, area};
use crate::data::LabelId;
use crate::learner::{LogisticRegression, Model, Problem, TfIdf, Vectoriser};
use crate::rng::Seed;
use crate::stats::Estimate;
use crate::text::hash64;
use rand::seq::SliceRandom;
use std::collections::HashMap;

/// Below so many real or synthetic rows no classifier is fitted.
const FEWEST: usize = 20;
const FOLDS: usize = 5;
/// Below so many real rows halves of them say nothing: left-out rows of a small set are predicted worse than by chance.
const FEWEST_IN_HALVES: usize = 100;
/// Rows of a side that are looked at, at most.
const MOST: usize = 4_000;

/// Area under the ROC curve of a classifier on words that tells `synthetic` rows of a label from `real` ones, out of fold: 0.5 where
/// it cannot, 1 where it always can. `None` with fewer than 20 rows of either kind.
///
/// A synthetic row is judged together with its source, and equal texts with each other. Human rows set against human rows of the same
/// collection give 0.49 in the mean; their intervals, which leave out that another sample would have trained another classifier, lie
/// above 0.5 now and then, but from [`TOLD_APART`] on in none of 24.
pub fn told_apart(synthetic: &[Traced<'_>], real: &[Traced<'_>], seed: Seed) -> Option<Estimate> {
    let (synthetic, real) = (&sample(synthetic)[..], &sample(real)[..]);
    if synthetic.len() < FEWEST || real.len() < FEWEST {
        return None;
    }
    let rows: Vec<(&Traced<'_>, bool)> =
        real.iter().map(|r| (r, false)).chain(synthetic.iter().map(|r| (r, true))).collect();
    let sources = sources(&rows);
    let fold_of = folds(&sources, seed.child("folds"));
    let mut scored: Vec<Scored> = Vec::with_capacity(rows.len());
    for fold in 0..FOLDS {
        let (asked, known): (Vec<usize>, Vec<usize>) = (0..rows.len()).partition(|at| fold_of[sources[*at]] == fold);
        if asked.is_empty() {
            continue;
        }
        let texts = |at: &[usize]| at.iter().map(|at| rows[*at].0.text).collect::<Vec<_>>();
        let labels: Vec<LabelId> = known.iter().map(|at| LabelId(u16::from(rows[*at].1))).collect();
        let probabilities = learn(&texts(&known), &labels, &texts(&asked))?;
        let score = |(at, p): (&usize, f64)| Scored { score: p, is_synthetic: rows[*at].1, source: sources[*at] };
        scored.extend(asked.iter().zip(probabilities).map(score));
    }
    area(&scored, &format!("{FOLDS} folds over training rows"), seed.child("interval"))
}

/// From this lower bound on rows are said to have a pattern.
pub const TOLD_APART: f64 = 0.60;

/// How well the same classifier tells two random halves of the real rows apart: what [`told_apart`] gives where there is nothing to find.
/// `None` with fewer than 100 rows.
pub fn baseline(real: &[Traced<'_>], seed: Seed) -> Option<Estimate> {
    if real.len() < FEWEST_IN_HALVES {
        return None;
    }
    let mut shuffled = real.to_vec();
    shuffled.shuffle(&mut seed.child("halves").rng());
    let (one, other) = shuffled.split_at(shuffled.len() / 2);
    told_apart(one, other, seed)
}

/// The rows, or as many of them as are looked at, by a hash of their texts.
fn sample<'a>(rows: &[Traced<'a>]) -> Vec<Traced<'a>> {
    let mut rows = rows.to_vec();
    if rows.len() > MOST {
        rows.sort_by_key(|r| hash64(r.text.as_bytes()));
        rows.truncate(MOST);
    }
    rows
}

/// The source of each row as a number below the number of rows. A row of unknown source is its own; equal texts have one source.
fn sources(rows: &[(&Traced<'_>, bool)]) -> Vec<usize> {
    let mut by_text: HashMap<&str, usize> = HashMap::new();
    let mut by_source: HashMap<u64, usize> = HashMap::new();
    let mut numbers = Vec::with_capacity(rows.len());
    for (at, (row, _)) in rows.iter().enumerate() {
        let own = row.source.map_or(at, |source| *by_source.entry(source).or_insert(at));
        numbers.push(*by_text.entry(row.text).or_insert(own));
    }
    numbers
}

/// A fold for each number of a source.
fn folds(sources: &[usize], seed: Seed) -> Vec<usize> {
    let mut distinct = sources.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    distinct.shuffle(&mut seed.rng());
    let mut fold_of = vec![0; sources.len()];
    distinct.iter().zip((0..FOLDS).cycle()).for_each(|(source, fold)| fold_of[*source] = fold);
    fold_of
}

/// The probability that each asked text is synthetic, by a classifier that gives both sides the same mass; `None` where it has nothing to
/// learn from on one side.
fn learn(texts: &[&str], labels: &[LabelId], asked: &[&str]) -> Option<Vec<f64>> {
    let n_synthetic = labels.iter().filter(|l| l.0 == 1).count();
    let counts = [labels.len() - n_synthetic, n_synthetic];
    if counts.contains(&0) {
        return None;
    }
    let weights: Vec<f64> = labels.iter().map(|l| labels.len() as f64 / (2.0 * counts[l.index()] as f64)).collect();
    let vectoriser = TfIdf::fit(texts);
    let features = vectoriser.transform(texts);
    let problem = Problem { features: &features, labels, weights: &weights, n_labels: 2 };
    let model = LogisticRegression::default().fit(&problem, None);
    Some(model.probabilities(&vectoriser.transform(asked)).chunks_exact(2).map(|p| p[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::super::families::traced;
    use super::*;
    use rand::RngExt;

    fn texts(n: usize, name: &str) -> Vec<String> {
        let mut rng = Seed::new(3).child(name).rng();
        (0..n).map(|_| (0..6).map(|_| format!("w{}", rng.random_range(0..40))).collect::<Vec<_>>().join(" ")).collect()
    }

    #[test]
    fn sees_a_style_that_only_the_synthetic_rows_have_and_none_where_there_is_none() {
        let real = texts(120, "real");
        let plain = texts(60, "made");
        let styled: Vec<String> = plain.iter().map(|t| format!("moreover {t}")).collect();
        let auc = |made: &[String]| told_apart(&traced(made, 1), &traced(&real, 1), Seed::new(7)).unwrap();
        assert!(auc(&styled).value > 0.99);
        assert!(auc(&plain).low < TOLD_APART, "{:?}", auc(&plain));
        assert!(baseline(&traced(&real, 1), Seed::new(7)).unwrap().low < 0.5);
    }

    #[test]
    fn copies_of_the_real_rows_are_not_told_apart_by_their_own_source() {
        let real = texts(100, "real");
        // Each made text holds its source's words, and no two sources share any.
        let own: Vec<String> = (0..100).map(|i| format!("{} own{i} own{i}b", real[i])).collect();
        let e = told_apart(&traced(&own, 1), &traced(&own, 1), Seed::new(7)).unwrap();
        assert!((e.value - 0.5).abs() < 0.02, "{e:?}");
    }

    #[test]
    fn says_nothing_of_few_rows() {
        let (few, many) = (texts(19, "few"), texts(60, "many"));
        assert_eq!(told_apart(&traced(&few, 1), &traced(&many, 1), Seed::new(7)), None);
        assert_eq!(baseline(&traced(&few, 1), Seed::new(7)), None);
    }
}
