//! Moved decision thresholds: what is added to each label's log probability before the highest is taken.

use super::goal::{Goal, Tally};
use crate::data::LabelId;

/// Rounds over the labels, at most; every round but the last raises the figure, and three were enough on every set tried.
const MAX_ROUNDS: usize = 8;
/// Furthest that a label is moved: odds of about 3,000.
const FURTHEST: f64 = 8.0;
/// A probability of 0 counts as this, so that its logarithm can be moved.
const LEAST: f64 = 1e-12;

/// The shifts, by label, that raise `goal` most on these rows: `probabilities` is row-major, `truth.len() × n_labels`.
///
/// One label at a time, each to the best of all values that change a prediction, in the middle of the range that gives it; of equal
/// values the range that is nearest to where the label stands. Only differences count; the first present label stands at 0 in the end.
///
/// # Source
/// Coordinate ascent over thresholds: Fan and Lin, *A Study on Threshold Selection for Multi-label Classification* (2007).
pub fn search_shifts(probabilities: &[f64], truth: &[LabelId], n_labels: usize, goal: Goal) -> Vec<f64> {
    let logs: Vec<f64> = probabilities.iter().map(|p| p.max(LEAST).ln()).collect();
    let mut shifts = vec![0.0; n_labels];
    let present: Vec<usize> = (0..n_labels).filter(|l| truth.iter().any(|t| t.index() == *l)).collect();
    let mut best = at_shifts(&logs, truth, &shifts).value(goal);
    for _ in 0..MAX_ROUNDS {
        let before = best;
        for label in &present {
            if let Some((shift, value)) = sweep(&logs, truth, &shifts, *label, goal)
                && best.is_none_or(|b| value > b + 1e-9)
            {
                (shifts[*label], best) = (shift, Some(value));
            }
        }
        if best == before {
            break;
        }
    }
    let origin = present.first().map_or(0.0, |label| shifts[*label]);
    present.iter().for_each(|label| shifts[*label] -= origin);
    shifts
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

fn at_shifts(logs: &[f64], truth: &[LabelId], shifts: &[f64]) -> Tally {
    let n_labels = shifts.len();
    let best = |row: &[f64]| highest(row, shifts, None).0;
    let predicted: Vec<usize> = logs.chunks_exact(n_labels.max(1)).map(best).collect();
    Tally::of_rows(truth, &predicted, n_labels)
}

/// The label with the highest shifted value, `without` one, and that value.
fn highest(row: &[f64], shifts: &[f64], without: Option<usize>) -> (usize, f64) {
    let all = row.iter().zip(shifts).map(|(p, s)| p + s).enumerate().filter(|(l, _)| Some(*l) != without);
    all.fold((0, f64::NEG_INFINITY), |best, next| if next.1 > best.1 { next } else { best })
}

/// The best shift of `label` while the others stand, and the figure there.
fn sweep(logs: &[f64], truth: &[LabelId], shifts: &[f64], label: usize, goal: Goal) -> Option<(f64, f64)> {
    let n_labels = shifts.len();
    // Each row goes over to `label` where the shift passes its point: (point, the label it leaves, its own).
    let rows = logs.chunks_exact(n_labels).zip(truth);
    let mut points: Vec<(f64, usize, usize)> = rows
        .map(|(row, truth)| {
            let (other, value) = highest(row, shifts, Some(label));
            (value - row[label], other, truth.index())
        })
        .collect();
    points.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let leaving: Vec<usize> = points.iter().map(|p| p.1).collect();
    let own: Vec<LabelId> = points.iter().map(|p| LabelId(p.2 as u16)).collect();
    let mut tally = Tally::of_rows(&own, &leaving, n_labels);
    let mut running = Running::new(&tally, goal)?;

    let mut best: Option<(f64, f64, f64)> = None;
    let mut at = 0;
    let mut low = -FURTHEST;
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
        let Some((point, leaves, truth)) = points.get(at).copied() else { break };
        if point >= FURTHEST {
            break;
        }
        running.forget(&tally, leaves);
        running.forget(&tally, label);
        tally.predicted[leaves] -= 1;
        tally.predicted[label] += 1;
        tally.hits[leaves] -= i64::from(truth == leaves);
        tally.hits[label] += i64::from(truth == label);
        running.add(&tally, leaves);
        running.add(&tally, label);
        low = low.max(point);
        at += 1;
    }
    best.map(|(shift, value, _)| (shift, value))
}

/// The goal's figure as a sum over labels, so that a row that goes over costs two terms.
struct Running {
    goal: Goal,
    sum: f64,
    over: f64,
}

