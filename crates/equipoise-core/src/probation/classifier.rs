//! A classifier as a judge: what the real rows alone say of a text's label.

use super::Judged;
use crate::data::{LabelId, deal_folds};
use crate::learner::{LinearModel, LogisticRegression, Model, Problem, TfIdf, Vectoriser};
use crate::rng::Seed;
use crate::text::hash64;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Folds: each row is judged by a classifier that learnt from four fifths of the others.
const FOLDS: usize = 5;
/// Real rows of a label that are learnt from, at most: more cost time and change no rate.
const MOST: usize = 3_000;

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

/// A classifier on words, with labels of equal mass, that judges rows which it learnt neither from nor from their sources.
///
/// It gives a row the label of highest probability among those that it finds at least as probable as it finds them for their own real
/// rows in the mean; none where there is no such label.
///
/// # Source
/// Northcutt, Jiang and Chuang, "Confident Learning" (2021): the same thresholds of each label, from which a row counts as one of another.
pub struct ClassifierJudge {
    /// The fold of each real row that was learnt from, by position.
    fold_of: BTreeMap<usize, usize>,
    folds: Vec<Fold>,
    thresholds: Vec<f64>,
    real: Vec<Judged>,
}

/// What was learnt from the rows outside of a fold.
struct Fold {
    vectoriser: TfIdf,
    model: LinearModel,
}

impl ClassifierJudge {
    /// Learns from real rows; of a label with more than 3,000 that many are taken, by a hash of their texts. `None` where they cannot be
    /// folded.
    pub fn learn(rows: &[(&str, LabelId)], n_labels: usize, seed: Seed) -> Option<Self> {
        let taken = taken(rows);
        let row = |at: &usize| rows[*at];
        let dealt = deal_folds(taken.iter().map(row), FOLDS, seed)?;
        let learn = |fold: usize| {
            let outside = taken.iter().zip(&dealt).filter(|(_, of)| **of != fold).map(|(at, _)| rows[*at]);
            Fold::learn(&outside.collect::<Vec<_>>(), n_labels)
        };
        let folds: Vec<Fold> = (0..FOLDS).into_par_iter().map(learn).collect();
        let mut judge = ClassifierJudge {
            fold_of: taken.iter().copied().zip(dealt).collect(),
            folds,
            thresholds: vec![],
            real: vec![],
        };
        let own: Vec<Claim<'_>> =
            taken.iter().map(|at| Claim { text: rows[*at].0, label: rows[*at].1, source: Some(*at) }).collect();
        let probabilities = judge.probabilities(&own);
        judge.thresholds = thresholds(&own, &probabilities, n_labels);
        judge.real = judge.opinions(&own, &probabilities);
        Some(judge)
    }

    /// What it says of the real rows that it learnt from, each by the fold that did not.
    pub fn real(&self) -> &[Judged] {
        &self.real
    }

