//! What a pilot keeps of itself.

use super::PilotSettings;
use crate::Error;
use crate::folder::{optional, read};
use crate::rundir::PILOT_FILE;
use equipoise_core::pilot::Comparison;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;

/// The file of the figures.
pub(super) const COMPARISON_FILE: &str = "comparison.json";

/// `pilot.json`: what was compared, when, and the templates word for word, so that a later one can be compared with them.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct PilotRecord {
    #[serde(flatten)]
    pub(super) settings: PilotSettings,
    /// The day on which it was begun, where that is known.
    #[serde(default)]
    pub(crate) date: Option<String>,
    /// The templates by their version.
    #[serde(default)]
    pub(crate) templates: BTreeMap<String, KeptTemplate>,
    /// The figures; `None` of a pilot that is not finished. They lie in a file of their own.
    #[serde(skip)]
    pub(crate) comparison: Option<Comparison>,
}

/// A template that was tried.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct KeptTemplate {
    /// Built-in name or file.
    pub(crate) name: String,
    /// Word for word.
    pub(crate) source: String,
}

/// Reads the pilot in `folder`.
///
/// # Errors
/// A damaged file of it.
pub(crate) fn pilot_record(folder: &Path) -> Result<PilotRecord, Error> {
    let record: PilotRecord = read(folder, PILOT_FILE, |text| serde_json::from_str(text))?;
    let comparison = optional(folder, COMPARISON_FILE, |text| serde_json::from_str(text))?;
    Ok(PilotRecord { comparison, ..record })
}
