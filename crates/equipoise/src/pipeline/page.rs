//! What the renderers are given: the run's data with names that people know.

use super::selection::SelectionFile;
use super::sets::DataSets;
use super::spent::Spent;
use crate::artefacts::Artefacts;
use crate::{Error, Material, Setup};
use equipoise_core::catalog::Settings;
use equipoise_core::check::{Counts, Verdict};
use equipoise_core::eval::Evaluation;
use equipoise_core::generator::Candidate;
use equipoise_core::plan::Plan;
use equipoise_core::prompt;
use equipoise_core::report::{
    CATALOG, Cost, Input, InputRole, JudgeCost, Judgement, MOST_ROWS, OutputFile, Provenance, ReportData, RowTable,
    StoppedAt, examples,
};
use equipoise_core::select::{Funnel, Selection};
use std::collections::BTreeMap;
use std::path::PathBuf;

/// Texts that a report shows of each label, and of each reason for a rejection.
const SHOWN: usize = 10;

/// What a run or an evaluation made.
pub(crate) struct Results<'a> {
    pub(crate) candidates: &'a [Candidate],
    pub(crate) verdicts: &'a [Verdict],
    pub(crate) selection: Option<&'a Selection>,
    /// What each check found.
    pub(crate) checks: Option<&'a Counts>,
    pub(crate) evaluation: Option<&'a Evaluation>,
    /// Names and digests of synthetic files from elsewhere.
    pub(crate) files: &'a [(String, String)],
    /// `None` for an evaluation of rows from elsewhere.
    pub(crate) run: Option<OfRun<'a>>,
}

/// What a run made besides.
#[derive(Clone, Copy)]
pub(crate) struct OfRun<'a> {
    pub(crate) plan: &'a Plan,
    pub(crate) file: &'a SelectionFile,
    pub(crate) spent: &'a Spent,
    pub(crate) sets: &'a DataSets,
}

/// Renders every page of the catalog.
pub(crate) fn render(
    setup: &Setup,
    material: &Material,
    made: &Results<'_>,
    artefacts: &mut dyn Artefacts,
) -> Result<(), Error> {
    let (train, run) = (material.dataset.train(), made.run);
    let shown = |s| examples(train, &material.donors, (made.candidates, made.verdicts, s), SHOWN);
    let judgement = judgement(material, made.evaluation);
    let rows = |s| RowTable::new(train, &material.donors, (made.candidates, made.verdicts, s), &judgement, MOST_ROWS);
    let data = ReportData {
        plan: run.map(|run| run.plan),
        selection: made.selection,
        checks: made.checks,
        funnel: run.map(|run| run.file.funnel.clone()).or_else(|| Some(Funnel::new(None, &[], made.selection?))),
        stopped: run.and_then(|run| stopped(setup, run.file, made.evaluation)),
        evaluation: made.evaluation,
        attributes: run.map_or(&[], |run| &run.file.attributes),
        examples: made.selection.map_or_else(Vec::new, shown),
        rows: made.selection.filter(|_| !made.candidates.is_empty()).map(rows),
        cost: run.map(|run| cost(run.spent)),
        parse_notes: run.map_or_else(BTreeMap::new, |run| run.file.notes.clone()),
        never_came: run.map_or_else(Vec::new, |run| run.file.never_came()),
        remarks: run.map_or_else(Vec::new, |run| run.file.remarks.clone()),
        dropped: dropped(material),
        ..ReportData::new(material.name.clone(), material.profile(), provenance(setup, material, made))
    };
    for entry in CATALOG {
        // A card describes data sets; where none were written there is nothing to describe.
        if entry.name == "card" && run.is_none() {
            continue;
        }
        let renderer = entry.build(&Settings::new())?;
        artefacts.bytes(renderer.file_name(), renderer.render(&data)?.as_bytes())?;
    }
    Ok(())
}

/// How far a run came that was stopped before its texts were all asked for, or judged.
fn stopped(setup: &Setup, file: &SelectionFile, evaluation: Option<&Evaluation>) -> Option<StoppedAt> {
    let rows = &file.rows;
    let is_stopped = rows.cancelled > 0 || (setup.evaluates && evaluation.is_none());
    is_stopped.then(|| StoppedAt { n_done: rows.planned.saturating_sub(rows.cancelled), n_planned: rows.planned })
}

