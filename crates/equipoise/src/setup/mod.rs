//! A recipe, resolved: whatever it stands for is checked and built here, once, before a row is read.

mod attributing;
mod judging;
mod label_judge;
mod learners;
mod masking;
mod model;
mod prompting;
mod supply;

pub(crate) use attributing::{Attributing, Learnt};
pub(crate) use label_judge::{LabelJudge, Who};
pub(crate) use learners::{Learners, Named};
pub(crate) use masking::Masking;
pub(crate) use model::Reach;
pub use model::{Model, ModelError, PriceFrom};
pub(crate) use prompting::Prompting;

use crate::config::{BadValue, ConfigError, Layer, ModelRecipe, OutputRecipe, Recipe};
use crate::error::{MaterialError, PlanError, SetupError};
use crate::fits::{LearnerCommand, Outside, Own, OwnLearner};
use crate::journal::Cost;
use crate::schedule::{Limits, ServerFacts};
use crate::transport::Deadlines;
use crate::{Error, Material};
use equipoise_core::arm::{self, ArmSet, Fits, Goal, GoalError, Priors};
use equipoise_core::catalog::{Entry, Settings, SettingsError, find};
use equipoise_core::check::{self, Check};
use equipoise_core::data::Labels;
use equipoise_core::plan::Targets;
use equipoise_core::provider::Way;
use equipoise_core::rng::Seed;
use equipoise_core::rules::TextRules;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// Everything that a recipe decides, ready to use. Nothing behind it reads the recipe again.
pub struct Setup {
    /// As it was given, to be written into a run.
    recipe: Recipe,
    pub(crate) seed: u64,
    /// The day on which this was set up, `2026-11-28`; of a run that is gone on with or replayed, the day of its start.
    pub(crate) date: Option<String>,
    /// The command that was typed, where one was.
    pub(crate) command: Option<String>,
    pub(crate) targets: Targets,
    pub(crate) model: Arc<Model>,
    pub(crate) prompting: Prompting,
    /// What new texts are to be like.
    pub(crate) attributing: Attributing,
    /// What is hidden from the model; `None` where nothing is, or nothing is sent.
    pub(crate) masking: Option<Masking>,
    /// Source rows a request, at most; 0 sizes chunks by tokens.
    pub(crate) chunk: usize,
    /// Rounds in which rejected and missing texts are asked for again.
    pub(crate) rounds: u32,
    pub(crate) avoid_patterns: bool,
    pub(crate) temperature: Option<f64>,
    /// Whether requests are handed over in batches.
    pub(crate) batches: bool,
    /// Whether to go on where the price is not known.
    pub(crate) unpriced: bool,
    pub(crate) limits: Limits,
    pub(crate) checks: Vec<Box<dyn Check>>,
    /// Who says which labels texts have; `None` where nobody is named.
    pub(crate) judge: Option<Arc<LabelJudge>>,
    pub(crate) learners: Learners,
    pub(crate) arms: ArmSet,
    /// The learner of the program that embeds this library.
    own: Option<Arc<dyn OwnLearner>>,
    /// Where models that are fitted outside leave their results; `None` for a folder that goes afterwards.
    pub(crate) fits_folder: Option<PathBuf>,
    /// Whether each learner's settings are searched.
    pub(crate) tunes: bool,
    /// Whether a run compares arms.
    pub(crate) evaluates: bool,
    pub(crate) n_resamples: usize,
    /// Passes through the folds, or draws on held-out rows, where a number was named.
    pub(crate) repeats: Option<usize>,
    pub(crate) output: OutputRecipe,
    goal: String,
}

