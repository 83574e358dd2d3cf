//! The plan as data.

use super::Outlook;
use crate::text::PrivateCounts;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is going to be asked and what it costs: `plan.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Version of this layout.
    pub schema: u32,
    /// `PROVIDER/NAME`.
    pub model: String,
    /// The generator's name.
    pub generator: String,
    /// Version of the prompt template: BLAKE3 of its source, hex.
    pub prompt: String,
    /// Source rows a request, at most.
    pub chunk: usize,
    /// Refill rounds after the first.
    pub rounds: u32,
    /// USD per million tokens; `None` where the price is unknown.
    pub price: Option<Price>,
    /// One entry a label that gets texts, in order of label name.
    pub labels: Vec<LabelPlan>,
    /// All labels together.
    pub total: Forecast,
    /// What the labels that get texts mean, a phrase each, where somebody said so.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub definitions: BTreeMap<String, Vec<String>>,
    /// What new texts are to be like; `None` where nothing is asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attributes: Option<PlannedAttributes>,
    /// What is masked in the rows that are sent; `None` where nothing is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub masked: Option<PrivateCounts>,
    /// Whether texts are likely to help each label that gets some, the likeliest first; empty where nobody asked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outlook: Vec<Outlook>,
    /// What asking a judge of labels costs beside `total`; `None` where none is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judge: Option<JudgeForecast>,
}

/// What a judge of labels is going to be asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JudgeForecast {
    /// Who judges: `PROVIDER/NAME`, or a command.
    pub by: String,
    /// Real rows that it is asked about before any text.
    pub n_known: usize,
    /// What asking costs; nothing for a command.
    #[serde(flatten)]
    pub forecast: Forecast,
}

impl Plan {
    /// What writing and judging cost together.
    pub fn all(&self) -> Forecast {
        self.judge.iter().fold(self.total, |sum, judge| sum.plus(judge.forecast))
    }
}

/// What new texts are to be like.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedAttributes {
    /// Combinations of values that a text of each label can have.
    pub n_combinations: BTreeMap<String, usize>,
    /// Every value, attribute by attribute.
    pub values: Vec<PlannedValue>,
    /// Pairs of values that no text has, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub forbidden: Vec<String>,
    /// By attribute the labels that get texts and have no value of it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub lacking: BTreeMap<String, Vec<String>>,
}

/// A value of an attribute.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedValue {
    /// The attribute.
    pub attribute: String,
    /// The value.
    pub value: String,
    /// The label whose own the value is; `None` where it is for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Its share (0..1) of the texts, by its weight.
    pub share: f64,
    /// Texts of the first round that are to have it.
    pub n: usize,
}

/// USD per million tokens.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Price {
    /// For tokens read.
    pub input_usd: f64,
    /// For tokens written.
    pub output_usd: f64,
}

/// One label of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelPlan {
    /// What it has and gets.
    #[serde(flatten)]
    pub quota: Quota,
    /// What asking costs.
    #[serde(flatten)]
    pub forecast: Forecast,
}

/// Requests, tokens and money.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Forecast {
    /// Requests of the first round.
    pub n_requests: usize,
    /// Requests when every refill round asks for everything again.
    pub n_requests_worst: usize,
    /// Expected tokens read.
    pub input_tokens: u64,
    /// Expected tokens written.
    pub output_tokens: u64,
    /// Bound on the tokens read, all rounds: bytes of the prompts.
    pub input_tokens_worst: u64,
    /// Bound on the tokens written, all rounds: the token limit of each answer.
    pub output_tokens_worst: u64,
    /// Expected cost; `None` where the price is unknown.
    pub usd: Option<f64>,
    /// Worst case; `None` where the price is unknown.
    pub usd_worst: Option<f64>,
}

/// How far a label is to be raised.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// To so many rows, real ones included.
    Count(usize),
    /// To so many times its real rows.
    Times(f64),
    /// To the size of the largest label.
    Max,
}

/// How far all labels are to be raised.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Balance {
    /// Not at all.
    #[default]
    None,
    /// To the largest label.
    ToMajority,
    /// To the median label.
    ToMedian,
    /// To this share (0..1) of the largest label.
    Ratio(f64),
}

/// What one label has and is to get.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Quota {
    /// The label.
    pub label: String,
    /// Real training rows.
    pub have: usize,
    /// Rows after balancing, real ones included.
    pub target: usize,
    /// Texts to make: `target − have`.
    pub wanted: usize,
    /// Whether the texts are there for their style alone: so that what only the generator writes stands in the largest label too.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub style_control: bool,
}
