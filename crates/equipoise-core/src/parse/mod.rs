//! Reading what a model wrote: item by item, never failing, with a note for whatever was wrong.

mod answer;
mod clean;
mod frame;
mod headed;
mod html;
mod item;
mod json;
mod keyed;
mod languages;
mod list;
mod object;
mod pair;
mod refusal;
mod salvage;
mod talk;
mod thought;
mod token;

pub use answer::parse;
pub(crate) use clean::unquoted;
pub use item::{Expect, Form, Item, Parsed};
pub(crate) use refusal::refusal;
pub(crate) use talk::{is_of_a_server, speaks_of_the_task};
pub(crate) use thought::without_thoughts;

use serde::{Deserialize, Serialize};

/// Something that was wrong with an answer. Notes and items together account for every non-blank line of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// The part of the answer, or the numbers, that it is about.
    pub detail: String,
}

/// What can be wrong with an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// Fewer texts than asked for.
    TooFew,
    /// More texts than asked for.
    TooMany,
    /// A line of talk around the texts ("Sure! Here you go:").
    Preamble,
    /// A code fence around the texts.
    CodeFence,
    /// The structure was broken; what could be read was read.
    Malformed,
    /// A line that is no text: JSON was asked for, none came, and the lines are too few, too many or talk.
    Unread,
    /// What stands around most texts of an answer and around no source: taken off.
    Framed,
    /// The answer ends in the middle of an item.
    Cut,
    /// An id that was not in the request.
    UnknownId,
    /// An id that came twice; the first was kept.
    RepeatedId,
    /// The texts came without ids, so they lost their pairing with the sources.
    PairingLost,
    /// Two items seem to stand in one.
    Merged,
    /// The model declined or a filter withheld the answer.
    Refused,
    /// The rows can give no further text; the detail says how many they gave and why.
    Exhausted,
    /// No word tells the label from the others, so that texts made of its words serve little.
    NoOwnWords,
    /// Capitals of a text were made small, as its label's rule wants it.
    LowerCased,
    /// Punctuation marks of a text were removed, as its label's rule wants it.
    Unpunctuated,
}

impl NoteKind {
    /// What it is, for people.
    pub fn words(self) -> &'static str {
        match self {
            NoteKind::TooFew => "fewer texts than asked for",
            NoteKind::TooMany => "more texts than asked for",
            NoteKind::Preamble => "talk around the texts",
            NoteKind::CodeFence => "a code fence around the texts",
            NoteKind::Malformed => "broken structure, of which a part was read",
            NoteKind::Unread => "a line that is no text",
            NoteKind::Framed => "the same words around most texts, taken off",
            NoteKind::Cut => "an end in the middle of a text",
            NoteKind::UnknownId => "a text that matches no row asked for",
            NoteKind::RepeatedId => "a second text for the same row",
            NoteKind::PairingLost => "texts that do not say which row they are for",
            NoteKind::Merged => "two texts in one",
            NoteKind::Refused => "no text, since the model declined",
            NoteKind::Exhausted => "no further text from the rows",
            NoteKind::NoOwnWords => "no word that only the label has",
            NoteKind::LowerCased => "capitals made small, as the label's rule wants it",
            NoteKind::Unpunctuated => "punctuation removed, as the label's rule wants it",
        }
    }
}

impl std::fmt::Display for NoteKind {
    /// The name that stands in `selection.json`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.serialize(f)
    }
}

impl Note {
    fn new(kind: NoteKind, detail: impl Into<String>) -> Self {
        Note { kind, detail: detail.into() }
    }
}
