//! Paired differences between arms.

use crate::eval::{Contrast, Evaluation};
use crate::report::figure::Figure;
use crate::report::number::{ABSENT, p_value};
use serde::Serialize;

/// The differences that were computed.
#[derive(Debug, Serialize)]
pub(super) struct Contrasts {
    /// Over all labels.
    overall: Vec<Row>,
    /// For single labels.
    labels: Vec<Row>,
    several_learners: bool,
}

#[derive(Debug, Serialize)]
struct Row {
    arm: String,
    against: String,
    learner: String,
    metric: String,
    figure: Figure,
    p: String,
}

impl Contrasts {
    pub(super) fn of(evaluation: &Evaluation) -> Self {
        let (labels, overall) = evaluation.contrasts.iter().partition::<Vec<&Contrast>, _>(|c| c.metric.contains(':'));
        Contrasts {
            overall: overall.into_iter().map(row).collect(),
            labels: labels.into_iter().map(row).collect(),
            several_learners: crate::report::roles::learners(evaluation).len() > 1,
        }
    }
}

fn row(contrast: &Contrast) -> Row {
    Row {
        arm: contrast.arm.clone(),
        against: contrast.against.clone(),
        learner: contrast.learner.clone(),
        metric: metric(&contrast.metric),
        figure: Figure::difference(contrast.difference.as_ref(), "undefined in one of the arms"),
        p: contrast.p_value.filter(|p| p.is_finite()).map_or_else(|| ABSENT.to_owned(), p_value),
    }
}

/// `macro_f1` and `f1:LABEL` in words.
fn metric(key: &str) -> String {
    let name = |key: &str| match key {
        "macro_f1" => "macro-F1".to_owned(),
        "f1" => "F1".to_owned(),
        other => other.replace('_', " "),
    };
    match key.split_once(':') {
        Some((metric, label)) => format!("{} of {label}", name(metric)),
        None => name(key),
    }
}
