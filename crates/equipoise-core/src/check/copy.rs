//! `copy`: the same text again.

use super::{Check, Conclusion, Context, Finding, Judge, Reason, Session, Subject};
use crate::catalog::{Entry, Settings, SettingsError, read};
use crate::data::RowId;
use crate::generator::Sources;
use crate::text::{Arena, comparison_key, digits_as_letters_hash, has_digits_as_letters, look_hash, tokens};
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap};
use std::sync::OnceLock;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "copy",
    what: "Rejects texts that look like a real row of any label or an earlier candidate: equal apart from case, accents, blanks, punctuation, invisible characters and letters of other scripts that look the same; digits and signs for letters; texts that hold the whole text that they were made from, and a text that came word for word for rows with different texts, every time.",
    why: "A copy is a duplicate with a price; duplicating the row itself is free, and a copy under another label is an error.",
    source: "Equality of skeletons (NFKD without accents, UTS 39 confusables, lower case, letters and digits alone), and of comparison keys (NFKC, lower case) for texts of fewer than eight letters, by a 64-bit hash: among a million texts two unequal ones meet with probability 3e-8. Of 17,333 human rows no two unequal ones have the same skeleton. Where a word mixes letters with digits or signs, the letters that these stand for are compared (12 at least): that found 94 and 100 % of copies written so, in part and throughout, where the skeleton found 14 and 3 %, and hit none of 16,454 untouched human rows more.",
    settings: &[],
    make,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Copy {}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(read::<Copy>(ENTRY.name, settings)?))
}

const OF_ROW: Reason = Reason::new("copy_of_row", "is the text of a real row")
    .with_advice("Some texts repeated a text that they were shown: never do that.")
    .of_repeats();
const OF_SOURCE: Reason = Reason::new("holds_source", "holds the whole text that it was made from")
    .with_advice("Some texts repeated the text that they were shown and added to it: write the new text alone.")
    .of_repeats();
const OF_CANDIDATE: Reason = Reason::new("copy_of_candidate", "is the text of an earlier candidate")
    .with_advice("Some texts came more than once: each must be new.")
    .of_repeats();
const FORMULA: Reason = Reason::new("formula", "came word for word for different rows")
    .with_advice("Some texts came for several of the given ones: each must be made from its own.")
    .of_repeats();

impl Check for Copy {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[OF_ROW, OF_SOURCE, OF_CANDIDATE, FORMULA]
    }

    /// The evidence is the id of the first row, or of the first candidate, with that text.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        Box::new(Rows { by_key: context.row_by_key(), context, by_id: OnceLock::new() })
    }
}

/// Words of a text that no other one holds by chance.
const LEAST_WORDS: usize = 5;

/// The real rows.
struct Rows<'a> {
    context: &'a Context<'a>,
    /// The first row of each text, by the hash of its key.
    by_key: &'a HashMap<u64, RowId>,
    /// Their texts, where a candidate says which row it was made from.
    by_id: OnceLock<HashMap<RowId, &'a str>>,
}

impl<'a> Rows<'a> {
    /// The text of the one row that a candidate was made from.
    fn source(&self, sources: &Sources) -> Option<&'a str> {
        let Sources::One(row) = sources else { return None };
        let by_id = self.by_id.get_or_init(|| self.context.train.rows().map(|row| (row.id, row.text)).collect());
        by_id.get(row).copied()
    }

    /// Whether the text goes on behind, or before, the whole text of its source.
    fn is_source_and_more(&self, subject: &Subject<'_>) -> bool {
        let Some(source) = self.source(&subject.candidate.sources).map(comparison_key) else { return false };
        tokens(&source).count() >= LEAST_WORDS && subject.key.len() > source.len() && subject.key.contains(&source)
    }
}

impl Judge for Rows<'_> {
    fn begin(&self) -> Box<dyn Session + '_> {
        Box::new(Seen {
            rows: self,
            candidates: HashMap::new(),
            by_letters: HashMap::new(),
            ids: Arena::default(),
            formulas: BTreeSet::new(),
        })
    }
}

struct Seen<'r, 'a> {
    rows: &'r Rows<'a>,
    /// The first candidate of each text, by its place in `ids`, and what it was made from, by its hash.
    candidates: HashMap<u64, (u32, Option<u64>)>,
    /// The same by the letters that digits and signs stand for.
    by_letters: HashMap<u64, u32>,
    ids: Arena,
    /// First candidates whose text came again for another one.
    formulas: BTreeSet<u32>,
}

