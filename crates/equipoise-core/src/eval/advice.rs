//! What to do, from the verdict and the counts.

use super::verdict::Case;
use super::verdict_types::{
    Advice, AdviceKind, Fault, FaultKind, Finding, LabelFinding, LabelVerdict, RELEVANT, VerdictInWords,
};
use super::words::titled;
use crate::arm::{ArmEntry, NONE, lookup};
use crate::stats::rows_to_detect;
use crate::text::escape_control;

/// With fewer held-out rows of every raised label no figure is worth acting on: one row moves recall by a tenth.
const FEW_OF_LABEL: usize = 10;
/// With fewer training rows what a classifier learns is chance; harm was seen and not noticed there (22 rows of a politeness set).
const FEW_REAL: usize = 100;

/// The advice that follows from `verdict`, most important first.
pub(super) fn advice(case: &Case<'_>, verdict: &VerdictInWords) -> Vec<Advice> {
    let mut all = Vec::new();
    all.extend(too_few(case, &verdict.labels));
    all.extend(anew(&verdict.faults));
    all.extend(which_arm(verdict));
    all.extend(more_rows(&verdict.labels));
    // Where something free does as well, better rows are not worth their price.
    all.extend(majority_too(case).filter(|_| verdict.finding != Finding::NotNeeded));
    all
}

fn simple(kind: AdviceKind, sentence: String) -> Advice {
    Advice { kind, arm: None, n_rows: None, sentence }
}

fn too_few(case: &Case<'_>, labels: &[LabelVerdict]) -> Option<Advice> {
    let n_real: usize = case.n_real.iter().sum();
    let supports = || labels.iter().filter(|l| l.raised).map(|l| l.support);
    let sentence = if n_real < FEW_REAL {
        format!("Trust no figure here: there are only {n_real} training rows.")
    } else if supports().count() > 0 && supports().all(|n| n < FEW_OF_LABEL) {
        format!("Trust no figure here: no raised label has {FEW_OF_LABEL} held-out rows.")
    } else {
        return None;
    };
    Some(simple(AdviceKind::TrustNothing, sentence))
}

fn anew(faults: &[Fault]) -> Option<Advice> {
    let sentence = match faults.first()?.kind {
        FaultKind::Copies => "Make the rows anew: copies can be had for free, by duplication.",
        FaultKind::LabelsOfOtherSources | FaultKind::LabelsLookWrong => {
            "Look at some of the rows and make them anew with right labels before you use any."
        }
    };
    Some(simple(AdviceKind::MakeRowsAnew, sentence.to_owned()))
}

fn which_arm(verdict: &VerdictInWords) -> Option<Advice> {
    let arm = verdict.arm.as_str();
    let (kind, sentence) = match verdict.finding {
        Finding::Helped => {
            let how = lookup(arm).and_then(ArmEntry::how).unwrap_or_default();
            (AdviceKind::UseSyntheticRows, format!("Use the synthetic rows {how} (`{arm}`)."))
        }
        _ if arm == NONE => return None,
        _ => (AdviceKind::UseFreeArm, format!("Use {} instead: it costs nothing.", titled(arm))),
    };
    Some(Advice { kind, arm: Some(arm.to_owned()), n_rows: None, sentence })
}

/// How many held-out rows the labels want that could not be judged.
fn more_rows(labels: &[LabelVerdict]) -> Vec<Advice> {
    let advice = |label: &LabelVerdict| {
        let detectable = label.detectable?;
        // What was seen, but nothing smaller than what anyone would act on.
        let effect = label.difference.as_ref()?.value.abs().max(RELEVANT);
        let n = rows_to_detect(effect, detectable, label.support)?;
        (n > label.support).then(|| Advice {
            kind: AdviceKind::GetMoreTestRows,
            arm: None,
            n_rows: Some(n),
            sentence: format!(
                "Hold out about {n} rows of `{}` to see an effect of {effect:.2}; there are {}.",
                escape_control(&label.label),
                label.support
            ),
        })
    };
    let open = labels.iter().filter(|l| l.raised && l.finding == LabelFinding::CannotTell);
    open.filter_map(advice).collect()
}

/// Where synthetic rows outnumber the real ones of a label and the largest label has none, words of the generator alone become
/// evidence for the raised labels.
fn majority_too(case: &Case<'_>) -> Option<Advice> {
    let largest = case.labels.ids().max_by_key(|l| (case.n_real[l.index()], std::cmp::Reverse(*l)))?;
    let outnumbered = case.labels.ids().any(|l| case.n_made[l.index()] > case.n_real[l.index()]);
    let sentence = format!(
        "Rewrite `{}` too: synthetic rows outnumber the real ones of a label, and a classifier learns the generator's own words as signs of \
         the raised labels.",
        escape_control(case.labels.name(largest))
    );
    (outnumbered && case.n_made[largest.index()] == 0).then(|| simple(AdviceKind::RewriteTheMajority, sentence))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Estimate;

    fn label(value: f64, detectable: Option<f64>) -> LabelVerdict {
        LabelVerdict {
            label: "surprise".to_owned(),
            finding: LabelFinding::CannotTell,
            raised: true,
            arm: "synthetic".to_owned(),
            support: 66,
            difference: Some(Estimate { value, low: -0.1, high: 0.1, n: 66, method: String::new() }),
            p_value: None,
            p_holm: None,
            detectable,
            average_precision: None,
            free: None,
            sentence: String::new(),
        }
    }

    #[test]
    fn asks_for_the_rows_that_would_show_the_effect() {
        let all = more_rows(&[label(0.01, Some(0.1)), label(0.01, None)]);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].n_rows, Some(264));
        assert!(more_rows(&[label(0.2, Some(0.1))]).is_empty(), "these rows are enough for that effect");
    }
}
