//! Answers of a provider inside the process.

use crate::error::Stopped;
use crate::event::{Event, Phase};
use crate::pipeline::{Planned, Spent};
use crate::setup::Reach;
use crate::{Error, Material, Work};
use equipoise_core::data::LabelId;
use equipoise_core::generator::RequestKey;
use equipoise_core::offline::Writer;
use equipoise_core::provider::{Answer, Finish, local_key, offline_answer};
use equipoise_core::rng::Seed;
use equipoise_core::round::{Asker, Intake, RequestEnd, Step, Taken};
use std::cell::RefCell;
use std::collections::BTreeMap;

/// A provider inside the process that has read the training rows.
pub(super) struct Process<'a> {
    provider: &'static str,
    writer: Writer<'a>,
    labels: &'a [String],
}

/// Where texts are kept, so that none is written twice.
pub(super) trait Shelf {
    /// The text kept under `key`.
    fn text(&self, key: &RequestKey) -> Result<Option<String>, Error>;

    /// Keeps a text.
    fn keep(&self, key: &RequestKey, text: &str) -> Result<(), Error>;
}

impl<'a> Process<'a> {
    /// The provider of a plan; `None` where the model is reached over HTTP.
    pub(super) fn new(material: &'a Material, planned: &'a Planned) -> Option<Self> {
        let Reach::Local(offline) = &planned.model.reach else { return None };
        Some(Process {
            provider: planned.model.provider,
            writer: offline.read(material.dataset.train(), planned.donors(material)),
            labels: material.dataset.labels().names(),
        })
    }

    /// Writes what `shelf` does not have yet. Left between two texts where stopping was asked for.
    pub(super) fn ask(
        &self,
        step: &Step<'_>,
        intake: &mut Intake<'_, '_>,
        shelf: &dyn Shelf,
        work: &Work<'_>,
    ) -> Result<(), Error> {
        for (at, request) in step.requests.iter().enumerate() {
            if work.stop.level() > 0 {
                return Err(Stopped::Interrupted { dir: None }.into());
            }
            let (done, total) = (at as u64, step.requests.len() as u64);
            let what = self.labels[request.job.label.index()].clone();
            work.tell(Event::Advanced { phase: Phase::Generate, done, total, what });
            let had = texts_of(step.taken, request.job.label);
            let key = local_key(self.provider, request, had);
            let text = match shelf.text(&key)? {
                Some(text) => text,
                None => {
                    let text = offline_answer(&self.writer, &request.job, had, Seed::new(request.sampling.seed));
                    shelf.keep(&key, &text)?;
                    text
                }
            };
            intake.end(at, key, RequestEnd::Answered(whole(text)));
            intake.look();
        }
        Ok(())
    }
}

/// Hands in the texts that `shelf` has.
pub(super) fn recorded(
    provider: &str,
    step: &Step<'_>,
    intake: &mut Intake<'_, '_>,
    shelf: &dyn Shelf,
) -> Result<(), Error> {
    for (at, request) in step.requests.iter().enumerate() {
        let key = local_key(provider, request, texts_of(step.taken, request.job.label));
        if let Some(text) = shelf.text(&key)? {
            intake.end(at, key, RequestEnd::Answered(whole(text)));
        }
    }
    Ok(())
}

/// The texts that a label has already.
fn texts_of(taken: &Taken, label: LabelId) -> &[String] {
    taken.get(&label).map_or(&[], Vec::as_slice)
}

/// The answer of a provider inside the process: never cut, never billed.
fn whole(text: String) -> Answer {
    Answer { text, finish: Finish::Stop, usage: None, model: None }
}

/// Answers that are written when they are asked for and kept in memory.
pub(crate) struct InProcess<'a> {
    process: Process<'a>,
    texts: RefCell<BTreeMap<RequestKey, String>>,
    work: &'a Work<'a>,
}

impl<'a> InProcess<'a> {
    /// The provider of a plan; `None` where the model is reached over HTTP.
    pub(crate) fn new(material: &'a Material, planned: &'a Planned, work: &'a Work<'a>) -> Option<Self> {
        Some(InProcess { process: Process::new(material, planned)?, texts: RefCell::default(), work })
    }

    /// What was asked; nothing was paid.
    pub(crate) fn spent(&self) -> Spent {
        let n_answered = self.texts.borrow().len();
        Spent { n_answered, usd: Some(0.0), usd_answers: Some(0.0), ..Spent::default() }
    }
}

impl Asker for InProcess<'_> {
    type Error = Error;

    fn ask(&mut self, step: &Step<'_>, intake: &mut Intake<'_, '_>) -> Result<(), Error> {
        self.work.phase(Phase::Generate, || self.process.ask(step, intake, &self.texts, self.work))
    }
}

impl Shelf for RefCell<BTreeMap<RequestKey, String>> {
    fn text(&self, key: &RequestKey) -> Result<Option<String>, Error> {
        Ok(self.borrow().get(key).cloned())
    }

    fn keep(&self, key: &RequestKey, text: &str) -> Result<(), Error> {
        self.borrow_mut().insert(key.clone(), text.to_owned());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::testing::{begun, recipe};
    use crate::pipeline::{generate, plan};

    #[test]
    fn what_is_on_the_shelf_is_not_written_again() {
        let (setup, material) = begun(recipe());
        let work = Work::default();
        let planned = plan(&setup, &material).expect("a plan");
        let mut asker = InProcess::new(&material, &planned, &work).expect("a model inside the process");
        let first = generate(&setup, &material, &planned, &mut asker, &work).expect("texts");
        let kept: Vec<String> = asker.texts.borrow().values().cloned().collect();
        let marked = asker.texts.borrow().keys().map(|key| (key.clone(), String::new())).collect();
        *asker.texts.borrow_mut() = marked;
        let second = generate(&setup, &material, &planned, &mut asker, &work).expect("the texts of the shelf");
        assert!(!first.candidates.is_empty() && !kept.is_empty());
        assert!(second.candidates.len() < first.candidates.len(), "emptied texts come from the shelf as they are");
    }

    #[test]
    fn a_run_that_is_asked_to_stop_is_left_between_two_texts() {
        let (setup, material) = begun(recipe());
        let work = Work::default();
        work.stop.request();
        let planned = plan(&setup, &material).expect("a plan");
        let mut asker = InProcess::new(&material, &planned, &work).expect("a model inside the process");
        let left = generate(&setup, &material, &planned, &mut asker, &work).expect_err("nothing was written");
        assert!(matches!(left, Error::Stopped(Stopped::Interrupted { .. })), "{left}");
    }
}
