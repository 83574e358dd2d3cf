//! From parsed answers to items with the rows that they were made from.

use super::{Job, ReadItem, Reading, Sources};
use crate::parse::{Expect, Form, Parsed, parse};
use serde_json::{Value, json};

/// Reads an answer whose texts belong to one source each.
pub(super) fn paired(job: &Job, answer: &str, form: Form, complete: bool) -> Reading {
    let sources: Vec<(&str, &str)> = job.sources.iter().map(|s| (s.key.as_str(), s.text.as_str())).collect();
    reading(
        job,
        parse(answer, &Expect { sources: &sources, wanted: job.wanted, form, complete, one_line: one_line(job) }),
    )
}

/// Reads an answer whose texts belong to no single source.
pub(super) fn unpaired(job: &Job, answer: &str, form: Form, complete: bool) -> Reading {
    reading(job, parse(answer, &Expect { sources: &[], wanted: job.wanted, form, complete, one_line: one_line(job) }))
}

/// Whether the label's texts stand on one line each, as far as this job shows.
fn one_line(job: &Job) -> bool {
    !job.sources.iter().any(|s| s.text.trim().contains('\n'))
}

fn reading(job: &Job, parsed: Parsed) -> Reading {
    let among = || match job.sources.is_empty() {
        true => Sources::Unknown,
        false => Sources::Among(job.sources.iter().map(|s| s.row).collect()),
    };
    let item = |i: crate::parse::Item| ReadItem {
        sources: i.source.and_then(|at| job.sources.get(at)).map_or_else(among, |s| Sources::One(s.row)),
        text: i.text,
        fault: i.fault,
    };
    Reading { items: parsed.items.into_iter().map(item).collect(), notes: parsed.notes }
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
