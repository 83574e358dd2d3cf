//! `rewrite`: each source row is written anew, under its id.

use super::{Ask, Generator, Job, Reading, reading, round};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::parse::Form;
use serde::Deserialize;
use serde_json::Value;

pub(super) static ENTRY: Entry<dyn Generator> = Entry {
    name: "rewrite",
    what: "Asks for one new wording of each source row and pairs the answers by id.",
    why: "The default for models: a text keeps its source, so that no model is judged on the source of a row it has seen.",
    source: "Rewriting real rows in small groups: Møller et al., The Parrot Dilemma, EACL 2024; ids instead of positions: SmartSub issue 322, weblate issue 17825 (texts shifted to other rows).",
    settings: &[Setting {
        name: "answer",
        default: "\"json\"",
        why: "Form of the answer: `json` (a schema is sent where the endpoint takes one), `semicolon` or `list`; JSON alone carries ids.",
    }],
    make,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Rewrite {
    answer: Form,
}

fn make(settings: &Settings) -> Result<Box<dyn Generator>, SettingsError> {
    Ok(Box::new(read::<Rewrite>(ENTRY.name, settings)?))
}

impl Generator for Rewrite {
    fn jobs(&self, ask: &Ask<'_>) -> Vec<Job> {
        round::one_text_a_row(ask)
    }

    fn schema(&self, _: &Job) -> Option<Value> {
        (self.answer == Form::Json).then(reading::paired_schema)
    }

    fn is_paired(&self) -> bool {
        true
    }

    fn read(&self, job: &Job, answer: &str, complete: bool) -> Reading {
        reading::paired(job, answer, self.answer, complete)
    }
}
