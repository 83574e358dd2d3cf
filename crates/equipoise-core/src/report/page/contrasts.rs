//! Paired differences between arms.

use super::section::Section;
use crate::eval::{ArmResult, Contrast, Evaluation, LabelFinding, LabelVerdict};
use crate::metric::{self, Direction};
use crate::report::figure::Figure;
use crate::report::number::{ABSENT, count, p_value};
use crate::report::roles::Roles;
use crate::report::template;
use serde::Serialize;

pub(super) static SECTION: Section = Section {
    id: "contrasts",
    menu: "Comparisons",
    title: "All comparisons",
    render: |data, _| {
        let body = |evaluation| template::html(include_str!("contrasts.html.j2"), Contrasts::of(evaluation));
        data.evaluation.map(body).transpose()
    },
};

/// The differences that were computed.
#[derive(Debug, Serialize)]
struct Contrasts {
    /// Over all labels.
    overall: Vec<ContrastRow>,
    /// For single labels.
    labels: Vec<ContrastRow>,
    several_learners: bool,
    /// All that were computed.
    n_all: String,
}

/// Whether a difference is one of those that the page is about: the new rows and the recommended way, against the real rows alone and the
/// best free way, and of single labels those with new rows or a harm. `evaluation.json` has all; a page with 60 labels would be 8 MB.
fn is_shown(evaluation: &Evaluation, contrast: &Contrast) -> bool {
    let Some(roles) = Roles::of(evaluation) else { return false };
    let is = |arm: Option<&ArmResult>, name: &str| arm.is_some_and(|arm| arm.name == name);
    let arm =
        is(roles.synthetic, &contrast.arm) || contrast.arm == evaluation.verdict.arm || is(roles.rival, &contrast.arm);
    let against = is(roles.none, &contrast.against) || is(roles.rival, &contrast.against);
    let is_of_interest = |label: &LabelVerdict| label.raised || label.finding == LabelFinding::Harmed;
    let concerned = contrast.metric.split_once(':').is_none_or(|(_, label)| {
        evaluation.verdict.labels.iter().any(|verdict| verdict.label == label && is_of_interest(verdict))
    });
    arm && against && concerned
}

/// Differences of single labels that stand in the page; more than one person reads.
const MOST_OF_LABELS: usize = 150;

#[derive(Debug, Serialize)]
struct ContrastRow {
    arm: String,
    against: String,
    learner: String,
    metric: String,
    figure: Figure,
    p: String,
}

impl Contrasts {
    fn of(evaluation: &Evaluation) -> Self {
        let shown = evaluation.contrasts.iter().filter(|contrast| is_shown(evaluation, contrast));
        let (labels, overall) = shown.partition::<Vec<&Contrast>, _>(|c| c.metric.contains(':'));
        Contrasts {
            n_all: count(evaluation.contrasts.len()),
            overall: overall.into_iter().map(row).collect(),
            labels: labels.into_iter().take(MOST_OF_LABELS).map(row).collect(),
            several_learners: crate::report::roles::learners(evaluation).len() > 1,
        }
    }
}

fn row(contrast: &Contrast) -> ContrastRow {
    let figure = Figure::difference(contrast.difference.as_ref(), "undefined in one of the arms");
    let name = contrast.metric.split(':').next().unwrap_or_default();
    let falls = metric::lookup(name).is_some_and(|entry| entry.direction == Direction::Lower);
    ContrastRow {
        arm: contrast.arm.clone(),
        against: contrast.against.clone(),
        learner: contrast.learner.clone(),
        metric: in_words(&contrast.metric),
        figure: if falls { figure.falling() } else { figure },
        p: contrast.p_value.filter(|p| p.is_finite()).map_or_else(|| ABSENT.to_owned(), p_value),
    }
}

/// `macro_f1` and `f1:LABEL` in words.
fn in_words(key: &str) -> String {
    let (name, label) = key.split_once(':').map_or((key, None), |(name, label)| (name, Some(label)));
    let title = metric::lookup(name).map_or(name, |entry| entry.title);
    label.map_or_else(|| title.to_owned(), |label| format!("{title} of {label}"))
}
