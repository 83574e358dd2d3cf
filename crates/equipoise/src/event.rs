//! What a run tells while it works; the caller decides what to show.

use std::collections::BTreeMap;
use std::time::Duration;

/// A step of a run, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    /// Reading the input files.
    Read,
    /// Profiling the training rows.
    Profile,
    /// Asking the model.
    Generate,
    /// Running the checks.
    Check,
    /// Fitting and comparing the arms.
    Evaluate,
    /// Writing the report and the data sets.
    Write,
}

impl Phase {
    /// The step as a word for people.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Read => "reading",
            Phase::Profile => "profiling",
            Phase::Generate => "generating",
            Phase::Check => "checking",
            Phase::Evaluate => "evaluating",
            Phase::Write => "writing",
        }
    }
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// A step begins.
    Started(Phase),
    /// A step went on: so much of so much, and what it is at.
    Advanced {
        /// The step.
        phase: Phase,
        /// Units done.
        done: u64,
        /// Units in all.
        total: u64,
        /// What is being done, for people.
        what: String,
    },
    /// A step is over.
    Finished(Phase),
    /// The provider is left alone until a limit or an outage passes.
    Waiting {
        /// For so long.
        wait: Duration,
        /// Why.
        reason: String,
    },
    /// The counts of rows changed.
    Rows(RowCounts),
    /// USD spent over the whole life of the run, unknown outcomes included.
    Spent {
        /// The amount.
        usd: f64,
    },
    /// Something to know, said once.
    Note(String),
}

/// What became of the rows of a run so far.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RowCounts {
    /// Texts asked for.
    pub planned: usize,
    /// Texts read from answers.
    pub read: usize,
    /// Texts that are kept, as of the last checks.
    pub accepted: usize,
    /// Texts to keep.
    pub wanted: usize,
    /// Texts that were rejected, by `check/reason`.
    pub rejected_by: BTreeMap<String, usize>,
    /// Texts that the model declined alone.
    pub refused: usize,
    /// Texts that failed again and again alone.
    pub quarantined: usize,
}

/// Takes events; called from any thread.
pub type Sink<'s> = dyn Fn(Event) + Send + Sync + 's;
