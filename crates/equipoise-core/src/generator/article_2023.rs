//! `article_2023`: the way of asking of a 2023 article, texts and answers separated by `;`.

use super::{Ask, Generator, Job, Reading, reading, round};
use crate::catalog::{Entry, Settings, SettingsError, read};
use crate::parse::Form;
use serde::Deserialize;
use serde_json::Value;

pub(super) static ENTRY: Entry<dyn Generator> = Entry {
    name: "article_2023",
    what: "Asks for rewrites in one list separated by `;` and pairs them by position where the count is right.",
    why: "For comparison with results that were made in this way; `rewrite` loses fewer texts.",
    source: "A reconstruction from the description of a 2023 article on synthetic training texts, not its own prompt.",
    settings: &[],
    make,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Article2023 {}

fn make(settings: &Settings) -> Result<Box<dyn Generator>, SettingsError> {
    Ok(Box::new(read::<Article2023>(ENTRY.name, settings)?))
}

impl Generator for Article2023 {
    fn jobs(&self, ask: &Ask<'_>) -> Vec<Job> {
        round::one_text_a_row(ask)
    }

    fn schema(&self, _: &Job) -> Option<Value> {
        None
    }

    fn is_paired(&self) -> bool {
        true
    }

    fn read(&self, job: &Job, answer: &str, complete: bool) -> Reading {
        reading::paired(job, answer, Form::Semicolon, complete)
    }
}
