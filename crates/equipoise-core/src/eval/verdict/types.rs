//! The verdict as data: everything that a page, a terminal or another program says of it.

use super::evidence::{Counts, JudgedBy};
use crate::stats::Estimate;
use serde::{Deserialize, Serialize};

/// How good the case for the synthetic rows is, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// Proven: the 95 % interval of the difference to class weights lies above zero.
    Yes,
    /// Proven, and a label or accuracy is harmed.
    YesAtAPrice,
    /// The selection procedure took them, and the difference to class weights is above zero.
    Promising,
    /// The rows do not decide it.
    TooLittleData,
    /// A free way does as well, and the interval shows it.
    NotNeeded,
    /// They harm, or nothing of them was kept.
    No,
}

impl Level {
    /// Every level, the best first.
    pub const ALL: [Level; 6] =
        [Level::Yes, Level::YesAtAPrice, Level::Promising, Level::TooLittleData, Level::NotNeeded, Level::No];

    /// Whether the synthetic rows are to be used.
    pub fn uses_synthetic(self) -> bool {
        matches!(self, Level::Yes | Level::YesAtAPrice | Level::Promising)
    }

    /// The answer to "do the synthetic rows help?" in a word or three.
    pub fn badge(self) -> &'static str {
        match self {
            Level::Yes => "Yes",
            Level::YesAtAPrice => "Yes, at a price",
            Level::Promising => "Promising, not proven",
            Level::TooLittleData => "Too little data",
            Level::NotNeeded => "Not needed",
            Level::No => "No",
        }
    }
}

/// The verdict on the synthetic rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// How good the case for them is; `None` where there were none and free arms alone were compared.
    pub level: Option<Level>,
    /// The arm to train with.
    pub arm: String,
    /// Whether to use the synthetic rows; `None` where there were none.
    pub use_synthetic: Option<bool>,
    /// What to do, and the thing that somebody would regret not having read, in a short sentence.
    pub headline: String,
    /// What the synthetic rows do in counts of judged rows, a sentence each: what it costs, what it gains, what is to be had for nothing.
    #[serde(default)]
    pub effect: Vec<String>,
    /// The figures that decided, in one or two sentences.
    pub reason: String,
    /// The figures that decided; `None` where no arm with synthetic rows could be judged.
    #[serde(default)]
    pub judged: Option<Judged>,
    /// What using the synthetic rows costs, in rows, most first.
    #[serde(default)]
    pub price: Vec<Price>,
    /// What the synthetic rows did to each label, raised or not, in order of label; empty where no arm used them.
    #[serde(default)]
    pub labels: Vec<LabelVerdict>,
    /// What is wrong with the synthetic rows themselves.
    #[serde(default)]
    pub faults: Vec<Fault>,
    /// What to do, most important first.
    #[serde(default)]
    pub advice: Vec<Advice>,
}

impl Verdict {
    /// The level in a word or three.
    pub fn badge(&self) -> &'static str {
        self.level.map_or("No synthetic rows", Level::badge)
    }
}

/// The arm with synthetic rows beside those that it has to beat, in the figure that decides.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judged {
    /// The arm with synthetic rows.
    pub arm: String,
    /// The figure.
    pub figure: JudgedBy,
    /// Its value with the real rows as they are.
    pub before: f64,
    /// Its value with the arm.
    pub with: f64,
    /// The difference of the two.
    pub over_none: Estimate,
    /// The differences to the free arms that were fixed as rivals beforehand, the stronger in cross-validation first.
    pub over_rivals: Vec<Rival>,
    /// The free arm with the highest value on the judged rows, in the figure over all rows that people are shown: macro-F1, or that of
    /// another goal. It was picked there; the difference is corrected for that, and decides nothing.
    pub best_free: Option<Rival>,
    /// The value of that arm in the figure that decides.
    #[serde(default)]
    pub best_free_value: Option<f64>,
}

/// A free arm beside the arm with synthetic rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rival {
    /// The free arm.
    pub arm: String,
    /// Its value.
    pub value: f64,
    /// The value with synthetic rows minus its own.
    pub difference: Option<Estimate>,
}

/// What using the synthetic rows costs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Price {
    /// The label that pays; `None` for all rows together.
    pub label: Option<String>,
    /// Judged rows of the label, or all of them.
    pub n: usize,
    /// Rows of the label that are no longer found; of all rows those that are no longer right.
    pub n_lost: i64,
    /// More rows that are called the label wrongly; 0 for all rows together.
    pub n_more_false: i64,
    /// The price in a sentence.
    pub sentence: String,
}

/// What the synthetic rows did to one label, set against the real rows alone (`none`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LabelFinding {
    /// Its F1 rises beyond noise, the number of labels considered.
    Helped,
    /// Its F1 moves by no more than [`RELEVANT`], which the judged rows are enough to say.
    NoEffect,
    /// Its F1 falls beyond noise, the number of labels considered.
    Harmed,
    /// The judged rows do not decide it.
    CannotTell,
}

/// A change that nobody would act on: an interval inside ± this is called "no effect".
pub const RELEVANT: f64 = 0.05;

/// The verdict on one label.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelVerdict {
    /// The label.
    pub label: String,
    /// What was found.
    pub finding: LabelFinding,
    /// Whether the label has synthetic rows that are there to raise it; the others can only pay or gain by them.
    pub raised: bool,
    /// The arm with synthetic rows that is judged.
    pub arm: String,
    /// Judged rows of the label.
    pub support: usize,
    /// Real training rows of the label.
    #[serde(default)]
    pub n_real: usize,
    /// Synthetic rows of the label that are used.
    #[serde(default)]
    pub n_made: usize,
    /// Judged rows of the label that are found, and that are called it wrongly, in the three arms that are shown.
    #[serde(default)]
    pub counts: Option<LabelCounts>,
    /// F1 with the arm minus F1 with `none`.
    pub difference: Option<Estimate>,
    /// Two-sided p-value of that difference alone.
    pub p_value: Option<f64>,
    /// The same after Holm's correction for the number of labels.
    pub p_holm: Option<f64>,
    /// The smallest true difference that these rows would show four times in five.
    pub detectable: Option<f64>,
    /// Average precision with the arm minus that with class weights: what the texts do to the ranking, wherever the line is drawn.
    pub average_precision: Option<Estimate>,
    /// The best free arm, in F1 of the label.
    pub rival: Option<Rival>,
    /// The finding in a sentence.
    pub sentence: String,
}

/// Judged rows of a label in the three arms that people are shown.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LabelCounts {
    /// With the real rows as they are.
    pub before: Counts,
    /// With the arm with synthetic rows.
    pub with: Counts,
    /// With the best free arm.
    pub best_free: Option<Counts>,
}

/// What is wrong with the synthetic rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// Most of them repeat real rows or each other, word for word or nearly so.
    Copies,
    /// They carry another label than the rows that they were made from.
    LabelsOfOtherSources,
    /// A model that learned from real rows alone finds their labels wrong far more often than those of real rows, and they harm.
    LabelsLookWrong,
    /// Such a model finds their labels wrong, and they do not harm: they express the label in other words than the real rows.
    OtherWords,
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
    /// Get more real rows to judge by.
    GetMoreTestRows,
    /// Have the other labels rewritten too.
    RewriteTheOthers,
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
    /// Ways to follow it; how a command line says each is its own matter.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<Action>,
}

/// Something that this program can do.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Label new texts with the fitted model of the recommended arm.
    Predict,
    /// Write the weight of each row in the recommended arm, for another trainer.
    WriteWeights,
    /// Have the largest label rewritten too, as a share of its rows.
    StyleControl(f64),
}
