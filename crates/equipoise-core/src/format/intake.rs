//! What every reader does with a row that it has found: the same rules for all formats.

use super::cell::{CELL_LIMIT, shown};
use super::class_names::of_features as class_names;
use super::columns::Chosen;
use super::extend::{given, labelled};
use super::guess::is_no_row;
use super::note::Notes;
use super::{Dialect, Layout, MultiLabel, Note, NoteKind, Place, ReadError, ReadRequest, SimilarLabels, similar};
use std::collections::{BTreeMap, HashMap};

/// Labels that [`crate::data::Rows`] can hold.
const LABEL_LIMIT: usize = 65_535;

/// Where more than one row in so many cannot be used, that is no accident.
const ONE_DROPPED_IN: usize = 5;

/// With fewer rows each may have a label of its own by chance; among more, labels that seldom stand twice are ids or texts.
const FEWEST_ROWS: usize = 20;

/// A row as a reader found it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RawRow<'a> {
    /// The text, neither empty nor white space alone.
    pub text: &'a str,
    /// The label, neither empty nor white space alone.
    pub label: &'a str,
    /// The line at which the row starts, or its record number in formats without lines; from 1.
    pub at: u64,
    /// Which record of the file below its header it is, from 1; blank lines do not count, rows that are left out do.
    pub number: u64,
    /// The column `id` (or `_id`, `idx`, `guid`, `uid`), where there is one and the cell is not empty.
    pub id: Option<&'a str>,
    /// The column of vectors that was asked for, where the cell is one.
    pub embedding: Option<&'a [f32]>,
    /// The column of groups that was asked for, where the cell is not empty.
    pub group: Option<&'a str>,
    /// The column `source`, where there is one and the cell is not empty: the text of the row that this one was made from.
    pub source: Option<&'a str>,
    /// The column `source_id`, likewise.
    pub source_id: Option<&'a str>,
    /// The column `generator`, likewise.
    pub generator: Option<&'a str>,
}

/// A record as a format finds it.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Found<'a> {
    pub(super) at: u64,
    pub(super) text: Option<&'a str>,
    pub(super) label: Option<&'a str>,
    pub(super) source: Option<&'a str>,
    pub(super) source_id: Option<&'a str>,
    pub(super) generator: Option<&'a str>,
    pub(super) id: Option<&'a str>,
    pub(super) embedding: Option<&'a [f32]>,
    pub(super) group: Option<&'a str>,
}

/// Takes the rows of a file, one after the other; an error stops the reading.
pub type Sink<'s> = dyn FnMut(RawRow<'_>) -> Result<(), ReadError> + 's;

/// What reading a file told, besides its rows.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// Rows handed to the sink.
    pub n_rows: usize,
    /// Rows left out because they cannot be used.
    pub n_dropped: usize,
    /// What was left out, guessed or odd.
    pub notes: Vec<Note>,
    /// How the file is laid out.
    pub layout: Layout,
}

/// The gate through which every row passes.
pub(super) struct Intake<'s, 'f> {
    pub(super) notes: Notes,
    labels: HashMap<String, usize>,
    n_rows: usize,
    /// Records so far, used or not.
    n_seen: u64,
    unit: &'static str,
    names: (String, String),
    /// The columns that are neither text nor label.
    others: Vec<String>,
    /// Whether the label column was named.
    is_label_named: bool,
    /// The first row that holds usual names of columns, and how many there are.
    header_in_rows: Option<(u64, String, String)>,
    n_headers_in_rows: usize,
    unlabelled: bool,
    dialect: Dialect,
    features: Option<serde_json::Value>,
    class_names: Vec<String>,
    sink: &'s mut Sink<'f>,
}

impl<'s, 'f> Intake<'s, 'f> {
    /// A gate for rows that are found by line (or by record).
    pub(super) fn new(lines: bool, request: &ReadRequest, sink: &'s mut Sink<'f>) -> Self {
        let unit = if lines { "line" } else { "record" };
        Intake {
            notes: Notes::new(unit),
            labels: HashMap::new(),
            n_rows: 0,
            n_seen: 0,
            unit,
            names: (String::new(), String::new()),
            others: Vec::new(),
            is_label_named: request.label.is_some(),
            header_in_rows: None,
            n_headers_in_rows: 0,
            unlabelled: request.unlabelled,
            dialect: request.dialect.clone(),
            features: request.features.clone(),
            class_names: Vec::new(),
            sink,
        }
    }

