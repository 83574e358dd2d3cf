//! Checks: what is wrong with a candidate, with a reason and the evidence.

mod context;
mod counts;
mod judge;
mod panel;
mod verdict;

mod asked;
mod copy;
mod empty;
mod label_drift;
mod label_leak;
mod length;
mod malformed;
mod near_duplicate;
mod test_overlap;

pub use context::Context;
pub use counts::{CheckCounts, Counts};
pub use judge::{Check, Conclusion, Judge, Session, Subject};
pub use panel::{Judging, Panel, in_order, judge_all};
pub use verdict::{Finding, Outcome, Reason, Verdict, reason};

use crate::catalog::{Entry, Settings, SettingsError};

/// Every check, the cheap and certain ones first.
pub static CATALOG: &[&Entry<dyn Check>] = &[
    &asked::ENTRY,
    &malformed::ENTRY,
    &empty::ENTRY,
    &length::ENTRY,
    &copy::ENTRY,
    &near_duplicate::ENTRY,
    &label_leak::ENTRY,
    &test_overlap::ENTRY,
    &label_drift::ENTRY,
];

/// Builds every check of the catalog, in its order; `settings` gives the table of a check by its name.
///
/// # Errors
/// [`SettingsError`] of the first check that refuses its table.
pub fn build_all(settings: impl Fn(&str) -> Option<Settings>) -> Result<Vec<Box<dyn Check>>, SettingsError> {
    CATALOG.iter().map(|e| e.build(&settings(e.name).unwrap_or_default())).collect()
}

#[cfg(test)]
mod tests;
