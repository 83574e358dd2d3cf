//! The folder of a new run.

use crate::error::Failure;
use equipoise::Error;
use equipoise::config::Recipe;
use equipoise::error::MaterialError;
use equipoise::folder;
use equipoise::rundir::RunDir;
use std::path::{Path, PathBuf};

/// Where runs go that nobody named a folder for.
pub(crate) const RUNS: &str = "runs";

/// The first free `runs/STEM-<n>`.
pub(crate) fn fresh(stem: &str) -> PathBuf {
    RunDir::fresh_name(Path::new(RUNS), stem)
}

/// The folder asked for, or the first free `runs/<input name>-<n>`. With `force` a folder that holds a run gives way to a free one
/// beside it.
///
/// # Errors
/// A folder that holds a run, without `force`.
pub(crate) fn choose(recipe: &Recipe, asked: Option<&Path>, force: bool) -> Result<PathBuf, Failure> {
    let Some(path) = asked else {
        let input = recipe.data.input.as_deref().ok_or(Error::from(MaterialError::NoInput))?;
        let name = if input.as_os_str() == "-" { "stdin".to_owned() } else { last(input) };
        return Ok(fresh(name.split('.').next().unwrap_or_default()));
    };
    match folder::refused(path, recipe) {
        None => Ok(path.to_owned()),
        Some(_) if force => Ok(RunDir::fresh_name(path.parent().unwrap_or(Path::new("")), &last(path))),
        Some(refused) => Err(refused.into()),
    }
}

fn last(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}
