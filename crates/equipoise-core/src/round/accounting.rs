//! What became of every row that was asked for, and the rows that were set aside.

use crate::data::RowId;
use crate::generator::{Fault, RequestKey};
use serde::{Deserialize, Serialize};

/// What became of every row that was asked for; `planned + extra` is the sum of all others.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Accounting {
    /// Texts asked for, in all rounds; one that is asked for again counts once.
    pub planned: usize,
    /// Texts that fill no place: more than were asked for, or broken ones whose place was asked for again.
    pub extra: usize,
    /// Texts used.
    pub kept: usize,
    /// Good texts beyond the target.
    pub surplus: usize,
    /// Texts that a check rejects.
    pub rejected: usize,
    /// Texts that answers should have held and did not, within the requests that a round may ask again.
    pub missing: usize,
    /// Texts that the model declined or a filter stopped.
    pub refused: usize,
    /// Texts that failed again and again although they were asked for alone.
    #[serde(default)]
    pub quarantined: usize,
    /// Texts of requests that never got a usable response.
    pub failed: usize,
    /// Texts that were not asked for to the end: the run was interrupted, used its budget up, or was stopped.
    #[serde(default)]
    pub cancelled: usize,
}

impl Accounting {
    /// Whether every row has exactly one final state.
    pub fn balances(&self) -> bool {
        let Accounting { planned, extra, kept, surplus, rejected, missing, refused, quarantined, failed, cancelled } =
            *self;
        planned + extra == kept + surplus + rejected + missing + refused + quarantined + failed + cancelled
    }
}

/// How a text that was given up ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GivenUp {
    /// Declined alone, twice.
    Refused,
    /// Without a usable answer alone, three times.
    Quarantined,
    /// The provider rejects its request.
    Failed,
}

/// A text that was given up, and the rows that its last request showed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetAside {
    /// The label.
    pub label: String,
    /// How it ended.
    pub state: GivenUp,
    /// What was wrong with the last answer.
    pub reason: Fault,
    /// The real rows that its last request showed.
    pub rows: Vec<RowId>,
    /// That request.
    pub request: RequestKey,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_that_loses_a_row_does_not_balance() {
        let whole = Accounting {
            planned: 12,
            extra: 1,
            kept: 6,
            surplus: 1,
            rejected: 2,
            missing: 1,
            refused: 1,
            quarantined: 1,
            failed: 0,
            cancelled: 1,
        };
        assert!(whole.balances());
        assert!(!Accounting { missing: 0, ..whole }.balances());
    }
}
