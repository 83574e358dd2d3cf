//! The generator's style: can a classifier tell synthetic rows from real ones of the same label?

use crate::arm::{Folds, Pool};
use crate::data::{LabelId, Labels};
use crate::learner::{Csr, LogisticRegression, Model, Problem, TfIdf, Vectoriser};
use crate::rng::Seed;
use crate::stats::{self, Estimate, Resamples};
use crate::text::words;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Below so many real or synthetic rows of a label no classifier is fitted.
const FEWEST: usize = 20;
const FOLDS: usize = 5;
/// Resamples behind the interval of an AUC.
const RESAMPLES: usize = 500;
/// Telling words that are shown.
const SHOWN_WORDS: usize = 8;
/// The z-score from which a word tells: beyond chance among some ten thousand words.
const TELLING_Z: f64 = 4.0;

/// How much of a label is synthetic, and how well that shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Leak {
    /// The label.
    pub label: String,
    /// Real training rows.
    pub n_real: usize,
    /// Synthetic rows used.
    pub n_synthetic: usize,
    /// Share (0..1) of the label's rows that is synthetic.
    pub share: f64,
    /// Area under the ROC curve of a classifier that tells the label's synthetic rows from its real ones, out of fold: 0.5 where it
    /// cannot, 1 where it always can. `None` with fewer than 20 rows of either kind.
    pub auc: Option<Estimate>,
    /// Words that stand in synthetic rows far more often than in real rows of the label, strongest first.
    pub telling: Vec<String>,
}

/// The leak of every label that has synthetic rows, from training rows alone.
pub(super) fn leaks(pool: &Pool<'_>, labels: &Labels, seed: Seed) -> Vec<Leak> {
    let n_synthetic = pool.counts(&pool.kept);
    let Some(folds) = Folds::new(pool, FOLDS, seed.child("folds")) else { return vec![] };
    let fold_of = fold_of_real(pool, &folds);
    let made: Vec<LabelId> = labels.ids().filter(|l| n_synthetic[l.index()] > 0).collect();
    let leak = |label: &LabelId| {
        let rows = Rows::of(pool, *label, &fold_of);
        let (n_real, n_synthetic) = (rows.n_real, rows.texts.len() - rows.n_real);
        let enough = n_real >= FEWEST && n_synthetic >= FEWEST;
        Leak {
            label: labels.name(*label).to_owned(),
            n_real,
            n_synthetic,
            share: n_synthetic as f64 / (n_real + n_synthetic) as f64,
            auc: enough.then(|| auc(&rows, seed.child(&format!("auc/{}", label.0)))).flatten(),
            telling: telling(&rows),
        }
    };
    made.par_iter().map(leak).collect()
}

fn fold_of_real(pool: &Pool<'_>, folds: &Folds) -> Vec<usize> {
    let mut fold_of = vec![0; pool.real.len()];
    (0..folds.n_folds()).for_each(|fold| folds.validated(fold).into_iter().for_each(|at| fold_of[at] = fold));
    fold_of
}

/// The rows of one label, real ones first, and the fold of each: a synthetic row stands in the fold of its first source.
struct Rows<'a> {
    texts: Vec<&'a str>,
    folds: Vec<usize>,
    n_real: usize,
}

impl<'a> Rows<'a> {
    fn of(pool: &Pool<'a>, label: LabelId, fold_of: &[usize]) -> Self {
        let real = pool.real.iter().enumerate().filter(|(_, e)| e.label == label).map(|(at, e)| (e.text, fold_of[at]));
        let real: Vec<(&str, usize)> = real.collect();
        let made = pool.kept.iter().filter(|e| e.label == label).enumerate();
        let made = made.map(|(i, e)| (e.text, e.parents.first().map_or(i % FOLDS, |p| fold_of[*p])));
        let n_real = real.len();
        let (texts, folds) = real.into_iter().chain(made).unzip();
        Rows { texts, folds, n_real }
    }
}

/// Out-of-fold AUC; `None` where a fold has nothing to learn from on one side.
fn auc(rows: &Rows<'_>, seed: Seed) -> Option<Estimate> {
    let is_made = |at: usize| at >= rows.n_real;
    let mut scores = vec![f64::NAN; rows.texts.len()];
    for fold in 0..FOLDS {
        let (asked, known): (Vec<usize>, Vec<usize>) = (0..rows.texts.len()).partition(|at| rows.folds[*at] == fold);
        if asked.is_empty() {
            continue;
        }
        let labels: Vec<LabelId> = known.iter().map(|at| LabelId(u16::from(is_made(*at)))).collect();
        let texts = |at: &[usize]| at.iter().map(|at| rows.texts[*at]).collect::<Vec<_>>();
        let (known_texts, asked_texts) = (texts(&known), texts(&asked));
        let vectoriser = TfIdf::fit(&known_texts);
        let features: Csr = vectoriser.transform(&known_texts);
        let weights = balanced(&labels)?;
        let problem = Problem { features: &features, labels: &labels, weights: &weights, n_labels: 2 };
        let model = LogisticRegression::default().fit(&problem, None);
        let probabilities = model.probabilities(&vectoriser.transform(&asked_texts));
        asked.iter().zip(probabilities.chunks_exact(2)).for_each(|(at, p)| scores[*at] = p[1]);
    }
    let order = |drawn: &[u32]| {
        let side = |made: bool| drawn.iter().map(|at| *at as usize).filter(move |at| is_made(*at) == made);
        area(side(true).map(|at| scores[at]).collect(), side(false).map(|at| scores[at]).collect())
    };
    let all: Vec<u32> = (0..scores.len() as u32).collect();
    let resamples = Resamples::new((0..scores.len()).map(|at| usize::from(is_made(at))), RESAMPLES, seed);
    let mut samples = resamples.map(order);
    let method = format!("{FOLDS}-fold over training rows, percentile bootstrap, {RESAMPLES} resamples");
    stats::interval(order(&all), &mut samples, scores.len(), &method)
}

