//! The verdict on each label.

use super::figures::Figure;
use super::verdict::Case;
use super::verdict_types::{FreeRival, LabelFinding, LabelVerdict, RELEVANT};
use super::words::{change, found, titled};
use crate::arm::NONE;
use crate::data::LabelId;
use crate::metric::AVERAGE_PRECISION;
use crate::stats::{Estimate, Measured, holm, minimum_detectable_effect};
use crate::text::escape_control;

/// What the arm with synthetic rows did to each label, set against `none`; empty where one of the two was not made.
///
/// A label is called helped or harmed where Holm's correction leaves p below 0.05, unaffected where the whole 95 % interval lies
/// inside ± [`RELEVANT`] (two one-sided tests, Schuirmann 1987), and else nothing is said of it. The raised labels, which the rows
/// were made for, and the others, which they may harm, are corrected as two families: that a label more was watched for harm
/// hides no effect on the one that was raised.
pub(super) fn label_verdicts(case: &Case<'_>) -> Vec<LabelVerdict> {
    let (Some(with), Some(without)) = (case.fit(case.subject()), case.fit(NONE)) else { return Vec::new() };
    let labels: Vec<LabelId> = case.labels.ids().collect();
    let measured: Vec<Option<Measured>> =
        labels.iter().map(|l| case.figures.difference(with, without, Figure::f1(*l))).collect();
    let family = |raised: bool| {
        let of = |(label, m): (&LabelId, &Option<Measured>)| {
            m.as_ref().filter(|_| case.raised.contains(label) == raised).map(|m| m.p_value)
        };
        holm(&labels.iter().zip(&measured).map(of).collect::<Vec<_>>())
    };
    let adjusted = family(true).into_iter().zip(family(false)).map(|(raised, other)| raised.or(other));
    let verdict = |((label, measured), p_holm): ((&LabelId, &Option<Measured>), Option<f64>)| {
        let support = case.figures.support(*label);
        let precision =
            case.figures.difference(with, without, Figure::Of(AVERAGE_PRECISION, Some(*label))).map(|m| m.estimate);
        let mut verdict = LabelVerdict {
            label: case.labels.name(*label).to_owned(),
            finding: finding(measured.as_ref(), p_holm),
            raised: case.raised.contains(label),
            arm: case.subject().to_owned(),
            support,
            difference: measured.as_ref().map(|m| m.estimate.clone()),
            p_value: measured.as_ref().map(|m| m.p_value),
            p_holm,
            detectable: measured.as_ref().and_then(|m| minimum_detectable_effect(m.standard_error)),
            average_precision: precision,
            free: strongest_free(case, with, *label),
            sentence: String::new(),
        };
        verdict.sentence = sentence(&verdict);
        verdict
    };
    labels.iter().zip(&measured).zip(adjusted).map(verdict).collect()
}

fn finding(measured: Option<&Measured>, p_holm: Option<f64>) -> LabelFinding {
    let Some((measured, p)) = measured.zip(p_holm) else { return LabelFinding::CannotTell };
    match &measured.estimate {
        d if p < 0.05 && d.value > 0.0 => LabelFinding::Helped,
        _ if p < 0.05 => LabelFinding::Harmed,
        d if d.low > -RELEVANT && d.high < RELEVANT => LabelFinding::NoEffect,
        _ => LabelFinding::CannotTell,
    }
}

fn strongest_free(case: &Case<'_>, with: usize, label: LabelId) -> Option<FreeRival> {
    let figure = Figure::f1(label);
    let levels = case.free_arms().filter_map(|arm| Some((case.figures.value(arm.fit, figure)?, arm)));
    // The first of equals: the catalog has the simplest first.
    let best = levels.reduce(|best, next| if next.0 > best.0 { next } else { best });
    let (f1, arm) = best?;
    let difference = case.figures.difference(with, arm.fit, figure).map(|m| m.estimate);
    let matches = difference.as_ref().is_none_or(|d| d.low <= 0.0);
    Some(FreeRival { arm: arm.name().to_owned(), f1, difference, matches })
}

fn sentence(verdict: &LabelVerdict) -> String {
    let name = escape_control(&verdict.label);
    let Some(difference) = &verdict.difference else {
        return format!("`{name}`: cannot tell, no held-out row has it.");
    };
    let found = found(verdict.finding);
    let mut text = format!("`{name}`: {found}, F1 {}", change(difference));
    if let Some(p) = verdict.p_holm {
        text += &if p < 0.001 { "; p below 0.001".to_owned() } else { format!("; p {p:.3}") };
        text += " after Holm's correction";
    }
    text.push('.');
    if let (LabelFinding::CannotTell, Some(least)) = (verdict.finding, verdict.detectable) {
        text += &format!(" With {} held-out rows nothing under {least:.2} can be seen.", verdict.support);
    }
    if let Some(free) = &verdict.free {
        let arm = titled(&free.arm);
        let relation = match (&free.difference, free.matches) {
            (Some(d), true) if d.high < 0.0 => ", clearly more",
            (_, true) => ", not clearly less",
            (_, false) => ", clearly less",
        };
        text += &format!(" The best free rival is {arm} with {:.3}{relation}.", free.f1);
    }
    text += &moved_line(difference, verdict.average_precision.as_ref());
    text
}

/// Says where F1 moves and the ranking does not: then the texts did what a moved threshold does.
fn moved_line(f1: &Estimate, precision: Option<&Estimate>) -> String {
    match precision {
        Some(p) if (f1.low > 0.0 || f1.high < 0.0) && p.low <= 0.0 && p.high >= 0.0 => {
            format!(" The texts move the decision more than the ranking: average precision changes by {}.", change(p))
        }
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(value: f64, half: f64) -> Estimate {
        Estimate { value, low: value - half, high: value + half, n: 66, method: String::new() }
    }

    fn judged(value: f64, half: f64, p_holm: f64) -> LabelFinding {
        let measured = Measured { estimate: estimate(value, half), standard_error: half / 1.96, p_value: p_holm };
        finding(Some(&measured), Some(p_holm))
    }

    #[test]
    fn a_finding_needs_holm_and_no_effect_needs_enough_rows() {
        assert_eq!(judged(0.1, 0.05, 0.01), LabelFinding::Helped);
        assert_eq!(judged(0.1, 0.08, 0.2), LabelFinding::CannotTell);
        assert_eq!(judged(-0.1, 0.05, 0.01), LabelFinding::Harmed);
        assert_eq!(judged(0.01, 0.03, 1.0), LabelFinding::NoEffect);
        assert_eq!(judged(0.01, 0.05, 1.0), LabelFinding::CannotTell);
        assert_eq!(finding(None, None), LabelFinding::CannotTell);
    }

    #[test]
    fn says_when_the_line_moved_and_the_ranking_did_not() {
        assert!(moved_line(&estimate(0.1, 0.05), Some(&estimate(0.01, 0.02))).contains("move the decision"));
        assert_eq!(moved_line(&estimate(0.1, 0.05), Some(&estimate(0.05, 0.02))), "");
        assert_eq!(moved_line(&estimate(0.01, 0.05), Some(&estimate(0.01, 0.02))), "");
    }
}
