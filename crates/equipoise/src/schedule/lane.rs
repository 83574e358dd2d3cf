//! One way to one provider.

use crate::secret::Secret;
use crate::transport::Endpoint;
use equipoise_core::plan::Price;
use equipoise_core::provider::{BatchWire, Custom, Effort, Way, Wire};
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
    /// What the user adds to every request and omits of it.
    pub custom: Custom,
    /// How much the model is to reason; `None` takes the least that is known of it.
    pub effort: Option<Effort>,
    /// Ways in which the run asked before it was told to ask in another one; their answers count.
    pub before: Vec<Way>,
    /// USD per million tokens; `None` where unknown, which no budget goes with.
    pub price: Option<Price>,
}

impl Lane {
    /// The way in which its endpoint is asked, before anything was learnt of it.
    pub fn way(&self) -> Way {
        Way { custom: self.custom.clone(), effort: self.effort, ..Way::new(self.endpoint.url()) }
    }

    /// What the journal calls it: provider, host, account.
    pub(super) fn name(&self) -> String {
        let account = self.secret.as_ref().map_or_else(|| "-".to_owned(), Secret::digest);
        format!("{} {} {} {account}", self.provider, self.wire.id(), self.endpoint.url())
    }
}
