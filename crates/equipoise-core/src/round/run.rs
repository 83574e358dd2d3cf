//! The rounds themselves: what each asks, in which order, and when they end.

use super::asking::Begin;
use super::halt::{FIRST_REQUESTS, FRUITLESS, PROBES, Tally};
use super::intake::Asked;
use super::learnt::Learnt;
use super::{Asker, Asking, Generated, Intake, Requests, RoundEvent, Step, Taken};
use crate::attribute::TextAttributes;
use crate::check::{CheckOutcome, Judging, Panel, Verdict};
use crate::data::{LabelId, RowId, TrainView};
use crate::generator::{Fault, Piece};
use crate::plan::most_again;
use crate::prompt::PromptError;
use crate::provider::Request;
use crate::rng::Seed;
use crate::select::Selecting;
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

/// Runs all rounds; `observer` hears what happens, on the thread on which answers are looked at.
///
/// # Errors
/// Those of the asker, and a template that cannot be filled in.
pub fn run<A: Asker>(
    inputs: &RoundInputs<'_>,
    asker: &mut A,
    observer: &(dyn Fn(RoundEvent) + Sync),
) -> Result<Generated, A::Error> {
    let mut run = Run::new(inputs, observer);
    for round in 0..=inputs.asking.rounds {
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
        if run.generated.halt.is_none() {
            run.hear(asker)?;
        }
        run.conclude();
        // A provider inside the process decides from the rows alone: if it has nothing new now, the next round brings nothing either.
        let has_no_more = run.generated.candidates.len() == n_before && !inputs.asking.model.is_remote;
        if has_no_more || run.generated.is_partial() || (round < inputs.asking.rounds && run.is_fruitless()) {
            break;
        }
    }
    let generated = run.generated;
    assert!(generated.rows.balances(), "every planned row has one final state: {:?}", generated.rows);
    Ok(generated)
}

/// Texts of which none may be kept by chance; where fewer are wanted, as many as that, and three in any case.
const FEW: usize = 10;
const FEWEST: usize = 3;

/// All rounds of a run: what they gave so far, and what they learnt for the rounds to come.
pub(super) struct Run<'a> {
    pub(super) asking: &'a Asking,
    pub(super) train: TrainView<'a>,
    requests: Requests<'a>,
    pub(super) observer: &'a (dyn Fn(RoundEvent) + Sync),
    pub(super) generated: Generated,
    /// The first of the candidates that the checks have not seen.
    pub(super) n_judged: usize,
    /// The first of the candidates of this round.
    pub(super) n_concluded: usize,
    /// What the checks say of single texts.
    pub(super) verdicts: Vec<Verdict>,
    pub(super) panel: &'a Panel<'a>,
    pub(super) judging: Judging<'a>,
    /// The selection by what is known so far, for whoever watches.
    pub(super) selecting: Selecting,
    /// Rows that are no source any more: their texts were given up although they were asked for alone.
    pub(super) without: HashSet<RowId>,
    /// What the first requests brought.
    pub(super) tally: Tally,
    pub(super) learnt: Learnt,
    /// Whether the last round showed that texts are to be asked for in another form, which may bring better ones.
    pub(super) has_turned: bool,
}

/// What holds for one round.
pub(super) struct Round {
    number: u32,
    /// How many requests each label may still ask again in this round.
    pub(super) allowance: HashMap<LabelId, usize>,
    /// What each label's prompts say about texts that were rejected in the rounds before.
    advice: HashMap<LabelId, Vec<String>>,
}

