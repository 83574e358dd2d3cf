//! From `--model PROVIDER/NAME` to something that can be asked.

use crate::secret::{KeyError, Secret, key_for};
use crate::transport::{Endpoint, EndpointError};
use equipoise_core::catalog::{Settings, SettingsError};
use equipoise_core::plan::Price;
use equipoise_core::provider::{Local, Provider, Wire, find_model};
use std::sync::Arc;

/// One way to one provider: language, address, key, price.
#[derive(Clone)]
pub struct Lane {
    /// Name of the provider in the catalog.
    pub provider: &'static str,
    /// Its language.
    pub wire: Arc<dyn Wire>,
    /// Its address.
    pub endpoint: Endpoint,
    /// The key, where one is sent.
    pub secret: Option<Secret>,
    /// Whether requests are sent with their schema; one refusal turns it off.
    pub structured: bool,
    /// USD per million tokens; `None` where unknown, which no budget goes with.
    pub price: Option<Price>,
}

impl Lane {
    /// What the journal calls it: provider, host, account.
    pub(super) fn name(&self) -> String {
        let account = self.secret.as_ref().map_or_else(|| "-".to_owned(), Secret::digest);
        format!("{} {} {} {account}", self.provider, self.wire.id(), self.endpoint.url())
    }
}

/// A provider, ready.
pub enum Reach {
    /// Over HTTP.
    Remote(Lane),
    /// Inside the process.
    Local {
        /// Name of the provider in the catalog.
        provider: &'static str,
        /// The provider.
        local: Box<dyn Local>,
    },
}

/// What the user said about the provider besides its name.
pub struct LaneOptions<'a> {
    /// `--base-url`.
    pub base_url: Option<&'a str>,
    /// `--key-env`.
    pub key_env: Option<&'a str>,
    /// `--allow-host`, repeatable.
    pub allow_hosts: &'a [String],
    /// `--price`, or the price that is known of the model.
    pub price: Option<Price>,
    /// Reads an environment variable.
    pub env: &'a dyn Fn(&str) -> Option<String>,
}

/// Why a provider cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LaneError {
    /// No such provider, or it does not build.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The provider has no address of its own.
    #[error("`{provider}` needs `--base-url URL`")]
    NoBaseUrl {
        /// The provider.
        provider: &'static str,
    },
    /// No model is named.
    #[error("`{provider}` needs a model: `--model {provider}/NAME`")]
    NoModel {
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

/// The provider of `PROVIDER/NAME`, and the model's name as the provider knows it.
///
/// # Errors
/// [`LaneError`], before anything is sent.
pub fn reach<'a>(model: &'a str, options: &LaneOptions<'_>) -> Result<(Reach, &'a str), LaneError> {
    let (entry, name) = find_model(model)?;
    let provider = *entry.build(&Settings::new())?;
    let given = options.base_url;
    let Provider::Http { base_url, structured, .. } = &provider else {
        let Provider::Local(local) = provider else { return Err(LaneError::NoBaseUrl { provider: entry.name }) };
        return Ok((Reach::Local { provider: entry.name, local }, name));
    };
    if name.is_empty() {
        return Err(LaneError::NoModel { provider: entry.name });
    }
    let url = given.or(*base_url).ok_or(LaneError::NoBaseUrl { provider: entry.name })?;
    let endpoint = Endpoint::parse(url, options.allow_hosts)?;
    let secret = key_for(&provider, &endpoint, options.key_env, options.allow_hosts, options.env)?;
    let structured = *structured;
    let Provider::Http { wire, .. } = provider else { return Err(LaneError::NoBaseUrl { provider: entry.name }) };
    let lane = Lane { provider: entry.name, wire: Arc::from(wire), endpoint, secret, structured, price: options.price };
    Ok((Reach::Remote(lane), name))
}
