//! What `json` and `jsonl` share: objects as rows.

use super::cell::shown;
use super::columns::{Chosen, SAMPLE, choose};
use super::extend::Extension;
use super::intake::{Found, Intake};
use super::json_nan;
use super::{Layout, MultiLabel, NewRow, NoteKind, Place, ReadError, ReadRequest, Reading, Sink, WriteError};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

/// Takes objects one by one; the first [`SAMPLE`] wait until the columns are chosen over all their keys.
pub(super) struct JsonRows<'r, 's, 'f> {
    request: &'r ReadRequest,
    pub(super) intake: Intake<'s, 'f>,
    waiting: Vec<(u64, Map<String, Value>)>,
    /// Keys of the objects themselves.
    keys: Vec<String>,
    /// Every key that leads to a value, those of nested objects too (`meta.label`), and the way there.
    columns: Vec<String>,
    paths: Vec<Vec<String>>,
    chosen: Option<Chosen>,
    typed_labels: BTreeMap<String, Value>,
}

impl<'r, 's, 'f> JsonRows<'r, 's, 'f> {
    /// `lines` says whether objects are found by line or by record.
    pub(super) fn new(lines: bool, request: &'r ReadRequest, sink: &'s mut Sink<'f>) -> Self {
        JsonRows {
            request,
            intake: Intake::new(lines, request, sink),
            waiting: Vec::new(),
            keys: Vec::new(),
            columns: Vec::new(),
            paths: Vec::new(),
            chosen: None,
            typed_labels: BTreeMap::new(),
        }
    }

    /// Takes a value, which must be an object.
    pub(super) fn push(&mut self, at: u64, value: Value) -> Result<(), ReadError> {
        let Value::Object(object) = value else {
            let found = kind_of(&value).into();
            return Err(ReadError::WrongShape { place: self.intake.place(at), found, expected: "an object", is: None });
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
        let at = (chosen.text, chosen.label);
        let mut layout = Layout::chosen(self.columns, at)?;
        layout.columns = self.keys;
        layout.paths = (self.paths[at.0].clone(), self.paths[at.1].clone());
        layout.typed_labels = self.typed_labels;
        self.intake.finish(layout)
    }

    fn choose(&mut self) -> Result<(), ReadError> {
        let waiting = std::mem::take(&mut self.waiting);
        let Some((first, _)) = waiting.first() else { return Err(ReadError::Empty) };
        let mut seen = HashSet::new();
        let keys = waiting.iter().flat_map(|(_, object)| object.keys());
        self.keys = keys.filter(|k| seen.insert(k.as_str())).cloned().collect();
        let mut seen = HashSet::new();
        let all = waiting.iter().flat_map(|(_, object)| paths(object, &[]));
        self.paths = all.filter(|path| seen.insert(path.clone())).collect();
        self.columns = self.paths.iter().map(|path| path.join(".")).collect();
        let cell = |value: Option<&Value>| value.and_then(sample_cell).map(Cow::into_owned);
        let sample: Vec<Vec<Option<String>>> =
            waiting.iter().map(|(_, object)| self.paths.iter().map(|p| cell(lookup(object, p))).collect()).collect();
        let chosen = choose(&self.columns, self.request, &sample, &self.intake.place(*first))?;
        self.intake.chosen(&chosen, &self.columns);
        self.chosen = Some(chosen);
        waiting.iter().try_for_each(|(at, object)| self.row(*at, object))
    }

    fn row(&mut self, at: u64, object: &Map<String, Value>) -> Result<(), ReadError> {
        let Some(chosen) = &self.chosen else { return Ok(()) };
        if !is_accepted(object) {
            self.intake.pass_over(NoteKind::NotAccepted, at);
            return Ok(());
        }
        let value = |i: usize| lookup(object, &self.paths[i]);
        let place = |i: usize| self.intake.place(at).column(self.columns[i].as_str());
        let text = match value(chosen.text) {
            None | Some(Value::Null) => None,
            Some(Value::String(text)) => Some(text.as_str()),
            Some(other) => return Err(wrong(place(chosen.text), other, "a string")),
        };
        let label = match value(chosen.label) {
            Some(Value::Array(items)) => match self.request.dialect.multi_label {
                MultiLabel::Ask if items.len() > 1 => {
                    let shown = shown(&Value::Array(items.clone()).to_string(), 60);
                    return Err(ReadError::MultiLabel { place: place(chosen.label), shown });
                }
                MultiLabel::Drop if items.len() > 1 => {
                    self.intake.pass_over(NoteKind::SeveralLabels, at);
                    return Ok(());
                }
                _ => label_set(items).ok_or_else(|| wrong(place(chosen.label), &Value::Array(Vec::new()), LABEL))?,
            },
            Some(other) => scalar(other).map_err(|other| wrong(place(chosen.label), other, LABEL))?,
            None => None,
        };
        if let (Some(form), Some(typed)) = (&label, value(chosen.label).filter(|v| !v.is_string()))
            && !self.typed_labels.contains_key(form.as_ref())
        {
            self.typed_labels.insert(form.to_string(), typed.clone());
        }
        let string = |i: usize| value(i).and_then(Value::as_str);
        let id = chosen.id.and_then(value).and_then(|v| scalar(v).ok().flatten());
        let group = chosen.group.and_then(value).and_then(|v| scalar(v).ok().flatten());
        let vector = chosen.embedding.and_then(value).and_then(vector_of);
        self.intake.row(Found {
            at,
            text,
            label: label.as_deref(),
            source: chosen.source.and_then(string),
            source_id: chosen.source_id.and_then(string),
            generator: chosen.generator.and_then(string),
            id: id.as_deref(),
            embedding: vector.as_deref(),
            group: group.as_deref(),
        })
    }
}

/// Whether the label of an object stands: Prodigy keeps what an annotator rejected or passed over beside what was accepted, and says which.
fn is_accepted(object: &Map<String, Value>) -> bool {
    let is_prodigys = ["_input_hash", "_task_hash"].iter().any(|key| object.contains_key(*key));
    !(is_prodigys && matches!(object.get("answer").and_then(Value::as_str), Some("reject" | "ignore")))
}

/// The numbers of a list.
fn vector_of(value: &Value) -> Option<Vec<f32>> {
    value.as_array()?.iter().map(|v| v.as_f64().map(|v| v as f32)).collect()
}

/// Nested objects that are looked into.
pub(super) const DEEPEST: usize = 4;

/// The ways to the values of an object, in order; an object within it is walked through, and is a value as well where it is deeper.
fn paths(object: &Map<String, Value>, above: &[String]) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    for (key, value) in object {
        let path = [above, std::slice::from_ref(key)].concat();
        match value {
            Value::Object(inner) if path.len() < DEEPEST && !inner.is_empty() => all.extend(paths(inner, &path)),
            _ => all.push(path),
        }
    }
    all
}

