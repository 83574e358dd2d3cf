//! What `json` and `jsonl` share: objects as rows.

use super::columns::{Chosen, SAMPLE, choose};
use super::extend::Extension;
use super::intake::Intake;
use super::{ColumnRequest, Layout, NewRow, Place, ReadError, Reading, Sink, WriteError};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

/// Takes objects one by one; the first [`SAMPLE`] wait until the columns are chosen over all their keys.
pub(super) struct JsonRows<'r, 's, 'f> {
    request: &'r ColumnRequest,
    pub(super) intake: Intake<'s, 'f>,
    waiting: Vec<(u64, Map<String, Value>)>,
    columns: Vec<String>,
    chosen: Option<Chosen>,
    typed_labels: BTreeMap<String, Value>,
}

impl<'r, 's, 'f> JsonRows<'r, 's, 'f> {
    /// `lines` says whether objects are found by line or by record.
    pub(super) fn new(lines: bool, request: &'r ColumnRequest, sink: &'s mut Sink<'f>) -> Self {
        JsonRows {
            request,
            intake: Intake::new(lines, sink),
            waiting: Vec::new(),
            columns: Vec::new(),
            chosen: None,
            typed_labels: BTreeMap::new(),
        }
    }

    /// Takes a value, which must be an object.
    pub(super) fn push(&mut self, at: u64, value: Value) -> Result<(), ReadError> {
        let Value::Object(object) = value else {
            let found = kind_of(&value).to_owned();
            return Err(ReadError::WrongShape { place: self.intake.place(at), found, expected: "an object" });
        };
        if self.chosen.is_some() {
            return self.row(at, &object);
        }
        self.waiting.push((at, object));
        if self.waiting.len() == SAMPLE { self.choose() } else { Ok(()) }
    }

    /// Ends the reading; the layout has the keys of the first object.
    pub(super) fn finish(mut self) -> Result<Reading, ReadError> {
        if self.chosen.is_none() {
            self.choose()?;
        }
        let chosen = self.chosen.as_ref().ok_or(ReadError::Empty)?;
        let mut layout = Layout::chosen(self.columns, (chosen.text, chosen.label))?;
        layout.typed_labels = self.typed_labels;
        Ok(self.intake.finish(layout))
    }

    fn choose(&mut self) -> Result<(), ReadError> {
        let waiting = std::mem::take(&mut self.waiting);
        let Some((first, _)) = waiting.first() else { return Err(ReadError::Empty) };
        let mut seen = HashSet::new();
        let keys = waiting.iter().flat_map(|(_, object)| object.keys());
        self.columns = keys.filter(|k| seen.insert(k.as_str())).cloned().collect();
        let cell = |value: Option<&Value>| value.and_then(|v| scalar(v).ok().flatten().map(Cow::into_owned));
        let sample: Vec<Vec<Option<String>>> =
            waiting.iter().map(|(_, object)| self.columns.iter().map(|k| cell(object.get(k))).collect()).collect();
        let chosen = choose(&self.columns, self.request, &sample, &self.intake.place(*first))?;
        self.intake.chosen(&chosen, &self.columns);
        self.chosen = Some(chosen);
        waiting.iter().try_for_each(|(at, object)| self.row(*at, object))
    }

    fn row(&mut self, at: u64, object: &Map<String, Value>) -> Result<(), ReadError> {
        let Some(chosen) = &self.chosen else { return Ok(()) };
        let value = |i: usize| object.get(&self.columns[i]);
        let place = |i: usize| self.intake.place(at).column(self.columns[i].as_str());
        let text = match value(chosen.text) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.as_str()),
            Some(other) => return Err(wrong(place(chosen.text), other, "a string")),
        };
        let label = match value(chosen.label).map(scalar).transpose() {
            Ok(label) => label.flatten(),
            Err(other) => return Err(wrong(place(chosen.label), other, "a string, number or boolean")),
        };
        if let (Some(form), Some(typed @ (Value::Number(_) | Value::Bool(_)))) = (&label, value(chosen.label))
            && !self.typed_labels.contains_key(form.as_ref())
        {
            self.typed_labels.insert(form.to_string(), typed.clone());
        }
        let string = |i: usize| value(i).and_then(Value::as_str);
        let (source, id) = (chosen.source.and_then(string), chosen.source_id.and_then(string));
        self.intake.row(at, text, label.as_deref(), source, id)
    }
}