    /// What it says of synthetic rows, in their order. A row of unknown source is judged by one of the folds, the same one for equal texts.
    pub fn judge(&self, claims: &[Claim<'_>]) -> Vec<Judged> {
        self.opinions(claims, &self.probabilities(claims))
    }

    fn opinions(&self, claims: &[Claim<'_>], probabilities: &[Vec<f64>]) -> Vec<Judged> {
        let judged = |(claim, row): (&Claim<'_>, &Vec<f64>)| Judged {
            label: claim.label,
            opinion: opinion(row, &self.thresholds),
        };
        claims.iter().zip(probabilities).map(judged).collect()
    }

    /// Probabilities of each label, for each claim.
    fn probabilities(&self, claims: &[Claim<'_>]) -> Vec<Vec<f64>> {
        let mut of_fold: Vec<Vec<usize>> = vec![Vec::new(); FOLDS];
        claims.iter().enumerate().for_each(|(at, claim)| of_fold[self.fold(claim)].push(at));
        let mut all = vec![Vec::new(); claims.len()];
        let predicted: Vec<Vec<Vec<f64>>> = of_fold
            .par_iter()
            .zip(&self.folds)
            .map(|(at, fold)| fold.predict(&at.iter().map(|at| claims[*at].text).collect::<Vec<_>>()))
            .collect();
        for (at, rows) in of_fold.iter().zip(predicted) {
            at.iter().zip(rows).for_each(|(at, row)| all[*at] = row);
        }
        all
    }

    /// The fold whose classifier saw neither the row nor its source.
    fn fold(&self, claim: &Claim<'_>) -> usize {
        let known = claim.source.and_then(|s| self.fold_of.get(&s));
        known.copied().unwrap_or_else(|| hash64(claim.text.as_bytes()) as usize % FOLDS)
    }
}

/// Positions of the rows that are learnt from, ascending.
fn taken(rows: &[(&str, LabelId)]) -> Vec<usize> {
    let mut by_label: BTreeMap<LabelId, Vec<usize>> = BTreeMap::new();
    rows.iter().enumerate().for_each(|(at, (_, label))| by_label.entry(*label).or_default().push(at));
    for positions in by_label.values_mut().filter(|of| of.len() > MOST) {
        positions.sort_by_key(|at| hash64(rows[*at].0.as_bytes()));
        positions.truncate(MOST);
    }
    let mut taken: Vec<usize> = by_label.into_values().flatten().collect();
    taken.sort_unstable();
    taken
}

impl Fold {
    fn learn(known: &[(&str, LabelId)], n_labels: usize) -> Self {
        let (texts, labels): (Vec<&str>, Vec<LabelId>) = known.iter().copied().unzip();
        let mut counts = vec![0.0; n_labels];
        labels.iter().for_each(|l| counts[l.index()] += 1.0);
        let n_present = counts.iter().filter(|n| **n > 0.0).count() as f64;
        let weights: Vec<f64> = labels.iter().map(|l| labels.len() as f64 / (n_present * counts[l.index()])).collect();
        let vectoriser = TfIdf::fit(&texts);
        let features = vectoriser.transform(&texts);
        let problem = Problem { features: &features, labels: &labels, weights: &weights, n_labels };
        Fold { model: LogisticRegression::default().fit(&problem, None), vectoriser }
    }

    fn predict(&self, texts: &[&str]) -> Vec<Vec<f64>> {
        let probabilities = self.model.probabilities(&self.vectoriser.transform(texts));
        let n_labels = probabilities.len() / texts.len().max(1);
        probabilities.chunks_exact(n_labels.max(1)).map(<[f64]>::to_vec).collect()
    }
}

/// For each label the mean probability that its own real rows have of it; 1 for a label without rows, which then is nobody's.
fn thresholds(own: &[Claim<'_>], probabilities: &[Vec<f64>], n_labels: usize) -> Vec<f64> {
    let (mut sum, mut n) = (vec![0.0; n_labels], vec![0.0; n_labels]);
    for (row, probabilities) in own.iter().zip(probabilities) {
        sum[row.label.index()] += probabilities[row.label.index()];
        n[row.label.index()] += 1.0;
    }
    sum.iter().zip(&n).map(|(sum, n)| if *n > 0.0 { sum / n } else { 1.0 }).collect()
}

fn opinion(row: &[f64], thresholds: &[f64]) -> Option<LabelId> {
    let sure = (0..row.len()).filter(|l| row[*l] >= thresholds[*l]);
    sure.max_by(|a, b| row[*a].total_cmp(&row[*b]).then(b.cmp(a))).map(|l| LabelId(l as u16))
}

#[cfg(test)]
mod tests {
    use super::super::{Bounds, Permit, Probation, Record, Tally, accuses, probation};
    use super::*;
    use rand::RngExt;

    /// Ten words, three of them of the label's own thirty.
    fn text(label: u16, i: usize) -> String {
        let mut rng = Seed::new(9).child(&format!("{label}/{i}")).rng();
        let mut word = |own: bool| match own {
            true => format!("own{label}x{}", rng.random_range(0..30)),
            false => format!("w{}", rng.random_range(0..50)),
        };
        (0..10).map(|at| word(at < 3)).collect::<Vec<_>>().join(" ")
    }

    /// 200 rows that claim label 1, of which the first `wrong` are of label 2.
    fn probed(wrong: usize) -> Probation {
        let real: Vec<(String, LabelId)> = (0..300).map(|i| (text(i % 3, i as usize), LabelId(i % 3))).collect();
        let real: Vec<(&str, LabelId)> = real.iter().map(|(t, l)| (t.as_str(), *l)).collect();
        let made: Vec<String> = (0..200).map(|i| text(if i < wrong { 2 } else { 1 }, 1_000 + i)).collect();
        let mut claims = Vec::new();
        for (at, text) in made.iter().enumerate() {
            claims.push(Claim { text, label: LabelId(1), source: Some(3 * (at % 100) + 1) });
        }
        let judge = ClassifierJudge::learn(&real, 3, Seed::new(7)).unwrap();
        let mut tally = Tally::default();
        let judged = judge.judge(&claims);
        let accused = judged.iter().map(|j| accuses(j.opinion, j.label));
        accused.zip(&claims).for_each(|(is_accused, claim)| tally.add(is_accused, claim.source.map(|s| s as u64)));
        let record = Record::of(LabelId(1), judge.real()).unwrap();
        probation("one", &record, tally.share().unwrap(), &Bounds::default()).unwrap()
    }

    #[test]
    fn finds_planted_wrong_labels_and_leaves_right_ones_alone() {
        let none = probed(0);
        assert_ne!(none.permit, Permit::Rejects, "{}", none.sentence);
        let third = probed(60);
        assert_eq!(third.permit, Permit::Rejects, "{}", third.sentence);
        assert!((third.wrong.unwrap().value - 0.3).abs() < 0.1);
    }

    #[test]
    fn judges_a_text_alike_in_any_company() {
        let real: Vec<(String, LabelId)> = (0..90).map(|i| (text(i % 3, i as usize), LabelId(i % 3))).collect();
        let real: Vec<(&str, LabelId)> = real.iter().map(|(t, l)| (t.as_str(), *l)).collect();
        let judge = ClassifierJudge::learn(&real, 3, Seed::new(7)).unwrap();
        let texts: Vec<String> = (0..20).map(|i| text(2, 500 + i)).collect();
        let claims: Vec<Claim<'_>> = texts.iter().map(|text| Claim { text, label: LabelId(1), source: None }).collect();
        let apart: Vec<Judged> = claims.iter().flat_map(|claim| judge.judge(&[*claim])).collect();
        assert_eq!(judge.judge(&claims), apart);
        assert!(judge.judge(&[]).is_empty());
    }

    #[test]
    fn learns_nothing_where_the_real_rows_are_one_text() {
        assert!(ClassifierJudge::learn(&[("a", LabelId(0)); 5], 2, Seed::new(7)).is_none());
        assert!(ClassifierJudge::learn(&[], 2, Seed::new(7)).is_none());
    }
}
