//! What happened to each label: one table a metric.

use super::section::Section;
use crate::eval::{ArmResult, Evaluation};
use crate::metric::{self, MetricEntry, Scope};
use crate::report::figure::{Figure, shown_n};
use crate::report::number::count;
use crate::report::roles::{Roles, difference};
use crate::report::summary::Summary;
use crate::report::{ReportData, template};
use crate::stats::Estimate;
use serde::Serialize;

pub(super) static SECTION: Section = Section {
    id: "labels",
    menu: "Labels",
    title: "What happened to each label",
    render: |data, _| template::html(include_str!("labels.html.j2"), Labels::of(data)).map(Some),
};

/// The section.
#[derive(Debug, Serialize)]
struct Labels {
    is_evaluated: bool,
    /// The learner of the tables.
    learner: String,
    /// What was found for each label, a sentence each.
    found: Vec<String>,
    tables: Vec<LabelTable>,
    /// Whether other metrics have no table, since the labels are many.
    is_cut: bool,
}

impl Labels {
    fn of(data: &ReportData<'_>) -> Self {
        let evaluation = data.evaluation;
        Labels {
            is_evaluated: evaluation.is_some(),
            learner: evaluation.and_then(Roles::of).map_or_else(String::new, |roles| roles.learner.to_owned()),
            found: Summary::of_data(data).labels,
            tables: evaluation.map(|e| tables(data, e)).unwrap_or_default(),
            is_cut: data.profile.labels.len() > MANY,
        }
    }
}

/// One metric of every label, without and with synthetic rows.
#[derive(Debug, Serialize)]
struct LabelTable {
    /// `F1`, `Precision`, `Recall`.
    metric: String,
    /// What it measures.
    what: &'static str,
    /// Columns with the levels of arms, by arm.
    levels: Vec<Column>,
    /// Columns with paired differences.
    differences: Vec<Column>,
    rows: Vec<LabelRow>,
}

#[derive(Debug, Serialize)]
struct Column {
    title: String,
    arm: String,
    /// The n of every figure of the column, where it is the same; else empty.
    n: String,
}

#[derive(Debug, Serialize)]
struct LabelRow {
    label: String,
    support: String,
    real: String,
    synthetic: String,
    levels: Vec<Figure>,
    differences: Vec<Figure>,
}

/// Beyond so many labels only the first metric has a table; `evaluation.json` has all.
const MANY: usize = 30;

/// A table for each metric of a single label; none where there is no arm.
fn tables(data: &ReportData<'_>, evaluation: &Evaluation) -> Vec<LabelTable> {
    let Some(roles) = Roles::of(evaluation) else { return Vec::new() };
    let metrics = metric::CATALOG.iter().filter(|metric| metric.scope == Scope::EachLabel);
    let n_tables = if data.profile.labels.len() > MANY { 1 } else { usize::MAX };
    metrics.take(n_tables).map(|metric| table(data, evaluation, &roles, metric)).collect()
}

fn table(
    data: &ReportData<'_>,
    evaluation: &Evaluation,
    roles: &Roles<'_>,
    metric: &'static MetricEntry,
) -> LabelTable {
    let titled = [("without", roles.none), ("best free way", roles.rival), ("with synthetic rows", roles.synthetic)];
    let arms: Vec<(&str, &ArmResult)> = titled.into_iter().filter_map(|(t, a)| Some((t, a?))).collect();
    let rivals = [("difference to without", roles.none), ("difference to best free way", roles.rival)];
    let pairs: Vec<(&str, &ArmResult, &ArmResult)> =
        rivals.into_iter().filter_map(|(t, against)| Some((t, roles.synthetic?, against?))).collect();
    let names: Vec<&str> = data.profile.labels.iter().map(|l| l.label.as_str()).collect();
    let difference_of = |label: &str, arm, against| difference(evaluation, arm, against, &metric.key(Some(label)));
    let shared: Vec<Option<usize>> = pairs
        .iter()
        .map(|(_, arm, against)| shared_n(names.iter().filter_map(|l| difference_of(l, arm, against))))
        .collect();

    let rows = data.profile.labels.iter().map(|l| {
        let support = arms.iter().filter_map(|(_, a)| a.labels.get(&l.label)).map(|r| r.support).max();
        let why = if support.unwrap_or(0) == 0 { "no held-out row" } else { metric.undefined };
        let levels = arms.iter().map(|(_, arm)| Figure::level(arm.label_figure(&l.label, metric), why).beside(support));
        let differences = pairs.iter().zip(&shared).map(|((_, arm, against), shared)| {
            let estimate = difference_of(&l.label, arm, against);
            let why = if support.unwrap_or(0) == 0 { why } else { "not compared" };
            Figure::difference(estimate.as_ref(), why).beside(*shared)
        });
        LabelRow {
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
        metric: metric.heading(),
        what: metric.item.what,
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
