//! The model that a recipe names: its provider, its own name, where it is, and what it costs.

use super::settings;
use crate::config::ModelRecipe;
use crate::error::SetupError;
use crate::schedule::Lane;
use crate::secret::{KeyError, KeyRule};
use crate::transport::{Endpoint, EndpointError};
use equipoise_core::catalog::{SettingsError, find};
use equipoise_core::offline::Offline;
use equipoise_core::plan::{Price, RequestSize};
use equipoise_core::provider::{
    self, BatchWire, Custom, Effort, Provider, Request, Way, Wire, find_model, is_free, list_price, shown_model,
};
use equipoise_core::round::{AskedModel, request_size};
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
    /// Where the price is from; `None` where it is not known.
    pub price_from: Option<PriceFrom>,
    pub(crate) reach: Reach,
}

/// Where a price is from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PriceFrom {
    /// The user gave it.
    Given,
    /// The list that comes with the program.
    Listed,
    /// Nothing is billed.
    Free,
}

/// How the model is reached.
pub(crate) enum Reach {
    /// Over HTTP.
    Http(Box<Remote>),
    /// Inside the process.
    Local(Offline),
}

/// A model behind an address. Its key is read when it is first needed, so that a plan needs none.
pub(crate) struct Remote {
    pub(crate) wire: Arc<dyn Wire>,
    pub(crate) endpoint: Endpoint,
    batch: Option<Arc<dyn BatchWire>>,
    /// Whether it usually takes a JSON schema.
    structured: bool,
    pub(crate) custom: Custom,
    pub(crate) effort: Option<Effort>,
    /// The window that its server told of.
    told_window: Option<u32>,
    /// Ways in which the run asked before.
    pub(crate) before: Vec<Way>,
    key: KeyRule,
}

