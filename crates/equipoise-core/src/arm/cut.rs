//! The calibrated cut: where each label is predicted, chosen by what the scores are expected to give.

use super::goal::{Goal, Tally};
use super::platt::Platt;
use super::prior::Priors;
use crate::data::LabelId;

/// Rounds over the labels, at most; every round but the last raises the figure, and three were enough on every set tried.
const MAX_ROUNDS: usize = 8;
/// Furthest that a label is moved: odds of about 3,000.
const FURTHEST: f64 = 8.0;
/// A probability of 0 counts as this, so that its logarithm can be moved.
const LEAST: f64 = 1e-12;

/// Probabilities of rows whose labels are known, by models that did not see them.
#[derive(Debug, Clone, Copy)]
pub(super) struct OutOfFold<'a> {
    /// Row-major, `truth.len() × n_labels`.
    pub(super) probabilities: &'a [f64],
    pub(super) truth: &'a [LabelId],
    pub(super) n_labels: usize,
}

/// How a cut is chosen.
#[derive(Debug, Clone)]
pub struct Cut {
    /// The labels that are moved.
    pub(super) moved: Vec<LabelId>,
    /// What is expected to be highest.
    pub(super) goal: Goal,
    /// The shares that labels will have.
    pub(super) priors: Priors,
}

impl Cut {
    /// The shifts, by label, under which the goal is expected to be highest: what is added to each label's log probability before the
    /// highest is taken.
    ///
    /// The expectation is over calibrated probabilities (a logistic curve of each label on its out-of-fold log odds, rows brought to a sum
    /// of 1), not over the true labels of these rows: a cut that is best for 50 rare rows is mostly best for their noise, and predicts 1.4
    /// to 1.6 rows for each true one; the expected one 1.0 to 1.2, with a quarter of the spread. A label whose scores carry nothing stays
    /// where it is. With priors the expectation is over rows in which the labels have those shares.
    ///
    /// # Source
    /// Lewis, *Evaluating and Optimizing Autonomous Text Classification Systems* (SIGIR 1995), for the expected figure; coordinate ascent
    /// over labels after Fan and Lin, *A Study on Threshold Selection for Multi-label Classification* (2007).
    pub(super) fn shifts(&self, rows: OutOfFold<'_>) -> Vec<f64> {
        let mut shifts = vec![0.0; rows.n_labels];
        let curves: Vec<Option<Platt>> = (0..rows.n_labels).map(|label| curve(&rows, label)).collect();
        let expected = Expected::new(&rows, &curves, &self.priors);
        let all = self.moved.iter().map(|label| label.index());
        let moved: Vec<usize> = all.filter(|label| curves[*label].is_some()).collect();
        let Some(mut best) = expected.tally(&shifts).value(self.goal) else { return shifts };
        for _ in 0..MAX_ROUNDS {
            let before = best;
            for label in &moved {
                let found = expected.sweep(&shifts, *label, self.goal);
                if let Some((shift, value)) = found.filter(|(_, value)| *value > best + 1e-9) {
                    (shifts[*label], best) = (shift, value);
                }
            }
            if best == before {
                break;
            }
        }
        shifts
    }
}

/// `probabilities` with `shifts` added to their logarithms, each row summing to 1 again.
pub(super) fn shift(probabilities: &mut [f64], shifts: &[f64]) {
    let factors: Vec<f64> = shifts.iter().map(|s| s.exp()).collect();
    for row in probabilities.chunks_exact_mut(shifts.len().max(1)) {
        row.iter_mut().zip(&factors).for_each(|(p, f)| *p *= f);
        let total: f64 = row.iter().sum();
        row.iter_mut().for_each(|p| *p /= total);
    }
}

/// The log odds of a probability.
fn log_odds(probability: f64) -> f64 {
    let p = probability.clamp(LEAST, 1.0 - LEAST);
    (p / (1.0 - p)).ln()
}

fn curve(rows: &OutOfFold<'_>, label: usize) -> Option<Platt> {
    let scores = rows.probabilities.chunks_exact(rows.n_labels).map(move |row| log_odds(row[label]));
    Platt::fit(scores.zip(rows.truth.iter().map(move |truth| truth.index() == label)))
}

/// Rows with what each label is expected to weigh in them.
struct Expected {
    /// Row-major log probabilities, as the models gave them.
    logs: Vec<f64>,
    /// Row-major: the calibrated probability of the label times how much such a row counts.
    mass: Vec<f64>,
    n_labels: usize,
}

