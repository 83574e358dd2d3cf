//! How it was measured, and where everything comes from.

use super::section::Section;
use crate::eval::{Design, Evaluation};
use crate::report::number::count;
use crate::report::roles::learners;
use crate::report::{AttributeRow, ReportData, attributes, definitions, template, what};
use crate::stats::Estimate;
use crate::text::counted;
use serde::Serialize;
use std::collections::BTreeSet;

pub(super) static SECTION: Section = Section {
    id: "method",
    menu: "Method",
    title: "How this was measured",
    render: |data, _| template::html(include_str!("method.html.j2"), Method::of(data)).map(Some),
};

/// What a reader needs to judge the figures.
#[derive(Debug, Serialize)]
struct Method {
    is_evaluated: bool,
    /// Name and value.
    facts: Vec<(&'static str, String)>,
    /// How intervals were made, as the estimates say.
    intervals: Vec<String>,
    /// The evaluation's own notes.
    notes: Vec<String>,
    /// What was wrong with answers: kind and count.
    parse_notes: Vec<(String, String)>,
    /// What labels mean, as the prompts said it.
    definitions: Vec<(String, String)>,
    /// Values of attributes, with how many texts have them.
    attributes: Vec<AttributeRow>,
    /// Texts that never came: why and how many.
    never_came: Vec<(String, String)>,
    /// Input rows left out: why and how many.
    dropped: Vec<(String, String)>,
    /// Each arm that stands in the page and what it is.
    glossary: Vec<(String, String)>,
}

impl Method {
    fn of(data: &ReportData<'_>) -> Self {
        let counted_pairs = |pairs: Vec<(String, usize)>| pairs.into_iter().map(|(what, n)| (what, count(n))).collect();
        Method {
            is_evaluated: data.evaluation.is_some(),
            facts: facts(data),
            intervals: data.evaluation.map(interval_methods).unwrap_or_default(),
            notes: data.evaluation.map(|e| e.notes.clone()).unwrap_or_default(),
            parse_notes: counted_pairs(
                data.parse_notes.iter().map(|(kind, n)| (kind.words().to_owned(), *n)).collect(),
            ),
            definitions: definitions(data),
            attributes: attributes(data),
            never_came: counted_pairs(data.never_came.clone()),
            dropped: counted_pairs(data.dropped.clone()),
            glossary: glossary(data),
        }
    }
}

fn facts(data: &ReportData<'_>) -> Vec<(&'static str, String)> {
    let profile = data.profile;
    let mut facts =
        vec![("Training rows", format!("{} in {}", count(profile.n), counted(profile.labels.len(), "label")))];
    facts.push(("Equal texts", format!("{} beyond the first of each", counted(profile.n_duplicates, "row"))));
    match profile.n_near_duplicates {
        Some(n) => facts.push(("Nearly equal texts", counted(n, "row"))),
        None => facts.push(("Nearly equal texts", "– (too many rows to look)".to_owned())),
    }
    if profile.n_conflicts > 0 {
        facts.push(("Equal texts with different labels", counted(profile.n_conflicts, "group")));
    }
    if let Some(masked) = data.plan.and_then(|plan| plan.masked.as_ref()) {
        facts.push(("Masked before it was sent", masked.words()));
    }
    if let Some(evaluation) = data.evaluation {
        let held_out = &evaluation.held_out;
        match evaluation.design {
            Design::HeldOut => {
                facts.push(("Held-out rows", format!("{}, {}", count(held_out.n), held_out.name)));
                facts.push(("Held-out rows whose text is also a training row", count(held_out.n_also_train)));
            }
            Design::CrossValidation => {
                facts.push(("Judged rows", format!("{} {}", count(evaluation.n_judged()), evaluation.judged_on())));
            }
        }
        facts.push(("Learners", learners(evaluation).join(", ")));
    }
    facts
}

fn interval_methods(evaluation: &Evaluation) -> Vec<String> {
    let of_arms = evaluation.arms.iter().flat_map(|arm| {
        let labels = arm.labels.values().flat_map(|label| label.figures.values());
        arm.figures.values().chain(labels).chain([&arm.cv_score])
    });
    let of_contrasts = evaluation.contrasts.iter().map(|c| &c.difference);
    let methods: BTreeSet<&str> = of_arms.chain(of_contrasts).flatten().map(|e: &Estimate| e.method.as_str()).collect();
    methods.into_iter().map(str::to_owned).collect()
}

fn glossary(data: &ReportData<'_>) -> Vec<(String, String)> {
    let mut terms: Vec<(String, String)> = Vec::new();
    for arm in data.evaluation.map_or(&[][..], |e| &e.arms) {
        if terms.iter().any(|(name, _)| *name == arm.name) {
            continue;
        }
        terms.push((arm.name.clone(), what(&arm.name).unwrap_or("not described").to_owned()));
    }
    let checks = data.selection.map_or(&[][..], |s| &s.labels).iter().flat_map(|l| &l.rejected_by);
    let checks: BTreeSet<&str> = checks.map(|(key, _)| key.split('/').next().unwrap_or(key)).collect();
    terms.extend(checks.into_iter().filter_map(|check| Some((check.to_owned(), what(check)?.to_owned()))));
    terms
}
