//! Rounds: ask, ask again for what answers left out, read, check, select, and refill until the targets are met or the rounds are
//! used up.
//!
//! What is asked depends on the rows, the recipe and the answers before it, and on nothing else; so a run that was interrupted goes on
//! where an uninterrupted one would be, and a replay asks exactly what was asked.

use crate::event::{Event, Phase, RowCounts, Sink};
use crate::pipeline::Asking;
use crate::pipeline::accounting::{Accounting, FIRST_REQUESTS, GivenUp, Halt, SetAside};
use crate::pipeline::live::{OnArrived, Watch};
use crate::pipeline::reading::{Read, candidates, read};
use crate::{Error, Material};
use equipoise_core::check::{self, Verdict};
use equipoise_core::data::{LabelId, RowId};
use equipoise_core::generator::{Candidate, Fault, Piece, ReadItem, RequestKey};
use equipoise_core::parse::NoteKind;
use equipoise_core::plan::most_again;
use equipoise_core::provider::{Answer, FailureKind, Request};
use equipoise_core::rng::Seed;
use equipoise_core::select::{self, Selection, select};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// How one request ended.
#[derive(Debug, Clone)]
pub(super) enum Outcome {
    /// With an answer.
    Answered(Answer),
    /// Without one, for good.
    Failed(FailureKind),
    /// Not yet: the run ended before.
    Cancelled,
}

/// Gives the outcomes of requests: a live engine, a provider inside the process, or the journal alone.
pub(super) trait Asker {
    /// The key and outcome of each request, in the same order; `on_arrived` takes answers as they come, where they come one by one.
    fn ask(
        &mut self,
        requests: &[Request],
        taken: &Taken,
        on_arrived: OnArrived<'_>,
    ) -> Result<Vec<(RequestKey, Outcome)>, Error>;
}

/// The texts that each label has already.
pub(super) type Taken = BTreeMap<LabelId, Vec<String>>;

/// What the rounds gave.
#[derive(Debug, Clone)]
pub(super) struct Generated {
    pub(super) candidates: Vec<Candidate>,
    pub(super) verdicts: Vec<Verdict>,
    /// How often each check found what.
    pub(super) checks: check::Counts,
    pub(super) selection: Selection,
    pub(super) rows: Accounting,
    /// Texts that were given up.
    pub(super) set_aside: Vec<SetAside>,
    /// Why nothing more was asked, if so.
    pub(super) halt: Option<Halt>,
    /// What was wrong with answers, and how often.
    pub(super) notes: BTreeMap<NoteKind, usize>,
    /// What the provider said of a label in words, once each.
    pub(super) remarks: BTreeSet<String>,
    /// Requests of all rounds.
    pub(super) n_requests: usize,
    /// Failures by kind.
    pub(super) failures: BTreeMap<String, usize>,
}

/// Runs all rounds.
pub(super) fn run(
    material: &Material,
    asking: &Asking,
    checks: &[Box<dyn check::Check>],
    seed: Seed,
    asker: &mut dyn Asker,
    sink: &Sink<'_>,
) -> Result<Generated, Error> {
    let made = Generated {
        candidates: Vec::new(),
        verdicts: Vec::new(),
        checks: check::Counts::default(),
        selection: select(&[], &[], &asking.quotas),
        rows: Accounting::default(),
        set_aside: Vec::new(),
        halt: None,
        notes: BTreeMap::new(),
        remarks: BTreeSet::new(),
        n_requests: 0,
        failures: BTreeMap::new(),
    };
    let context = check::Context::new(material.dataset.train(), material.fingerprints.as_ref(), seed);
    let (labels, generator) = (material.dataset.labels(), asking.generator.as_ref());
    let panel = check::Panel::new(checks, &context);
    let mut judging = panel.begin();
    let watch = Watch { labels, generator, panel: &panel, sink };
    let mut rounds = Rounds { material, asking, seed, sink, watch, made, without: HashSet::new(), empty: Vec::new() };
    for round in 0..=asking.rounds {
        let pieces = rounds.pieces(round);
        if pieces.is_empty() {
            break;
        }
        if round > 0 {
            let short: usize = rounds.made.selection.labels.iter().map(|l| l.shortfall).sum();
            sink(Event::Note(format!("round {}: {short} texts are missing; asking again", round + 1)));
        }
        let before = rounds.made.candidates.len();
        rounds.round(round, pieces, asker)?;
        let made = &mut rounds.made;
        sink(Event::Started(Phase::Check));
        made.verdicts.extend(judging.judge(&made.candidates[before..]));
        made.selection = select(&made.candidates, &made.verdicts, &asking.quotas);
        sink(Event::Finished(Phase::Check));
        made.count();
        sink(Event::Rows(made.counts()));
        // A deterministic generator that has nothing new now will have nothing new in the next round.
        let has_no_more = made.candidates.len() == before && !rounds.asks_again();
        if has_no_more || rounds.made.is_partial() {
            break;
        }
    }
    let mut made = rounds.made;
    made.checks = judging.counts().clone();
    made.count();
    assert!(made.rows.balances(), "every planned row has one final state: {:?}", made.rows);
    Ok(made)
}

