//! What a report is made from.

use super::RowTable;
use super::number::count;
use crate::arm;
use crate::check::{self, Counts, Verdict};
use crate::eval::Evaluation;
use crate::offline::Joint;
use crate::parse::NoteKind;
use crate::plan::Plan;
use crate::profile::Profile;
use crate::select::{Funnel, Selection, ValueCount};
use serde::Serialize;
use std::collections::BTreeMap;

/// Everything that the renderers show.
#[derive(Debug, Clone)]
pub struct ReportData<'a> {
    /// What to call the data set: the input's name without its folder.
    pub name: String,
    /// The training rows.
    pub profile: &'a Profile,
    /// What was asked for; `None` where the synthetic rows come from elsewhere or there are none.
    pub plan: Option<&'a Plan>,
    /// What was kept, label by label; for rows from elsewhere `wanted` is what the files hold. `None` without synthetic rows.
    pub selection: Option<&'a Selection>,
    /// How many texts have each value of an attribute; empty where none were asked for.
    pub attributes: &'a [ValueCount],
    /// What each check found; `None` without synthetic rows.
    pub checks: Option<&'a Counts>,
    /// How texts became fewer on their way to being kept; `None` without synthetic rows.
    pub funnel: Option<Funnel>,
    /// How far a run came that was stopped; `None` where it is finished.
    pub stopped: Option<StoppedAt>,
    /// What it did on held-out rows; `None` where nothing was evaluated.
    pub evaluation: Option<&'a Evaluation>,
    /// Kept, surplus and rejected texts to show, as [`super::examples`] picks them.
    pub examples: Vec<Example>,
    /// Every text and the real rows beside them, to look through; `None` where no text was made.
    pub rows: Option<RowTable>,
    /// What was paid; `None` where nothing was asked.
    pub cost: Option<Cost>,
    /// How often each thing was wrong with an answer.
    pub parse_notes: BTreeMap<NoteKind, usize>,
    /// Texts that were asked for and never came: why, and how many.
    pub never_came: Vec<(String, usize)>,
    /// What a person should know of a label's texts: why there are fewer than wanted, which of them are not generated.
    pub remarks: Vec<String>,
    /// Input rows that could not be used: why, and how many.
    pub dropped: Vec<(String, usize)>,
    /// Where everything comes from.
    pub provenance: Provenance,
}

/// How far a run came that was stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StoppedAt {
    /// Texts that were asked for to the end.
    pub n_done: usize,
    /// Texts that were to be asked for.
    pub n_planned: usize,
}

/// One generated text and what became of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Example {
    /// Its label.
    pub label: String,
    /// The text.
    pub text: String,
    /// The real texts that it was made from; several where it is only known to come from some among them, or was put together.
    pub sources: Vec<String>,
    /// How it came from them.
    pub origin: Origin,
    /// What became of it.
    pub fate: Fate,
    /// What the checks found: every verdict that is not a pass, in the order of the checks.
    pub findings: Vec<Verdict>,
}

/// How a text came from its sources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// A model wrote it after them.
    Written,
    /// It is put together from parts of them: the first gave what is kept, the others the rest, which meets at these joints.
    Joined(Vec<Joint>),
    /// It is a real text that had no label; its label is a guess.
    Harvested,
}

/// What became of a candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Fate {
    /// It is used.
    Kept,
    /// It is good but beyond the label's quota.
    Surplus,
    /// Some check rejects it.
    Rejected,
}

/// What was paid.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cost {
    /// Requests that were answered.
    pub n_requests: usize,
    /// Requests that were sent and whose fate is unknown; their worst case is counted in `usd`.
    pub n_unknown: usize,
    /// Their worst case, USD; `None` where the price is unknown.
    pub usd_unknown: Option<f64>,
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Money; `None` where the price is unknown.
    pub usd: Option<f64>,
    /// What of all this a judge of labels was asked; `None` where none was asked.
    pub judge: Option<JudgeCost>,
}

/// What a judge of labels was asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JudgeCost {
    /// Requests that it answered.
    pub n_requests: usize,
    /// Money; `None` where the price is unknown.
    pub usd: Option<f64>,
}

