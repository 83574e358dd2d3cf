//! What a gain costs, counted in rows.

use super::evidence::{Evidence, LabelEvidence, TextsEvidence};
use super::types::{LabelFinding, LabelVerdict, Price};
use crate::text::escape_control;

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
    let gap = |of: fn(&super::evidence::Counts) -> f64| {
        evidence.counts.as_ref().map_or(0, |[before, with]| (of(with) - of(before)).round() as i64)
    };
    let (n_lost, n_more_false) = (-gap(|counts| counts.n_found), gap(|counts| counts.n_false));
    let name = escape_control(&evidence.label);
    let found = match n_lost {
        0 => format!("as many of its {} rows are found", evidence.support),
        lost => format!("{} of its {} rows are found", more_or_fewer(-lost), evidence.support),
    };
    let sentence = match n_more_false {
        0 => format!("`{name}` is harmed: {found}."),
        more => format!("`{name}` is harmed: {found}, and {} are called `{name}` wrongly.", rows(more)),
    };
    Price { label: Some(evidence.label.clone()), n: evidence.support, n_lost, n_more_false, sentence }
}

fn of_all(evidence: &Evidence, texts: &TextsEvidence) -> Option<Price> {
    texts.accuracy.as_ref().filter(|accuracy| accuracy.estimate.high < 0.0)?;
    let [before, with] = texts.n_right;
    let n_lost = (before - with).round() as i64;
    let n = evidence.n_judged;
    let sentence = format!("{} of all {n} rows are right.", more_or_fewer(-n_lost));
    Some(Price { label: None, n, n_lost, n_more_false: 0, sentence })
}

/// `12 fewer`, `3 more`.
fn more_or_fewer(n: i64) -> String {
    format!("{} {}", n.abs(), if n < 0 { "fewer" } else { "more" })
}

/// `1 more row`, `30 fewer rows`.
fn rows(n: i64) -> String {
    format!("{} row{}", more_or_fewer(n), if n.abs() == 1 { "" } else { "s" })
}
