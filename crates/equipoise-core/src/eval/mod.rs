//! The evaluation: what each arm does on held-out real rows.

mod evaluate;
mod figures;
mod held;
mod inputs;
mod notes;
mod out_of_fold;
mod results;
mod save;
#[cfg(test)]
mod tests;
mod tune;
mod types;
mod verdict;
mod words;

pub use evaluate::{evaluate, evaluate_and_save};
pub use inputs::{EvaluationError, EvaluationInputs, Progress};
pub use tune::{Tuned, tune};
pub use types::{
    ArmResult, ConfusionTable, Contrast, Evaluation, Finding, HeldOutSummary, LabelResult, SyntheticSummary,
    TrainSummary, VerdictInWords,
};
