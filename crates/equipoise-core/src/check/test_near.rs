//! `test_near`: nearly the text of a held-out row.

use super::judge::each;
use super::{Check, Context, Finding, Judge, Reason};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use serde::Deserialize;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "test_near",
    what: "Rejects texts that are nearly a held-out row.",
    why: "Models have read public test sets, and one changed word hides that: a row that returns from there raises the score without any learning.",
    source: "Jaccard similarity of hashes of character 4-grams, and words that differ, as in `near_duplicate`; a check sees hashes of the held-out rows and never their texts. Found on 97 % of planted near copies, and on 0 to 0.3 % of human rows, which are near copies in the public sets themselves.",
    settings: &[Setting {
        name: "threshold",
        default: "0.6",
        why: "Jaccard similarity (above 0, up to 1) from which a text is rejected; that of `near_duplicate`, for the same reasons.",
    }],
    make,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct TestNear {
    threshold: f64,
}

impl Default for TestNear {
    fn default() -> Self {
        TestNear { threshold: 0.6 }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    let check: TestNear = read(ENTRY.name, settings)?;
    match check.threshold > 0.0 && check.threshold <= 1.0 {
        true => Ok(Box::new(check)),
        false => {
            Err(SettingsError::BadValue { item: ENTRY.name, message: "threshold is above 0 and at most 1".into() })
        }
    }
}

/// No decision of a person overrules it: a held-out text among the training rows would make every figure worthless.
const NEAR_HELD_OUT: Reason =
    Reason { is_final: true, ..Reason::new("near_held_out_text", "is nearly the text of a held-out row") };

impl Check for TestNear {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[NEAR_HELD_OUT]
    }

    /// The score is the similarity; there is no evidence, since nobody may see the row.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        each(move |s| {
            let similarity = context.held_out?.similarity(s.text(), self.threshold)?;
            Some(Finding::reject(&NEAR_HELD_OUT).with_score(similarity))
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
    fn finds_a_held_out_text_with_a_word_changed_by_hashes_alone() {
        let rows = |texts: [(&str, &str); 2]| {
            let mut rows = Rows::default();
            texts.iter().for_each(|(text, label)| rows.push(text, label).expect("few labels"));
            rows
        };
        let secret = "nobody in this town would ever have guessed what the old lady kept in her cellar";
        let train = rows([("one", "a"), ("two", "b")]);
        let dataset = Dataset::with_test(train, rows([(secret, "a"), ("four", "b")])).expect("known labels");
        let fingerprints = dataset.held_out().expect("held out").fingerprints();
        let context = Context::new(dataset.train(), Some(&fingerprints), Seed::new(1));
        let changed = secret.replace("lady", "man");
        let found = judge(&TestNear::default(), &context, &candidates(&[&changed, "another text altogether"]));
        assert_eq!(reasons(&found), ["near_held_out_text", "ok"]);
        assert_eq!(found[0].as_ref().unwrap().evidence, Vec::<String>::new());
        let without = Context::new(dataset.train(), None, Seed::new(1));
        assert_eq!(reasons(&judge(&TestNear::default(), &without, &candidates(&[&changed]))), ["ok"]);
    }
}
