//! What the synthetic rows do: dose and learning curve, the rows that help and hurt most.

use super::curve::{Axes, Curve, Series};
use super::section::Section;
use crate::eval::{Analysis, DoseCurve, LearningCurve, RowValue, RowValues, Worth};
use crate::report::number::{clip, count};
use crate::report::roles::Kind;
use crate::report::template;
use serde::Serialize;

pub(super) static SECTION: Section = Section {
    id: "analysis",
    menu: "Rows",
    title: "What the synthetic rows do",
    render: |data, _| {
        let insight = data.evaluation.and_then(|evaluation| Insight::of(&evaluation.analysis));
        insight.map(|insight| template::html(include_str!("analysis.html.j2"), insight)).transpose()
    },
};

/// Longest text of a row that is shown.
const TEXT: usize = 300;

/// The section; `None` without synthetic rows.
#[derive(Debug, Serialize)]
struct Insight {
    dose: Option<Curve>,
    dose_words: String,
    learning: Option<Curve>,
    learning_words: String,
    values: Option<Values>,
}

#[derive(Debug, Serialize)]
struct Values {
    words: String,
    best: Vec<Value>,
    worst: Vec<Value>,
}

#[derive(Debug, Serialize)]
struct Value {
    label: String,
    text: String,
}

impl Insight {
    fn of(analysis: &Analysis) -> Option<Self> {
        let (dose, learning) = (analysis.dose.as_ref(), analysis.learning_curve.as_ref());
        if dose.is_none() && learning.is_none() && analysis.row_values.is_none() {
            return None;
        }
        Some(Insight {
            dose: dose.and_then(dose_chart),
            dose_words: dose.map(dose_words).unwrap_or_default(),
            learning: learning.and_then(learning_chart),
            learning_words: learning.map(learning_words).unwrap_or_default(),
            values: analysis.row_values.as_ref().map(values),
        })
    }
}

fn dose_chart(dose: &DoseCurve) -> Option<Curve> {
    let x: Vec<f64> = dose.points.iter().map(|p| p.share).collect();
    let names: Vec<_> =
        dose.points.iter().map(|p| (format!("{:.0} %", p.share * 100.0), count(p.n_synthetic))).collect();
    let points = dose.points.iter().map(|p| p.raised_f1.as_ref()).collect();
    let series = [Series { name: "F1 of the labels with new rows", kind: Kind::Synthetic, points }];
    let axes = Axes {
        x: &x,
        names: &names,
        x_title: "share of the new rows, and their number",
        y_title: "F1, 0 to 1",
        stop: dose.stop.filter(|stop| *stop > 0.0 && *stop < 1.0),
    };
    Curve::new("dose", "How many of the new rows are enough".to_owned(), &axes, &series)
}

fn dose_words(dose: &DoseCurve) -> String {
    let stop = match dose.stop {
        Some(0.0) => "No dose is better than none by more than one standard error.".to_owned(),
        Some(share) => {
            let n = dose.points.iter().find(|p| p.share == share).map_or(0, |p| p.n_synthetic);
            format!(
                "{:.0} % of them ({} rows) do as well as the best dose, within one standard error.",
                share * 100.0,
                count(n)
            )
        }
        None => String::new(),
    };
    format!("{stop} {}", dose.note).trim().to_owned()
}

fn learning_chart(curve: &LearningCurve) -> Option<Curve> {
    let x: Vec<f64> = curve.points.iter().map(|p| p.n_real as f64).collect();
    let names: Vec<_> = curve.points.iter().map(|p| (count(p.n_real), format!("{:.0} %", p.share * 100.0))).collect();
    let series = [
        Series {
            name: "real rows alone",
            kind: Kind::Free,
            points: curve.points.iter().map(|p| p.real.as_ref()).collect(),
        },
        Series {
            name: "with the synthetic rows made from them",
            kind: Kind::Synthetic,
            points: curve.points.iter().map(|p| p.with_synthetic.as_ref()).collect(),
        },
    ];
    let axes = Axes {
        x: &x,
        names: &names,
        x_title: "real rows of the labels with new rows, and their share",
        y_title: "F1, 0 to 1",
        stop: None,
    };
    Curve::new("learning", "What the new rows are worth in real ones".to_owned(), &axes, &series)
}

/// What the synthetic rows are worth, in a sentence or two.
pub(super) fn learning_words(curve: &LearningCurve) -> String {
    let worth = |worth: &Worth| {
        let e = &worth.rows;
        let rows = |v: f64| format!("{}{}", if v < 0.0 { "−" } else { "" }, count(v.abs().round() as u64));
        let least = if worth.at_least { "at least " } else { "" };
        format!("{least}{} more real ones [{}, {}]", rows(e.value), rows(e.low), rows(e.high))
    };
    let half = curve.at_half.as_ref().map(|w| {
        format!(
            "Beside half of the real rows ({}), the synthetic rows made from them are worth {}.",
            count(w.n_real),
            worth(w)
        )
    });
    let all = curve.at_all.as_ref().map(|w| {
        format!(
            "Beside all {} they are worth about {}; the curve was drawn on for this, so it is a guess.",
            count(w.n_real),
            worth(w)
        )
    });
    let none = "What the synthetic rows are worth in real ones cannot be said: their sources are not known, or the curve does not rise.";
    let said: Vec<String> = half.into_iter().chain(all).collect();
    if said.is_empty() { none.to_owned() } else { said.join(" ") }
}

fn values(values: &RowValues) -> Values {
    let shown =
        |rows: &[RowValue]| rows.iter().map(|r| Value { label: r.label.clone(), text: clip(&r.text, TEXT) }).collect();
    Values {
        words: format!(
            "Judged by {} real training rows and their nearest neighbours, {} synthetic rows pull real rows towards their right label, {} towards a wrong one, and {} are near none of them.",
            count(values.n_judges),
            count(values.n_helping),
            count(values.n_hurting),
            count(values.n_neutral)
        ),
        best: shown(&values.best),
        worst: shown(&values.worst),
    }
}