/// The rounds of one run.
struct Rounds<'a> {
    material: &'a Material,
    asking: &'a Asking,
    seed: Seed,
    sink: &'a Sink<'a>,
    watch: Watch<'a>,
    made: Generated,
    /// Rows that are no source any more.
    without: HashSet<RowId>,
    /// Why the first requests that brought nothing brought nothing.
    empty: Vec<Fault>,
}

impl Rounds<'_> {
    /// Whether what an answer left out is asked for again. A provider inside the process gives all it has at once.
    fn asks_again(&self) -> bool {
        self.asking.model.host().is_some()
    }

    /// What a round begins with, label by label in plan order.
    fn pieces(&self, round: u32) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for (quota, had) in self.asking.quotas.iter().zip(&self.made.selection.labels) {
            if had.shortfall == 0 {
                continue;
            }
            let wanted = if round == 0 {
                quota.wanted
            } else {
                let refill = refill(had.shortfall, had.n_candidates, had.n_rejected);
                // What a plan promises at most counts on no round being larger than the first.
                if self.asks_again() { refill.min(quota.wanted) } else { refill }
            };
            pieces.extend(self.asking.pieces(self.material, quota, wanted, round, self.seed, &self.without));
        }
        pieces
    }

    /// Asks a round's pieces, and again what their answers leave out, as often as a round may.
    fn round(&mut self, round: u32, mut open: Vec<Piece>, asker: &mut dyn Asker) -> Result<(), Error> {
        let mut n_of_label: HashMap<LabelId, usize> = HashMap::new();
        open.iter().for_each(|p| *n_of_label.entry(p.job.label).or_default() += 1);
        let mut may: HashMap<LabelId, usize> =
            n_of_label.into_iter().map(|(label, n)| (label, most_again(n))).collect();
        let advice: HashMap<LabelId, Vec<String>> = may.keys().map(|label| (*label, self.advice(*label))).collect();
        let mut is_first = round == 0;
        while !open.is_empty() {
            let mut rest = Vec::new();
            if is_first && self.asks_again() {
                rest = open.split_off(open.len().min(FIRST_REQUESTS));
            }
            let mut again = self.step(round, &open, &advice, &mut may, asker)?;
            if is_first && self.asks_again() {
                self.made.halt = Halt::judge(&self.empty, open.len());
                if self.made.halt.is_none() && !rest.is_empty() {
                    again.extend(self.step(round, &rest, &advice, &mut may, asker)?);
                    rest.clear();
                }
            }
            if self.made.halt.is_some() {
                // Those that were never asked are planned all the same.
                self.made.rows.planned += rest.iter().map(|p| p.job.wanted).sum::<usize>();
                self.made.rows.cancelled += rest.iter().chain(&again).map(|p| p.job.wanted).sum::<usize>();
                return Ok(());
            }
            is_first = false;
            open = again;
        }
        Ok(())
    }

    /// Asks pieces and reads their answers; gives what is to be asked again.
    fn step(
        &mut self,
        round: u32,
        pieces: &[Piece],
        advice: &HashMap<LabelId, Vec<String>>,
        may: &mut HashMap<LabelId, usize>,
        asker: &mut dyn Asker,
    ) -> Result<Vec<Piece>, Error> {
        let request = |piece: &Piece| {
            let mut told = advice.get(&piece.job.label).cloned().unwrap_or_default();
            told.extend(piece.fault.and_then(Fault::advice).map(str::to_owned));
            self.asking.request(self.material, piece, round, self.seed, &told)
        };
        let requests: Vec<Request> = pieces.iter().map(request).collect::<Result<_, _>>()?;
        let taken = if self.asks_again() { Taken::new() } else { self.taken() };
        let ask = |on_arrived: OnArrived<'_>| asker.ask(&requests, &taken, on_arrived);
        let outcomes = self.watch.during(self.made.counts(), &self.made.selection, ask)?;
        let mut again = Vec::new();
        for (piece, (key, outcome)) in pieces.iter().zip(&outcomes) {
            again.extend(self.read(piece, key, outcome, may));
        }
        self.made.n_requests += requests.len();
        (self.sink)(Event::Rows(self.made.counts()));
        Ok(again)
    }

    /// The texts that each label has already.
    fn taken(&self) -> Taken {
        let mut taken = Taken::new();
        for candidate in &self.made.candidates {
            if let Some(label) = self.material.dataset.labels().id(&candidate.label) {
                taken.entry(label).or_default().push(candidate.text.clone());
            }
        }
        taken
    }

    /// What the label's prompts say about texts that were turned down.
    fn advice(&self, label: LabelId) -> Vec<String> {
        let name = self.material.dataset.labels().name(label);
        let Some(had) = self.made.selection.labels.iter().find(|l| l.label == name) else { return Vec::new() };
        let is_near =
            |v: &&Verdict| v.outcome == check::Outcome::Reject && v.facts().is_some_and(|reason| reason.repeats);
        let near: HashSet<&str> = self.made.verdicts.iter().filter(is_near).map(|v| v.candidate.as_str()).collect();
        let of_label = || self.made.candidates.iter().filter(|c| c.label == name);
        let made: Vec<&str> = of_label().map(|c| c.text.as_str()).collect();
        let near: Vec<&str> = of_label().filter(|c| near.contains(c.id.as_str())).map(|c| c.text.as_str()).collect();
        let real: Vec<&str> =
            self.material.dataset.train().rows().filter(|r| r.label == label).map(|r| r.text).collect();
        select::advice(&had.rejected_by, &near, &made, &real)
    }

    /// Takes in one outcome; gives what is to be asked again.
    fn read(
        &mut self,
        piece: &Piece,
        key: &RequestKey,
        outcome: &Outcome,
        may: &mut HashMap<LabelId, usize>,
    ) -> Vec<Piece> {
        let wanted = piece.job.wanted;
        if piece.fault.is_none() {
            self.made.rows.planned += wanted;
        }
        let answer = match outcome {
            Outcome::Answered(answer) => answer,
            Outcome::Cancelled => {
                self.made.rows.cancelled += wanted;
                return Vec::new();
            }
            Outcome::Failed(kind) => {
                *self.made.failures.entry(kind.to_string()).or_default() += 1;
                if *kind == FailureKind::Rejected {
                    return self.left_out(piece, key, &[], Fault::Rejected, may);
                }
                self.made.rows.failed += wanted;
                return Vec::new();
            }
        };
        let Read { reading, is_declined, fault } = read(self.asking.generator.as_ref(), &piece.job, answer);
        let label = self.material.dataset.labels().name(piece.job.label);
        for note in &reading.notes {
            if matches!(note.kind, NoteKind::Exhausted | NoteKind::NoOwnWords) {
                self.made.remarks.insert(format!("`{label}`: {}", note.detail));
            }
            *self.made.notes.entry(note.kind).or_default() += 1;
        }
        if is_declined {
            *self.made.notes.entry(NoteKind::Refused).or_default() += 1;
        }
        let again = self.left_out(piece, key, &reading.items, fault, may);
        self.made.candidates.extend(candidates(key, label, reading.items));
        again
    }

    /// What becomes of the texts that an answer with `items` left out: they are asked for again, or have their final state.
    fn left_out(
        &mut self,
        piece: &Piece,
        key: &RequestKey,
        items: &[ReadItem],
        fault: Fault,
        may: &mut HashMap<LabelId, usize>,
    ) -> Vec<Piece> {
        let whole = items.iter().filter(|i| i.fault.is_none()).count().min(piece.job.wanted);
        let left = piece.job.wanted - whole;
        self.made.rows.extra += items.len() - whole;
        if left == 0 {
            return Vec::new();
        }
        if piece.fault.is_none() && whole == 0 {
            self.empty.push(fault);
        }
        let asks_again = self.asks_again();
        let rows = &mut self.made.rows;
        if asks_again {
            let again = piece.again(items, fault, self.asking.generator.is_paired());
            let may = may.entry(piece.job.label).or_default();
            if again.is_empty() {
                let (state, count) = match fault {
                    Fault::Refused => (GivenUp::Refused, &mut rows.refused),
                    Fault::Rejected => (GivenUp::Failed, &mut rows.failed),
                    Fault::Missing | Fault::Cut | Fault::Unreadable => (GivenUp::Quarantined, &mut rows.quarantined),
                };
                *count += left;
                let shown: Vec<RowId> = piece.job.sources.iter().map(|s| s.row).collect();
                if let [row] = shown[..] {
                    self.without.insert(row);
                }
                let label = self.material.dataset.labels().name(piece.job.label).to_owned();
                let request = key.clone();
                self.made.set_aside.push(SetAside { label, state, reason: fault, rows: shown, request });
                return Vec::new();
            }
            if again.len() <= *may {
                *may -= again.len();
                return again;
            }
        }
        *(match fault {
            Fault::Refused => &mut rows.refused,
            Fault::Rejected => &mut rows.failed,
            Fault::Missing | Fault::Cut | Fault::Unreadable => &mut rows.missing,
        }) += left;
        Vec::new()
    }
}

