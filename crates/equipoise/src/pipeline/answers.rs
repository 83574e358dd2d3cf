//! Answers: who gives the outcomes of a round's requests — the endpoint, the process itself, or the journal alone.

use crate::artefacts::to_json;
use crate::error::{PlanError, SetupError, Stopped};
use crate::event::{Event, Phase, RequestCounts, Sink};
use crate::journal::{Closing, Journal, Opening, Unknown};
use crate::pipeline::Planned;
use crate::pipeline::batch::{self, tell_batch};
use crate::pipeline::family::Family;
use crate::pipeline::live::{Arrived, OnArrived};
use crate::pipeline::spent::{Spent, UnknownRequest};
use crate::rundir::RunDir;
use crate::schedule::{
    Batches, EndReason, Engine, EngineEvent, Lane, Outcome, PauseReason, Recorded, RunEnd, other_address,
};
use crate::setup::{Model, Reach};
use crate::{Error, Material, Setup, Work};
use equipoise_core::data::{LabelId, Labels};
use equipoise_core::generator::RequestKey;
use equipoise_core::offline::Writer;
use equipoise_core::provider::{Answer, FailureKind, Finish, Request, local_key, offline_answer};
use equipoise_core::rng::Seed;
use equipoise_core::round::{Asker, RequestEnd, Step, Taken};
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The answers of a run: as they come, or out of the journal.
pub(crate) struct Answers<'a> {
    journal: Journal,
    source: Source<'a>,
    sink: &'a Sink<'a>,
    served: BTreeSet<String>,
    labels: &'a Labels,
    /// The label of each request of unknown fate that this run asks for.
    unknown: BTreeMap<RequestKey, LabelId>,
    price_known: bool,
    /// USD that the plan expects; `None` where the price is unknown.
    forecast: Option<f64>,
    dir: PathBuf,
    family: Option<Family>,
    lane: Option<Lane>,
    /// What was said of requests that were given up, so that it is told once.
    told: BTreeSet<String>,
}

/// Where answers come from.
enum Source<'a> {
    Engine(Box<Engine>),
    Batch(Box<Batches>),
    Process(Box<Process<'a>>),
    /// The journal, and nothing new.
    Recorded(Recorded),
    /// The journal of a provider inside the process.
    RecordedProcess(&'static str),
}

/// A provider inside the process that has read the training rows.
struct Process<'a> {
    provider: &'static str,
    writer: Writer<'a>,
    labels: Vec<String>,
}

impl<'a> Answers<'a> {
    /// Opens the journal for writing and the way to the model.
    pub(crate) fn live(
        setup: &Setup,
        material: &'a Material,
        planned: &'a Planned,
        (dir, earlier): (&RunDir, Option<&Path>),
        work: &'a Work<'a>,
    ) -> Result<Self, Error> {
        let journal = Journal::open(dir.path())?;
        let model = &planned.model;
        let plan = blake3::hash(to_json(&planned.plan).as_bytes()).to_hex().to_string();
        let version = env!("CARGO_PKG_VERSION").to_owned();
        journal.opened(Opening { plan, version, price: model.price, budget: setup.limits.budget })?;
        let family = earlier.map(|earlier| Family::open(earlier, dir.path(), model)).transpose()?.flatten();
        if let Some(family) = &family {
            // Answers are found by the way in which they were asked for.
            family.ways()?.iter().try_for_each(|way| journal.way(way))?;
        }
        let own = match &model.reach {
            Reach::Http(_) => Some(lane(model)?),
            Reach::Local(_) => None,
        };
        let source = match &model.reach {
            Reach::Http(_) => {
                let (lane, limits) = (lane(model)?, setup.limits.clone());
                if setup.batches {
                    Source::Batch(Box::new(batch::open(journal.clone(), lane, limits, &work.stop)?))
                } else {
                    Source::Engine(Box::new(Engine::open(journal.clone(), lane, limits, work.stop.clone())?))
                }
            }
            Reach::Local(offline) => Source::Process(Box::new(Process {
                provider: model.provider,
                writer: offline.read(material.dataset.train(), planned.donors(material)),
                labels: material.dataset.labels().names().to_vec(),
            })),
        };
        Ok(Answers { family, lane: own, ..Self::out_of(journal, source, (material, planned), dir, work.sink()) })
    }

