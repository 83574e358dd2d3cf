//! What a run tells while it works; the caller decides what to show.

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
    /// Something to know, said once.
    Note(String),
}

/// Takes events; called from any thread.
pub type Sink<'s> = dyn Fn(Event) + Send + Sync + 's;
