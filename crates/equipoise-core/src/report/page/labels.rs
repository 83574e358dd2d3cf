//! What happened to each label: one table a metric.

use crate::eval::{ArmResult, Evaluation, LabelResult};
use crate::report::ReportData;
use crate::report::figure::{Figure, shown_n};
use crate::report::number::count;
use crate::report::roles::{Roles, difference};
use crate::stats::Estimate;
use serde::Serialize;

/// One metric of every label, without and with synthetic rows.
#[derive(Debug, Serialize)]
pub(super) struct LabelTable {
    /// `F1`, `Precision`, `Recall`.
    metric: &'static str,
    /// What it measures.
    what: &'static str,
    /// Columns with the levels of arms, by arm.
    levels: Vec<Column>,
    /// Columns with paired differences.
    differences: Vec<Column>,
    rows: Vec<Row>,
}

#[derive(Debug, Serialize)]
struct Column {
    title: String,
    arm: String,
    /// The n of every figure of the column, where it is the same; else empty.
    n: String,
}

#[derive(Debug, Serialize)]
struct Row {
    label: String,
    support: String,
    real: String,
    synthetic: String,
    levels: Vec<Figure>,
    differences: Vec<Figure>,
}

struct Metric {
    name: &'static str,
    key: &'static str,
    what: &'static str,
    of: fn(&LabelResult) -> Option<&Estimate>,
    undefined: &'static str,
}

const METRICS: &[Metric] = &[
    Metric {
        name: "F1",
        key: "f1",
        what: "harmonic mean of precision and recall",
        of: |l| l.f1.as_ref(),
        undefined: "undefined",
    },
    Metric {
        name: "Precision",
        key: "precision",
        what: "of the rows predicted as the label, the share that is right",
        of: |l| l.precision.as_ref(),
        undefined: "never predicted",
    },
    Metric {
        name: "Recall",
        key: "recall",
        what: "of the label's rows, the share that was found",
        of: |l| l.recall.as_ref(),
        undefined: "undefined",
    },
    Metric {
        name: "Average precision",
        key: "average_precision",
        what: "precision over the ranking by the label's probability, wherever the line is drawn",
        of: |l| l.average_precision.as_ref(),
        undefined: "not measured",
    },
];

/// The tables for F1, precision, recall and average precision; none where there is no arm.
pub(super) fn tables(data: &ReportData<'_>, evaluation: &Evaluation) -> Vec<LabelTable> {
    let Some(roles) = Roles::of(evaluation) else { return Vec::new() };
    METRICS.iter().map(|m| table(data, evaluation, &roles, m)).collect()
}

fn table(data: &ReportData<'_>, evaluation: &Evaluation, roles: &Roles<'_>, metric: &Metric) -> LabelTable {
    let titled = [("without", roles.none), ("free rival", roles.rival), ("with synthetic rows", roles.synthetic)];
    let arms: Vec<(&str, &ArmResult)> = titled.into_iter().filter_map(|(t, a)| Some((t, a?))).collect();
    let rivals = [("difference to without", roles.none), ("difference to free rival", roles.rival)];
    let pairs: Vec<(&str, &ArmResult, &ArmResult)> =
        rivals.into_iter().filter_map(|(t, against)| Some((t, roles.synthetic?, against?))).collect();
    let names: Vec<&str> = data.profile.labels.iter().map(|l| l.label.as_str()).collect();
    let difference_of =
        |label: &str, arm, against| difference(evaluation, arm, against, &format!("{}:{label}", metric.key));
    let shared: Vec<Option<usize>> = pairs
        .iter()
        .map(|(_, arm, against)| shared_n(names.iter().filter_map(|l| difference_of(l, arm, against))))
        .collect();

    let rows = data.profile.labels.iter().map(|l| {
        let support = arms.iter().filter_map(|(_, a)| a.labels.get(&l.label)).map(|r| r.support).max();
        let why = if support.unwrap_or(0) == 0 { "no held-out row" } else { metric.undefined };
        let levels = arms.iter().map(|(_, arm)| {
            let estimate = arm.labels.get(&l.label).and_then(metric.of);
            Figure::level(estimate, why).beside(support)
        });
        let differences = pairs.iter().zip(&shared).map(|((_, arm, against), shared)| {
            let estimate = difference_of(&l.label, arm, against);
            let why = if support.unwrap_or(0) == 0 { why } else { "not compared" };
            Figure::difference(estimate.as_ref(), why).beside(*shared)
        });
        Row {
            label: l.label.clone(),
            support: support.map_or_else(|| "0".to_owned(), count),
            real: count(l.n),
            synthetic: match data.n_synthetic(&l.label) {
                0 => String::new(),
                n => format!("+{}", count(n)),
            },
            levels: levels.collect(),
            differences: differences.collect(),
        }
    });
    let rows = rows.collect();
    let levels =
        arms.iter().map(|(title, arm)| Column { title: (*title).to_owned(), arm: arm.name.clone(), n: String::new() });
    let differences = pairs.iter().zip(&shared).map(|((title, _, against), shared)| Column {
        title: (*title).to_owned(),
        arm: against.name.clone(),
        n: shared.map_or_else(String::new, shown_n),
    });
    LabelTable {
        metric: metric.name,
        what: metric.what,
        levels: levels.collect(),
        differences: differences.collect(),
        rows,
    }
}

/// The n of all estimates, where they agree.
fn shared_n(mut estimates: impl Iterator<Item = Estimate>) -> Option<usize> {
    let first = estimates.next()?.n;
    estimates.all(|e| e.n == first).then_some(first)
}