impl Running {
    fn new(tally: &Tally, goal: Goal) -> Option<Self> {
        let value = tally.value(goal)?;
        let over = match goal {
            Goal::F1 => tally.support.iter().filter(|n| **n > 0).count() as f64,
            Goal::Accuracy => tally.support.iter().sum::<i64>() as f64,
            Goal::Recall(_) => 1.0,
        };
        Some(Running { goal, sum: value * over, over })
    }

    fn term(&self, tally: &Tally, label: usize) -> f64 {
        match self.goal {
            Goal::F1 if tally.support[label] > 0 => tally.f(label, 1.0),
            Goal::Accuracy => tally.hits[label] as f64,
            Goal::Recall(wanted) if wanted.index() == label => tally.f(label, 4.0),
            _ => 0.0,
        }
    }

    fn forget(&mut self, tally: &Tally, label: usize) {
        self.sum -= self.term(tally, label);
    }

    fn add(&mut self, tally: &Tally, label: usize) {
        self.sum += self.term(tally, label);
    }

    fn value(&self) -> f64 {
        self.sum / self.over
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn value(probabilities: &[f64], truth: &[LabelId], shifts: &[f64], goal: Goal) -> f64 {
        let logs: Vec<f64> = probabilities.iter().map(|p| p.max(LEAST).ln()).collect();
        at_shifts(&logs, truth, shifts).value(goal).unwrap()
    }

    proptest! {
        #[test]
        fn never_lowers_the_figure_and_one_label_is_moved_as_well_as_by_trying_every_value(
            rows in proptest::collection::vec((0.01f64..0.99, any::<bool>()), 2..40),
            which in 0usize..3,
        ) {
            let goal = [Goal::F1, Goal::Accuracy, Goal::Recall(LabelId(0))][which];
            let probabilities: Vec<f64> = rows.iter().flat_map(|(p, _)| [*p, 1.0 - p]).collect();
            let mut truth: Vec<LabelId> = rows.iter().map(|(_, t)| LabelId(u16::from(*t))).collect();
            (truth[0], truth[1]) = (LabelId(0), LabelId(1));
            let found = value(&probabilities, &truth, &search_shifts(&probabilities, &truth, 2, goal), goal);
            let tried = rows.iter().flat_map(|(p, _)| {
                let at = ((1.0 - p) / p).ln();
                [at - 1e-6, at + 1e-6]
            });
            let best = tried.map(|s| value(&probabilities, &truth, &[s, 0.0], goal)).fold(0.0, f64::max);
            prop_assert!(found >= best - 1e-9, "{found} {best}");
        }
    }

    #[test]
    fn raises_a_label_that_is_never_predicted() {
        let probabilities = [0.9, 0.1, 0.8, 0.2, 0.7, 0.3, 0.6, 0.4];
        let truth = [0, 0, 1, 1].map(LabelId);
        let shifts = search_shifts(&probabilities, &truth, 2, Goal::F1);
        assert!((value(&probabilities, &truth, &shifts, Goal::F1) - 1.0).abs() < 1e-12);
        let mut moved = probabilities.to_vec();
        shift(&mut moved, &shifts);
        assert!(moved[0] > 0.5 && moved[2] > 0.5 && moved[4] < 0.5);
        moved.chunks_exact(2).for_each(|row| assert!((row[0] + row[1] - 1.0).abs() < 1e-12));
    }

    #[test]
    fn raises_a_rare_label_wherever_it_stands_among_the_others() {
        for rare in 0..4 {
            // Rows of the rare label look like one of three others, a little less sure than those are.
            let mut probabilities = Vec::new();
            let mut truth = Vec::new();
            for i in 0..12 {
                let seems = (rare + 1 + i % 3) % 4;
                let (label, of_rare) = if i < 3 { (rare, 0.3) } else { (seems, 0.05) };
                let row = |l: usize| match l {
                    _ if l == rare => of_rare,
                    _ if l == seems => 0.6,
                    _ => 0.05,
                };
                probabilities.extend((0..4).map(row));
                truth.push(LabelId(label as u16));
            }
            let shifts = search_shifts(&probabilities, &truth, 4, Goal::F1);
            assert!((value(&probabilities, &truth, &shifts, Goal::F1) - 1.0).abs() < 1e-12, "{rare}: {shifts:?}");
        }
    }

    #[test]
    fn leaves_a_label_without_rows_alone() {
        assert_eq!(search_shifts(&[0.5, 0.5, 0.0], &[LabelId(0)], 3, Goal::F1), [0.0; 3]);
        assert_eq!(search_shifts(&[], &[], 2, Goal::F1), [0.0; 2]);
    }
}
