//! `label_leak`: texts that name their label.

use super::judge::each;
use super::{Check, Context, Finding, Judge, Reason};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::text::{is_syllabic, tokens};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap};

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "label_leak",
    what: "Warns of texts that name their label or an inflected form of it; on request rejects them where the label's real rows hardly ever do.",
    why: "A model told to write about `surprise` writes the word; a classifier then learns the word and not the label.",
    source: "Suffixes of English taken off on both sides; the rate among real rows is measured in the same way, so that a false friend is weighed by itself.",
    settings: &[
        Setting {
            name: "reject",
            default: "false",
            why: "Whether a text that names its label is rejected where hardly any real row of the label does. Off: of recorded answers 5 in 5 that were read were sound texts (\"positive vibes\"), and rejecting them cost 1.1 points of F1.",
        },
        Setting {
            name: "usual_share",
            default: "0.01",
            why: "From this share (0..1) of the label's real rows on, naming the label is only warned of, and from 5 % on it is ordinary: nothing is said of it, nor where the text's own row names it.",
        },
        Setting {
            name: "words",
            default: "{}",
            why: "Further words that name a label, such as synonyms or names in another language: `words = { joy = [\"happiness\", \"glee\"] }`. Only you know them.",
        },
    ],
    make,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct LabelLeak {
    reject: bool,
    usual_share: f64,
    words: BTreeMap<String, Vec<String>>,
}

impl Default for LabelLeak {
    fn default() -> Self {
        LabelLeak { reject: false, usual_share: 0.01, words: BTreeMap::new() }
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

    fn only_warns(&self) -> bool {
        !self.reject
    }

    /// The score is the share of the label's real rows that name it; the evidence is the word.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let labels = context.train.labels();
        let names: Vec<Vec<Vec<String>>> = labels.names().iter().map(|label| self.spellings(label)).collect();
        let mut n_named = vec![0usize; labels.len()];
        let mut forms: Vec<HashMap<String, usize>> = vec![HashMap::new(); labels.len()];
        for row in context.train.rows() {
            let label = row.label.index();
            if let Some(word) = named(row.text, &names[label]) {
                n_named[label] += 1;
                *forms[label].entry(word.to_lowercase()).or_default() += 1;
            }
        }
        let counts = context.train.counts();
        let share = move |n: usize, label: usize| n as f64 / counts[label].max(1) as f64;
        each(move |s| {
            let label = labels.id(&s.candidate.label)?.index();
            let word = named(s.text(), &names[label])?;
            let form = word.to_lowercase();
            let of_label = share(n_named[label], label);
            // The label itself as a word gives it away where people only say it in other forms.
            let is_the_label = form == labels.names()[label].to_lowercase();
            let of_form = share(forms[label].get(&form).copied().unwrap_or(0), label);
            let usual = if is_the_label || form.starts_with('#') { of_form } else { of_label };
            let sources = context.sources(s.candidate);
            if usual >= ORDINARY || sources.iter().any(|source| named(source, &names[label]).is_some()) {
                return None;
            }
            let finding = match self.reject && of_label < self.usual_share {
                true => Finding::reject(&NAMES_LABEL),
                false => Finding::warn(&NAMES_LABEL),
            };
            Some(finding.with_evidence(word).with_score(of_label))
        })
    }
}

/// Share (0..1) of the label's real rows from which a word that names it is one that people say. Of 19 warnings that were read, the 8 wrong ones
/// were of words that 10 to 24 % of the rows have, or the text's own row.
const ORDINARY: f64 = 0.05;

impl LabelLeak {
    /// The stems of the words of the label's name, and of each other name that the settings give it.
    fn spellings(&self, label: &str) -> Vec<Vec<String>> {
        let others = self.words.get(label).into_iter().flatten().map(String::as_str);
        std::iter::once(label).chain(others).map(name_stems).filter(|stems| !stems.is_empty()).collect()
    }
}

