//! What an answer should hold, and the items that it did.

use super::Note;
use serde::{Deserialize, Serialize};

/// The form that an answer was asked to take. A hint: what came is read as what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Form {
    /// A JSON object.
    #[default]
    Json,
    /// Texts separated by `;`.
    Semicolon,
    /// A numbered, bulleted or plain list, one text a line.
    List,
}

/// What an answer should hold.
#[derive(Debug, Clone, Copy)]
pub struct Expect<'a> {
    /// Ids of the sources and their texts, in the order of the prompt; empty where the texts belong to no single source.
    pub sources: &'a [(&'a str, &'a str)],
    /// How many texts.
    pub wanted: usize,
    /// The form asked for.
    pub form: Form,
    /// Whether the model said that it was done: a cut answer ends in half an item.
    pub complete: bool,
    /// Whether line breaks within a text become spaces, as where the label's real texts have none.
    pub one_line: bool,
}

/// One text of an answer.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    /// The source it belongs to, as a position in [`Expect::sources`].
    pub source: Option<usize>,
    /// The cleaned text.
    pub text: String,
    /// Why it cannot be whole: `cut` or `merged`.
    pub fault: Option<String>,
}

/// What an answer held.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Parsed {
    /// The texts, in the order of the answer.
    pub items: Vec<Item>,
    /// What was wrong. Notes and items together account for every line of the answer that is not blank.
    pub notes: Vec<Note>,
}

/// An item as it was found, before ids are looked up.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Found {
    pub(super) id: Option<String>,
    pub(super) text: String,
    pub(super) fault: Option<&'static str>,
}

impl Found {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Found { text: text.into(), ..Found::default() }
    }
}
