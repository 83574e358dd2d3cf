//! The evaluation: what each arm does on held-out real rows.

mod evaluate;
mod figures;
mod held;
mod inputs;
mod notes;
mod results;
#[cfg(test)]
mod tests;
mod types;
mod verdict;
mod words;

pub use evaluate::evaluate;
pub use inputs::{EvaluationError, EvaluationInputs, Progress};
pub use types::{
    ArmResult, ConfusionTable, Contrast, Evaluation, Finding, HeldOutSummary, LabelResult, SyntheticSummary,
    TrainSummary, VerdictInWords,
};
