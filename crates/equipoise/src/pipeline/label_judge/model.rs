//! A model that judges: its requests, in the journal and the budget of whoever asks.

use super::{JudgePlan, JudgeSpent, Question, Replies};
use crate::Error;
use crate::Work;
use crate::event::{Event, Phase};
use crate::journal::{Cost, Journal};
use crate::pipeline::answers::{check_end, lane, tell};
use crate::pipeline::family::Family;
use crate::schedule::{Engine, EngineEvent, Lane, Limits, Recorded, RequestOutcome};
use crate::setup::{Model, Reach};
use equipoise_core::generator::RequestKey;
use equipoise_core::probation::Said;
use equipoise_core::provider::{Answer, Request, Usage};
use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A model that is asked, or was.
pub(super) struct Asked<'a> {
    plan: &'a JudgePlan,
    model: &'a Arc<Model>,
    journal: Journal,
    source: Source<'a>,
    /// What each answer read and wrote.
    usages: BTreeMap<RequestKey, Option<Usage>>,
}

/// Where answers come from.
enum Source<'a> {
    Live { lane: Box<Lane>, limits: &'a Limits, family: Option<Family>, dir: PathBuf, work: &'a Work<'a> },
    Recorded(Recorded),
}

impl<'a> Asked<'a> {
    pub(super) fn live(
        (plan, model, limits): (&'a JudgePlan, &'a Arc<Model>, &'a Limits),
        (dir, earlier): (&Path, Option<&Path>),
        journal: Journal,
        work: &'a Work<'a>,
    ) -> Result<Self, Error> {
        let family = Family::open(earlier, dir, model)?;
        if let Some(family) = &family {
            family.ways()?.iter().try_for_each(|way| journal.way(way))?;
        }
        let lane = Box::new(lane(model)?);
        let source = Source::Live { lane, limits, family, dir: dir.to_owned(), work };
        Ok(Asked { plan, model, journal, source, usages: BTreeMap::new() })
    }

    pub(super) fn recorded(plan: &'a JudgePlan, model: &'a Arc<Model>, journal: Journal) -> Result<Self, Error> {
        let Reach::Http(remote) = &model.reach else { unreachable!("a setup refuses a judge inside the process") };
        let way = model.way().unwrap_or_default();
        let recorded = Recorded::new(journal.clone(), remote.wire.clone(), way, &remote.before)?;
        Ok(Asked { plan, model, journal, source: Source::Recorded(recorded), usages: BTreeMap::new() })
    }

    /// Asks about each text once, whatever it claims.
    pub(super) fn ask(&mut self, questions: &[Question<'_>]) -> Result<Replies, Error> {
        let (mut place, mut texts) = (HashMap::new(), Vec::new());
        for question in questions {
            place.entry(question.text).or_insert_with(|| {
                texts.push(self.plan.mask.as_ref().map_or_else(|| question.text.to_owned(), |m| m.hide(question.text)));
                texts.len() - 1
            });
        }
        let shown: Vec<&str> = texts.iter().map(String::as_str).collect();
        let (of, requests): (Vec<Vec<usize>>, Vec<Request>) = self.plan.questions.requests(&shown).into_iter().unzip();
        let outcomes = self.outcomes(&requests)?;
        let mut said: Vec<Option<Said>> = vec![None; texts.len()];
        let mut n_open = 0;
        for (positions, outcome) in of.iter().zip(outcomes) {
            match outcome {
                Some((key, RequestOutcome::Answered(answer))) => {
                    self.read(positions, &answer, &mut said);
                    self.usages.insert(key, answer.usage);
                }
                // Without an answer for good: no judgement.
                Some((_, RequestOutcome::Failed(_))) => {}
                None => n_open += positions.len(),
            }
        }
        Ok(Replies { said: questions.iter().map(|question| said[place[question.text]]).collect(), n_open })
    }

    fn read(&self, positions: &[usize], answer: &Answer, said: &mut [Option<Said>]) {
        for (at, opinion) in positions.iter().zip(self.plan.questions.read(positions.len(), answer)) {
            said[*at] = opinion.map(|opinion| Said { opinion, score: None });
        }
    }

    fn outcomes(&mut self, requests: &[Request]) -> Result<Vec<Option<(RequestKey, RequestOutcome)>>, Error> {
        let (lane, limits, family, dir, work) = match &mut self.source {
            Source::Recorded(recorded) => return Ok(recorded.outcomes_of(requests)?),
            Source::Live { lane, limits, family, dir, work } => (lane, limits, family, dir, work),
        };
        if let Some(family) = family {
            family.reuse(requests, &self.journal, &|_, _| true)?;
        }
        // An engine of its own for each occasion: what writing has cost meanwhile counts against its budget too.
        let mut engine = Engine::open(self.journal.clone(), (**lane).clone(), limits.clone(), work.stop.clone())?;
        let total = requests.len() as u64;
        work.tell(Event::Started(Phase::Judge));
        let end = engine.run_blocking(requests.iter().cloned(), |event| match event {
            // The journal has the answers of the model that writes as well.
            EngineEvent::ModelChanged { .. } => {}
            EngineEvent::Progress(p) => {
                let done = p.n_answered + p.n_reused + p.n_failed;
                let what = format!("{} requests to the label judge", total);
                work.tell(Event::Advanced { phase: Phase::Judge, done, total, what });
            }
            event => tell(work.sink(), total, None, event),
        })?;
        work.tell(Event::Finished(Phase::Judge));
        if end.reason != crate::schedule::EndReason::Done {
            work.note(format!(
                "the label judge `{}` was being asked: {} of {total} requests are open",
                self.model.shown(),
                end.n_cancelled
            ));
        }
        check_end(end, dir, None)?;
        Ok(engine.outcomes_of(requests)?)
    }

    pub(super) fn spent(&self) -> JudgeSpent {
        let usages = || self.usages.values().flatten();
        let price = self.model.price;
        JudgeSpent {
            n_answered: self.usages.len(),
            input_tokens: usages().map(|u| u.input_tokens).sum(),
            output_tokens: usages().map(|u| u.output_tokens).sum(),
            usd: price.map(|price| usages().map(|usage| Cost::of(*usage, price)).sum::<Cost>().usd()),
            ..JudgeSpent::default()
        }
    }

    pub(super) fn reused(&self) -> Vec<String> {
        match &self.source {
            Source::Live { family: Some(family), .. } => {
                family.told().into_iter().map(|told| format!("label judge: {told}")).collect()
            }
            Source::Live { .. } | Source::Recorded(_) => Vec::new(),
        }
    }
}
