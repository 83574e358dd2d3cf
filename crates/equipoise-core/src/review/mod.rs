//! Review: what people decide about generated texts, from single decisions to one standing for each row.
//!
//! Decisions are appended and never rewritten (`human.jsonl`); everything else here is computed from them.

mod agreement;
mod apply;
mod decision;
mod history;
mod queue;
mod sample;

pub use agreement::{Agreement, agreement};
pub use apply::{Applied, apply};
pub use decision::{Decision, Record, RowHash, Why};
pub use history::{History, Standing};
pub use queue::{Item, OVERLAP, Shown, queue};
pub use sample::{Advice, LabelSample, SAMPLE, samples};

/// The check under which a person's decision stands in `verdicts.jsonl`.
pub const HUMAN: &str = "human";
