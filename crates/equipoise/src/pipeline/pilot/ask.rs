//! Asking the requests of several prompts and models in turn, out of one journal and one budget.

use crate::Error;
use crate::journal::Journal;
use crate::pipeline::answers::lane;
use crate::pipeline::family::Family;
use crate::rundir::RunDir;
use crate::schedule::{EndReason, Engine, EngineEvent, Recorded, RequestOutcome};
use crate::{Setup, Work};
use equipoise_core::generator::RequestKey;
use equipoise_core::pilot::End;
use equipoise_core::provider::Request;
use equipoise_core::round::Asking;
use std::path::Path;

/// Requests that one model is asked before the next has its turn, where there are several.
const TURN: usize = 8;

/// Everything that is asked, whoever is asked.
pub(super) struct Conversation<'a> {
    setups: &'a [Setup],
    journal: Journal,
    work: &'a Work<'a>,
    /// Runs and pilots whose answers are taken over, for each setup.
    families: Vec<Option<Family>>,
}

/// Hears what happens, with how many requests there are in all.
pub(super) type OnEvent<'f> = &'f dyn Fn(u64, EngineEvent);

impl<'a> Conversation<'a> {
    pub(super) fn open(
        setups: &'a [Setup],
        (dir, earlier): (&RunDir, Option<&Path>),
        journal: Journal,
        work: &'a Work<'a>,
    ) -> Result<Self, Error> {
        let family = |setup: &Setup| Family::open(earlier, dir.path(), &setup.model);
        let families = setups.iter().map(family).collect::<Result<Vec<_>, _>>()?;
        for family in families.iter().flatten() {
            family.ways()?.iter().try_for_each(|way| journal.way(way))?;
        }
        Ok(Conversation { setups, journal, work, families })
    }

    /// Asks `turns`, each with the position of its setup. Gives why not everything was asked; `None` where it was.
    pub(super) fn ask(
        &mut self,
        turns: &[(usize, &Request)],
        on_event: OnEvent<'_>,
    ) -> Result<Option<EndReason>, Error> {
        let total = turns.len() as u64;
        for (at, family) in self.families.iter_mut().enumerate() {
            if let Some(family) = family {
                let own: Vec<Request> = of(turns, at).cloned().collect();
                family.reuse(&own, &self.journal, &|_, _| true)?;
            }
        }
        let size = if self.setups.len() == 1 { turns.len().max(1) } else { TURN * self.setups.len() };
        let mut n_before = 0;
        for turns in turns.chunks(size) {
            for (at, setup) in self.setups.iter().enumerate() {
                let requests: Vec<Request> = of(turns, at).cloned().collect();
                if requests.is_empty() {
                    continue;
                }
                let n_asked = requests.len() as u64;
                // An engine of its own for each turn: what the others spent counts against its budget too.
                let (lane, limits) = (lane(&setup.model)?, setup.limits.clone());
                let mut engine = Engine::open(self.journal.clone(), lane, limits, self.work.stop.clone())?;
                let end = engine.run_blocking(requests, |event| {
                    on_event(
                        total,
                        match event {
                            EngineEvent::Progress(mut progress) => {
                                progress.n_reused += n_before;
                                EngineEvent::Progress(progress)
                            }
                            event => event,
                        },
                    );
                })?;
                n_before += n_asked;
                if end.reason != EndReason::Done {
                    return Ok(Some(end.reason));
                }
            }
        }
        Ok(None)
    }

    /// How `requests` ended.
    pub(super) fn ends(&self, setup: usize, requests: &[Request], asking: &Asking) -> Result<Vec<End>, Error> {
        let lane = lane(&self.setups[setup].model)?;
        let recorded = Recorded::new(self.journal.clone(), lane.wire.clone(), lane.way(), &lane.before)?;
        let end = |(request, outcome): (&Request, Option<(RequestKey, RequestOutcome)>)| match outcome {
            Some((key, RequestOutcome::Answered(answer))) => {
                let read = asking.read(&request.job, &answer);
                End::Answered { key, read, usage: answer.usage }
            }
            Some((_, RequestOutcome::Failed(_))) => End::Failed,
            None => End::Open,
        };
        Ok(requests.iter().zip(recorded.outcomes_of(requests)?).map(end).collect())
    }

    /// Where answers were taken over from, in words.
    pub(super) fn told(&self) -> Vec<String> {
        self.families.iter().flatten().flat_map(Family::told).collect()
    }
}

/// The requests of one setup.
fn of<'r>(turns: &[(usize, &'r Request)], setup: usize) -> impl Iterator<Item = &'r Request> {
    turns.iter().filter(move |(of, _)| *of == setup).map(|(_, request)| *request)
}
