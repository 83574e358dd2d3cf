//! The evaluation: what each arm does on held-out real rows.

mod advice;
mod curves;
mod evaluate;
mod faults;
mod figures;
mod held;
mod inputs;
mod label_verdict;
mod leak;
mod notes;
mod out_of_fold;
mod results;
mod row_value;
mod row_weights;
mod save;
#[cfg(test)]
mod tests;
mod tune;
mod types;
mod verdict;
mod verdict_types;
mod words;

pub use curves::{DoseCurve, DosePoint, LearningCurve, LearningPoint, Worth};
pub use evaluate::{Saved, evaluate, evaluate_and_save};
pub use faults::faults;
pub use inputs::{EvaluationError, EvaluationInputs, Progress};
pub use leak::Leak;
pub use row_value::{RowValue, RowValues};
pub use row_weights::RowWeights;
pub use tune::{Tuned, tune};
pub use types::{
    Analysis, ArmResult, ConfusionTable, Contrast, Evaluation, HeldOutSummary, LabelResult, SyntheticSummary,
    TrainSummary,
};
pub use verdict_types::{
    Advice, AdviceKind, Fault, FaultKind, Finding, FreeRival, LabelFinding, LabelVerdict, RELEVANT, VerdictInWords,
};
