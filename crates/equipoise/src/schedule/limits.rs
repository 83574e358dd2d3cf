//! How hard and how long the engine tries.

use crate::journal::Cost;
use crate::transport::Deadlines;
use std::time::Duration;

/// Bounds of a run; a recipe's defaults are taken from these.
#[derive(Debug, Clone, PartialEq)]
pub struct Limits {
    /// The most that the whole run may spend, resumed parts included; needs a price.
    pub budget: Option<Cost>,
    /// Requests in flight at once, at most. The engine starts with 16, or this where it is less, and feels its way. 32.
    pub max_concurrency: usize,
    /// Whether the server runs on this machine and works on few requests at a time. False.
    pub is_here: bool,
    /// An outage that lasts longer stops the run, resumable. 30 minutes.
    pub max_outage: Duration,
    /// How long connections to a server that never answered may fail in a way that waiting does not mend, before the run stops. 10 s.
    pub max_refused: Duration,
    /// A wait asked for by the server that is longer stops the run, resumable. 1 hour.
    pub max_wait: Duration,
    /// Tries of one request that the server answers with an error of its own, outages not counted. 8.
    pub max_overloaded: u32,
    /// Tries of one request that bring half an answer or none; each may have been billed. 5.
    pub max_lost: u32,
    /// First step of the backoff; outages are probed after 5, 10, 20, … times this. 1 s.
    pub backoff_first: Duration,
    /// Longest backoff and longest pause between probes. 60 s.
    pub backoff_cap: Duration,
    /// How long answers in flight are waited for after a stop. 60 s.
    pub drain: Duration,
    /// Deadlines of one call.
    pub deadlines: Deadlines,
    /// Bytes that must be free on the journal's disk, or twice what the answers to come will take where that is more; below it
    /// nothing is sent. 64 MB.
    pub min_free: u64,
    /// Open no socket at all.
    pub offline: bool,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            budget: None,
            max_concurrency: 32,
            is_here: false,
            max_outage: Duration::from_secs(30 * 60),
            max_refused: Duration::from_secs(10),
            max_wait: Duration::from_secs(3600),
            max_overloaded: 8,
            max_lost: 5,
            backoff_first: Duration::from_secs(1),
            backoff_cap: Duration::from_secs(60),
            drain: Duration::from_secs(60),
            deadlines: Deadlines::default(),
            min_free: 64_000_000,
            offline: false,
        }
    }
}
