//! What a judge that is asked says of single texts.

use super::Record;
use crate::data::{LabelId, RowId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a judge says of a text that claims a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opinion {
    /// The text has this label.
    Label(LabelId),
    /// It does not have the label that it claims; the judge does not say which one it has.
    NotClaimed,
    /// It has none of the labels, or the judge cannot tell.
    Unsure,
}

impl Opinion {
    /// Whether this accuses a text of carrying `claimed` wrongly.
    pub fn accuses(self, claimed: LabelId) -> bool {
        match self {
            Opinion::Label(label) => label != claimed,
            Opinion::NotClaimed => true,
            Opinion::Unsure => false,
        }
    }
}

/// An opinion, and how sure the judge is of it where it says so, in its own unit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Said {
    /// The opinion.
    pub opinion: Opinion,
    /// The judge's own score.
    pub score: Option<f64>,
}

/// What a judge says of one synthetic text.
#[derive(Debug, Clone, PartialEq)]
pub struct JudgedText {
    /// Id of the candidate.
    pub candidate: String,
    /// The label that it claims.
    pub label: LabelId,
    /// The real row that it was made from, where that is known.
    pub source: Option<RowId>,
    /// What the judge says; `None` where its answer cannot be read.
    pub said: Option<Said>,
}

/// Everything that a judge said on one occasion.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Judgements {
    /// Who judges.
    pub by: String,
    /// How it did on real rows, by label; a label whose real rows it said nothing of has none.
    pub records: BTreeMap<LabelId, Option<Record>>,
    /// Real rows that it was asked about for this, each once.
    pub n_known: usize,
    /// Real rows among them of which it said nothing that can be read.
    pub n_known_unread: usize,
    /// The synthetic texts.
    pub texts: Vec<JudgedText>,
    /// Texts that were not asked about to the end, since asking was stopped.
    pub n_open: usize,
}

/// What a judge that was asked found in all, and what that is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelJudgement {
    /// Who judged: a model, or a command.
    pub by: String,
    /// Real rows that it was asked about before any synthetic text.
    pub n_known: usize,
    /// Synthetic texts that it was asked about.
    pub n_texts: usize,
    /// Rows and texts of which it said nothing that can be read; they count neither way.
    pub n_unread: usize,
    /// What its accusations are worth, label by label.
    pub labels: Vec<super::Probation>,
    /// Labels of whose real rows, or of whose texts, it said nothing that can be read.
    pub silent: Vec<String>,
}
