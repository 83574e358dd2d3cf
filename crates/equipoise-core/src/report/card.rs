//! `card.md`: a data set card as the Hugging Face hub reads it.

use super::figure::Figure;
use super::number::{ABSENT, count};
use super::roles::{Roles, difference};
use super::summary::Summary;
use super::{AttributeRow, Fate, InputRole, Render, RenderError, ReportData, attributes, definitions, template, what};
use crate::catalog::{self, Entry};
use crate::eval::{ArmResult, Evaluation};
use crate::metric::{ACCURACY, F1, MACRO_F1};
use crate::probation::LabelJudgement;
use crate::stats::Estimate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

const NAME: &str = "card";

pub(super) static ENTRY: Entry<dyn Render> = Entry {
    name: NAME,
    what: "Writes card.md: what the data set is, how its synthetic rows were made and checked, what they did, and its limits.",
    why: "For those who get the data set later: a synthetic row should never pass as a real one.",
    source: "Data set cards of the Hugging Face hub (huggingface.co/docs/hub/datasets-cards), after Gebru et al. (2021), Datasheets for Datasets.",
    settings: &[],
    make: |settings| Ok(Box::new(catalog::read::<CardSettings>(NAME, settings)?)),
};

/// Settings of the card: none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CardSettings {}

impl Render for CardSettings {
    fn file_name(&self) -> &'static str {
        "card.md"
    }

    fn render(&self, data: &ReportData<'_>) -> Result<String, RenderError> {
        template::markdown(include_str!("../../templates/card.md.j2"), Card::of(data))
            .map_err(|source| RenderError { renderer: NAME, source })
    }
}

