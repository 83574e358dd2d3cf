//! `refusal`: a model that declines, inside of what should be a text.

use super::judge::each_with_notes;
use super::patterns::{PatternSettings, Patterns, USUAL_SHARE, code};
use super::{Check, Context, Finding, Judge, Reason, Subject};
use crate::catalog::{Entry, Settings, SettingsError};
use crate::parse::refusal;
use std::sync::{Arc, LazyLock};

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "refusal",
    what: "Rejects texts in which a model declines its work, in nineteen languages.",
    why: "A refusal teaches a classifier that the label sounds like an excuse; one model answers in the language of the rows, another in English.",
    source: "Two-part patterns, shared with the parser of answers: words that decline and words for the work within one sentence. Lists of single phrases hit people who are sorry.",
    settings: &[USUAL_SHARE],
    make,
};

struct Refusal(PatternSettings);

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(Refusal(PatternSettings::read(ENTRY.name, settings)?)))
}

const REFUSAL: Reason = Reason::new("refusal", "declines the work instead of being a text").with_advice(
    "Some items declined the task instead of being a text: leave out what you will not write, without a word on it.",
);

static PATTERNS: LazyLock<Arc<Patterns>> = LazyLock::new(|| Patterns::new(ENTRY.name, vec![code("declines", refusal)]));

impl Check for Refusal {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[REFUSAL]
    }

    /// The evidence is the part that declines.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let watched = PATTERNS.learn(context, self.0.usual_share);
        let notes = watched.notes.clone();
        let find = move |subject: &Subject<'_>| {
            let (_, part) = watched.find_new(subject.came(), || context.sources(subject.candidate))?;
            Some(Finding::reject(&REFUSAL).with_evidence(part))
        };
        each_with_notes(find, notes)
    }
}
