//! The items in a JSON value: which of its fields is an id, which a text, and which is neither.

use super::item::Found;
use super::{Note, NoteKind, clean, refusal};
use serde_json::{Map, Value};

/// Names under which models put the text of an item.
pub(super) const TEXT_FIELDS: &[&str] = &[
    "text",
    "rewrite",
    "rewritten",
    "rewritten_text",
    "rewritten_version",
    "rewritten_sentence",
    "new_text",
    "new_version",
    "new_sentence",
    "paraphrase",
    "paraphrased",
    "rephrased",
    "rewording",
    "content",
    "sentence",
    "output",
    "answer",
    "response",
    "tweet",
    "message",
    "value",
];
/// Names of ids.
pub(super) const ID_FIELDS: &[&str] = &["id", "key", "ref", "source_id"];
/// Names of what stands beside a text: the source again, the label, a remark.
pub(super) const OTHER_FIELDS: &[&str] = &[
    "texts",
    "original",
    "original_text",
    "original_sentence",
    "source",
    "source_text",
    "input",
    "label",
    "note",
    "explanation",
    "reason",
];
/// Names under which servers say that they failed.
const FAILED: &[&str] = &["error", "errors", "detail"];
/// Nesting that is followed.
const MOST_DEPTH: usize = 64;

/// What is known of the answer that a value is of.
pub(super) struct Within<'a> {
    sources: &'a [(&'a str, &'a str)],
    /// Whether the real texts are JSON themselves.
    of_json: bool,
}

impl<'a> Within<'a> {
    pub(super) fn new(sources: &'a [(&'a str, &'a str)]) -> Self {
        Within { sources, of_json: sources.iter().any(|(_, text)| json_in(text).is_some()) }
    }

    /// Whether a source has this id.
    pub(super) fn knows(&self, id: &str) -> bool {
        self.sources.iter().any(|(own, _)| *own == id)
    }

    fn is_source(&self, text: &str) -> bool {
        let plain = |text: &str| text.trim().to_lowercase();
        self.sources.iter().any(|(_, own)| plain(own) == plain(text))
    }

    /// The JSON in a string, where no real text is JSON.
    fn json_in(&self, text: &str) -> Option<Value> {
        json_in(text).filter(|_| !self.of_json)
    }
}

/// The object or list that is written in a string.
fn json_in(text: &str) -> Option<Value> {
    let text = text.trim();
    text.starts_with(['{', '[']).then(|| serde_json::from_str(text).ok())?
}

/// Whether the value has fields or elements with names and words, as `[1]` has not.
pub(super) fn is_structured(value: &Value) -> bool {
    match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(list) => list.iter().any(|v| v.is_string() || is_structured(v)),
        _ => false,
    }
}

/// Whether a server speaks: the object says of itself that something failed, or has a code, and has no list of anything else and no id of a
/// source. A model may add an empty `error` to its texts, or say what it left out.
pub(super) fn is_of_a_server(value: &Value, within: &Within<'_>) -> bool {
    let Some(map) = value.as_object() else { return false };
    let is_list = |value: &Value| value.as_array().is_some_and(|list| !list.is_empty());
    if map.iter().any(|(name, value)| !FAILED.contains(&name.as_str()) && is_list(value)) {
        return false;
    }
    let says = |name: &&str| map.get(*name).is_some_and(|v| !v.is_null() && v != "" && v != false);
    let fails = FAILED.iter().any(&says)
        || map.get("success") == Some(&Value::Bool(false))
        || ["status", "code"].iter().any(says);
    // A model that declines may call it an error, too.
    let declines = map.values().filter_map(Value::as_str).any(refusal::is_refusal);
    fails && !declines && !names_a_source(value, within, 0)
}

/// Whether the id of a source stands in the value, as a name or as the value of an id.
fn names_a_source(value: &Value, within: &Within<'_>, depth: usize) -> bool {
    let is_named = |value: &Value| depth < MOST_DEPTH && names_a_source(value, within, depth + 1);
    match value {
        Value::Array(list) => list.iter().any(is_named),
        Value::Object(map) => {
            id(map).is_some_and(|id| within.knows(&id)) || map.iter().any(|(name, v)| within.knows(name) || is_named(v))
        }
        _ => false,
    }
}