/// Where everything comes from. Model, generator and prompt stand in the [`Plan`].
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// Version of this tool.
    pub tool_version: String,
    /// Seed of the run.
    pub seed: u64,
    /// The day on which the run was started, `2026-11-28`; `None` where it is not known.
    pub date: Option<String>,
    /// The command that was typed; `None` where a library started the run.
    pub command: Option<String>,
    /// The resolved recipe as TOML, its files by name alone.
    pub recipe: String,
    /// The prompt template, whole; `None` where the model needs no words.
    pub prompt: Option<String>,
    /// The model as it was asked for; `None` where nothing was asked.
    pub typed_model: Option<String>,
    /// The sampling temperature, where one was set.
    pub temperature: Option<f64>,
    /// The files that were read.
    pub inputs: Vec<Input>,
    /// The data sets that were written.
    pub outputs: Vec<OutputFile>,
    /// The models that the server named in its answers, where it did.
    pub served_models: Vec<String>,
}

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Input {
    /// What it was read as.
    pub role: InputRole,
    /// Its name without its folder.
    pub name: String,
    /// BLAKE3 of its bytes in hex, where known.
    pub digest: Option<String>,
}

/// What a file was read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InputRole {
    /// Training rows.
    Train,
    /// Held-out rows.
    Test,
    /// Rows without labels.
    Unlabelled,
    /// Synthetic rows from elsewhere.
    Synthetic,
}

/// A data set that was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// `augmented` or `synthetic`: the name of the configuration in the card.
    pub name: String,
    /// File name in the run folder.
    pub file: String,
}

/// What the arm or check called `name` does, as its catalog says.
pub(super) fn what(name: &str) -> Option<&'static str> {
    let check = || check::CATALOG.iter().find(|entry| entry.name == name).map(|entry| entry.what);
    arm::lookup(name).map(|arm| arm.item.what).or_else(check)
}

/// What labels mean as the prompts said it: label and phrases.
pub(super) fn definitions(data: &ReportData<'_>) -> Vec<(String, String)> {
    let said = data.plan.map(|plan| &plan.definitions).into_iter().flatten();
    said.map(|(label, lines)| (label.clone(), lines.join("; "))).collect()
}

/// A value of an attribute with how many texts have it.
#[derive(Debug, Serialize)]
pub(super) struct AttributeRow {
    attribute: String,
    value: String,
    /// Its share of the texts, by its weight.
    share: String,
    planned: String,
    written: String,
    kept: String,
}

/// The values of attributes as a table.
pub(super) fn attributes(data: &ReportData<'_>) -> Vec<AttributeRow> {
    let row = |value: &ValueCount| AttributeRow {
        attribute: value
            .label
            .as_ref()
            .map_or_else(|| value.attribute.clone(), |label| format!("{} ({label})", value.attribute)),
        value: value.value.clone(),
        share: format!("{:.0} %", 100.0 * value.share),
        planned: count(value.n_planned),
        written: count(value.n_written),
        kept: count(value.n_kept),
    };
    data.attributes.iter().map(row).collect()
}

impl<'a> ReportData<'a> {
    /// A report on nothing but the training rows; what a run adds is set field by field (`..ReportData::new(…)`).
    pub fn new(name: String, profile: &'a Profile, provenance: Provenance) -> Self {
        ReportData {
            name,
            profile,
            plan: None,
            selection: None,
            attributes: &[],
            checks: None,
            funnel: None,
            stopped: None,
            evaluation: None,
            examples: Vec::new(),
            rows: None,
            cost: None,
            parse_notes: BTreeMap::new(),
            never_came: Vec::new(),
            remarks: Vec::new(),
            dropped: Vec::new(),
            provenance,
        }
    }

    /// Synthetic rows of `label` that are used.
    pub(super) fn n_synthetic(&self, label: &str) -> usize {
        let labels = self.selection.map_or(&[][..], |s| &s.labels);
        labels.iter().filter(|l| l.label == label).map(|l| l.n_kept).sum()
    }

    /// Synthetic rows that are used.
    pub(super) fn n_kept(&self) -> usize {
        self.selection.map_or(0, |s| s.labels.iter().map(|l| l.n_kept).sum())
    }
}
