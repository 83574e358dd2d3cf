//! The evaluation as data: `evaluation.json`, whose keys others read.

use super::changed::ChangedRows;
use super::curves::{DoseCurve, LearningCurve};
use super::group_alarms::GroupAlarms;
use super::others::OtherVerdict;
use super::precision_recall::PrecisionRecall;
use super::prior_shift::PriorShift;
use super::review_effect::ReviewEffect;
use super::row_value::RowValues;
use super::verdict::{Design, Verdict};
use crate::metric::MetricEntry;
use crate::pattern::LabelPatterns;
use crate::pattern::reliance::Reliance;
use crate::probation::Probation;
use crate::stats::Estimate;
use crate::text::{escape_control, thousands};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What each way of training does on held-out real rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluation {
    /// Version of this layout.
    pub schema: u32,
    /// Seed of the run.
    pub seed: u64,
    /// Where the judged rows come from.
    #[serde(default)]
    pub design: Design,
    /// The training rows.
    pub train: TrainSummary,
    /// The judged rows: held-out ones, or all real rows where each is judged in turn.
    pub held_out: HeldOutSummary,
    /// The synthetic rows.
    pub synthetic: SyntheticSummary,
    /// One entry an arm and learner.
    pub arms: Vec<ArmResult>,
    /// Paired differences between arms.
    pub contrasts: Vec<Contrast>,
    /// The verdict.
    pub verdict: Verdict,
    /// What further learners say; the verdict is that of the first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub others: Vec<OtherVerdict>,
    /// Labels that are twice as frequent, or half as frequent, among the judged rows as among the training rows or where the classifier
    /// will be used.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prior_shifts: Vec<PriorShift>,
    /// What the synthetic rows are like: dose, worth, patterns, row values.
    #[serde(flatten)]
    pub analysis: Analysis,
    /// What a reader has to know about how this was measured (duplicates across views, labels without test rows, …).
    pub notes: Vec<String>,
}

impl Evaluation {
    /// Real rows that the arms were judged on.
    pub fn n_judged(&self) -> usize {
        match self.design {
            Design::HeldOut => self.held_out.n,
            Design::CrossValidation => self.train.n + self.held_out.n,
        }
    }

    /// How many they are and what, for people: `1,200 real rows never trained on (test.csv)`.
    pub fn judged_rows(&self) -> String {
        let (n, name) = (thousands(self.n_judged() as u64), escape_control(&self.held_out.name));
        match (self.design, self.held_out.n_also_train) {
            (Design::CrossValidation, _) => format!("all {n} real rows in turn (5-fold cross-validation)"),
            (Design::HeldOut, 0) => format!("{n} real rows never trained on ({name})"),
            (Design::HeldOut, known) => {
                format!("{n} real rows ({name}), {} of them also trained on", thousands(known as u64))
            }
        }
    }

    /// What those rows are, for people: `held-out real rows (test.csv)`.
    pub fn judged_on(&self) -> String {
        match self.design {
            Design::HeldOut => format!("held-out real rows ({})", escape_control(&self.held_out.name)),
            Design::CrossValidation => {
                "real rows, each judged by models that did not see it (5-fold cross-validation)".to_owned()
            }
        }
    }
}

/// What the synthetic rows are like, beside what the arms do with them. Empty without synthetic rows.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Analysis {
    /// What a part of the synthetic rows does, with the first learner; `None` without kept rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dose: Option<DoseCurve>,
    /// What fewer real rows of the raised labels do, with the first learner; `None` where they are too few.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub learning_curve: Option<LearningCurve>,
    /// How well the synthetic rows of each label are told from its real ones, and by what.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub patterns: Vec<LabelPatterns>,
    /// Whether the first learner's `synthetic` leans on words that only give away who wrote a text, label by label, set against `none`; a
    /// label without such words is left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reliance: Vec<Reliance>,
    /// False alarms of each raised label by group, without and with the synthetic rows, with the first learner; empty where no groups are
    /// named.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub group_alarms: Vec<GroupAlarms>,
    /// How many labels of the unchecked synthetic rows look wrong to a classifier of the real rows, and what that is worth, label by label.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub probation: Vec<Probation>,
    /// Which synthetic rows help and which hurt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub row_values: Option<RowValues>,
    /// Which held-out rows the synthetic rows change, with the first learner; `None` where nothing is compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<ChangedRows>,
    /// How precision and recall of each raised label trade, with the first learner.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub precision_recall: Vec<PrecisionRecall>,
    /// What people decided about the texts and what was measured before; `None` where nobody decided.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review: Option<ReviewEffect>,
}

