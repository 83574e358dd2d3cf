//! The rounds themselves: what each asks, in which order, and when they end.

use super::halt::{FIRST_REQUESTS, FRUITLESS, PROBES, Tally};
use super::learnt::Learnt;
use super::{Asker, Asking, Generated, Requests, RoundEvent, Step, Taken};
use crate::check::{Outcome, Panel, Verdict, in_order};
use crate::data::{LabelId, RowId, TrainView};
use crate::generator::{Fault, Piece, RequestKey};
use crate::pattern::{Families, Frequent, Traced, avoid, give_aways};
use crate::plan::most_again;
use crate::prompt::PromptError;
use crate::provider::Request;
use crate::rng::Seed;
use crate::select::{self, select};
use std::collections::{HashMap, HashSet, VecDeque};

/// What the rounds work with.
#[derive(Clone, Copy)]
pub struct RoundInputs<'a> {
    /// What is asked.
    pub asking: &'a Asking,
    /// The rows that texts are made from.
    pub train: TrainView<'a>,
    /// The checks that texts must pass.
    pub panel: &'a Panel<'a>,
    /// Seed of the run.
    pub seed: Seed,
}

/// Runs all rounds; `observer` hears what happens.
///
/// # Errors
/// Those of the asker, and a template that cannot be filled in.
///
/// # Panics
/// An asker that does not end every request.
pub fn run<A: Asker>(
    inputs: &RoundInputs<'_>,
    asker: &mut A,
    observer: &dyn Fn(RoundEvent),
) -> Result<Generated, A::Error> {
    let RoundInputs { asking, train, panel, seed } = *inputs;
    let mut judging = panel.begin();
    let requests = asking.requests(train, seed);
    let generated = Generated { checks: judging.conclude(&[]).1, ..Generated::none(&asking.quotas) };
    let mut verdicts = Vec::new();
    let learnt = Learnt::new(asking.model.window);
    let (without, tally) = (HashSet::new(), Tally::default());
    let mut run = Run { asking, train, requests, observer, generated, without, tally, learnt };
    for round in 0..=asking.rounds {
        let pieces = run.pieces(round);
        if pieces.is_empty() {
            break;
        }
        if round > 0 {
            let n_missing = run.generated.selection.labels.iter().map(|l| l.shortfall).sum();
            observer(RoundEvent::AsksAgain { round, n_missing });
        }
        let n_before = run.generated.candidates.len();
        run.round(round, pieces, asker)?;
        let generated = &mut run.generated;
        observer(RoundEvent::ChecksStarted);
        verdicts.extend(judging.judge(&generated.candidates[n_before..]));
        // What shows in all texts together may change with every round.
        let (concluded, counts) = judging.conclude(&verdicts);
        generated.verdicts = in_order(&generated.candidates, verdicts.clone(), concluded);
        generated.checks = counts;
        generated.selection = select(&generated.candidates, &generated.verdicts, &asking.quotas);
        observer(RoundEvent::ChecksFinished);
        generated.count();
        observer(RoundEvent::Rows(generated.counts()));
        // A provider inside the process decides from the rows alone: if it has nothing new now, the next round brings nothing either.
        let has_no_more = generated.candidates.len() == n_before && !asking.model.is_remote;
        if has_no_more || generated.is_partial() {
            break;
        }
    }
    let mut generated = run.generated;
    generated.count();
    assert!(generated.rows.balances(), "every planned row has one final state: {:?}", generated.rows);
    Ok(generated)
}

/// All rounds of a run: what they gave so far, and what they learnt for the rounds to come.
pub(super) struct Run<'a> {
    pub(super) asking: &'a Asking,
    pub(super) train: TrainView<'a>,
    requests: Requests<'a>,
    pub(super) observer: &'a dyn Fn(RoundEvent),
    pub(super) generated: Generated,
    /// Rows that are no source any more: their texts were given up although they were asked for alone.
    pub(super) without: HashSet<RowId>,
    /// What the first requests brought.
    pub(super) tally: Tally,
    pub(super) learnt: Learnt,
}

/// A request, and what it was made of.
pub(super) struct Asked<'a> {
    pub(super) piece: &'a Piece,
    pub(super) request: &'a Request,
    pub(super) key: &'a RequestKey,
    /// Times the usual limit that its answer had.
    pub(super) room: u32,
}

