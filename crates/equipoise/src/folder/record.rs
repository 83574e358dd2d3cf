//! `run.json`: what a run was started with, so that it can be gone on with from anywhere, and nothing else be mistaken for it.

use crate::config::Recipe;
use crate::error::FolderError;
use crate::input::{Input, Source};
use crate::rundir::RUN_FILE;
use crate::{Error, Material};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

/// The start of a run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunRecord {
    /// Version of this layout.
    pub schema: u32,
    /// Version of the tool that started the run.
    pub tool_version: String,
    /// The day on which it was started, `2026-11-28`; `None` where an earlier version started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// The command that was typed; `None` where a library started the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The input file.
    pub input: FileRecord,
    /// The test file.
    pub test: Option<FileRecord>,
    /// The file of rows without labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unlabelled: Option<FileRecord>,
    /// Version of the prompt template; empty where the provider needs no words.
    pub prompt: String,
    /// The run whose answers to equal requests are taken over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub forked_from: Option<PathBuf>,
}

/// One file that a run reads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Where it stood; the whole path, so that a run can be resumed from another folder.
    pub path: PathBuf,
    /// Its name.
    pub name: String,
    /// BLAKE3 of its bytes, hex.
    pub digest: String,
}

/// The current layout.
const SCHEMA: u32 = 1;

impl RunRecord {
    /// The record of a run that is about to start, whose inputs are files; refuses places that JSON cannot name.
    pub(super) fn new(material: &Material, prompt: &str, earlier: Option<&Path>) -> Result<Self, FolderError> {
        let whole = |path: &Path| {
            let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
            match path.to_str() {
                Some(_) => Ok(path),
                None => Err(FolderError::NotUnicode { path }),
            }
        };
        let file = |read: &Input| {
            let path = read.path().unwrap_or(Path::new("-"));
            Ok::<_, FolderError>(FileRecord {
                path: whole(path)?,
                name: Source::from(path).name(),
                digest: read.digest.clone(),
            })
        };
        Ok(RunRecord {
            schema: SCHEMA,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            date: None,
            command: None,
            input: file(&material.original)?,
            test: material.test.as_ref().map(file).transpose()?,
            unlabelled: material.unlabelled.as_ref().map(file).transpose()?,
            prompt: prompt.to_owned(),
            forked_from: earlier.map(whole).transpose()?,
        })
    }

    /// Points the recipe at the files' recorded places.
    pub(super) fn point(&self, recipe: &mut Recipe) {
        recipe.data.input = Some(self.input.path.clone());
        recipe.data.test = self.test.as_ref().map(|t| t.path.clone());
        recipe.data.unlabelled = self.unlabelled.as_ref().map(|u| u.path.clone());
    }

    /// Refuses files and prompts that are not those of the run.
    pub(super) fn verify(&self, material: &Material, prompt: &str) -> Result<(), Error> {
        if self.schema != SCHEMA {
            return Err(FolderError::RunSchema { found: self.schema, known: SCHEMA }.into());
        }
        let test = self.test.as_ref().zip(material.test.as_ref());
        let unlabelled = self.unlabelled.as_ref().zip(material.unlabelled.as_ref());
        let pairs = [(&self.input, &material.original)].into_iter().chain(test).chain(unlabelled);
        for (recorded, read) in pairs {
            if recorded.digest != read.digest {
                return Err(FolderError::InputChanged { path: recorded.path.clone() }.into());
            }
        }
        if self.prompt != prompt {
            return Err(FolderError::PromptChanged.into());
        }
        Ok(())
    }
}

/// The settings, and the files, in which `recipe` differs from the run in `dir`, as a recipe names them; empty where it is the same.
/// `None` where the run cannot be read.
pub(super) fn changes(dir: &Path, recipe: &Recipe) -> Option<Vec<String>> {
    let read = |name: &str| std::fs::read_to_string(dir.join(name)).ok();
    let mut old = Recipe::from_toml(&read("recipe.toml")?).ok()?;
    let record: RunRecord = serde_json::from_str(&read(RUN_FILE)?).ok()?;
    record.point(&mut old);
    let mut new = recipe.clone();
    // What the run keeps itself was a table or standard input, which a recipe cannot name.
    let here = std::path::absolute(dir).ok();
    let of = |path: &Option<PathBuf>| path.as_ref().and_then(|path| std::path::absolute(path).ok());
    let pairs = [
        (&mut old.data.input, &new.data.input),
        (&mut old.data.test, &new.data.test),
        (&mut old.data.unlabelled, &new.data.unlabelled),
    ];
    for (path, given) in pairs {
        path.take_if(|path| path.parent() == here.as_deref() && of(given).as_ref() != Some(&*path));
    }
    for data in [&mut new.data, &mut old.data] {
        for path in [&mut data.input, &mut data.test, &mut data.unlabelled].into_iter().flatten() {
            *path = std::path::absolute(&*path).unwrap_or_else(|_| path.clone());
        }
    }
    let mut changed = Vec::new();
    differences("", &toml::Value::try_from(&old).ok(), &toml::Value::try_from(&new).ok(), &mut changed);
    let has_changed = |file: &FileRecord| {
        std::fs::read(&file.path).map_or(true, |bytes| blake3::hash(&bytes).to_hex().as_str() != file.digest)
    };
    let files = [
        Some(("data.input", &record.input)),
        record.test.as_ref().map(|test| ("data.test", test)),
        record.unlabelled.as_ref().map(|file| ("data.unlabelled", file)),
    ];
    for (name, file) in files.into_iter().flatten() {
        if !changed.iter().any(|c| c == name) && has_changed(file) {
            changed.push(format!("{name} (the content of {})", file.name));
        }
    }
    Some(changed)
}

/// The paths of the values in which two tables differ.
fn differences(path: &str, old: &Option<toml::Value>, new: &Option<toml::Value>, into: &mut Vec<String>) {
    match (old, new) {
        (Some(toml::Value::Table(old)), Some(toml::Value::Table(new))) => {
            let keys: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
            for key in keys {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                differences(&path, &old.get(key).cloned(), &new.get(key).cloned(), into);
            }
        }
        _ if old != new => into.push(path.to_owned()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_the_values_that_differ_by_their_path() {
        let table = |text: &str| Some(toml::Value::Table(text.parse().expect("TOML")));
        let old = table("seed = 7\n[model]\nname = 'a'\n[targets.label_to]\nx = '2x'");
        let new = table("seed = 7\n[model]\nname = 'b'\nprice = [1, 2]\n[targets.label_to]\nx = '3x'");
        let mut changed = Vec::new();
        differences("", &old, &new, &mut changed);
        assert_eq!(changed, ["model.name", "model.price", "targets.label_to.x"]);
        changed.clear();
        differences("", &old, &old, &mut changed);
        assert!(changed.is_empty());
    }
}
