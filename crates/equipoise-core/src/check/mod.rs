//! Checks: what is wrong with a candidate, with a reason and the evidence.

mod context;
mod counts;
mod judge;
mod letters;
mod ngrams;
mod panel;
mod patterns;
mod sample;
mod sentences;
mod tail;
mod verdict;

mod asked;
mod copy;
mod empty;
mod fluency;
mod form;
mod glued;
mod label_drift;
mod label_judge;
mod label_leak;
mod label_prefix;
mod language;
mod length;
mod r#loop;
mod malformed;
mod near_duplicate;
mod on_probation;
mod private;
mod quoted;
mod refusal;
mod set_habits;
mod set_variety;
mod style;
mod talk;
mod test_near;
mod test_overlap;

pub use context::Context;
pub use counts::{CheckCounts, Counts};
pub use judge::{Check, Conclusion, Judge, Session, SetFinding, Subject};
pub use panel::{Judging, Panel, in_order, judge_all};
pub use verdict::{CheckOutcome, Finding, Reason, Verdict, reason};

use crate::catalog::{Entry, Settings, SettingsError};

/// Every check. The first that rejects a text is the reason that is counted, so that the certain and special ones come first.
pub static CATALOG: &[&Entry<dyn Check>] = &[
    &asked::ENTRY,
    &malformed::ENTRY,
    &empty::ENTRY,
    &test_overlap::ENTRY,
    &copy::ENTRY,
    &test_near::ENTRY,
    &near_duplicate::ENTRY,
    &refusal::ENTRY,
    &talk::ENTRY,
    &form::ENTRY,
    &label_prefix::ENTRY,
    &r#loop::ENTRY,
    &private::ENTRY,
    &language::ENTRY,
    &glued::ENTRY,
    &fluency::ENTRY,
    &label_leak::ENTRY,
    &length::ENTRY,
    &quoted::ENTRY,
    &style::ENTRY,
    &label_drift::ENTRY,
    &label_judge::ENTRY,
    &set_habits::ENTRY,
    &set_variety::ENTRY,
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
