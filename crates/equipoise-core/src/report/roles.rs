//! Which arms stand for "without", "free" and "with synthetic rows" in a comparison.

use crate::arm::{self, CLASS_WEIGHT, NONE, Role, SYNTHETIC};
use crate::eval::{ArmResult, Evaluation};
use crate::metric::MACRO_F1;
use crate::stats::Estimate;
use serde::Serialize;

/// The three arms of a comparison, all with one learner.
#[derive(Debug, Clone, Copy)]
pub(super) struct Roles<'a> {
    /// The learner of all three.
    pub(super) learner: &'a str,
    /// The real rows as they are.
    pub(super) none: Option<&'a ArmResult>,
    /// The best free arm, as the verdict names it, or by macro-F1 where there are no synthetic rows; else the free arm that it recommends, or
    /// class weights. Every figure of the page is compared with this one.
    pub(super) rival: Option<&'a ArmResult>,
    /// The arm with synthetic rows that the verdict judges, else the kept rows, else the first.
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

/// What an arm is made of; a procedure that chooses is what it chose. Of an arm of another version its synthetic rows tell.
pub(super) fn kind(evaluation: &Evaluation, arm: &ArmResult) -> Kind {
    match arm::role(&arm.name) {
        Some(Role::Baseline) => Kind::None,
        Some(Role::Free) => Kind::Free,
        Some(Role::Synthetic { .. }) => Kind::Synthetic,
        Some(Role::Chooser) => {
            let chosen = evaluation.arms.iter().find(|a| a.chosen && a.learner == arm.learner && a.name != arm.name);
            chosen.map_or(Kind::Free, |chosen| {
                if kind(evaluation, chosen) == Kind::None { Kind::Free } else { kind(evaluation, chosen) }
            })
        }
        None if arm.n_synthetic == 0 => Kind::Free,
        None => Kind::Synthetic,
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

    fn with_learner(evaluation: &'a Evaluation, learner: &'a str) -> Self {
        let arms = || evaluation.arms.iter().filter(move |a| a.learner == learner);
        let judged = evaluation.verdict.judged.as_ref();
        let called = |name: &str| arms().find(|a| a.name == name);
        let is_synthetic = |a: &&ArmResult| kind(evaluation, a) == Kind::Synthetic;
        let recommended = called(&evaluation.verdict.arm).filter(|a| kind(evaluation, a) == Kind::Free);
        // Without texts the page is about the free ways: the best of them is shown.
        let is_free = |a: &&ArmResult| arm::role(&a.name) == Some(Role::Free);
        let level = |a: &ArmResult| a.figure(MACRO_F1).map_or(f64::NEG_INFINITY, |e| e.value);
        let best = || arms().filter(is_free).reduce(|a, b| if level(b) > level(a) { b } else { a });
        let best = evaluation.verdict.level.is_none().then(best).flatten();
        let rival = judged.and_then(|judged| judged.best_free.as_ref()).and_then(|rival| called(&rival.arm));
        Roles {
            learner,
            none: called(NONE),
            rival: rival.or(best).or(recommended).or_else(|| called(CLASS_WEIGHT)),
            synthetic: judged
                .and_then(|judged| called(&judged.arm))
                .or_else(|| called(SYNTHETIC))
                .or_else(|| arms().find(is_synthetic)),
        }
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::eval::{
        Analysis, ConfusionTable, Contrast, Design, HeldOutSummary, Level, SyntheticSummary, TrainSummary, Verdict,
    };
    use std::collections::BTreeMap;

    fn estimate(value: f64) -> Option<Estimate> {
        Some(Estimate { value, low: value - 0.1, high: value + 0.1, n: 10, method: "test".to_owned() })
    }

    fn arm(name: &str, macro_f1: f64, n_synthetic: usize, chosen: bool) -> ArmResult {
        ArmResult {
            name: name.to_owned(),
            learner: "linear".to_owned(),
            n_real: 10,
            n_synthetic,
            chosen,
            figures: BTreeMap::from([("macro_f1".to_owned(), estimate(macro_f1))]),
            labels: BTreeMap::new(),
            confusion: ConfusionTable { labels: Vec::new(), counts: Vec::new(), n_passes: 1 },
            cv_score: None,
        }
    }

    fn evaluation(arms: Vec<ArmResult>, compared: &[(&str, &str)]) -> Evaluation {
        let contrast = |(arm, against): &(&str, &str)| Contrast {
            arm: (*arm).to_owned(),
            against: (*against).to_owned(),
            learner: "linear".to_owned(),
            metric: "macro_f1".to_owned(),
            difference: estimate(0.05),
            p_value: None,
        };
        Evaluation {
            schema: 1,
            seed: 7,
            design: Design::HeldOut,
            train: TrainSummary { n: 10, labels: BTreeMap::new() },
            held_out: HeldOutSummary { n: 10, name: String::new(), n_also_train: 0 },
            synthetic: SyntheticSummary::default(),
            arms,
            contrasts: compared.iter().map(contrast).collect(),
            verdict: Verdict {
                level: Some(Level::NotNeeded),
                arm: "none".to_owned(),
                use_synthetic: Some(false),
                headline: String::new(),
                effect: Vec::new(),
                reason: String::new(),
                judged: None,
                price: Vec::new(),
                labels: Vec::new(),
                faults: Vec::new(),
                advice: Vec::new(),
            },
            others: Vec::new(),
            prior_shifts: Vec::new(),
            analysis: Analysis::default(),
            notes: Vec::new(),
        }
    }

    #[test]
    fn smote_and_an_auto_that_chose_it_hold_no_synthetic_rows() {
        let arms = vec![arm("smote", 0.7, 50, true), arm("auto", 0.7, 50, false), arm("synthetic", 0.6, 50, false)];
        let evaluation = evaluation(arms, &[]);
        let kinds: Vec<Kind> = evaluation.arms.iter().map(|a| kind(&evaluation, a)).collect();
        assert_eq!(kinds, [Kind::Free, Kind::Free, Kind::Synthetic]);
        assert_eq!(Roles::of(&evaluation).and_then(|r| r.synthetic).map(|a| a.name.as_str()), Some("synthetic"));
    }

    #[test]
    fn the_rival_is_the_one_that_the_verdict_names() {
        let arms = vec![
            arm("none", 0.6, 0, false),
            arm("class_weight", 0.6, 0, false),
            arm("over_sample", 0.9, 0, false),
            arm("synthetic", 0.8, 5, true),
        ];
        let mut evaluation = evaluation(arms, &[("class_weight", "synthetic")]);
        let roles = Roles::of(&evaluation).expect("there are arms");
        let (synthetic, rival) = (roles.synthetic.expect("it stands"), roles.rival.expect("it stands"));
        assert_eq!((synthetic.name.as_str(), rival.name.as_str()), ("synthetic", "class_weight"));
        let turned =
            difference(&evaluation, synthetic, rival, "macro_f1").expect("it was computed the other way round");
        assert!(turned.value < 0.0 && turned.low < turned.value && turned.value < turned.high);
        evaluation.verdict.arm = "over_sample".to_owned();
        assert_eq!(Roles::of(&evaluation).and_then(|r| r.rival).map(|a| a.name.as_str()), Some("over_sample"));
    }
}
