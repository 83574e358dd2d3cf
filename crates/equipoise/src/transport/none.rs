//! The client of a build without the feature `http`: there is none.

use super::{Deadlines, Endpoint, Lost, RawResponse, TransportError};
use crate::secret::Secret;
use equipoise_core::provider::{HttpCall, Method};
use std::time::Duration;

/// A client that cannot be.
#[derive(Debug, Clone)]
pub struct Transport(Never);

#[derive(Debug, Clone, Copy)]
enum Never {}

impl Transport {
    /// Says that no request can be sent.
    ///
    /// # Errors
    /// [`TransportError::NotBuilt`].
    pub fn open(endpoint: &Endpoint, _: Option<Secret>, _: Deadlines, _: bool) -> Result<Self, TransportError> {
        Err(TransportError::NotBuilt { host: endpoint.host().to_owned() })
    }

    /// Sends nothing.
    ///
    /// # Errors
    /// None, as there is no client.
    pub async fn send(&self, _: &HttpCall, _: Duration) -> Result<RawResponse, Lost> {
        match self.0 {}
    }

    /// Sends nothing.
    ///
    /// # Errors
    /// None, as there is no client.
    pub async fn exchange(&self, _: Method, _: &HttpCall, _: usize) -> Result<RawResponse, Lost> {
        match self.0 {}
    }
}
