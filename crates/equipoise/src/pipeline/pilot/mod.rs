//! A pilot: several prompts, models and temperatures write some of the texts of a run, and figures tell which did best.
//!
//! A pilot asks the first requests of the run that would follow, with the same rows in the same chunks, so that the run buys none of them again.

mod ask;
mod record;

use super::Cost;
use super::answers::tell;
use super::asking::asking;
use super::generate::check_context;
use crate::artefacts::Leaves;
use crate::error::PlanError;
use crate::event::{Event, Phase};
use crate::journal::Journal;
use crate::rundir::{PILOT_FILE, RunDir};
use crate::schedule::EndReason;
use crate::setup::Prompting;
use crate::{Error, Material, Recipe, Setup, Work};
use ask::Conversation;
use equipoise_core::check::Panel;
use equipoise_core::pilot::{Asked, Comparison, Contestant, PilotInputs, compare};
use equipoise_core::plan::{Forecast, Quota};
use equipoise_core::provider::Request;
use equipoise_core::report::pilot_page;
use equipoise_core::round::Asking;
use record::COMPARISON_FILE;
pub(crate) use record::{KeptTemplate, PilotRecord, pilot_record};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What a pilot compares: every prompt with every model at every temperature.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct PilotSettings {
    /// Names of templates, or paths of template files; the recipe's own where there is none.
    pub prompts: Vec<String>,
    /// Models, `PROVIDER/NAME`; the recipe's own where there is none.
    pub models: Vec<String>,
    /// Temperatures; the recipe's own where there is none.
    pub temperatures: Vec<f64>,
    /// Texts to ask each of them for, about.
    pub n_texts: usize,
}

/// What a pilot would ask.
pub struct Pilot<'a> {
    material: &'a Material,
    /// One for each model.
    setups: Vec<Setup>,
    settings: PilotSettings,
    contenders: Vec<Contender>,
}

/// A prompt with a model and a temperature, and its requests.
struct Contender {
    name: String,
    /// The template as it was named.
    prompt: String,
    /// Its setup, by position.
    setup: usize,
    asking: Asking,
    requests: Vec<Request>,
}

/// What came of a pilot.
pub struct Piloted {
    /// The figures.
    pub comparison: Comparison,
    /// Where answers were taken over from, and what was wrong, a sentence each.
    pub notes: Vec<String>,
    /// Why not everything was asked; `None` where it was.
    pub ended: Option<EndReason>,
}

/// Plans a pilot for the run that `recipe` asks for.
///
/// # Errors
/// A recipe that raises no label, or whose model needs no prompt; otherwise as [`super::plan`].
pub fn pilot<'a>(recipe: &Recipe, material: &'a Material, settings: PilotSettings) -> Result<Pilot<'a>, Error> {
    let nothing = |why| Error::from(PlanError::NothingToTry { why });
    let mut setups = Vec::new();
    for model in named(&settings.models, &recipe.model.name) {
        let mut recipe = recipe.clone();
        recipe.model.name = model;
        let setup = Setup::new(recipe)?;
        setup.fits(material)?;
        if setup.batches {
            return Err(nothing("a pilot is answered at once, and a batch is not"));
        }
        setups.push(setup);
    }
    let temperatures = match &settings.temperatures[..] {
        [] => vec![recipe.model.temperature],
        several => several.iter().copied().map(Some).collect(),
    };
    let mut contenders = Vec::new();
    let prompts = named(&settings.prompts, recipe.prompt_name());
    for (prompt, called) in prompts.iter().zip(called(&prompts)) {
        for (at, setup) in setups.iter().enumerate() {
            let prompting = Prompting::new(&setup.model, prompt)?;
            if prompting.template.is_none() {
                return Err(nothing("this model needs no prompt"));
            }
            for temperature in &temperatures {
                let asking = Asking { temperature: *temperature, ..asking(setup, material, &prompting)? };
                let requests = first(&asking, setup, material, settings.n_texts)?;
                if requests.is_empty() {
                    return Err(nothing("no label is to be raised"));
                }
                let parts = [
                    Some(called.clone()),
                    (setups.len() > 1).then(|| setup.model.shown()),
                    temperature.filter(|_| temperatures.len() > 1).map(|t| format!("at {t}")),
                ];
                let name = parts.into_iter().flatten().collect::<Vec<_>>().join(" ");
                contenders.push(Contender { name, prompt: prompt.clone(), setup: at, asking, requests });
            }
        }
    }
    Ok(Pilot { material, setups, settings, contenders })
}