    /// Takes note of the columns and of how they were found.
    pub(super) fn chosen(&mut self, chosen: &Chosen, columns: &[String]) {
        self.names = (columns[chosen.text].clone(), columns[chosen.label].clone());
        let others = columns.iter().enumerate().filter(|(at, _)| *at != chosen.text && *at != chosen.label);
        self.others = others.map(|(_, name)| name.clone()).collect();
        let known = self.features.as_ref().and_then(|features| class_names(features, &self.names.1));
        self.class_names = known.unwrap_or_default();
        if let Some(said) = &chosen.said {
            self.notes.say(NoteKind::Guessed, 1, said.clone());
        }
        if !chosen.repeated.is_empty() {
            self.notes.say(NoteKind::RepeatedColumn, chosen.repeated.len(), chosen.repeated.join(", "));
        }
    }

    /// The names of the label's classes, which the file itself has.
    pub(super) fn classes(&mut self, names: Vec<String>) {
        self.class_names = names;
    }

    /// The names of the label's classes; none where the file keeps labels as they are.
    pub(super) fn class_names(&self) -> &[String] {
        &self.class_names
    }

    /// Passes over `n` records that are no rows and were counted as such. They have numbers as every record has, since other programs
    /// count them.
    pub(super) fn skip(&mut self, n: u64) {
        self.n_seen += n;
    }

    /// Counts a record that is no row, which has a number as every record has.
    pub(super) fn pass_over(&mut self, kind: NoteKind, at: u64) {
        self.n_seen += 1;
        self.notes.count(kind, at);
    }

    /// Passes a row on, or counts why not.
    pub(super) fn row(&mut self, found: Found<'_>) -> Result<(), ReadError> {
        let Found { at, text, label, .. } = found;
        self.n_seen += 1;
        let cells = [(text, &self.names.0), (label, &self.names.1)];
        if let Some((cell, name)) = cells.iter().find(|(cell, _)| cell.is_some_and(|c| c.len() > CELL_LIMIT)) {
            let bytes = cell.map_or(0, str::len);
            return Err(ReadError::LongCell { place: self.place(at).column(name.as_str()), bytes });
        }
        let (Some(text), true) = (text, given(text)) else {
            self.notes.count(NoteKind::EmptyText, at);
            return Ok(());
        };
        let (Some(label), true) = (label, self.unlabelled || labelled(label)) else {
            self.notes.count(NoteKind::EmptyLabel, at);
            return Ok(());
        };
        let label = match called(&self.class_names, label) {
            Some(label) => label.to_owned(),
            None => {
                self.notes.count(NoteKind::EmptyLabel, at);
                return Ok(());
            }
        };
        let label = label.as_str();
        if !self.unlabelled && is_no_row(text, label) {
            self.header_in_rows.get_or_insert_with(|| (at, text.to_owned(), label.to_owned()));
            self.n_headers_in_rows += 1;
            self.notes.count(NoteKind::RepeatedHeader, at);
            return Ok(());
        }
        if !self.unlabelled {
            if self.dialect.multi_label == MultiLabel::Drop && similar::is_several(label) {
                self.notes.count(NoteKind::SeveralLabels, at);
                return Ok(());
            }
            self.count(label, at)?;
        }
        self.n_rows += 1;
        (self.sink)(RawRow {
            text,
            label,
            at,
            number: self.n_seen,
            id: found.id.filter(|s| !s.is_empty()),
            embedding: found.embedding,
            group: found.group.filter(|s| !s.is_empty()),
            source: found.source.filter(|s| !s.is_empty()),
            source_id: found.source_id.filter(|s| !s.is_empty()),
            generator: found.generator.filter(|s| !s.is_empty()),
        })
    }

    fn count(&mut self, label: &str, at: u64) -> Result<(), ReadError> {
        if let Some(n) = self.labels.get_mut(label) {
            *n += 1;
            return Ok(());
        }
        if self.labels.len() == LABEL_LIMIT {
            return Err(ReadError::TooManyLabels { place: self.place(at), n: LABEL_LIMIT + 1 });
        }
        self.labels.insert(label.to_owned(), 1);
        Ok(())
    }

    /// The place of a row, by line or by record.
    pub(super) fn place(&self, at: u64) -> Place {
        if self.unit == "line" { Place::line(at) } else { Place::record(at) }
    }

    /// Whether a label occurs.
    pub(super) fn knows(&self, label: &str) -> bool {
        self.labels.contains_key(label)
    }

