//! A trial: a few rows, several prompts, the answers side by side, before a run is paid for.

use crate::error::PlanError;
use crate::event::{Event, Phase};
use crate::journal::Journal;
use crate::pipeline::Cost;
use crate::pipeline::answers::{lane, tell};
use crate::pipeline::asking::asking;
use crate::pipeline::generate::check_context;
use crate::rundir::RunDir;
use crate::schedule::{EndReason, Engine, RequestOutcome};
use crate::setup::Prompting;
use crate::{Error, Material, Setup, Work};
use equipoise_core::check::{CheckOutcome, Judging, Panel, Verdict};
use equipoise_core::data::RowId;
use equipoise_core::generator::{RequestKey, Sources};
use equipoise_core::plan::Forecast;
use equipoise_core::provider::Request;
use equipoise_core::round::{Asking, ReadAnswer, candidates};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What a trial would send.
pub struct Trial<'a> {
    setup: &'a Setup,
    material: &'a Material,
    /// In the order in which they are shown.
    prompts: Vec<TriedPrompt>,
}

/// A prompt and its requests.
struct TriedPrompt {
    name: String,
    asking: Asking,
    requests: Vec<Request>,
}

/// What came back.
#[derive(Debug, Clone, Serialize)]
pub struct Tried {
    /// The prompts, in the order given.
    pub prompts: Vec<String>,
    /// The rows, each with its answers to each prompt.
    pub rows: Vec<TriedRow>,
    /// Texts that belong to no single row, by prompt.
    pub without_source: Vec<Unsourced>,
    /// What was wrong with answers.
    pub notes: Vec<String>,
    /// Why not everything was asked; `None` where it was.
    #[serde(skip)]
    pub ended: Option<EndReason>,
}

/// The texts of a prompt that were made from no one row.
#[derive(Debug, Clone, Serialize)]
pub struct Unsourced {
    /// The prompt.
    pub prompt: String,
    /// The texts.
    pub answers: Vec<String>,
    /// Why a run would reject each of them, as for [`TriedRow`].
    pub rejected: Vec<Option<&'static str>>,
}

/// One real row and what was made of it.
#[derive(Debug, Clone, Serialize)]
pub struct TriedRow {
    /// The real text.
    pub source: String,
    /// For each prompt, the texts made from it.
    pub answers: Vec<Vec<String>>,
    /// Why a run would reject each of these texts, in words that end "it …", such as "repeats a real row"; null for one that it would keep.
    pub rejected: Vec<Vec<Option<&'static str>>>,
}

/// Plans a trial of `rows` source rows with each of `prompts` (the recipe's own where there is none).
///
/// # Errors
/// A recipe that raises no label, or whose model needs no prompt; otherwise as [`super::plan`].
pub fn trial<'a>(
    setup: &'a Setup,
    material: &'a Material,
    prompts: &[String],
    rows: usize,
) -> Result<Trial<'a>, Error> {
    if setup.batches {
        return Err(PlanError::NothingToTry { why: "a trial is answered at once, and a batch is not" }.into());
    }
    let seed = setup.seed().child("trial");
    let plan = |name: Option<&str>| -> Result<TriedPrompt, Error> {
        let own = name.map(|name| Prompting::new(&setup.model, name)).transpose()?;
        let asking = asking(setup, material, own.as_ref().unwrap_or(&setup.prompting))?;
        let Some(template) = &asking.template else {
            return Err(PlanError::NothingToTry { why: "this model needs no prompt" }.into());
        };
        let Some(quota) = asking.quotas.first() else {
            return Err(PlanError::NothingToTry { why: "no label is to be raised" }.into());
        };
        let name = template.name().to_owned();
        let requests = asking.requests(material.dataset.train(), seed).first(quota, rows.min(quota.have))?;
        Ok(TriedPrompt { name, asking, requests })
    };
    let prompts = match prompts {
        [] => vec![plan(None)?],
        names => names.iter().map(|name| plan(Some(name))).collect::<Result<_, _>>()?,
    };
    Ok(Trial { setup, material, prompts })
}

