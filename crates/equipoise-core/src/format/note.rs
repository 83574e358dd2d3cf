//! What a reader left out, guessed or found odd: counted, never silent.

use crate::text::{counted, escape_control};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Places that a note keeps.
const SHOWN: usize = 5;

/// Something that a user has to know about how a file was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// What it is.
    pub kind: NoteKind,
    /// How many rows, lines or labels it is about.
    pub n: usize,
    /// The first of them: lines, or records in formats without lines, from 1. At most five.
    pub first: Vec<u64>,
    /// What the numbers of `first` count: `line` or `record`.
    pub unit: String,
    /// Names that it is about.
    pub detail: String,
}

/// What a note says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoteKind {
    /// Rows without a text (empty, white space or null): left out.
    EmptyText,
    /// Rows without a label: left out.
    EmptyLabel,
    /// Blank lines: left out.
    BlankLine,
    /// Rows with more or fewer cells than the header: left out.
    Ragged,
    /// The text or label column was guessed.
    Guessed,
    /// A delimiter other than the format's own was recognised.
    Delimiter,
    /// Column names that stand twice and are not used.
    RepeatedColumn,
    /// Labels that differ only in case, blanks or the way they are written, and are kept apart.
    SimilarLabels,
    /// The same, counted as one label.
    MergedLabels,
    /// Blanks before every label, which stand behind the delimiter and are no part of it.
    LabelBlanks,
    /// Rows with several labels: left out.
    SeveralLabels,
    /// Rows whose label the annotator rejected or passed over: left out.
    NotAccepted,
    /// Rows that hold the names of columns, as a header that stands again does: left out.
    RepeatedHeader,
    /// The format that the content turned out to have.
    Format,
    /// The encoding that the file turned out to have.
    Encoding,
}

impl NoteKind {
    /// Whether the note counts rows that were left out.
    pub fn drops_rows(self) -> bool {
        matches!(
            self,
            NoteKind::EmptyText
                | NoteKind::EmptyLabel
                | NoteKind::Ragged
                | NoteKind::SeveralLabels
                | NoteKind::NotAccepted
                | NoteKind::RepeatedHeader
        )
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (n, detail) = (self.n, escape_control(&self.detail));
        let rows = counted(n, "row");
        match self.kind {
            NoteKind::EmptyText => write!(f, "{rows} without a text omitted"),
            NoteKind::EmptyLabel => write!(f, "{rows} without a label omitted"),
            NoteKind::BlankLine => write!(f, "{} omitted", counted(n, "blank line")),
            NoteKind::Ragged => write!(f, "{rows} with more or fewer cells than the header omitted"),
            NoteKind::Guessed => write!(f, "{detail}"),
            NoteKind::Delimiter => write!(f, "the columns are separated by {detail}"),
            NoteKind::RepeatedColumn => write!(f, "column names that occur more than once: {detail}"),
            NoteKind::SimilarLabels => {
                write!(f, "labels that differ only in case, blanks or the way they are written, kept apart: {detail}")
            }
            NoteKind::MergedLabels => write!(f, "labels that count as one, called by the first: {detail}"),
            NoteKind::LabelBlanks => write!(f, "every label begins with a blank, which is omitted"),
            NoteKind::SeveralLabels => write!(f, "{rows} with several labels omitted"),
            NoteKind::NotAccepted => write!(f, "{rows} that the annotator did not accept omitted"),
            NoteKind::RepeatedHeader => write!(f, "{rows} with the names of columns omitted"),
            NoteKind::Format => write!(f, "{detail}"),
            NoteKind::Encoding => write!(f, "the characters are read as {detail}"),
        }?;
        if self.first.is_empty() {
            return Ok(());
        }
        let unit = if self.first.len() == 1 { self.unit.clone() } else { format!("{}s", self.unit) };
        let shown: Vec<String> = self.first.iter().map(u64::to_string).collect();
        let more = if self.n > self.first.len() { ", …" } else { "" };
        write!(f, " ({unit} {}{more})", shown.join(", "))
    }
}

/// Notes in the making.
#[derive(Debug)]
pub(super) struct Notes {
    unit: &'static str,
    notes: Vec<Note>,
}

impl Notes {
    /// No notes yet, about lines or about records.
    pub(super) fn new(unit: &'static str) -> Self {
        Notes { unit, notes: Vec::new() }
    }

    /// Counts one more of `kind` at line or record `at`.
    pub(super) fn count(&mut self, kind: NoteKind, at: u64) {
        let note = match self.notes.iter_mut().position(|n| n.kind == kind) {
            Some(i) => &mut self.notes[i],
            None => {
                self.say(kind, 0, String::new());
                let last = self.notes.len() - 1;
                &mut self.notes[last]
            }
        };
        note.n += 1;
        if note.first.len() < SHOWN {
            note.first.push(at);
        }
    }

    /// Says something about `n` things.
    pub(super) fn say(&mut self, kind: NoteKind, n: usize, detail: String) {
        self.notes.push(Note { kind, n, first: Vec::new(), unit: self.unit.to_owned(), detail });
    }

    /// The note of `kind` so far.
    pub(super) fn get(&self, kind: NoteKind) -> Option<&Note> {
        self.notes.iter().find(|n| n.kind == kind)
    }

    /// The notes in the order of their kinds.
    pub(super) fn finish(mut self) -> Vec<Note> {
        self.notes.sort_by_key(|n| n.kind);
        self.notes
    }
}
