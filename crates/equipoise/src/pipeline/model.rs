//! The model that a recipe names: its provider, its own name, where it is, and what it costs.

use crate::Error;
use crate::config::ModelRecipe;
use crate::pipeline::judge::settings;
use crate::schedule::LaneError;
use crate::transport::Endpoint;
use equipoise_core::catalog::find;
use equipoise_core::plan::Price;
use equipoise_core::provider::{self, Local, Provider, Wire, find_model};
use std::collections::BTreeMap;
use std::sync::Arc;

/// A provider and the name of the model there. Knowing it needs no key and sends nothing.
pub struct Model {
    /// The provider's catalog name.
    pub provider: &'static str,
    /// The model's name at the provider; empty where the provider is the model.
    pub name: String,
    /// USD per million tokens, where known; nothing for what runs inside the process.
    pub price: Option<Price>,
    pub(super) reach: Reach,
}

/// How the model is reached.
pub(super) enum Reach {
    /// Over HTTP.
    Http {
        wire: Arc<dyn Wire>,
        endpoint: Endpoint,
        /// Whether it usually takes a JSON schema.
        structured: bool,
    },
    /// Inside the process.
    Local(Box<dyn Local>),
}

impl Model {
    /// The model of `PROVIDER/NAME`, or `offline`, with the settings that `tables` have for its provider.
    ///
    /// # Errors
    /// An unknown provider or setting, with the nearest one; a missing model name or address; an address that is refused.
    pub fn new(recipe: &ModelRecipe, tables: &BTreeMap<String, toml::Table>) -> Result<Self, Error> {
        for name in tables.keys() {
            find(provider::CATALOG, "provider", name).map_err(Error::RecipeTable)?;
        }
        let (entry, name) = find_model(&recipe.name)?;
        let settings = settings(tables, entry.name).map_err(Error::RecipeTable)?;
        let (reach, price) = match *entry.build(&settings).map_err(Error::RecipeTable)? {
            Provider::Local(local) => (Reach::Local(local), Some(Price { input_usd: 0.0, output_usd: 0.0 })),
            Provider::Http { wire, base_url, structured, .. } => {
                if name.is_empty() {
                    return Err(LaneError::NoModel { provider: entry.name }.into());
                }
                let url = recipe.base_url.as_deref().or(base_url);
                let url = url.ok_or(LaneError::NoBaseUrl { provider: entry.name })?;
                let endpoint = Endpoint::parse(url, &recipe.allow_host).map_err(LaneError::from)?;
                (Reach::Http { wire: Arc::from(wire), endpoint, structured }, recipe.known_price())
            }
        };
        Ok(Model { provider: entry.name, name: name.to_owned(), price, reach })
    }

    /// `PROVIDER/NAME` as plans and reports show it.
    pub fn shown(&self) -> String {
        if self.name.is_empty() { self.provider.to_owned() } else { format!("{}/{}", self.provider, self.name) }
    }

    /// The host that texts are sent to; `None` where nothing leaves the process.
    pub fn host(&self) -> Option<&str> {
        match &self.reach {
            Reach::Http { endpoint, .. } => Some(endpoint.host()),
            Reach::Local(_) => None,
        }
    }

    /// Whether requests are sent with a JSON schema.
    pub(super) fn structured(&self) -> bool {
        matches!(self.reach, Reach::Http { structured: true, .. })
    }
}