/// Everything that the template places. No row text is among it: a card is published more widely than the data.
#[derive(Debug, Serialize)]
struct Card {
    name: String,
    size: &'static str,
    n_real: String,
    n_synthetic: String,
    has_synthetic: bool,
    /// Configuration, file, what it holds.
    outputs: Vec<(String, String, &'static str)>,
    labels: Vec<LabelRow>,
    /// Label and what it means.
    definitions: Vec<(String, String)>,
    /// Values of attributes, with how many texts have them.
    attributes: Vec<AttributeRow>,
    made: Vec<(&'static str, String)>,
    checks: Vec<(String, String)>,
    /// What a judge that was asked says of the labels of the texts, and what that is worth.
    judged: Vec<String>,
    headline: Summary,
    evaluation: Option<Results>,
    dropped: Vec<(String, String)>,
    provenance: Vec<(&'static str, String)>,
}

#[derive(Debug, Serialize)]
struct LabelRow {
    label: String,
    real: String,
    synthetic: String,
    rejected: String,
}

#[derive(Debug, Serialize)]
struct Results {
    n_judged: String,
    judged_on: String,
    learner: String,
    /// Arm, accuracy, macro-F1.
    arms: Vec<(String, String, String)>,
    /// The arms of `labels`.
    without: String,
    with: String,
    labels: Vec<LabelFigures>,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct LabelFigures {
    label: String,
    support: String,
    without: String,
    with: String,
    difference: String,
}

impl Card {
    fn of(data: &ReportData<'_>) -> Self {
        let n_real: usize = data.profile.labels.iter().map(|l| l.n).sum();
        let n_kept = data.n_kept();
        Card {
            name: data.name.clone(),
            size: size_category(n_real + n_kept),
            n_real: count(n_real),
            n_synthetic: count(n_kept),
            has_synthetic: n_kept > 0,
            outputs: outputs(data),
            labels: labels(data),
            definitions: definitions(data),
            attributes: attributes(data),
            made: made(data),
            checks: checks(data),
            judged: data.checks.and_then(|c| c.judge.as_ref()).map_or_else(Vec::new, LabelJudgement::sentences),
            headline: Summary::of_data(data),
            evaluation: data.evaluation.and_then(|e| results(data, e)),
            dropped: data.dropped.iter().map(|(why, n)| (why.clone(), count(*n))).collect(),
            provenance: provenance(data),
        }
    }
}

fn outputs(data: &ReportData<'_>) -> Vec<(String, String, &'static str)> {
    let output = |o: &super::OutputFile| {
        let what = match o.name.as_str() {
            "augmented" => "the real rows, unchanged and first, then the synthetic rows",
            "synthetic" => "the synthetic rows alone, with what each was made from",
            _ => "not described",
        };
        (o.name.clone(), o.file.clone(), what)
    };
    data.provenance.outputs.iter().map(output).collect()
}

/// The hub's size categories.
fn size_category(n: usize) -> &'static str {
    match n {
        0..1_000 => "n<1K",
        1_000..10_000 => "1K<n<10K",
        10_000..100_000 => "10K<n<100K",
        100_000..1_000_000 => "100K<n<1M",
        1_000_000..10_000_000 => "1M<n<10M",
        _ => "n>10M",
    }
}

fn labels(data: &ReportData<'_>) -> Vec<LabelRow> {
    let selected = data.selection.map_or(&[][..], |s| &s.labels);
    let row = |l: &crate::profile::LabelProfile| {
        let rejected = selected.iter().find(|s| s.label == l.label).map_or(0, |s| s.n_rejected);
        LabelRow {
            label: l.label.clone(),
            real: count(l.n),
            synthetic: count(data.n_synthetic(&l.label)),
            rejected: count(rejected),
        }
    };
    data.profile.labels.iter().map(row).collect()
}

fn made(data: &ReportData<'_>) -> Vec<(&'static str, String)> {
    let Some(plan) = data.plan else { return Vec::new() };
    let served = &data.provenance.served_models;
    let served = (!served.is_empty()).then(|| ("Model as the server named it", served.join(", ")));
    let model = data.provenance.typed_model.clone().unwrap_or_else(|| plan.model.clone());
    let facts = [("Model", model)].into_iter().chain(served);
    let masked = plan.masked.as_ref().map(|masked| ("Masked before it was sent", masked.words()));
    facts
        .chain([("Generator", plan.generator.clone()), ("Prompt version", plan.prompt.clone())])
        .filter(|(_, fact)| !fact.is_empty())
        .chain(masked)
        .collect()
}

/// The checks that rejected or warned, and what they do.
fn checks(data: &ReportData<'_>) -> Vec<(String, String)> {
    let counted = data.selection.map_or(&[][..], |s| &s.labels).iter().flat_map(|l| &l.rejected_by);
    let counted = counted.map(|(key, _)| key.split('/').next().unwrap_or(key));
    let warned = data.examples.iter().filter(|e| e.fate != Fate::Rejected).flat_map(|e| &e.findings);
    let names: BTreeSet<&str> = counted.chain(warned.map(|v| v.check.as_str())).collect();
    let described = |name: &str| (name.to_owned(), what(name).unwrap_or("not described").to_owned());
    names.into_iter().map(described).collect()
}

fn results(data: &ReportData<'_>, evaluation: &Evaluation) -> Option<Results> {
    let roles = Roles::of(evaluation)?;
    let arms = evaluation.arms.iter().filter(|a| a.learner == roles.learner).map(|a| {
        let shown = |e: Option<&Estimate>| Figure::level(e, "not measured").beside(Some(evaluation.n_judged())).plain();
        (a.name.clone(), shown(a.figure(ACCURACY)), shown(a.figure(MACRO_F1)))
    });
    let with = roles.synthetic.or(roles.rival);
    let labels = data.profile.labels.iter().filter_map(|l| {
        let (none, with) = (roles.none?, with?);
        let support = none.labels.get(&l.label).map_or(0, |r| r.support);
        let f1 = |arm: &ArmResult| {
            Figure::level(arm.label_figure(&l.label, F1), "no held-out row").beside(Some(support)).plain()
        };
        let change = difference(evaluation, with, none, &F1.key(Some(&l.label)));
        Some(LabelFigures {
            label: l.label.clone(),
            support: count(support),
            without: f1(none),
            with: f1(with),
            difference: Figure::difference(change.as_ref(), "not compared").plain(),
        })
    });
    let name = |arm: Option<&ArmResult>| arm.map_or_else(|| ABSENT.to_owned(), |a| a.name.clone());
    Some(Results {
        n_judged: count(evaluation.n_judged()),
        judged_on: evaluation.judged_on(),
        learner: roles.learner.to_owned(),
        arms: arms.collect(),
        without: name(roles.none),
        with: name(with),
        labels: labels.collect(),
        notes: evaluation.notes.clone(),
    })
}

fn provenance(data: &ReportData<'_>) -> Vec<(&'static str, String)> {
    let made = &data.provenance;
    let inputs = made.inputs.iter().map(|input| {
        let role = match input.role {
            InputRole::Train => "Training file",
            InputRole::Test => "Test file",
            InputRole::Unlabelled => "Unlabelled file",
            InputRole::Synthetic => "Synthetic file",
        };
        let digest = input.digest.as_ref().map_or_else(String::new, |d| format!(", BLAKE3 {d}"));
        (role, format!("{}{digest}", input.name))
    });
    let tool = [("Seed", made.seed.to_string()), ("Equipoise", made.tool_version.clone())];
    inputs.chain(tool).collect()
}

#[cfg(test)]
mod tests {
    use super::size_category;

    #[test]
    fn a_size_category_holds_its_lower_end() {
        assert_eq!(size_category(999), "n<1K");
        assert_eq!(size_category(1_000), "1K<n<10K");
        assert_eq!(size_category(20_000_000), "n>10M");
    }
}