impl Generated {
    /// Whether the run ended before everything was asked.
    pub(super) fn is_partial(&self) -> bool {
        self.halt.is_some() || self.rows.cancelled > 0
    }

    /// Takes the final states of candidates over from the selection.
    fn count(&mut self) {
        let sum = |of: fn(&select::LabelSelection) -> usize| self.selection.labels.iter().map(of).sum();
        self.rows.kept = sum(|l| l.n_kept);
        self.rows.surplus = sum(|l| l.n_surplus);
        self.rows.rejected = sum(|l| l.n_rejected);
    }

    /// The counts so far, for whoever watches.
    fn counts(&self) -> RowCounts {
        let mut rejected_by: BTreeMap<String, usize> = BTreeMap::new();
        for (why, n) in self.selection.labels.iter().flat_map(|l| &l.rejected_by) {
            *rejected_by.entry(why.clone()).or_default() += n;
        }
        RowCounts {
            planned: self.rows.planned,
            read: self.candidates.len(),
            accepted: self.rows.kept,
            wanted: self.selection.labels.iter().map(|l| l.wanted).sum(),
            rejected_by,
            refused: self.rows.refused,
            quarantined: self.rows.quarantined,
            so_far: false,
        }
    }
}

/// How many texts to ask for so that `short` good ones may come, by the share that passed so far, at most three times as many.
fn refill(short: usize, n_candidates: usize, n_rejected: usize) -> usize {
    let passed = n_candidates.saturating_sub(n_rejected) as f64 / n_candidates.max(1) as f64;
    (short as f64 / passed.max(1.0 / 3.0)).ceil() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refill_asks_for_more_where_much_was_rejected_but_never_without_bound() {
        assert_eq!(refill(10, 100, 0), 10);
        assert_eq!(refill(10, 100, 50), 20);
        assert_eq!(refill(10, 100, 100), 30);
        assert_eq!(refill(10, 0, 0), 30);
    }
}