/// Why a provider cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// No such provider.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A model without its provider.
    #[error("`{name}` names a model without its provider")]
    NoProvider {
        /// What was asked for.
        name: String,
        /// Who sells a model of this name.
        provider: &'static str,
    },
    /// The provider has no address of its own.
    #[error("`{provider}` has no address of its own, and no base URL was given")]
    NoBaseUrl {
        /// The provider.
        provider: &'static str,
    },
    /// No model is named.
    #[error("`{provider}` needs a model: `{provider}/NAME`")]
    NoModel {
        /// The provider.
        provider: &'static str,
    },
    /// The provider has no batch API, or none that this program speaks.
    #[error("`{provider}` takes no batches")]
    NoBatch {
        /// The provider.
        provider: &'static str,
    },
    /// The address is refused.
    #[error(transparent)]
    Endpoint(#[from] EndpointError),
    /// The key cannot be sent.
    #[error(transparent)]
    Key(#[from] KeyError),
}

impl Model {
    /// The model of `PROVIDER/NAME`, or `offline`, with the settings that `tables` have for its provider.
    ///
    /// # Errors
    /// An unknown provider or setting, with the nearest one; a missing model name or address; an address that is refused.
    pub fn new(recipe: &ModelRecipe, tables: &BTreeMap<String, toml::Table>) -> Result<Self, SetupError> {
        for name in tables.keys() {
            find(provider::CATALOG, "provider", name).map_err(SetupError::Table)?;
        }
        let (entry, name) = find_model(&recipe.name).map_err(|error| match seller(&recipe.name) {
            Some(provider) => SetupError::from(ModelError::NoProvider { name: recipe.name.clone(), provider }),
            None => error.into(),
        })?;
        let settings = settings(tables, entry.name).map_err(SetupError::Table)?;
        let provider = *entry.build(&settings).map_err(SetupError::Table)?;
        if recipe.batch && !matches!(&provider, Provider::Http { batch: Some(_), .. }) {
            return Err(ModelError::NoBatch { provider: entry.name }.into());
        }
        let (reach, price) = match provider {
            Provider::Local(offline) => (Reach::Local(offline), Some((FREE, PriceFrom::Free))),
            Provider::Http { wire, base_url, key_env, hosts, structured, batch, custom } => {
                if name.is_empty() {
                    return Err(ModelError::NoModel { provider: entry.name }.into());
                }
                let url = recipe.base_url.as_deref().or(base_url);
                let url = url.ok_or(ModelError::NoBaseUrl { provider: entry.name })?;
                let (url, version) = plain(url);
                let mut custom = *custom;
                custom.query.extend(version.map(|version| (API_VERSION.to_owned(), version.to_owned())));
                let endpoint = Endpoint::parse(url, &recipe.allow_host).map_err(ModelError::from)?;
                let key = KeyRule {
                    own_url: base_url,
                    own_variable: key_env,
                    own_hosts: hosts,
                    variable: recipe.key_env.clone().filter(|name| !name.is_empty()),
                    allow_hosts: recipe.allow_host.clone(),
                };
                let (wire, batch) = (Arc::from(wire), batch.map(Arc::from));
                let effort = recipe.reasoning;
                let (before, told_window) = (Vec::new(), None);
                let remote = Remote { wire, endpoint, batch, structured, custom, effort, told_window, before, key };
                (Reach::Http(Box::new(remote)), price(recipe, entry.name, name))
            }
        };
        let (price, price_from) = price.unzip();
        // All providers that take batches charge half for them.
        let half = |p: Price| Price { input_usd: p.input_usd / 2.0, output_usd: p.output_usd / 2.0 };
        let price = if recipe.batch { price.map(half) } else { price };
        Ok(Model { provider: entry.name, name: name.to_owned(), price, price_from, reach })
    }

    /// The way to a model over HTTP, with its key, which `env` reads from an environment variable; `None` where the model is inside
    /// the process.
    ///
    /// # Errors
    /// A key that is needed and cannot be sent.
    pub fn lane(&self, env: &dyn Fn(&str) -> Option<String>) -> Result<Option<Lane>, ModelError> {
        let Reach::Http(remote) = &self.reach else { return Ok(None) };
        Ok(Some(Lane {
            provider: self.provider,
            wire: remote.wire.clone(),
            batch: remote.batch.clone(),
            endpoint: remote.endpoint.clone(),
            secret: remote.key.read(&remote.endpoint, env)?,
            custom: remote.custom.clone(),
            effort: remote.effort,
            before: remote.before.clone(),
            price: self.price,
        }))
    }

    /// Takes over what the run asked `before`, and the window that its server told of.
    pub(crate) fn go_on(&mut self, before: Vec<Way>, window: Option<u32>) {
        if let Reach::Http(remote) = &mut self.reach {
            remote.before = before;
            if remote.custom.context == 0 {
                remote.told_window = window;
            }
        }
    }

    /// What a request to it weighs, thoughts included.
    pub(crate) fn size(&self, request: &Request) -> RequestSize {
        let mut size = request_size(request);
        let effort = match &self.reach {
            Reach::Http(remote) => self.way().and_then(|way| remote.wire.effort(&self.name, &way)),
            Reach::Local(_) => None,
        };
        if let Some(effort) = effort {
            size.answer_bytes += 4 * u64::from(effort.expected());
            size.max_tokens += u64::from(effort.allowance());
        }
        size
    }

    /// Whether it is worth asking its server about itself: it runs on this machine, and the user did not tell.
    pub(crate) fn is_worth_a_look(&self) -> bool {
        matches!(&self.reach, Reach::Http(remote) if remote.endpoint.is_loopback() && remote.custom.context == 0)
    }

    /// Whether it is a model that a server on this machine holds.
    pub(crate) fn is_here(&self) -> bool {
        matches!(&self.reach, Reach::Http(remote) if remote.endpoint.is_loopback()) && is_free(self.provider)
    }

    /// Whether it is asked over HTTP.
    pub(crate) fn is_remote(&self) -> bool {
        matches!(self.reach, Reach::Http(_))
    }

    /// The seconds that the user lets one call take.
    pub(crate) fn deadline_s(&self) -> Option<u64> {
        let Reach::Http(remote) = &self.reach else { return None };
        Some(u64::from(remote.custom.deadline)).filter(|s| *s > 0)
    }

    /// `PROVIDER/NAME` as plans and reports show it.
    pub fn shown(&self) -> String {
        shown_model(self.provider, &self.name)
    }

    /// The host that texts are sent to; `None` where nothing leaves the process.
    pub fn host(&self) -> Option<&str> {
        match &self.reach {
            Reach::Http(remote) => Some(remote.endpoint.host()),
            Reach::Local(_) => None,
        }
    }

    /// What its requests must know of it.
    pub(crate) fn asked(&self) -> AskedModel {
        let remote = match &self.reach {
            Reach::Http(remote) => Some(remote),
            Reach::Local(_) => None,
        };
        AskedModel {
            name: self.name.clone(),
            is_remote: remote.is_some(),
            is_here: self.is_here(),
            window: remote.and_then(|r| Some(r.custom.context).filter(|tokens| *tokens > 0).or(r.told_window)),
            takes_schema: remote.is_some_and(|remote| remote.structured),
        }
    }

    /// The way in which it is asked, before anything is learnt of it; `None` where it is inside the process.
    pub(crate) fn way(&self) -> Option<Way> {
        let Reach::Http(remote) = &self.reach else { return None };
        let (custom, effort) = (remote.custom.clone(), remote.effort);
        Some(Way { custom, effort, ..Way::new(remote.endpoint.url()) })
    }
}

/// The query parameter of Azure's classic addresses.
const API_VERSION: &str = "api-version";

/// An address as portals show it, without the end of its path that every call has, and the API version that stands in it.
fn plain(url: &str) -> (&str, Option<&str>) {
    let (path, query) = url.split_once('?').map_or((url, None), |(path, query)| (path, Some(query)));
    let version =
        query.and_then(|q| q.strip_prefix(API_VERSION)?.strip_prefix('=')).filter(|v| !v.contains(['&', '#']));
    let end = ["/chat/completions", "/messages"].iter().find_map(|end| path.trim_end_matches('/').strip_suffix(end));
    match (query, version) {
        // Anything else in a query is refused with the address.
        (Some(_), None) => (url, None),
        _ => (end.unwrap_or(path), version),
    }
}

const FREE: Price = Price { input_usd: 0.0, output_usd: 0.0 };

/// The price that the user gave, for the run or for the model by name; else none for a provider that bills nothing; else the list
/// price, at the provider's own address alone.
fn price(recipe: &ModelRecipe, provider: &str, name: &str) -> Option<(Price, PriceFrom)> {
    let named = || {
        recipe
            .prices
            .get(&recipe.name)
            .map(|[input_usd, output_usd]| Price { input_usd: *input_usd, output_usd: *output_usd })
    };
    let given = recipe.known_price().or_else(named).map(|p| (p, PriceFrom::Given));
    let free = || is_free(provider).then_some((FREE, PriceFrom::Free));
    let listed = || list_price(provider, name).filter(|_| recipe.base_url.is_none()).map(|p| (p, PriceFrom::Listed));
    given.or_else(free).or_else(listed)
}

/// The first provider whose list has a model of this name.
fn seller(name: &str) -> Option<&'static str> {
    provider::CATALOG.iter().map(|entry| entry.name).find(|provider| list_price(provider, name).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(recipe: &ModelRecipe) -> Option<(f64, PriceFrom)> {
        let model = Model::new(recipe, &BTreeMap::new()).expect("a model");
        model.price.map(|p| p.input_usd).zip(model.price_from)
    }

    #[test]
    fn a_given_price_wins_over_the_list_and_another_address_has_no_list_price() {
        let named = |name: &str| ModelRecipe { name: name.to_owned(), ..ModelRecipe::default() };
        assert_eq!(of(&named("openai/gpt-4.1-mini")), Some((0.4, PriceFrom::Listed)));
        assert_eq!(of(&named("openai/gpt-unheard-of")), None);
        assert_eq!(of(&named("ollama/llama3.2")), Some((0.0, PriceFrom::Free)));
        assert_eq!(of(&named("offline")), Some((0.0, PriceFrom::Free)));
        let given = ModelRecipe { price: Some([9.0, 9.0]), ..named("openai/gpt-4.1-mini") };
        assert_eq!(of(&given), Some((9.0, PriceFrom::Given)));
        let prices = [("openai/gpt-unheard-of".to_owned(), [7.0, 8.0])].into();
        assert_eq!(of(&ModelRecipe { prices, ..named("openai/gpt-unheard-of") }), Some((7.0, PriceFrom::Given)));
        let proxy = Some("http://127.0.0.1:9/v1".to_owned());
        assert_eq!(of(&ModelRecipe { base_url: proxy, ..named("openai/gpt-4.1-mini") }), None);
    }

    #[test]
    fn addresses_are_taken_as_portals_show_them() {
        for (given, url, version) in [
            ("https://a.example/v1", "https://a.example/v1", None),
            ("https://a.example/v1/chat/completions", "https://a.example/v1", None),
            (
                "https://x.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21",
                "https://x.openai.azure.com/openai/deployments/d",
                Some("2024-10-21"),
            ),
            ("https://a.example/v1?key=x", "https://a.example/v1?key=x", None),
        ] {
            assert_eq!(plain(given), (url, version), "{given}");
        }
    }

    #[test]
    fn a_batch_costs_half_and_only_some_providers_take_one() {
        let recipe = |name: &str| ModelRecipe {
            name: name.to_owned(),
            price: Some([3.0, 15.0]),
            batch: true,
            ..ModelRecipe::default()
        };
        let price = |name| Model::new(&recipe(name), &BTreeMap::new()).ok().and_then(|model| model.price);
        for name in ["openai/m", "anthropic/m", "gemini/m"] {
            assert_eq!(price(name), Some(Price { input_usd: 1.5, output_usd: 7.5 }), "{name}");
        }
        for name in ["offline", "groq/m", "ollama/m"] {
            let refused = Model::new(&recipe(name), &BTreeMap::new()).err();
            assert!(matches!(refused, Some(SetupError::Model(ModelError::NoBatch { .. }))), "{name}");
        }
    }
}
