//! Random evaluations whose parts belong together: figures of arms and labels first, then the verdict on them by the real rule.

use super::core::arm::{CATALOG, NONE, Role, is_synthetic};
use super::core::eval::{
    Analysis, ArmResult, ConfusionTable, Contrast, Counts, Design, Evaluation, Evidence, FreeEvidence, HeldOutSummary,
    JudgedBy, LabelEvidence, LabelResult, SyntheticSummary, TextsEvidence, TrainSummary, verdict,
};
use super::core::rng::Seed;
use super::core::stats::{Estimate, Measured};
use std::collections::BTreeMap;

/// Named numbers of one evaluation.
struct Draw(Seed);

impl Draw {
    /// From 0 up to 1.
    fn share(&self, name: &str) -> f64 {
        (self.0.child(name).value() >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn between(&self, name: &str, low: f64, high: f64) -> f64 {
        low + self.share(name) * (high - low)
    }

    fn is(&self, name: &str, share: f64) -> bool {
        self.share(name) < share
    }

    /// `with − against` with an interval of its own width.
    fn difference(&self, name: &str, with: f64, against: f64) -> Measured {
        let standard_error = self.between(&format!("{name}/error"), 0.005, 0.08);
        let value = with - against;
        let estimate = estimate(value, 1.96 * standard_error);
        let p_value = if estimate.low > 0.0 || estimate.high < 0.0 { 0.001 } else { 0.4 };
        Measured { estimate, standard_error, p_value }
    }
}

fn estimate(value: f64, half: f64) -> Estimate {
    Estimate { value, low: value - half, high: value + half, n: 200, method: "random".to_owned() }
}

/// An evaluation of made-up figures, the same for the same number.
pub(crate) fn evaluation(number: u64) -> Evaluation {
    let draw = Draw(Seed::new(number).child("evaluation"));
    let n_labels = 2 + (draw.share("labels") * 9.0) as usize;
    let n_raised = 1 + (draw.share("raised") * (n_labels - 1) as f64) as usize;
    let names: Vec<String> = (0..n_labels).map(|at| format!("label {at}")).collect();
    let arms: Vec<&'static str> =
        CATALOG.iter().filter(|arm| arm.role != Role::Chooser).map(|arm| arm.item.name).collect();
    let free: Vec<&'static str> =
        CATALOG.iter().filter(|arm| arm.role == Role::Free).map(|arm| arm.item.name).collect();
    let synthetic: Vec<&'static str> = arms.iter().copied().filter(|arm| is_synthetic(arm)).collect();
    let texts = synthetic[(draw.share("texts") * synthetic.len() as f64) as usize];
    let taken = if draw.is("took", 0.5) { texts } else { free[(draw.share("taken") * free.len() as f64) as usize] };
    // How good an arm is; the figures scatter about it, so that they mostly agree and sometimes do not.
    let gain = |arm: &str| match arm {
        NONE => 0.0,
        arm if is_synthetic(arm) => draw.between("texts/gain", -0.25, 0.3),
        arm => draw.between(&format!("{arm}/gain"), -0.15, 0.25),
    };
    let figure = |arm: &str, of: &str| {
        let base = draw.between(&format!("{of}/base"), 0.3, 0.6);
        (base + gain(arm) + draw.between(&format!("{arm}/{of}"), -0.08, 0.08)).clamp(0.0, 1.0)
    };
    let ranks = draw.is("ranks", 0.5);
    let decisive = if ranks { "average_precision" } else { "macro_f1" };
    let over = |of: &str, against: &str| {
        draw.difference(&format!("{of}/{texts}/{against}"), figure(texts, of), figure(against, of))
    };
    let n_kept = if draw.is("nothing kept", 0.05) { 0 } else { 60 };
    let support = |at: usize| 5 + (draw.share(&format!("{at}/support")) * 200.0) as usize;
    let n_real = |at: usize| 30 + (draw.share(&format!("{at}/real")) * 900.0) as usize;
    let best_free = free.iter().copied().max_by(|a, b| figure(a, "macro_f1").total_cmp(&figure(b, "macro_f1")));
    let counts = |arm: &str, at: usize| Counts {
        n_found: (figure(arm, &format!("f1:{at}")) * support(at) as f64).round(),
        n_false: ((1.0 - figure(arm, &format!("f1:{at}"))) * 50.0).round(),
    };
    let label = |at: usize| LabelEvidence {
        label: names[at].clone(),
        is_raised: at < n_raised,
        n_train: n_real(at),
        n_made: if at < n_raised { 60 } else { 0 },
        support: support(at),
        f1: Some(over(&format!("f1:{at}"), NONE)),
        ranking: Some(over(&format!("ranking:{at}"), "class_weight")),
        rival: best_free.map(|free| (figure(free, &format!("f1:{at}")), over(&format!("f1:{at}"), free))),
        counts: Some([counts(NONE, at), counts(texts, at)]),
        free_counts: free.iter().map(|arm| (*arm, counts(arm, at))).collect(),
    };
    let evidence = Evidence {
        design: Design::HeldOut,
        n_candidates: 66,
        n_kept,
        n_train: (0..n_labels).map(n_real).sum(),
        n_judged: (0..n_labels).map(support).sum(),
        figure: JudgedBy { metric: decisive.to_owned(), words: decisive.replace('_', " ") },
        before: Some(figure(NONE, "macro_f1")),
        taken,
        free: free
            .iter()
            .map(|arm| FreeEvidence {
                arm,
                cv: Some(figure(arm, "cross validation")),
                level: figure(arm, decisive),
                shown: Some(figure(arm, "macro_f1")),
                over_none: Some(draw.difference(&format!("{arm}/none"), figure(arm, decisive), figure(NONE, decisive))),
                texts_over: Some(over(decisive, arm)),
            })
            .collect(),
        texts: (n_kept > 0).then(|| TextsEvidence {
            arm: texts,
            before: figure(NONE, decisive),
            level: figure(texts, decisive),
            shown: Some(figure(texts, "macro_f1")),
            over_none: over(decisive, NONE),
            over_best_free: best_free.map(|free| (free, over("macro_f1", free))),
            accuracy: Some(over("accuracy", NONE)),
            n_right: [figure(NONE, "accuracy"), figure(texts, "accuracy")].map(|share| share * 900.0),
        }),
        labels: (0..n_labels).map(label).collect(),
        faults: Vec::new(),
    };
    let said = verdict(&evidence);
    let level = |arm: &str, of: &str| Some(estimate(figure(arm, of), 0.05));
    let result = |arm: &str| ArmResult {
        name: arm.to_owned(),
        learner: "linear".to_owned(),
        n_real: evidence.n_train,
        n_synthetic: if is_synthetic(arm) { n_kept } else { 0 },
        chosen: arm == taken,
        figures: ["macro_f1", "accuracy"].into_iter().map(|of| (of.to_owned(), level(arm, of))).collect(),
        labels: names
            .iter()
            .enumerate()
            .map(|(at, name)| {
                let figures = BTreeMap::from([("f1".to_owned(), level(arm, &format!("f1:{at}")))]);
                (name.clone(), LabelResult { support: support(at), figures })
            })
            .collect(),
        confusion: ConfusionTable { labels: names.clone(), counts: vec![vec![1; n_labels]; n_labels], n_passes: 1 },
        cv_score: None,
    };
    let contrast = |of: &str| Contrast {
        arm: texts.to_owned(),
        against: NONE.to_owned(),
        learner: "linear".to_owned(),
        metric: of.to_owned(),
        difference: Some(over(of, NONE).estimate),
        p_value: Some(0.5),
    };
    let is_used = |arm: &&&str| n_kept > 0 || !is_synthetic(arm);
    Evaluation {
        schema: 1,
        seed: 7,
        design: Design::HeldOut,
        train: TrainSummary {
            n: evidence.n_train,
            labels: names.iter().cloned().zip((0..n_labels).map(n_real)).collect(),
        },
        held_out: HeldOutSummary { n: evidence.n_judged, name: "test.csv".to_owned(), n_also_train: 0 },
        synthetic: SyntheticSummary { n_candidates: 66, n_kept },
        arms: arms.iter().filter(is_used).map(|arm| result(arm)).collect(),
        contrasts: if n_kept > 0 { ["macro_f1", "accuracy"].map(contrast).into() } else { Vec::new() },
        verdict: said,
        others: Vec::new(),
        prior_shifts: Vec::new(),
        analysis: Analysis::default(),
        notes: Vec::new(),
    }
}