impl Expected {
    fn new(rows: &OutOfFold<'_>, curves: &[Option<Platt>], priors: &Priors) -> Self {
        let n_labels = rows.n_labels;
        let mut counts = vec![0.0; n_labels];
        rows.truth.iter().for_each(|label| counts[label.index()] += 1.0);
        let weights = priors.weights(&counts);
        let mut mass = Vec::with_capacity(rows.probabilities.len());
        for row in rows.probabilities.chunks_exact(n_labels.max(1)) {
            let of = |label: usize| match curves[label] {
                Some(curve) => curve.probability(log_odds(row[label])),
                None => counts[label] / rows.truth.len() as f64,
            };
            let calibrated: Vec<f64> = (0..n_labels).map(of).collect();
            let total: f64 = calibrated.iter().sum();
            mass.extend(calibrated.iter().zip(&weights).map(|(p, weight)| p / total * weight));
        }
        let logs = rows.probabilities.iter().map(|p| p.max(LEAST).ln()).collect();
        Expected { logs, mass, n_labels }
    }

    fn rows(&self) -> impl Iterator<Item = (&[f64], &[f64])> {
        self.logs.chunks_exact(self.n_labels.max(1)).zip(self.mass.chunks_exact(self.n_labels.max(1)))
    }

    /// The tally that the rows are expected to have under these shifts.
    fn tally(&self, shifts: &[f64]) -> Tally {
        let mut tally = Tally::zero(self.n_labels);
        for (logs, mass) in self.rows() {
            let (label, _) = highest(logs, shifts, None);
            tally.support.iter_mut().zip(mass).for_each(|(support, m)| *support += m);
            tally.predicted[label] += mass.iter().sum::<f64>();
            tally.hits[label] += mass[label];
        }
        tally
    }

    /// The best shift of `label` while the others stand, and the figure there: of all values that change a prediction, in the middle of
    /// the range that gives it; of equal ones the range that is nearest to where the label stands.
    fn sweep(&self, shifts: &[f64], label: usize, goal: Goal) -> Option<(f64, f64)> {
        // Each row goes over to `label` where the shift passes its point: (point, the label that it leaves, the row's masses).
        let mut points: Vec<(f64, usize, &[f64])> = self
            .rows()
            .map(|(logs, mass)| {
                let (other, value) = highest(logs, shifts, Some(label));
                (value - logs[label], other, mass)
            })
            .collect();
        points.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut tally = Tally::zero(self.n_labels);
        for (_, leaves, mass) in &points {
            tally.support.iter_mut().zip(*mass).for_each(|(support, m)| *support += m);
            tally.predicted[*leaves] += mass.iter().sum::<f64>();
            tally.hits[*leaves] += mass[*leaves];
        }
        let mut running = Running::new(&tally, goal)?;
        let mut best: Option<(f64, f64, f64)> = None;
        let (mut at, mut low) = (0, -FURTHEST);
        loop {
            let high = points.get(at).map_or(FURTHEST, |p| p.0).min(FURTHEST);
            if high > low + 1e-9 {
                let middle = 0.5 * (low + high);
                let (value, away) = (running.value(), (middle - shifts[label]).abs());
                let better = |b: &(f64, f64, f64)| value > b.1 + 1e-12 || (value > b.1 - 1e-12 && away < b.2);
                if best.as_ref().is_none_or(better) {
                    best = Some((middle, value, away));
                }
            }
            let Some((point, leaves, mass)) = points.get(at).copied().filter(|p| p.0 < FURTHEST) else { break };
            running.forget(&tally, [leaves, label]);
            let whole: f64 = mass.iter().sum();
            tally.predicted[leaves] -= whole;
            tally.predicted[label] += whole;
            tally.hits[leaves] -= mass[leaves];
            tally.hits[label] += mass[label];
            running.add(&tally, [leaves, label]);
            low = low.max(point);
            at += 1;
        }
        best.map(|(shift, value, _)| (shift, value))
    }
}

/// The label with the highest shifted value, `without` one, and that value.
fn highest(row: &[f64], shifts: &[f64], without: Option<usize>) -> (usize, f64) {
    let all = row.iter().zip(shifts).map(|(p, s)| p + s).enumerate().filter(|(l, _)| Some(*l) != without);
    all.fold((0, f64::NEG_INFINITY), |best, next| if next.1 > best.1 { next } else { best })
}

/// The goal's figure as a sum over labels, so that a row that goes over costs two terms.
struct Running {
    goal: Goal,
    sum: f64,
    over: f64,
}

impl Running {
    fn new(tally: &Tally, goal: Goal) -> Option<Self> {
        let over = tally.over(goal);
        Some(Running { goal, sum: tally.value(goal)? * over, over })
    }

    fn forget(&mut self, tally: &Tally, labels: [usize; 2]) {
        labels.iter().for_each(|label| self.sum -= tally.term(self.goal, *label));
    }

    fn add(&mut self, tally: &Tally, labels: [usize; 2]) {
        labels.iter().for_each(|label| self.sum += tally.term(self.goal, *label));
    }

