//! Arms and figures in the layout of `evaluation.json`.

use super::figures::{Figure, Figures};
use super::scores::{Score, Scores};
use super::types::{ArmResult, ConfusionTable, Contrast, LabelResult};
use crate::arm::{ArmEntry, Role};
use crate::data::Labels;
use crate::stats::Estimate;

/// One arm: what it trained on and which fit is its own.
pub(super) struct FittedArm {
    pub(super) entry: &'static ArmEntry,
    pub(super) n_real: usize,
    pub(super) n_synthetic: usize,
    /// Which fit of [`Figures`]; two arms share one where one chose the other.
    pub(super) fit: usize,
    pub(super) chosen: bool,
    pub(super) cv_score: Option<Estimate>,
}

impl FittedArm {
    pub(super) fn name(&self) -> &'static str {
        self.entry.item.name
    }

    pub(super) fn role(&self) -> Role {
        self.entry.role
    }
}

/// The arm's figures on the held-out rows.
pub(super) fn arm_result(
    arm: &FittedArm,
    learner: &str,
    labels: &Labels,
    figures: &Figures<'_>,
    scores: &Scores,
) -> ArmResult {
    let of_label = |label| LabelResult {
        precision: figures.estimate(arm.fit, Figure::Precision(label)),
        recall: figures.estimate(arm.fit, Figure::Recall(label)),
        f1: figures.estimate(arm.fit, Figure::F1(label)),
        average_precision: scores.estimate(arm.fit, Score::AveragePrecision(label)),
        support: figures.support(label),
    };
    let counts = figures.confusion(arm.fit).counts.chunks(labels.len()).map(<[u64]>::to_vec).collect();
    ArmResult {
        name: arm.name().to_owned(),
        learner: learner.to_owned(),
        n_real: arm.n_real,
        n_synthetic: arm.n_synthetic,
        chosen: arm.chosen,
        accuracy: figures.estimate(arm.fit, Figure::Accuracy),
        macro_f1: figures.estimate(arm.fit, Figure::MacroF1),
        brier: scores.estimate(arm.fit, Score::Brier),
        calibration_error: scores.estimate(arm.fit, Score::Calibration),
        labels: labels.ids().map(|label| (labels.name(label).to_owned(), of_label(label))).collect(),
        confusion: ConfusionTable { labels: labels.names().to_vec(), counts },
        cv_score: arm.cv_score.clone(),
    }
}

/// Every arm against the real rows as they are; arms that may hold synthetic rows also against every free arm, so that each rival that a
/// sentence can name has its difference.
pub(super) fn contrasts(
    arms: &[FittedArm],
    learner: &str,
    labels: &Labels,
    figures: &Figures<'_>,
    scores: &Scores,
) -> Vec<Contrast> {
    let mut all = vec![("macro_f1".to_owned(), Of::Figure(Figure::MacroF1))];
    all.push(("accuracy".to_owned(), Of::Figure(Figure::Accuracy)));
    for label in labels.ids() {
        let name = labels.name(label);
        all.push((format!("f1:{name}"), Of::Figure(Figure::F1(label))));
        all.push((format!("precision:{name}"), Of::Figure(Figure::Precision(label))));
        all.push((format!("recall:{name}"), Of::Figure(Figure::Recall(label))));
        all.push((format!("average_precision:{name}"), Of::Score(Score::AveragePrecision(label))));
    }
    let is_rival = |arm: &FittedArm, other: &FittedArm| match arm.role() {
        Role::Baseline => false,
        Role::Free => other.role() == Role::Baseline,
        Role::Synthetic { .. } | Role::Chooser => matches!(other.role(), Role::Baseline | Role::Free),
    };
    let mut contrasts = Vec::new();
    for arm in arms {
        for against in arms.iter().filter(|other| is_rival(arm, other)) {
            contrasts.extend(all.iter().map(|(metric, of)| {
                let measured = match of {
                    Of::Figure(figure) => figures.difference(arm.fit, against.fit, *figure),
                    Of::Score(score) => scores.difference(arm.fit, against.fit, *score),
                };
                Contrast {
                    arm: arm.name().to_owned(),
                    against: against.name().to_owned(),
                    learner: learner.to_owned(),
                    metric: metric.clone(),
                    p_value: measured.as_ref().map(|m| m.p_value),
                    difference: measured.map(|m| m.estimate),
                }
            }));
        }
    }
    contrasts
}

/// What a contrast is about.
enum Of {
    Figure(Figure),
    Score(Score),
}
