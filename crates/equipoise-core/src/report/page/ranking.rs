//! How precision and recall of the labels with new rows trade, wherever the line is drawn.

use super::section::Section;
use crate::eval::{ArmCurve, Evaluation, PrecisionRecall};
use crate::metric::AVERAGE_PRECISION;
use crate::report::number::{ABSENT, clip, count, short};
use crate::report::roles::{Kind, kind};
use crate::report::template;
use crate::stats::Estimate;
use serde::Serialize;

pub(super) static SECTION: Section = Section {
    id: "precision-recall",
    menu: "Precision",
    title: "Precision and recall of the labels with new rows",
    render: |data, _| {
        let curves = data.evaluation.map(Curves::of).filter(|curves| !curves.charts.is_empty());
        curves.map(|curves| template::html(include_str!("ranking.html.j2"), curves)).transpose()
    },
};

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 270.0;
const LEFT: f64 = 46.0;
const RIGHT: f64 = 350.0;
const TOP: f64 = 8.0;
const BOTTOM: f64 = 222.0;
/// Labels that have a chart, the rarest among the judged rows; `evaluation.json` has all.
const MOST_CHARTS: usize = 6;
/// Recalls at which the table reads the curves.
const RECALLS: [f64; 5] = [0.2, 0.4, 0.6, 0.8, 1.0];

#[derive(Debug, Serialize)]
struct Curves {
    learner: String,
    charts: Vec<Chart>,
    /// Labels without a chart.
    n_more: usize,
}

#[derive(Debug, Serialize)]
struct Chart {
    id: String,
    label: String,
    n: String,
    n_judged: String,
    /// The curves in words.
    description: String,
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    /// Position along the axis and what stands there, of recall and precision.
    x_ticks: Vec<(String, String)>,
    y_ticks: Vec<(String, String)>,
    /// The precision of calling every row by the label.
    chance: String,
    curves: Vec<Drawn>,
    /// A recall, and the precision of each curve there.
    table: Vec<(String, Vec<String>)>,
}

#[derive(Debug, Serialize)]
struct Drawn {
    arm: String,
    kind: Kind,
    /// `x,y` of each point.
    line: String,
    /// Where the arm stands with what it predicts.
    mark: Option<(String, String)>,
    /// Average precision with its interval.
    area: String,
}

impl Curves {
    fn of(evaluation: &Evaluation) -> Self {
        let all = &evaluation.analysis.precision_recall;
        let mut rarest: Vec<&PrecisionRecall> = all.iter().filter(|of_label| of_label.n > 0).collect();
        rarest.sort_by(|a, b| a.n.cmp(&b.n).then_with(|| a.label.cmp(&b.label)));
        let charts = rarest.iter().take(MOST_CHARTS).enumerate();
        Curves {
            learner: all.first().map_or_else(String::new, |of_label| of_label.learner.clone()),
            charts: charts.map(|(at, of_label)| Chart::of(evaluation, at, of_label)).collect(),
            n_more: rarest.len().saturating_sub(MOST_CHARTS),
        }
    }
}

impl Chart {
    fn of(evaluation: &Evaluation, at: usize, of_label: &PrecisionRecall) -> Self {
        let curves: Vec<Drawn> = of_label.arms.iter().map(|curve| drawn(evaluation, of_label, curve)).collect();
        let words = curves.iter().map(|curve| format!("{}: average precision {}", curve.arm, curve.area));
        let ticks = |place: fn(f64) -> String| (0..=5).map(|i| f64::from(i) / 5.0).map(move |v| (place(v), short(v)));
        let row = |recall: f64| {
            let precisions = of_label.arms.iter().map(|curve| precision_at(curve, recall).map_or(ABSENT.into(), short));
            (short(recall), precisions.collect())
        };
        Chart {
            id: format!("precision-recall-{at}"),
            label: clip(&of_label.label, 60),
            n: count(of_label.n),
            n_judged: count(of_label.n_judged),
            description: format!("{}.", words.collect::<Vec<_>>().join("; ")),
            width: WIDTH,
            height: HEIGHT,
            left: LEFT,
            right: RIGHT,
            top: TOP,
            bottom: BOTTOM,
            x_ticks: ticks(x).collect(),
            y_ticks: ticks(y).collect(),
            chance: y(of_label.n as f64 / of_label.n_judged.max(1) as f64),
            curves,
            table: RECALLS.into_iter().map(row).collect(),
        }
    }
}

fn drawn(evaluation: &Evaluation, of_label: &PrecisionRecall, curve: &ArmCurve) -> Drawn {
    let arm = evaluation.arms.iter().find(|arm| arm.name == curve.arm && arm.learner == of_label.learner);
    let area = arm.and_then(|arm| arm.label_figure(&of_label.label, AVERAGE_PRECISION));
    let in_words = |e: &Estimate| format!("{} ({} … {})", short(e.value), short(e.low), short(e.high));
    Drawn {
        arm: curve.arm.clone(),
        kind: arm.map_or(Kind::Free, |arm| kind(evaluation, arm)),
        line: curve.points.iter().map(|[r, p]| format!("{},{}", x(*r), y(*p))).collect::<Vec<_>>().join(" "),
        mark: curve.working_point.map(|[recall, precision]| (x(recall), y(precision))),
        area: area.map_or_else(|| ABSENT.to_owned(), in_words),
    }
}

/// The best precision at which a curve still has this recall.
fn precision_at(curve: &ArmCurve, recall: f64) -> Option<f64> {
    curve.points.iter().filter(|point| point[0] >= recall - 1e-9).map(|point| point[1]).reduce(f64::max)
}

fn x(recall: f64) -> String {
    format!("{:.1}", LEFT + recall.clamp(0.0, 1.0) * (RIGHT - LEFT))
}

fn y(precision: f64) -> String {
    format!("{:.1}", BOTTOM - precision.clamp(0.0, 1.0) * (BOTTOM - TOP))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_reads_the_best_precision_that_keeps_a_recall() {
        let points = vec![[0.2, 1.0], [0.5, 0.6], [0.9, 0.7]];
        let curve = ArmCurve { arm: "none".to_owned(), points, working_point: None };
        let found = [0.2, 0.4, 0.9, 1.0].map(|recall| precision_at(&curve, recall));
        assert_eq!(found, [Some(1.0), Some(0.7), Some(0.7), None]);
    }
}