impl Setup {
    /// Checks a recipe and builds what it names. Reads the files of learners that need some; sends nothing and needs no key.
    ///
    /// # Errors
    /// A value out of range; an unknown item or setting, with the nearest one; a model without a name or an address.
    pub fn new(recipe: Recipe) -> Result<Self, Error> {
        recipe.check().map_err(bad_argument)?;
        let targets = recipe.targets.parse();
        let targets = targets.map_err(|message| bad_argument(BadValue { key: "targets", message }))?;
        // A label is looked up when the rows are known.
        if let Err(error @ GoalError::Unknown(_)) = Goal::parse(&recipe.evaluate.goal, &Labels::default()) {
            return Err(SetupError::from(error).into());
        }
        let model = Arc::new(Model::new(&recipe.model, &recipe.provider)?);
        if let (Reach::Local(_), Some(setting)) = (&model.reach, of_no_use(&recipe)) {
            return Err(SetupError::NoUse { setting }.into());
        }
        let limits = limits(&recipe, &model);
        Ok(Setup {
            seed: recipe.seed,
            date: Some(today()),
            command: None,
            targets,
            prompting: Prompting::new(&model, recipe.prompt_name())?,
            attributing: Attributing::new(recipe.given_attributes().map_err(bad_argument)?),
            masking: Masking::new(&recipe.mask)?,
            model,
            chunk: recipe.prompt.chunk,
            rounds: recipe.prompt.rounds,
            avoid_patterns: recipe.prompt.avoid_patterns,
            temperature: recipe.model.temperature,
            batches: recipe.model.batch,
            unpriced: recipe.model.unpriced,
            limits,
            checks: checks(&recipe).map_err(SetupError::Table)?,
            judge: LabelJudge::new(&recipe)?.map(Arc::new),
            learners: Learners::new(&recipe)?,
            arms: arms(&recipe.arm).map_err(SetupError::Table)?.of_fits(fits(&recipe)?),
            own: None,
            fits_folder: None,
            tunes: recipe.evaluate.tune,
            evaluates: recipe.evaluate.enabled,
            n_resamples: recipe.evaluate.resamples,
            repeats: recipe.evaluate.repeats,
            output: recipe.output,
            goal: recipe.evaluate.goal.clone(),
            recipe,
        })
    }

    /// The same of a run that asked in the ways `before` and whose server told `facts` of itself.
    pub(crate) fn going_on(mut self, before: Vec<Way>, facts: ServerFacts) -> Self {
        if let Some(model) = Arc::get_mut(&mut self.model) {
            model.go_on(before, facts.window);
        }
        if let Some(slots) = facts.slots.filter(|_| self.recipe.model.max_concurrency.is_none() && self.limits.is_here)
        {
            self.limits.max_concurrency = slots as usize;
        }
        self
    }

    /// The same of a run that learnt values of attributes when it began.
    pub(crate) fn having_learnt(mut self, learnt: Learnt) -> Self {
        self.attributing.having_learnt(learnt);
        self
    }

    /// The same with the results of models that are fitted outside kept in `folder`.
    #[must_use]
    pub fn fits_in(mut self, folder: PathBuf) -> Self {
        self.fits_folder = Some(folder);
        self
    }

    /// The same of a run that was started on another day.
    pub(crate) fn of_day(mut self, date: Option<String>) -> Self {
        self.date = date;
        self
    }

    /// The same, for the command that somebody typed: a report shows it.
    #[must_use]
    pub fn typed(mut self, command: Option<String>) -> Self {
        self.command = command;
        self
    }

    /// The same, judged by a learner of the embedding program, which the recipe then names.
    #[must_use]
    pub fn judged_by(mut self, learner: Arc<dyn OwnLearner>) -> Self {
        self.recipe.evaluate.own_learner = Some(learner.identity().to_owned());
        if self.recipe.evaluate.fits.is_none() {
            self.arms = self.arms.of_fits(Fits::Auto);
        }
        self.with_own(Some(learner))
    }

    /// The same with the learner that the program has for a run whose recipe names one.
    pub(crate) fn with_own(self, own: Option<Arc<dyn OwnLearner>>) -> Self {
        Setup { own, ..self }
    }

    /// The learner of the program that embeds this library.
    pub(crate) fn own(&self) -> Option<Arc<dyn OwnLearner>> {
        self.own.clone()
    }

