//! Dot-and-whisker charts: one line an arm, the dot the value, the whisker its 95 % interval.

use crate::eval::{ArmResult, Evaluation};
use crate::metric::{self, F1, Scope};
use crate::report::ReportData;
use crate::report::figure::{Figure, is_finite};
use crate::report::number::{clip, count};
use crate::report::roles::{Kind, Roles, kind, learners};
use crate::stats::Estimate;
use serde::Serialize;

/// Width of the drawing in its own units; the page scales it.
const WIDTH: f64 = 360.0;
const MARGIN: f64 = 10.0;
const ROW: f64 = 35.0;
const AXIS: f64 = 38.0;
/// Characters that a name and its figure have room for on one line.
const LINE: usize = 50;

/// One chart, ready to draw.
#[derive(Debug, Serialize)]
pub(super) struct Chart {
    /// Unique in the page.
    id: String,
    title: String,
    /// The same figures in words, for those who do not see the drawing.
    description: String,
    width: f64,
    height: f64,
    axis_y: f64,
    ticks: Vec<Tick>,
    dots: Vec<Dot>,
    /// What the axis shows.
    axis: String,
    /// Where the arm without synthetic rows lies.
    reference: Option<String>,
}

#[derive(Debug, Serialize)]
struct Tick {
    x: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct Dot {
    name: String,
    /// The whole name, where `name` is cut.
    whole: String,
    text: String,
    kind: Kind,
    chosen: bool,
    text_y: f64,
    y: f64,
    /// Centre, lower and upper end; `None` where there is no figure.
    mark: Option<(String, String, String)>,
}

/// What one line shows.
struct ArmLine<'a> {
    arm: &'a ArmResult,
    kind: Kind,
    estimate: Option<&'a Estimate>,
}

impl Chart {
    /// A chart of `lines` in the given order; `None` where no line has a figure.
    fn new(id: String, title: String, lines: &[ArmLine<'_>], chosen: &str, why: &str) -> Option<Self> {
        let drawn = || lines.iter().filter_map(|l| l.estimate).filter(|e| is_finite(e));
        let low = drawn().map(|e| e.low.min(e.value)).reduce(f64::min)?;
        let high = drawn().map(|e| e.high.max(e.value)).reduce(f64::max)?;
        let scale = Scale::over(low, high);
        let first = drawn().map(|e| e.n).next();
        let n = first.filter(|n| drawn().all(|e| e.n == *n));
        let dots = lines.iter().enumerate().map(|(i, line)| {
            let figure = Figure::level(line.estimate, why).beside(n);
            let top = i as f64 * ROW;
            Dot {
                name: clip_name(&line.arm.name, LINE.saturating_sub(figure.line().chars().count())),
                whole: line.arm.name.clone(),
                text: figure.line(),
                kind: line.kind,
                chosen: line.arm.name == chosen,
                text_y: top + 13.0,
                y: top + 24.0,
                mark: line
                    .estimate
                    .filter(|e| is_finite(e))
                    .map(|e| (scale.x(e.value), scale.x(e.low), scale.x(e.high))),
            }
        });
        let dots: Vec<Dot> = dots.collect();
        let words: Vec<String> = dots.iter().map(|d| format!("{}: {}", d.whole, d.text)).collect();
        let reference = lines.iter().find(|l| l.kind == Kind::None).and_then(|l| l.estimate);
        let axis_y = lines.len() as f64 * ROW + 2.0;
        let rows = n.map_or_else(String::new, |n| format!(", on {} rows", count(n)));
        Some(Chart {
            id,
            axis: format!("{title}{rows}; line: 95 % interval"),
            title,
            description: format!("{}.", words.join("; ")),
            width: WIDTH,
            height: axis_y + AXIS,
            axis_y,
            ticks: scale.ticks(),
            dots,
            reference: reference.filter(|e| is_finite(e)).map(|e| scale.x(e.value)),
        })
    }
}

/// The headline figures over all labels in every arm, a chart for each and each learner.
pub(super) fn overall(evaluation: &Evaluation) -> Vec<Chart> {
    let names = learners(evaluation);
    let several = names.len() > 1;
    let headlines = metric::CATALOG.iter().filter(|m| m.is_headline && m.scope != Scope::EachLabel);
    let charts = headlines.flat_map(|metric| names.iter().map(move |learner| (*metric, *learner)));
    let charts = charts.enumerate().filter_map(|(i, (metric, learner))| {
        let lines = lines(evaluation, learner, |arm| arm.figure(metric));
        let title = if several { format!("{}, learner {learner}", metric.heading()) } else { metric.heading() };
        Chart::new(format!("overall-{i}"), title, &lines, &evaluation.verdict.arm, "not measured")
    });
    charts.collect()
}

/// F1 of each raised label in every arm, rarest first, with the verdict's learner.
pub(super) fn raised(data: &ReportData<'_>, evaluation: &Evaluation) -> Vec<Chart> {
    let Some(roles) = Roles::of(evaluation) else { return Vec::new() };
    let charts = raised_labels(data).into_iter().take(MOST_RAISED).enumerate().filter_map(|(i, label)| {
        let lines = lines(evaluation, roles.learner, |arm| f1(arm, label));
        let title = format!("F1 of {}", clip(label, 60));
        Chart::new(format!("raised-{i}"), title, &lines, &evaluation.verdict.arm, "no held-out row")
    });
    charts.collect()
}

/// Labels that have a chart of their own, the rarest; the tables have all.
const MOST_RAISED: usize = 6;

/// Labels that have synthetic rows, those with the fewest real rows first.
pub(super) fn raised_labels<'a>(data: &ReportData<'a>) -> Vec<&'a str> {
    let mut labels: Vec<_> = data.profile.labels.iter().filter(|l| data.n_synthetic(&l.label) > 0).collect();
    labels.sort_by(|a, b| a.n.cmp(&b.n).then_with(|| a.label.cmp(&b.label)));
    labels.into_iter().map(|l| l.label.as_str()).collect()
}