/// The value at the end of a way.
pub(super) fn lookup<'v>(object: &'v Map<String, Value>, path: &[String]) -> Option<&'v Value> {
    let (first, rest) = path.split_first()?;
    rest.iter().try_fold(object.get(first)?, |value, key| value.get(key))
}

/// The text form of a value that can be a label.
pub(super) fn scalar_form(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Array(items) => label_set(items).flatten(),
        other => scalar(other).ok().flatten(),
    }
}

/// What a guess of the columns sees: scalars, and lists that may be the labels of a row.
fn sample_cell(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Array(items) if items.len() <= MOST_LABELS && items.iter().all(Value::is_string) => scalar_form(value),
        Value::Array(_) => None,
        other => scalar_form(other),
    }
}

/// A longer list is one of words, not of labels.
const MOST_LABELS: usize = 8;

/// What a label can be.
const LABEL: &str = "a string, number or boolean, or a list of one";

/// The labels of a list as one, none for an empty list; `None` where an item is no scalar.
fn label_set(items: &[Value]) -> Option<Option<Cow<'_, str>>> {
    let forms: Vec<Cow<'_, str>> = items.iter().map(|i| scalar(i).ok().flatten()).collect::<Option<_>>()?;
    Some((!forms.is_empty()).then(|| Cow::Owned(forms.join(", "))))
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
    let mut object: Map<String, Value> = layout.columns.iter().map(|name| (name.clone(), Value::Null)).collect();
    put(&mut object, &layout.paths.0, Value::String(row.text.to_owned()));
    put(&mut object, &layout.paths.1, layout.label_value(row.label));
    object
}

/// Puts a value at the end of a way, making the objects on it.
fn put(object: &mut Map<String, Value>, path: &[String], value: Value) {
    match path {
        [] => {}
        [last] => drop(object.insert(last.clone(), value)),
        [first, rest @ ..] => {
            let inner = object.entry(first.clone()).or_insert(Value::Null);
            if !inner.is_object() {
                *inner = Value::Object(Map::new());
            }
            if let Value::Object(inner) = inner {
                put(inner, rest, value);
            }
        }
    }
}

/// The text of one of the file's objects with the new columns behind its own keys.
pub(super) fn extended(
    layout: &Layout,
    extension: &mut Extension<'_, '_>,
    object: &str,
    line: Option<u64>,
) -> Result<String, WriteError> {
    let keys: Map<String, Value> = serde_json::from_str(&json_nan::without(object)).map_err(|e| fault(e, line))?;
    // The layout has the keys of the first objects alone.
    if let Some(taken) = extension.columns.iter().find(|c| keys.contains_key(c.name)) {
        return Err(WriteError::TakenColumn { column: taken.name.to_owned() });
    }
    let text = lookup(&keys, &layout.paths.0).and_then(Value::as_str);
    let label = lookup(&keys, &layout.paths.1).filter(|_| is_accepted(&keys)).and_then(scalar_form);
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

/// A row of a fresh file: empty cells are left out, the label and numbers take the type that they have in `like`.
pub(super) fn object_of(columns: &[&str], row: &[String], like: Option<&Layout>) -> Map<String, Value> {
    let cells = columns.iter().zip(row).filter(|(_, cell)| !cell.is_empty());
    cells
        .map(|(name, cell)| {
            let value = match like {
                Some(layout) if layout.label == *name => layout.label_value(cell),
                Some(layout) if layout.numbers.contains_key(*name) => {
                    serde_json::from_str(cell).unwrap_or_else(|_| Value::String(cell.clone()))
                }
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
