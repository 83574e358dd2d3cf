//! Paired differences between arms.

use super::section::Section;
use crate::eval::{Contrast, Evaluation};
use crate::metric;
use crate::report::figure::Figure;
use crate::report::number::{ABSENT, p_value};
use crate::report::template;
use serde::Serialize;

pub(super) static SECTION: Section = Section {
    id: "contrasts",
    menu: "Differences",
    title: "Paired differences",
    render: |data, _| {
        let body = |evaluation| template::html(include_str!("contrasts.html.j2"), Contrasts::of(evaluation));
        data.evaluation.map(body).transpose()
    },
};

/// The differences that were computed.
#[derive(Debug, Serialize)]
struct Contrasts {
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
    fn of(evaluation: &Evaluation) -> Self {
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
        metric: in_words(&contrast.metric),
        figure: Figure::difference(contrast.difference.as_ref(), "undefined in one of the arms"),
        p: contrast.p_value.filter(|p| p.is_finite()).map_or_else(|| ABSENT.to_owned(), p_value),
    }
}

/// `macro_f1` and `f1:LABEL` in words.
fn in_words(key: &str) -> String {
    let (name, label) = key.split_once(':').map_or((key, None), |(name, label)| (name, Some(label)));
    let title = metric::lookup(name).map_or(name, |entry| entry.title);
    label.map_or_else(|| title.to_owned(), |label| format!("{title} of {label}"))
}
