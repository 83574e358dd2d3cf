//! How a request ended: its texts become candidates, and every text that it left out is asked for again or has a final state.

use super::run::{Round, Run};
use super::{GivenUp, ReadAnswer, RequestEnd, RoundEvent, SetAside, candidates};
use crate::data::RowId;
use crate::generator::{Fault, Piece, ReadItem, RequestKey, Sources};
use crate::parse::NoteKind;
use crate::provider::{Failure, FailureKind, Request};

/// A request that is over, and what it was made of.
pub(super) struct Ended<'a> {
    pub(super) piece: &'a Piece,
    pub(super) request: &'a Request,
    /// Tokens that the limit of its answer held for thoughts.
    pub(super) thoughts: u32,
    /// The key under which its end is stored.
    pub(super) key: RequestKey,
}

/// Whether the texts of a piece are counted as wanted already.
fn is_counted(piece: &Piece) -> bool {
    piece.fault.is_some_and(|fault| fault != Fault::TooLong)
}

impl Run<'_> {
    /// Takes in how a request ended; gives what is to be asked again.
    pub(super) fn take_in(&mut self, round: &mut Round, ended: &Ended<'_>, end: &RequestEnd) -> Vec<Piece> {
        let Ended { piece, request, thoughts, ref key } = *ended;
        let wanted = piece.job.wanted;
        let generated = &mut self.generated;
        let answer = match end {
            RequestEnd::Answered(answer) => answer,
            RequestEnd::Failed(failure) => return self.failed(round, ended, failure),
        };
        let read = self.asking.read(&piece.job, answer);
        if read.reading.items.is_empty() {
            generated.textless.push(key.clone());
        }
        let before = self.learnt.thoughts();
        if self.learnt.answered(request, answer, thoughts, read.reading.items.is_empty()) {
            // Smaller requests would be eaten up as well.
            if self.learnt.thoughts() > before {
                (self.observer)(RoundEvent::MoreRoom { tokens: self.learnt.thoughts() });
            }
            self.tally.count(0, wanted, Fault::Cut, is_counted(piece));
            let allowance = round.allowance.entry(piece.job.label).or_default();
            if *allowance == 0 {
                self.generated.rows.missing += wanted;
                return Vec::new();
            }
            *allowance -= 1;
            return vec![piece.anew(Fault::Cut)];
        }
        let ReadAnswer { reading, is_declined, fault } = read;
        let label = self.train.labels().name(piece.job.label);
        for note in &reading.notes {
            if matches!(note.kind, NoteKind::Exhausted | NoteKind::NoOwnWords) {
                generated.remarks.insert(format!("`{label}`: {}", note.detail));
            }
            *generated.notes.entry(note.kind).or_default() += 1;
        }
        self.learnt.read(fault == Fault::Unreadable);
        if is_declined {
            *generated.notes.entry(NoteKind::Refused).or_default() += 1;
        }
        let again = self.left_out(round, ended, &reading.items, fault);
        let harvested = |item: &ReadItem| match item.sources {
            Sources::Harvested(row) if self.asking.generator.mines() => Some(row),
            _ => None,
        };
        self.without.extend(reading.items.iter().filter_map(harvested));
        self.generated.candidates.extend(candidates(key, (label, &piece.job.attributes), reading.items));
        again
    }

    /// Takes in a request without an answer.
    fn failed(&mut self, round: &mut Round, ended: &Ended<'_>, failure: &Failure) -> Vec<Piece> {
        let Ended { piece, request, ref key, .. } = *ended;
        self.generated.textless.push(key.clone());
        *self.generated.failures.entry(failure.kind.to_string()).or_default() += 1;
        self.generated.complaint = Some(failure.message.clone());
        let fault = match failure.kind {
            // One row can be what the provider objects to, so the others get another chance without it.
            FailureKind::Rejected | FailureKind::Unsupported | FailureKind::Garbled => Fault::Rejected,
            // The server fails on this one alone, again and again: a row in it may be what it fails on.
            FailureKind::Overloaded | FailureKind::Lost if self.tally.has_texts() => Fault::Rejected,
            FailureKind::Flagged => Fault::Refused,
            FailureKind::TooLong => {
                let named = failure.window();
                // What the refusal does not name is a guess, and may be a bound on bytes.
                if self.learnt.too_long(request, named) && named.is_some() {
                    let tokens = self.learnt.window().unwrap_or_default();
                    (self.observer)(RoundEvent::Window { tokens });
                }
                Fault::TooLong
            }
            // Every other failure that is for good concerns the endpoint, and smaller requests would fail as well.
            _ => {
                self.generated.rows.failed += piece.job.wanted;
                return Vec::new();
            }
        };
        self.left_out(round, ended, &[], fault)
    }

    /// What becomes of the texts that an answer with `items` left out: they are asked for again, or have their final state.
    fn left_out(&mut self, round: &mut Round, ended: &Ended<'_>, items: &[ReadItem], fault: Fault) -> Vec<Piece> {
        let Ended { piece, ref key, .. } = *ended;
        let whole = items.iter().filter(|i| i.is_answer()).count().min(piece.job.wanted);
        let left = piece.job.wanted - whole;
        self.tally.count(whole, piece.job.wanted, fault, is_counted(piece));
        let rows = &mut self.generated.rows;
        rows.extra += items.len() - whole;
        if left == 0 {
            return Vec::new();
        }
        if self.asking.model.is_remote {
            let again = piece.again(items, fault, self.asking.generator.is_paired());
            if again.is_empty() {
                self.give_up(piece, key, left, fault);
                return again;
            }
            // A refusal for its length costs nothing, and there are only so many halves.
            if fault == Fault::TooLong {
                return again;
            }
            // Without a bound a model that answers one text in ten would be asked ten times as often as the plan said.
            let allowance = round.allowance.entry(piece.job.label).or_default();
            if again.len() <= *allowance {
                *allowance -= again.len();
                return again;
            }
        }
        *(match fault {
            Fault::Refused => &mut rows.refused,
            Fault::Rejected | Fault::TooLong => &mut rows.failed,
            Fault::Missing | Fault::Cut | Fault::Unreadable => &mut rows.missing,
        }) += left;
        Vec::new()
    }

    /// Gives up `left` texts that were asked for alone as often as may be.
    fn give_up(&mut self, piece: &Piece, key: &RequestKey, left: usize, fault: Fault) {
        let rows = &mut self.generated.rows;
        let (state, count) = match fault {
            Fault::Refused => (GivenUp::Refused, &mut rows.refused),
            Fault::Rejected | Fault::TooLong => (GivenUp::Failed, &mut rows.failed),
            Fault::Missing | Fault::Cut | Fault::Unreadable => (GivenUp::Quarantined, &mut rows.quarantined),
        };
        *count += left;
        let shown: Vec<RowId> = piece.job.sources.iter().map(|s| s.row).collect();
        // Among several rows nobody knows which one is to blame.
        if let [row] = shown[..] {
            self.without.insert(row);
        }
        let label = self.train.labels().name(piece.job.label).to_owned();
        self.generated.set_aside.push(SetAside { label, state, reason: fault, rows: shown, request: key.clone() });
    }
}
