//! The broker: one process that asks a model for many clients. Limits, retries, budget and journal are its own, so that a client that is
//! lost and asks again gets the answer that was paid for.

mod account;
mod chat;
mod desk;
mod refusal;
mod working;

pub use chat::{Chat, ChatError, MAX_TOKENS};
pub use desk::Counts;
pub use refusal::Refusal;

use crate::error::{PlanError, Stopped};
use crate::journal::{Journal, Opening};
use crate::pipeline::lane;
use crate::rundir::{RUN_FILE, RunDir};
use crate::schedule::{Engine, EngineError, Queue, Recorded, RequestOutcome};
use crate::setup::Model;
use crate::{Error, Setup, Stop, Work};
use desk::{Desk, Ended};
use equipoise_core::catalog::Entry;
use equipoise_core::generator::RequestKey;
use equipoise_core::provider::{Answer, Provider, Request, find_model};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use tokio::sync::{mpsc, oneshot, watch};
use working::Working;

/// Answers requests with a model, each different one once, for any number of clients.
pub struct Broker {
    model: Arc<Model>,
    seed: u64,
    dir: RunDir,
    journal: Journal,
    recorded: Recorded,
    desk: Arc<Desk>,
    stop: Stop,
    thread: Mutex<Option<JoinHandle<Result<(), Error>>>>,
    is_over: watch::Receiver<bool>,
}

/// An answer, and where it is from.
#[derive(Debug, Clone, PartialEq)]
pub struct Answered {
    /// The key under which it is stored.
    pub key: RequestKey,
    /// The answer.
    pub answer: Answer,
    /// Whether the journal had it already, so that nothing was asked.
    pub is_known: bool,
}

impl Broker {
    /// Opens the folder `dir`, new or of a broker before, and begins to serve on a thread of its own. `work` hears what happens; its
    /// switch ends the serving in order.
    ///
    /// # Errors
    /// A model inside the process, one whose price or key is missing, and a folder that holds a run or is in use.
    pub fn open(setup: &Setup, dir: &Path, work: &Work<'static>) -> Result<Arc<Self>, Error> {
        let model = setup.model.clone();
        check(setup)?;
        let lane = lane(&model)?;
        if dir.join(RUN_FILE).exists() {
            return Err(PlanError::HoldsRun { dir: dir.to_owned() }.into());
        }
        let dir = RunDir::create(dir)?;
        let journal = Journal::open(dir.path())?;
        let opening = Opening {
            plan: "broker".to_owned(),
            version: env!("CARGO_PKG_VERSION").to_owned(),
            price: model.price,
            budget: setup.limits.budget,
        };
        journal.opened(opening)?;
        let open = {
            let (journal, limits, stop) = (journal.clone(), setup.limits.clone(), work.stop.clone());
            move || Ok(Engine::open(journal.clone(), lane.clone(), limits.clone(), stop.clone())?)
        };
        let engine: Engine = open()?;
        let recorded = engine.recorded().clone();
        let (sender, incoming) = mpsc::unbounded_channel();
        let (over, is_over) = watch::channel(false);
        let desk = Arc::new(Desk::new(model.provider, sender));
        let working = Working { desk: desk.clone(), queue: Queue::new(incoming), work: work.clone(), over };
        let thread = std::thread::Builder::new().name("broker".to_owned()).spawn(move || working.serve(engine, &open));
        let thread = Mutex::new(Some(thread.map_err(|e| no_thread(&e))?));
        let (seed, stop) = (setup.seed, work.stop.clone());
        let broker = Broker { model, seed, dir, journal, recorded, desk, stop, thread, is_over };
        broker.tell_earlier(work)?;
        Ok(Arc::new(broker))
    }

    /// The request that `chat` asks of its model.
    pub fn request(&self, chat: &Chat) -> Request {
        chat.request(&self.model.name, self.seed)
    }

    /// The model, as clients name it.
    pub fn model(&self) -> &str {
        &self.model.name
    }

    /// The model with its provider.
    pub fn shown_model(&self) -> String {
        self.model.shown()
    }

