//! `label_leak`: texts that name their label.

use super::{Candidate, Check, Context, Outcome, Reason, Verdict};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::text::words;
use serde::Deserialize;
use std::collections::HashMap;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "label_leak",
    what: "Warns of texts that name their label or an inflected form of it; rejects them where the label's real rows hardly ever do.",
    why: "A model told to write about `surprise` writes the word; a classifier then learns the word and not the label.",
    source: "Suffixes of English taken off on both sides; the rate among real rows is measured in the same way, so that a false friend is weighed by itself.",
    settings: &[Setting {
        name: "usual_share",
        default: "0.01",
        why: "From this share (0..1) of the label's real rows on, naming the label is ordinary and only warned of.",
    }],
    make,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LabelLeak {
    usual_share: f64,
}

impl Default for LabelLeak {
    fn default() -> Self {
        LabelLeak { usual_share: 0.01 }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    let check: LabelLeak = read(ENTRY.name, settings)?;
    match (0.0..=1.0).contains(&check.usual_share) {
        true => Ok(Box::new(check)),
        false => Err(SettingsError::BadValue { item: ENTRY.name, message: "usual_share is a share, 0..1".into() }),
    }
}

impl Check for LabelLeak {
    /// The score is the share of the label's real rows that name it; the evidence is the word.
    fn judge(&self, context: &Context<'_>, candidates: &[Candidate]) -> Vec<Verdict> {
        let mut labels: HashMap<&str, (Vec<String>, Option<f64>)> = HashMap::new();
        let verdict = |c| {
            let c: &Candidate = c;
            let (name, share) = labels.entry(&c.label).or_insert_with(|| {
                let name = name_stems(&c.label);
                let share = real_share(context, &c.label, &name);
                (name, share)
            });
            let pass = Verdict { score: *share, ..Verdict::pass(c, ENTRY.name) };
            let Some(word) = named(&c.text, name) else { return pass };
            let outcome = match *share < Some(self.usual_share) {
                true => Outcome::Reject,
                false => Outcome::Warn,
            };
            Verdict { outcome, reason: Reason::NamesLabel, evidence: vec![word], ..pass }
        };
        candidates.iter().map(verdict).collect()
    }
}

/// The share of the label's real rows that name it; `None` where there are none or the name is no word.
fn real_share(context: &Context<'_>, label: &str, name: &[String]) -> Option<f64> {
    let id = context.train.labels().id(label).filter(|_| !name.is_empty())?;
    let (mut n, mut n_named) = (0usize, 0usize);
    for row in context.train.rows().filter(|r| r.label == id) {
        n += 1;
        n_named += usize::from(named(row.text, name).is_some());
    }
    (n > 0).then(|| n_named as f64 / n as f64)
}

/// The stems of a label's words; none where no word has three letters (`0`, `A`), for such a name says nothing.
fn name_stems(label: &str) -> Vec<String> {
    let spaced = label.replace(['_', '-', '/'], " ");
    let stems: Vec<String> = words(&spaced).map(stem).collect();
    let is_word = |s: &String| s.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    if stems.iter().any(is_word) { stems } else { Vec::new() }
}

/// The words of `text` that name the label, where all words of its name stand in a row.
fn named(text: &str, name: &[String]) -> Option<String> {
    if name.is_empty() {
        return None;
    }
    let spaced = text.replace('_', " ");
    let found: Vec<&str> = words(&spaced).collect();
    let stems: Vec<String> = found.iter().map(|w| stem(w)).collect();
    let at = stems.windows(name.len()).position(|run| run == name)?;
    Some(found[at..at + name.len()].join(" "))
}

/// A word without its endings: what remains of `surprised`, `surprising` and `surprises` is the same.
fn stem(word: &str) -> String {
    const ENDINGS: &[&str] = &[
        "ingly", "edly", "fully", "fulness", "ously", "iness", "ness", "ing", "ful", "ous", "ies", "ily", "ed", "es",
        "ly", "s", "y", "e", "d",
    ];
    let mut stem = word.to_lowercase();
    while let Some(ending) = ENDINGS.iter().find(|e| stem.ends_with(**e) && stem.chars().count() >= e.len() + 3) {
        stem.truncate(stem.len() - ending.len());
    }
    stem
}

#[cfg(test)]
mod tests {
    use super::super::tests::candidates;
    use super::*;
    use crate::data::{Dataset, Rows};
    use crate::rng::Seed;

    fn dataset(label: &str, n_named: usize) -> Dataset {
        let mut rows = Rows::default();
        for i in 0..200 {
            let text = if i < n_named { format!("i was {label} {i}") } else { format!("i felt odd {i}") };
            rows.push(&text, label).expect("few labels");
            rows.push(&format!("other {i}"), "other label").expect("few labels");
        }
        Dataset::new(rows).expect("two labels")
    }

    fn judge(label: &str, n_named: usize, text: &str) -> Verdict {
        let dataset = dataset(label, n_named);
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let mut one = candidates(&[text]);
        one[0].label = label.to_owned();
        LabelLeak::default().judge(&context, &one).remove(0)
    }

    #[test]
    fn rejects_the_name_where_real_rows_do_not_use_it_and_warns_where_they_do() {
        let rejected = judge("surprise", 0, "it came as such a Surprising thing");
        assert_eq!((rejected.outcome, rejected.reason), (Outcome::Reject, Reason::NamesLabel));
        assert_eq!((rejected.evidence, rejected.score), (vec!["Surprising".to_owned()], Some(0.0)));
        assert_eq!(judge("surprise", 10, "what a surprise").outcome, Outcome::Warn);
        assert_eq!(judge("surprise", 0, "i could not believe it").outcome, Outcome::Pass);
    }

    #[test]
    fn knows_inflected_forms_and_names_of_several_words() {
        for (label, text) in [
            ("sadness", "i am so sad"),
            ("joy", "a joyful noise"),
            ("love", "loving every minute"),
            ("happy", "pure happiness"),
            ("hate_speech", "this is hate speech"),
            ("anger", "my anger grew"),
        ] {
            assert_eq!(judge(label, 0, text).reason, Reason::NamesLabel, "{label}: {text}");
        }
        for (label, text) in
            [("hate_speech", "i hate this speech"), ("1", "number 1"), ("joy", "enjoy it"), ("sadness", "a saddle")]
        {
            assert_eq!(judge(label, 0, text).outcome, Outcome::Pass, "{label}: {text}");
        }
    }
}
