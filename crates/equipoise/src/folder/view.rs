//! The rows of a run as tables, without working on it.

use super::{RECIPE_FILE, RunRecord};
use crate::Error;
use crate::config::Recipe;
use crate::error::{FolderError, MaterialError};
use crate::input::{self, InputOptions, Source};
use crate::rundir::{RUN_FILE, RunDirError};
use equipoise_core::eval::Evaluation;
use equipoise_core::format::Table;
use equipoise_core::generator::{Candidate, Sources};
use serde::Deserialize;
use std::collections::HashSet;
use std::path::{Path, PathBuf};

/// The rows that a run from memory was started with.
const TABLE_FILE: &str = "input.arrow";

/// The part of `selection.json` that tells which texts are used.
#[derive(Deserialize)]
struct Kept {
    kept: Vec<String>,
}

/// What made the texts of a run.
#[derive(Deserialize)]
struct MadeBy {
    generator: String,
}

/// The texts that the run in the folder at `path` uses: `text`, `label`, `source_id`, `generator` and `candidate`.
///
/// # Errors
/// A folder without a finished run; a damaged file of it.
pub fn synthetic_of(path: &Path) -> Result<Table, Error> {
    let kept: Kept = read(path, "selection.json", |text| serde_json::from_str(text))?;
    let kept: HashSet<String> = kept.kept.into_iter().collect();
    let candidates: Vec<Candidate> =
        read(path, "candidates.jsonl", |text| text.lines().map(serde_json::from_str).collect())?;
    let plan: MadeBy = read(path, "plan.json", |text| serde_json::from_str(text))?;
    let used = || candidates.iter().filter(|c| kept.contains(&c.id));
    let table = Table::of_columns([
        ("text", used().map(|c| Some(c.text.clone())).collect()),
        ("label", used().map(|c| Some(c.label.clone())).collect()),
        ("source_id", used().map(|c| ids(&c.sources)).collect()),
        ("generator", used().map(|c| Some(c.sources.made_by(&plan.generator).to_owned())).collect()),
        ("candidate", used().map(|c| Some(c.id.clone())).collect()),
    ]);
    let Some(input) = input_of(path)? else { return Ok(table) };
    let recipe = read(path, RECIPE_FILE, |text| toml::from_str::<Recipe>(text))?;
    Ok(table.typed_as("label", &input.schema, recipe.data.label.as_deref().unwrap_or("label")))
}

/// The rows that the run was started with, where they came from memory.
fn input_of(path: &Path) -> Result<Option<Table>, Error> {
    let file = path.join(TABLE_FILE);
    if !file.exists() {
        return Ok(None);
    }
    let bytes = std::fs::read(&file).map_err(|source| unreadable(&file, source))?;
    Table::read(&bytes).map(Some).map_err(|e| damaged(&file, e.to_string()))
}

/// The rows of the run's `augmented.*`: all columns of an Arrow file, as a run from tables has it, and text and label of another.
///
/// # Errors
/// As [`synthetic_of`].
pub fn augmented_of(path: &Path) -> Result<Table, Error> {
    let file = augmented_file(path)?;
    if file.extension().is_some_and(|extension| extension == "arrow") {
        let bytes = std::fs::read(&file).map_err(|source| unreadable(&file, source))?;
        return Table::read(&bytes).map_err(|e| damaged(&file, e.to_string()));
    }
    let recipe = read(path, RECIPE_FILE, |text| toml::from_str::<Recipe>(text))?;
    let options = InputOptions { format: None, ..recipe.data.options() };
    let rows = input::read(&Source::Path(file), &options).map_err(MaterialError::from)?.rows;
    Ok(Table::of_pairs((0..rows.len()).map(|at| rows.text_and_label(at))))
}

/// Whether a folder holds an evaluation of rows from elsewhere, and no run.
pub fn is_evaluation(path: &Path) -> bool {
    path.join("evaluation.json").exists() && !path.join(RUN_FILE).exists()
}

/// The evaluation of a finished run, or of rows from elsewhere; `None` where none was asked for.
///
/// # Errors
/// As [`synthetic_of`].
pub fn evaluation_of(path: &Path) -> Result<Option<Evaluation>, Error> {
    optional(path, "evaluation.json", |text| serde_json::from_str(text))
}

/// The command that started the run in the folder at `path`; `None` where a library did, or there is none.
pub fn command_of(path: &Path) -> Option<String> {
    read(path, RUN_FILE, |text| serde_json::from_str::<RunRecord>(text)).ok()?.command
}

/// The file `augmented.*` of a run.
fn augmented_file(path: &Path) -> Result<PathBuf, Error> {
    let found = std::fs::read_dir(path).ok().and_then(|entries| {
        let named = |file: &PathBuf| file.file_name().is_some_and(|n| n.to_string_lossy().starts_with("augmented."));
        entries.flatten().map(|entry| entry.path()).find(named)
    });
    found.ok_or_else(|| missing(path, "augmented.*"))
}

fn ids(sources: &Sources) -> Option<String> {
    match sources {
        Sources::One(id) | Sources::Harvested(id) => Some(id.to_string()),
        Sources::Among(ids) | Sources::Joined { rows: ids, .. } => {
            Some(ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
        }
        Sources::Unknown => None,
    }
}

/// Reads a file of a run that may not be there yet.
pub(crate) fn optional<T, E: ToString>(
    path: &Path,
    name: &'static str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<Option<T>, Error> {
    if path.join(name).exists() { read(path, name, parse).map(Some) } else { Ok(None) }
}

pub(crate) fn read<T, E: ToString>(
    path: &Path,
    name: &'static str,
    parse: impl FnOnce(&str) -> Result<T, E>,
) -> Result<T, Error> {
    let file = path.join(name);
    if !file.exists() {
        return Err(missing(path, name));
    }
    let text = std::fs::read_to_string(&file).map_err(|source| unreadable(&file, source))?;
    parse(&text).map_err(|e| damaged(&file, e.to_string()))
}

fn missing(path: &Path, missing: &'static str) -> Error {
    match path.join(RUN_FILE).exists() {
        true => FolderError::Unfinished { path: path.to_owned(), missing }.into(),
        false => RunDirError::NoRun(path.to_owned()).into(),
    }
}

fn unreadable(path: &Path, source: std::io::Error) -> Error {
    RunDirError::Unreadable { path: path.to_owned(), source }.into()
}

fn damaged(path: &Path, message: String) -> Error {
    RunDirError::Damaged { path: path.to_owned(), message }.into()
}
