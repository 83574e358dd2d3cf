//! `label_leak`: texts that name their label.

use super::judge::each;
use super::{Check, Context, Finding, Judge, Reason};
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

const NAMES_LABEL: Reason = Reason::new("names_label", "names its label")
    .with_advice("Some texts named their label: show it and never say it.");

impl Check for LabelLeak {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[NAMES_LABEL]
    }

    /// The score is the share of the label's real rows that name it; the evidence is the word.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let labels: HashMap<&str, (Vec<String>, Option<f64>)> = context
            .train
            .labels()
            .names()
            .iter()
            .map(|label| {
                let name = name_stems(label);
                let share = real_share(context, label, &name);
                (label.as_str(), (name, share))
            })
            .collect();
        each(move |s| {
            let unknown = || (name_stems(&s.candidate.label), None);
            let (name, share) = labels.get(s.candidate.label.as_str()).cloned().unwrap_or_else(unknown);
            let word = named(s.text(), &name)?;
            let finding = match share < Some(self.usual_share) {
                true => Finding::reject(&NAMES_LABEL),
                false => Finding::warn(&NAMES_LABEL),
            };
            Some(Finding { score: share, ..finding.with_evidence(word) })
        })
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
    use crate::check::Outcome;
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

    fn judge(label: &str, n_named: usize, text: &str) -> Option<Finding> {
        let dataset = dataset(label, n_named);
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let mut one = candidates(&[text]);
        one[0].label = label.to_owned();
        super::super::tests::judge(&LabelLeak::default(), &context, &one).remove(0)
    }

    #[test]
    fn rejects_the_name_where_real_rows_do_not_use_it_and_warns_where_they_do() {
        let rejected = Finding::reject(&NAMES_LABEL).with_evidence("Surprising").with_score(0.0);
        assert_eq!(judge("surprise", 0, "it came as such a Surprising thing"), Some(rejected));
        assert_eq!(judge("surprise", 10, "what a surprise").unwrap().outcome, Outcome::Warn);
        assert_eq!(judge("surprise", 0, "i could not believe it"), None);
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
            assert!(judge(label, 0, text).is_some(), "{label}: {text}");
        }
        for (label, text) in
            [("hate_speech", "i hate this speech"), ("1", "number 1"), ("joy", "enjoy it"), ("sadness", "a saddle")]
        {
            assert_eq!(judge(label, 0, text), None, "{label}: {text}");
        }
    }
}
