//! `near_duplicate`: nearly the same text again.

use super::context::SHINGLE;
use super::{Check, Context, Finding, Judge, Reason, Session, Subject};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::text::{NearIndex, shingles};
use serde::Deserialize;
use std::collections::HashMap;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "near_duplicate",
    what: "Rejects texts whose word 3-grams are nearly those of a real row of the label or of an earlier candidate that was not rejected here.",
    why: "A changed word adds next to nothing to the row that it was changed in.",
    source: "MinHash with locality-sensitive hashing (Broder 1997; Leskovec, Rajaraman and Ullman, ch. 3), then the exact Jaccard similarity.",
    settings: &[Setting {
        name: "threshold",
        default: "0.85",
        why: "Jaccard similarity (above 0, up to 1) from which a text is rejected: at 20 words about one changed at the edge of the text.",
    }],
    make,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct NearDuplicate {
    threshold: f64,
}

impl Default for NearDuplicate {
    fn default() -> Self {
        NearDuplicate { threshold: 0.85 }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    let check: NearDuplicate = read(ENTRY.name, settings)?;
    match check.threshold > 0.0 && check.threshold <= 1.0 {
        true => Ok(Box::new(check)),
        false => {
            Err(SettingsError::BadValue { item: ENTRY.name, message: "threshold is above 0 and at most 1".into() })
        }
    }
}

const NEAR_ROW: Reason = Reason::new("near_row", "is nearly a real row")
    .with_advice("Some texts stayed too close to a text that they were shown: change the build, not single words.")
    .of_repeats();
const NEAR_CANDIDATE: Reason = Reason::new("near_candidate", "is nearly an earlier candidate")
    .with_advice("Some texts were nearly the same as others: vary topic, opening and build.")
    .of_repeats();

impl Check for NearDuplicate {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[NEAR_ROW, NEAR_CANDIDATE]
    }

    /// The score is the similarity to the nearest text found, the evidence its id.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        Box::new(NearRows { context, threshold: self.threshold })
    }
}

struct NearRows<'a> {
    context: &'a Context<'a>,
    threshold: f64,
}

impl Judge for NearRows<'_> {
    fn begin(&self) -> Box<dyn Session + '_> {
        Box::new(Near { rows: self, passed: HashMap::new() })
    }
}

struct Near<'a> {
    rows: &'a NearRows<'a>,
    /// The candidates of each label that passed so far.
    passed: HashMap<String, Passed>,
}

#[derive(Default)]
struct Passed {
    index: NearIndex,
    ids: Vec<String>,
}

impl Session for Near<'_> {
    fn judge(&mut self, texts: &[Subject<'_>]) -> Vec<Option<Finding>> {
        texts.iter().map(|s| self.one(s)).collect()
    }
}

impl Near<'_> {
    fn one(&mut self, subject: &Subject<'_>) -> Option<Finding> {
        let NearRows { context, threshold } = self.rows;
        let own = shingles(&subject.key, SHINGLE);
        let label = &subject.candidate.label;
        let rows = context.train.labels().id(label).map(|label| context.near_rows(label));
        if let Some((at, score)) = rows.and_then(|rows| rows.index.nearest(&own)).filter(|(_, s)| s >= threshold) {
            let id = rows.map(|rows| rows.ids[at].to_string()).unwrap_or_default();
            return Some(Finding::reject(&NEAR_ROW).with_evidence(id).with_score(score));
        }
        let earlier = self.passed.entry(label.clone()).or_default();
        if let Some((at, score)) = earlier.index.nearest(&own).filter(|(_, s)| s >= threshold) {
            return Some(Finding::reject(&NEAR_CANDIDATE).with_evidence(&earlier.ids[at]).with_score(score));
        }
        if subject.candidate.fault.is_none() {
            earlier.index.insert(own);
            earlier.ids.push(subject.candidate.id.clone());
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, dataset, judge, reasons};
    use super::*;
    use crate::rng::Seed;

    const LONG: &str =
        "the quick brown fox jumps over the lazy dog while the old cat sleeps on the warm stone near the garden gate";

    #[test]
    fn rejects_a_text_near_an_earlier_one_and_reports_it() {
        let dataset = dataset();
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let changed_end = LONG.replace("gate", "door");
        let changed_middle = LONG.replace("cat", "cow").replace("lazy", "tired");
        let all = candidates(&[LONG, &changed_end, &changed_middle, LONG]);
        let found = judge(&NearDuplicate::default(), &context, &all);
        assert_eq!(reasons(&found), ["ok", "near_candidate", "ok", "near_candidate"]);
        let (second, last) = (found[1].as_ref().unwrap(), found[3].as_ref().unwrap());
        assert_eq!((second.evidence[0].as_str(), last.score), ("c0", Some(1.0)));
    }

    #[test]
    fn rejects_a_text_near_a_real_row_of_its_label_only() {
        let mut rows = crate::data::Rows::default();
        for (text, label) in [(LONG, "rare"), ("nothing like it", "rare"), ("something else", "common")] {
            rows.push(text, label).expect("few labels");
        }
        let dataset = crate::data::Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let near = LONG.replace("gate", "door");
        let mut both = candidates(&[&near, &near]);
        both[1].label = "common".to_owned();
        let found = judge(&NearDuplicate::default(), &context, &both);
        assert_eq!(reasons(&found), ["near_row", "ok"]);
        assert_eq!(found[0].as_ref().unwrap().evidence, [dataset.train().get(0).id.to_string()]);
    }
}
