//! The verdict: are the synthetic rows worth using?
//!
//! The rule, in this order, on the mean F1 over the raised labels that have held-out rows (one label: its F1), with paired 95 %
//! intervals from the held-out rows. *Better* and *worse* mean that the interval of the difference leaves out zero.
//! 1. No row was kept, or no raised label has held-out rows: nothing can be said for them.
//! 2. The judged arm (what `auto` chose, if that uses synthetic rows, else `synthetic`) is worse than `none`: they harm.
//! 3. It is not better than `none`: no effect is shown; where the raised labels have few held-out rows, none could be.
//! 4. It is not better than `duplicate_control`, `class_weight` and `threshold`: a free arm explains the gain, or cannot be told from it.
//! 5. Macro-F1 over all labels is worse than with `none`: the gain is paid for by other labels.
//! 6. `auto` set the rows aside: the choice was made on the training rows, and held-out rows do not overrule it.
//! 7. Else: use them.
//!
//! The cheapest explanation comes first, so a tie goes to the free arm.

use super::advice::advice;
use super::figures::{Figure, Figures};
use super::label_verdict::label_verdicts;
use super::notes::FEW_HELD_OUT;
use super::results::FittedArm;
use super::verdict_types::{Fault, Finding, VerdictInWords};
use super::words::{change, synthetic_rows, titled};
use crate::arm::{ArmEntry, CLASS_WEIGHT, NONE, RIVALS, Role, SYNTHETIC, is_synthetic};
use crate::data::{LabelId, Labels};
use crate::metric::MACRO_F1;
use crate::stats::Estimate;
use crate::text::escape_control;

/// Differences no larger than this are called the same, in words.
const SAME: f64 = 0.01;

/// What the verdict is drawn from: one learner's arms.
pub(super) struct Case<'a> {
    pub(super) labels: &'a Labels,
    /// Labels with synthetic rows.
    pub(super) raised: &'a [LabelId],
    pub(super) n_candidates: usize,
    pub(super) n_kept: usize,
    /// Real training rows of each label, by id.
    pub(super) n_real: &'a [usize],
    /// Synthetic rows that were kept, by label id.
    pub(super) n_made: &'a [usize],
    pub(super) faults: &'a [Fault],
    pub(super) figures: &'a Figures<'a>,
    pub(super) arms: &'a [FittedArm],
    /// The arm that `auto` chose.
    pub(super) chosen: &'static str,
}

/// A free arm beside the synthetic rows.
struct Rival {
    name: &'static str,
    value: f64,
    /// `synthetic − rival`.
    difference: Estimate,
}

/// The verdict by the rule above.
pub(super) fn verdict(case: &Case<'_>) -> VerdictInWords {
    if case.n_candidates == 0 {
        return case.free();
    }
    let (finding, arm, mut reason) = case.judge();
    for fault in case.faults {
        reason += " ";
        reason += &fault.sentence;
    }
    let mut verdict = VerdictInWords {
        arm: arm.to_owned(),
        use_synthetic: Some(finding == Finding::Helped),
        finding,
        reason,
        labels: label_verdicts(case),
        faults: case.faults.to_vec(),
        advice: vec![],
    };
    verdict.advice = advice(case, &verdict);
    verdict
}

