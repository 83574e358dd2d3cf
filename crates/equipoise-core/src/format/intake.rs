//! What every reader does with a row that it has found: the same rules for all formats.

use super::cell::{CELL_LIMIT, shown};
use super::columns::Chosen;
use super::extend::given;
use super::note::Notes;
use super::{Layout, Note, NoteKind, Place, ReadError};
use std::collections::HashSet;

/// Labels that [`crate::data::Rows`] can hold.
const LABEL_LIMIT: usize = 65_535;

/// A row as a reader found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RawRow<'a> {
    /// The text, neither empty nor white space alone.
    pub text: &'a str,
    /// The label, neither empty nor white space alone.
    pub label: &'a str,
    /// The line at which the row starts, or its record number in formats without lines; from 1.
    pub at: u64,
    /// The column `source`, where there is one and the cell is not empty: the text of the row that this one was made from.
    pub source: Option<&'a str>,
    /// The column `source_id`, likewise.
    pub source_id: Option<&'a str>,
}

/// Takes the rows of a file, one after the other; an error stops the reading.
pub type Sink<'s> = dyn FnMut(RawRow<'_>) -> Result<(), ReadError> + 's;

/// What reading a file told, besides its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Rows handed to the sink.
    pub n_rows: usize,
    /// Rows left out for want of a text or a label.
    pub n_dropped: usize,
    /// What was left out, guessed or odd.
    pub notes: Vec<Note>,
    /// How the file is laid out.
    pub layout: Layout,
}

/// The gate through which every row passes.
pub(super) struct Intake<'s, 'f> {
    pub(super) notes: Notes,
    labels: HashSet<String>,
    n_rows: usize,
    unit: fn(u64) -> Place,
    names: (String, String),
    unlabelled: bool,
    sink: &'s mut Sink<'f>,
}

impl<'s, 'f> Intake<'s, 'f> {
    /// A gate for rows that are found by line (or by record).
    pub(super) fn new(lines: bool, sink: &'s mut Sink<'f>) -> Self {
        Intake {
            notes: Notes::new(if lines { "line" } else { "record" }),
            labels: HashSet::new(),
            n_rows: 0,
            unit: if lines { Place::line } else { Place::record },
            names: (String::new(), String::new()),
            unlabelled: false,
            sink,
        }
    }

    /// Takes note of the columns and of how they were found.
    pub(super) fn chosen(&mut self, chosen: &Chosen, columns: &[String]) {
        self.unlabelled = chosen.text == chosen.label;
        self.names = (columns[chosen.text].clone(), columns[chosen.label].clone());
        if let Some(said) = &chosen.said {
            self.notes.say(NoteKind::Guessed, 1, said.clone());
        }
        if !chosen.repeated.is_empty() {
            self.notes.say(NoteKind::RepeatedColumn, chosen.repeated.len(), chosen.repeated.join(", "));
        }
    }

    /// Passes a row on, or counts why not.
    pub(super) fn row(
        &mut self,
        at: u64,
        text: Option<&str>,
        label: Option<&str>,
        source: Option<&str>,
        source_id: Option<&str>,
    ) -> Result<(), ReadError> {
        let cells = [(text, &self.names.0), (label, &self.names.1)];
        if let Some((cell, name)) = cells.iter().find(|(cell, _)| cell.is_some_and(|c| c.len() > CELL_LIMIT)) {
            let bytes = cell.map_or(0, str::len);
            return Err(ReadError::LongCell { place: (self.unit)(at).column(name.as_str()), bytes });
        }
        let (Some(text), true) = (text, given(text)) else {
            self.notes.count(NoteKind::EmptyText, at);
            return Ok(());
        };
        let (Some(label), true) = (label, given(label)) else {
            self.notes.count(NoteKind::EmptyLabel, at);
            return Ok(());
        };
        if !self.unlabelled && !self.labels.contains(label) {
            if self.labels.len() == LABEL_LIMIT {
                return Err(ReadError::TooManyLabels { place: (self.unit)(at), n: LABEL_LIMIT + 1 });
            }
            self.labels.insert(label.to_owned());
        }
        self.n_rows += 1;
        (self.sink)(RawRow {
            text,
            label,
            at,
            source: source.filter(|s| !s.is_empty()),
            source_id: source_id.filter(|s| !s.is_empty()),
        })
    }

    /// The place of a row, by line or by record.
    pub(super) fn place(&self, at: u64) -> Place {
        (self.unit)(at)
    }

    /// Ends the reading.
    pub(super) fn finish(mut self, layout: Layout) -> Reading {
        let similar = similar_labels(self.labels.into_iter());
        if !similar.is_empty() {
            self.notes.say(NoteKind::SimilarLabels, similar.len(), similar.join("; "));
        }
        let notes = self.notes.finish();
        let n_dropped = notes.iter().filter(|n| n.kind.drops_rows()).map(|n| n.n).sum();
        Reading { n_rows: self.n_rows, n_dropped, notes, layout }
    }
}

/// Groups of labels that are equal but for case and white space at the ends, each as `` `a`, `A` ``.
fn similar_labels(labels: impl Iterator<Item = String>) -> Vec<String> {
    let mut groups: std::collections::BTreeMap<String, Vec<String>> = std::collections::BTreeMap::new();
    for label in labels {
        groups.entry(label.trim().to_lowercase()).or_default().push(label);
    }
    let alike = groups.into_values().filter(|group| group.len() > 1);
    alike
        .map(|mut group| {
            group.sort_unstable();
            group.iter().map(|l| format!("`{}`", shown(l, 40))).collect::<Vec<_>>().join(", ")
        })
        .collect()
}