    /// Whoever fits the models that the verdict follows; `None` where that is a learner of the catalog.
    pub(crate) fn outside(&self) -> Option<Box<dyn Outside + '_>> {
        let recipe = &self.recipe.evaluate;
        let own = |identity| Box::new(Own { identity, learner: self.own.as_deref() }) as Box<dyn Outside>;
        let command = |command| Box::new(LearnerCommand(command)) as Box<dyn Outside>;
        recipe.own_learner.as_deref().map(own).or_else(|| recipe.learner_command.as_deref().map(command))
    }

    /// The recipe that this setup was made from.
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Refuses to send where the price is unknown and the user did not say that this is fine.
    pub(crate) fn check_price(&self) -> Result<(), Error> {
        let is_known = self.model.price.is_some() || self.unpriced;
        if is_known { Ok(()) } else { Err(PlanError::Unpriced { model: self.model.shown() }.into()) }
    }

    /// Refuses what could never be sent: nothing may be, or a budget has no price to count with.
    pub(crate) fn check_way(&self) -> Result<(), Error> {
        let model = || self.model.shown();
        if self.limits.offline {
            return Err(PlanError::Offline { model: model() }.into());
        }
        if self.limits.budget.is_some() && self.model.price.is_none() {
            return Err(PlanError::BudgetWithoutPrice { model: model() }.into());
        }
        Ok(())
    }

    /// The seed from which everything random has a named child.
    pub(crate) fn seed(&self) -> Seed {
        Seed::new(self.seed)
    }

    /// Refuses rows that this setup cannot work with, before anything is written or paid.
    pub(crate) fn fits(&self, material: &Material) -> Result<(), Error> {
        self.goal(material.dataset.labels())?;
        self.priors(material.dataset.labels())?;
        let has_held_out = || material.dataset.held_out().is_some_and(|held| !held.is_empty());
        if self.evaluates && !has_held_out() && !material.dataset.can_fold() {
            return Err(MaterialError::NothingToJudge.into());
        }
        if self.evaluates {
            let of_test = |source| MaterialError::Data { name: material.held_out_name.clone(), source };
            material.dataset.check_apart().map_err(of_test)?;
        }
        let mines = self.prompting.generator().map_err(SetupError::from)?.1.mines();
        if mines && material.donors.is_empty() {
            return Err(MaterialError::NothingToMine.into());
        }
        if material.unlabelled.is_some() && matches!(self.model.reach, Reach::Http(_)) && !mines {
            return Err(MaterialError::Unlabelled { model: self.model.shown() }.into());
        }
        Ok(())
    }

    /// What labels mean, in phrases for prompts.
    ///
    /// # Errors
    /// A label that the rows do not have.
    pub(crate) fn definitions(&self, labels: &Labels) -> Result<BTreeMap<String, Vec<String>>, SetupError> {
        let said = self.recipe.label.iter().map(|(label, definition)| match labels.id(label) {
            Some(_) => Ok((label.clone(), definition.lines())),
            None => Err(SetupError::NoSuchLabel { label: label.clone(), known: labels.names().join(", ") }),
        });
        let said: BTreeMap<_, _> = said.collect::<Result<_, SetupError>>()?;
        Ok(said.into_iter().filter(|(_, lines)| !lines.is_empty()).collect())
    }

    /// The shares that labels will have where the classifier is used.
    pub(crate) fn priors(&self, labels: &Labels) -> Result<Priors, SetupError> {
        let shares = self.recipe.evaluate.prior.iter().map(|(label, share)| (label.as_str(), *share));
        Ok(Priors::parse(shares, labels)?)
    }

    /// What the choices on the training rows try to raise.
    pub(crate) fn goal(&self, labels: &Labels) -> Result<Goal, SetupError> {
        Ok(Goal::parse(&self.goal, labels)?)
    }
}