fn f1<'a>(arm: &'a ArmResult, label: &str) -> Option<&'a Estimate> {
    arm.label_figure(label, F1)
}

/// The arms of a learner, those without synthetic rows first, else as they stand.
fn lines<'a>(
    evaluation: &'a Evaluation,
    learner: &str,
    estimate: impl Fn(&'a ArmResult) -> Option<&'a Estimate>,
) -> Vec<ArmLine<'a>> {
    let mut arms: Vec<&ArmResult> = evaluation.arms.iter().filter(|a| a.learner == learner).collect();
    arms.sort_by_key(|a| match kind(evaluation, a) {
        Kind::None => 0,
        Kind::Free => 1,
        Kind::Synthetic => 2,
    });
    arms.into_iter().map(|arm| ArmLine { arm, kind: kind(evaluation, arm), estimate: estimate(arm) }).collect()
}

/// Names share their line with the figure.
fn clip_name(name: &str, room: usize) -> String {
    if name.chars().count() <= room {
        name.to_owned()
    } else {
        name.chars().take(room.max(2) - 1).chain(['…']).collect()
    }
}

/// From figures to the drawing: a range that starts and ends on a tick.
struct Scale {
    low: f64,
    high: f64,
    step: f64,
}

impl Scale {
    fn over(low: f64, high: f64) -> Self {
        let wide = (high - low).max(0.02);
        let step = [0.01, 0.02, 0.05, 0.1, 0.2].into_iter().find(|s| wide / s <= 5.0).unwrap_or(wide / 5.0);
        let (first, last) = ((low / step).floor(), (high / step).ceil());
        Scale { low: first * step, high: last.max(first + 1.0) * step, step }
    }

    fn x(&self, value: f64) -> String {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        format!("{:.1}", MARGIN + share * (WIDTH - 2.0 * MARGIN))
    }

    fn ticks(&self) -> Vec<Tick> {
        let n = ((self.high - self.low) / self.step).round().clamp(1.0, 10.0) as usize;
        let at = |i: usize| self.low + i as f64 * (self.high - self.low) / n as f64;
        (0..=n).map(|i| Tick { x: self.x(at(i)), text: format!("{:.2}", at(i)) }).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn every_figure_lies_inside_the_drawing(a in -1.0e3..1.0e3_f64, b in -1.0e3..1.0e3_f64, c in -1.0e3..1.0e3_f64) {
            let scale = Scale::over(a.min(b), a.max(b));
            for value in [a, b, c] {
                let x: f64 = scale.x(value).parse().expect("a number");
                prop_assert!((MARGIN..=WIDTH - MARGIN).contains(&x));
            }
            prop_assert!((2..=11).contains(&scale.ticks().len()));
        }
    }

    #[test]
    fn shows_a_narrow_range_at_full_width_with_round_ticks() {
        let ticks: Vec<String> = Scale::over(0.612, 0.801).ticks().into_iter().map(|t| t.text).collect();
        assert_eq!(ticks, ["0.60", "0.65", "0.70", "0.75", "0.80", "0.85"]);
    }
}
