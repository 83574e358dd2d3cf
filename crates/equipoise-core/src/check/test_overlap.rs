//! `test_overlap`: the text of a held-out row.

use super::judge::each;
use super::{Check, Context, Finding, Judge, Reason};
use crate::catalog::{Entry, Settings, SettingsError, read};
use serde::Deserialize;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "test_overlap",
    what: "Rejects texts that look like a held-out row, as `copy` does for training rows.",
    why: "Models have read public test sets; a row that returns from there would raise the score without any learning.",
    source: "One-way hashes of the held-out texts; the rows themselves are never shown to a check.",
    settings: &[],
    make,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct TestOverlap {}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(read::<TestOverlap>(ENTRY.name, settings)?))
}

/// No decision of a person overrules it: a held-out text among the training rows would make every figure worthless.
const HELD_OUT_TEXT: Reason =
    Reason { is_final: true, ..Reason::new("held_out_text", "is the text of a held-out row") };

impl Check for TestOverlap {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[HELD_OUT_TEXT]
    }

    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        each(move |s| {
            let held_out = context.held_out?;
            held_out.looks_like(s.text()).then(|| Finding::reject(&HELD_OUT_TEXT))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, judge, reasons};
    use super::*;
    use crate::data::{Dataset, Rows};
    use crate::rng::Seed;

    #[test]
    fn finds_a_held_out_text_by_its_hash_alone() {
        let rows = |texts: [(&str, &str); 2]| {
            let mut rows = Rows::default();
            texts.iter().for_each(|(text, label)| rows.push(text, label).expect("few labels"));
            rows
        };
        let train = rows([("one", "a"), ("two", "b")]);
        let dataset =
            Dataset::with_test(train, rows([("The secret text!", "a"), ("four", "b")])).expect("known labels");
        let fingerprints = dataset.held_out().expect("held out").fingerprints();
        let context = Context::new(dataset.train(), Some(&fingerprints), Seed::new(1));
        let found = judge(&TestOverlap {}, &context, &candidates(&["thé SECRET-text", "another", "7h3 53cr3t t3xt"]));
        assert_eq!(reasons(&found), ["held_out_text", "ok", "held_out_text"]);
    }
}