/// A setting that only a model that is asked has a use for.
fn of_no_use(recipe: &Recipe) -> Option<&'static str> {
    let model = &recipe.model;
    let given = [
        ("mine", recipe.prompt.template.as_deref() == Some("mine")),
        ("prompt", recipe.prompt.template.is_some()),
        ("chunk", recipe.prompt.chunk != 0),
        ("avoid-patterns", recipe.prompt.avoid_patterns),
        ("base-url", model.base_url.is_some()),
        ("key-env", model.key_env.as_ref().is_some_and(|name| !name.is_empty())),
        ("temperature", model.temperature.is_some()),
        ("mask", recipe.mask.how.is_some() && recipe.judge.model.is_none()),
        ("attribute", !recipe.attributes.is_empty()),
        ("texts", recipe.texts != TextRules::default()),
        ("reasoning", model.reasoning.is_some()),
    ];
    // What a judge of labels that is a model has use for.
    let of_judge = [
        ("price", model.price.is_some()),
        ("unpriced", model.unpriced),
        ("budget", model.budget_usd.is_some()),
        ("deadline", model.deadline_s.is_some()),
        ("max-concurrency", model.max_concurrency.is_some()),
        ("allow-host", !model.allow_host.is_empty()),
        ("max-outage", model.max_outage_s != ModelRecipe::default().max_outage_s),
    ];
    let of_judge = of_judge.into_iter().filter(|_| recipe.judge.model.is_none());
    given.into_iter().chain(of_judge).find(|(_, is_given)| *is_given).map(|(setting, _)| setting)
}

