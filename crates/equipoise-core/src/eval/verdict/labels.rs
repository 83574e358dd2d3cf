//! The verdict on each label.

use super::evidence::{Counts, Evidence, LabelEvidence, TextsEvidence};
use super::types::{LabelCounts, LabelFinding, LabelVerdict, RELEVANT, Rival};
use crate::eval::words::{change, found, titled};
use crate::stats::{Estimate, Measured, holm, minimum_detectable_effect};
use crate::text::escape_control;

/// What the arm with synthetic rows did to each label, set against the real rows as they are; empty where no arm was judged.
///
/// A label is called helped or harmed where Holm's correction leaves p below 0.05, unaffected where the whole 95 % interval lies inside
/// ± [`RELEVANT`] (two one-sided tests, Schuirmann 1987), and else nothing is said of it. Gains and losses are corrected apart, one-sided
/// at 2.5 %, so that a label that gains more never makes another one "harmed". The raised labels, which the rows were made for, and the
/// others, which they may harm, are corrected as two families: that a label more was watched for harm hides no effect on the one that
/// was raised.
pub(super) fn label_verdicts(evidence: &Evidence) -> Vec<LabelVerdict> {
    let Some(texts) = &evidence.texts else { return Vec::new() };
    let labels = &evidence.labels;
    let adjusted = |is_gain: bool, is_raised: bool| {
        let p = |label: &LabelEvidence| {
            label.f1.as_ref().filter(|_| label.is_raised == is_raised).map(|m| one_sided(m, is_gain))
        };
        holm(&labels.iter().map(p).collect::<Vec<_>>())
    };
    let families =
        [[true, true], [true, false], [false, true], [false, false]].map(|[gain, raised]| adjusted(gain, raised));
    let of = |at: usize, label: &LabelEvidence| {
        let is_gain = label.f1.as_ref()?.estimate.value > 0.0;
        let family = 2 * usize::from(!is_gain) + usize::from(!label.is_raised);
        families[family][at].map(|p| (2.0 * p).min(1.0))
    };
    labels.iter().enumerate().map(|(at, label)| verdict(texts, label, of(at, label))).collect()
}

/// The p-value of a gain, or of a loss.
fn one_sided(measured: &Measured, is_gain: bool) -> f64 {
    let half = measured.p_value / 2.0;
    if (measured.estimate.value > 0.0) == is_gain { half } else { 1.0 - half }
}

fn verdict(texts: &TextsEvidence, label: &LabelEvidence, p_holm: Option<f64>) -> LabelVerdict {
    let measured = label.f1.as_ref();
    let rival = texts.over_best_free.as_ref().map(|(arm, _)| *arm);
    let mut verdict = LabelVerdict {
        label: label.label.clone(),
        finding: finding(measured, p_holm),
        raised: label.is_raised,
        arm: texts.arm.to_owned(),
        support: label.support,
        difference: measured.map(|m| m.estimate.clone()),
        p_value: measured.map(|m| m.p_value),
        p_holm,
        detectable: measured.and_then(|m| minimum_detectable_effect(m.standard_error)),
        n_real: label.n_train,
        n_made: label.n_made,
        counts: label.counts.map(|[before, with]| LabelCounts {
            before,
            with,
            best_free: rival.and_then(|arm| label.with_free(arm)),
        }),
        average_precision: label.ranking.as_ref().map(|m| m.estimate.clone()),
        rival: rival.zip(label.rival.as_ref()).map(|(arm, (value, difference))| Rival {
            arm: arm.to_owned(),
            value: *value,
            difference: Some(difference.estimate.clone()),
        }),
        sentence: String::new(),
    };
    verdict.sentence = sentence(&verdict);
    verdict
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

fn sentence(verdict: &LabelVerdict) -> String {
    let name = escape_control(&verdict.label);
    let Some(difference) = &verdict.difference else {
        return format!("`{name}`: not proven, no judged row has it.");
    };
    let found = found(verdict.finding);
    let mut text = format!("`{name}`: {found}, F1 {} against real rows only", change(difference));
    if let Some(p) = verdict.p_holm {
        text += &if p < 0.001 { "; p below 0.001".to_owned() } else { format!("; p {p:.3}") };
        text += " after Holm's correction";
    }
    text.push('.');
    if let (LabelFinding::CannotTell, Some(least)) = (verdict.finding, verdict.detectable) {
        text +=
            &format!(" With {} judged rows changes of F1 smaller than {least:.2} cannot be detected.", verdict.support);
    }
    if let Some(rival) = &verdict.rival {
        let relation = match &rival.difference {
            Some(d) if d.high < 0.0 => "clearly better",
            Some(d) if d.low > 0.0 => "clearly worse",
            _ => "about as good",
        };
        text += &format!(" With {} it has {:.3}, {relation}.", titled(&rival.arm), rival.value);
    }
    text += &ranking(&name, difference, verdict.average_precision.as_ref(), verdict.counts);
    text
}

/// What the texts do to the ranking, where it is clear or where F1 moves without it: then they did what a moved threshold does.
fn ranking(name: &str, f1: &Estimate, precision: Option<&Estimate>, counts: Option<LabelCounts>) -> String {
    match precision {
        Some(p) if p.high < 0.0 => {
            format!(
                " They make it harder to tell `{name}` apart: average precision {} against class weights.",
                change(p)
            )
        }
        Some(p) if p.low > 0.0 => {
            format!(
                " They help the model to tell `{name}` apart: average precision {} against class weights.",
                change(p)
            )
        }
        Some(p) if f1.low > 0.0 || f1.high < 0.0 => {
            let how_often = counts.and_then(how_often);
            let said =
                how_often.map_or_else(String::new, |often| format!("make the model say `{name}` {often}; they "));
            format!(
                " They {said}do not help it to tell `{name}` apart: average precision {} against class weights.",
                change(p)
            )
        }
        _ => String::new(),
    }
}

/// Whether the model says a label more or less often than without the texts; `None` where it says it as often.
fn how_often(counts: LabelCounts) -> Option<&'static str> {
    let said = |counts: Counts| (counts.n_found + counts.n_false).round();
    match said(counts.with) - said(counts.before) {
        more if more > 0.0 => Some("more often"),
        less if less < 0.0 => Some("less often"),
        _ => None,
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
    fn says_what_the_texts_do_to_the_ranking() {
        let said = |f1: f64, precision: f64, with: [f64; 2]| {
            let counts = |[n_found, n_false]: [f64; 2]| Counts { n_found, n_false };
            let counts = LabelCounts { before: counts([20.0, 5.0]), with: counts(with), best_free: None };
            ranking("a", &estimate(f1, 0.05), Some(&estimate(precision, 0.02)), Some(counts))
        };
        assert!(said(0.1, 0.01, [30.0, 6.0]).contains("say `a` more often; they do not help"));
        assert!(said(-0.1, 0.01, [12.0, 6.0]).contains("say `a` less often; they do not help"));
        assert!(said(0.1, 0.01, [23.0, 2.0]).starts_with(" They do not help it to tell `a` apart"));
        assert!(said(0.1, -0.05, [30.0, 6.0]).contains("harder to tell `a` apart"));
        assert!(said(0.0, 0.05, [30.0, 6.0]).contains("help the model to tell `a` apart"));
        assert_eq!(said(0.01, 0.01, [30.0, 6.0]), "");
    }
}
