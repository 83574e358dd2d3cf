//! From arms side by side to the evidence of a verdict.

use super::figures::Figure;
use super::results::FittedArm;
use super::side_by_side::SideBySide;
use super::verdict::{Counts, Design, Evidence, Fault, FreeEvidence, JudgedBy, LabelEvidence, TextsEvidence};
use crate::arm::{CLASS_WEIGHT, Goal, NONE, RIVALS, Role};
use crate::data::{LabelId, Labels};
use crate::metric::{ACCURACY, AVERAGE_PRECISION, MACRO_F1};
use crate::stats::Measured;
use crate::text::escape_control;

/// What is known besides the figures.
pub(super) struct VerdictFacts<'a> {
    pub(super) design: Design,
    pub(super) labels: &'a Labels,
    /// Labels with synthetic rows that are there to raise them.
    pub(super) raised: &'a [LabelId],
    pub(super) n_candidates: usize,
    pub(super) n_kept: usize,
    /// Real training rows of each label, by id.
    pub(super) n_real: &'a [usize],
    /// Synthetic rows that were kept, by label id.
    pub(super) n_made: &'a [usize],
    pub(super) faults: &'a [Fault],
    pub(super) goal: Goal,
    pub(super) arms: &'a [FittedArm],
    /// The arm that the selection procedure took.
    pub(super) taken: &'static str,
    /// The arm with synthetic rows that it weighed.
    pub(super) texts: Option<&'static str>,
}

