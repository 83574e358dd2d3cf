//! Answers: who gives the outcomes of a round's requests — the endpoint, the process itself, or the journal alone.

mod batch;
mod live;
mod process;
mod tell;

pub(crate) use process::InProcess;
pub(crate) use tell::tell;

use crate::artefacts::to_json;
use crate::error::{Instead, PlanError, SetupError, Stopped};
use crate::event::{Event, Phase};
use crate::journal::{Closing, Journal, Opening, Unknown};
use crate::pipeline::Planned;
use crate::pipeline::family::Family;
use crate::pipeline::label_judge::Judging;
use crate::pipeline::spent::{Spent, UnknownRequest};
use crate::rundir::RunDir;
use crate::schedule::{
    Batches, EndReason, Engine, EngineEvent, Lane, Limits, Recorded, RequestOutcome, RunEnd, listed_models,
    other_address,
};
use crate::setup::{Model, Reach};
use crate::transport::Unreached;
use crate::{Error, Material, Setup, Work};
use batch::tell_batch;
use equipoise_core::catalog::nearest;
use equipoise_core::data::{LabelId, Labels};
use equipoise_core::generator::{Candidate, RequestKey};
use equipoise_core::probation::Judgements;
use equipoise_core::provider::{Answer, FailureKind, Request, shown_model};
use equipoise_core::round::{Asker, Asking, Intake, RequestEnd, Step};
use process::{Process, Shelf};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// Requests whose stored answers are handed in at a time, so that memory stays bounded and the counts move.
const AT_ONCE: usize = 1024;

/// The answers of a run: as they come, or out of the journal.
pub(crate) struct Answers<'a> {
    journal: Journal,
    source: Source<'a>,
    work: &'a Work<'a>,
    served: BTreeSet<String>,
    labels: &'a Labels,
    asking: &'a Asking,
    /// The label of each request of unknown fate that this run asks for.
    unknown: BTreeMap<RequestKey, LabelId>,
    price_known: bool,
    /// USD that the plan expects; `None` where the price is unknown.
    forecast: Option<f64>,
    dir: PathBuf,
    /// Whether the journal had answers when it was opened.
    is_resumed: bool,
    family: Option<Family>,
    lane: Option<Lane>,
    /// The judge of labels.
    judge: Option<Judging<'a>>,
    /// Where answers are asked for again, and how, since what the judge has cost counts against the budget too.
    limits: Limits,
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

impl<'a> Answers<'a> {
    /// Opens the journal for writing and the way to the model.
    pub(crate) fn live(
        setup: &'a Setup,
        material: &'a Material,
        planned: &'a Planned,
        (dir, earlier): (&RunDir, Option<&Path>),
        work: &'a Work<'a>,
    ) -> Result<Self, Error> {
        let journal = Journal::open(dir.path())?;
        let is_resumed = journal.totals()?.n_answers > 0;
        let model = &planned.model;
        let plan = blake3::hash(to_json(&planned.plan).as_bytes()).to_hex().to_string();
        let version = env!("CARGO_PKG_VERSION").to_owned();
        journal.opened(Opening { plan, version, price: model.price, budget: setup.limits.budget })?;
        let family = Family::open(earlier, dir.path(), model)?;
        if let Some(family) = &family {
            // Answers are found by the way in which they were asked for.
            family.ways()?.iter().try_for_each(|way| journal.way(way))?;
        }
        let own = match &model.reach {
            Reach::Http(_) => Some(lane(model)?),
            Reach::Local(_) => None,
        };
        let source = match &own {
            Some(lane) => Source::open(&journal, (lane, &setup.limits), setup.batches, work)?,
            None => Source::Process(Box::new(Process::new(material, planned).expect("a provider inside the process"))),
        };
        let (train, place) = (material.dataset.train(), (dir.path(), earlier));
        let judge = planned.judge.as_ref().map(|plan| Judging::live(plan, train, place, &journal, work)).transpose()?;
        let limits = setup.limits.clone();
        let answers = Self::out_of(journal, source, (material, planned), dir, work);
        Ok(Answers { is_resumed, family, lane: own, judge, limits, ..answers })
    }

    /// Opens the journal to read what was answered; nothing is ever asked.
    pub(crate) fn recorded(
        material: &'a Material,
        planned: &'a Planned,
        dir: &RunDir,
        work: &'a Work<'a>,
    ) -> Result<Self, Error> {
        let train = material.dataset.train();
        let journal = Journal::open_to_read(dir.path())?;
        let model = &planned.model;
        let source = match &model.reach {
            Reach::Http(remote) => {
                let way = model.way().unwrap_or_default();
                Source::Recorded(Recorded::new(journal.clone(), remote.wire.clone(), way, &remote.before)?)
            }
            Reach::Local(_) => Source::RecordedProcess(model.provider),
        };
        let judge = planned.judge.as_ref().map(|plan| Judging::recorded(plan, train, &journal)).transpose()?;
        Ok(Answers { judge, ..Self::out_of(journal, source, (material, planned), dir, work) })
    }