    /// Opens the journal to read what was answered; nothing is ever asked.
    pub(crate) fn recorded(
        material: &'a Material,
        planned: &'a Planned,
        dir: &RunDir,
        sink: &'a Sink<'a>,
    ) -> Result<Self, Error> {
        let journal = Journal::open_to_read(dir.path())?;
        let model = &planned.model;
        let source = match &model.reach {
            Reach::Http(remote) => {
                let way = model.way().unwrap_or_default();
                Source::Recorded(Recorded::new(journal.clone(), remote.wire.clone(), way, &remote.before)?)
            }
            Reach::Local(_) => Source::RecordedProcess(model.provider),
        };
        Ok(Self::out_of(journal, source, (material, planned), dir, sink))
    }

    /// Before anything was asked.
    fn out_of(
        journal: Journal,
        source: Source<'a>,
        (material, planned): (&'a Material, &Planned),
        dir: &RunDir,
        sink: &'a Sink<'a>,
    ) -> Self {
        Answers {
            journal,
            source,
            sink,
            served: BTreeSet::new(),
            labels: material.dataset.labels(),
            unknown: BTreeMap::new(),
            price_known: planned.model.price.is_some(),
            forecast: planned.plan.total.usd,
            dir: dir.path().to_owned(),
            family: None,
            lane: None,
            told: BTreeSet::new(),
        }
    }

    /// How many answers were taken over from other runs, in words.
    pub(crate) fn reused(&self) -> Vec<String> {
        self.family.as_ref().map_or_else(Vec::new, Family::told)
    }

    /// What was asked and paid so far.
    pub(crate) fn spent(&self) -> Result<Spent, Error> {
        let totals = self.journal.totals()?;
        Ok(Spent {
            n_answered: totals.n_answers as usize,
            n_unknown: totals.n_unknown as usize,
            unknown: self.journal.unknown()?.into_iter().map(|u| self.unknown_request(u)).collect(),
            input_tokens: totals.input_tokens,
            output_tokens: totals.output_tokens,
            usd: self.price_known.then(|| totals.spent().usd()),
            usd_answers: self.price_known.then(|| totals.settled.usd()),
            served_models: self.served.iter().cloned().collect(),
        })
    }

    fn unknown_request(&self, unknown: Unknown) -> UnknownRequest {
        UnknownRequest {
            label: self.unknown.get(&unknown.key).map(|label| self.labels.name(*label).to_owned()),
            request: unknown.key,
            usd: unknown.reserved.map(|cost| cost.usd()),
            why: unknown.why,
        }
    }

    /// Ends the run in the journal, with why in one word.
    pub(crate) fn close(self, reason: &str) -> Result<Spent, Error> {
        let spent = self.spent()?;
        let totals = self.journal.totals()?;
        let reason = reason.to_owned();
        self.journal.closed(Closing { reason, n_answered: totals.n_answers, spent: totals.spent() })?;
        Ok(spent)
    }
}

impl Asker for Answers<'_> {
    type Error = Error;

    fn ask(&mut self, step: &Step<'_>) -> Result<Vec<(RequestKey, RequestEnd)>, Error> {
        self.ask_and_show(step, &mut |_| {})
    }
}

