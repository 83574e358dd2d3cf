//! What a run tells while it works; the caller decides what to show.

pub use equipoise_core::round::RowCounts;

use equipoise_core::format::Note;
use equipoise_core::round::RoundEvent;
use serde::{Serialize, Serializer};
use std::time::Duration;

/// A step of a run, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Fetching files that lie elsewhere.
    Fetch,
    /// Reading the input files.
    Read,
    /// Profiling the training rows.
    Profile,
    /// Asking the model.
    Generate,
    /// Asking a judge of labels.
    Judge,
    /// Running the checks.
    Check,
    /// Searching the settings of the learners.
    Tune,
    /// Fitting and comparing the arms.
    Evaluate,
    /// Writing the report and the data sets.
    Write,
    /// Sending them elsewhere.
    Send,
}

impl Phase {
    /// The step as a word for people.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Fetch => "fetching",
            Phase::Read => "reading",
            Phase::Profile => "profiling",
            Phase::Generate => "generating",
            Phase::Judge => "judging",
            Phase::Check => "checking",
            Phase::Tune => "tuning",
            Phase::Evaluate => "evaluating",
            Phase::Write => "writing",
            Phase::Send => "sending",
        }
    }
}

/// Something that happened. As JSON: `{"event": NAME, "data": …}`.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "event", content = "data", rename_all = "snake_case")]
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
        /// For so long; in JSON seconds.
        #[serde(rename = "wait_s", serialize_with = "seconds")]
        wait: Duration,
        /// Why.
        reason: String,
    },
    /// The counts of rows changed.
    Rows(RowCounts),
    /// The counts of requests changed.
    Requests(RequestCounts),
    /// Something to know, said once.
    Note(String),
    /// Rows that are left out: how many and why. Said once, too.
    Omitted(String),
}

impl Event {
    /// What a reader noted about the rows of `name`.
    pub(crate) fn noted(name: &str, note: &Note) -> Self {
        let text = format!("{name}: {note}");
        if note.kind.drops_rows() { Event::Omitted(text) } else { Event::Note(text) }
    }
}

impl From<RoundEvent> for Event {
    fn from(event: RoundEvent) -> Self {
        match event {
            // People count from 1.
            RoundEvent::AsksAgain { round, n_missing } => {
                let texts = if n_missing == 1 { "text is" } else { "texts are" };
                Event::Note(format!("round {}: {n_missing} {texts} missing; asking again", round + 1))
            }
            RoundEvent::Lines => Event::Note(
                "most answers held no JSON that could be read; texts are asked for line by line from now on".to_owned(),
            ),
            RoundEvent::Copies => Event::Note(
                "most texts of this round repeat their sources; they are asked for line by line from now on, without JSON"
                    .to_owned(),
            ),
            RoundEvent::MoreRoom { tokens } => Event::Note(format!(
                "the model used a whole answer up for reasoning; answers may be {tokens} tokens longer from now on, which costs more than planned"
            )),
            RoundEvent::Window { tokens } => Event::Note(format!(
                "the model's window holds {tokens} tokens; requests are made smaller from now on, so that there are more of them"
            )),
            RoundEvent::ChecksStarted => Event::Started(Phase::Check),
            RoundEvent::ChecksFinished => Event::Finished(Phase::Check),
            RoundEvent::Rows(rows) => Event::Rows(rows),
        }
    }
}

/// What became of the requests of a step so far, and what the run has cost.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct RequestCounts {
    /// Requests of the step with a final state: answered, reused or given up.
    pub done: u64,
    /// Requests of the step.
    pub total: u64,
    /// Requests out now.
    pub in_flight: usize,
    /// Requests sent again.
    pub retried: u64,
    /// Requests given up.
    pub failed: u64,
    /// Requests that were answered before and not sent again.
    pub reused: u64,
    /// Tokens read in this step.
    pub input_tokens: u64,
    /// Tokens written in this step.
    pub output_tokens: u64,
    /// USD spent over the whole life of the run, unknown outcomes included; `None` where the price is unknown.
    pub usd: Option<f64>,
    /// USD that the plan expects of the whole run; `None` where the price is unknown.
    pub usd_forecast: Option<f64>,
}

fn seconds<S: Serializer>(time: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(time.as_secs_f64())
}

/// Takes events; called from any thread.
pub type Sink<'s> = dyn Fn(Event) + Send + Sync + 's;
