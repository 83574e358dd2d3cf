//! What is asked for, and the answer: texts with the rows that each was made from, and what a person should know of them.
//!
//! The JSON of an answer is what a run's journal keeps and what the generator `recombine` reads.

use crate::data::{LabelId, RowId};
use serde::{Deserialize, Serialize};

/// What is asked for: texts of one label.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The label, one of the training rows.
    pub label: LabelId,
    /// How many texts.
    pub wanted: usize,
    /// Which ask of the label this is, from 0: each draws other texts.
    pub ordinal: u32,
    /// The texts that the label has already: none of them, and none near them, comes again.
    pub taken: &'a [String],
}

/// The texts of one ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// The texts, harvested ones first.
    pub texts: Vec<Text>,
    /// How many there are.
    pub made: usize,
    /// How many were asked for.
    pub wanted: usize,
    /// Why there are fewer texts than were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What a person should know of the label.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// A text of an answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Text {
    /// A real row without a label, word for word.
    Harvested {
        /// The text.
        text: String,
        /// The row.
        harvested: RowId,
    },
    /// Made from parts of training rows and donors.
    Made {
        /// The text.
        text: String,
        /// The row that it was made from.
        source: RowId,
        /// The rows that lent a part, without the source.
        donors: Vec<RowId>,
        /// Where the parts meet, in the order of the text.
        joints: Vec<Joint>,
    },
}

/// Where parts of two rows meet in a text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Joint {
    /// How they hold together.
    pub kind: JointKind,
    /// How many characters of the text stand before the part after the joint, or before the exchanged word.
    pub at: usize,
    /// The words that both rows have there; or the old word and the new one.
    pub words: Vec<String>,
    /// The row that lends the part or the word.
    pub donor: RowId,
}

/// How two parts of a text hold together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JointKind {
    /// Both rows have these words there.
    Shared,
    /// The first word was exchanged for the second.
    Exchanged,
}
