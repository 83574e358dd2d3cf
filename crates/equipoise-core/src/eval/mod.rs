//! The evaluation: what each arm does on held-out real rows.

mod curves;
mod evaluate;
mod figures;
mod held;
mod inputs;
mod leak;
mod notes;
mod results;
mod row_value;
#[cfg(test)]
mod tests;
mod types;
mod verdict;
mod words;

pub use curves::{DoseCurve, DosePoint, LearningCurve, LearningPoint, Worth};
pub use evaluate::evaluate;
pub use inputs::{EvaluationError, EvaluationInputs, Progress};
pub use leak::Leak;
pub use row_value::{RowValue, RowValues};
pub use types::{
    Analysis, ArmResult, ConfusionTable, Contrast, Evaluation, Finding, HeldOutSummary, LabelResult, SyntheticSummary,
    TrainSummary, VerdictInWords,
};
