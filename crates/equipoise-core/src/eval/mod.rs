//! The evaluation: what each arm does on held-out real rows.

mod advice;
mod evaluate;
mod faults;
mod figures;
mod held;
mod inputs;
mod label_verdict;
mod notes;
mod results;
mod scores;
#[cfg(test)]
mod tests;
mod types;
mod verdict;
mod verdict_types;
mod words;

pub use evaluate::evaluate;
pub use faults::faults;
pub use inputs::{EvaluationError, EvaluationInputs, Progress};
pub use types::{
    ArmResult, ConfusionTable, Contrast, Evaluation, HeldOutSummary, LabelResult, SyntheticSummary, TrainSummary,
};
pub use verdict_types::{
    Advice, AdviceKind, Fault, FaultKind, Finding, FreeRival, LabelFinding, LabelVerdict, RELEVANT, VerdictInWords,
};