/// What the evaluation tells of single rows.
fn judgement<'a>(material: &'a Material, evaluation: Option<&'a Evaluation>) -> Judgement<'a> {
    let analysis = evaluation.map(|evaluation| &evaluation.analysis);
    let changed = evaluation.and_then(|e| Some(e.analysis.changed.as_ref()?.with_texts(&material.dataset, e.design)));
    Judgement {
        values: analysis.and_then(|a| a.row_values.as_ref()).map_or(&[], |values| &values.values),
        changed: changed.unwrap_or_default(),
    }
}

fn cost(spent: &Spent) -> Cost {
    Cost {
        n_requests: spent.n_answered,
        n_unknown: spent.n_unknown,
        usd_unknown: spent.usd_unknown(),
        input_tokens: spent.input_tokens,
        output_tokens: spent.output_tokens,
        usd: spent.usd,
        judge: spent.judge.as_ref().map(|judge| JudgeCost { n_requests: judge.n_answered, usd: judge.usd }),
    }
}

fn dropped(material: &Material) -> Vec<(String, usize)> {
    let files = [Some(&material.original), material.test.as_ref()];
    let notes = files.into_iter().flatten().flat_map(|f| f.notes.iter().map(move |n| (f, n)));
    notes.filter(|(_, n)| n.kind.drops_rows()).map(|(f, n)| (format!("{}: {n}", f.name), n.n)).collect()
}

fn provenance(setup: &Setup, material: &Material, made: &Results<'_>) -> Provenance {
    let file = |role, name: &str, digest: &str| Input { role, name: name.to_owned(), digest: Some(digest.to_owned()) };
    let mut inputs = vec![file(InputRole::Train, &material.original.name, &material.original.digest)];
    inputs.extend(material.test.iter().map(|t| file(InputRole::Test, &t.name, &t.digest)));
    inputs.extend(material.unlabelled.iter().map(|u| file(InputRole::Unlabelled, &u.name, &u.digest)));
    inputs.extend(made.files.iter().map(|(name, digest)| file(InputRole::Synthetic, name, digest)));
    let output = |name: &str, file: &str| OutputFile { name: name.to_owned(), file: file.to_owned() };
    Provenance {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        seed: setup.seed,
        date: setup.date.clone(),
        command: setup.command.clone(),
        recipe: recipe(setup, material),
        prompt: made.run.and(setup.prompting.template.as_ref()).map(|template| template.source().to_owned()),
        typed_model: made.run.map(|_| setup.recipe().model.name.clone()),
        temperature: setup.temperature,
        inputs,
        outputs: made.run.map_or_else(Vec::new, |run| {
            vec![output("augmented", &run.sets.augmented), output("synthetic", &run.sets.synthetic)]
        }),
        served_models: made.run.map_or_else(Vec::new, |run| run.spent.served_models.clone()),
    }
}

/// The recipe as it is shown: files by name, so that it is the same wherever the run lies.
fn recipe(setup: &Setup, material: &Material) -> String {
    let mut recipe = setup.recipe().clone();
    let data = &mut recipe.data;
    // As they are kept: standard input and tables stand in the folder of a run under names that the recipe of its beginning lacks.
    data.input = Some(material.original.name.clone().into());
    data.test = material.test.as_ref().map(|test| test.name.clone().into());
    data.unlabelled = material.unlabelled.as_ref().map(|lender| lender.name.clone().into());
    if let Some(path) = &mut data.features {
        *path = path.file_name().map_or_else(|| path.clone(), PathBuf::from);
    }
    let own = recipe.prompt.template.as_ref().is_some_and(|name| prompt::builtin(name).is_none());
    if own {
        // A run keeps a template of the user's own under this name.
        recipe.prompt.template = Some("prompt.j2".to_owned());
    }
    // And the list of names that it hides under this one.
    recipe.mask.names = recipe.mask.names.map(|_| "names.txt".into());
    // A recipe that cannot be written as TOML is refused when a run starts.
    recipe.to_toml().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::pipeline::testing::{ran, recipe, text};

    #[test]
    fn the_pages_of_a_run_in_memory_need_no_file_beside_them() {
        let (outcome, files) = ran(recipe());
        let page = text(&files, "report.html");
        let headline = outcome.evaluation.expect("an evaluation").verdict.headline;
        assert!(page.contains("<html") && !page.contains("src=\"http"));
        assert!(text(&files, "card.md").contains(&headline) || text(&files, "report.md").contains(&headline));
    }
}