/// What holds for one round.
pub(super) struct Round {
    number: u32,
    /// How many requests each label may still ask again in this round.
    pub(super) allowance: HashMap<LabelId, usize>,
    /// What each label's prompts say about texts that were rejected in the rounds before.
    advice: HashMap<LabelId, Vec<String>>,
}

impl Run<'_> {
    /// What a round begins with, label by label in plan order.
    fn pieces(&self, round: u32) -> Vec<Piece> {
        let mut pieces = Vec::new();
        for (quota, had) in self.asking.quotas.iter().zip(&self.generated.selection.labels) {
            if had.shortfall == 0 {
                continue;
            }
            let wanted = if round == 0 {
                quota.wanted
            } else {
                let refill = refill(had.shortfall, had.n_candidates, had.n_rejected);
                // The worst case that a plan promises counts on no round being larger than the first.
                if self.asking.model.is_remote { refill.min(quota.wanted) } else { refill }
            };
            pieces.extend(self.requests.pieces(quota, wanted, round, &self.without));
        }
        pieces
    }

    /// Asks a round's pieces, and again what their answers leave out, as often as a round may.
    fn round<A: Asker>(&mut self, number: u32, mut open: Vec<Piece>, asker: &mut A) -> Result<(), A::Error> {
        let mut n_of_label: HashMap<LabelId, usize> = HashMap::new();
        open.iter().for_each(|p| *n_of_label.entry(p.job.label).or_default() += 1);
        let advice = n_of_label.keys().map(|label| (*label, self.advice(*label))).collect();
        let allowance = n_of_label.into_iter().map(|(label, n)| (label, most_again(n))).collect();
        let mut round = Round { number, allowance, advice };
        if number == 0 && self.asking.model.is_remote {
            open = self.begin(&mut round, open, asker)?;
            if self.generated.halt.is_some() {
                return Ok(());
            }
            if self.asking.avoid_patterns {
                round.advice = open.iter().map(|piece| (piece.job.label, self.advice(piece.job.label))).collect();
            }
        }
        while !open.is_empty() {
            open = self.step(&mut round, &open, asker)?;
        }
        Ok(())
    }

    /// Asks the first pieces of a run, a few at a time until texts come: a prompt that the model declines or answers uselessly is found out
    /// after a few requests, not after thousands were paid. Gives what is to be asked after them.
    fn begin<A: Asker>(&mut self, round: &mut Round, open: Vec<Piece>, asker: &mut A) -> Result<Vec<Piece>, A::Error> {
        let mut open = VecDeque::from(open);
        let mut size = PROBES;
        while !open.is_empty() && self.tally.n_requests < FIRST_REQUESTS {
            let step: Vec<Piece> = open.drain(..size.min(open.len())).collect();
            // Behind those that were never asked, which tell more.
            open.extend(self.step(round, &step, asker)?);
            let n = self.tally.n_requests;
            let bound = if self.tally.has_texts() { FIRST_REQUESTS } else { FRUITLESS };
            if n >= bound || self.tally.has_texts() {
                self.generated.halt = self.tally.judge(self.asking.model.is_here);
            }
            if self.generated.halt.is_some() {
                // What was never asked is planned all the same; what would be asked again is planned already.
                let never = open.iter().filter(|p| p.fault.is_none()).map(|p| p.job.wanted).sum::<usize>();
                self.generated.rows.planned += never;
                self.generated.rows.cancelled += open.iter().map(|p| p.job.wanted).sum::<usize>();
                return Ok(Vec::new());
            }
            size = bound.saturating_sub(n).max(1);
        }
        Ok(open.into())
    }

    /// The pieces, cut until each fits the model's window as far as it is known.
    fn fitting(&self, round: &Round, pieces: &[Piece]) -> Result<Vec<(Piece, Request)>, PromptError> {
        let mut fitting = Vec::with_capacity(pieces.len());
        for piece in pieces {
            let mut open = vec![piece.clone()];
            while let Some(piece) = open.pop() {
                let mut advice = round.advice.get(&piece.job.label).cloned().unwrap_or_default();
                advice.extend(piece.fault.and_then(Fault::advice).map(str::to_owned));
                let request = self.requests.request(&piece, round.number, &advice, &self.learnt)?;
                match piece.halves(self.asking.generator.is_paired()) {
                    Some([first, second]) if !self.learnt.fits(&request) => open.extend([second, first]),
                    _ => fitting.push((piece, request)),
                }
            }
        }
        Ok(fitting)
    }

    /// Asks pieces and reads their answers; gives what is to be asked again.
    ///
    /// Answers are taken in when all have come, in the order of the pieces. In the order of arrival they would give other candidates
    /// on a fast day than on a slow one.
    fn step<A: Asker>(&mut self, round: &mut Round, pieces: &[Piece], asker: &mut A) -> Result<Vec<Piece>, A::Error> {
        let (pieces, requests): (Vec<Piece>, Vec<Request>) = self.fitting(round, pieces)?.into_iter().unzip();
        let room = self.learnt.room();
        let taken = if self.asking.model.is_remote { Taken::new() } else { self.taken() };
        let counts = self.generated.counts();
        let selection = &self.generated.selection;
        let ends = asker.ask(&Step { requests: &requests, taken: &taken, counts: &counts, selection })?;
        assert_eq!(ends.len(), requests.len(), "an asker ends every request");
        let mut again = Vec::new();
        for ((piece, request), (key, end)) in pieces.iter().zip(&requests).zip(&ends) {
            again.extend(self.take_in(round, &Asked { piece, request, key, room }, end));
        }
        self.generated.n_requests += requests.len();
        (self.observer)(RoundEvent::Rows(self.generated.counts()));
        Ok(again)
    }

    /// The texts that each label has already.
    fn taken(&self) -> Taken {
        let mut taken = Taken::new();
        for candidate in &self.generated.candidates {
            if let Some(label) = self.train.labels().id(&candidate.label) {
                taken.entry(label).or_default().push(candidate.text.clone());
            }
        }
        taken
    }

    /// What the label's prompts say about texts that were rejected.
    fn advice(&self, label: LabelId) -> Vec<String> {
        let Generated { candidates, verdicts, selection, .. } = &self.generated;
        let name = self.train.labels().name(label);
        let Some(had) = selection.labels.iter().find(|l| l.label == name) else { return Vec::new() };
        // Where a text was rejected because there is one like it, other words are what helps.
        let is_near = |v: &&Verdict| v.outcome == Outcome::Reject && v.facts().is_some_and(|reason| reason.repeats);
        let near: HashSet<&str> = verdicts.iter().filter(is_near).map(|v| v.candidate.as_str()).collect();
        let of_label = || candidates.iter().filter(|c| c.label == name);
        let texts: Vec<&str> = of_label().map(|c| c.text.as_str()).collect();
        let near: Vec<&str> = of_label().filter(|c| near.contains(c.id.as_str())).map(|c| c.text.as_str()).collect();
        let real: Vec<&str> = self.train.rows().filter(|r| r.label == label).map(|r| r.text).collect();
        let mut advice = select::advice(&had.rejected_by, &near, &texts, &real);
        advice.extend(self.asking.avoid_patterns.then(|| self.habits(label)).flatten());
        advice
    }

    /// What the label's prompts say about habits that give its texts away; `None` where nothing does.
    fn habits(&self, label: LabelId) -> Option<String> {
        let name = self.train.labels().name(label);
        let own = self.generated.candidates.iter().filter(|c| c.label == name && c.fault.is_none());
        let synthetic = own.map(|c| Traced { text: &c.text, source: c.sources.rows().first().map(|row| row.0) });
        let real =
            self.train.rows().filter(|r| r.label == label).map(|r| Traced { text: r.text, source: Some(r.id.0) });
        let [synthetic, real] = [synthetic.collect::<Vec<_>>(), real.collect()].map(|texts| Families::new(&texts));
        let frequent = Frequent::of(self.train.rows().map(|r| r.text));
        avoid(&give_aways(&synthetic, &real, &frequent), &synthetic, &frequent)
    }
}

/// How many texts to ask for so that `short` good ones may come, by the share that passed so far, at most three times as many. The
/// bound keeps a label that nothing passes from costing more with every round.
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
