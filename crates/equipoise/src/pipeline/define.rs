//! Drafts of what labels mean, written by a model from real rows, for a person to edit.

use crate::error::PlanError;
use crate::event::{Event, Phase};
use crate::journal::Journal;
use crate::pipeline::Cost;
use crate::pipeline::answers::{lane, tell};
use crate::rundir::RunDir;
use crate::schedule::{EndReason, Engine, Recorded, RequestOutcome};
use crate::setup::Reach;
use crate::{Error, Material, Setup, Work};
use equipoise_core::data::{LabelId, TrainView};
use equipoise_core::generator::{Job, RequestKey, SourceText};
use equipoise_core::mask::Mask;
use equipoise_core::plan::Forecast;
use equipoise_core::prompt::{Definition, DraftScene, draft_prompt, draft_rows, draft_schema, read_draft};
use equipoise_core::provider::{Request, Sampling};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Rows of the label that a model is shown, other labels beside them, and rows of each of those.
const SHOWN: usize = 16;
const MOST_OTHERS: usize = 8;
const SHOWN_OF_OTHERS: usize = 3;
/// Tokens of a draft at most: three sentences, and room for a model that reasons.
const MOST_TOKENS: u32 = 1_024;

/// What a model would be asked about labels.
pub struct Define<'a> {
    setup: &'a Setup,
    /// One request a label.
    requests: Vec<(String, Request)>,
}

/// What the same command left before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its folder.
    pub dir: PathBuf,
    /// For each request whether there is a draft.
    is_drafted: Vec<bool>,
}

impl Earlier {
    /// How many drafts there are.
    pub fn n_drafts(&self) -> usize {
        self.is_drafted.iter().filter(|is_drafted| **is_drafted).count()
    }

    /// Whether there is one for every request.
    pub fn is_whole(&self) -> bool {
        self.n_drafts() == self.is_drafted.len()
    }
}

/// What came back.
#[derive(Debug, Clone, Serialize)]
pub struct Drafted {
    /// The drafts by label.
    pub label: BTreeMap<String, Definition>,
    /// What went wrong, a sentence each.
    pub notes: Vec<String>,
    /// Why not everything was asked; `None` where it was.
    #[serde(skip)]
    pub ended: Option<EndReason>,
}

/// Plans a request for each label of the training rows, or for those that the targets name (`only`); sends nothing.
///
/// # Errors
/// A model that needs no prompt, requests in batches, a label that the rows do not have.
pub fn define<'a>(setup: &'a Setup, material: &Material) -> Result<Define<'a>, Error> {
    let nothing = |why| Err(PlanError::NothingToTry { why }.into());
    if setup.model.host().is_none() {
        return nothing("the built-in generator asks no model");
    }
    if setup.batches {
        return nothing("a draft is answered at once, and a batch is not");
    }
    let train = material.dataset.train();
    let labels = train.labels();
    let only: Vec<String> = setup.recipe().targets.only.clone();
    let wanted: Vec<LabelId> = match only.iter().map(|name| labels.id(name).ok_or(name)).collect::<Result<Vec<_>, _>>()
    {
        Ok(named) if named.is_empty() => labels.ids().filter(|id| train.counts()[id.index()] > 0).collect(),
        Ok(named) => named,
        Err(name) => {
            return Err(crate::error::SetupError::NoSuchLabel {
                label: name.clone(),
                known: labels.names().join(", "),
            }
            .into());
        }
    };
    let mask = setup.masking.as_ref().map(|masking| masking.of(train, setup.seed()));
    let request = |label: LabelId| (labels.name(label).to_owned(), request(setup, train, mask.as_ref(), label));
    Ok(Define { setup, requests: wanted.into_iter().map(request).collect() })
}

/// The request for a draft of one label.
fn request(setup: &Setup, train: TrainView<'_>, mask: Option<&Mask>, label: LabelId) -> Request {
    let labels = train.labels();
    let seed = setup.seed().child(&format!("define/{}", labels.name(label)));
    let sources = draft_rows(train, label, SHOWN, seed);
    let job = Job { label, sources, wanted: 1, ordinal: 0, attributes: Vec::new() };
    let hidden = |sources: &[SourceText]| -> Vec<String> {
        sources.iter().map(|s| mask.map_or_else(|| s.text.clone(), |mask| mask.hide(&s.text))).collect()
    };
    let counts = train.counts();
    let mut others: Vec<LabelId> = labels.ids().filter(|other| *other != label && counts[other.index()] > 0).collect();
    others.sort_by_key(|other| std::cmp::Reverse(counts[other.index()]));
    others.truncate(MOST_OTHERS);
    let texts = hidden(&job.sources);
    let of_others: Vec<Vec<String>> =
        others.iter().map(|other| hidden(&draft_rows(train, *other, SHOWN_OF_OTHERS, seed))).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    let others = others.iter().zip(&of_others);
    let others: Vec<(&str, Vec<&str>)> =
        others.map(|(id, texts)| (labels.name(*id), texts.iter().map(String::as_str).collect())).collect();
    let prompt = draft_prompt(&DraftScene { label: labels.name(label), texts: &texts, others: &others });
    let asked = setup.model.asked();
    let seed = seed.child("request").value() & 0x7FFF_FFFF;
    let sampling = Sampling { temperature: setup.temperature, max_tokens: MOST_TOKENS, seed };
    Request { job, prompt, model: asked.name, sampling, schema: asked.takes_schema.then(draft_schema) }
}

