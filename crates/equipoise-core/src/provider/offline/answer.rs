//! The answer in the form that a model would give it: JSON, with the rows that every text was made from.

use super::choose::Written;
use super::knowledge::Knowledge;
use super::label::Portrait;
use crate::data::RowId;
use crate::generator::Joint;
use crate::provider::Donor;
use serde::Serialize;

/// What is said of a label whose rows no word tells from the others.
pub(super) const NO_OWN_WORDS: &str = "this label has no words of its own; weights or a model serve better";
/// What is said of rows whose words cannot be told apart.
pub(super) const UNSPACED: &str =
    "these texts are written without blanks between words, which the offline generator needs; use a model";

#[derive(Debug, Serialize)]
struct Answer {
    texts: Vec<Text>,
    made: usize,
    wanted: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Text {
    Made { text: String, source: RowId, donors: Vec<RowId>, joints: Vec<Joint> },
    Harvested { text: String, harvested: RowId },
}

/// The JSON text of an answer.
pub(super) fn answer(
    knowledge: &Knowledge<'_>,
    portrait: &Portrait,
    harvested: &[&Donor],
    texts: Vec<Written>,
    wanted: usize,
) -> String {
    let made = harvested.len() + texts.len();
    let (fewest, most) = portrait.window;
    let reason = (made < wanted).then(|| {
        let n = portrait.rows.len();
        format!("no further text of {fewest} to {most} tokens can be joined from the label's {n} rows and the others")
    });
    let note = (!portrait.has_own_words).then_some(NO_OWN_WORDS);
    let found = harvested.iter().map(|d| Text::Harvested { text: d.text.clone(), harvested: d.id });
    let texts = found.chain(texts.into_iter().map(|w| text(knowledge, w))).collect();
    json(&Answer { texts, made, wanted, reason, note })
}

/// The answer that refuses.
pub(super) fn refusal(reason: &str, wanted: usize) -> String {
    json(&Answer { texts: Vec::new(), made: 0, wanted, reason: Some(reason.to_owned()), note: None })
}

fn json(answer: &Answer) -> String {
    serde_json::to_string(answer).expect("strings, numbers and lists of them are JSON")
}

fn text(knowledge: &Knowledge<'_>, written: Written) -> Text {
    let id = |row: u32| knowledge.corpus.id(row);
    let word = |w: &u32| knowledge.corpus.vocabulary[*w].to_owned();
    let chars_before = |token: usize| {
        let bytes = written.begins.get(token).copied().unwrap_or(written.text.len());
        written.text[..bytes].chars().count()
    };
    let joints = written.draft.joints.iter().map(|j| Joint {
        kind: j.kind,
        at: chars_before(j.at),
        words: j.words.iter().map(word).collect(),
        donor: id(j.donor),
    });
    Text::Made {
        joints: joints.collect(),
        source: id(written.draft.source),
        donors: written.draft.donors().into_iter().map(id).collect(),
        text: written.text,
    }
}
