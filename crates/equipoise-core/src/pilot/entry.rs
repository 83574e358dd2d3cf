//! What one prompt was asked and gave, text by text.

use crate::data::{LabelId, Labels, RowId};
use crate::generator::{Candidate, Fault, Job, RequestKey, Sources};
use crate::provider::Usage;
use crate::round::{ReadAnswer, candidates};
use std::collections::BTreeMap;

/// A request of a pilot and how it ended.
#[derive(Debug, Clone)]
pub struct Asked {
    /// What was asked.
    pub job: Job,
    /// How it ended.
    pub end: End,
}

/// How a request of a pilot ended.
#[derive(Debug, Clone)]
pub enum End {
    /// With an answer, read.
    Answered {
        /// The key under which it is stored.
        key: RequestKey,
        /// What it holds.
        read: ReadAnswer,
        /// Tokens, where the provider told.
        usage: Option<Usage>,
    },
    /// It was given up.
    Failed,
    /// It was not asked to its end.
    Open,
}

/// A text that was asked for.
#[derive(Debug, Clone)]
pub(super) struct Slot {
    /// The request, by its position.
    pub(super) request: u32,
    /// The row that the text is to be made from, where there is one such row.
    pub(super) source: Option<RowId>,
    pub(super) is_refused: bool,
    /// What came of it.
    pub(super) candidate: Option<Candidate>,
}

/// All that one prompt was asked and gave.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    /// The texts asked for, by label, up to the first one whose request is open.
    pub(super) slots: BTreeMap<LabelId, Vec<Slot>>,
    pub(super) n_answers: usize,
    /// Answers that hold every text asked for, none of them cut.
    pub(super) n_whole: usize,
    pub(super) usage: Usage,
}

impl Entry {
    /// Reads what was asked.
    pub(super) fn new(asked: &[Asked], labels: &Labels) -> Self {
        let mut entry = Entry::default();
        let mut is_open: BTreeMap<LabelId, bool> = BTreeMap::new();
        for (Asked { job, end }, request) in asked.iter().zip(0..) {
            let open = is_open.entry(job.label).or_default();
            *open |= matches!(end, End::Open);
            if *open {
                continue;
            }
            let mut slots = empty(job, request);
            if let End::Answered { key, read, usage } = end {
                entry.n_answers += 1;
                let whole = read.reading.items.iter().filter(|item| item.fault.is_none()).count();
                entry.n_whole += usize::from(whole >= job.wanted);
                let usage = usage.unwrap_or_default();
                entry.usage.input_tokens += usage.input_tokens;
                entry.usage.output_tokens += usage.output_tokens;
                let items = read.reading.items.clone();
                candidates(key, (labels.name(job.label), &job.attributes), items)
                    .for_each(|candidate| put(candidate, &mut slots));
                let is_refused = read.fault == Fault::Refused;
                slots.iter_mut().for_each(|slot| slot.is_refused = is_refused && slot.candidate.is_none());
            }
            entry.slots.entry(job.label).or_default().extend(slots);
        }
        entry
    }

    /// Keeps as many texts of each label as all entries have.
    pub(super) fn cut(entries: &mut [Entry]) {
        let labels: Vec<LabelId> = entries.iter().flat_map(|e| e.slots.keys().copied()).collect();
        for label in labels {
            let n = entries.iter().map(|e| e.slots.get(&label).map_or(0, Vec::len)).min().unwrap_or(0);
            for entry in entries.iter_mut() {
                if let Some(slots) = entry.slots.get_mut(&label) {
                    slots.truncate(n);
                }
                entry.slots.retain(|_, slots| !slots.is_empty());
            }
        }
    }

    /// The texts asked for with their labels, label by label: in the same order for all entries of a pilot.
    pub(super) fn all(&self) -> impl Iterator<Item = (LabelId, &Slot)> {
        self.slots.iter().flat_map(|(label, slots)| slots.iter().map(move |slot| (*label, slot)))
    }

    /// The texts that came.
    pub(super) fn candidates(&self) -> Vec<Candidate> {
        self.all().filter_map(|(_, slot)| slot.candidate.clone()).collect()
    }

