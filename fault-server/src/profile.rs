//! How a server behaves.

use crate::{BatchProfile, Fault, Outage, RateProfile, Script};
use std::time::Duration;

/// How a server behaves. The default answers everything well and at once.
#[derive(Clone)]
pub struct Profile {
    /// Time from the last byte of a request to the first of its answer. 0.
    pub latency: Duration,
    /// Decides which requests meet which faults. 0.
    pub seed: u64,
    /// Types and the shares of requests that they befall, each try drawn anew; the shares add up to at most 1.
    pub faults: Vec<(Fault, f64)>,
    /// The wait that an injected 429 asks for. 20 ms.
    pub fault_wait: Duration,
    /// How long a hanging connection stays open. 1 h.
    pub hang: Duration,
    /// Time between two bytes of a drip. 1 s.
    pub drip: Duration,
    /// Rate limits; none.
    pub rate: Option<RateProfile>,
    /// Times in which the server is out.
    pub outages: Vec<Outage>,
    /// How batches go.
    pub batch: BatchProfile,
    /// Input and output tokens of every answer; `None` counts a quarter of the bytes.
    pub usage: Option<(u64, u64)>,
    /// Decides each reply in place of `faults`.
    pub script: Option<Script>,
    /// The models that `GET /v1/models` lists; with none there is no such address.
    pub models: Vec<String>,
    /// Keeps every request for [`crate::Server::requests`]; memory grows.
    pub keep: bool,
    /// Port on 127.0.0.1; 0 takes a free one.
    pub port: u16,
}

impl Default for Profile {
    fn default() -> Self {
        Profile {
            latency: Duration::ZERO,
            seed: 0,
            faults: Vec::new(),
            fault_wait: Duration::from_millis(20),
            hang: Duration::from_secs(3600),
            drip: Duration::from_secs(1),
            rate: None,
            outages: Vec::new(),
            batch: BatchProfile::default(),
            usage: None,
            script: None,
            models: Vec::new(),
            keep: false,
            port: 0,
        }
    }
}

impl Profile {
    /// All 36 types of faults at `share` of the requests together, evenly.
    pub fn hostile(share: f64) -> Self {
        let each = share / Fault::ALL.len() as f64;
        Profile { faults: Fault::ALL.iter().map(|f| (*f, each)).collect(), ..Profile::default() }
    }
}
