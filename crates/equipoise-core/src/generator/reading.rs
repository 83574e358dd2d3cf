//! From parsed answers to items with the rows that they were made from.

use super::{Job, ReadItem, Reading, Sources, attributes_id};
use crate::parse::{Expect, Form, Item, Parsed, parse};
use serde_json::{Value, json};

/// Reads an answer whose texts belong to one source each.
pub(super) fn paired(job: &Job, answer: &str, form: Form, complete: bool) -> Reading {
    let sources: Vec<(&str, &str)> = job.sources.iter().map(|s| (s.key.as_str(), s.text.as_str())).collect();
    reading(
        job,
        parse(answer, &Expect { sources: &sources, wanted: job.wanted, form, complete, one_line: one_line(job) }),
    )
}

/// Reads an answer whose texts belong to no single source. Where each is to have attributes, its id tells which.
pub(super) fn unpaired(job: &Job, answer: &str, form: Form, complete: bool) -> Reading {
    let ids: Vec<String> = (0..job.attributes.len()).map(attributes_id).collect();
    // How long a text can be, nobody knows but from the examples.
    let longest = job.sources.iter().map(|s| s.text.as_str()).max_by_key(|text| text.len()).unwrap_or_default();
    let asked: Vec<(&str, &str)> = ids.iter().map(|id| (id.as_str(), longest)).collect();
    let expect = Expect { sources: &asked, wanted: job.wanted, form, complete, one_line: one_line(job) };
    let parsed = parse(answer, &expect);
    let items = parsed.items.into_iter().map(|item| {
        let asked = item.source;
        ReadItem { asked, ..read(job, Item { source: None, ..item }) }
    });
    Reading { items: items.collect(), notes: parsed.notes }
}

/// Whether the label's texts stand on one line each, as far as this job shows.
fn one_line(job: &Job) -> bool {
    !job.sources.iter().any(|s| s.text.trim().contains('\n'))
}

fn reading(job: &Job, parsed: Parsed) -> Reading {
    Reading { items: parsed.items.into_iter().map(|item| read(job, item)).collect(), notes: parsed.notes }
}

fn read(job: &Job, item: Item) -> ReadItem {
    let among = || match job.sources.is_empty() {
        true => Sources::Unknown,
        false => Sources::Among(job.sources.iter().map(|s| s.row).collect()),
    };
    ReadItem {
        sources: item.source.and_then(|at| job.sources.get(at)).map_or_else(among, |s| Sources::One(s.row)),
        text: item.text,
        fault: item.fault,
        came: None,
        asked: None,
    }
}

/// The schema of an object whose `texts` carry the ids of their sources.
pub(super) fn paired_schema() -> Value {
    list_schema(json!({
        "type": "object",
        "properties": {"id": {"type": "string"}, "text": {"type": "string"}},
        "required": ["id", "text"],
        "additionalProperties": false
    }))
}

/// The schema of an object whose `texts` are a list of `element`, in the subset that every provider's strict mode takes.
pub(super) fn list_schema(element: Value) -> Value {
    json!({
        "type": "object",
        "properties": {"texts": {"type": "array", "items": element}},
        "required": ["texts"],
        "additionalProperties": false
    })
}
