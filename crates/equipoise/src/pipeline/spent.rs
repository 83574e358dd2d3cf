//! What a run has asked and paid, from its journal.

use serde::{Deserialize, Serialize};

/// Requests, tokens and money so far.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Spent {
    /// Requests that were answered.
    pub n_answered: usize,
    /// Requests that were sent and whose fate is unknown; their worst case is counted in `usd`.
    pub n_unknown: usize,
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
    /// Money; `None` where the price is unknown.
    pub usd: Option<f64>,
    /// Cost of the answers alone, without requests of unknown fate; equal however often a run was killed.
    pub usd_answers: Option<f64>,
    /// The models that the server named, where it did.
    pub served_models: Vec<String>,
}
