//! `empty`: texts without a letter or digit.

use super::{Candidate, Check, Context, Reason, Verdict};
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

impl Check for Empty {
    fn judge(&self, _: &Context<'_>, candidates: &[Candidate]) -> Vec<Verdict> {
        let verdict = |c: &Candidate| match c.text.contains(char::is_alphanumeric) {
            true => Verdict::pass(c, ENTRY.name),
            false => Verdict::reject(c, ENTRY.name, Reason::Empty, Vec::new()),
        };
        candidates.iter().map(verdict).collect()
    }
}
