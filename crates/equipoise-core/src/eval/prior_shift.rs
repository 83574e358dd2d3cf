//! Labels that are more or less frequent among the judged rows than among the training rows, or than they will be.

use super::results::FittedArm;
use super::side_by_side::SideBySide;
use crate::arm::{CLASS_WEIGHT, NONE, Priors, THRESHOLD};
use crate::data::{LabelId, Labels};
use crate::metric::Confusion;
use crate::text::escape_control;
use serde::{Deserialize, Serialize};

/// Shares that differ by this factor are named: F1 and every cut then mean something else on the other rows.
const FACTOR: f64 = 2.0;

/// One label whose share differs, and what that does to its F1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PriorShift {
    /// The label.
    pub label: String,
    /// Its share of the training rows.
    pub trained: f64,
    /// Its share of the judged rows.
    pub judged: f64,
    /// Its share where the classifier will be used, where that was named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<f64>,
    /// F1 of the label under each of the arms that matter.
    pub arms: Vec<ShiftedF1>,
}

/// F1 of a label with one arm, as it is and as it would be with other shares: the judged rows counted more or less.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShiftedF1 {
    /// The arm.
    pub arm: String,
    /// On the judged rows as they are.
    pub judged: f64,
    /// Where the label is as frequent as in training.
    pub trained: f64,
    /// Where it is as frequent as it will be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<f64>,
}

/// The labels whose share differs by a factor of two, with the arms that a reader compares: nothing, the rivals and `texts`.
pub(super) fn prior_shifts(
    arms: &[FittedArm],
    texts: Option<&str>,
    rows: &dyn SideBySide,
    labels: &Labels,
    (counts, priors): (&[usize], &Priors),
) -> Vec<PriorShift> {
    let n_train: usize = counts.iter().sum();
    let of = |label: LabelId| {
        let (trained, judged) =
            (counts[label.index()] as f64 / n_train as f64, rows.support(label) as f64 / rows.n_rows() as f64);
        let expected = priors.get(label);
        let differs = |a: f64, b: f64| a > 0.0 && b > 0.0 && (a / b).max(b / a) >= FACTOR;
        let any = differs(trained, judged) || expected.is_some_and(|e| differs(e, judged) || differs(e, trained));
        if !any || judged == 0.0 || trained == 0.0 {
            return None;
        }
        let named = [Some(NONE), Some(CLASS_WEIGHT), Some(THRESHOLD), texts].into_iter().flatten();
        let f1 = |name: &str| {
            let arm = arms.iter().find(|arm| arm.name() == name)?;
            let confusion = rows.confusion(arm.fit);
            let at = |share: f64| f1_at(confusion, label, judged, share);
            Some(ShiftedF1 {
                arm: name.to_owned(),
                judged: at(judged)?,
                trained: at(trained)?,
                expected: expected.and_then(at),
            })
        };
        let arms = named.filter_map(f1).collect();
        Some(PriorShift { label: labels.name(label).to_owned(), trained, judged, expected, arms })
    };
    labels.ids().filter_map(of).collect()
}

/// F1 of a label whose share of the rows is `from` and were `to`.
fn f1_at(confusion: &Confusion, label: LabelId, from: f64, to: f64) -> Option<f64> {
    let tally = confusion.tally(label);
    let (own, other) = (to / from, if from < 1.0 { (1.0 - to) / (1.0 - from) } else { 1.0 });
    let (right, support) = (tally.right as f64 * own, tally.support as f64 * own);
    let predicted = right + (tally.predicted - tally.right) as f64 * other;
    (support > 0.0).then(|| 2.0 * right / (support + predicted))
}

/// What a reader has to know of it, a sentence for each label.
pub(super) fn in_words(shifts: &[PriorShift]) -> Vec<String> {
    let percent = |share: f64| format!("{:.1} %", 100.0 * share);
    let sentence = |shift: &PriorShift| {
        let name = escape_control(&shift.label);
        let shares = format!(
            "`{name}` is {} of the training rows and {} of the judged ones",
            percent(shift.trained),
            percent(shift.judged)
        );
        let expected =
            shift.expected.map_or_else(String::new, |share| format!(", and will be {} of the texts", percent(share)));
        let f1: Vec<String> = shift
            .arms
            .iter()
            .map(|arm| {
                let later = arm.expected.map_or_else(String::new, |f1| format!(", {f1:.3} as it will be"));
                format!("`{}` {:.3} ({:.3} as in training{later})", arm.arm, arm.judged, arm.trained)
            })
            .collect();
        let advice = if shift.expected.is_some() {
            ""
        } else {
            " Name the share that it will have, and the cut is set for that."
        };
        format!("{shares}{expected}, which changes its F1: {}.{advice}", f1.join(", "))
    };
    shifts.iter().map(sentence).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn f1_at_another_share_is_that_of_rows_counted_so_often() {
        // 10 of 100 rows; 6 found, 9 false alarms.
        let confusion = Confusion { n_labels: 2, counts: vec![81, 9, 4, 6] };
        let at = |share| f1_at(&confusion, LabelId(1), 0.1, share).unwrap();
        assert!((at(0.1) - 12.0 / 25.0).abs() < 1e-12);
        // Nine times the odds: each row of the label counts five times, each other one 5/9 times.
        assert!((at(0.5) - 60.0 / (50.0 + 35.0)).abs() < 1e-12);
        assert!(at(0.01) < at(0.1));
    }

    #[test]
    fn a_share_that_was_named_is_told_with_its_figures() {
        let arm = ShiftedF1 { arm: "threshold".to_owned(), judged: 0.56, trained: 0.31, expected: Some(0.5) };
        let shift = PriorShift {
            label: "odd".to_owned(),
            trained: 0.005,
            judged: 0.037,
            expected: Some(0.02),
            arms: vec![arm],
        };
        let said = in_words(std::slice::from_ref(&shift));
        assert!(
            said[0].contains("0.5 % of the training rows and 3.7 %") && said[0].contains("0.500 as it will be"),
            "{said:?}"
        );
        assert!(in_words(&[PriorShift { expected: None, ..shift }])[0].ends_with("the cut is set for that."));
    }
}
