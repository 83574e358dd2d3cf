//! `copy`: the same text again.

use super::{Candidate, Check, Context, Reason, Verdict};
use crate::catalog::{Entry, Settings, SettingsError, read};
use crate::text::{comparison_key, hash64};
use serde::Deserialize;
use std::collections::HashMap;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "copy",
    what: "Rejects texts equal to a real row of any label or to an earlier candidate, apart from case, punctuation and invisible characters.",
    why: "A copy is a duplicate with a price; duplicating the row itself is free, and a copy under another label is an error.",
    source: "Equality of comparison keys (NFKC, lower case, letters and digits), compared by a 64-bit hash: among a million texts two unequal ones meet with probability 3e-8.",
    settings: &[],
    make,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Copy {}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(read::<Copy>(ENTRY.name, settings)?))
}

impl Check for Copy {
    /// The evidence is the id of the first row, or of the first candidate, with that text.
    fn judge(&self, context: &Context<'_>, candidates: &[Candidate]) -> Vec<Verdict> {
        let mut earlier: HashMap<u64, &str> = HashMap::with_capacity(candidates.len());
        let verdict = |c| {
            let c: &Candidate = c;
            let key = hash64(comparison_key(&c.text).as_bytes());
            if let Some(row) = context.row_by_key().get(&key) {
                return Verdict::reject(c, ENTRY.name, Reason::CopyOfRow, vec![row.to_string()]);
            }
            if let Some(first) = earlier.get(&key) {
                return Verdict::reject(c, ENTRY.name, Reason::CopyOfCandidate, vec![(*first).to_owned()]);
            }
            // A broken item is never used, so the whole one that comes later is no copy.
            if c.fault.is_none() {
                earlier.insert(key, &c.id);
            }
            Verdict::pass(c, ENTRY.name)
        };
        candidates.iter().map(verdict).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, dataset};
    use super::*;
    use crate::rng::Seed;

    #[test]
    fn finds_copies_of_rows_of_any_label_and_of_earlier_candidates() {
        let dataset = dataset();
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let row = dataset.train().get(0);
        let shouted = row.text.to_uppercase() + "!!";
        let mut all = candidates(&[&shouted, "a new one", "A new\u{200b} one.", "cut", "cut"]);
        all[3].fault = Some("cut".to_owned());
        let verdicts = Copy {}.judge(&context, &all);
        let reasons: Vec<Reason> = verdicts.iter().map(|v| v.reason).collect();
        assert_eq!(reasons, [Reason::CopyOfRow, Reason::Ok, Reason::CopyOfCandidate, Reason::Ok, Reason::Ok]);
        assert_eq!(verdicts[0].evidence, [row.id.to_string()]);
        assert_eq!(verdicts[2].evidence, ["c1"]);
    }
}
