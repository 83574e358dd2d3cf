//! A job and what became of it so far: what is asked for again, in which pieces, and when it is given up.

use super::{Job, ReadItem, SourceText, Sources};
use crate::attribute::TextAttributes;
use crate::text::hash64;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;

/// Splits after which what is left is asked for text by text: halving 57 gives 29, 15, 8, 4, 2, 1.
const MOST_SPLITS: u32 = 7;
/// Answers without a usable text after which a text that was asked for alone is given up.
const MOST_ALONE: u32 = 3;
/// Ordinals of asks that come again; those of rounds and passes stay below.
const AGAIN: u32 = 1 << 31;

/// Why an answer left texts of its job out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// The answer held some texts and not others.
    Missing,
    /// The token limit cut it.
    Cut,
    /// No text could be read from it.
    Unreadable,
    /// The model declined, or a filter withheld the answer.
    Refused,
    /// The provider took the request for a faulty one.
    Rejected,
    /// Prompt and answer do not fit the model's window.
    TooLong,
}

impl Fault {
    /// What the next prompt says about it, where words can help.
    pub fn advice(self) -> Option<&'static str> {
        match self {
            Fault::Missing => Some("An earlier answer left texts out: give as many as are asked for."),
            Fault::Cut => {
                Some("An earlier answer grew too long and was cut off: keep each text as short as its source.")
            }
            Fault::Unreadable => {
                Some("An earlier answer could not be read: keep exactly to the form that is asked for.")
            }
            Fault::Refused | Fault::Rejected | Fault::TooLong => None,
        }
    }
}

impl std::fmt::Display for Fault {
    /// The name that stands in `selection.json`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.serialize(f)
    }
}

/// A job with the history of the asks that led to it.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// What to ask.
    pub job: Job,
    /// Why it is asked again; `None` the first time.
    pub fault: Option<Fault>,
    n_splits: u32,
    n_alone: u32,
    was_refused_alone: bool,
    has_more_room: bool,
}

impl Piece {
    /// A job that was never asked.
    pub fn new(job: Job) -> Self {
        Piece { job, fault: None, n_splits: 0, n_alone: 0, was_refused_alone: false, has_more_room: false }
    }

    /// Whether its one text was declined when it was asked for alone.
    pub fn was_refused_alone(&self) -> bool {
        self.was_refused_alone
    }

    /// How many times the usual token limit its answer may have: twice once an answer was cut.
    pub fn room(&self) -> u32 {
        if self.has_more_room { 2 } else { 1 }
    }

    /// The same texts once more, in one piece.
    pub fn anew(&self, fault: Fault) -> Piece {
        let ordinal = ordinal(self.job.ordinal, 0);
        Piece { job: Job { ordinal, ..self.job.clone() }, fault: Some(fault), ..self.clone() }
    }

    /// The piece in two halves that are asked for at the same time, as if it had been made so; `None` where it asks for one text.
    pub fn halves(&self, paired: bool) -> Option<[Piece; 2]> {
        let wanted = self.job.wanted;
        if wanted < 2 {
            return None;
        }
        let half = |at: usize| {
            let mut sources = match share(self.job.sources.len(), 2, at) {
                none if none.is_empty() && !paired => self.job.sources.clone(),
                some => self.job.sources[some].to_vec(),
            };
            sources.iter_mut().enumerate().for_each(|(i, s)| s.key = format!("a{}", i + 1));
            // Other ordinals than those of `again`, which may come of the same piece.
            let job = Job {
                sources,
                wanted: share(wanted, 2, at).len(),
                ordinal: ordinal(self.job.ordinal, 1_000 + at),
                attributes: self.job.attributes[share(self.job.attributes.len(), 2, at)].to_vec(),
                ..self.job.clone()
            };
            Piece { job, ..self.clone() }
        };
        Some([half(0), half(1)])
    }

    /// What to ask for again after an answer that held `items`, in pieces of half the size; empty where nothing is left out, or where
    /// the one text that was left out is given up: refused twice alone, too long twice alone, or without a usable answer three times alone, or a request
    /// that the provider rejects. `paired` tells whether each text answers one source ([`super::Generator::is_paired`]).
    ///
    /// Whole items are never asked for again, and no piece asks for what was asked before: its size or its ordinal is another.
    pub fn again(&self, items: &[ReadItem], fault: Fault, paired: bool) -> Vec<Piece> {
        let whole: Vec<&ReadItem> = items.iter().filter(|i| i.is_answer()).collect();
        let left = self.job.wanted.saturating_sub(whole.len());
        if left == 0 {
            return Vec::new();
        }
        let mut next = self.clone();
        next.fault = Some(fault);
        next.has_more_room |= fault == Fault::Cut;
        let size = if self.job.wanted > 1 {
            next.n_splits += 1;
            if next.n_splits >= MOST_SPLITS { 1 } else { self.job.wanted.div_ceil(2) }
        } else {
            match fault {
                Fault::Rejected => return Vec::new(),
                Fault::Refused if self.was_refused_alone => return Vec::new(),
                Fault::Refused => next.was_refused_alone = true,
                // Once more, now that the window is known and less room for the answer is asked for; then nothing can be made smaller.
                Fault::TooLong => next.n_alone += MOST_ALONE - 1,
                Fault::Missing | Fault::Cut | Fault::Unreadable => next.n_alone += 1,
            }
            if next.n_alone >= MOST_ALONE {
                return Vec::new();
            }
            1
        };
        let sources = if paired { unanswered(&self.job, &whole, left) } else { self.job.sources.clone() };
        let attributes = unwritten(&self.job, &whole, left);
        let n = left.div_ceil(size);
        let piece = |at: usize| {
            let wanted = share(left, n, at).len();
            let mut sources = match share(sources.len(), n, at) {
                // Fewer examples than pieces: then each piece shows them all.
                none if none.is_empty() => sources.clone(),
                some => sources[some].to_vec(),
            };
            sources.iter_mut().enumerate().for_each(|(i, s)| s.key = format!("a{}", i + 1));
            let ordinal = ordinal(self.job.ordinal, at);
            let attributes = attributes[share(attributes.len(), n, at)].to_vec();
            Piece { job: Job { label: self.job.label, sources, wanted, ordinal, attributes }, ..next.clone() }
        };
        (0..n).map(piece).collect()
    }
}

