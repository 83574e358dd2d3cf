//! The broker in the process of whoever makes it: what `equipoise broker` serves over HTTP, asked by calls.

use crate::attend::attended;
use crate::error::{Fault, raise};
use crate::jobs::json;
use crate::request::recipe;
use equipoise::broker::{self, Answered, Chat, Refusal};
use equipoise::error::Stopped;
use equipoise::event::Event;
use equipoise::{Error, Setup, Work};
use pyo3::prelude::*;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// Asks a model for many callers; each different request is asked once.
#[pyclass(frozen, module = "equipoise._equipoise")]
pub(crate) struct Broker {
    broker: Arc<broker::Broker>,
    notes: Arc<Mutex<Vec<String>>>,
}

#[pymethods]
impl Broker {
    /// Opens the folder, new or of a broker before; `options` are keywords as a JSON object.
    #[new]
    fn new(py: Python<'_>, folder: PathBuf, options: &str) -> PyResult<Self> {
        let notes = Arc::<Mutex<Vec<String>>>::default();
        let heard = notes.clone();
        let work = Work::watched(move |event| match event {
            Event::Note(note) | Event::Omitted(note) => heard.lock().unwrap_or_else(PoisonError::into_inner).push(note),
            Event::Waiting { wait, reason } => {
                let note = format!("waiting {} s: {reason}", wait.as_secs_f64().ceil());
                heard.lock().unwrap_or_else(PoisonError::into_inner).push(note);
            }
            _ => {}
        });
        let opened = py.detach(|| {
            let setup = Setup::new(recipe(options, None)?)?;
            Ok(broker::Broker::open(&setup, &folder, &work)?)
        });
        let broker = opened.map_err(|fault: Fault| raise(py, &fault))?;
        Ok(Broker { broker, notes })
    }

    /// The answer to each prompt (instructions and message) in order; `None` where there is none to this one. `sampling` is the most tokens
    /// of an answer, the temperature, and a seed, which tells prompts apart that are equal else.
    fn ask(
        &self,
        py: Python<'_>,
        prompts: Vec<(String, String)>,
        sampling: (u32, Option<f64>, Option<u64>),
    ) -> PyResult<Vec<Option<String>>> {
        let (max_tokens, temperature, seed) = sampling;
        let request = |(system, user)| {
            let max_tokens = Some(max_tokens);
            self.broker.request(&Chat { system, user, max_tokens, temperature, seed, ..Chat::default() })
        };
        let requests = prompts.into_iter().map(request).collect();
        attended(py, None, |work| {
            let outcomes = self.broker.ask_all(requests, &work.stop)?;
            outcomes.into_iter().map(text).collect()
        })
    }

    /// Requests since it was opened, and what the folder has asked and paid, as JSON.
    fn told(&self, py: Python<'_>) -> PyResult<String> {
        let spent = py.detach(|| self.broker.spent()).map_err(|e| raise(py, &e.into()))?;
        Ok(json(&serde_json::json!({ "requests": self.broker.counts(), "spent": spent })))
    }

    /// What it had to say since it was last asked.
    fn notes(&self) -> Vec<String> {
        std::mem::take(&mut self.notes.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Takes no more, waits for what is out, and writes spent.json.
    fn close(&self, py: Python<'_>) -> PyResult<()> {
        py.detach(|| self.broker.close()).map(drop).map_err(|e| raise(py, &e.into()))
    }
}

/// The text of an answer. What is not this prompt's fault alone would befall the others too, and is raised.
fn text(outcome: Result<Answered, Refusal>) -> Result<Option<String>, Fault> {
    match outcome {
        Ok(answered) => Ok(Some(answered.answer.text)),
        Err(refusal) if refusal.is_of_request() => Ok(None),
        Err(Refusal::Ended(reason)) => Err(Error::from(Stopped::Broker { reason: (*reason).clone() }).into()),
        Err(refusal) => Err(Fault::usage(refusal.message(), "open a broker anew with the same folder")),
    }
}
