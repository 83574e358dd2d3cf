//! Arms and figures in the layout of `evaluation.json`.

use super::figures::Figure;
use super::side_by_side::SideBySide;
use super::types::{ArmResult, ConfusionTable, Contrast, LabelResult};
use crate::arm::{ArmEntry, RIVALS, Role};
use crate::data::{LabelId, Labels};
use crate::metric::{self, MetricEntry, Scope};
use crate::stats::Estimate;
use std::collections::BTreeMap;

/// One arm: what it trained on and which fit is its own.
#[derive(Clone)]
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
pub(super) fn arm_result(arm: &FittedArm, learner: &str, labels: &Labels, figures: &dyn SideBySide) -> ArmResult {
    let of_label =
        |label| LabelResult { support: figures.support(label), figures: measured(figures, arm.fit, Some(label)) };
    let counts = figures.confusion(arm.fit).counts.chunks(labels.len()).map(<[u64]>::to_vec).collect();
    ArmResult {
        name: arm.name().to_owned(),
        learner: learner.to_owned(),
        n_real: arm.n_real,
        n_synthetic: arm.n_synthetic,
        chosen: arm.chosen,
        figures: measured(figures, arm.fit, None),
        labels: labels.ids().map(|label| (labels.name(label).to_owned(), of_label(label))).collect(),
        confusion: ConfusionTable { labels: labels.names().to_vec(), counts, n_passes: figures.n_passes(arm.fit) },
        cv_score: arm.cv_score.clone(),
    }
}

/// Every metric of a fit that is one for `label`, or over all labels.
fn measured(figures: &dyn SideBySide, fit: usize, label: Option<LabelId>) -> BTreeMap<String, Option<Estimate>> {
    let of = |entry: &&'static MetricEntry| (entry.scope == Scope::EachLabel) == label.is_some();
    let entries = metric::CATALOG.iter().copied().filter(of);
    entries.map(|entry| (entry.item.name.to_owned(), figures.estimate(fit, Figure::Of(entry, label)))).collect()
}

/// Every arm against the real rows as they are; arms that may hold synthetic rows also against the rivals, and in the headline figures
/// against every free arm, so that each one that a sentence can name has its difference.
pub(super) fn contrasts(arms: &[FittedArm], learner: &str, labels: &Labels, figures: &dyn SideBySide) -> Vec<Contrast> {
    let key = |figure: Figure| match figure {
        Figure::Goal | Figure::Ranking => None,
        Figure::Of(entry, label) => Some((entry.key(label.map(|l| labels.name(l))), figure)),
    };
    let all: Vec<(String, Figure)> = Figure::all(labels.len()).filter_map(key).collect();
    let is_compared = |arm: &FittedArm, other: &FittedArm| match arm.role() {
        Role::Baseline => false,
        Role::Free => other.role() == Role::Baseline,
        Role::Synthetic { .. } | Role::Chooser => matches!(other.role(), Role::Baseline | Role::Free),
    };
    let in_full = |other: &FittedArm| other.role() == Role::Baseline || RIVALS.contains(&other.entry);
    let is_headline = |figure: Figure| matches!(figure, Figure::Of(entry, _) if entry.is_headline);
    let mut contrasts = Vec::new();
    for arm in arms {
        for against in arms.iter().filter(|other| is_compared(arm, other)) {
            let all = all.iter().filter(|(_, figure)| in_full(against) || is_headline(*figure));
            contrasts.extend(all.map(|(metric, figure)| {
                let measured = figures.difference(arm.fit, against.fit, *figure);
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
