//! What choices that are made on the training rows try to raise.

use crate::data::{LabelId, Labels};
use crate::metric::Confusion;

/// What a decision threshold and `auto` try to raise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Goal {
    /// Macro-F1: every label counts the same.
    #[default]
    F1,
    /// The share of rows that are right.
    Accuracy,
    /// Recall of one label, as F2: recall counts twice as much as precision, since recall alone is highest where every row gets the label.
    Recall(LabelId),
}

/// A goal that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GoalError {
    /// Not one of the three forms.
    #[error("`{0}` is no goal: f1, accuracy or recall:LABEL")]
    Unknown(String),
    /// No row has the label.
    #[error("no row has the label `{label}` of the goal")]
    NoSuchLabel {
        /// What was asked for.
        label: String,
        /// The labels that there are, joined by commas.
        known: String,
    },
}

impl Goal {
    /// Reads `f1`, `accuracy` or `recall:LABEL`.
    ///
    /// # Errors
    /// [`GoalError`].
    pub fn parse(goal: &str, labels: &Labels) -> Result<Self, GoalError> {
        match goal.split_once(':') {
            None if goal == "f1" => Ok(Goal::F1),
            None if goal == "accuracy" => Ok(Goal::Accuracy),
            Some(("recall", label)) => {
                let unknown = || GoalError::NoSuchLabel { label: label.to_owned(), known: labels.names().join(", ") };
                labels.id(label).map(Goal::Recall).ok_or_else(unknown)
            }
            _ => Err(GoalError::Unknown(goal.to_owned())),
        }
    }

    /// What is raised, in words.
    pub fn name(self) -> &'static str {
        match self {
            Goal::F1 => "macro-F1",
            Goal::Accuracy => "accuracy",
            Goal::Recall(_) => "F2 of the label of the goal",
        }
    }

    /// The figure of a set of predictions, 0..1; `None` where it is undefined.
    ///
    /// # Source
    /// F2: van Rijsbergen, *Information Retrieval* (1979), chapter 7, β = 2.
    pub fn value(self, confusion: &Confusion) -> Option<f64> {
        Tally::of(confusion).value(self)
    }
}

/// What the figures of a goal need of predictions, by label: rows that were counted, or rows that are expected.
#[derive(Debug, Clone)]
pub(super) struct Tally {
    /// Rows of the label that are predicted as it.
    pub(super) hits: Vec<f64>,
    /// Rows that are predicted as the label.
    pub(super) predicted: Vec<f64>,
    /// Rows of the label.
    pub(super) support: Vec<f64>,
}

impl Tally {
    fn of(confusion: &Confusion) -> Self {
        let n = confusion.n_labels;
        let count = |truth: usize, predicted: usize| confusion.counts[truth * n + predicted] as f64;
        Tally {
            hits: (0..n).map(|l| count(l, l)).collect(),
            predicted: (0..n).map(|l| (0..n).map(|t| count(t, l)).sum()).collect(),
            support: (0..n).map(|l| (0..n).map(|p| count(l, p)).sum()).collect(),
        }
    }

    pub(super) fn zero(n_labels: usize) -> Self {
        let zero = || vec![0.0; n_labels];
        Tally { hits: zero(), predicted: zero(), support: zero() }
    }

    /// The figure; `None` where it is undefined.
    pub(super) fn value(&self, goal: Goal) -> Option<f64> {
        let sum: f64 = (0..self.support.len()).map(|label| self.term(goal, label)).sum();
        let over = self.over(goal);
        (over > 0.0).then(|| sum / over)
    }

    /// What a label adds to the figure: the figure is the sum of these over [`Tally::over`].
    pub(super) fn term(&self, goal: Goal, label: usize) -> f64 {
        match goal {
            Goal::F1 if self.support[label] > 0.0 => self.f(label, 1.0),
            Goal::Accuracy => self.hits[label],
            Goal::Recall(wanted) if wanted.index() == label && self.support[label] > 0.0 => self.f(label, 4.0),
            _ => 0.0,
        }
    }

    /// What the sum of the terms is divided by.
    pub(super) fn over(&self, goal: Goal) -> f64 {
        match goal {
            Goal::F1 => self.support.iter().filter(|n| **n > 0.0).count() as f64,
            Goal::Accuracy => self.support.iter().sum(),
            Goal::Recall(label) => f64::from(u8::from(self.support[label.index()] > 0.0)),
        }
    }

    /// The F measure of a label with support; `square` is β².
    fn f(&self, label: usize, square: f64) -> f64 {
        let (hits, predicted, support) = (self.hits[label], self.predicted[label], self.support[label]);
        (1.0 + square) * hits / (square * support + predicted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_three_forms_and_names_what_it_cannot_read() {
        let labels = Labels::new(["a".to_owned(), "b:c".to_owned()]);
        assert_eq!(Goal::parse("f1", &labels), Ok(Goal::F1));
        assert_eq!(Goal::parse("accuracy", &labels), Ok(Goal::Accuracy));
        assert_eq!(Goal::parse("recall:b:c", &labels), Ok(Goal::Recall(LabelId(1))));
        assert_eq!(
            Goal::parse("recall:d", &labels),
            Err(GoalError::NoSuchLabel { label: "d".to_owned(), known: "a, b:c".to_owned() })
        );
        assert_eq!(Goal::parse("recall", &labels), Err(GoalError::Unknown("recall".to_owned())));
    }

    #[test]
    fn figures_are_those_of_their_definitions() {
        // Truth 0: two right, one called 1. Truth 1: one right, one called 0.
        let pairs = [(0, 0), (0, 0), (0, 1), (1, 1), (1, 0)];
        let confusion = Confusion::new(2, pairs.map(|(t, p)| (LabelId(t), LabelId(p))));
        assert!((Goal::F1.value(&confusion).unwrap() - (2.0 / 3.0 + 0.5) / 2.0).abs() < 1e-12);
        assert!((Goal::Accuracy.value(&confusion).unwrap() - 0.6).abs() < 1e-12);
        assert!((Goal::Recall(LabelId(0)).value(&confusion).unwrap() - 2.0 / 3.0).abs() < 1e-12);
        assert_eq!(Goal::F1.value(&Confusion::new(2, [])), None);
    }
}
