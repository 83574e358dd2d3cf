//! A finished run in the layout of a hub: splits as parquet files, labels with their names, and a card.

use super::judge::EVALUATION_FILE;
use super::{Accounting, SelectionFile};
use crate::artefacts::spare;
use crate::error::{FolderError, MaterialError};
use crate::folder::{read as read_file, recipe_of};
use crate::input::{self, Input, InputOptions};
use crate::output::{self, NewFile, OutputError};
use crate::{Error, Work};
use equipoise_core::data::Rows;
use equipoise_core::format::{Compression, Layout, WriteError, by_name};
use serde::Serialize;
use serde_json::Value;
use std::path::{Path, PathBuf};

/// What was written.
#[derive(Debug, Clone, Serialize)]
pub struct Published {
    /// The folder.
    #[serde(serialize_with = "lossy")]
    pub folder: PathBuf,
    /// Its files, as paths below it.
    pub files: Vec<String>,
    /// Rows of each split.
    pub splits: Vec<(String, usize)>,
    /// Where it was sent, if it was.
    pub url: Option<String>,
}

/// The first line that no reader of the card needs any more.
const CARD: &str = "card.md";
const README: &str = "README.md";
/// What a card of this program has, and no other file.
const CARD_HEAD: &str = "\n# Data set card: ";
const TEXT: &str = "text";
const LABEL: &str = "label";
const ORIGIN: &str = "origin";

/// A file of the layout: its split, its path, its rows.
struct Split {
    config: &'static str,
    name: &'static str,
    path: &'static str,
    rows: Vec<Vec<String>>,
}

/// Writes the data sets of the run in `dir`, with a card, into `folder`; `license` is the identifier of a licence.
///
/// # Errors
/// A folder without a finished run; a folder that cannot be written.
pub fn publish(dir: &Path, folder: &Path, license: Option<&str>, work: &Work<'_>) -> Result<Published, Error> {
    let recipe = recipe_of(dir)?;
    finished(dir, recipe.evaluate.enabled)?;
    let card = std::fs::read_to_string(dir.join(CARD))
        .map_err(|_| FolderError::Unfinished { path: dir.to_owned(), missing: CARD })?;
    let options = recipe.data.options();
    let augmented = read(dir, "augmented", &options)?;
    let plain = InputOptions { text: options.text.clone(), label: options.label.clone(), ..InputOptions::default() };
    // A run that kept nothing leaves an empty file, which holds no rows to read.
    let n_synthetic = read(dir, "synthetic", &plain).map_or(0, |input| input.rows.len());
    let n_real = augmented.rows.len().saturating_sub(n_synthetic);
    let origin = |at: usize| if at < n_real { "real" } else { "synthetic" };
    let row = |rows: &Rows, at: usize, origin: &str| {
        let (text, label) = rows.text_and_label(at);
        vec![text.to_owned(), label.to_owned(), origin.to_owned()]
    };
    let all: Vec<Vec<String>> = (0..augmented.rows.len()).map(|at| row(&augmented.rows, at, origin(at))).collect();
    let mut splits = vec![
        Split {
            config: "synthetic",
            name: "train",
            path: "synthetic/train-00000-of-00001.parquet",
            rows: all[n_real..].to_vec(),
        },
        Split { config: "default", name: "train", path: "data/train-00000-of-00001.parquet", rows: all },
    ];
    if let Some(path) = &recipe.data.test {
        let test = input::read_beside(&path.as_path().into(), &options, &augmented).map_err(MaterialError::from)?;
        let rows = (0..test.rows.len()).map(|at| row(&test.rows, at, "real")).collect();
        splits.push(Split { config: "default", name: "test", path: "data/test-00000-of-00001.parquet", rows });
    }
    splits.retain(|split| !split.rows.is_empty());
    splits.reverse();
    splits.sort_by_key(|split| (split.config, std::cmp::Reverse(split.name)));
    let mut names: Vec<String> = splits.iter().flat_map(|s| s.rows.iter().map(|row| row[1].clone())).collect();
    names.sort_unstable();
    names.dedup();
    let (_, parquet) = by_name("parquet")?;
    let inputs: Vec<PathBuf> = [recipe.data.input, recipe.data.test].into_iter().flatten().collect();
    has_room(folder, &splits, &inputs)?;
    let readme = folder.join(README);
    let mut files = Vec::new();
    for split in &splits {
        let path = folder.join(split.path);
        make_parent(&path)?;
        let like = Layout::of_classes(LABEL, &names);
        let file = NewFile {
            format: &*parquet,
            compression: Compression::None,
            like: Some(&like),
            columns: &[TEXT, LABEL, ORIGIN],
        };
        output::write_atomically(&path, |out| file.write(split.rows.iter().cloned(), out))?;
        work.note(format!("{}: {} rows", split.path, split.rows.len()));
        files.push(split.path.to_owned());
    }
    let text = described(&card, license, &splits, &names);
    output::write_atomically(&readme, |out| out.write_all(text.as_bytes()).map_err(WriteError::Io))?;
    files.push(README.to_owned());
    let counted = splits.iter().map(|s| (format!("{}/{}", s.config, s.name), s.rows.len())).collect();
    Ok(Published { folder: folder.to_owned(), files, splits: counted, url: None })
}

/// The path as far as it is Unicode: whatever else it is, JSON does not hold it.
fn lossy<S: serde::Serializer>(path: &Path, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&path.to_string_lossy())
}