impl Trial<'_> {
    /// What a person consents to.
    pub fn cost(&self) -> Cost {
        let model = &self.setup.model;
        let forecast = |prompt: &TriedPrompt| {
            Forecast::once(&prompt.requests.iter().map(|r| model.size(r)).collect::<Vec<_>>(), model.price)
        };
        let zero = Forecast::once(&[], model.price);
        Cost {
            host: model.host().map(str::to_owned),
            price_from: model.price_from,
            budget_usd: self.setup.limits.budget.map(|cost| cost.usd()),
            n_texts: self.prompts[0].requests.iter().map(|r| r.job.sources.len()).sum(),
            forecast: self.prompts.iter().map(forecast).fold(zero, Forecast::plus),
        }
    }

    /// Sends the trial, within the recipe's limits. Its answers stay in the new folder `out`, as `journal.db`.
    ///
    /// # Errors
    /// Where the folder or the journal cannot be written, or nothing can be sent.
    pub fn send(&self, out: &Path, work: &Work<'_>) -> Result<Tried, Error> {
        let dir = RunDir::create(out)?;
        let journal = Journal::open(dir.path())?;
        let mut answers = TrialAnswers::default();
        answers.notes.push(format!("the answers are kept in {}", dir.file("journal.db").display()));
        let mut ended = None;
        let context = check_context(self.setup, self.material);
        let panel = Panel::new(&self.setup.checks, &context);
        for (at, prompt) in self.prompts.iter().enumerate() {
            // The budget holds for the whole trial: all prompts share one journal, which knows what was spent.
            let (lane, limits) = (lane(&self.setup.model)?, self.setup.limits.clone());
            let mut engine = Engine::open(journal.clone(), lane, limits, work.stop.clone())?;
            let total = prompt.requests.len() as u64;
            let requests = prompt.requests.iter().cloned();
            let end = engine.run_blocking(requests, |event| tell(work.sink(), total, None, event))?;
            let mut judging = panel.begin();
            for request in &prompt.requests {
                match engine.outcome_of(request)? {
                    Some((key, RequestOutcome::Answered(answer))) => {
                        let read = prompt.asking.read(&request.job, &answer);
                        let label = self.material.dataset.train().labels().name(request.job.label);
                        let rejected = rejected(&mut judging, (&key, label), &read);
                        answers.add(at, &prompt.name, read, rejected);
                    }
                    Some((_, RequestOutcome::Failed(failure))) => {
                        answers.notes.push(format!("{}: {}", prompt.name, failure.message));
                    }
                    None => {}
                }
            }
            if end.reason != EndReason::Done {
                ended = Some(end.reason);
                break;
            }
        }
        work.tell(Event::Finished(Phase::Generate));
        Ok(self.tried(answers, ended))
    }

    fn tried(&self, answers: TrialAnswers, ended: Option<EndReason>) -> Tried {
        let n_prompts = self.prompts.len();
        let donors = self.material.donors.iter().map(|donor| (donor.id, donor.text.as_str()));
        let rows = self.material.dataset.train().rows().map(|r| (r.id, r.text));
        let texts: BTreeMap<RowId, &str> = rows.chain(donors).collect();
        let row = |(id, mut answers): (RowId, BTreeMap<usize, Vec<Judgement>>)| {
            let source = texts.get(&id).copied().unwrap_or_default().to_owned();
            let of_prompt = (0..n_prompts).map(|at| answers.remove(&at).unwrap_or_default().into_iter().unzip());
            let (answers, rejected) = of_prompt.unzip();
            TriedRow { source, answers, rejected }
        };
        let without_source = answers.of_none.into_iter().map(|(at, texts)| {
            let (answers, rejected) = texts.into_iter().unzip();
            Unsourced { prompt: self.prompts[at].name.clone(), answers, rejected }
        });
        let without_source = without_source.collect();
        Tried {
            prompts: self.prompts.iter().map(|p| p.name.clone()).collect(),
            rows: answers.of_row.into_iter().map(row).collect(),
            without_source,
            notes: answers.notes,
            ended,
        }
    }
}

