//! What came of the texts that a prompt was to give.

use equipoise_core::stats::{Estimate, wilson};
use serde::Serialize;

/// What came of the texts that were asked for.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Texts asked for.
    pub n_planned: usize,
    /// Texts that answers held.
    pub n_read: usize,
    /// Texts that no check rejects, used or beyond the target.
    pub n_good: usize,
    /// Texts that a check rejects.
    pub n_rejected: usize,
    /// Texts that name their label, used or not.
    pub n_naming_label: usize,
    /// Texts that the model declined.
    pub n_refused: usize,
    /// The check that rejected most, as `check/reason`, and how often.
    pub most_rejected_by: Option<(String, usize)>,
    /// Share (0..1) of the texts asked for that are good.
    pub good: Option<Estimate>,
    /// USD of the answers; `None` where a price is unknown.
    pub usd: Option<f64>,
}

impl Figures {
    /// The figures of `all` together.
    pub(super) fn together<'a>(all: impl Iterator<Item = &'a Figures> + Clone) -> Self {
        let sum = |of: fn(&Figures) -> usize| all.clone().map(of).sum();
        let (n_planned, n_good) = (sum(|f| f.n_planned), sum(|f| f.n_good));
        Figures {
            n_planned,
            n_read: sum(|f| f.n_read),
            n_good,
            n_rejected: sum(|f| f.n_rejected),
            n_naming_label: sum(|f| f.n_naming_label),
            n_refused: sum(|f| f.n_refused),
            most_rejected_by: all.clone().filter_map(|f| f.most_rejected_by.clone()).max_by_key(|(_, n)| *n),
            good: share(n_good, n_planned),
            usd: all.map(|f| f.usd).sum(),
        }
    }
}

/// The share with its interval; more texts than were asked for count as all of them.
pub(super) fn share(n: usize, of: usize) -> Option<Estimate> {
    wilson(n.min(of) as u64, of as u64)
}