impl<'a> Run<'a> {
    fn new(inputs: &RoundInputs<'a>, observer: &'a (dyn Fn(RoundEvent) + Sync)) -> Self {
        let RoundInputs { asking, train, panel, seed } = *inputs;
        let judging = panel.begin();
        Run {
            asking,
            train,
            requests: asking.requests(train, seed),
            observer,
            generated: Generated { checks: judging.conclude(&[]).1, ..Generated::none(&asking.quotas) },
            n_judged: 0,
            n_concluded: 0,
            verdicts: Vec::new(),
            panel,
            judging,
            selecting: Selecting::new(&asking.quotas),
            without: HashSet::new(),
            tally: Tally::default(),
            learnt: Learnt::new(asking.model.window),
            has_turned: false,
        }
    }

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
            let begin = Begin { round, without: &self.without, have: self.kept_attributes(&quota.label) };
            pieces.extend(self.requests.pieces(quota, wanted, &begin));
        }
        pieces
    }

    /// Whether the checks kept none of the texts that a model wrote: it would be paid for more of them.
    fn is_fruitless(&mut self) -> bool {
        let n = self.generated.candidates.len();
        let is_fruitless = self.asking.model.is_remote
            && !self.asking.model.is_here
            && (n >= FEW || (n >= self.n_wanted().clamp(FEWEST, FEW) && !self.has_turned))
            && self.generated.selection.kept.is_empty();
        if is_fruitless {
            self.generated.remarks.insert(format!("the checks kept none of {n} texts, so that no more were asked for"));
        }
        is_fruitless
    }

    fn n_wanted(&self) -> usize {
        self.asking.quotas.iter().map(|quota| quota.wanted).sum()
    }

    /// Whether the checks rejected every text so far, and none of them for repeating another text: that shows nothing wrong with the model, and
    /// another way of asking is tried then. A model on this machine costs nothing, so that it is given more requests.
    fn is_useless(&self) -> bool {
        let Generated { candidates, .. } = &self.generated;
        let is_bad =
            |v: &&Verdict| v.outcome == CheckOutcome::Reject && v.facts().is_some_and(|reason| !reason.repeats);
        let bad: HashSet<&str> = self.verdicts.iter().filter(is_bad).map(|v| v.candidate.as_str()).collect();
        !self.asking.model.is_here && bad.len() >= candidates.len()
    }

    /// The attributes of the texts of `label` that are kept so far.
    fn kept_attributes(&self, label: &str) -> Vec<&TextAttributes> {
        if !self.asking.attributes.contains_key(label) {
            return Vec::new();
        }
        let kept: HashSet<&str> = self.generated.selection.kept.iter().map(String::as_str).collect();
        let own = self.generated.candidates.iter().filter(|c| c.label == label && kept.contains(c.id.as_str()));
        own.map(|candidate| &candidate.attributes).collect()
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
            let again = self.step(round, &step, asker)?;
            // While nothing comes, what was declined as a whole is looked into first: a few rows can be what a filter objects to. Else what
            // was never asked tells more.
            let is_useless = self.is_useless();
            let has_texts = self.tally.has_texts() && !is_useless;
            let is_first = |piece: &Piece| is_declined(piece) && !piece.was_refused_alone() && !has_texts;
            let (first, behind): (Vec<Piece>, Vec<Piece>) = again.into_iter().partition(is_first);
            first.into_iter().rev().for_each(|piece| open.push_front(piece));
            open.extend(behind);
            if !self.tally.has_texts() {
                self.reconsider();
            }
            let n = self.tally.n_requests;
            let bound = if has_texts { FIRST_REQUESTS } else { FRUITLESS };
            if n >= bound || has_texts {
                let several = open.iter().filter(|piece| piece.job.wanted > 1 && is_declined(piece));
                let n_open = several.map(|piece| piece.job.wanted).sum();
                self.generated.halt = self.tally.judge(self.asking.model.is_here, n_open, is_useless);
            }
            if let Some(halt) = &mut self.generated.halt {
                // What was never asked is planned all the same; what would be asked again is planned already.
                let never = open.iter().filter(|p| p.fault.is_none()).map(|p| p.job.wanted).sum::<usize>();
                self.generated.rows.planned += never;
                if halt.n_texts == 0 {
                    halt.wanted = self.generated.rows.planned;
                }
                self.generated.rows.cancelled += open.iter().map(|p| p.job.wanted).sum::<usize>();
                return Ok(Vec::new());
            }
            size = bound.saturating_sub(n).max(1);
        }
        Ok(open.into())
    }

    /// Looks at the form of the answers so far.
    pub(super) fn reconsider(&mut self) {
        if self.learnt.reconsider() {
            (self.observer)(RoundEvent::Lines);
        }
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

    /// Asks pieces and takes in their answers; gives what is to be asked again.
    fn step<A: Asker>(&mut self, round: &mut Round, pieces: &[Piece], asker: &mut A) -> Result<Vec<Piece>, A::Error> {
        let (pieces, requests): (Vec<Piece>, Vec<Request>) = self.fitting(round, pieces)?.into_iter().unzip();
        let thoughts = self.learnt.thoughts();
        let taken = if self.asking.model.is_remote { Taken::new() } else { self.taken() };
        self.generated.n_requests += requests.len();
        let mut intake = Intake::new(self, round, Asked { pieces: &pieces, requests: &requests, thoughts });
        asker.ask(&Step { requests: &requests, taken: &taken }, &mut intake)?;
        Ok(intake.finish())
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
}

/// How many texts to ask for so that `short` good ones may come, by the share that passed so far, at most three times as many. The
/// bound keeps a label that nothing passes from costing more with every round.
fn refill(short: usize, n_candidates: usize, n_rejected: usize) -> usize {
    let passed = n_candidates.saturating_sub(n_rejected) as f64 / n_candidates.max(1) as f64;
    (short as f64 / passed.max(1.0 / 3.0)).ceil() as usize
}

/// Whether the texts of a piece were declined, by the model, a filter or the provider.
fn is_declined(piece: &Piece) -> bool {
    matches!(piece.fault, Some(Fault::Refused | Fault::Rejected))
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