/// The sources without a whole answer. Where the answer lost its pairing some of these were answered; the last ones are taken,
/// since a list loses its end more often than its beginning.
fn unanswered(job: &Job, whole: &[&ReadItem], left: usize) -> Vec<SourceText> {
    let answered: HashSet<_> = whole
        .iter()
        .filter_map(|item| match &item.sources {
            Sources::One(row) | Sources::Harvested(row) => Some(*row),
            _ => None,
        })
        .collect();
    let mut sources: Vec<SourceText> = job.sources.iter().filter(|s| !answered.contains(&s.row)).cloned().collect();
    sources.drain(..sources.len().saturating_sub(left));
    sources
}

/// The attributes of the texts that did not come, as many as are left; where an answer lost which text is which, the last ones.
fn unwritten(job: &Job, whole: &[&ReadItem], left: usize) -> Vec<TextAttributes> {
    let written: HashSet<usize> = whole.iter().filter_map(|item| item.asked).collect();
    let of_job = job.attributes.iter().enumerate().filter(|(at, _)| !written.contains(at));
    let mut attributes: Vec<TextAttributes> = of_job.map(|(_, attributes)| attributes.clone()).collect();
    attributes.drain(..attributes.len().saturating_sub(left));
    attributes
}

/// The `at`-th of `n` nearly equal parts of `0..len`.
fn share(len: usize, n: usize, at: usize) -> std::ops::Range<usize> {
    len * at / n..len * (at + 1) / n
}

