//! A trial: a few rows, several prompts, the answers side by side, before a run is paid for.

use crate::event::Event;
use crate::journal::Journal;
use crate::pipeline::Cost;
use crate::pipeline::answers::{check_end, lane, tell};
use crate::pipeline::asking::{Asking, size};
use crate::rundir::RunDir;
use crate::schedule::{Engine, Outcome};
use crate::setup::Reach;
use crate::{Error, Material, Setup, Work};
use equipoise_core::data::RowId;
use equipoise_core::generator::Sources;
use equipoise_core::plan::Forecast;
use equipoise_core::provider::{Finish, Request};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;

/// What a trial would send.
pub struct Trial<'a> {
    setup: &'a Setup,
    material: &'a Material,
    /// One a prompt, with its requests.
    asks: Vec<(Asking, Vec<Request>)>,
    prompts: Vec<String>,
}

/// What came back.
#[derive(Debug, Clone, Serialize)]
pub struct Tried {
    /// The prompts, in the order given.
    pub prompts: Vec<String>,
    /// The rows, each with its answers to each prompt.
    pub rows: Vec<TriedRow>,
    /// Texts that belong to no single row, by prompt, and what was wrong with answers.
    pub notes: Vec<String>,
}

/// One real row and what was made of it.
#[derive(Debug, Clone, Serialize)]
pub struct TriedRow {
    /// The real text.
    pub source: String,
    /// For each prompt, the texts made from it.
    pub answers: Vec<Vec<String>>,
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
    if setup.recipe.model.batch {
        return Err(Error::NothingToTry { why: "a trial is answered at once, and a batch is not" });
    }
    let names = if prompts.is_empty() { vec![None] } else { prompts.iter().map(|p| Some(p.as_str())).collect() };
    let mut asks = Vec::new();
    let mut shown = Vec::new();
    for name in names {
        let asking = Asking::new(setup, material, name)?;
        let Some(template) = &asking.template else {
            return Err(Error::NothingToTry { why: "this model needs no prompt" });
        };
        let Some(quota) = asking.quotas.first() else {
            return Err(Error::NothingToTry { why: "no label is to be raised" });
        };
        shown.push(template.name().to_owned());
        let wanted = rows.min(quota.have);
        let requests = asking.requests(material, quota, wanted, setup.seed().child("trial"))?;
        asks.push((asking, requests));
    }
    Ok(Trial { setup, material, asks, prompts: shown })
}

impl Trial<'_> {
    /// What a person consents to.
    pub fn cost(&self) -> Cost {
        let forecast = |(asking, requests): &(Asking, Vec<Request>)| {
            Forecast::once(&requests.iter().map(size).collect::<Vec<_>>(), asking.model.price)
        };
        let (asking, _) = &self.asks[0];
        let zero = Forecast::once(&[], asking.model.price);
        Cost {
            host: asking.model.host().map(str::to_owned),
            price_from: asking.model.price_from,
            budget_usd: self.setup.recipe.model.budget_usd,
            n_texts: self.asks[0].1.iter().map(|r| r.job.sources.len()).sum(),
            forecast: self.asks.iter().map(forecast).fold(zero, Forecast::plus),
        }
    }

    /// Sends the trial. Its answers stay in `runs/<name>-try-<n>/journal.db`.
    ///
    /// # Errors
    /// As a run.
    pub fn send(&self, work: &Work<'_>) -> Result<Tried, Error> {
        let stem = Path::new(&self.material.original.name)
            .file_stem()
            .map_or_else(String::new, |s| s.to_string_lossy().into_owned());
        let folder = RunDir::fresh_name(Path::new("runs"), &format!("{stem}-try"));
        let dir = RunDir::create(&folder)?;
        let journal = Journal::open(dir.path())?;
        let texts: BTreeMap<RowId, &str> = self.material.dataset.train().rows().map(|r| (r.id, r.text)).collect();
        let mut rows: BTreeMap<RowId, Vec<Vec<String>>> = BTreeMap::new();
        let mut notes = vec![format!("the answers are kept in {}", dir.file("journal.db").display())];
        for (at, (asking, requests)) in self.asks.iter().enumerate() {
            let Reach::Http(_) = asking.model.reach else { continue };
            let (lane, limits) = (lane(&asking.model)?, self.setup.limits.clone());
            let mut engine = Engine::open(journal.clone(), lane, limits, work.stop.clone())?;
            let total = requests.len() as u64;
            check_end(
                engine.run_blocking(requests.iter().cloned(), |event| tell(work.sink, total, None, event))?,
                dir.path(),
            )?;
            for request in requests {
                let answer = match engine.outcome_of(request)? {
                    Some((_, Outcome::Answered(answer))) => answer,
                    Some((_, Outcome::Failed(failure))) => {
                        notes.push(format!("{}: {}", self.prompts[at], failure.message));
                        continue;
                    }
                    None => continue,
                };
                let reading = asking.generator.read(&request.job, &answer.text, answer.finish == Finish::Stop);
                notes.extend(reading.notes.iter().map(|n| format!("{}: {}: {}", self.prompts[at], n.kind, n.detail)));
                for item in reading.items {
                    match &item.sources {
                        Sources::One(row) => {
                            let answers = rows.entry(*row).or_insert_with(|| vec![Vec::new(); self.asks.len()]);
                            answers[at].push(item.text);
                        }
                        _ => notes.push(format!("{}: {}", self.prompts[at], item.text)),
                    }
                }
            }
        }
        (work.sink)(Event::Finished(crate::event::Phase::Generate));
        let row = |(id, answers): (RowId, Vec<Vec<String>>)| TriedRow {
            source: texts.get(&id).copied().unwrap_or_default().to_owned(),
            answers,
        };
        Ok(Tried { prompts: self.prompts.clone(), rows: rows.into_iter().map(row).collect(), notes })
    }
}
