//! A judge's probation in words.

use super::{Bounds, Permit, Probation};
use crate::stats::Estimate;
use crate::text::escape_control;

/// What is known of the label's rows, and what the judge may do.
pub(super) fn sentence(p: &Probation, bounds: &Bounds) -> String {
    let name = format!("`{}`", escape_control(&p.label));
    let percent = |share: f64| format!("{:.0} %", 100.0 * share);
    let between = |e: &Estimate| format!("{} ({} to {})", percent(e.value), percent(e.low), percent(e.high));
    let wrong = match &p.wrong {
        Some(wrong) => format!("About {} of the synthetic rows of {name} look like another label.", between(wrong)),
        None => format!("How many synthetic rows of {name} have a wrong label cannot be said."),
    };
    let may_not = |why: String| format!("{wrong} This judge {why}: it may not reject rows of {name}.");
    match p.permit {
        Permit::AccusesNone => format!("None of the synthetic rows of {name} looks like another label."),
        Permit::Rejects => format!(
            "{wrong} The {} that the judge accuses are omitted: about {} of them are wrong.",
            percent(p.accused.value),
            percent(p.precision.as_ref().map_or(0.0, |p| p.value))
        ),
        Permit::TooFewRows => may_not(format!(
            "was tried on {} real rows of {name} only, and {} are needed",
            p.falsely.n, bounds.fewest_real
        )),
        Permit::AccusesRealRows => may_not(format!(
            "accuses {} of your own rows of {name}, and at most {} is allowed",
            percent(p.falsely.value),
            percent(bounds.most_false)
        )),
        Permit::FindsTooFew => may_not(format!(
            "finds only {} of the real rows of other labels, and at least {} is needed",
            percent(p.found.value),
            percent(bounds.least_found)
        )),
        Permit::TooFewWrong => may_not(format!(
            "would be right about {} of the rows that it accuses, and at least {} is needed",
            p.precision.as_ref().map_or_else(|| "none".to_owned(), |p| percent(p.value)),
            percent(bounds.least_precision)
        )),
    }
}