/// Those named, each once; `own` where none is.
fn named(given: &[String], own: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in given {
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    if names.is_empty() { vec![own.to_owned()] } else { names }
}

/// What each prompt is called: the name of its file without the folders, where that tells it from the others.
fn called(prompts: &[String]) -> Vec<String> {
    let short = |prompt: &String| {
        Path::new(prompt).file_name().map_or_else(|| prompt.clone(), |name| name.to_string_lossy().into_owned())
    };
    let shorts: Vec<String> = prompts.iter().map(short).collect();
    let is_alone = |name: &String| shorts.iter().filter(|other| *other == name).count() == 1;
    prompts.iter().zip(&shorts).map(|(prompt, name)| if is_alone(name) { name } else { prompt }.clone()).collect()
}

/// The first requests of the run, for an equal share of `n_texts` texts of each label that is raised, at least one request of each.
fn first(asking: &Asking, setup: &Setup, material: &Material, n_texts: usize) -> Result<Vec<Request>, Error> {
    let all = asking.requests(material.dataset.train(), setup.seed());
    let quotas: Vec<&Quota> = asking.quotas.iter().filter(|quota| quota.wanted > 0 && !quota.style_control).collect();
    let share = n_texts.div_ceil(quotas.len().max(1));
    let mut requests = Vec::new();
    for quota in quotas {
        let mut n = 0;
        let of_label = all.first(quota, quota.wanted)?.into_iter();
        requests.extend(of_label.take_while(|request| {
            let is_first = n == 0;
            n += request.job.wanted;
            is_first || n <= share
        }));
    }
    Ok(requests)
}

impl Pilot<'_> {
    /// What a person consents to.
    pub fn cost(&self) -> Cost {
        let first = &self.setups[0];
        let hosts: Vec<String> = self.setups.iter().filter_map(|s| s.model.host().map(str::to_owned)).collect();
        let forecast = |contender: &Contender| {
            let model = &self.setups[contender.setup].model;
            Forecast::once(&contender.requests.iter().map(|r| model.size(r)).collect::<Vec<_>>(), model.price)
        };
        let zero = Forecast::once(&[], first.model.price);
        Cost {
            host: (!hosts.is_empty()).then(|| named(&hosts, "").join(", ")),
            price_from: first.model.price_from,
            budget_usd: first.limits.budget.map(|cost| cost.usd()),
            n_texts: self.contenders[0].requests.iter().map(|r| r.job.sources.len()).sum(),
            forecast: self.contenders.iter().map(forecast).fold(zero, Forecast::plus),
        }
    }

    /// Refuses what could not be sent, or whose price is unknown.
    ///
    /// # Errors
    /// As [`super::Planned::check_price`] and [`super::Planned::check_way`].
    pub fn check(&self) -> Result<(), Error> {
        for setup in &self.setups {
            let planned = super::plan(setup, self.material)?;
            planned.check_price(setup)?;
            planned.check_way(setup)?;
        }
        Ok(())
    }

    /// Asks, within the recipe's limits, and looks at what came. Answers are kept in the folder `out`, as `journal.db`, with `comparison.json`
    /// and `report.html`; a folder that holds a pilot is gone on with. Answers of `earlier`, and of pilots beside `out`, are taken over.
    ///
    /// # Errors
    /// Where the folder or the journal cannot be written, or nothing can be sent.
    pub fn send(&self, out: &Path, earlier: Option<&Path>, work: &Work<'_>) -> Result<Piloted, Error> {
        Leaves::Pilot.may_replace(out)?;
        let dir = RunDir::create(out)?;
        let journal = Journal::open(dir.path())?;
        let before = if out.join(PILOT_FILE).exists() { pilot_record(out)?.date } else { None };
        dir.write_json(PILOT_FILE, &self.record(before))?;
        let mut conversation = Conversation::open(&self.setups, (&dir, earlier), journal, work)?;
        let turns: Vec<(usize, &Request)> = turns(&self.contenders);
        let ended = conversation.ask(&turns, &|total, event| tell(work.sink(), total, None, event))?;
        work.tell(Event::Finished(Phase::Generate));
        let mut contestants = Vec::with_capacity(self.contenders.len());
        for contender in &self.contenders {
            contestants.push(self.contestant(contender, &conversation)?);
        }
        let comparison = work.phase(Phase::Check, || self.look(&contestants));
        dir.write_json(COMPARISON_FILE, &comparison)?;
        let page = pilot_page(&comparison, env!("CARGO_PKG_VERSION"))?;
        dir.write("report.html", page.as_bytes())?;
        Ok(Piloted { comparison, notes: conversation.told(), ended })
    }

    /// What is kept of it; one that is gone on with was begun on the day `before`.
    fn record(&self, before: Option<String>) -> PilotRecord {
        let kept = |c: &Contender| {
            let template = c.asking.template.as_ref()?;
            let kept = KeptTemplate { name: c.prompt.clone(), source: template.source().to_owned() };
            Some((template.version().to_owned(), kept))
        };
        PilotRecord {
            settings: self.settings.clone(),
            date: before.or_else(|| self.setups[0].date.clone()),
            templates: self.contenders.iter().filter_map(kept).collect(),
            comparison: None,
        }
    }

    /// The figures.
    fn look(&self, contestants: &[Contestant]) -> Comparison {
        let setup = &self.setups[0];
        let context = check_context(setup, self.material);
        let panel = Panel::new(&setup.checks, &context);
        let inputs =
            PilotInputs { train: self.material.dataset.train(), panel: &panel, seed: setup.seed().child("pilot") };
        compare(contestants, &inputs)
    }

    fn contestant(&self, contender: &Contender, conversation: &Conversation<'_>) -> Result<Contestant, Error> {
        let Contender { name, setup, asking, requests, .. } = contender;
        let ends = conversation.ends(*setup, requests, asking)?;
        let model = &self.setups[*setup].model;
        Ok(Contestant {
            name: name.clone(),
            version: asking.template.as_ref().map_or_else(String::new, |t| t.version().to_owned()),
            model: model.shown(),
            temperature: asking.temperature,
            price: model.price,
            asked: requests.iter().zip(ends).map(|(request, end)| Asked { job: request.job.clone(), end }).collect(),
        })
    }
}