impl Answers<'_> {
    /// Asks every request of the step; `on_arrived` takes answers as they come, where they come one by one.
    pub(super) fn ask_and_show(
        &mut self,
        step: &Step<'_>,
        on_arrived: OnArrived<'_>,
    ) -> Result<Vec<(RequestKey, RequestEnd)>, Error> {
        let Step { requests, taken, .. } = *step;
        let (sink, forecast) = (self.sink, self.forecast);
        sink(Event::Started(Phase::Generate));
        let ended = match &mut self.source {
            Source::Engine(engine) => {
                let left: Cow<'_, [Request]> = match &mut self.family {
                    Some(family) => Cow::Owned(family.reuse(requests, &self.journal)?),
                    None => Cow::Borrowed(requests),
                };
                let told = &mut self.told;
                let total = left.len() as u64;
                let end = engine.run_blocking(left.iter().cloned(), |event| match event {
                    EngineEvent::Answered { key, job, answer } => on_arrived(Arrived { key, job, answer }),
                    // Once: the counts at the end tell how often.
                    EngineEvent::GaveUp { ref failure, .. } if !told.insert(without_numbers(&failure.message)) => {}
                    event => tell(sink, total, forecast, event),
                })?;
                if let Some(address) = self.lane.as_ref().filter(|_| is_wrong_address(&end)).and_then(other_address) {
                    let dir = self.dir.display();
                    sink(Event::Note(format!(
                        "{address} lists models; go on there with `equipoise resume {dir} --base-url {address}`"
                    )));
                }
                check_end(end, &self.dir)?;
                ends(engine.outcomes_of(requests)?)
            }
            Source::Batch(batches) => {
                let end = batches.run(requests, &mut |event| tell_batch(sink, event))?;
                check_end(end, &self.dir)?;
                ends(batches.outcomes_of(requests)?)
            }
            Source::Recorded(recorded) => {
                let mut outcomes = ends(recorded.outcomes_of(requests)?);
                // One that was dropped on its way stands in the journal by its key.
                let open = outcomes.iter_mut().zip(requests).filter(|((_, o), _)| matches!(o, RequestEnd::Cancelled));
                open.for_each(|((key, _), request)| *key = recorded.encode(request).0);
                outcomes
            }
            Source::Process(process) => process.ask(&self.journal, requests, taken, sink)?,
            Source::RecordedProcess(provider) => {
                let journal = &self.journal;
                requests.iter().map(|r| recorded_locally(journal, provider, r, taken)).collect::<Result<_, _>>()?
            }
        };
        sink(Event::Finished(Phase::Generate));
        let models = ended.iter().filter_map(|(_, outcome)| match outcome {
            RequestEnd::Answered(answer) => answer.model.clone(),
            RequestEnd::Failed(_) | RequestEnd::Cancelled => None,
        });
        self.served.extend(models);
        let unknown: BTreeSet<RequestKey> = self.journal.unknown()?.into_iter().map(|u| u.key).collect();
        let known = ended.iter().zip(requests).filter(|((key, _), _)| unknown.contains(key));
        self.unknown.extend(known.map(|((key, _), request)| (key.clone(), request.job.label)));
        Ok(ended)
    }
}

impl Process<'_> {
    /// Writes what the journal does not have yet.
    fn ask(
        &self,
        journal: &Journal,
        requests: &[Request],
        taken: &Taken,
        sink: &Sink<'_>,
    ) -> Result<Vec<(RequestKey, RequestEnd)>, Error> {
        let mut outcomes = Vec::with_capacity(requests.len());
        for (done, request) in requests.iter().enumerate() {
            let label = &self.labels[request.job.label.index()];
            let (done, total) = (done as u64, requests.len() as u64);
            sink(Event::Advanced { phase: Phase::Generate, done, total, what: label.clone() });
            let had = texts_of(taken, request.job.label);
            let key = local_key(self.provider, request, had);
            let text = match journal.local(&key)? {
                Some(text) => text,
                None => {
                    let text = offline_answer(&self.writer, &request.job, had, Seed::new(request.sampling.seed));
                    journal.record_local(&key, &text)?;
                    text
                }
            };
            outcomes.push((key, RequestEnd::Answered(whole(text))));
        }
        Ok(outcomes)
    }
}

