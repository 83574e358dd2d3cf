//! What using the synthetic rows costs, counted in rows.

use super::evidence::{Counts, Evidence, LabelEvidence, TextsEvidence};
use super::types::{LabelFinding, LabelVerdict, Price};
use crate::text::{escape_control, thousands};

/// The labels that are harmed, most rows first, and accuracy where it falls beyond noise.
pub(super) fn prices(evidence: &Evidence, labels: &[LabelVerdict]) -> Vec<Price> {
    let Some(texts) = &evidence.texts else { return Vec::new() };
    let harmed = labels.iter().zip(&evidence.labels).filter(|(label, _)| label.finding == LabelFinding::Harmed);
    let mut prices: Vec<Price> = harmed.map(|(_, label)| of_label(label)).collect();
    prices.sort_by_key(|price| std::cmp::Reverse(price.n_lost + price.n_more_false));
    prices.extend(of_all(evidence, texts));
    prices
}

fn of_label(evidence: &LabelEvidence) -> Price {
    let gap = |of: fn(&Counts) -> f64| {
        evidence.counts.as_ref().map_or(0, |[before, with]| (of(with) - of(before)).round() as i64)
    };
    let (n_lost, n_more_false) = (-gap(|counts| counts.n_found), gap(|counts| counts.n_false));
    let name = escape_control(&evidence.label);
    let missed = format!(
        "{} more of {} `{name}` texts {} missed",
        shown(n_lost),
        shown(evidence.support as i64),
        is_or_are(n_lost)
    );
    let wrong = format!(
        "{} more text{} {} called `{name}` wrongly",
        shown(n_more_false),
        if n_more_false == 1 { "" } else { "s" },
        is_or_are(n_more_false)
    );
    let sentence = match (n_lost > 0, n_more_false > 0) {
        (true, true) => format!("{missed}, and {wrong}."),
        (true, false) => format!("{missed}."),
        (false, true) => format!("{wrong}."),
        // F1 falls by a fraction of a row where rows are judged several times.
        (false, false) => format!("F1 of `{name}` falls."),
    };
    Price { label: Some(evidence.label.clone()), n: evidence.support, n_lost, n_more_false, sentence }
}

fn of_all(evidence: &Evidence, texts: &TextsEvidence) -> Option<Price> {
    texts.accuracy.as_ref().filter(|accuracy| accuracy.estimate.high < 0.0)?;
    let [before, with] = texts.n_right;
    let n_lost = (before - with).round() as i64;
    let n = evidence.n_judged;
    let sentence = format!("{} more of all {} texts {} wrong.", shown(n_lost), shown(n as i64), is_or_are(n_lost));
    Some(Price { label: None, n, n_lost, n_more_false: 0, sentence })
}

fn shown(n: i64) -> String {
    thousands(n.unsigned_abs())
}

fn is_or_are(n: i64) -> &'static str {
    if n == 1 { "is" } else { "are" }
}