/// Why a run would reject each text of an answer.
fn rejected(
    judging: &mut Judging<'_>,
    (key, label): (&RequestKey, &str),
    read: &ReadAnswer,
) -> Vec<Option<&'static str>> {
    let texts: Vec<_> = candidates(key, (label, &[]), read.reading.items.clone()).collect();
    let verdicts = judging.judge(&texts);
    let why = |id: &str| verdicts.iter().find(|v| v.candidate == id && v.outcome == CheckOutcome::Reject);
    texts.iter().map(|text| why(&text.id).and_then(Verdict::facts).map(|reason| reason.what)).collect()
}

/// A text, and why a run would reject it.
type Judgement = (String, Option<&'static str>);

/// The texts of a trial so far.
#[derive(Default)]
struct TrialAnswers {
    /// For each row and prompt, by the prompt's position, the texts made from it.
    of_row: BTreeMap<RowId, BTreeMap<usize, Vec<Judgement>>>,
    /// For each prompt, by its position, the texts that were made from no one row.
    of_none: BTreeMap<usize, Vec<Judgement>>,
    notes: Vec<String>,
}

impl TrialAnswers {
    fn add(&mut self, at: usize, prompt: &str, read: ReadAnswer, rejected: Vec<Option<&'static str>>) {
        let ReadAnswer { reading, is_declined, .. } = read;
        if is_declined {
            self.notes.push(format!("{prompt}: the model declined to answer, or a filter withheld its answer"));
        }
        self.notes.extend(reading.notes.iter().map(|n| format!("{prompt}: {}: {}", n.kind, n.detail)));
        for (item, why) in reading.items.into_iter().zip(rejected) {
            match &item.sources {
                Sources::One(row) | Sources::Harvested(row) => {
                    self.of_row.entry(*row).or_default().entry(at).or_default().push((item.text, why));
                }
                _ => self.of_none.entry(at).or_default().push((item.text, why)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::testing::{begun, recipe, remote};
    use equipoise_core::generator::{Fault, ReadItem, Reading};

    #[test]
    fn a_trial_shows_the_same_rows_to_every_prompt() {
        let (setup, material) = begun(remote());
        let planned = trial(&setup, &material, &["rewrite".to_owned(), "new".to_owned()], 5).expect("two prompts");
        let names: Vec<&str> = planned.prompts.iter().map(|p| p.name.as_str()).collect();
        assert_eq!(names, ["rewrite", "new"]);
        let cost = planned.cost();
        assert_eq!((cost.host.as_deref(), cost.n_texts), (Some("127.0.0.1"), 5));
    }

    #[test]
    fn a_copy_is_marked_and_a_new_text_is_not() {
        let (setup, material) = begun(remote());
        let context = check_context(&setup, &material);
        let panel = Panel::new(&setup.checks, &context);
        let train = material.dataset.train();
        let row = train.rows().next().expect("a row");
        let item = |text: &str| ReadItem {
            text: text.to_owned(),
            sources: Sources::One(row.id),
            fault: None,
            came: None,
            asked: None,
        };
        let items = vec![item(row.text), item("nobody has written these few words before today")];
        let reading = Reading { items, ..Reading::default() };
        let read = ReadAnswer { reading, is_declined: false, fault: Fault::Missing };
        let key = RequestKey("k".to_owned());
        let why = rejected(&mut panel.begin(), (&key, train.labels().name(row.label)), &read);
        assert!(why[0].is_some() && why[1].is_none(), "{why:?}");
    }

    #[test]
    fn a_model_that_needs_no_prompt_has_nothing_to_try() {
        let (setup, material) = begun(recipe());
        let refused = trial(&setup, &material, &[], 5).map(|_| ()).expect_err("nothing to try");
        assert!(matches!(refused, Error::Plan(PlanError::NothingToTry { .. })), "{refused}");
    }
}
