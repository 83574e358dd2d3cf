//! Where fetched files are kept: a folder for each address, with the file under its own name and what the server said of it.

use super::RemoteError;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// The folder of all fetched files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cache(PathBuf);

/// What is known of a fetched file: `fetched.json` beside it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(super) struct Known {
    /// The address.
    pub(super) url: String,
    /// The file's own name.
    pub(super) name: String,
    /// The server's word for this very content, where it gave one.
    pub(super) etag: Option<String>,
    /// Whether the file is whole.
    pub(super) is_whole: bool,
}

const KNOWN: &str = "fetched.json";

impl Cache {
    /// A cache in `folder`.
    pub fn new(folder: impl Into<PathBuf>) -> Self {
        Cache(folder.into())
    }

    /// `EQUIPOISE_CACHE`, else `equipoise` in the user's folder of caches.
    pub fn of_environment() -> Self {
        let var = |name: &str| std::env::var_os(name).filter(|v| !v.is_empty()).map(PathBuf::from);
        let own = || {
            let caches = var("XDG_CACHE_HOME").or_else(|| var("LOCALAPPDATA"));
            caches.or_else(|| std::env::home_dir().map(|home| home.join(".cache"))).map(|c| c.join("equipoise"))
        };
        Cache(var("EQUIPOISE_CACHE").or_else(own).unwrap_or_else(|| std::env::temp_dir().join("equipoise")))
    }

    /// The folder of one address.
    pub(super) fn folder(&self, address: &str) -> PathBuf {
        self.0.join(&blake3::hash(address.as_bytes()).to_hex()[..16])
    }
}

/// What is known of the file in `folder`; nothing where there is none, or none that can be read.
pub(super) fn known(folder: &Path) -> Option<Known> {
    serde_json::from_slice(&std::fs::read(folder.join(KNOWN)).ok()?).ok()
}

/// Remembers what is known of the file in `folder`.
pub(super) fn remember(folder: &Path, known: &Known) -> Result<(), RemoteError> {
    let path = folder.join(KNOWN);
    let failed = |source| RemoteError::Cache { path: path.clone(), source };
    let bytes = serde_json::to_vec_pretty(known).map_err(|e| failed(e.into()))?;
    let mut file = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    std::io::Write::write_all(&mut file, &bytes).map_err(failed)?;
    file.persist(&path).map_err(|e| failed(e.error))?;
    Ok(())
}

/// A file name that stays within its folder, from the last part of an address.
pub(super) fn file_name(address: &str) -> String {
    let bare = address.split(['?', '#']).next().unwrap_or_default();
    let last = bare.rsplit('/').find(|part| !part.is_empty()).unwrap_or_default();
    let kept: String = last.chars().map(|c| if c.is_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect();
    let kept = kept.trim_start_matches('.').to_owned();
    if kept.is_empty() || kept == KNOWN { "file".to_owned() } else { kept }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_stay_within_their_folder() {
        for (address, name) in [
            ("https://h/a/train.csv?x=/../y", "train.csv"),
            ("https://h/..", "file"),
            ("https://h/a/..%2F..%2Fetc", "_2F.._2Fetc"),
            ("https://h/", "h"),
            ("https://h/fetched.json", "file"),
        ] {
            assert_eq!(file_name(address), name);
        }
    }
}
