//! Derived files made again from what a run recorded.

use super::opened::Opened;
use super::overrides::Overrides;
use super::view::evaluation_of;
use crate::artefacts::{Artefacts, Compare, Folder};
use crate::error::FolderError;
use crate::event::Event;
use crate::pipeline::{
    Answers, Basis, DataSets, OfRun, Results, SPENT_FILE, SelectionFile, generate, render, verdicts,
};
use crate::review::Texts;
use crate::{Error, Work};
use equipoise_core::eval::Evaluation;
use serde::Serialize;
use std::path::{Path, PathBuf};

/// A replayed run.
#[derive(Debug, Clone, Serialize)]
pub struct Replayed {
    /// The derived files.
    pub files: Vec<String>,
    /// What was measured again because people decided about texts; `None` where nobody did.
    pub reviewed: Option<Evaluation>,
}

/// Rebuilds every derived file from the journal and asks nothing; with `check` compares instead of writing.
///
/// # Errors
/// [`FolderError::ReplayDiffers`] with `check`; otherwise as [`super::resume`].
pub fn replay(path: &Path, check: bool, work: &Work<'_>) -> Result<Replayed, Error> {
    let run = Opened::new(path, &Overrides::default(), work)?;
    if !check {
        let mut folder = Folder::of(run.dir.clone());
        let (reviewed, _) = derive(&run, &mut folder, work)?;
        return Ok(Replayed { files: folder.names().to_vec(), reviewed });
    }
    let mut compare = Compare::new(run.dir.path());
    let before = evaluation_of(path)?.and_then(|e| e.analysis.review).map_or(0, |review| review.decided.n());
    let (reviewed, n_decided) = derive(&run, &mut compare, work)?;
    match compare.differing() {
        [] => Ok(Replayed { files: compare.names().to_vec(), reviewed }),
        _ if n_decided > before => Err(FolderError::NotApplied { path: path.to_owned(), n: n_decided - before }.into()),
        differing => Err(FolderError::ReplayDiffers { files: differing.to_vec() }.into()),
    }
}

/// Derives everything from the journal and the decisions of people. Gives the evaluation where there are decisions, and how many texts
/// they concern.
fn derive(run: &Opened, artefacts: &mut dyn Artefacts, work: &Work<'_>) -> Result<(Option<Evaluation>, usize), Error> {
    let Opened { setup, material, planned, dir, .. } = run;
    let mut recorded = Answers::recorded(material, planned, dir, work)?;
    // What is told of asking was true when it was asked.
    let told = |event: Event| {
        if !matches!(event, Event::Note(_) | Event::Omitted(_)) {
            work.tell(event)
        }
    };
    let reading = Work::watched(told).stopped_by(work.stop.clone());
    let generated = generate(setup, material, planned, &mut recorded, &reading)?;
    let spent = recorded.spent()?;
    let texts = Texts::new(setup, material, planned, dir, generated)?;
    let (generated, unreviewed) = (texts.used(), texts.unreviewed());
    let basis = Basis { setup, material, plan: &planned.plan, generated, unreviewed, spent: &spent };
    let derived = basis.derive(artefacts, work)?;
    let n_decided = unreviewed.map_or(0, |(_, decided)| decided.n());
    Ok((derived.judged.map(|j| j.evaluation).filter(|e| e.analysis.review.is_some()), n_decided))
}

/// Renders the report and the card again, from the files of a finished run.
///
/// # Errors
/// [`FolderError::Unfinished`] where the run is not finished; otherwise as [`replay`].
pub fn report(path: &Path) -> Result<Vec<PathBuf>, Error> {
    let Opened { setup, material, planned, dir, .. } = &Opened::new(path, &Overrides::default(), &Work::default())?;
    if !dir.file("selection.json").exists() {
        return Err(FolderError::Unfinished { path: path.to_owned(), missing: "selection.json" }.into());
    }
    let file: SelectionFile = dir.read_json("selection.json")?;
    let evaluation = evaluation_of(path)?;
    let spent = match dir.file(SPENT_FILE).exists() {
        true => dir.read_json(SPENT_FILE)?,
        false => Answers::recorded(material, planned, dir, &Work::default())?.spent()?,
    };
    let sets = DataSets::new(material);
    let (verdicts, counts) = verdicts::read(dir)?;
    let made = Results {
        candidates: &dir.read_jsonl("candidates.jsonl")?,
        verdicts: &verdicts,
        selection: Some(&file.selection),
        checks: Some(&counts),
        evaluation: evaluation.as_ref(),
        files: &[],
        run: Some(OfRun { plan: &planned.plan, file: &file, spent: &spent, sets: &sets }),
    };
    let mut folder = Folder::of(dir.clone());
    render(setup, material, &made, &mut folder)?;
    Ok(folder.written())
}
