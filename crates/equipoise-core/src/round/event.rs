//! What rounds report while they work.

use serde::Serialize;
use std::collections::BTreeMap;

/// Something that happened in a round.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoundEvent {
    /// A later round begins, because texts are missing.
    AsksAgain {
        /// The round, from 1: round 0 is the first.
        round: u32,
        /// Texts that are missing from all targets.
        n_missing: usize,
    },
    /// The model used an answer's whole limit up before its first word; answers may be longer from now on, so many times.
    MoreRoom {
        /// Tokens for thoughts, beside what the texts need.
        tokens: u32,
    },
    /// Most answers did not hold the JSON that was asked for; texts are asked for line by line from now on.
    Lines,
    /// Most texts of a round repeated their sources; texts are asked for line by line from now on.
    Copies,
    /// Requests are made smaller from now on, so that they fit the model's window of so many tokens.
    Window {
        /// Prompt and answer together.
        tokens: u32,
    },
    /// The texts of a round are being checked.
    ChecksStarted,
    /// They are checked.
    ChecksFinished,
    /// The counts of rows changed.
    Rows(RowCounts),
}

/// What became of the rows of a run so far.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct RowCounts {
    /// Texts asked for.
    pub planned: usize,
    /// Texts read from answers.
    pub read: usize,
    /// Texts that are kept.
    pub accepted: usize,
    /// Texts to keep.
    pub wanted: usize,
    /// Texts that were rejected, by `check/reason`.
    pub rejected_by: BTreeMap<String, usize>,
    /// Texts that the model declined alone.
    pub refused: usize,
    /// Texts that failed again and again alone.
    pub quarantined: usize,
    /// Whether the round is not over. Then answers that have arrived wait for those before them, since texts are looked at in the order
    /// in which they were asked for, and what shows only in all texts together is not known yet.
    pub so_far: bool,
}