    /// Whether a client that names the model so means it: by its name, or as the command line does. No name means it too.
    pub fn serves(&self, named: &str) -> bool {
        let is_it =
            |(entry, name): (&Entry<Provider>, &str)| entry.name == self.model.provider && name == self.model.name;
        named.is_empty() || named == self.model.name || find_model(named).is_ok_and(is_it)
    }

    /// Whether its model is known to cost nothing.
    pub fn is_free(&self) -> bool {
        self.model.price.is_some_and(|price| price.input_usd == 0.0 && price.output_usd == 0.0)
    }

    /// Asks, or finds what was answered before. Equal requests that are out already are waited for. A caller that is gone changes
    /// nothing: what was asked for it is kept for whoever asks again.
    ///
    /// # Errors
    /// [`Refusal`], with the status that HTTP has for it.
    pub async fn ask(&self, request: Request) -> Result<Answered, Refusal> {
        self.outcome(self.desk.enter(request)).await
    }

    /// [`Broker::ask`] for many requests at once, from a thread without a runtime; the outcomes are in the order of `requests`.
    ///
    /// # Errors
    /// [`Stopped::Interrupted`] where `stop` was pressed meanwhile; what is out then goes on and is kept.
    pub fn ask_all(&self, requests: Vec<Request>, stop: &Stop) -> Result<Vec<Result<Answered, Refusal>>, Error> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().map_err(|e| no_thread(&e))?;
        // Each has its place in the queue before the first is waited for.
        let entered: Vec<_> = requests.into_iter().map(|request| self.desk.enter(request)).collect();
        runtime.block_on(async {
            let mut pressed = stop.watch();
            let outcomes = async {
                let mut outcomes = Vec::with_capacity(entered.len());
                for entered in entered {
                    outcomes.push(self.outcome(entered).await);
                }
                outcomes
            };
            tokio::select! {
                outcomes = outcomes => Ok(outcomes),
                Ok(_) = pressed.wait_for(|level| *level > 0) => Err(Stopped::Interrupted { dir: None }.into()),
            }
        })
    }

    /// Waits for the end of a request that was entered.
    async fn outcome(&self, entered: Result<oneshot::Receiver<Ended>, Refusal>) -> Result<Answered, Refusal> {
        let ended = match entered {
            Ok(ended) => ended.await.unwrap_or(Ended::Refused(Refusal::Closing)),
            Err(refusal) => Ended::Refused(refusal),
        };
        match ended {
            Ended::Answered(key, answer) => Ok(Answered { key, answer, is_known: false }),
            Ended::Refused(refusal) => Err(refusal),
            Ended::Known(keys) => match self.recorded.stored(keys).await {
                Ok(Some((key, RequestOutcome::Answered(answer)))) => Ok(Answered { key, answer, is_known: true }),
                Ok(Some((_, RequestOutcome::Failed(failure)))) => Err(Refusal::Request(failure)),
                Ok(None) => Err(Refusal::Broken("the journal does not hold an answer that it held".to_owned())),
                Err(e) => Err(Refusal::Broken(e.to_string())),
            },
        }
    }

    /// How often it was asked since it was opened, and what came of that.
    pub fn counts(&self) -> Counts {
        self.desk.counts()
    }

    /// Waits until it serves no more: it was stopped and has drained, or it failed.
    pub async fn over(&self) {
        // An error is a sender that is gone: it is over too.
        let _ = self.is_over.clone().wait_for(|is_over| *is_over).await;
    }

    /// Takes no more requests, waits for what is out, and gives why serving ended where nobody stopped it.
    fn join(&self) -> Result<(), Error> {
        self.desk.close();
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(thread) = thread else { return Ok(()) };
        let panicked = || EngineError::Runtime { message: "the thread that asks has panicked".to_owned() };
        thread.join().unwrap_or_else(|_| Err(panicked().into()))
    }
}

impl Drop for Broker {
    fn drop(&mut self) {
        self.desk.close();
    }
}

/// Refuses what could never be asked.
fn check(setup: &Setup) -> Result<(), Error> {
    let model = setup.model.shown();
    if !setup.model.is_remote() {
        return Err(PlanError::NothingToServe { model }.into());
    }
    setup.check_way()?;
    setup.check_price()
}

fn no_thread(error: &std::io::Error) -> EngineError {
    EngineError::Runtime { message: error.to_string() }
}
