//! One way to one provider.

use crate::secret::Secret;
use crate::transport::Endpoint;
use equipoise_core::plan::Price;
use equipoise_core::provider::{BatchWire, Wire};
use std::sync::Arc;

/// One way to one provider: language, address, key, price. [`crate::Setup`] resolves it from a recipe.
#[derive(Clone)]
pub struct Lane {
    /// Name of the provider in the catalog.
    pub provider: &'static str,
    /// Its language.
    pub wire: Arc<dyn Wire>,
    /// Its batch API, where it has one.
    pub batch: Option<Arc<dyn BatchWire>>,
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