/// The text form of a scalar, none for null; a nested value is handed back.
fn scalar(value: &Value) -> Result<Option<Cow<'_, str>>, &Value> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) => Ok(Some(Cow::Borrowed(text))),
        Value::Number(_) | Value::Bool(_) => Ok(Some(Cow::Owned(value.to_string()))),
        Value::Array(_) | Value::Object(_) => Err(value),
    }
}

fn wrong(place: Place, value: &Value, expected: &'static str) -> ReadError {
    ReadError::WrongType { place, found: kind_of(value).to_owned(), expected }
}

/// What a value is, in words.
fn kind_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

/// A new row with the keys of the file's first object; what it has nothing for is null.
pub(super) fn object_like(layout: &Layout, row: &NewRow<'_>) -> Map<String, Value> {
    let columns = layout.columns.iter().enumerate();
    columns
        .map(|(i, name)| {
            let value = match i {
                _ if i == layout.at.0 => Value::String(row.text.to_owned()),
                _ if i == layout.at.1 => layout.label_value(row.label),
                _ => Value::Null,
            };
            (name.clone(), value)
        })
        .collect()
}

/// The text of one of the file's objects with the new columns behind its own keys.
pub(super) fn extended(
    layout: &Layout,
    extension: &mut Extension<'_, '_>,
    object: &str,
    line: Option<u64>,
) -> Result<String, WriteError> {
    let keys: Map<String, Value> = serde_json::from_str(object).map_err(|e| fault(e, line))?;
    // The layout has the keys of the first objects alone.
    if let Some(taken) = extension.columns.iter().find(|c| keys.contains_key(c.name)) {
        return Err(WriteError::TakenColumn { column: taken.name.to_owned() });
    }
    let text = keys.get(&layout.text).and_then(Value::as_str);
    let label = keys.get(&layout.label).and_then(|v| scalar(v).ok().flatten());
    let cells = extension.record(text, label.as_deref());
    Ok(layout.json.extended(object, extension.named(&cells)))
}

/// The object of the new row at `at`, with the new columns.
pub(super) fn extended_like(layout: &Layout, extension: &Extension<'_, '_>, at: usize, row: &NewRow<'_>) -> String {
    let mut object = object_like(layout, row);
    let cells = extension.new_row(at);
    object.extend(extension.named(&cells).map(|(name, value)| (name.to_owned(), value)));
    layout.json.render(&object)
}

/// A row of a fresh file: empty cells are left out, the label takes the type that it has in `like`.
pub(super) fn object_of(columns: &[&str], row: &[String], like: Option<&Layout>) -> Map<String, Value> {
    let cells = columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
    cells
        .map(|(name, cell)| {
            let value = match like {
                Some(layout) if layout.label == *name => layout.label_value(cell),
                _ => Value::String(cell.clone()),
            };
            ((*name).to_owned(), value)
        })
        .collect()
}

/// A parser's fault, at `line` where the parser counts from the start of one line, else where the parser says.
pub(super) fn fault(error: serde_json::Error, line: Option<u64>) -> ReadError {
    let place = Place::line(line.unwrap_or(error.line() as u64));
    if error.is_io() {
        return ReadError::from(std::io::Error::from(error));
    }
    if error.is_eof() {
        return ReadError::CutJson { place };
    }
    let said = error.to_string();
    if said.starts_with("recursion limit exceeded") {
        return ReadError::TooDeep { place };
    }
    // The parser's own line stands in `place`; its column is the character within the line.
    let what = said.split(" at line ").next().unwrap_or("broken JSON");
    ReadError::BadJson { place, message: format!("{what} at character {}", error.column()) }
}
