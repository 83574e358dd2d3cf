//! Times in which the server is out.

use std::time::Duration;

/// How the server is out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutageKind {
    /// Every request gets this status.
    Status(u16),
    /// Nobody listens, and open connections are reset.
    Refused,
    /// Connections open, nothing ever comes.
    BlackHole,
}

/// A time in which the server is out, counted from its start.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outage {
    /// When it begins.
    pub from: Duration,
    /// How long it lasts.
    pub lasts: Duration,
    /// How.
    pub kind: OutageKind,
}

impl Outage {
    pub(crate) fn end(&self) -> Duration {
        self.from + self.lasts
    }
}

/// The outage at `now`.
pub(crate) fn at(outages: &[Outage], now: Duration) -> Option<&Outage> {
    outages.iter().find(|o| o.from <= now && now < o.end())
}