impl Session for Seen<'_, '_> {
    fn judge(&mut self, texts: &[Subject<'_>]) -> Vec<Option<Finding>> {
        texts.iter().map(|s| self.one(s)).collect()
    }

    fn conclude(&self) -> Conclusion {
        let found = |at: &u32| (self.ids.get(*at as usize).to_owned(), Finding::reject(&FORMULA));
        Conclusion { findings: self.formulas.iter().map(found).collect(), ..Conclusion::default() }
    }
}

impl Seen<'_, '_> {
    fn one(&mut self, subject: &Subject<'_>) -> Option<Finding> {
        let key = look_hash(subject.text());
        let letters = digits_as_letters_hash(subject.text());
        // Digits that are digits must not make two texts one.
        let read = letters.filter(|_| has_digits_as_letters(subject.text()));
        let of_row = self.rows.by_key.get(&key);
        if let Some(row) = of_row.or_else(|| self.rows.context.row_by_letters().get(&read?)) {
            return Some(Finding::reject(&OF_ROW).with_evidence(row.to_string()));
        }
        if self.rows.is_source_and_more(subject) {
            let rows = subject.candidate.sources.rows();
            return Some(Finding {
                evidence: rows.iter().map(RowId::to_string).collect(),
                ..Finding::reject(&OF_SOURCE)
            });
        }
        let source = self.rows.source(&subject.candidate.sources).map(look_hash);
        if let Some((first, of)) = self.candidates.get(&key) {
            // Short texts meet by chance.
            if source.is_some() && of.is_some() && source != *of && tokens(&subject.key).count() >= LEAST_WORDS {
                self.formulas.insert(*first);
            }
            return Some(Finding::reject(&OF_CANDIDATE).with_evidence(self.ids.get(*first as usize)));
        }
        if let Some(first) = read.and_then(|read| self.by_letters.get(&read)) {
            return Some(Finding::reject(&OF_CANDIDATE).with_evidence(self.ids.get(*first as usize)));
        }
        // A broken item is never used, so the whole one that comes later is no copy.
        if subject.candidate.fault.is_none() {
            let number = self.ids.len() as u32;
            self.candidates.insert(key, (number, source));
            letters.map(|letters| self.by_letters.entry(letters).or_insert(number));
            self.ids.push(&subject.candidate.id);
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, dataset, judge, reasons};
    use super::*;
    use crate::data::{Dataset, Rows};
    use crate::rng::Seed;

    #[test]
    fn finds_copies_of_rows_of_any_label_and_of_earlier_candidates() {
        let dataset = dataset();
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let row = dataset.train().get(0);
        let shouted = row.text.to_uppercase() + "!!";
        let mut all = candidates(&[
            &shouted,
            "a new one, really",
            "A nеw\u{200b} onе, réally.",
            "cut",
            "cut",
            "@ n3w 0n3, r3411y",
        ]);
        all[3].fault = Some("cut".to_owned());
        let found = judge(&Copy {}, &context, &all);
        assert_eq!(reasons(&found), ["copy_of_row", "ok", "copy_of_candidate", "ok", "ok", "copy_of_candidate"]);
        assert_eq!(found[0].as_ref().unwrap().evidence, [row.id.to_string()]);
        assert_eq!(found[2].as_ref().unwrap().evidence, ["c1"]);
    }

    #[test]
    fn a_text_that_came_for_rows_with_different_texts_is_no_text_of_either() {
        let mut rows = Rows::default();
        for text in ["the parcel came two days late", "i broke my old lamp", "The parcel came two days late!"] {
            rows.push(text, "a").expect("few labels");
        }
        rows.push("late again", "b").expect("few labels");
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let concluded = |texts: [&str; 2], sources: [usize; 2]| {
            let mut all = candidates(&texts);
            for (candidate, row) in all.iter_mut().zip(sources) {
                candidate.sources = Sources::One(dataset.train().get(row).id);
            }
            let (judge, subjects) = (Copy {}.learn(&context), all.iter().map(Subject::new).collect::<Vec<_>>());
            let mut session = judge.begin();
            assert_eq!(reasons(&session.judge(&subjects))[0], "ok");
            session.conclude().findings.into_iter().map(|(id, f)| (id, f.reason.name)).collect::<Vec<_>>()
        };
        let formula = "i was so surprised by how it went";
        assert_eq!(concluded([formula, formula], [0, 1]), [("c0".to_owned(), "formula")]);
        assert_eq!(concluded([formula, formula], [0, 2]), [], "the rows say the same");
        assert_eq!(concluded(["i was surprised", "i was surprised"], [0, 1]), [], "short texts meet by chance");
    }

    #[test]
    fn a_text_that_holds_its_whole_source_is_a_copy_with_more() {
        let mut rows = Rows::default();
        rows.push("the parcel came two days late", "a").expect("few labels");
        rows.push("late again", "b").expect("few labels");
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let both = "The parcel came two days late -> my order was two days overdue";
        let mut all = candidates(&[both, both, "late again, as they are all the time"]);
        all[0].sources = Sources::One(dataset.train().get(0).id);
        all[2].sources = Sources::One(dataset.train().get(1).id);
        assert_eq!(reasons(&judge(&Copy {}, &context, &all)), ["holds_source", "ok", "ok"]);
    }
}