impl Define<'_> {
    /// The last folder under `parent`, named after `stem`, in which an earlier command left drafts that answer these requests.
    pub fn earlier(&self, parent: &Path, stem: &str) -> Option<Earlier> {
        RunDir::used_names(parent, stem).into_iter().find_map(|dir| {
            // A folder that cannot be read has nothing to give.
            let is_drafted: Vec<bool> = self
                .recorded(&dir)
                .ok()??
                .iter()
                .map(|end| end.as_ref().is_some_and(|(_, end)| draft(end).is_some()))
                .collect();
            is_drafted.contains(&true).then_some(Earlier { dir, is_drafted })
        })
    }

    /// How each request ended in the journal at `dir`; `None` where there is none.
    fn recorded(&self, dir: &Path) -> Result<Option<Vec<End>>, Error> {
        let Reach::Http(remote) = &self.setup.model.reach else { return Ok(None) };
        let way = self.setup.model.way().unwrap_or_default();
        let recorded = Recorded::new(Journal::open_to_read(dir)?, remote.wire.clone(), way, &remote.before)?;
        let requests: Vec<Request> = self.requests.iter().map(|(_, request)| request.clone()).collect();
        Ok(Some(recorded.outcomes_of(&requests)?))
    }

    /// What a person consents to; what `earlier` answers is not asked again.
    pub fn cost(&self, earlier: Option<&Earlier>) -> Cost {
        let model = &self.setup.model;
        let is_open = |at: &usize| !earlier.is_some_and(|earlier| earlier.is_drafted[*at]);
        let open: Vec<&Request> = (0..self.requests.len()).filter(is_open).map(|at| &self.requests[at].1).collect();
        let sizes: Vec<_> = open.iter().map(|request| model.size(request)).collect();
        Cost {
            host: model.host().map(str::to_owned),
            price_from: model.price_from,
            budget_usd: self.setup.limits.budget.map(|cost| cost.usd()),
            n_texts: open.iter().map(|request| request.job.sources.len()).sum(),
            forecast: Forecast::once(&sizes, model.price),
        }
    }

    /// Asks, within the recipe's limits. The answers stay in the folder `out`, as `journal.db`; those that it holds are taken, and what
    /// brought no draft is asked again.
    ///
    /// # Errors
    /// Where the folder or the journal cannot be written, or nothing can be sent.
    pub fn send(&self, out: &Path, work: &Work<'_>) -> Result<Drafted, Error> {
        let dir = RunDir::create(out)?;
        let ended = if dir.file("journal.db").exists() { self.recorded(dir.path())? } else { None };
        let ended = ended.unwrap_or_default().into_iter().flatten();
        let textless: Vec<RequestKey> = ended.filter(|(_, end)| draft(end).is_none()).map(|(key, _)| key).collect();
        let journal = Journal::open(dir.path())?;
        journal.reopen(&textless)?;
        let (lane, limits) = (lane(&self.setup.model)?, self.setup.limits.clone());
        let mut engine = Engine::open(journal, lane, limits, work.stop.clone())?;
        let total = self.requests.len() as u64;
        let requests = self.requests.iter().map(|(_, request)| request.clone());
        let end = engine.run_blocking(requests, |event| tell(work.sink(), total, None, event))?;
        let (mut label, mut notes) = (BTreeMap::new(), Vec::new());
        for (name, request) in &self.requests {
            match engine.outcome_of(request)? {
                Some((_, RequestOutcome::Failed(failure))) => notes.push(format!("`{name}`: {}", failure.message)),
                Some((_, end)) => match draft(&end) {
                    Some(draft) => drop(label.insert(name.clone(), draft)),
                    None => notes.push(format!("`{name}`: the answer holds no draft")),
                },
                None => notes.push(format!("`{name}` was not asked")),
            }
        }
        work.tell(Event::Finished(Phase::Generate));
        let ended = Some(end.reason).filter(|reason| *reason != EndReason::Done);
        Ok(Drafted { label, notes, ended })
    }
}

/// How a request ended and the key under which that is stored; `None` where it has not ended.
type End = Option<(RequestKey, RequestOutcome)>;

/// The draft of an answer that holds one.
fn draft(end: &RequestOutcome) -> Option<Definition> {
    match end {
        RequestOutcome::Answered(answer) => read_draft(&answer.text),
        RequestOutcome::Failed(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::testing::{RARE, begun, recipe, remote};

    #[test]
    fn each_label_is_shown_by_its_own_training_rows_beside_some_of_the_others() {
        let (setup, material) = begun(remote());
        let planned = define(&setup, &material).expect("requests");
        let names: Vec<&str> = planned.requests.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, [RARE, "delivery"]);
        for (_, request) in &planned.requests {
            let shown = |source: &SourceText| request.prompt.user.contains(&source.text);
            assert!(request.job.sources.iter().all(shown) && request.prompt.user.contains("Other labels:"));
        }
        assert_eq!(planned.cost(None).n_texts, SHOWN + 12, "the rare label has twelve rows");
    }

    #[test]
    fn only_the_named_labels_are_asked_about_and_an_unknown_one_is_refused() {
        let mut recipe = remote();
        recipe.targets.only = vec![RARE.to_owned()];
        let (setup, material) = begun(recipe.clone());
        assert_eq!(define(&setup, &material).expect("one").requests.len(), 1);
        recipe.targets.only = vec!["cancle".to_owned()];
        let (setup, material) = begun(recipe);
        assert!(define(&setup, &material).is_err());
    }

    #[test]
    fn a_model_inside_the_process_is_asked_nothing() {
        let (setup, material) = begun(recipe());
        assert!(matches!(define(&setup, &material).map(|_| ()), Err(Error::Plan(PlanError::NothingToTry { .. }))));
    }
}