/// Weights that give real and synthetic rows the same mass; `None` where one of them is missing.
fn balanced(labels: &[LabelId]) -> Option<Vec<f64>> {
    let n_made = labels.iter().filter(|l| l.0 == 1).count();
    let counts = [labels.len() - n_made, n_made];
    let weight = |l: &LabelId| labels.len() as f64 / (2.0 * counts[l.index()] as f64);
    counts.iter().all(|n| *n > 0).then(|| labels.iter().map(weight).collect())
}

/// The chance that a score of `high` lies above one of `low`, ties counted half: the Mann–Whitney statistic over its maximum.
fn area(mut high: Vec<f64>, mut low: Vec<f64>) -> f64 {
    high.sort_unstable_by(f64::total_cmp);
    low.sort_unstable_by(f64::total_cmp);
    let (mut below, mut not_above, mut total) = (0, 0, 0.0);
    for score in &high {
        while below < low.len() && low[below] < *score {
            below += 1;
        }
        while not_above < low.len() && low[not_above] <= *score {
            not_above += 1;
        }
        total += (below + not_above) as f64 / 2.0;
    }
    total / (high.len() * low.len()) as f64
}

/// Words whose log-odds of standing in a synthetic row rather than a real one are beyond chance.
///
/// # Source
/// Weighted log-odds with a Dirichlet prior: Monroe, Colaresi and Quinn, "Fightin' Words" (2008), on counts of rows.
fn telling(rows: &Rows<'_>) -> Vec<String> {
    const PRIOR: f64 = 10.0;
    let mut counts: BTreeMap<String, [f64; 2]> = BTreeMap::new();
    for (at, text) in rows.texts.iter().enumerate() {
        let distinct: BTreeSet<String> = words(text).map(str::to_lowercase).collect();
        let side = usize::from(at >= rows.n_real);
        distinct.into_iter().for_each(|word| counts.entry(word).or_default()[side] += 1.0);
    }
    let n = [rows.n_real as f64, (rows.texts.len() - rows.n_real) as f64];
    let z = |with: [f64; 2]| {
        let prior = PRIOR * (with[0] + with[1] + 0.5) / (n[0] + n[1] + 1.0);
        let odds = |side: usize| ((with[side] + prior) / (n[side] + PRIOR - with[side] - prior)).ln();
        let variance = 1.0 / (with[0] + prior) + 1.0 / (with[1] + prior);
        (odds(1) - odds(0)) / variance.sqrt()
    };
    let mut found: Vec<(f64, String)> = counts.into_iter().map(|(word, with)| (z(with), word)).collect();
    found.retain(|(z, _)| *z >= TELLING_Z);
    found.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    found.into_iter().take(SHOWN_WORDS).map(|(_, word)| word).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arm::example;
    use rand::RngExt;

    #[test]
    fn counts_the_pairs_in_the_right_order() {
        assert_eq!(area(vec![0.9, 0.8], vec![0.1, 0.2]), 1.0);
        assert_eq!(area(vec![0.1, 0.9], vec![0.5]), 0.5);
        assert_eq!(area(vec![0.5, 0.5], vec![0.5]), 0.5);
        assert_eq!(area(vec![0.5, 0.9], vec![0.5, 0.1]), (0.5 + 1.0 + 1.0 + 1.0) / 4.0);
    }

    fn labels() -> Labels {
        let mut rows = crate::data::Rows::default();
        rows.push("a", "common").unwrap();
        rows.push("b", "rare").unwrap();
        crate::data::Dataset::new(rows).unwrap().train().labels().clone()
    }

    #[test]
    fn sees_a_style_that_only_the_synthetic_rows_have_and_none_where_there_is_none() {
        let mut rng = Seed::new(3).rng();
        let mut text = || (0..6).map(|_| format!("w{}", rng.random_range(0..40))).collect::<Vec<_>>().join(" ");
        let real: Vec<String> = (0..120).map(|_| text()).collect();
        let plain: Vec<String> = (0..60).map(|_| text()).collect();
        let styled: Vec<String> = (0..60).map(|_| format!("moreover {}", text())).collect();
        let leak_of = |made: &[String]| {
            let pool = Pool {
                real: real.iter().map(|t| example(t, 1, &[])).collect(),
                naive: vec![],
                kept: made.iter().enumerate().map(|(i, t)| example(t, 1, &[i])).collect(),
                n_labels: 2,
                author: None,
            };
            leaks(&pool, &labels(), Seed::new(7)).remove(0)
        };
        let styled = leak_of(&styled);
        assert!(styled.auc.as_ref().is_some_and(|e| e.value > 0.99), "{styled:?}");
        assert_eq!(styled.telling, ["moreover"]);
        assert!((styled.share - 60.0 / 180.0).abs() < 1e-12);
        let plain = leak_of(&plain);
        assert!(plain.auc.as_ref().is_some_and(|e| (0.35..0.65).contains(&e.value)), "{plain:?}");
        assert!(plain.telling.is_empty());
    }

    #[test]
    fn says_nothing_of_a_label_with_few_rows() {
        let pool = Pool {
            real: (0..30).map(|_| example("a", 0, &[])).chain([example("b", 1, &[])]).collect(),
            naive: vec![],
            kept: vec![example("c", 1, &[30])],
            n_labels: 2,
            author: None,
        };
        let leaks = leaks(&pool, &labels(), Seed::new(7));
        assert!(leaks.is_empty() || leaks[0].auc.is_none());
    }
}
