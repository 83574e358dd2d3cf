//! What an earlier run asked with and what came of it, without working on it.

use super::view::{optional, read};
use super::{RECIPE_FILE, RunRecord, TEMPLATE_FILE};
use crate::Error;
use crate::config::Recipe;
use crate::pipeline::SelectionFile;
use crate::pipeline::verdicts::{VERDICTS_FILE, counts_of};
use crate::rundir::RUN_FILE;
use equipoise_core::check::Counts;
use std::path::{Path, PathBuf};

/// A run as its files tell of it.
pub(crate) struct Past {
    pub(crate) folder: PathBuf,
    pub(crate) record: RunRecord,
    /// `PROVIDER/NAME`.
    pub(crate) model: String,
    /// The template as the recipe names it; `None` where it took the default.
    pub(crate) template_name: Option<String>,
    /// The template of the user's own that it kept.
    pub(crate) template: Option<String>,
    /// `None` of a run that is not finished.
    pub(crate) selection: Option<SelectionFile>,
    /// How often each check found what; `None` of a run that is not finished.
    pub(crate) checks: Option<Counts>,
}

/// Reads the run in the folder at `path`.
///
/// # Errors
/// A folder without a run; a damaged file of it.
pub(crate) fn past(path: &Path) -> Result<Past, Error> {
    let recipe: Recipe = read(path, RECIPE_FILE, |text| toml::from_str(text))?;
    Ok(Past {
        folder: path.to_owned(),
        record: read(path, RUN_FILE, |text| serde_json::from_str(text))?,
        model: recipe.model.name,
        template_name: recipe.prompt.template,
        template: optional(path, TEMPLATE_FILE, |text| Ok::<_, String>(text.to_owned()))?,
        selection: optional(path, "selection.json", |text| serde_json::from_str(text))?,
        checks: optional(path, VERDICTS_FILE, counts_of)?,
    })
}