    /// Ends the reading.
    ///
    /// # Errors
    /// [`ReadError::HeaderInRows`], [`ReadError::TooManyDropped`], [`ReadError::MultiLabel`] and [`ReadError::SimilarLabels`], unless the
    /// dialect allows them; [`ReadError::NotLabels`], unless the column was named.
    pub(super) fn finish(mut self, mut layout: Layout) -> Result<Reading, ReadError> {
        if !self.dialect.allow_dropped {
            self.has_no_headers()?;
            self.most_are_used()?;
        }
        self.are_labels()?;
        if self.dialect.multi_label == MultiLabel::Ask
            && let Some(label) = similar::several(&self.labels)
        {
            let place = Place::default().column(self.names.1.as_str());
            return Err(ReadError::MultiLabel { place, shown: shown(label, 60) });
        }
        layout.class_names = std::mem::take(&mut self.class_names);
        layout.merged = self.similar_labels()?;
        if layout.merged.is_empty() && self.labels.keys().all(|label| label.starts_with(' ')) {
            let bare = |label: &String| (label.clone(), label.trim_start().to_owned());
            layout.merged = self.labels.keys().map(bare).collect();
            layout.label_blanks = !layout.merged.is_empty();
            if layout.label_blanks {
                self.notes.say(NoteKind::LabelBlanks, 1, String::new());
            }
        }
        layout.drops_several = self.dialect.multi_label == MultiLabel::Drop;
        let notes = self.notes.finish();
        let n_dropped = notes.iter().filter(|n| n.kind.drops_rows()).map(|n| n.n).sum();
        Ok(Reading { n_rows: self.n_rows, n_dropped, notes, layout })
    }

    fn has_no_headers(&mut self) -> Result<(), ReadError> {
        let Some((at, text, label)) = self.header_in_rows.take() else { return Ok(()) };
        let (text, label, n) = (text.into(), label.into(), self.n_headers_in_rows);
        Err(ReadError::HeaderInRows { place: self.place(at), text, label, n })
    }

    fn are_labels(&self) -> Result<(), ReadError> {
        let (n_labels, n) = (self.labels.len(), self.n_rows);
        if self.is_label_named || n < FEWEST_ROWS || 2 * n_labels <= n {
            return Ok(());
        }
        Err(ReadError::NotLabels { column: self.names.1.clone(), n_labels, n, others: self.others.clone() })
    }

    fn most_are_used(&self) -> Result<(), ReadError> {
        let count = |kind| self.notes.get(kind).map_or(0, |note| note.n);
        let (no_text, no_label) = (count(NoteKind::EmptyText), count(NoteKind::EmptyLabel));
        let (n_dropped, n) = (no_text + no_label, no_text + no_label + self.n_rows);
        if n_dropped * ONE_DROPPED_IN <= n {
            return Ok(());
        }
        let (kind, what) = if no_label >= no_text {
            (NoteKind::EmptyLabel, format!("label (column `{}`)", shown(&self.names.1, 40)))
        } else {
            (NoteKind::EmptyText, format!("text (column `{}`)", shown(&self.names.0, 40)))
        };
        let first = self.notes.get(kind).map_or_else(Vec::new, |note| note.first.clone());
        Err(ReadError::TooManyDropped { what, n_dropped, n, first, unit: self.unit })
    }

    /// What each spelling of a label is called that is to count as another one.
    fn similar_labels(&mut self) -> Result<BTreeMap<String, String>, ReadError> {
        let sets = match self.dialect.multi_label {
            MultiLabel::Powerset => similar::same_sets(&self.labels),
            MultiLabel::Ask | MultiLabel::Drop => Vec::new(),
        };
        let same = merged(&sets);
        if !sets.is_empty() {
            let n = sets.iter().map(Vec::len).sum();
            self.notes.say(NoteKind::MergedLabels, n, similar::words(&sets, &self.labels));
        }
        let others: HashMap<String, usize> =
            self.labels.iter().filter(|(label, _)| !same.contains_key(*label)).map(|(l, n)| (l.clone(), *n)).collect();
        let groups = similar::groups(&others);
        if groups.is_empty() {
            return Ok(same);
        }
        let (shown, n) = (similar::words(&groups, &self.labels), groups.iter().map(Vec::len).sum());
        match self.dialect.similar_labels {
            SimilarLabels::Ask => return Err(ReadError::SimilarLabels { shown }),
            SimilarLabels::Keep => self.notes.say(NoteKind::SimilarLabels, n, shown),
            SimilarLabels::Merge => {
                let mut merged = merged(&groups);
                self.notes.say(NoteKind::MergedLabels, n, shown);
                // What is a set in another order goes where that set goes.
                let lead = |label: &String| merged.get(label).unwrap_or(label).clone();
                let same: Vec<_> = same.iter().map(|(label, set)| (label.clone(), lead(set))).collect();
                merged.extend(same);
                return Ok(merged);
            }
        }
        Ok(same)
    }
}

/// The first of each group, by the others.
fn merged(groups: &[Vec<&str>]) -> BTreeMap<String, String> {
    groups.iter().flat_map(|g| g[1..].iter().map(|other| ((*other).to_owned(), g[0].to_owned()))).collect()
}

/// What the label of a file is called: the class of a number, `None` for -1, which stands for an unknown one.
pub(super) fn called<'l>(class_names: &'l [String], label: &'l str) -> Option<&'l str> {
    match label.parse::<usize>() {
        Ok(class) => Some(class_names.get(class).map_or(label, String::as_str)),
        Err(_) if !class_names.is_empty() && label == "-1" => None,
        Err(_) => Some(label),
    }
}
