//! The first screen: where the rows come from, the answer, one table with its chart in it, what to do and how sure it is.

use crate::eval::LabelFinding;
use crate::report::context::context;
use crate::report::lines::SummaryLine;
use crate::report::number::{count, short, short_signed};
use crate::report::summary::{Advised, Free, Summary, Tone};
use crate::report::{ReportData, template};
use crate::stats::Estimate;
use minijinja::Error;
use serde::Serialize;

/// Width of a drawing in its own units; the page scales it.
const WIDTH: f64 = 320.0;
const MARGIN: f64 = 7.0;

/// The first screen, as HTML in which every value is escaped.
pub(super) fn render(data: &ReportData<'_>, summary: &Summary) -> Result<String, Error> {
    let scale = Scale::over(summary);
    let rows = |lines: &[SummaryLine]| lines.iter().map(|line| DrawnLine::of(line, &scale)).collect();
    let first = First {
        tone: summary.tone,
        badge: summary.badge,
        headline: &summary.headline,
        effect: &summary.effect,
        fine_print: &summary.fine_print,
        context: context(data),
        name: &data.name,
        free: summary.best_free.as_ref(),
        about: summary.about,
        ticks: scale.ticks(),
        rows: rows(&summary.lines),
        folded: rows(&summary.folded),
        advice: &summary.advice,
        sure: &summary.sure,
        arm: &summary.arm,
        n_texts: data.examples.len(),
    };
    template::html(include_str!("first.html.j2"), first)
}

#[derive(Debug, Serialize)]
struct First<'a> {
    tone: Tone,
    badge: &'a str,
    headline: &'a str,
    effect: &'a [String],
    fine_print: &'a [String],
    /// What stands in the line above the answer.
    context: Vec<String>,
    name: &'a str,
    free: Option<&'a Free>,
    about: &'a str,
    ticks: Vec<(String, String)>,
    rows: Vec<DrawnLine>,
    folded: Vec<DrawnLine>,
    advice: &'a [Advised],
    sure: &'a [String],
    arm: &'a str,
    n_texts: usize,
}

#[derive(Debug, Serialize)]
struct DrawnLine {
    name: String,
    is_label: bool,
    is_raised: bool,
    /// Real and new training rows; empty for figures over all labels.
    rows: String,
    before: String,
    free: String,
    with: String,
    marks: [Option<Mark>; 3],
    /// The drawing in words.
    words: String,
    /// `helped`, `no_effect`, `harmed` or `cannot_tell`.
    finding: LabelFinding,
    difference: String,
    interval: String,
    beside_free: &'static str,
}

/// Centre, lower and upper end.
#[derive(Debug, Serialize)]
struct Mark {
    x: String,
    low: String,
    high: String,
}

impl DrawnLine {
    fn of(line: &SummaryLine, scale: &Scale) -> Self {
        let figure = |estimate: &Option<Estimate>| estimate.as_ref().map_or_else(|| "–".to_owned(), |e| short(e.value));
        let mark = |estimate: &Option<Estimate>| {
            let e = estimate.as_ref().filter(|e| crate::report::figure::is_finite(e))?;
            Some(Mark { x: scale.x(e.value), low: scale.x(e.low), high: scale.x(e.high) })
        };
        let said = |name: &str, estimate: &Option<Estimate>| {
            estimate.as_ref().map(|e| format!("{name} {} ({} to {})", short(e.value), short(e.low), short(e.high)))
        };
        let words = [
            said("only real rows", &line.before),
            said("best free way", &line.free),
            said("with new rows", &line.with),
        ];
        DrawnLine {
            name: line.name.clone(),
            is_label: line.is_label,
            is_raised: line.is_raised,
            rows: line.rows.map_or_else(String::new, |(real, made)| match made {
                0 => count(real),
                made => format!("{} + {}", count(real), count(made)),
            }),
            before: figure(&line.before),
            free: figure(&line.free),
            with: figure(&line.with),
            marks: [mark(&line.before), mark(&line.free), mark(&line.with)],
            words: words.into_iter().flatten().collect::<Vec<_>>().join("; "),
            finding: line.finding,
            difference: line.difference.as_ref().map_or_else(String::new, |d| short_signed(d.value)),
            interval: line
                .difference
                .as_ref()
                .map_or_else(String::new, |d| format!("({} … {})", short_signed(d.low), short_signed(d.high))),
            beside_free: line.beside_free.map_or("", |beside| beside.words()),
        }
    }
}

/// From figures to the drawing: all lines have the same, so that they can be compared.
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn over(summary: &Summary) -> Self {
        let lines = || summary.lines.iter().chain(&summary.folded);
        let all = || lines().flat_map(|line| [&line.before, &line.free, &line.with]).flatten();
        let finite = || all().filter(|e| crate::report::figure::is_finite(e));
        let low = finite().map(|e| e.low.min(e.value)).fold(1.0, f64::min);
        let high = finite().map(|e| e.high.max(e.value)).fold(0.0, f64::max);
        let (low, high) = ((low * 5.0).floor() / 5.0, (high * 5.0).ceil() / 5.0);
        if low < high { Scale { low, high } } else { Scale { low: 0.0, high: 1.0 } }
    }

    fn x(&self, value: f64) -> String {
        let share = ((value - self.low) / (self.high - self.low)).clamp(0.0, 1.0);
        format!("{:.1}", MARGIN + share * (WIDTH - 2.0 * MARGIN))
    }

    /// Position and text of each.
    fn ticks(&self) -> Vec<(String, String)> {
        let n = ((self.high - self.low) * 5.0).round().clamp(1.0, 10.0) as usize;
        let at = |i: usize| self.low + (self.high - self.low) * i as f64 / n as f64;
        (0..=n).map(|i| (self.x(at(i)), format!("{:.1}", at(i)))).collect()
    }
}