    /// Puts the texts back as checks have mended them, in the order of [`Entry::candidates`].
    pub(super) fn mend(&mut self, mended: Vec<Candidate>) {
        let slots = self.slots.values_mut().flatten().filter(|slot| slot.candidate.is_some());
        slots.zip(mended).for_each(|(slot, candidate)| slot.candidate = Some(candidate));
    }
}

/// The texts of a job, before any came.
fn empty(job: &Job, request: u32) -> Vec<Slot> {
    let is_one_each = job.sources.len() == job.wanted;
    let slot = |at: usize| Slot {
        request,
        source: job.sources.get(at).map(|source| source.row).filter(|_| is_one_each),
        is_refused: false,
        candidate: None,
    };
    (0..job.wanted).map(slot).collect()
}

/// Puts a text where its row stands, else in the first free place; one too many is nobody's.
fn put(candidate: Candidate, slots: &mut [Slot]) {
    let row = match &candidate.sources {
        Sources::One(row) => Some(*row),
        _ => None,
    };
    let is_own = |slot: &Slot| slot.candidate.is_none() && row.is_some() && slot.source == row;
    let has_own = slots.iter().any(is_own);
    let is_place = |slot: &Slot| if has_own { is_own(slot) } else { slot.candidate.is_none() };
    if let Some(slot) = slots.iter_mut().find(|slot| is_place(slot)) {
        slot.candidate = Some(candidate);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{Dataset, Rows};
    use crate::generator::{ReadItem, Reading, SourceText};

    fn labels() -> Dataset {
        let mut rows = Rows::default();
        rows.push("a row", "rare").expect("two labels");
        rows.push("another row", "common").expect("two labels");
        Dataset::new(rows).expect("two labels")
    }

    fn job(rows: std::ops::Range<u64>) -> Job {
        let source = |i: u64| SourceText { key: format!("a{i}"), row: RowId(i), text: format!("text {i}") };
        Job {
            label: LabelId(0),
            sources: rows.clone().map(source).collect(),
            wanted: rows.count(),
            ordinal: 0,
            attributes: Vec::new(),
        }
    }

    fn answered(rows: &[u64], fault: Fault) -> End {
        let item = |row: &u64| ReadItem {
            text: format!("new {row}"),
            sources: Sources::One(RowId(*row)),
            fault: None,
            came: None,
            asked: None,
        };
        let reading = Reading { items: rows.iter().map(item).collect(), notes: Vec::new() };
        let read = ReadAnswer { reading, is_declined: false, fault };
        let usage = Usage { input_tokens: 10, output_tokens: 5, reasoning_tokens: 0 };
        End::Answered { key: RequestKey("0123456789abcdef0".to_owned()), read, usage: Some(usage) }
    }

    #[test]
    fn texts_stand_at_their_rows_in_whatever_order_they_came() {
        let data = labels();
        let asked = [
            Asked { job: job(0..3), end: answered(&[2, 0], Fault::Missing) },
            Asked { job: job(3..5), end: answered(&[], Fault::Refused) },
            Asked { job: job(5..6), end: End::Open },
            Asked { job: job(6..7), end: answered(&[6], Fault::Missing) },
        ];
        let entry = Entry::new(&asked, data.labels());
        let texts: Vec<Option<&str>> =
            entry.all().map(|(_, slot)| slot.candidate.as_ref().map(|c| c.text.as_str())).collect();
        assert_eq!(texts, [Some("new 0"), None, Some("new 2"), None, None], "nothing behind an open request counts");
        let refused: Vec<bool> = entry.all().map(|(_, slot)| slot.is_refused).collect();
        assert_eq!(refused, [false, false, false, true, true]);
        assert_eq!((entry.n_answers, entry.n_whole, entry.usage.input_tokens), (2, 0, 20));
    }

    #[test]
    fn entries_are_cut_to_the_texts_that_all_have() {
        let data = labels();
        let long = Entry::new(&[Asked { job: job(0..4), end: answered(&[0, 1, 2, 3], Fault::Missing) }], data.labels());
        let short = Entry::new(&[Asked { job: job(0..3), end: End::Failed }], data.labels());
        let mut both = [long, short];
        Entry::cut(&mut both);
        assert_eq!(both.map(|entry| entry.all().count()), [3, 3]);
    }
}