impl Case<'_> {
    /// The arm with synthetic rows that is judged: what `auto` would use of them, else the data set as it is written.
    pub(super) fn subject(&self) -> &'static str {
        if is_synthetic(self.chosen) { self.chosen } else { SYNTHETIC }
    }

    fn judge(&self) -> (Finding, &'static str, String) {
        let rows = synthetic_rows(self.n_kept);
        let free = self.free_choice();
        if self.n_kept == 0 {
            let reason = format!(
                "The checks kept none of the {}, so there is nothing to use.",
                synthetic_rows(self.n_candidates)
            );
            return (Finding::NothingKept, free, reason);
        }
        let Some((before, none)) = self.rival(NONE).map(|r| (r.value, r.difference)) else {
            let reason = format!("Cannot tell: there is no held-out row of {}.", self.raised_names());
            return (Finding::CannotTell, free, reason);
        };
        let (after, figure) = (before + none.value, self.figure_name());
        let moved = |verb: &str| format!("{figure} {verb} from {before:.3} to {after:.3} ({})", change(&none));
        let rivals: Vec<Rival> = RIVALS.iter().filter_map(|arm| self.rival(arm.item.name)).collect();

        if none.high < 0.0 {
            let instead = more_for_free(&rivals, before);
            return (Finding::Harmed, free, format!("They harm: with the {rows} {}.{instead}", moved("falls")));
        }
        if none.low <= 0.0 {
            let n = none.n;
            let instead = same_for_free(&rivals).unwrap_or_else(|| more_for_free(&rivals, after));
            if n < FEW_HELD_OUT {
                let few = format!("only {n} held-out rows of {}", self.raised_names());
                return (Finding::CannotTell, free, format!("Cannot tell: {few}; {}.{instead}", moved("goes")));
            }
            let reason =
                format!("No effect is shown: with the {rows} {}, which is within noise.{instead}", moved("goes"));
            return (Finding::NoEffect, free, reason);
        }
        // The strongest of those that are not clearly beaten is the one to name; duplication where it is as strong, since it says most.
        let unbeaten: Vec<&Rival> = rivals.iter().filter(|r| r.difference.low <= 0.0).collect();
        let strongest = unbeaten.iter().map(|r| r.value).fold(f64::NEG_INFINITY, f64::max);
        if let Some(rival) = unbeaten.iter().find(|r| r.value >= strongest - SAME) {
            let (finding, reason) = Self::free_explanation(rival, &moved("rises"));
            return (finding, rival.name, reason);
        }
        let overall = self.between(self.subject(), NONE, Figure::Of(MACRO_F1, None));
        if let Some(loss) = overall.filter(|d| d.high < 0.0) {
            let reason = format!(
                "The gain is paid for by other labels: {}, but macro-F1 over all labels changes by {}.",
                moved("rises"),
                change(&loss)
            );
            return (Finding::Harmed, free, reason);
        }
        if !is_synthetic(self.chosen) {
            let reason = format!(
                "Cross-validation over the training rows set the {rows} aside, and the held-out rows do not overrule it, though there {}.",
                moved("rises")
            );
            return (Finding::CannotTell, free, reason);
        }
        let beaten: Vec<String> = rivals.iter().map(|r| format!("{} ({:.3})", titled(r.name), r.value)).collect();
        let extremes = self.extremes().map_or_else(String::new, |text| format!(" {text}"));
        let reason = format!(
            "Use the {rows}: {}, more than with {}.{extremes}{}",
            moved("rises"),
            beaten.join(" or "),
            self.cost()
        );
        (Finding::Helped, self.subject(), reason)
    }

    fn free_explanation(rival: &Rival, moved: &str) -> (Finding, String) {
        let (name, value, against) = (titled(rival.name), rival.value, change(&rival.difference));
        if rival.difference.value.abs() <= SAME {
            let same = format!("the same comes for free with {name} ({value:.3}; difference {against})");
            (Finding::NotNeeded, format!("You do not need synthetic rows here: {moved}, but {same}."))
        } else if rival.difference.value < 0.0 {
            let more = format!("with {name} it reaches {value:.3} (difference {against})");
            (Finding::NotNeeded, format!("You do not need synthetic rows here: {moved}, but {more}."))
        } else {
            let reason = format!(
                "Cannot tell the synthetic rows from a free rival: {moved}, and with {name} it reaches {value:.3}; the difference \
                 ({against}) is within noise, so the free one comes first."
            );
            (Finding::CannotTell, reason)
        }
    }

    /// Without synthetic rows: which free arm helps.
    fn free(&self) -> VerdictInWords {
        let gain = |arm: &FittedArm| Some((arm.name(), self.between(arm.name(), NONE, Figure::Of(MACRO_F1, None))?));
        let best = self.free_arms().filter_map(gain).max_by(|a, b| a.1.value.total_cmp(&b.1.value));
        let why = format!("On the training rows alone `auto` chose {}", titled(self.chosen));
        let reason = match (self.between(self.chosen, NONE, Figure::Of(MACRO_F1, None)), best) {
            (Some(d), _) if self.chosen != NONE => {
                let tells = if d.low > 0.0 {
                    "they help"
                } else if d.high < 0.0 {
                    "they harm"
                } else {
                    "no effect is shown"
                };
                format!(
                    "{why}; on the held-out rows {tells}: macro-F1 changes by {} against the rows as they are.",
                    change(&d)
                )
            }
            (_, Some((name, d))) if d.low > 0.0 => {
                format!("{why}; on the held-out rows {} would add {} to macro-F1.", titled(name), change(&d))
            }
            _ => format!("{why}; on the held-out rows no free arm raises macro-F1 beyond noise."),
        };
        VerdictInWords {
            arm: self.chosen.to_owned(),
            use_synthetic: None,
            finding: Finding::FreeArms,
            reason,
            labels: vec![],
            faults: vec![],
            advice: vec![],
        }
    }

    /// The arm to use when the synthetic rows are not: what `auto` chose if that is free, else class weights where they help.
    fn free_choice(&self) -> &'static str {
        let helps = || self.between(CLASS_WEIGHT, NONE, Figure::Focus).is_some_and(|d| d.low > 0.0);
        match self.chosen {
            arm if is_synthetic(arm) && helps() => CLASS_WEIGHT,
            arm if is_synthetic(arm) => NONE,
            free => free,
        }
    }

    pub(super) fn free_arms(&self) -> impl Iterator<Item = &FittedArm> {
        self.arms.iter().filter(|arm| arm.role() == Role::Free)
    }

    pub(super) fn fit(&self, arm: &str) -> Option<usize> {
        self.arms.iter().find(|a| a.name() == arm).map(|a| a.fit)
    }

    fn between(&self, arm: &str, against: &str, figure: Figure) -> Option<Estimate> {
        self.figures.difference(self.fit(arm)?, self.fit(against)?, figure).map(|m| m.estimate)
    }

    fn rival(&self, name: &'static str) -> Option<Rival> {
        let value = self.figures.value(self.fit(name)?, Figure::Focus)?;
        Some(Rival { name, value, difference: self.between(self.subject(), name, Figure::Focus)? })
    }

    fn name(&self, label: LabelId) -> String {
        format!("`{}`", escape_control(self.labels.name(label)))
    }

    fn raised_names(&self) -> String {
        match self.raised {
            [one] => self.name(*one),
            many => format!("the {} raised labels", many.len()),
        }
    }

    fn figure_name(&self) -> String {
        let seen: Vec<LabelId> = self.raised.iter().copied().filter(|l| self.figures.support(*l) > 0).collect();
        match seen.as_slice() {
            [one] => format!("F1 of {}", self.name(*one)),
            many if many.len() == self.raised.len() => format!("macro-F1 over the {} raised labels", many.len()),
            many => {
                format!("macro-F1 over the {} of {} raised labels with held-out rows", many.len(), self.raised.len())
            }
        }
    }

    /// The label with the largest and the one with the smallest gain, where several were raised.
    fn extremes(&self) -> Option<String> {
        let gain = |l: &LabelId| Some((self.between(self.subject(), NONE, Figure::f1(*l))?.value, *l));
        let mut gains: Vec<(f64, LabelId)> = self.raised.iter().filter_map(gain).collect();
        gains.sort_by(|a, b| a.0.total_cmp(&b.0));
        let ((least, worst), (most, best)) = (gains.first()?, gains.last()?);
        let text =
            || format!("Most for {} ({most:+.3}), least for {} ({least:+.3}).", self.name(*best), self.name(*worst));
        (gains.len() > 1).then(text)
    }

    /// What the gain costs, and a free arm outside the rule that does more, if there is one.
    fn cost(&self) -> String {
        let loss = |l: LabelId| Some((self.between(self.subject(), NONE, Figure::f1(l))?, l));
        let others = self.labels.ids().filter(|l| !self.raised.contains(l));
        let worst =
            others.filter_map(loss).filter(|(d, _)| d.high < 0.0).min_by(|a, b| a.0.value.total_cmp(&b.0.value));
        let mut text =
            worst.map_or_else(String::new, |(d, l)| format!(" F1 of {} falls ({}).", self.name(l), change(&d)));
        let is_rival = |arm: &&FittedArm| RIVALS.iter().any(|rival: &&ArmEntry| rival.item.name == arm.name());
        let others = self.free_arms().filter(|arm| !is_rival(arm));
        let more = others.filter_map(|arm| self.rival(arm.name())).filter(|r| r.difference.value < 0.0);
        if let Some(rival) = more.max_by(|a, b| a.value.total_cmp(&b.value)) {
            text += &format!(" Note that {} reaches {:.3} for free.", titled(rival.name), rival.value);
        }
        text
    }
}

/// A free arm that does as much as the synthetic rows, as a sentence to append; empty where none does.
fn same_for_free(rivals: &[Rival]) -> Option<String> {
    let same = rivals.iter().find(|r| r.difference.value.abs() <= SAME)?;
    Some(format!(" The same comes for free with {}.", titled(same.name)))
}

/// The best free arm above `after`, as a sentence to append; empty where there is none.
fn more_for_free(rivals: &[Rival], after: f64) -> String {
    let best = rivals.iter().filter(|r| r.value > after).max_by(|a, b| a.value.total_cmp(&b.value));
    best.map_or_else(String::new, |r| format!(" With {} it reaches {:.3} for free.", titled(r.name), r.value))
}