/// Training rows in numbers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrainSummary {
    /// Rows.
    pub n: usize,
    /// Rows of each label, by name.
    pub labels: BTreeMap<String, usize>,
}

/// Held-out rows in numbers. Where all real rows are judged in turn they are among those.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeldOutSummary {
    /// Rows.
    pub n: usize,
    /// The file's name, or how the rows were drawn; empty where none was held out.
    pub name: String,
    /// Held-out rows whose text also stands among the training rows.
    pub n_also_train: usize,
}

/// Synthetic rows in numbers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct SyntheticSummary {
    /// Texts that the answers or files held.
    pub n_candidates: usize,
    /// Texts used.
    pub n_kept: usize,
}

/// One arm with one learner.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArmResult {
    /// The arm's name.
    pub name: String,
    /// The learner's name.
    pub learner: String,
    /// Real rows that it trained on, duplicates counted.
    pub n_real: usize,
    /// Synthetic rows that it trained on, points made in feature space counted.
    pub n_synthetic: usize,
    /// Whether the verdict's selection procedure chose it.
    pub chosen: bool,
    /// Every metric over all labels, by the name that the catalog of metrics has for it.
    #[serde(flatten)]
    pub figures: BTreeMap<String, Option<Estimate>>,
    /// Per label, by name.
    pub labels: BTreeMap<String, LabelResult>,
    /// Counts on the held-out rows.
    pub confusion: ConfusionTable,
    /// Macro-F1 in cross-validation over the training rows, where the selection procedure computed it.
    pub cv_score: Option<Estimate>,
}

/// One label of one arm.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelResult {
    /// Held-out rows of the label.
    pub support: usize,
    /// Every metric of a single label, by the name that the catalog of metrics has for it.
    #[serde(flatten)]
    pub figures: BTreeMap<String, Option<Estimate>>,
}

impl ArmResult {
    /// The arm's figure in a metric over all labels; `None` where it is undefined.
    pub fn figure(&self, metric: &MetricEntry) -> Option<&Estimate> {
        self.figures.get(metric.item.name)?.as_ref()
    }

    /// The arm's figure in a metric of one label; `None` where it is undefined.
    pub fn label_figure(&self, label: &str, metric: &MetricEntry) -> Option<&Estimate> {
        self.labels.get(label)?.figures.get(metric.item.name)?.as_ref()
    }
}

/// A confusion matrix with names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ConfusionTable {
    /// Label names, in the order of rows and columns.
    pub labels: Vec<String>,
    /// Rows are true labels, columns predicted ones.
    pub counts: Vec<Vec<u64>>,
    /// How often each judged row is counted: once, or once in each pass of a repeated cross-validation.
    #[serde(default = "once", skip_serializing_if = "is_once")]
    pub n_passes: usize,
}

fn once() -> usize {
    1
}

fn is_once(n_passes: &usize) -> bool {
    *n_passes == 1
}

/// A paired difference between two arms on the same held-out rows: `arm − against`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    /// The arm.
    pub arm: String,
    /// The arm that it is set against.
    pub against: String,
    /// The learner of both.
    pub learner: String,
    /// The name of a metric, with its label where it is of one: `macro_f1`, `f1:LABEL`.
    pub metric: String,
    /// The difference.
    pub difference: Option<Estimate>,
    /// Two-sided p-value.
    pub p_value: Option<f64>,
}