impl VerdictFacts<'_> {
    /// The evidence of one learner.
    pub(super) fn evidence(&self, rows: &dyn SideBySide) -> Evidence {
        let figure = self.figure();
        let has_rows = self.raised.iter().any(|label| rows.support(*label) > 0);
        let texts = self.texts.filter(|_| has_rows).and_then(|arm| self.arm(arm));
        let free = self.arms.iter().filter(|arm| arm.role() == Role::Free);
        let best_free = texts.and_then(|texts| self.best_free(rows, texts));
        let best = best_free.as_ref().map(|(free, _)| *free);
        Evidence {
            design: self.design,
            n_candidates: self.n_candidates,
            n_kept: self.n_kept,
            n_train: self.n_real.iter().sum(),
            n_judged: rows.n_rows(),
            figure: self.words(figure),
            before: self.arm(NONE).and_then(|none| rows.value(none.fit, self.shown())),
            taken: self.taken,
            free: free.filter_map(|arm| self.free(rows, arm, texts, figure)).collect(),
            labels: self.labels.ids().map(|label| self.label(rows, texts, best, label)).collect(),
            texts: texts.and_then(|texts| self.texts(rows, texts, best_free, figure)),
            faults: self.faults.to_vec(),
        }
    }

    /// What decides. Where some labels have no synthetic rows the ranking of the raised ones does: F1 at a threshold that was chosen on a
    /// few rare rows moves by 5 to 15 points with those rows alone.
    fn figure(&self) -> Figure {
        let is_partial = self.n_real.iter().zip(self.n_made).any(|(real, made)| *real > 0 && *made == 0);
        if self.n_kept > 0 && is_partial && self.goal == Goal::F1 { Figure::Ranking } else { Figure::Goal }
    }

    fn words(&self, figure: Figure) -> JudgedBy {
        let name = |label: LabelId| format!("`{}`", escape_control(self.labels.name(label)));
        let (metric, words) = match (figure, self.goal) {
            (Figure::Ranking, _) => {
                let words = match self.raised {
                    [one] => format!("average precision of {}", name(*one)),
                    many => format!("mean average precision over the {} labels with new rows", many.len()),
                };
                (AVERAGE_PRECISION.item.name, words)
            }
            (_, Goal::F1) => (MACRO_F1.item.name, MACRO_F1.title.to_owned()),
            (_, Goal::Accuracy) => (ACCURACY.item.name, ACCURACY.title.to_owned()),
            (_, Goal::Recall(label)) => ("goal", format!("F2 of {}", name(label))),
        };
        JudgedBy { metric: metric.to_owned(), words }
    }

    fn arm(&self, name: &str) -> Option<&FittedArm> {
        self.arms.iter().find(|arm| arm.name() == name)
    }

    fn free(
        &self,
        rows: &dyn SideBySide,
        arm: &FittedArm,
        texts: Option<&FittedArm>,
        figure: Figure,
    ) -> Option<FreeEvidence> {
        Some(FreeEvidence {
            arm: arm.name(),
            cv: arm.cv_score.as_ref().map(|score| score.value),
            level: rows.value(arm.fit, figure)?,
            shown: rows.value(arm.fit, self.shown()),
            over_none: self.arm(NONE).and_then(|none| rows.difference(arm.fit, none.fit, figure)),
            texts_over: texts.and_then(|texts| rows.difference(texts.fit, arm.fit, figure)),
        })
    }

    fn texts(
        &self,
        rows: &dyn SideBySide,
        texts: &FittedArm,
        best_free: Option<(&FittedArm, Measured)>,
        figure: Figure,
    ) -> Option<TextsEvidence> {
        let none = self.arm(NONE)?;
        let right = |arm: &FittedArm| rows.confusion(arm.fit).n_right() as f64 / rows.n_passes(arm.fit) as f64;
        Some(TextsEvidence {
            arm: texts.name(),
            before: rows.value(none.fit, figure)?,
            level: rows.value(texts.fit, figure)?,
            shown: rows.value(texts.fit, self.shown()),
            over_none: rows.difference(texts.fit, none.fit, figure)?,
            over_best_free: best_free.map(|(free, difference)| (free.name(), difference)),
            accuracy: rows.difference(texts.fit, none.fit, Figure::Of(ACCURACY, None)),
            n_right: [right(none), right(texts)],
        })
    }

    /// The figure over all rows that people are shown.
    fn shown(&self) -> Figure {
        match self.goal {
            Goal::F1 => Figure::Of(MACRO_F1, None),
            Goal::Accuracy => Figure::Of(ACCURACY, None),
            Goal::Recall(_) => Figure::Goal,
        }
    }

    /// The best free arm in that figure. There is one for everything that is said, so that no two statements compare with different ones.
    fn best_free(&self, rows: &dyn SideBySide, texts: &FittedArm) -> Option<(&FittedArm, Measured)> {
        let free: Vec<&FittedArm> = self.arms.iter().filter(|arm| arm.role() == Role::Free).collect();
        let fits: Vec<usize> = free.iter().map(|arm| arm.fit).collect();
        let (at, difference) = rows.lead(texts.fit, &fits, self.shown())?;
        Some((free[at], difference))
    }

    fn label(
        &self,
        rows: &dyn SideBySide,
        texts: Option<&FittedArm>,
        best_free: Option<&FittedArm>,
        label: LabelId,
    ) -> LabelEvidence {
        let f1 = Figure::f1(label);
        let pair = |name| Some((texts?.fit, self.arm(name)?.fit));
        let counts = |fit| {
            let tally = rows.confusion(fit).tally(label);
            let of = |n: u64| n as f64 / rows.n_passes(fit) as f64;
            Counts { n_found: of(tally.right), n_false: of(tally.predicted - tally.right) }
        };
        let rivals = RIVALS.iter().filter_map(|rival| self.arm(rival.item.name));
        let named = best_free.into_iter().chain(rivals);
        let against = |name, figure| pair(name).and_then(|(texts, other)| rows.difference(texts, other, figure));
        LabelEvidence {
            label: self.labels.name(label).to_owned(),
            is_raised: self.raised.contains(&label),
            n_train: self.n_real[label.index()],
            n_made: self.n_made[label.index()],
            support: rows.support(label),
            f1: against(NONE, f1),
            ranking: against(CLASS_WEIGHT, Figure::Of(AVERAGE_PRECISION, Some(label))),
            rival: best_free
                .and_then(|free| Some((rows.value(free.fit, f1)?, rows.difference(texts?.fit, free.fit, f1)?))),
            counts: pair(NONE).map(|(texts, none)| [counts(none), counts(texts)]),
            free_counts: named.map(|arm| (arm.name(), counts(arm.fit))).collect(),
        }
    }
}
