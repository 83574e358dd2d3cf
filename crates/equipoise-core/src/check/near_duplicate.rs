//! `near_duplicate`: nearly the same text again.

use super::indexes::SHINGLE;
use super::{Candidate, Check, Context, Reason, Verdict};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::text::{NearIndex, comparison_key, shingles};
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

/// The candidates of one label that passed so far.
#[derive(Default)]
struct Passed<'a> {
    index: NearIndex,
    ids: Vec<&'a str>,
}

impl Check for NearDuplicate {
    /// The score is the similarity to the nearest text found, the evidence its id; `None` where nothing comes near: below a
    /// similarity of 0.7 the search begins to miss texts (at 0.5 it finds two of three).
    fn judge(&self, context: &Context<'_>, candidates: &[Candidate]) -> Vec<Verdict> {
        let mut passed: HashMap<&str, Passed<'_>> = HashMap::new();
        let verdict = |c| {
            let c: &Candidate = c;
            let own = shingles(&comparison_key(&c.text), SHINGLE);
            let rows = context.train.labels().id(&c.label).map(|label| context.near_rows(label));
            let row = rows.and_then(|rows| rows.index.nearest(&own).map(|(at, s)| (s, rows.ids[at].to_string())));
            if let Some((score, id)) = row.clone().filter(|(score, _)| *score >= self.threshold) {
                return Verdict::reject(c, ENTRY.name, Reason::NearRow, vec![id]).with_score(score);
            }
            let earlier = passed.entry(&c.label).or_default();
            let candidate = earlier.index.nearest(&own).map(|(at, s)| (s, earlier.ids[at].to_owned()));
            if let Some((score, id)) = candidate.clone().filter(|(score, _)| *score >= self.threshold) {
                return Verdict::reject(c, ENTRY.name, Reason::NearCandidate, vec![id]).with_score(score);
            }
            if c.fault.is_none() {
                earlier.index.insert(own);
                earlier.ids.push(&c.id);
            }
            let pass = Verdict::pass(c, ENTRY.name);
            match row.into_iter().chain(candidate).max_by(|a, b| a.0.total_cmp(&b.0)) {
                Some((score, id)) => Verdict { evidence: vec![id], ..pass.with_score(score) },
                None => pass,
            }
        };
        candidates.iter().map(verdict).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, dataset};
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
        let verdicts =
            NearDuplicate::default().judge(&context, &candidates(&[LONG, &changed_end, &changed_middle, LONG]));
        let reasons: Vec<Reason> = verdicts.iter().map(|v| v.reason).collect();
        assert_eq!(reasons, [Reason::Ok, Reason::NearCandidate, Reason::Ok, Reason::NearCandidate]);
        assert_eq!((verdicts[1].evidence[0].as_str(), verdicts[3].score), ("c0", Some(1.0)));
        assert!(verdicts[2].score.is_none_or(|s| s < 0.85));
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
        let verdicts = NearDuplicate::default().judge(&context, &both);
        assert_eq!((verdicts[0].reason, verdicts[1].reason), (Reason::NearRow, Reason::Ok));
        assert_eq!(verdicts[0].evidence, [dataset.train().get(0).id.to_string()]);
    }
}
