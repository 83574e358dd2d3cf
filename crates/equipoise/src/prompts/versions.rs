//! Every version of a prompt that the runs and pilots below a folder have used.

use super::difference::{Part, difference};
use super::figures::Figures;
use super::uses::{RunUse, Use, uses};
use crate::Error;
use crate::error::FolderError;
use crate::rundir::{RunDirError, has_answers};
use equipoise_core::prompt::{Template, builtin};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A prompt as some runs and pilots used it.
#[derive(Debug, Clone, Serialize)]
pub struct Version {
    /// Built-in name or file.
    pub name: String,
    /// BLAKE3 of its source, hex.
    pub version: String,
    /// Its source; `None` where it was built into another version of this program.
    pub source: Option<String>,
    /// What it was made from, where it says so.
    pub parent: Option<Lineage>,
    /// The runs and pilots that used it, the first one first.
    pub runs: Vec<RunUse>,
    /// What came of all of them together.
    pub figures: Figures,
}

/// The template that another one was made from.
#[derive(Debug, Clone, Serialize)]
pub struct Lineage {
    /// As the template names it.
    pub name: String,
    /// Its version, where it is known here.
    pub version: Option<String>,
    /// What differs, word by word; empty where the parent is not known here.
    pub difference: Vec<Part>,
}

/// Every version of a prompt that runs and pilots in `dir`, or in folders within it, have used, by the day of its first use.
///
/// # Errors
/// A folder that holds neither run nor pilot; a damaged file of one.
pub fn versions(dir: &Path) -> Result<Vec<Version>, Error> {
    if !dir.exists() {
        return Err(RunDirError::NoRun(dir.to_owned()).into());
    }
    let mut folders = Vec::new();
    collect(dir, 2, &mut folders)?;
    if folders.is_empty() {
        return Err(RunDirError::NoRun(dir.to_owned()).into());
    }
    folders.sort();
    let mut all: Vec<Use> = Vec::new();
    for folder in folders {
        all.extend(uses(&folder)?);
    }
    all.sort_by(|a, b| a.of.date.cmp(&b.of.date));
    let mut order: Vec<String> = Vec::new();
    let mut by_version: BTreeMap<String, Vec<Use>> = BTreeMap::new();
    for one in all {
        let same = by_version.entry(one.version.clone()).or_default();
        if same.is_empty() {
            order.push(one.version.clone());
        }
        same.push(one);
    }
    let mut listed: Vec<Version> = order.into_iter().filter_map(|v| Some(version(by_version.remove(&v)?, v))).collect();
    let parents: Vec<Option<Lineage>> = listed.iter().map(|version| lineage(version, &listed)).collect();
    listed.iter_mut().zip(parents).for_each(|(version, parent)| version.parent = parent);
    Ok(listed)
}

/// The folders of runs and pilots in `dir`, itself included, down to so many levels.
fn collect(dir: &Path, levels: usize, found: &mut Vec<PathBuf>) -> Result<(), Error> {
    if has_answers(dir) {
        found.push(dir.to_owned());
        return Ok(());
    }
    let unreadable = |source| Error::from(FolderError::from(RunDirError::Unreadable { path: dir.to_owned(), source }));
    for entry in std::fs::read_dir(dir).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if levels > 0 && path.is_dir() {
            collect(&path, levels - 1, found)?;
        }
    }
    Ok(())
}

/// The version that all of `uses` are of.
fn version(uses: Vec<Use>, version: String) -> Version {
    let name = uses[0].name.clone();
    let kept = uses.iter().find_map(|one| one.source.clone());
    let source = kept.or_else(|| builtin(&name).map(|template| template.source().to_owned()));
    let source = source.filter(|source| blake3::hash(source.as_bytes()).to_hex().as_str() == version);
    let runs: Vec<RunUse> = uses.into_iter().map(|one| one.of).collect();
    Version {
        name,
        version,
        source,
        parent: None,
        figures: Figures::together(runs.iter().map(|run| &run.figures)),
        runs,
    }
}

/// What a version was made from: another one of the list, else a built-in one.
fn lineage(version: &Version, listed: &[Version]) -> Option<Lineage> {
    let source = version.source.as_deref()?;
    let name = Template::new(&version.name, source).ok()?.parent()?.to_owned();
    let is_meant = |other: &&Version| {
        let file = Path::new(&other.name).file_name().map(|file| file.to_string_lossy().into_owned());
        let begins = name.len() >= 6 && other.version.starts_with(&name);
        other.version != version.version && (begins || other.name == name || file.as_deref() == Some(&name))
    };
    let known = listed.iter().find(is_meant).and_then(|v| Some((v.version.clone(), v.source.clone()?)));
    let known = known.or_else(|| builtin(&name).map(|t| (t.version().to_owned(), t.source().to_owned())));
    Some(match known {
        Some((parent, old)) => Lineage { name, version: Some(parent), difference: difference(&old, source) },
        None => Lineage { name, version: None, difference: Vec::new() },
    })
}
