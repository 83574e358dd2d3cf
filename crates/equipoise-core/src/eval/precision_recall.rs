//! How precision and recall of a label trade, in the arms that the verdict compares.

use super::figures::Predictions;
use super::results::FittedArm;
use super::verdict::Judged;
use crate::arm::NONE;
use crate::data::{LabelId, Labels};
use serde::{Deserialize, Serialize};

/// Points that a curve keeps, at most.
const MOST_POINTS: usize = 40;

/// The precision and recall of one label at every cut of its probability.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PrecisionRecall {
    /// The label.
    pub label: String,
    /// Judged rows of the label.
    pub n: usize,
    /// Judged rows of all labels.
    pub n_judged: usize,
    /// The learner.
    pub learner: String,
    /// The real rows as they are, the best free arm, the arm with synthetic rows; those that were fitted.
    pub arms: Vec<ArmCurve>,
}

/// One arm's curve.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmCurve {
    /// The arm.
    pub arm: String,
    /// Recall and precision, each in 0..1, recall rising; at most 40 points, evenly spaced in recall.
    pub points: Vec<[f64; 2]>,
    /// Recall and precision of what the arm predicts; `None` where it never predicts the label.
    pub working_point: Option<[f64; 2]>,
}

/// A curve for each label of `focus`, in the arms of the verdict.
pub(super) fn precision_recall(
    rows: &Predictions<'_>,
    arms: &[FittedArm],
    (judged, learner): (&Judged, &str),
    focus: &[LabelId],
    labels: &Labels,
) -> Vec<PrecisionRecall> {
    let free = judged.best_free.as_ref().map(|rival| rival.arm.as_str());
    let names = [Some(NONE), free, Some(judged.arm.as_str())];
    let compared: Vec<&FittedArm> =
        names.into_iter().flatten().filter_map(|name| arms.iter().find(|arm| arm.name() == name)).collect();
    let of_label = |label: &LabelId| PrecisionRecall {
        label: labels.name(*label).to_owned(),
        n: rows.truth.iter().filter(|truth| *truth == label).count(),
        n_judged: rows.truth.len(),
        learner: learner.to_owned(),
        arms: compared.iter().map(|arm| curve(rows, arm, *label)).collect(),
    };
    focus.iter().map(of_label).collect()
}

fn curve(rows: &Predictions<'_>, arm: &FittedArm, label: LabelId) -> ArmCurve {
    let probabilities = rows.probabilities[arm.fit].chunks(rows.n_labels.max(1));
    let scored = probabilities.zip(rows.truth).map(|(of_row, truth)| (of_row[label.index()], *truth == label));
    let predicted = rows.predicted[arm.fit].iter().zip(rows.truth).filter(|(predicted, _)| **predicted == label);
    let (n_predicted, n_right) =
        predicted.fold((0_usize, 0_usize), |(n, right), (_, truth)| (n + 1, right + usize::from(*truth == label)));
    let n = rows.truth.iter().filter(|truth| **truth == label).count();
    let at = |right: usize, called: usize| [right as f64 / n.max(1) as f64, right as f64 / called.max(1) as f64];
    ArmCurve {
        arm: arm.name().to_owned(),
        points: thinned(&points(scored.collect())),
        working_point: (n_predicted > 0).then(|| at(n_right, n_predicted)),
    }
}

/// Recall and precision at the cuts where recall rises, recall rising. Rows with equal scores are on the same side of every cut.
fn points(mut scored: Vec<(f64, bool)>) -> Vec<[f64; 2]> {
    scored.sort_by(|a, b| b.0.total_cmp(&a.0));
    let n = scored.iter().filter(|(_, is_label)| *is_label).count();
    let (mut points, mut right, mut called) = (Vec::new(), 0, 0);
    for equal in scored.chunk_by(|a, b| a.0 == b.0) {
        let more = equal.iter().filter(|(_, is_label)| *is_label).count();
        (right, called) = (right + more, called + equal.len());
        if more > 0 {
            points.push([right as f64 / n as f64, right as f64 / called as f64]);
        }
    }
    points
}

/// At most [`MOST_POINTS`] of them: the first, the last, and even steps of recall between.
fn thinned(points: &[[f64; 2]]) -> Vec<[f64; 2]> {
    if points.len() <= MOST_POINTS {
        return points.to_vec();
    }
    let step = |i: usize| i * (points.len() - 1) / (MOST_POINTS - 1);
    (0..MOST_POINTS).map(|i| points[step(i)]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_of_the_label_raises_recall_and_equal_scores_are_cut_together() {
        let scored = vec![(0.9, true), (0.8, false), (0.7, true), (0.4, false), (0.4, true), (0.1, false)];
        let found = points(scored);
        assert_eq!(found, [[1.0 / 3.0, 1.0], [2.0 / 3.0, 2.0 / 3.0], [1.0, 0.6]]);
    }

    #[test]
    fn a_long_curve_keeps_both_ends_and_rises() {
        let all: Vec<[f64; 2]> = (1..=500).map(|i| [f64::from(i) / 500.0, 0.5]).collect();
        let few = thinned(&all);
        assert_eq!((few.len(), few[0], few[MOST_POINTS - 1]), (MOST_POINTS, all[0], all[499]));
        assert!(few.is_sorted_by(|a, b| a[0] < b[0]));
        assert_eq!(thinned(&all[..7]), all[..7]);
    }
}