/// Takes the items of a value.
pub(super) fn collect(value: &Value, within: &Within<'_>, depth: usize, found: &mut Vec<Found>, notes: &mut Vec<Note>) {
    if depth > MOST_DEPTH {
        notes.push(Note::new(NoteKind::Malformed, format!("nested deeper than {MOST_DEPTH}")));
        return;
    }
    match value {
        Value::Array(list) => {
            for element in list {
                match element {
                    Value::String(text) => match within.json_in(text) {
                        Some(value) => collect(&value, within, depth + 1, found, notes),
                        None => found.push(Found::text(text)),
                    },
                    Value::Array(_) | Value::Object(_) => collect(element, within, depth + 1, found, notes),
                    other => notes.push(Note::new(NoteKind::Malformed, other.to_string())),
                }
            }
        }
        Value::Object(map) => object(map, within, depth, found, notes),
        _ => {}
    }
}

fn object(map: &Map<String, Value>, within: &Within<'_>, depth: usize, found: &mut Vec<Found>, notes: &mut Vec<Note>) {
    let id = id(map);
    if let Some(text) = text(map, id.as_deref(), within) {
        match within.json_in(text) {
            Some(value) => {
                let before = found.len();
                collect(&value, within, depth + 1, found, notes);
                if let [only] = &mut found[before..] {
                    only.id = only.id.take().or(id);
                }
            }
            None => found.push(Found { id, text: text.to_owned(), fault: None }),
        }
        return;
    }
    let texts_by_name = map.iter().all(|(_, v)| inner_text(v).is_some());
    for (name, value) in map {
        let known = within.knows(name);
        match value {
            _ if ID_FIELDS.contains(&name.as_str()) && !known => {}
            _ if known || (texts_by_name && looks_like_id(name)) => match inner_text(value) {
                Some(text) => found.push(Found { id: Some(name.clone()), text: text.to_owned(), fault: None }),
                None => notes.push(Note::new(NoteKind::Malformed, clean::excerpt(&format!("{name}: {value}")))),
            },
            Value::Array(_) | Value::Object(_) => collect(value, within, depth + 1, found, notes),
            Value::String(text) => match within.json_in(text) {
                Some(value) => collect(&value, within, depth + 1, found, notes),
                None if refusal::is_refusal(text) => {
                    notes.push(Note::new(NoteKind::Refused, clean::excerpt(text)));
                }
                None => notes.push(Note::new(NoteKind::Preamble, clean::excerpt(&format!("{name}: {value}")))),
            },
            other => notes.push(Note::new(NoteKind::Preamble, clean::excerpt(&format!("{name}: {other}")))),
        }
    }
}

fn id(map: &Map<String, Value>) -> Option<String> {
    ID_FIELDS.iter().find_map(|f| scalar(map.get(*f)?))
}

/// The text of an item: under a known name, one that repeats no source before one that does; under no known name the only string that is
/// no id, label, remark or source, of an item that tells which source it is of.
fn text<'m>(map: &'m Map<String, Value>, id: Option<&str>, within: &Within<'_>) -> Option<&'m str> {
    let known: Vec<&str> = TEXT_FIELDS.iter().filter_map(|f| map.get(*f)?.as_str()).collect();
    if let Some(new) = known.iter().find(|text| !within.is_source(text)) {
        return Some(new);
    }
    let has_text_field = TEXT_FIELDS.iter().any(|f| map.contains_key(*f));
    if id.is_none_or(|id| !within.knows(id)) || (has_text_field && known.is_empty()) {
        return known.first().copied();
    }
    let is_beside = |name: &str| [ID_FIELDS, OTHER_FIELDS, TEXT_FIELDS].iter().any(|names| names.contains(&name));
    let others = map.iter().filter(|(name, _)| !is_beside(&name.to_lowercase())).filter_map(|(_, v)| v.as_str());
    let others: Vec<&str> = others.filter(|text| !within.is_source(text) && !within.knows(text)).collect();
    match others[..] {
        [only] => Some(only),
        _ => known.first().copied(),
    }
}

/// A text, alone or in an object.
fn inner_text(value: &Value) -> Option<&str> {
    value.as_str().or_else(|| TEXT_FIELDS.iter().find_map(|f| value.get(f)?.as_str()))
}

/// Names such as `a7`, `7` or `rewrite_3`, and not `note`.
fn looks_like_id(name: &str) -> bool {
    name.ends_with(|c: char| c.is_ascii_digit())
}

fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(s) => Some(s.clone()),
        Value::Number(n) => Some(n.to_string()),
        _ => None,
    }
}