    /// Before anything was asked.
    fn out_of(
        journal: Journal,
        source: Source<'a>,
        (material, planned): (&'a Material, &'a Planned),
        dir: &RunDir,
        work: &'a Work<'a>,
    ) -> Self {
        Answers {
            journal,
            source,
            work,
            served: BTreeSet::new(),
            labels: material.dataset.labels(),
            asking: &planned.asking,
            unknown: BTreeMap::new(),
            price_known: planned.plan.all().usd.is_some(),
            forecast: planned.plan.all().usd,
            dir: dir.path().to_owned(),
            is_resumed: false,
            family: None,
            lane: None,
            judge: None,
            limits: Limits::default(),
            told: BTreeSet::new(),
        }
    }

    /// How many answers were taken over from other runs, in words.
    pub(crate) fn reused(&self) -> Vec<String> {
        let of_judge = self.judge.iter().flat_map(Judging::reused);
        self.family.iter().flat_map(Family::told).chain(of_judge).collect()
    }

    /// What was asked and paid so far.
    pub(crate) fn spent(&self) -> Result<Spent, Error> {
        let totals = self.journal.totals()?;
        let judge = self.judge.as_ref().map(Judging::spent);
        // What a command says is kept like an answer, and is no request.
        let n_said = self.judge.iter().filter(|judge| judge.is_command()).map(|judge| judge.spent().n_answered).sum();
        Ok(Spent {
            judge,
            n_answered: (totals.n_answers as usize).saturating_sub(n_said),
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

    fn ask(&mut self, step: &Step<'_>, intake: &mut Intake<'_, '_>) -> Result<(), Error> {
        let Step { requests, .. } = *step;
        self.work.tell(Event::Started(Phase::Generate));
        match &mut self.source {
            Source::Engine(_) => self.send(requests, intake)?,
            Source::Batch(batches) => {
                let end = batches.run(requests, &mut |event| tell_batch(self.work.sink(), event))?;
                check_end(end, &self.dir, None)?;
            }
            Source::Process(process) => process.ask(step, intake, &self.journal, self.work)?,
            Source::RecordedProcess(provider) => process::recorded(provider, step, intake, &self.journal)?,
            Source::Recorded(_) => {}
        }
        if let Some(recorded) = self.source.recorded() {
            // What did not arrive just now: answers of earlier sittings, what was given up, and what equals another request of the step.
            hand_in(recorded, requests, intake, &mut self.served)?;
            name_unknown(recorded, &self.journal, requests, &mut self.unknown)?;
        }
        self.work.tell(Event::Finished(Phase::Generate));
        Ok(())
    }

    fn judge(&mut self, texts: &[&Candidate]) -> Result<Option<Judgements>, Error> {
        let Some(judge) = &mut self.judge else { return Ok(None) };
        let judgements = judge.judge(texts)?;
        // Opened anew, so that it knows what was spent meanwhile.
        let is_batch = matches!(self.source, Source::Batch(_));
        if let (Some(lane), false) = (&self.lane, judge.is_command()) {
            self.source = Source::open(&self.journal, (lane, &self.limits), is_batch, self.work)?;
            self.is_resumed = true;
        }
        Ok(Some(judgements))
    }
}

impl Source<'_> {
    /// The way to a model over HTTP.
    fn open(
        journal: &Journal,
        (lane, limits): (&Lane, &Limits),
        is_batch: bool,
        work: &Work<'_>,
    ) -> Result<Self, Error> {
        let (journal, lane, limits) = (journal.clone(), lane.clone(), limits.clone());
        Ok(match is_batch {
            true => Source::Batch(Box::new(batch::open(journal, lane, limits, &work.stop)?)),
            false => Source::Engine(Box::new(Engine::open(journal, lane, limits, work.stop.clone())?)),
        })
    }

    /// The answers in the journal of a model over HTTP.
    fn recorded(&self) -> Option<&Recorded> {
        match self {
            Source::Engine(engine) => Some(engine.recorded()),
            Source::Batch(batches) => Some(batches.recorded()),
            Source::Recorded(recorded) => Some(recorded),
            Source::Process(_) | Source::RecordedProcess(_) => None,
        }
    }
}

impl Answers<'_> {
    /// Sends the requests one by one; what arrives is looked at meanwhile.
    fn send(&mut self, requests: &[Request], intake: &mut Intake<'_, '_>) -> Result<(), Error> {
        let (work, forecast, served, told) = (self.work, self.forecast, &mut self.served, &mut self.told);
        let Source::Engine(engine) = &mut self.source else { return Ok(()) };
        if let Some(family) = &mut self.family {
            let has_text =
                |request: &Request, answer: &Answer| !self.asking.read(&request.job, answer).reading.items.is_empty();
            family.reuse(requests, &self.journal, &has_text)?;
        }
        // What is answered already does not arrive any more.
        if self.is_resumed || self.family.is_some() {
            hand_in(engine.recorded(), requests, intake, served)?;
        }
        if requests.first().is_some_and(|first| engine.omits_temperature(first))
            && told.insert("temperature".to_owned())
        {
            work.note("the model takes no temperature, so that none is sent");
        }
        let total = requests.len() as u64;
        let end = live::during(intake, |on_arrived| {
            engine.run_blocking(requests.iter().cloned(), |event| match event {
                EngineEvent::Answered { at, key, answer } => {
                    name_model(served, &answer);
                    on_arrived(at, key, answer);
                }
                // Once: the counts at the end tell how often.
                EngineEvent::GaveUp { ref failure, .. } if !told.insert(without_numbers(&failure.message)) => {}
                event => tell(work.sink(), total, forecast, event),
            })
        })?;
        let wrong = self.lane.as_ref().filter(|_| is_wrong_address(&end));
        let unknown = wrong.filter(|_| matches!(end.reason, EndReason::UnknownModel(_)));
        let models = unknown.and_then(|lane| listed(lane, &requests.first()?.model));
        let instead = models.or_else(|| Some(Instead::Address(other_address(wrong?)?)));
        check_end(end, &self.dir, instead)
    }
}

/// Hands in the stored end of every request that has one and was not handed in.
fn hand_in(
    recorded: &Recorded,
    requests: &[Request],
    intake: &mut Intake<'_, '_>,
    served: &mut BTreeSet<String>,
) -> Result<(), Error> {
    let open = intake.open();
    let runs = open.chunk_by(|a, b| a + 1 == *b).flat_map(|run| run.chunks(AT_ONCE));
    for run in runs {
        let range = run[0]..run[0] + run.len();
        for (at, outcome) in range.clone().zip(recorded.outcomes_of(&requests[range])?) {
            match outcome {
                Some((key, RequestOutcome::Answered(answer))) => {
                    name_model(served, &answer);
                    intake.end(at, key, RequestEnd::Answered(answer));
                }
                Some((key, RequestOutcome::Failed(failure))) => intake.end(at, key, RequestEnd::Failed(failure)),
                None => {}
            }
        }
        intake.look();
    }
    Ok(())
}

/// Remembers the model that the server named.
fn name_model(served: &mut BTreeSet<String>, answer: &Answer) {
    if let Some(model) = answer.model.as_ref().filter(|model| !served.contains(*model)) {
        served.insert(model.clone());
    }
}

/// Finds out for which label each request of unknown fate was asked.
fn name_unknown(
    recorded: &Recorded,
    journal: &Journal,
    requests: &[Request],
    named: &mut BTreeMap<RequestKey, LabelId>,
) -> Result<(), Error> {
    let unknown: BTreeSet<RequestKey> = journal.unknown()?.into_iter().map(|u| u.key).collect();
    for request in requests.iter().filter(|_| !unknown.is_empty()) {
        let keys = recorded.keys(request).into_iter().filter(|key| unknown.contains(key));
        named.extend(keys.map(|key| (key, request.job.label)));
    }
    Ok(())
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
        EndReason::Unreached(why, _) => matches!(why, Unreached::NoTls | Unreached::NotHttp),
        _ => false,
    }
}

