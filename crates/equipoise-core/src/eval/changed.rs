//! Which judged rows the synthetic rows change: right only with them, or right only without.

use super::figures::Predictions;
use super::results::FittedArm;
use super::verdict::Design;
use crate::arm::NONE;
use crate::data::{Dataset, HeldOut, Labels};
use serde::{Deserialize, Serialize};

/// The judged rows that one of two arms labels rightly and the other does not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedRows {
    /// The arm with synthetic rows that the verdict judges.
    pub arm: String,
    /// The real rows as they are.
    pub against: String,
    /// The learner of both.
    pub learner: String,
    /// The rows, in the order in which they are judged; of several passes in the first.
    pub rows: Vec<ChangedRow>,
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedRow {
    /// Its position among the judged rows, counted from 0: the held-out rows, or the training rows and behind them the held-out ones.
    pub row: usize,
    /// Its true label.
    pub label: String,
    /// What it is called without the synthetic rows.
    pub without: String,
    /// What it is called with them.
    pub with: String,
}

impl ChangedRow {
    /// Whether it is right with the synthetic rows, and was wrong without.
    pub fn is_gained(&self) -> bool {
        self.with == self.label
    }
}

impl ChangedRows {
    /// The rows beside their texts, where `dataset` was judged by `design`. Nothing is decided any more when a page shows them.
    pub fn with_texts(&self, dataset: &Dataset, design: Design) -> Vec<(&ChangedRow, String)> {
        let held_out = dataset.held_out();
        let held_out = held_out.iter().flat_map(HeldOut::sealed_rows).map(|row| row.text);
        let texts: Vec<&str> = match design {
            Design::HeldOut => held_out.collect(),
            Design::CrossValidation => dataset.train().rows().map(|row| row.text).chain(held_out).collect(),
        };
        self.rows.iter().filter_map(|row| Some((row, (*texts.get(row.row)?).to_owned()))).collect()
    }
}

/// The rows that change between the real rows as they are and the arm called `judged`; `None` where one of them was not fitted.
pub(super) fn changed_rows(
    rows: &Predictions<'_>,
    arms: &[FittedArm],
    judged: &str,
    learner: &str,
    labels: &Labels,
) -> Option<ChangedRows> {
    let (without, with) = (rows.of_arm(arms, NONE)?, rows.of_arm(arms, judged)?);
    let name = |label| labels.name(label).to_owned();
    let judged_rows = rows.truth.iter().zip(without.iter().zip(with)).enumerate();
    let changed = judged_rows.filter(|(_, (truth, (without, with)))| (*without == *truth) != (*with == *truth));
    let changed = changed.map(|(row, (truth, (without, with)))| ChangedRow {
        row,
        label: name(*truth),
        without: name(*without),
        with: name(*with),
    });
    let rows = changed.collect();
    Some(ChangedRows { arm: judged.to_owned(), against: NONE.to_owned(), learner: learner.to_owned(), rows })
}