/// The stems of a label's words; none where no word has three letters or two syllables (`0`, `A`), for such a name says nothing.
fn name_stems(label: &str) -> Vec<String> {
    let spaced = label.replace(['_', '-', '/'], " ");
    let stems: Vec<String> = tokens(&spaced).map(stem).collect();
    let weight = |c: char| if is_syllabic(c) { 2 } else { usize::from(c.is_alphabetic()) };
    let n_letters = stems.iter().map(|s| s.chars().map(weight).sum::<usize>()).max();
    let n_syllables = stems.iter().flat_map(|s| s.chars()).filter(|c| is_syllabic(*c)).count();
    if n_letters >= Some(3) || n_syllables > 1 { stems } else { Vec::new() }
}

/// The words of `text` that name the label, where all words of one of its names stand in a row; with the sign before them where they are a tag.
fn named(text: &str, names: &[Vec<String>]) -> Option<String> {
    if names.is_empty() {
        return None;
    }
    let spaced = text.replace('_', " ");
    let found: Vec<&str> = tokens(&spaced).collect();
    let stems: Vec<String> = found.iter().map(|w| stem(w)).collect();
    names.iter().find_map(|name| {
        let at = stems.windows(name.len()).position(|run| run == name)?;
        let words = found[at..at + name.len()].join(" ");
        let tag = format!("#{words}");
        Some(if text.contains(&tag) { tag } else { words })
    })
}

/// A word without its endings: what remains of `surprised`, `surprising` and `surprises` is the same.
fn stem(word: &str) -> String {
    const ENDINGS: &[&str] = &[
        "ingly", "edly", "ied", "fully", "fulness", "ously", "iness", "ness", "ing", "ful", "ous", "ies", "ily", "ed",
        "es", "ly", "s", "y", "e", "d",
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
    use crate::check::CheckOutcome;
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
        let check = LabelLeak {
            reject: true,
            words: BTreeMap::from([("surprise".to_owned(), vec!["out of the blue".to_owned()])]),
            ..LabelLeak::default()
        };
        super::super::tests::judge(&check, &context, &one).remove(0)
    }

    #[test]
    fn rejects_the_name_where_real_rows_do_not_use_it_and_warns_where_they_do() {
        let rejected = Finding::reject(&NAMES_LABEL).with_evidence("Surprising").with_score(0.0);
        assert_eq!(judge("surprise", 0, "it came as such a Surprising thing"), Some(rejected));
        assert_eq!(judge("surprise", 9, "what a surprise").unwrap().outcome, CheckOutcome::Warn);
        assert_eq!(judge("surprise", 0, "it came out of the blue").unwrap().evidence, ["out of the blue"]);
        assert_eq!(judge("surprise", 0, "i could not believe it"), None);
    }

    #[test]
    fn is_silent_where_people_say_so_and_not_on_a_tag_that_none_of_them_has() {
        assert_eq!(judge("surprise", 30, "what a surprise"), None);
        assert_eq!(judge("surprise", 30, "we were surprised"), None);
        assert_eq!(judge("surprise", 30, "what a day #surprise").unwrap().evidence, ["#surprise"]);
    }

    #[test]
    fn is_silent_where_the_own_row_names_it() {
        let dataset = dataset("surprise", 1);
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let mut all = candidates(&["such a surprise", "such a surprise"]);
        all.iter_mut().for_each(|c| c.label = "surprise".to_owned());
        all[0].sources = crate::generator::Sources::One(dataset.train().get(0).id);
        let found = super::super::tests::judge(&LabelLeak::default(), &context, &all);
        assert_eq!(super::super::tests::reasons(&found), ["ok", "names_label"]);
    }

    #[test]
    fn knows_inflected_forms_and_names_of_several_words() {
        for (label, text) in [
            ("sadness", "i am so sad"),
            ("joy", "a joyful noise"),
            ("love", "loving every minute"),
            ("happy", "pure happiness"),
            ("worry", "we were so worried"),
            ("hate_speech", "this is hate speech"),
            ("anger", "my anger grew"),
            ("开心", "我今天很开心"),
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
