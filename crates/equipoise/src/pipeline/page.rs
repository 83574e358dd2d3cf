//! What the renderers are given: the run's data with names that people know.

use crate::pipeline::derive::DataSets;
use crate::pipeline::outputs::Outputs;
use crate::pipeline::spent::Spent;
use crate::{Error, Material, Setup};
use equipoise_core::catalog::Settings;
use equipoise_core::check::Verdict;
use equipoise_core::eval::Evaluation;
use equipoise_core::generator::Candidate;
use equipoise_core::parse::NoteKind;
use equipoise_core::plan::Plan;
use equipoise_core::report::{CATALOG, Cost, Input, InputRole, OutputFile, Provenance, ReportData, examples};
use equipoise_core::select::Selection;
use std::collections::BTreeMap;

/// Texts that a report shows of each label, and of each reason for a rejection.
const SHOWN: usize = 10;

/// What a run or an evaluation made.
pub(super) struct Made<'a> {
    pub(super) plan: Option<&'a Plan>,
    pub(super) candidates: &'a [Candidate],
    pub(super) verdicts: &'a [Verdict],
    pub(super) selection: Option<&'a Selection>,
    pub(super) notes: BTreeMap<NoteKind, usize>,
    /// Texts that were asked for and never came: why, and how many.
    pub(super) never_came: Vec<(String, usize)>,
    /// What a person should know of a label's texts.
    pub(super) remarks: &'a [String],
    pub(super) evaluation: Option<&'a Evaluation>,
    pub(super) spent: Option<&'a Spent>,
    /// Names and digests of synthetic files from elsewhere.
    pub(super) files: &'a [(String, String)],
    pub(super) sets: Option<&'a DataSets>,
}

/// Renders every page of the catalog.
pub(super) fn render(
    setup: &Setup,
    material: &Material,
    made: &Made<'_>,
    outputs: &mut Outputs<'_>,
) -> Result<(), Error> {
    let train = material.dataset.train();
    let shown = |s| examples(train, &material.donors, made.candidates, made.verdicts, s, SHOWN);
    let data = ReportData {
        plan: made.plan,
        selection: made.selection,
        evaluation: made.evaluation,
        examples: made.selection.map_or_else(Vec::new, shown),
        cost: made.spent.map(cost),
        parse_notes: made.notes.clone(),
        never_came: made.never_came.clone(),
        remarks: made.remarks.to_vec(),
        dropped: dropped(material),
        ..ReportData::new(material.name.clone(), material.profile(), provenance(setup, material, made))
    };
    for entry in CATALOG {
        // A card describes data sets; where none were written there is nothing to describe.
        if entry.name == "card" && made.sets.is_none() {
            continue;
        }
        let renderer = entry.build(&Settings::new())?;
        outputs.put(renderer.file_name(), renderer.render(&data)?.as_bytes())?;
    }
    Ok(())
}

fn cost(spent: &Spent) -> Cost {
    Cost {
        n_requests: spent.n_answered,
        n_unknown: spent.n_unknown,
        usd_unknown: spent.usd_unknown(),
        input_tokens: spent.input_tokens,
        output_tokens: spent.output_tokens,
        usd: spent.usd,
    }
}

fn dropped(material: &Material) -> Vec<(String, usize)> {
    let files = [Some(&material.original), material.test.as_ref()];
    let notes = files.into_iter().flatten().flat_map(|f| f.notes.iter().map(move |n| (f, n)));
    notes.filter(|(_, n)| n.kind.drops_rows()).map(|(f, n)| (format!("{}: {n}", f.name), n.n)).collect()
}

fn provenance(setup: &Setup, material: &Material, made: &Made<'_>) -> Provenance {
    let file = |role, name: &str, digest: &str| Input { role, name: name.to_owned(), digest: Some(digest.to_owned()) };
    let mut inputs = vec![file(InputRole::Train, &material.original.name, &material.original.digest)];
    inputs.extend(material.test.iter().map(|t| file(InputRole::Test, &t.name, &t.digest)));
    inputs.extend(material.unlabelled.iter().map(|u| file(InputRole::Unlabelled, &u.name, &u.digest)));
    inputs.extend(made.files.iter().map(|(name, digest)| file(InputRole::Synthetic, name, digest)));
    let output = |name: &str, file: &str| OutputFile { name: name.to_owned(), file: file.to_owned() };
    Provenance {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        seed: setup.recipe.seed,
        inputs,
        outputs: made
            .sets
            .map_or_else(Vec::new, |s| vec![output("augmented", &s.augmented), output("synthetic", &s.synthetic)]),
        served_models: made.spent.map_or_else(Vec::new, |s| s.served_models.clone()),
    }
}
