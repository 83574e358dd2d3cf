//! `test_overlap`: the text of a held-out row.

use super::{Candidate, Check, Context, Reason, Verdict};
use crate::catalog::{Entry, Settings, SettingsError, read};
use serde::Deserialize;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "test_overlap",
    what: "Rejects texts equal to a held-out row, apart from case, punctuation and invisible characters.",
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

impl Check for TestOverlap {
    fn judge(&self, context: &Context<'_>, candidates: &[Candidate]) -> Vec<Verdict> {
        let verdict = |c: &Candidate| match context.held_out.is_some_and(|held_out| held_out.contains(&c.text)) {
            true => Verdict::reject(c, ENTRY.name, Reason::HeldOutText, Vec::new()),
            false => Verdict::pass(c, ENTRY.name),
        };
        candidates.iter().map(verdict).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::candidates;
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
        let verdicts = TestOverlap {}.judge(&context, &candidates(&["the SECRET text", "another"]));
        assert_eq!((verdicts[0].reason, verdicts[1].reason), (Reason::HeldOutText, Reason::Ok));
    }
}
