//! A classifier as a judge: what the real rows alone say of a text's label.

use super::Judged;
use crate::data::{LabelId, deal_folds};
use crate::learner::{LogisticRegression, Model, Problem, TfIdf, Vectoriser};
use crate::rng::Seed;
use rayon::prelude::*;

/// Folds: each row is judged by a classifier that learnt from four fifths of the others.
const FOLDS: usize = 5;

/// A synthetic row that claims a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claim<'a> {
    /// The text.
    pub text: &'a str,
    /// The label that it carries.
    pub label: LabelId,
    /// Position among the real rows of the one that it was made from; `None` where that is not known.
    pub source: Option<usize>,
}

/// What a judge says of real and of synthetic rows, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinions {
    /// Of each real row.
    pub real: Vec<Judged>,
    /// Of each synthetic row.
    pub synthetic: Vec<Judged>,
}

/// The opinions of a classifier on words, with labels of equal mass, on rows that it learnt neither from nor from their sources.
///
/// It gives a row the label of highest probability among those that it finds at least as probable as it finds them for their own real
/// rows in the mean; none where there is no such label. `None` where the real rows cannot be folded.
///
/// # Source
/// Northcutt, Jiang and Chuang, "Confident Learning" (2021): the same thresholds of each label, from which a row counts as one of another.
pub fn classifier_opinions(
    real: &[(&str, LabelId)],
    claims: &[Claim<'_>],
    n_labels: usize,
    seed: Seed,
) -> Option<Opinions> {
    let fold_of = deal_folds(real.iter().copied(), FOLDS, seed)?;
    // A row of unknown source may be judged by any of the classifiers.
    let home = |at: usize| claims[at].source.and_then(|s| fold_of.get(s).copied()).unwrap_or(at % FOLDS);
    let home: Vec<usize> = (0..claims.len()).map(home).collect();
    let of = |folds: &[usize], fold: usize| (0..folds.len()).filter(|at| folds[*at] == fold).collect::<Vec<_>>();
    let by_fold: Vec<_> = (0..FOLDS)
        .into_par_iter()
        .map(|fold| {
            let (own, made) = (of(&fold_of, fold), of(&home, fold));
            let known: Vec<(&str, LabelId)> =
                real.iter().zip(&fold_of).filter(|(_, of)| **of != fold).map(|(row, _)| *row).collect();
            let asked: Vec<&str> =
                own.iter().map(|at| real[*at].0).chain(made.iter().map(|at| claims[*at].text)).collect();
            (own, made, learn(&known, &asked, n_labels))
        })
        .collect();
    let mut of_real = vec![0.0; real.len() * n_labels];
    let mut of_made = vec![0.0; claims.len() * n_labels];
    for (own, made, probabilities) in by_fold {
        let mut rows = probabilities.chunks_exact(n_labels.max(1));
        let mut put = |to: &mut [f64], at: usize| {
            rows.next().into_iter().for_each(|row| to[at * n_labels..(at + 1) * n_labels].copy_from_slice(row));
        };
        own.into_iter().for_each(|at| put(&mut of_real, at));
        made.into_iter().for_each(|at| put(&mut of_made, at));
    }
    let thresholds = thresholds(real, &of_real, n_labels);
    let opinion = |row: &[f64]| opinion(row, &thresholds);
    let n_real = real.len() as u64;
    let real = real.iter().zip(of_real.chunks_exact(n_labels.max(1))).zip(0..);
    let real = real.map(|(((_, label), row), at)| Judged { label: *label, opinion: opinion(row), source: at });
    let made = claims.iter().zip(of_made.chunks_exact(n_labels.max(1))).zip(0..);
    let made = made.map(|((claim, row), at)| Judged {
        label: claim.label,
        opinion: opinion(row),
        source: claim.source.map_or(n_real + at, |s| s as u64),
    });
    Some(Opinions { real: real.collect(), synthetic: made.collect() })
}

/// Row-major probabilities of the asked texts by a classifier of the known rows.
fn learn(known: &[(&str, LabelId)], asked: &[&str], n_labels: usize) -> Vec<f64> {
    let (texts, labels): (Vec<&str>, Vec<LabelId>) = known.iter().copied().unzip();
    let mut counts = vec![0.0; n_labels];
    labels.iter().for_each(|l| counts[l.index()] += 1.0);
    let n_present = counts.iter().filter(|n| **n > 0.0).count() as f64;
    let weights: Vec<f64> = labels.iter().map(|l| labels.len() as f64 / (n_present * counts[l.index()])).collect();
    let vectoriser = TfIdf::fit(&texts);
    let features = vectoriser.transform(&texts);
    let problem = Problem { features: &features, labels: &labels, weights: &weights, n_labels };
    LogisticRegression::default().fit(&problem, None).probabilities(&vectoriser.transform(asked))
}

/// For each label the mean probability that its own real rows have of it; 1 for a label without rows, which then is nobody's.
fn thresholds(real: &[(&str, LabelId)], probabilities: &[f64], n_labels: usize) -> Vec<f64> {
    let (mut sum, mut n) = (vec![0.0; n_labels], vec![0.0; n_labels]);
    for ((_, label), row) in real.iter().zip(probabilities.chunks_exact(n_labels.max(1))) {
        sum[label.index()] += row[label.index()];
        n[label.index()] += 1.0;
    }
    sum.iter().zip(&n).map(|(sum, n)| if *n > 0.0 { sum / n } else { 1.0 }).collect()
}

fn opinion(row: &[f64], thresholds: &[f64]) -> Option<LabelId> {
    let sure = (0..row.len()).filter(|l| row[*l] >= thresholds[*l]);
    sure.max_by(|a, b| row[*a].total_cmp(&row[*b]).then(b.cmp(a))).map(|l| LabelId(l as u16))
}

#[cfg(test)]
mod tests {
    use super::super::{Bounds, Permit, probation};
    use super::*;
    use rand::RngExt;

    /// Ten words, three of them of the label's own thirty.
    fn text(label: u16, i: usize) -> String {
        let mut rng = Seed::new(9).child(&format!("{label}/{i}")).rng();
        let own = |rng: &mut rand_chacha::ChaCha8Rng| format!("own{label}x{}", rng.random_range(0..30));
        let word = |rng: &mut rand_chacha::ChaCha8Rng| format!("w{}", rng.random_range(0..50));
        (0..10).map(|at| if at < 3 { own(&mut rng) } else { word(&mut rng) }).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn finds_planted_wrong_labels_and_leaves_right_ones_alone() {
        let real: Vec<(String, LabelId)> = (0..300).map(|i| (text(i % 3, i as usize), LabelId(i % 3))).collect();
        let real: Vec<(&str, LabelId)> = real.iter().map(|(t, l)| (t.as_str(), *l)).collect();
        let probed = |wrong: usize| {
            let made: Vec<String> = (0..200).map(|i| text(if i < wrong { 2 } else { 1 }, 1_000 + i)).collect();
            let claim = |(at, text): (usize, &'_ String)| (at, text.clone());
            let made: Vec<(usize, String)> = made.iter().enumerate().map(claim).collect();
            let claims: Vec<Claim<'_>> = made
                .iter()
                .map(|(at, text)| Claim { text, label: LabelId(1), source: Some(3 * (at % 100) + 1) })
                .collect();
            let opinions = classifier_opinions(&real, &claims, 3, Seed::new(7)).unwrap();
            probation((LabelId(1), "one"), &opinions.real, &opinions.synthetic, &Bounds::default()).unwrap()
        };
        let none = probed(0);
        assert_ne!(none.permit, Permit::Rejects, "{}", none.sentence);
        let third = probed(60);
        assert_eq!(third.permit, Permit::Rejects, "{}", third.sentence);
        assert!((third.wrong.unwrap().value - 0.3).abs() < 0.1);
    }

    #[test]
    fn has_no_opinion_where_the_real_rows_are_one_text() {
        assert_eq!(classifier_opinions(&[("a", LabelId(0)); 5], &[], 2, Seed::new(7)), None);
    }
}
