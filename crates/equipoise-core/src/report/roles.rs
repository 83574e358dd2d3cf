//! Which arms stand for "without", "free" and "with synthetic rows" in a comparison.

use crate::eval::{ArmResult, Evaluation};
use crate::stats::Estimate;
use serde::Serialize;

/// The arms that use real rows alone, named as their catalog names them.
const FREE: &[&str] = &["none", "class_weight", "over_sample", "smote", "duplicate_control"];

/// The three arms of a comparison, all with one learner.
#[derive(Debug, Clone, Copy)]
pub(super) struct Roles<'a> {
    /// The learner of all three.
    pub(super) learner: &'a str,
    /// The real rows as they are.
    pub(super) none: Option<&'a ArmResult>,
    /// The other arm without synthetic rows that has the highest macro-F1 on the held-out rows: the hardest to beat.
    pub(super) rival: Option<&'a ArmResult>,
    /// The arm with synthetic rows: the verdict's, else `auto`, `synthetic`, `synthetic_naive`, else the first.
    pub(super) synthetic: Option<&'a ArmResult>,
}

/// What an arm is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// Real rows as they are.
    None,
    /// Real rows, weighted, duplicated or mixed.
    Free,
    /// Real and synthetic rows.
    Synthetic,
}

/// What an arm is made of. SMOTE counts its points as synthetic rows, so that the count alone does not tell.
pub(super) fn kind(arm: &ArmResult) -> Kind {
    let base = arm.name.strip_suffix("_class_weight").unwrap_or(&arm.name);
    match arm.name.as_str() {
        "none" => Kind::None,
        _ if FREE.contains(&base) || arm.n_synthetic == 0 => Kind::Free,
        _ => Kind::Synthetic,
    }
}

impl<'a> Roles<'a> {
    /// The comparison for the learner that the verdict is about; `None` where there is no arm.
    pub(super) fn of(evaluation: &'a Evaluation) -> Option<Self> {
        let arms = &evaluation.arms;
        let of_verdict = |a: &&ArmResult| a.name == evaluation.verdict.arm;
        let main = arms
            .iter()
            .filter(|a| a.chosen)
            .find(of_verdict)
            .or_else(|| arms.iter().find(|a| a.chosen))
            .or_else(|| arms.iter().find(of_verdict))
            .or_else(|| arms.first())?;
        Some(Roles::with_learner(evaluation, &main.learner))
    }

    /// The comparison for one learner.
    pub(super) fn with_learner(evaluation: &'a Evaluation, learner: &'a str) -> Self {
        let arms = || evaluation.arms.iter().filter(move |a| a.learner == learner);
        let verdict = evaluation.verdict.arm.as_str();
        let rivals = arms().filter(|a| kind(a) == Kind::Free && a.name != "auto").filter(|a| score(a).is_some());
        let synthetic = [verdict, "auto", "synthetic", "synthetic_naive"]
            .iter()
            .find_map(|name| arms().find(|a| a.name == *name && kind(a) == Kind::Synthetic))
            .or_else(|| arms().find(|a| kind(a) == Kind::Synthetic));
        Roles {
            learner,
            none: arms().find(|a| a.name == "none"),
            rival: rivals.reduce(|best, a| if score(a) > score(best) { a } else { best }),
            synthetic,
        }
    }
}

fn score(arm: &ArmResult) -> Option<f64> {
    arm.macro_f1.as_ref().map(|e| e.value).filter(|v| v.is_finite())
}

/// The paired difference `arm − against` in `metric`, whichever way round it was computed.
pub(super) fn difference(
    evaluation: &Evaluation,
    arm: &ArmResult,
    against: &ArmResult,
    metric: &str,
) -> Option<Estimate> {
    let of = |a: &str, b: &str| {
        let same =
            |c: &&crate::eval::Contrast| c.arm == a && c.against == b && c.learner == arm.learner && c.metric == metric;
        evaluation.contrasts.iter().find(same).and_then(|c| c.difference.clone())
    };
    of(&arm.name, &against.name).or_else(|| {
        let e = of(&against.name, &arm.name)?;
        Some(Estimate { value: -e.value, low: -e.high, high: -e.low, ..e })
    })
}

/// The learners in the order of their first arm.
pub(super) fn learners(evaluation: &Evaluation) -> Vec<&str> {
    let mut names: Vec<&str> = Vec::new();
    for arm in &evaluation.arms {
        if !names.contains(&arm.learner.as_str()) {
            names.push(&arm.learner);
        }
    }
    names
}