/// The ordinal of the `at`-th piece of an ask; it depends on that ask alone, so that what happens to other jobs never changes it.
fn ordinal(parent: u32, at: usize) -> u32 {
    let mut bytes = parent.to_le_bytes().to_vec();
    bytes.extend((at as u64).to_le_bytes());
    AGAIN | (hash64(&bytes) as u32 & !AGAIN)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{LabelId, RowId};
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn piece(n: usize) -> Piece {
        let source =
            |i: usize| SourceText { key: format!("a{}", i + 1), row: RowId(i as u64), text: format!("text {i}") };
        Piece::new(Job {
            label: LabelId(0),
            sources: (0..n).map(source).collect(),
            wanted: n,
            ordinal: 3,
            attributes: Vec::new(),
        })
    }

    fn item(row: u64) -> ReadItem {
        ReadItem { text: format!("new {row}"), sources: Sources::One(RowId(row)), fault: None, came: None, asked: None }
    }

    fn rows(pieces: &[Piece]) -> Vec<u64> {
        pieces.iter().flat_map(|p| p.job.sources.iter().map(|s| s.row.0)).collect()
    }

    #[test]
    fn only_what_is_missing_is_asked_for_again_in_pieces_of_half_the_size() {
        let again = piece(57).again(&[item(1), item(4)], Fault::Missing, true);
        assert_eq!(again.iter().map(|p| p.job.wanted).collect::<Vec<_>>(), [27, 28]);
        assert!(rows(&again).iter().all(|r| *r != 1 && *r != 4));
        let few: Vec<ReadItem> = (0..54).map(item).collect();
        let again = piece(57).again(&few, Fault::Missing, true);
        assert_eq!((again.len(), rows(&again)), (1, vec![54, 55, 56]));
        assert_eq!(again[0].job.sources[0].key, "a1");
    }

    #[test]
    fn a_cut_item_is_asked_for_again_with_more_room_and_whole_ones_are_not() {
        let cut = ReadItem { fault: Some("cut".to_owned()), ..item(2) };
        let again = piece(4).again(&[item(0), item(1), cut], Fault::Cut, true);
        assert_eq!((rows(&again), again[0].room()), (vec![2, 3], 2));
        assert_eq!(again[0].again(&[], Fault::Cut, true)[0].room(), 2, "raised once");
    }

    #[test]
    fn attributes_go_with_the_texts_that_did_not_come() {
        let topic = |at: usize| TextAttributes::from([("topic".to_owned(), at.to_string())]);
        let mut asked = piece(6);
        asked.job.attributes = (0..6).map(topic).collect();
        let topics = |pieces: &[Piece]| pieces.iter().flat_map(|p| p.job.attributes.clone()).collect::<Vec<_>>();
        let wrote = |at| ReadItem { sources: Sources::Unknown, asked: Some(at), ..item(9) };
        let again = asked.again(&[wrote(4), wrote(0), wrote(2)], Fault::Missing, false);
        assert_eq!(topics(&again), [1, 3, 5].map(topic));
        assert!(again.iter().all(|p| p.job.attributes.len() == p.job.wanted));
        // Nobody knows which one came: then the last ones are missing.
        let lost = ReadItem { asked: None, ..wrote(0) };
        assert_eq!(topics(&asked.again(&[lost.clone(), lost], Fault::Missing, false)), [2, 3, 4, 5].map(topic));
        let [first, second] = asked.halves(false).expect("six texts");
        assert_eq!(
            (first.job.attributes, second.job.attributes),
            ((0..3).map(topic).collect(), (3..6).map(topic).collect())
        );
    }

    #[test]
    fn an_answer_without_pairing_is_filled_up_to_its_number() {
        let lost = |row| ReadItem { sources: Sources::Among(vec![RowId(0), RowId(1), RowId(2)]), ..item(row) };
        let again = piece(3).again(&[lost(0), lost(1)], Fault::Missing, true);
        assert_eq!(rows(&again), [2]);
    }

    #[test]
    fn a_refusing_row_is_found_by_halving_and_given_up_after_one_more_try() {
        let (mut open, mut n_asks, mut alone) = (vec![piece(25)], 0, 0);
        let mut answered = BTreeSet::new();
        while let Some(piece) = open.pop() {
            n_asks += 1;
            if piece.job.sources.iter().any(|s| s.row == RowId(9)) {
                alone += usize::from(piece.job.wanted == 1);
                open.extend(piece.again(&[], Fault::Refused, true));
            } else {
                answered.extend(piece.job.sources.iter().map(|s| s.row.0));
            }
        }
        assert_eq!((answered.len(), alone), (24, 2));
        assert!(n_asks <= 12, "{n_asks}");
    }

    #[test]
    fn a_text_that_fails_three_times_alone_is_given_up() {
        let mut piece = piece(1);
        for _ in 0..2 {
            let again = piece.again(&[], Fault::Unreadable, true);
            assert_eq!(again.len(), 1);
            piece = again[0].clone();
        }
        assert!(piece.again(&[], Fault::Missing, true).is_empty());
        assert!(Piece::new(piece.job).again(&[], Fault::Rejected, true).is_empty());
    }

    #[test]
    fn texts_that_belong_to_no_source_are_counted_and_examples_are_split_where_there_are_enough() {
        let again = piece(4).again(&[], Fault::Refused, false);
        assert_eq!(again.iter().map(|p| (p.job.wanted, p.job.sources.len())).collect::<Vec<_>>(), [(2, 2), (2, 2)]);
        let mut one_example = piece(1);
        one_example.job.wanted = 4;
        let again = one_example.again(&[], Fault::Unreadable, false);
        assert!(again.iter().all(|p| p.job.sources.len() == 1));
        assert_ne!(again[0].job.ordinal, again[1].job.ordinal, "equal asks");
    }

    proptest! {
        #[test]
        fn every_text_is_answered_or_given_up_within_bounds_and_no_ask_repeats(
            n in 1usize..120, paired: bool, luck in proptest::collection::vec(any::<u8>(), 1..40),
        ) {
            let faults = [Fault::Missing, Fault::Cut, Fault::Unreadable, Fault::Refused];
            let (mut open, mut done, mut given_up, mut at) = (vec![piece(n)], 0, 0, 0);
            let mut asked = BTreeSet::new();
            while let Some(piece) = open.pop() {
                let rows: Vec<u64> = piece.job.sources.iter().map(|s| s.row.0).collect();
                prop_assert!(asked.insert((rows, piece.job.wanted, piece.job.ordinal)), "asked twice");
                prop_assert!(piece.n_splits <= MOST_SPLITS && (!paired || piece.job.wanted == piece.job.sources.len()));
                let dice = luck[at % luck.len()] as usize + at;
                at += 1;
                let n_whole = dice % (piece.job.wanted + 1);
                let items: Vec<ReadItem> = match paired {
                    true => piece.job.sources.iter().take(n_whole).map(|s| item(s.row.0)).collect(),
                    false => (0..n_whole as u64).map(item).collect(),
                };
                let again = piece.again(&items, faults[dice % 4], paired);
                let left = piece.job.wanted - n_whole;
                done += n_whole;
                if again.is_empty() {
                    given_up += left;
                } else {
                    prop_assert_eq!(again.iter().map(|p| p.job.wanted).sum::<usize>(), left);
                }
                open.extend(again);
            }
            prop_assert_eq!(done + given_up, n);
        }
    }
}
