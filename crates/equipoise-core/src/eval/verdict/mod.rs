//! The verdict: are the synthetic rows worth using? One pure function from [`Evidence`] to a [`Verdict`], which carries everything that
//! any page, terminal line or advice says; what nobody says here, nobody says.

mod advice;
mod effect;
mod evidence;
mod ground;
mod labels;
mod price;
mod sentences;
#[cfg(test)]
mod tests;
mod types;

pub use evidence::{Counts, Design, Evidence, FreeEvidence, JudgedBy, LabelEvidence, TextsEvidence};
pub use types::{
    Action, Advice, AdviceKind, Fault, FaultKind, Judged, LabelCounts, LabelFinding, LabelVerdict, Level, Price,
    RELEVANT, Rival, Verdict,
};

use ground::{Ground, recommended};

/// The verdict by the rule of `Ground`: what is proven against class weights is used, what the selection procedure took and points
/// upwards is promising, and a free way stands wherever it is shown to do as well.
pub fn verdict(evidence: &Evidence) -> Verdict {
    let ground = Ground::of(evidence);
    let labels = labels::label_verdicts(evidence);
    let price = price::prices(evidence, &labels);
    let level = ground.level(!price.is_empty());
    let faults = faults(evidence, &labels);
    let reason = sentences::reason(evidence, ground);
    let reason = faults.iter().fold(reason, |reason, fault| format!("{reason} {}", fault.sentence));
    let arm = recommended(evidence, level);
    let mut verdict = Verdict {
        level,
        arm: arm.to_owned(),
        use_synthetic: level.map(Level::uses_synthetic),
        headline: effect::headline(evidence, ground, level, &price),
        effect: effect::effect(evidence, &price, arm),
        reason,
        judged: judged(evidence),
        price,
        labels,
        faults,
        advice: Vec::new(),
    };
    verdict.advice = advice::advice(evidence, ground, &verdict);
    verdict
}

/// Labels that a model finds wrong are called so only where the rows harm as well: it may be that they say it in other words.
fn faults(evidence: &Evidence, labels: &[LabelVerdict]) -> Vec<Fault> {
    let texts = evidence.texts.as_ref();
    let harms = texts.is_some_and(|texts| texts.over_none.estimate.high < 0.0)
        || labels.iter().any(|label| label.raised && label.finding == LabelFinding::Harmed);
    let kept = |fault: &Fault| match fault.kind {
        FaultKind::LabelsLookWrong if !harms => Fault {
            kind: FaultKind::OtherWords,
            sentence: "The synthetic rows express their labels in other words than the real rows do.".to_owned(),
            ..fault.clone()
        },
        _ => fault.clone(),
    };
    evidence.faults.iter().map(kept).collect()
}

fn judged(evidence: &Evidence) -> Option<Judged> {
    let texts = evidence.texts.as_ref()?;
    let rival = |free: &FreeEvidence| Rival {
        arm: free.arm.to_owned(),
        value: free.level,
        difference: free.texts_over.as_ref().map(|d| d.estimate.clone()),
    };
    let best = texts.over_best_free.as_ref().and_then(|(arm, difference)| {
        let free = evidence.free.iter().find(|free| free.arm == *arm)?;
        let rival =
            Rival { arm: free.arm.to_owned(), value: free.shown?, difference: Some(difference.estimate.clone()) };
        Some((rival, free.level))
    });
    let (best_free, best_free_value) = best.unzip();
    Some(Judged {
        arm: texts.arm.to_owned(),
        figure: evidence.figure.clone(),
        before: texts.before,
        with: texts.level,
        over_none: texts.over_none.estimate.clone(),
        over_rivals: evidence.rivals().into_iter().map(rival).collect(),
        best_free,
        best_free_value,
    })
}