/// The requests of all, one of each in turn, each with the position of its setup: whatever changes at the provider meanwhile changes for all.
fn turns(contenders: &[Contender]) -> Vec<(usize, &Request)> {
    let most = contenders.iter().map(|c| c.requests.len()).max().unwrap_or(0);
    let turn = |at: usize| contenders.iter().filter_map(move |c| Some((c.setup, c.requests.get(at)?)));
    (0..most).flat_map(turn).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pipeline::plan;
    use crate::pipeline::testing::{RARE, begun, recipe, remote};

    fn settings(prompts: &[&str], models: &[&str], temperatures: &[f64]) -> PilotSettings {
        let owned = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        PilotSettings {
            prompts: owned(prompts),
            models: owned(models),
            temperatures: temperatures.to_vec(),
            n_texts: 12,
        }
    }

    #[test]
    fn a_pilot_asks_the_first_requests_of_the_run_that_follows() {
        let (setup, material) = begun(remote());
        let planned = pilot(&remote(), &material, settings(&["rewrite", "new"], &[], &[])).expect("two prompts");
        let run = plan(&setup, &material).expect("a plan");
        let quota = &run.asking.quotas[0];
        let own = run.asking.requests(material.dataset.train(), setup.seed()).first(quota, quota.wanted).expect("asks");
        assert_eq!(planned.contenders[0].requests, own[..planned.contenders[0].requests.len()]);
        let names: Vec<&str> = planned.contenders.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names, ["rewrite", "new"]);
        assert_eq!(quota.label, RARE);
        assert_eq!(planned.cost().n_texts, 12);
    }

    #[test]
    fn every_prompt_meets_every_model_and_temperature_and_they_take_turns() {
        let (_, material) = begun(remote());
        let models = ["openai-compatible/a", "openai-compatible/b"];
        let planned = pilot(&remote(), &material, settings(&["rewrite"], &models, &[0.2, 1.0])).expect("four");
        let names: Vec<&str> = planned.contenders.iter().map(|c| c.name.as_str()).collect();
        assert_eq!(names.len(), 4);
        assert!(names[0].contains("/a") && names[0].ends_with("at 0.2") && names[3].ends_with("at 1"), "{names:?}");
        let turns = turns(&planned.contenders);
        let first: Vec<(usize, Option<f64>)> =
            turns.iter().take(4).map(|(setup, request)| (*setup, request.sampling.temperature)).collect();
        assert_eq!(first, [(0, Some(0.2)), (0, Some(1.0)), (1, Some(0.2)), (1, Some(1.0))]);
    }

    #[test]
    fn a_prompt_is_called_by_its_file_where_no_other_one_is() {
        let called = |of: &[&str]| called(&of.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>());
        assert_eq!(called(&["rewrite", "my/prompts/short.j2"]), ["rewrite", "short.j2"]);
        assert_eq!(called(&["a/short.j2", "b/short.j2"]), ["a/short.j2", "b/short.j2"]);
    }

    #[test]
    fn a_model_that_needs_no_prompt_and_a_label_that_is_not_raised_give_nothing_to_compare() {
        let (_, material) = begun(recipe());
        let refused = pilot(&recipe(), &material, settings(&["rewrite"], &[], &[])).map(|_| ());
        assert!(matches!(refused, Err(Error::Plan(PlanError::NothingToTry { .. }))), "{refused:?}");
        let mut none = remote();
        none.targets.label_to.clear();
        let refused = pilot(&none, &material, settings(&["rewrite"], &[], &[])).map(|_| ());
        assert!(matches!(refused, Err(Error::Plan(PlanError::NothingToTry { .. }))), "{refused:?}");
    }
}