/// What the address of `lane` lists, unless the model called `asked` is among it.
fn listed(lane: &Lane, asked: &str) -> Option<Instead> {
    const SHOWN: usize = 8;
    let mut names = listed_models(lane);
    if names.is_empty() || names.iter().any(|listed| listed == asked) {
        return None;
    }
    let nearest = nearest(asked, names.iter().map(String::as_str)).unwrap_or(&names[0]);
    let nearest = shown_model(lane.provider, nearest);
    let n_more = names.len().saturating_sub(SHOWN);
    names.truncate(SHOWN);
    names.extend((n_more > 0).then(|| format!("{n_more} more")));
    Some(Instead::Models { names, nearest })
}

/// The way to a model over HTTP: reads its key.
pub(crate) fn lane(model: &Model) -> Result<Lane, Error> {
    let lane = model.lane(&|name| std::env::var(name).ok()).map_err(SetupError::from)?;
    Ok(lane.ok_or_else(|| PlanError::Offline { model: model.shown() })?)
}

/// A run that did not come to its end says why.
pub(super) fn check_end(end: RunEnd, dir: &Path, instead: Option<Instead>) -> Result<(), Error> {
    match end.reason {
        EndReason::Done => Ok(()),
        reason => Err(Stopped::Ended { reason, dir: dir.into(), instead: instead.map(Box::new) }.into()),
    }
}

/// A text in the journal is not written again.
impl Shelf for Journal {
    fn text(&self, key: &RequestKey) -> Result<Option<String>, Error> {
        Ok(self.local(key)?)
    }

    fn keep(&self, key: &RequestKey, text: &str) -> Result<(), Error> {
        Ok(self.record_local(key, text)?)
    }
}
