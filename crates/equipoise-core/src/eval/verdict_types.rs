//! The verdict as data: what was found, for each label and in all, and what to do.

use crate::stats::Estimate;
use serde::{Deserialize, Serialize};

/// What a verdict found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// The synthetic rows help, and nothing free does as well.
    Helped,
    /// They may help, but something free does as well or better.
    NotNeeded,
    /// No effect beyond noise.
    NoEffect,
    /// They harm the raised labels, or the others pay for the gain.
    Harmed,
    /// The held-out rows do not decide it.
    CannotTell,
    /// No row passed the checks.
    NothingKept,
    /// There were no synthetic rows; the free arms were compared.
    FreeArms,
}

/// The verdict for people.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct VerdictInWords {
    /// The arm to use.
    pub arm: String,
    /// Whether the synthetic rows are worth using; `None` where there are none.
    pub use_synthetic: Option<bool>,
    /// What was found, in one word.
    pub finding: Finding,
    /// One or two sentences.
    pub reason: String,
    /// What the synthetic rows did to each label, raised or not, in order of label; empty where no arm used them.
    #[serde(default)]
    pub labels: Vec<LabelVerdict>,
    /// What is wrong with the synthetic rows themselves, as far as the training rows show it.
    #[serde(default)]
    pub faults: Vec<Fault>,
    /// What to do, most important first.
    #[serde(default)]
    pub advice: Vec<Advice>,
}

/// What the synthetic rows did to one label, set against the real rows alone (`none`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelFinding {
    /// Its F1 rises beyond noise, the number of labels considered.
    Helped,
    /// Its F1 moves by no more than [`RELEVANT`], which the held-out rows are enough to say.
    NoEffect,
    /// Its F1 falls beyond noise, the number of labels considered.
    Harmed,
    /// The held-out rows do not decide it.
    CannotTell,
}

/// A change of F1 that nobody would act on: an interval inside ± this is called "no effect".
pub const RELEVANT: f64 = 0.05;

/// The verdict on one label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelVerdict {
    /// The label.
    pub label: String,
    /// What was found.
    pub finding: LabelFinding,
    /// Whether the label has synthetic rows; the others can only pay or gain by them.
    pub raised: bool,
    /// The arm with synthetic rows that is judged.
    pub arm: String,
    /// Held-out rows of the label.
    pub support: usize,
    /// F1 with the arm minus F1 with `none`.
    pub difference: Option<Estimate>,
    /// Two-sided p-value of that difference alone.
    pub p_value: Option<f64>,
    /// The same after Holm's correction for the number of labels.
    pub p_holm: Option<f64>,
    /// The smallest true difference that these held-out rows would show four times in five.
    pub detectable: Option<f64>,
    /// Average precision with the arm minus that with `none`.
    pub average_precision: Option<Estimate>,
    /// The strongest way to raise the label without synthetic rows.
    pub free: Option<FreeRival>,
    /// The finding in a sentence.
    pub sentence: String,
}

/// The arm without synthetic rows that reaches the highest F1 of a label on the held-out rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FreeRival {
    /// The arm.
    pub arm: String,
    /// F1 of the label with it.
    pub f1: f64,
    /// F1 with the synthetic rows minus F1 with this arm. Picked as the best of several on the same rows, so set against the
    /// synthetic rows.
    pub difference: Option<Estimate>,
    /// Whether the synthetic rows are not clearly above it.
    pub matches: bool,
}

/// What is wrong with the synthetic rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Most of them repeat real rows or each other.
    Copies,
    /// They carry another label than the rows that they were made from.
    LabelsOfOtherSources,
    /// A model that learned from real rows alone finds their labels wrong far more often than those of real rows.
    LabelsLookWrong,
}

/// One fault and its evidence, from training rows alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault {
    /// The fault.
    pub kind: FaultKind,
    /// Synthetic rows that show it, or that the model disagrees with.
    pub n_faulty: usize,
    /// Synthetic rows that were looked at.
    pub n: usize,
    /// The fault in a sentence.
    pub sentence: String,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AdviceKind {
    /// Use the synthetic rows as the named arm does.
    UseSyntheticRows,
    /// Use the named arm, which needs none.
    UseFreeArm,
    /// Hold out more real rows of the labels.
    GetMoreTestRows,
    /// Rewrite the largest label too.
    RewriteTheMajority,
    /// Make the rows anew: these are faulty.
    MakeRowsAnew,
    /// Trust no figure here: there are too few rows.
    TrustNothing,
}

/// One piece of advice.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Advice {
    /// What to do.
    pub kind: AdviceKind,
    /// The arm that it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arm: Option<String>,
    /// How many rows it asks for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n_rows: Option<usize>,
    /// The advice in a sentence.
    pub sentence: String,
}
