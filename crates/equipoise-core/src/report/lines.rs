//! The table of the first screen: a line a label, and the figures over all labels.

use super::roles::{Roles, difference};
use crate::eval::{ArmResult, Evaluation, LabelFinding, LabelVerdict, RELEVANT};
use crate::metric::{ACCURACY, AVERAGE_PRECISION, F1, MACRO_F1, MetricEntry};
use crate::stats::Estimate;
use serde::Serialize;
use std::cmp::Reverse;

/// Labels with new rows that are shown, unless they are harmed; the rest is folded away.
const RAISED: usize = 6;

/// One line: a figure in the three arms that are shown, and what the new rows did to it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SummaryLine {
    /// The label, or what people call the figure over all labels.
    pub name: String,
    /// Whether `name` is a label, whose F1 is shown.
    pub is_label: bool,
    /// Whether the label got new rows to raise it.
    pub is_raised: bool,
    /// Real training rows of the label, and new ones.
    pub rows: Option<(usize, usize)>,
    /// With the real rows alone.
    pub before: Option<Estimate>,
    /// With the best free arm.
    pub free: Option<Estimate>,
    /// With the new rows.
    pub with: Option<Estimate>,
    /// `with` minus `before`, paired on the judged rows; `free` minus `before` where there are no new rows.
    pub difference: Option<Estimate>,
    /// What the new rows did, or the best free way where there are none.
    pub finding: LabelFinding,
    /// How a label with new rows stands to the best free arm; `None` where it is not known or nothing was gained.
    pub beside_free: Option<BesideFree>,
}

/// How a figure with new rows stands to the same with the best free arm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BesideFree {
    /// The interval of the difference is above zero.
    More,
    /// It holds zero.
    Same,
    /// It is below zero.
    Less,
}

impl BesideFree {
    /// In words; ◆ is the best free way, as the head of the table says.
    pub fn words(self) -> &'static str {
        match self {
            BesideFree::More => "better than ◆",
            BesideFree::Same => "about as good as ◆",
            BesideFree::Less => "worse than ◆",
        }
    }

    fn of(difference: &Estimate) -> Self {
        match difference {
            d if d.low > 0.0 => BesideFree::More,
            d if d.high < 0.0 => BesideFree::Less,
            _ => BesideFree::Same,
        }
    }
}

/// The lines that are shown, and those of the other labels.
pub(super) fn lines(evaluation: &Evaluation, roles: &Roles<'_>) -> (Vec<SummaryLine>, Vec<SummaryLine>) {
    let mut labels: Vec<&LabelVerdict> = evaluation.verdict.labels.iter().collect();
    let is_harmed = |label: &LabelVerdict| label.finding == LabelFinding::Harmed;
    // The rarest first, of the others those that lose most.
    let loss = |label: &LabelVerdict| label.difference.as_ref().map_or(0, |d| (d.value * 1e6) as i64);
    labels.sort_by_key(|label| match label.raised {
        true => (false, Reverse(is_harmed(label)), label.n_real as i64),
        false => (true, Reverse(is_harmed(label)), loss(label)),
    });
    let mut n_raised = 0;
    let (shown, folded): (Vec<_>, Vec<_>) = labels.into_iter().partition(|label| {
        n_raised += usize::from(label.raised);
        is_harmed(label) || (label.raised && n_raised <= RAISED)
    });
    let of_label = |label: &LabelVerdict| label_line(label, roles);
    let mut lines: Vec<SummaryLine> = shown.into_iter().map(of_label).collect();
    lines.extend(decisive(evaluation, roles));
    lines.extend(overall(evaluation, roles, "mean F1", MACRO_F1));
    lines.extend(overall(evaluation, roles, "accuracy", ACCURACY));
    (lines, folded.into_iter().map(of_label).collect())
}

fn label_line(label: &LabelVerdict, roles: &Roles<'_>) -> SummaryLine {
    let f1 = |arm: Option<&ArmResult>| arm.and_then(|arm| arm.label_figure(&label.label, F1)).cloned();
    let beside = label.rival.as_ref().and_then(|rival| rival.difference.as_ref()).map(BesideFree::of);
    let gains = label.raised && label.finding == LabelFinding::Helped;
    SummaryLine {
        name: label.label.clone(),
        is_label: true,
        is_raised: label.raised,
        rows: Some((label.n_real, label.n_made)),
        before: f1(roles.none),
        free: f1(roles.rival),
        with: f1(roles.synthetic),
        difference: label.difference.clone(),
        finding: label.finding,
        beside_free: beside.filter(|_| gains),
    }
}

fn overall(evaluation: &Evaluation, roles: &Roles<'_>, name: &str, metric: &MetricEntry) -> Option<SummaryLine> {
    let figure = |arm: Option<&ArmResult>| arm.and_then(|arm| arm.figure(metric)).cloned();
    let about = roles.synthetic.or(roles.rival);
    let change = about.zip(roles.none).and_then(|(a, b)| difference(evaluation, a, b, metric.item.name));
    figure(roles.none).or_else(|| figure(roles.synthetic))?;
    Some(SummaryLine {
        name: name.to_owned(),
        is_label: false,
        is_raised: false,
        rows: None,
        before: figure(roles.none),
        free: figure(roles.rival),
        with: figure(roles.synthetic),
        finding: finding(change.as_ref()),
        difference: change,
        beside_free: None,
    })
}

/// The figure that decided, where it is none of those that always stand there.
fn decisive(evaluation: &Evaluation, roles: &Roles<'_>) -> Option<SummaryLine> {
    let judged = evaluation.verdict.judged.as_ref()?;
    if [MACRO_F1.item.name, ACCURACY.item.name].contains(&judged.figure.metric.as_str()) {
        return None;
    }
    let raised: Vec<&str> =
        evaluation.verdict.labels.iter().filter(|label| label.raised).map(|label| label.label.as_str()).collect();
    let of_one = |arm: Option<&ArmResult>| match raised.as_slice() {
        [one] if judged.figure.metric == AVERAGE_PRECISION.item.name => {
            arm.and_then(|arm| arm.label_figure(one, AVERAGE_PRECISION)).cloned()
        }
        _ => None,
    };
    let bare = |value: f64| Estimate { value, low: value, high: value, ..judged.over_none.clone() };
    Some(SummaryLine {
        name: judged.figure.words.replace('`', ""),
        is_label: false,
        is_raised: false,
        rows: None,
        before: of_one(roles.none).or_else(|| Some(bare(judged.before))),
        free: of_one(roles.rival).or_else(|| judged.best_free_value.map(bare)),
        with: of_one(roles.synthetic).or_else(|| Some(bare(judged.with))),
        finding: finding(Some(&judged.over_none)),
        difference: Some(judged.over_none.clone()),
        beside_free: None,
    })
}

/// What an interval alone says; of single labels the verdict says it, which corrects for their number.
fn finding(difference: Option<&Estimate>) -> LabelFinding {
    match difference {
        Some(d) if d.low > 0.0 => LabelFinding::Helped,
        Some(d) if d.high < 0.0 => LabelFinding::Harmed,
        Some(d) if d.low > -RELEVANT && d.high < RELEVANT => LabelFinding::NoEffect,
        _ => LabelFinding::CannotTell,
    }
}
