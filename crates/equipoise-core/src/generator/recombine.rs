//! `recombine`: the way of asking of the provider inside the process, which writes texts from pieces of real rows.

use super::{Ask, Generator, Job, ReadItem, Reading, Sources, round};
use crate::catalog::{Entry, Settings, SettingsError, read};
use crate::offline::{Answer, Text};
use crate::parse::{Note, NoteKind};
use serde::Deserialize;
use serde_json::Value;

pub(super) static ENTRY: Entry<dyn Generator> = Entry {
    name: "recombine",
    what: "One request a label; each text of the answer names the row that it was made from and the rows that lent pieces.",
    why: "For the offline provider, which sees all training rows and needs no examples in a prompt.",
    source: "The answer format of this program's own offline provider.",
    settings: &[],
    make,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Recombine {}

fn make(settings: &Settings) -> Result<Box<dyn Generator>, SettingsError> {
    Ok(Box::new(read::<Recombine>(ENTRY.name, settings)?))
}

impl Generator for Recombine {
    fn jobs(&self, ask: &Ask<'_>) -> Vec<Job> {
        match ask.wanted {
            0 => Vec::new(),
            wanted => vec![round::job(ask, &[], wanted, round::ordinal(ask.round, 0))],
        }
    }

    fn schema(&self, _: &Job) -> Option<Value> {
        None
    }

    fn is_paired(&self) -> bool {
        false
    }

    fn read(&self, job: &Job, answer: &str, _: bool) -> Reading {
        let Answer { texts, reason, note, .. } = match serde_json::from_str::<Answer>(answer) {
            Ok(answer) => answer,
            Err(e) => {
                let note = Note { kind: NoteKind::Malformed, detail: e.to_string() };
                return Reading { items: Vec::new(), notes: vec![note] };
            }
        };
        let items: Vec<ReadItem> = texts.into_iter().map(item).collect();
        let count = |kind| Note { kind, detail: format!("{} of {}", items.len(), job.wanted) };
        let mut notes = match items.len().cmp(&job.wanted) {
            std::cmp::Ordering::Less => vec![count(NoteKind::TooFew)],
            std::cmp::Ordering::Equal => Vec::new(),
            std::cmp::Ordering::Greater => vec![count(NoteKind::TooMany)],
        };
        notes.extend(reason.map(|why| Note {
            kind: NoteKind::Exhausted,
            detail: format!("{} of {} texts: {why}", items.len(), job.wanted),
        }));
        notes.extend(note.map(|detail| Note { kind: NoteKind::NoOwnWords, detail }));
        Reading { items, notes }
    }
}

fn item(text: Text) -> ReadItem {
    let (text, sources) = match text {
        Text::Harvested { text, harvested } => (text, Sources::Harvested(harvested)),
        Text::Made { text, source, donors, .. } if donors.is_empty() => (text, Sources::One(source)),
        Text::Made { text, source, donors, joints } => {
            (text, Sources::Joined { rows: std::iter::once(source).chain(donors).collect(), joints })
        }
    };
    ReadItem { text, sources, fault: None, came: None, asked: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{LabelId, RowId};
    use crate::offline::{Joint, JointKind};

    #[test]
    fn a_text_knows_its_source_and_its_donors() {
        let answer = r#"{"texts": [
            {"text": "a b", "source": "00000000000000ff", "donors": ["0000000000000001"],
             "joints": [{"kind": "shared", "at": 2, "words": ["a"], "donor": "0000000000000001"}]},
            {"text": "b", "source": "0000000000000002", "donors": [], "joints": []},
            {"text": "h", "harvested": "0000000000000003"}], "made": 3, "wanted": 3}"#;
        let job = Job { label: LabelId(0), sources: Vec::new(), wanted: 3, ordinal: 0, attributes: Vec::new() };
        let reading = Recombine {}.read(&job, answer, true);
        let sources: Vec<Sources> = reading.items.into_iter().map(|i| i.sources).collect();
        let joint = Joint { kind: JointKind::Shared, at: 2, words: vec!["a".to_owned()], donor: RowId(1) };
        let joined = Sources::Joined { rows: vec![RowId(255), RowId(1)], joints: vec![joint] };
        assert_eq!(sources, [joined, Sources::One(RowId(2)), Sources::Harvested(RowId(3))]);
        assert!(reading.notes.is_empty());
    }

    #[test]
    fn says_why_texts_are_missing_and_what_the_label_lacks() {
        let answer = r#"{"texts": [{"text": "a", "harvested": "0000000000000001"}], "made": 1, "wanted": 3, "reason": "no more", "note": "no words"}"#;
        let job = Job { label: LabelId(0), sources: Vec::new(), wanted: 3, ordinal: 0, attributes: Vec::new() };
        let notes: Vec<(NoteKind, String)> =
            Recombine {}.read(&job, answer, true).notes.into_iter().map(|n| (n.kind, n.detail)).collect();
        let expected = [
            (NoteKind::TooFew, "1 of 3"),
            (NoteKind::Exhausted, "1 of 3 texts: no more"),
            (NoteKind::NoOwnWords, "no words"),
        ];
        assert_eq!(notes, expected.map(|(kind, detail)| (kind, detail.to_owned())));
    }
}
