//! What `resume` may change of a run: how its endpoint is reached, and never what is asked.

use crate::config::Recipe;
use crate::error::SetupError;
use crate::rundir::RunDir;
use crate::setup::Model;
use crate::{Error, Setup};
use equipoise_core::provider::{Effort, Way};
use serde::{Deserialize, Serialize};

/// The changes that a run was gone on with, in their order.
const OVERRIDES_FILE: &str = "resumed.json";

/// Settings of a run that may change while it goes on.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Overrides {
    /// Another address of the same model.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_url: Option<String>,
    /// Another environment variable that holds the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_env: Option<String>,
    /// How much the model reasons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reasoning: Option<Effort>,
    /// Seconds that one call may take.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deadline_s: Option<u64>,
    /// USD that the run may spend, at most, with what it has spent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub budget_usd: Option<f64>,
    /// Requests in flight, at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_concurrency: Option<usize>,
}

impl Overrides {
    /// Changes `recipe`.
    pub fn apply(&self, recipe: &mut Recipe) {
        let Overrides { base_url, key_env, reasoning, deadline_s, budget_usd, max_concurrency } = self.clone();
        let model = &mut recipe.model;
        model.base_url = base_url.or(model.base_url.take());
        // An empty name takes the variable away.
        model.key_env = key_env.or(model.key_env.take()).filter(|name| !name.is_empty());
        model.reasoning = reasoning.or(model.reasoning);
        model.deadline_s = deadline_s.or(model.deadline_s);
        model.budget_usd = budget_usd.or(model.budget_usd);
        model.max_concurrency = max_concurrency.or(model.max_concurrency);
    }
}

/// The changes that a run was gone on with so far.
pub(super) fn kept(dir: &RunDir) -> Result<Vec<Overrides>, Error> {
    match dir.file(OVERRIDES_FILE).exists() {
        true => Ok(dir.read_json(OVERRIDES_FILE)?),
        false => Ok(Vec::new()),
    }
}

/// The changes of a run, applied to its recipe.
pub(super) struct Applied {
    all: Vec<Overrides>,
    is_new: bool,
    /// The ways in which the run asked before: what was answered there counts.
    pub(super) before: Vec<Way>,
}

impl Applied {
    /// Applies to `recipe` what the run in `dir` was changed to, and `new`, which nothing keeps yet.
    pub(super) fn of(dir: &RunDir, new: &Overrides, recipe: &mut Recipe) -> Result<Self, Error> {
        let mut all = kept(dir)?;
        let is_new = *new != Overrides::default() && all.last() != Some(new);
        all.extend(is_new.then(|| new.clone()));
        let mut before = Vec::new();
        for one in &all {
            before.extend(Model::new(&recipe.model, &recipe.provider)?.way());
            one.apply(recipe);
        }
        Ok(Applied { all, is_new, before })
    }

    /// Keeps the new change, now that `setup` was made with it; refuses one whose key cannot be sent, which would lock the run.
    pub(super) fn keep(&self, dir: &RunDir, setup: &Setup) -> Result<(), Error> {
        if self.is_new {
            setup.model.lane(&|name| std::env::var(name).ok()).map_err(SetupError::from)?;
            dir.write_json(OVERRIDES_FILE, &self.all)?;
        }
        Ok(())
    }
}