    fn value(&self) -> f64 {
        self.sum / self.over
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(n_labels: usize) -> Vec<LabelId> {
        (0..n_labels as u16).map(LabelId).collect()
    }

    fn cut(moved: &[LabelId], goal: Goal, priors: &Priors) -> Cut {
        Cut { moved: moved.to_vec(), goal, priors: priors.clone() }
    }

    fn rows<'a>(probabilities: &'a [f64], truth: &'a [LabelId], n_labels: usize) -> OutOfFold<'a> {
        OutOfFold { probabilities, truth, n_labels }
    }

    /// The expected figure under shifts.
    fn value(rows: &OutOfFold<'_>, shifts: &[f64], goal: Goal) -> f64 {
        let curves: Vec<Option<Platt>> = (0..rows.n_labels).map(|label| curve(rows, label)).collect();
        Expected::new(rows, &curves, &Priors::default()).tally(shifts).value(goal).unwrap()
    }

    /// 20 rows of a rare label among 200, a little likelier where they are.
    fn rare() -> (Vec<f64>, Vec<LabelId>) {
        let truth: Vec<LabelId> = (0..200).map(|i| LabelId(u16::from(i % 10 == 0))).collect();
        let of = |(i, label): (usize, &LabelId)| {
            let p = if label.0 == 1 { 0.2 + 0.02 * (i % 7) as f64 } else { 0.05 + 0.02 * (i % 9) as f64 };
            [1.0 - p, p]
        };
        (truth.iter().enumerate().flat_map(of).collect(), truth)
    }

    proptest! {
        #[test]
        fn the_expected_figure_never_falls_and_no_single_move_is_better(
            raw in proptest::collection::vec(0.01f64..1.0, 24), truth in proptest::collection::vec(0u16..3, 8),
            goal in proptest::sample::select(vec![Goal::F1, Goal::Accuracy, Goal::Recall(LabelId(1))]), probe in -4.0f64..4.0,
        ) {
            let probabilities: Vec<f64> =
                raw.chunks_exact(3).flat_map(|row| row.iter().map(|v| v / row.iter().sum::<f64>())).collect();
            let truth: Vec<LabelId> = truth.into_iter().map(LabelId).collect();
            let rows = rows(&probabilities, &truth, 3);
            prop_assume!(goal != Goal::Recall(LabelId(1)) || truth.contains(&LabelId(1)));
            let shifts = cut(&all(3), goal, &Priors::default()).shifts(rows);
            let reached = value(&rows, &shifts, goal);
            prop_assert!(reached >= value(&rows, &[0.0; 3], goal) - 1e-9);
            for label in (0..3).filter(|label| curve(&rows, *label).is_some()) {
                let mut other = shifts.clone();
                other[label] = probe;
                prop_assert!(value(&rows, &other, goal) <= reached + 1e-6, "{shifts:?} and {probe} for {label}");
            }
        }
    }

    #[test]
    fn a_rare_label_is_predicted_about_as_often_as_it_is_there() {
        let (probabilities, truth) = rare();
        let none: Vec<f64> = cut(&[], Goal::F1, &Priors::default()).shifts(rows(&probabilities, &truth, 2));
        assert_eq!(none, [0.0; 2], "nothing is moved that was not asked for");
        let shifts = cut(&[LabelId(1)], Goal::F1, &Priors::default()).shifts(rows(&probabilities, &truth, 2));
        let mut moved = probabilities.clone();
        shift(&mut moved, &shifts);
        let n = moved.chunks_exact(2).filter(|row| row[1] > row[0]).count();
        assert!((14..=30).contains(&n), "{n} of 20, {shifts:?}");
    }

    #[test]
    fn a_label_that_will_be_more_frequent_is_predicted_more_often() {
        let (probabilities, truth) = rare();
        let at = |share: f64| {
            let priors = Priors::new([(LabelId(1), share)]);
            cut(&[LabelId(1)], Goal::F1, &priors).shifts(rows(&probabilities, &truth, 2))[1]
        };
        assert!(at(0.5) > at(0.1) && at(0.1) >= at(0.02), "{} {} {}", at(0.5), at(0.1), at(0.02));
    }

    #[test]
    fn a_label_whose_scores_carry_nothing_stays() {
        let truth: Vec<LabelId> = (0..40).map(|i| LabelId(i % 2)).collect();
        // The more likely, the less often it is there.
        let against: Vec<f64> = truth.iter().flat_map(|l| if l.0 == 1 { [0.7, 0.3] } else { [0.3, 0.7] }).collect();
        assert_eq!(cut(&all(2), Goal::F1, &Priors::default()).shifts(rows(&against, &truth, 2)), [0.0; 2]);
        assert_eq!(cut(&all(2), Goal::F1, &Priors::default()).shifts(rows(&[], &[], 2)), [0.0; 2]);
    }
}
