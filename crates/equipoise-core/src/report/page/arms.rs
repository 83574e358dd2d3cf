//! Every arm side by side: a chart for each headline figure and each raised label, and a table of all figures.

use super::chart::{Chart, overall, raised};
use super::section::Section;
use crate::eval::{ArmResult, Evaluation};
use crate::metric::{self, MetricEntry, Scope};
use crate::report::figure::Figure;
use crate::report::roles::learners;
use crate::report::{ReportData, template};
use serde::Serialize;

pub(super) static SECTION: Section = Section {
    id: "arms",
    menu: "Ways",
    title: "Every way of training side by side",
    render: |data, _| {
        let arms = data.evaluation.map(|evaluation| Arms::of(data, evaluation));
        arms.map(|arms| template::html(include_str!("arms.html.j2"), arms)).transpose()
    },
};

/// Charts beyond this many are folded away.
const OPEN_CHARTS: usize = 6;

#[derive(Debug, Serialize)]
struct Arms {
    charts: Vec<Chart>,
    more_charts: Vec<Chart>,
    several_learners: bool,
    /// Title and meaning of each metric over all labels.
    metrics: Vec<(String, &'static str)>,
    figures: Vec<ArmRow>,
}

#[derive(Debug, Serialize)]
struct ArmRow {
    arm: String,
    learner: String,
    /// In the order of the metrics.
    levels: Vec<Figure>,
}

impl Arms {
    fn of(data: &ReportData<'_>, evaluation: &Evaluation) -> Self {
        let mut charts = overall(evaluation);
        charts.extend(raised(data, evaluation));
        let more_charts = charts.split_off(charts.len().min(OPEN_CHARTS));
        let metrics = || metric::CATALOG.iter().copied().filter(|metric| metric.scope != Scope::EachLabel);
        let level = |arm: &ArmResult, metric: &MetricEntry| {
            Figure::level(arm.figure(metric), metric.undefined).beside(Some(evaluation.n_judged()))
        };
        let row = |arm: &ArmResult| ArmRow {
            arm: arm.name.clone(),
            learner: arm.learner.clone(),
            levels: metrics().map(|metric| level(arm, metric)).collect(),
        };
        Arms {
            charts,
            more_charts,
            several_learners: learners(evaluation).len() > 1,
            metrics: metrics().map(|metric| (metric.heading(), metric.item.what)).collect(),
            figures: evaluation.arms.iter().map(row).collect(),
        }
    }
}
