//! Generators whose every text answers one source row: rows are shown with ids, and the texts come back with them.

use super::{Ask, Generator, Job, Reading, reading, round};
use crate::catalog::{Setting, Settings, SettingsError, read};
use crate::parse::Form;
use serde::Deserialize;
use serde_json::Value;

/// Asks for one text a source row.
pub(super) struct Paired {
    answer: Form,
    shows_neighbours: bool,
}

/// The settings of every such generator.
pub(super) const SETTINGS: &[Setting] = &[Setting {
    name: "answer",
    default: "\"json\"",
    why: "Form of the answer: `json` (a schema is sent where the endpoint takes one), `semicolon` or `list`; JSON alone carries ids.",
}];

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Given {
    answer: Form,
}

impl Paired {
    /// The generator called `name`.
    pub(super) fn make(
        name: &'static str,
        settings: &Settings,
        shows_neighbours: bool,
    ) -> Result<Box<dyn Generator>, SettingsError> {
        let Given { answer } = read(name, settings)?;
        Ok(Box::new(Paired { answer, shows_neighbours }))
    }
}

impl Generator for Paired {
    fn jobs(&self, ask: &Ask<'_>) -> Vec<Job> {
        round::one_text_a_row(ask)
    }

    fn schema(&self, _: &Job) -> Option<Value> {
        (self.answer == Form::Json).then(reading::paired_schema)
    }

    fn is_paired(&self) -> bool {
        true
    }

    fn shows_neighbours(&self) -> bool {
        self.shows_neighbours
    }

    fn read(&self, job: &Job, answer: &str, complete: bool) -> Reading {
        reading::paired(job, answer, self.answer, complete)
    }
}
