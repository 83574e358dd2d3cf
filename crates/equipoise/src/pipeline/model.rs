//! The model that a recipe names: its provider, its own name, and what it costs.

use crate::Error;
use crate::config::ModelRecipe;
use equipoise_core::catalog::{self, Settings};
use equipoise_core::plan::Price;
use equipoise_core::provider::{CATALOG, Provider};

/// A provider and the name of the model there.
pub struct Model {
    /// The provider's catalog name.
    pub provider_name: &'static str,
    /// The provider.
    pub provider: Provider,
    /// The model's name at the provider; the provider's own name where it is local.
    pub name: String,
    /// USD per million tokens, where known; nothing for what runs inside the process.
    pub price: Option<Price>,
}

impl Model {
    /// The model of `PROVIDER/NAME`, or `offline`. Hyphens and underscores in the provider are the same.
    ///
    /// # Errors
    /// An unknown provider, with the nearest one; a provider that needs a model name and got none.
    pub fn new(recipe: &ModelRecipe) -> Result<Self, Error> {
        let (provider, name) = recipe.name.split_once('/').unwrap_or((&recipe.name, ""));
        let entry = catalog::find(CATALOG, "provider", &provider.replace('-', "_"))?;
        let provider = *entry.build(&Settings::new())?;
        let local = matches!(provider, Provider::Local(_));
        if name.is_empty() && !local {
            return Err(Error::NoModelName { provider: entry.name });
        }
        let free = Price { input_usd: 0.0, output_usd: 0.0 };
        let price = if local { Some(free) } else { recipe.known_price() };
        let name = if local { entry.name.to_owned() } else { name.to_owned() };
        Ok(Model { provider_name: entry.name, provider, name, price })
    }

    /// `PROVIDER/NAME` as plans and reports show it.
    pub fn shown(&self) -> String {
        match self.provider {
            Provider::Local(_) => self.provider_name.to_owned(),
            Provider::Http { .. } => format!("{}/{}", self.provider_name, self.name),
        }
    }

    /// Whether texts and money stay here.
    pub fn is_local(&self) -> bool {
        matches!(self.provider, Provider::Local(_))
    }
}
