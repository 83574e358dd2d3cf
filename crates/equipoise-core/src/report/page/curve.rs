//! Line charts: a figure against a number of rows, each point with its 95 % interval.

use crate::report::figure::is_finite;
use crate::report::number::{ABSENT, decimals};
use crate::report::roles::Kind;
use crate::stats::Estimate;
use serde::Serialize;

/// Size of the drawing in its own units; the page scales it.
const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 206.0;
const LEFT: f64 = 50.0;
const RIGHT: f64 = 14.0;
const TOP: f64 = 8.0;
const AXIS: f64 = 50.0;

/// One chart, ready to draw.
#[derive(Debug, Serialize)]
pub(super) struct Curve {
    id: String,
    title: String,
    /// The same figures in words, for those who do not see the drawing.
    description: String,
    width: f64,
    height: f64,
    left: f64,
    right: f64,
    bottom: f64,
    x_ticks: Vec<Tick>,
    y_ticks: Vec<Tick>,
    series: Vec<Drawn>,
    x_title: &'static str,
    y_title: &'static str,
    /// Where more rows add nothing.
    stop: Option<String>,
    /// What each point reads, in the order of the ticks.
    table: Vec<(String, Vec<String>)>,
}

#[derive(Debug, Serialize)]
struct Tick {
    at: String,
    text: String,
    /// A second line below, for x ticks.
    more: String,
}

#[derive(Debug, Serialize)]
struct Drawn {
    name: String,
    kind: Kind,
    /// `x,y` of each point, for a polyline.
    line: String,
    /// Centre, upper and lower end of each point.
    marks: Vec<[String; 4]>,
}

/// What one line shows: its name in words, and a figure for each x; absent ones are left out of the line.
pub(super) struct Series<'a> {
    pub(super) name: &'a str,
    pub(super) kind: Kind,
    pub(super) points: Vec<Option<&'a Estimate>>,
}

/// What a chart is drawn over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axes<'a> {
    /// Position of each point.
    pub(super) x: &'a [f64],
    /// What its tick reads, in two lines.
    pub(super) names: &'a [(String, String)],
    pub(super) x_title: &'static str,
    pub(super) y_title: &'static str,
    /// A position that is marked.
    pub(super) stop: Option<f64>,
}

/// What the series read at one point.
fn cells(series: &[Series<'_>], at: usize) -> Vec<String> {
    let cell = |s: &Series<'_>| match s.points.get(at).copied().flatten().filter(|e| is_finite(e)) {
        Some(e) => format!("{} [{}, {}]", decimals(e.value), decimals(e.low), decimals(e.high)),
        None => ABSENT.to_owned(),
    };
    series.iter().map(cell).collect()
}

impl Curve {
    /// A chart over the x positions of `axes`; `None` where no point has a figure.
    pub(super) fn new(id: &str, title: String, axes: &Axes<'_>, series: &[Series<'_>]) -> Option<Self> {
        let Axes { x, names, x_title, y_title, stop } = *axes;
        let drawn = || series.iter().flat_map(|s| s.points.iter().flatten()).filter(|e| is_finite(e));
        let low = drawn().map(|e| e.low.min(e.value)).reduce(f64::min)?;
        let high = drawn().map(|e| e.high.max(e.value)).reduce(f64::max)?;
        let step = [0.02, 0.05, 0.1, 0.2].into_iter().find(|s| (high - low) / s <= 5.0).unwrap_or((high - low) / 5.0);
        let first = (low / step).floor() * step;
        let n_steps = (((high - first) / step).ceil()).clamp(1.0, 10.0);
        let bottom = HEIGHT - AXIS;
        let (from, to) =
            (x.iter().copied().fold(f64::INFINITY, f64::min), x.iter().copied().fold(f64::NEG_INFINITY, f64::max));
        let wide = (to - from).max(f64::MIN_POSITIVE);
        let at_x = |x: f64| format!("{:.1}", LEFT + 8.0 + (x - from) / wide * (WIDTH - LEFT - RIGHT - 16.0));
        let at_y = |y: f64| {
            let share = ((y - first) / (n_steps * step)).clamp(0.0, 1.0);
            format!("{:.1}", bottom - share * (bottom - TOP))
        };
        let draw = |s: &Series<'_>| {
            let points = || s.points.iter().zip(x).filter_map(|(e, x)| Some((*x, e.filter(|e| is_finite(e))?)));
            Drawn {
                name: s.name.to_owned(),
                kind: s.kind,
                line: points().map(|(x, e)| format!("{},{}", at_x(x), at_y(e.value))).collect::<Vec<_>>().join(" "),
                marks: points().map(|(x, e)| [at_x(x), at_y(e.value), at_y(e.high), at_y(e.low)]).collect(),
            }
        };
        let words = series.iter().map(|s| {
            let said = s.points.iter().zip(names).filter_map(|(e, name)| {
                let e = e.filter(|e| is_finite(e))?;
                Some(format!("{} {} [{}, {}]", name.0, decimals(e.value), decimals(e.low), decimals(e.high)))
            });
            format!("{}: {}", s.name, said.collect::<Vec<_>>().join(", "))
        });
        let x_tick =
            |(x, name): (&f64, &(String, String))| Tick { at: at_x(*x), text: name.0.clone(), more: name.1.clone() };
        let y_tick = |i: usize| {
            let value = first + i as f64 * step;
            Tick { at: at_y(value), text: format!("{value:.2}"), more: String::new() }
        };
        Some(Curve {
            id: id.to_owned(),
            title,
            description: format!("{}.", words.collect::<Vec<_>>().join("; ")),
            width: WIDTH,
            height: HEIGHT,
            left: LEFT,
            right: WIDTH - RIGHT,
            bottom,
            x_ticks: x.iter().zip(names).map(x_tick).collect(),
            y_ticks: (0..=n_steps as usize).map(y_tick).collect(),
            series: series.iter().map(draw).collect(),
            x_title,
            y_title,
            stop: stop.map(at_x),
            table: names.iter().enumerate().map(|(at, name)| (name.0.clone(), cells(series, at))).collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn draws_every_point_that_has_a_figure_inside_the_frame() {
        let estimate =
            |value: f64| Estimate { value, low: value - 0.1, high: value + 0.05, n: 9, method: String::new() };
        let (a, b, bad) = (estimate(0.4), estimate(0.7), estimate(f64::NAN));
        let names: Vec<_> = ["0 %", "50 %", "100 %"].map(|n| (n.to_owned(), String::new())).into();
        let series = Series { name: "raised", kind: Kind::Synthetic, points: vec![Some(&a), Some(&bad), Some(&b)] };
        let axes = Axes { x: &[0.0, 0.5, 1.0], names: &names, x_title: "share", y_title: "F1", stop: Some(0.5) };
        let curve = Curve::new("dose", String::new(), &axes, &[series]).unwrap();
        assert_eq!(curve.stop.as_deref(), Some(curve.x_ticks[1].at.as_str()), "the mark lies on its tick");
        assert_eq!(curve.table[1], ("50 %".to_owned(), vec![ABSENT.to_owned()]));
        assert_eq!(curve.series[0].marks.len(), 2);
        for mark in &curve.series[0].marks {
            let [x, y, high, low] = mark.each_ref().map(|m| m.parse::<f64>().unwrap());
            assert!((LEFT..=WIDTH - RIGHT).contains(&x) && high < y && y < low && low <= HEIGHT - AXIS && high >= TOP);
        }
        assert!(curve.description.contains("100 % 0.700 [0.600, 0.750]"), "{}", curve.description);
        assert!(Curve::new("dose", String::new(), &axes, &[]).is_none());
    }
}