/// The day by UTC; `SOURCE_DATE_EPOCH` stands in for the clock where outputs must be the same on any day (reproducible-builds.org).
fn today() -> String {
    let fixed = std::env::var("SOURCE_DATE_EPOCH").ok().and_then(|seconds| seconds.parse().ok());
    let now = fixed.map_or_else(SystemTime::now, |seconds| SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
    // The first ten characters of a time by RFC 3339.
    humantime::format_rfc3339_seconds(now).to_string().chars().take(10).collect()
}

fn bad_argument(BadValue { key, message }: BadValue) -> Error {
    ConfigError::BadValue { key: key.to_owned(), message, layer: Layer::Argument }.into()
}

/// Requests in flight at a hosted model, and at a server on this machine, which works on few at a time.
const IN_FLIGHT: usize = 32;
const IN_FLIGHT_HERE: usize = 4;

fn limits(recipe: &Recipe, asked: &Model) -> Limits {
    let model = &recipe.model;
    let deadline = model.deadline_s.or_else(|| asked.deadline_s()).map(Duration::from_secs);
    let deadlines = Deadlines::default();
    Limits {
        deadlines: Deadlines { total: deadline.unwrap_or(deadlines.total), is_fixed: deadline.is_some(), ..deadlines },
        budget: model.budget_usd.map(Cost::from_usd),
        max_concurrency: model.max_concurrency.unwrap_or(if asked.is_here() { IN_FLIGHT_HERE } else { IN_FLIGHT }),
        is_here: asked.is_here(),
        max_outage: Duration::from_secs(model.max_outage_s),
        offline: model.offline,
        ..Limits::default()
    }
}

/// How many models are fitted for each learner.
fn fits(recipe: &Recipe) -> Result<Fits, Error> {
    let evaluate = &recipe.evaluate;
    match &evaluate.fits {
        Some(named) => named.parse().map_err(|message| bad_argument(BadValue { key: "evaluate.fits", message })),
        None if evaluate.learner_command.is_some() || evaluate.own_learner.is_some() => Ok(Fits::Auto),
        None => Ok(Fits::All),
    }
}

/// Every check, with the settings that the recipe has for it; the one that asks a judge where there is one.
fn checks(recipe: &Recipe) -> Result<Vec<Box<dyn Check>>, SettingsError> {
    let tables = &recipe.check;
    for name in tables.keys() {
        find(check::CATALOG, "check", name)?;
    }
    let build = |entry: &&Entry<dyn Check>| entry.build(&settings(tables, entry.name)?);
    let built: Vec<Box<dyn Check>> = check::CATALOG.iter().map(build).collect::<Result<_, _>>()?;
    let has_judge = recipe.judge.model.is_some() || recipe.judge.command.is_some();
    Ok(built.into_iter().filter(|check| has_judge || !check.is_asked()).collect())
}

/// Every arm, with the settings that the recipe has for it.
fn arms(tables: &BTreeMap<String, toml::Table>) -> Result<ArmSet, SettingsError> {
    let mut written = BTreeMap::new();
    for name in tables.keys() {
        let name = arm::find(name)?.item.name;
        written.insert(name, settings(tables, name)?);
    }
    ArmSet::new(|name| written.get(name).cloned())
}

/// The settings that a recipe has for an item.
pub(crate) fn settings(tables: &BTreeMap<String, toml::Table>, item: &'static str) -> Result<Settings, SettingsError> {
    let Some(table) = tables.get(item) else { return Ok(Settings::new()) };
    match serde_json::to_value(table) {
        Ok(serde_json::Value::Object(settings)) => Ok(settings),
        Ok(_) => Ok(Settings::new()),
        Err(e) => Err(SettingsError::BadValue { item, message: e.to_string() }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Kind;

    fn error(change: impl FnOnce(&mut Recipe)) -> Error {
        let mut recipe = Recipe::default();
        change(&mut recipe);
        Setup::new(recipe).err().expect("a recipe that makes no sense")
    }

    #[test]
    fn a_recipe_made_by_hand_is_refused_with_its_key_and_never_panics() {
        for (key, error) in [
            ("targets", error(|r| r.targets.balance = "up".to_owned())),
            ("targets", error(|r| r.targets.style_control = f64::NAN)),
            ("targets", error(|r| drop(r.targets.label_to.insert("x".to_owned(), "-2".to_owned())))),
            ("evaluate.held_out_share", error(|r| r.evaluate.held_out_share = Some(f64::NAN))),
            ("evaluate.repeats", error(|r| r.evaluate.repeats = Some(0))),
            ("evaluate.learners", error(|r| r.evaluate.learners.clear())),
            ("evaluate.resamples", error(|r| r.evaluate.resamples = 0)),
            ("model.max_concurrency", error(|r| r.model.max_concurrency = Some(0))),
            ("model.price", error(|r| r.model.price = Some([f64::INFINITY, 0.0]))),
            ("model.price", error(|r| r.model.budget_usd = Some(-1.0))),
            ("model.temperature", error(|r| r.model.temperature = Some(9.0))),
        ] {
            let message = error.to_string();
            assert!(message.starts_with(key) && message.ends_with("(from the argument)"), "{message}");
            assert_eq!(error.kind(), Kind::Usage, "{message}");
        }
    }

    #[test]
    fn names_of_items_settings_models_and_goals_are_looked_up() {
        let table = |text: &str| text.parse::<toml::Table>().expect("TOML");
        for (message, error) in [
            ("no learner is called `liner`", error(|r| r.evaluate.learners = vec!["liner".to_owned()])),
            ("no provider is called `opanai`", error(|r| r.model.name = "opanai/x".to_owned())),
            ("`openai` needs a model", error(|r| r.model.name = "openai".to_owned())),
            ("`openai_compatible` has no address", error(|r| r.model.name = "openai-compatible/x".to_owned())),
            ("`f2` is no goal", error(|r| r.evaluate.goal = "f2".to_owned())),
            ("recipe: no check is called", error(|r| drop(r.check.insert("coppy".to_owned(), table(""))))),
            ("recipe: `copy` has no setting", error(|r| drop(r.check.insert("copy".to_owned(), table("x = 1"))))),
            ("recipe: no arm is called `edda`", error(|r| drop(r.arm.insert("edda".to_owned(), table(""))))),
            ("recipe: `eda`: alpha", error(|r| drop(r.arm.insert("eda".to_owned(), table("alpha = 2.0"))))),
            ("recipe: `openai` has no setting", {
                error(|r| {
                    r.model.name = "openai/x".to_owned();
                    r.provider.insert("openai".to_owned(), table("x = 1"));
                })
            }),
        ] {
            assert!(error.to_string().starts_with(message), "{error}");
        }
        assert!(Setup::new(Recipe::default()).is_ok());
    }
}
