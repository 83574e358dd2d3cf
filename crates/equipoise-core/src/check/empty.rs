//! `empty`: texts without a letter or digit.

use super::judge::each;
use super::{Check, Context, Finding, Judge, Reason};
use crate::catalog::{Entry, Settings, SettingsError, read};
use serde::Deserialize;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "empty",
    what: "Rejects texts in which no letter or digit stands.",
    why: "There is nothing in them that a classifier could learn.",
    source: "Definition; letters and digits as Unicode's Alphabetic and Numeric properties give them.",
    settings: &[],
    make,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Empty {}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(read::<Empty>(ENTRY.name, settings)?))
}

const EMPTY: Reason =
    Reason::new("empty", "holds no letter or digit").with_advice("Some texts held no words: write whole texts.");

impl Check for Empty {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[EMPTY]
    }

    fn learn<'a>(&'a self, _: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        each(|s| (!s.text().contains(char::is_alphanumeric)).then(|| Finding::reject(&EMPTY)))
    }
}
