//! `mine`: real rows without a label, of which a model says whether they have this one.

use super::{Ask, Generator, Job, ReadItem, Reading, SourceText, Sources, Unlabelled, reading, round};
use crate::catalog::{Entry, Settings, SettingsError, read};
use crate::parse::{Form, Note, NoteKind};
use serde::Deserialize;
use serde_json::{Value, json};

/// The fault of a row of which the model says that it does not have the label. It is an answer all the same: nobody asks again.
pub const NOT_THIS_LABEL: &str = "not_this_label";

pub(super) static ENTRY: Entry<dyn Generator> = Entry {
    name: "mine",
    what: "Shows real rows without a label, those first that a classifier of the labelled rows finds likeliest, and asks for each whether it has this label.",
    why: "A real text is better than an invented one; its label is a guess of the model, and is marked as such.",
    source: "Definition; asking about the likeliest rows first is certainty sampling (Lewis and Gale, A Sequential Algorithm for Training Text Classifiers, SIGIR 1994).",
    settings: &[],
    make,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Mine {}

fn make(settings: &Settings) -> Result<Box<dyn Generator>, SettingsError> {
    Ok(Box::new(read::<Mine>(ENTRY.name, settings)?))
}

impl Generator for Mine {
    /// One text a row, the likeliest rows first; fewer where the rows come to an end.
    fn jobs(&self, ask: &Ask<'_>) -> Vec<Job> {
        let rows: Vec<_> =
            ask.unlabelled.iter().filter(|row| !ask.without.contains(&row.row)).take(ask.wanted).collect();
        let source = |(i, row): (usize, &&Unlabelled)| SourceText {
            key: format!("a{}", i + 1),
            row: row.row,
            text: row.text.clone(),
        };
        let job = |rows: &[&Unlabelled]| Job {
            label: ask.label,
            sources: rows.iter().enumerate().map(source).collect(),
            wanted: rows.len(),
            attributes: Vec::new(),
            ordinal: round::ordinal(ask.round, 0),
        };
        rows.chunks(ask.chunk.max(1))
            .flat_map(|chunk| round::by_size(chunk, |row| row.text.as_str()))
            .map(job)
            .collect()
    }

    fn schema(&self, _: &Job) -> Option<Value> {
        Some(reading::list_schema(json!({
            "type": "object",
            "properties": {"id": {"type": "string"}, "answer": {"type": "string", "enum": ["yes", "no"]}},
            "required": ["id", "answer"],
            "additionalProperties": false
        })))
    }

    fn is_paired(&self) -> bool {
        true
    }

    fn mines(&self) -> bool {
        true
    }

    fn read(&self, job: &Job, answer: &str, complete: bool) -> Reading {
        let Reading { items, mut notes } = reading::paired(job, answer, Form::Json, complete);
        let items = items.into_iter().filter_map(|item| match judged(job, &item) {
            Some(judged) => Some(judged),
            None => {
                notes.push(Note { kind: NoteKind::Unread, detail: item.text });
                None
            }
        });
        let items = items.collect();
        Reading { items, notes }
    }
}

/// The row that `item` is about, word for word; `None` where it says neither yes nor no, or of no certain row.
fn judged(job: &Job, item: &ReadItem) -> Option<ReadItem> {
    let Sources::One(row) = item.sources else { return None };
    let source = job.sources.iter().find(|source| source.row == row)?;
    let said: String = item.text.chars().take_while(|c| c.is_alphabetic()).collect();
    let fault = match said.to_lowercase().as_str() {
        "yes" | "true" => None,
        "no" | "false" => Some(NOT_THIS_LABEL.to_owned()),
        _ => return None,
    };
    Some(ReadItem { text: source.text.clone(), sources: Sources::Harvested(row), fault, came: None, asked: None })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, LabelId, RowId, Rows};
    use crate::rng::Seed;
    use std::collections::HashSet;

    fn job() -> Job {
        let source = |i: u64| SourceText { key: format!("a{i}"), row: RowId(i), text: format!("Row {i}, as it is!") };
        Job { label: LabelId(0), sources: (1..=4).map(source).collect(), wanted: 4, attributes: Vec::new(), ordinal: 0 }
    }

    fn read(answer: &str) -> Vec<(u64, bool)> {
        let generator = ENTRY.build(&Settings::new()).expect("defaults");
        let items = generator.read(&job(), answer, true).items;
        assert!(items.iter().all(|item| item.text.starts_with("Row ") && item.is_answer()), "{items:?}");
        items.iter().map(|item| (item.sources.rows()[0].0, item.fault.is_none())).collect()
    }

    #[test]
    fn a_row_comes_back_word_for_word_with_what_the_model_says_of_it() {
        let all = [(1, true), (2, true), (3, false), (4, true)];
        let json = r#"{"texts": [{"id": "a1", "answer": "yes"}, {"id": "a2", "answer": "yes"}, {"id": "a3", "answer": "no"}, {"id": "a4", "answer": "Yes."}]}"#;
        assert_eq!(read(json), all);
        assert_eq!(read(&format!("Let me see.\n```json\n{json}\n```")), all);
        assert_eq!(read("a1: yes\na2: yes\na3: no\na4: yes"), all);
    }

    #[test]
    fn what_is_neither_yes_nor_no_is_no_answer() {
        let answer = r#"{"texts": [{"id": "a1", "answer": "maybe"}, {"id": "a2", "answer": "Row 2, as it is!"}, {"id": "a9", "answer": "yes"}, {"id": "a3", "answer": "yes"}]}"#;
        assert_eq!(read(answer), [(3, true)]);
        assert_eq!(read("I'm sorry, but I can't help with that."), []);
    }

    #[test]
    fn the_likeliest_rows_are_asked_about_first_and_none_twice() {
        let mut rows = Rows::default();
        ["a", "b"].iter().for_each(|text| rows.push(text, "rare").expect("one label"));
        rows.push("c", "common").expect("two labels");
        let data = Dataset::new(rows).expect("two labels");
        let label = data.labels().id("rare").expect("a label");
        let unlabelled: Vec<_> = (1..=5).map(|i| Unlabelled { row: RowId(i), text: format!("row {i}") }).collect();
        let without = HashSet::from([RowId(2)]);
        let (train, seed) = (data.train(), Seed::new(7));
        let ask = Ask {
            train,
            label,
            of: label,
            wanted: 3,
            chunk: 2,
            without: &without,
            unlabelled: &unlabelled,
            round: 1,
            seed,
        };
        let jobs = ENTRY.build(&Settings::new()).expect("defaults").jobs(&ask);
        let rows: Vec<Vec<u64>> = jobs.iter().map(|job| job.sources.iter().map(|s| s.row.0).collect()).collect();
        assert_eq!(rows, [vec![1, 3], vec![4]]);
    }
}
