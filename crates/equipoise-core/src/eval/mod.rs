//! The evaluation: what each arm does on held-out real rows.

mod changed;
mod collect;
mod curves;
mod design;
mod drawn;
mod elsewhere;
mod evaluate;
mod faults;
mod figures;
mod folded;
mod group_alarms;
mod held;
mod inputs;
mod near_copies;
mod notes;
mod others;
mod out_of_fold;
mod outlook;
mod patterns;
mod pooled;
mod probations;
mod precision_recall;
mod prior_shift;
mod results;
mod review_effect;
mod row_value;
mod row_weights;
mod said;
mod save;
mod settled;
mod side_by_side;
#[cfg(test)]
mod tests;
mod train;
mod tune;
mod types;
mod verdict;
mod words;

pub use changed::{ChangedRow, ChangedRows};
pub use curves::{DoseCurve, DosePoint, LearningCurve, LearningPoint, Worth};
pub use design::FEWEST_TO_JUDGE;
pub use elsewhere::{Fitter, evaluate_elsewhere};
pub use evaluate::{evaluate, evaluate_and_save};
pub use faults::faults;
pub use folded::{FOLDS, usual_repeats};
pub use group_alarms::{GroupAlarm, GroupAlarms};
pub use inputs::{EvaluationError, EvaluationInputs, Progress};
pub use others::OtherVerdict;
pub use outlook::outlook;
pub use precision_recall::{ArmCurve, PrecisionRecall};
pub use prior_shift::{PriorShift, ShiftedF1};
pub use review_effect::{BeforeReview, ReviewEffect};
pub use row_value::{RowValue, RowValues};
pub use row_weights::RowWeights;
pub use train::Saved;
pub use tune::{Tuned, tune};
pub use types::{
    Analysis, ArmResult, ConfusionTable, Contrast, Evaluation, HeldOutSummary, LabelResult, SyntheticSummary,
    TrainSummary,
};
pub use verdict::{
    Action, Advice, AdviceKind, Counts, Design, Evidence, Fault, FaultKind, FreeEvidence, Judged, JudgedBy,
    LabelCounts, LabelEvidence, LabelFinding, LabelVerdict, Level, Price, RELEVANT, Rival, TextsEvidence, Verdict,
    verdict,
};