/// Refuses a run that was stopped before all its texts were asked for and judged.
fn finished(dir: &Path, is_evaluated: bool) -> Result<(), Error> {
    let file: SelectionFile = read_file(dir, "selection.json", |text| serde_json::from_str(text))?;
    let Accounting { planned: n_planned, cancelled: n_open, .. } = file.rows;
    if n_open > 0 {
        return Err(FolderError::Open { path: dir.to_owned(), n_open, n_planned }.into());
    }
    match is_evaluated && !dir.join(EVALUATION_FILE).exists() {
        true => Err(FolderError::Unfinished { path: dir.to_owned(), missing: EVALUATION_FILE }.into()),
        false => Ok(()),
    }
}

/// Refuses a folder in which files of others, or those that the run reads, would be written over.
fn has_room(folder: &Path, splits: &[Split], inputs: &[PathBuf]) -> Result<(), Error> {
    let readme = folder.join(README);
    let is_own = std::fs::read_to_string(&readme).is_ok_and(|text| text.contains(CARD_HEAD));
    let mut targets = splits.iter().map(|split| folder.join(split.path)).chain([readme]);
    targets.try_for_each(|path| match !is_own && path.exists() {
        true => Err(FolderError::NotPublished { path }.into()),
        false => Ok(spare(&path, inputs)?),
    })
}

/// The data set of a run whose name begins with `stem`.
fn read(dir: &Path, stem: &str, options: &InputOptions) -> Result<Input, Error> {
    let is_it = |name: &str| name.strip_prefix(stem).is_some_and(|rest| rest.starts_with('.'));
    let entries = std::fs::read_dir(dir)
        .map_err(|source| crate::rundir::RunDirError::Unreadable { path: dir.to_owned(), source })?;
    let path = entries.filter_map(Result::ok).map(|entry| entry.path());
    let found = path.filter(|p| p.file_name().and_then(|n| n.to_str()).is_some_and(is_it)).min();
    let missing = if stem == "augmented" { "augmented data set" } else { "synthetic data set" };
    let path = found.ok_or(FolderError::Unfinished { path: dir.to_owned(), missing })?;
    // A file that could not keep its encoding is UTF-8 now.
    let options = InputOptions { format: None, ..options.clone() };
    Ok(input::read(&path.into(), &options).map_err(MaterialError::from)?)
}

fn make_parent(path: &Path) -> Result<(), Error> {
    let parent = path.parent().unwrap_or(path);
    Ok(std::fs::create_dir_all(parent).map_err(|source| OutputError::Io { path: parent.to_owned(), source })?)
}

/// The card of the run with the head that the hub reads: files by split, and the features with the names of the labels.
fn described(card: &str, license: Option<&str>, splits: &[Split], names: &[String]) -> String {
    let (head, body) = card.strip_prefix("---\n").and_then(|rest| rest.split_once("\n---\n")).unwrap_or(("", card));
    let mut kept = Vec::new();
    let mut in_configs = false;
    for line in head.lines() {
        let begins = !line.starts_with([' ', '-']);
        in_configs = if begins { line.starts_with("configs:") } else { in_configs };
        let is_license = line.starts_with("license:") || line.starts_with("# The licence");
        match license {
            _ if in_configs => {}
            Some(_) if is_license => {}
            _ => kept.push(line.to_owned()),
        }
    }
    if let Some(license) = license {
        kept.insert(0, format!("license: {}", Value::String(license.to_owned())));
    }
    let mut configs: Vec<&str> = splits.iter().map(|s| s.config).collect();
    configs.dedup();
    kept.push("configs:".to_owned());
    for config in &configs {
        kept.push(format!("- config_name: {config}"));
        kept.push("  data_files:".to_owned());
        for split in splits.iter().filter(|s| s.config == *config) {
            let pattern = split.path.replace("-00000-of-00001.parquet", "-*");
            kept.push(format!("  - split: {}\n    path: {pattern}", split.name));
        }
    }
    kept.push("dataset_info:".to_owned());
    for config in &configs {
        kept.push(format!("- config_name: {config}\n  features:"));
        kept.push(format!(
            "  - name: {TEXT}\n    dtype: string\n  - name: {LABEL}\n    dtype:\n      class_label:\n        names:"
        ));
        let name = |(i, name): (usize, &String)| format!("          '{i}': {}", Value::String(name.clone()));
        kept.extend(names.iter().enumerate().map(name));
        kept.push(format!("  - name: {ORIGIN}\n    dtype: string\n  splits:"));
        let of = splits.iter().filter(|s| s.config == *config);
        kept.extend(of.map(|s| format!("  - name: {}\n    num_examples: {}", s.name, s.rows.len())));
    }
    format!("---\n{}\n---\n{body}", kept.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_head_of_the_card_names_splits_labels_and_licence() {
        let card = "---\n# The licence is a placeholder\nlicense: unknown\ntags:\n- text\nconfigs:\n- config_name: a\n  data_files: x.csv\n---\n\n# Data set card\n";
        let row = |label: &str| vec!["t".to_owned(), label.to_owned(), "real".to_owned()];
        let train = Split {
            config: "default",
            name: "train",
            path: "data/train-00000-of-00001.parquet",
            rows: vec![row("a: b"), row("c")],
        };
        let text = described(card, Some("cc-by-4.0"), &[train], &["a: b".to_owned(), "c".to_owned()]);
        let wanted = "---\nlicense: \"cc-by-4.0\"\ntags:\n- text\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n    path: data/train-*\ndataset_info:\n- config_name: default\n  features:\n  - name: text\n    dtype: string\n  - name: label\n    dtype:\n      class_label:\n        names:\n          '0': \"a: b\"\n          '1': \"c\"\n  - name: origin\n    dtype: string\n  splits:\n  - name: train\n    num_examples: 2\n---\n\n# Data set card\n";
        assert_eq!(text, wanted);
        assert!(described(card, None, &[], &[]).starts_with("---\n# The licence is a placeholder\nlicense: unknown\n"));
    }
}
