//! The evaluation: what each arm does on held-out real rows.

mod types;

pub use types::{
    ArmResult, ConfusionTable, Contrast, Evaluation, HeldOutSummary, LabelResult, SyntheticSummary, TrainSummary,
    VerdictInWords,
};