/// The texts that a label has already.
fn texts_of(taken: &Taken, label: LabelId) -> &[String] {
    taken.get(&label).map_or(&[], Vec::as_slice)
}

fn recorded_locally(
    journal: &Journal,
    provider: &str,
    request: &Request,
    taken: &Taken,
) -> Result<(RequestKey, RequestEnd), Error> {
    let key = local_key(provider, request, texts_of(taken, request.job.label));
    let outcome = match journal.local(&key)? {
        Some(text) => RequestEnd::Answered(whole(text)),
        None => RequestEnd::Cancelled,
    };
    Ok((key, outcome))
}

/// The answer of a provider inside the process: never cut, never billed.
fn whole(text: String) -> Answer {
    Answer { text, finish: Finish::Stop, usage: None, model: None }
}

/// What was said without its numbers, which differ from request to request.
fn without_numbers(message: &str) -> String {
    message.chars().filter(|c| !c.is_ascii_digit()).collect()
}

/// Whether sending ended since nothing at the address speaks the protocol.
fn is_wrong_address(end: &RunEnd) -> bool {
    match &end.reason {
        EndReason::UnknownModel(_) => true,
        EndReason::Refused(failure) => failure.kind == FailureKind::Garbled,
        _ => false,
    }
}

/// The ends of requests; one without an outcome was not asked to its end.
fn ends(outcomes: Vec<Option<(RequestKey, Outcome)>>) -> Vec<(RequestKey, RequestEnd)> {
    let end = |outcome| match outcome {
        Some((key, Outcome::Answered(answer))) => (key, RequestEnd::Answered(answer)),
        Some((key, Outcome::Failed(failure))) => (key, RequestEnd::Failed(failure)),
        None => (RequestKey(String::new()), RequestEnd::Cancelled),
    };
    outcomes.into_iter().map(end).collect()
}

/// The way to a model over HTTP: reads its key.
pub(super) fn lane(model: &Model) -> Result<Lane, Error> {
    let lane = model.lane(&|name| std::env::var(name).ok()).map_err(SetupError::from)?;
    Ok(lane.ok_or_else(|| PlanError::Offline { model: model.shown() })?)
}

/// A run that did not come to its end says why.
pub(super) fn check_end(end: RunEnd, dir: &Path) -> Result<(), Error> {
    match end.reason {
        EndReason::Done => Ok(()),
        reason => Err(Stopped::Ended { reason, n_left: end.n_cancelled, dir: dir.to_owned() }.into()),
    }
}

/// The engine's events in the words of the pipeline; `total` requests are asked, and the run is expected to cost `forecast`.
pub(super) fn tell(sink: &Sink<'_>, total: u64, forecast: Option<f64>, event: EngineEvent) {
    match event {
        EngineEvent::Progress(p) => sink(Event::Requests(RequestCounts {
            done: p.n_answered + p.n_reused + p.n_failed,
            total,
            in_flight: p.in_flight,
            retried: p.n_retried,
            failed: p.n_failed,
            reused: p.n_reused,
            input_tokens: p.input_tokens,
            output_tokens: p.output_tokens,
            usd: forecast.map(|_| p.spent.usd()),
            usd_forecast: forecast,
        })),
        EngineEvent::Answered { .. } => {}
        EngineEvent::Paused { wait, reason } => {
            let reason = match reason {
                PauseReason::RateLimit => "the provider limits the rate",
                PauseReason::Outage => "the provider fails or is not reached",
            };
            sink(Event::Waiting { wait, reason: reason.to_owned() });
        }
        EngineEvent::GaveUp { failure, .. } => {
            sink(Event::Note(format!("a request was given up: {}", failure.message)))
        }
        EngineEvent::WayChanged(change) => sink(Event::Note(change.to_string())),
        EngineEvent::ModelChanged { before, now } => {
            sink(Event::Note(format!("the endpoint answered as `{before}` and now answers as `{now}`")));
        }
    }
}
