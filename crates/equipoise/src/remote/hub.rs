//! Data sets of the Hugging Face hub: which files are the split that was asked for, and these files as one.

use super::cache::file_name;
use super::download::{Client, Progress};
use super::{HubLocation, Remote, RemoteError};
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Where the hub keeps a copy of most data sets as parquet files.
const CONVERTED: &str = "refs/convert/parquet";

/// A commit of a repository.
pub(super) struct Commit {
    /// Its hash.
    pub(super) sha: String,
    pub(super) files: Vec<String>,
    /// What the card says of a data set.
    card: Value,
}

/// The split that `hub` names, as one local file.
pub(super) fn fetch(
    hub: &HubLocation,
    client: &Client,
    remote: &Remote,
    progress: &Progress<'_>,
) -> Result<PathBuf, RemoteError> {
    if remote.offline {
        return last_time(&hub.to_string(), remote);
    }
    let revision = hub.revision.as_deref().unwrap_or("main");
    let place = format!("datasets/{}", hub.repository);
    let mut commit = Commit::ask(&place, revision, client, remote)?;
    let files = match &hub.path {
        Some(path) => vec![path.clone()],
        None => match split_files(hub, &commit) {
            // A data set that is made by a script, or in a format of its own: the hub has converted most of them.
            Err(error) if hub.revision.is_none() && !has_tables(&commit.files) => {
                let card = std::mem::take(&mut commit.card);
                let converted = Commit::ask(&place, CONVERTED, client, remote).map_err(|_| error)?;
                commit = Commit { card, ..converted };
                split_files(hub, &commit)?
            }
            found => found?,
        },
    };
    let mut parts = Vec::new();
    for file in &files {
        let url = format!("{}/datasets/{}/resolve/{}/{}", remote.hub, hub.repository, commit.sha, escaped(file));
        parts.push(client.fetch(&url, remote.token.as_ref(), progress)?);
    }
    let path = match parts.as_slice() {
        [one] => one.clone(),
        _ => joined(hub, &commit.sha, &parts, remote)?,
    };
    describe(hub, &commit, &path)?;
    remember(&hub.to_string(), &path, remote)?;
    Ok(path)
}

impl Commit {
    /// Asks the hub for the commit that `revision` of `place` (`datasets/OWNER/NAME`, `models/OWNER/NAME`) is.
    pub(super) fn ask(place: &str, revision: &str, client: &Client, remote: &Remote) -> Result<Commit, RemoteError> {
        let url = format!("{}/api/{place}/revision/{}", remote.hub, revision.replace('/', "%2F"));
        let answer = client.json(&url, remote.token.as_ref())?;
        let name = |sibling: &Value| sibling.get("rfilename")?.as_str().map(str::to_owned);
        let files = answer.get("siblings").and_then(Value::as_array).into_iter().flatten().filter_map(name).collect();
        let sha = answer.get("sha").and_then(Value::as_str).unwrap_or(revision);
        let lawful = sha.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c));
        let sha = if lawful { sha.to_owned() } else { revision.replace('/', "%2F") };
        Ok(Commit { sha, files, card: answer.get("cardData").cloned().unwrap_or_default() })
    }
}

/// Endings of files that hold rows.
const TABLES: &[&str] =
    &[".parquet", ".jsonl", ".csv", ".tsv", ".json", ".arrow", ".txt", ".jsonl.gz", ".csv.gz", ".jsonl.zst"];

fn has_tables(files: &[String]) -> bool {
    files.iter().any(|f| is_table(f))
}

fn is_table(file: &str) -> bool {
    let name = file.rsplit('/').next().unwrap_or_default();
    TABLES.iter().any(|end| name.ends_with(end)) && !["dataset_infos.json", "dataset_info.json"].contains(&name)
}

/// The files of the split, in the order of their names.
fn split_files(hub: &HubLocation, commit: &Commit) -> Result<Vec<String>, RemoteError> {
    let part = |message, instead| RemoteError::NoSuchPart { address: hub.to_string(), message, instead };
    let mut configs = of_card(commit);
    if configs.is_empty() {
        configs = of_names(&commit.files);
    }
    let names: Vec<&str> = configs.keys().map(String::as_str).collect();
    let config = match (&hub.config, names.as_slice()) {
        (Some(asked), _) => asked.clone(),
        (None, [one]) => (*one).to_owned(),
        (None, all) if all.contains(&"default") => "default".to_owned(),
        (None, []) => return Err(part("it has no file of rows".to_owned(), None)),
        (None, all) => {
            let instead = HubLocation { config: Some(all[0].to_owned()), ..hub.clone() };
            return Err(part(format!("it has the configurations {}", all.join(", ")), Some(instead.to_string())));
        }
    };
    let Some(splits) = configs.get(&config) else {
        let instead =
            names.first().map(|name| HubLocation { config: Some((*name).to_owned()), ..hub.clone() }.to_string());
        return Err(part(format!("no configuration is called `{config}`; there are {}", names.join(", ")), instead));
    };
    let split = match &hub.split {
        Some(asked) => asked.as_str(),
        None if splits.contains_key("train") => "train",
        None => splits.keys().next().map_or("train", String::as_str),
    };
    match splits.get(split) {
        Some(files) if !files.is_empty() => Ok(files.clone()),
        _ => {
            let there: Vec<&str> = splits.keys().map(String::as_str).collect();
            let instead =
                there.first().map(|s| HubLocation { split: Some((*s).to_owned()), ..hub.clone() }.to_string());
            Err(part(format!("no split is called `{split}`; there are {}", there.join(", ")), instead))
        }
    }
}

/// Files by configuration and split.
type Parts = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// What the card's `configs` say, whose `data_files` are patterns.
fn of_card(commit: &Commit) -> Parts {
    let mut parts = Parts::new();
    for config in commit.card.get("configs").and_then(Value::as_array).into_iter().flatten() {
        let name = config.get("config_name").and_then(Value::as_str).unwrap_or("default");
        let of = |patterns: &Value| {
            let patterns: Vec<&str> = match patterns {
                Value::Array(all) => all.iter().filter_map(Value::as_str).collect(),
                one => one.as_str().into_iter().collect(),
            };
            let matches = |file: &&String| patterns.iter().any(|p| is_match(p, file));
            commit.files.iter().filter(matches).cloned().collect::<Vec<_>>()
        };
        let splits: BTreeMap<String, Vec<String>> = match config.get("data_files") {
            Some(Value::Array(all)) if all.iter().any(Value::is_object) => {
                let split = |s: &Value| Some((s.get("split")?.as_str()?.to_owned(), of(s.get("path")?)));
                all.iter().filter_map(split).collect()
            }
            Some(patterns) => BTreeMap::from([("train".to_owned(), of(patterns))]),
            None => continue,
        };
        parts.insert(name.to_owned(), splits);
    }
    parts
}

/// Splits by the names of files and folders: `data/train-00000-of-00001.parquet`, `CONFIG/test/0000.parquet`, `dev.csv`.
fn of_names(files: &[String]) -> Parts {
    let mut parts = Parts::new();
    for file in files.iter().filter(|f| is_table(f)) {
        let words =
            |part: &str| part.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
        let split = |part: &str| words(part).iter().find_map(|w| split_of(w));
        let folders: Vec<&str> = file.split('/').collect();
        let at = folders.iter().rposition(|part| split(part).is_some());
        let name = at.and_then(|at| split(folders[at])).unwrap_or("train");
        // A folder above the split is a configuration, unless it is the usual one for all data.
        let above = folders[..at.unwrap_or(folders.len() - 1)].iter().rfind(|f| !["data", "default"].contains(*f));
        let config = above.map_or("default", |f| *f).to_owned();
        parts.entry(config).or_default().entry(name.to_owned()).or_default().push(file.clone());
    }
    parts.values_mut().flat_map(BTreeMap::values_mut).for_each(|files| files.sort_unstable());
    parts
}

/// The split that a word of a name tells of.
fn split_of(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "train" | "training" => Some("train"),
        "validation" | "valid" | "val" | "dev" => Some("validation"),
        "test" | "testing" | "eval" | "evaluation" => Some("test"),
        _ => None,
    }
}

/// Whether a path matches a pattern of the hub: `*` within a folder, `**` over folders.
fn is_match(pattern: &str, file: &str) -> bool {
    fn parts(pattern: &[&str], file: &[&str]) -> bool {
        match (pattern.split_first(), file.split_first()) {
            (None, None) => true,
            (Some((&"**", rest)), _) => parts(rest, file) || file.split_first().is_some_and(|(_, f)| parts(pattern, f)),
            (Some((p, rest)), Some((f, more))) => within(p.as_bytes(), f.as_bytes()) && parts(rest, more),
            _ => false,
        }
    }
    fn within(pattern: &[u8], name: &[u8]) -> bool {
        match (pattern.split_first(), name.split_first()) {
            (None, None) => true,
            (Some((b'*', rest)), _) => {
                within(rest, name) || name.split_first().is_some_and(|(_, n)| within(pattern, n))
            }
            (Some((b'?', rest)), Some((_, more))) => within(rest, more),
            (Some((p, rest)), Some((n, more))) => p == n && within(rest, more),
            _ => false,
        }
    }
    let (pattern, file): (Vec<&str>, Vec<&str>) = (pattern.split('/').collect(), file.split('/').collect());
    parts(&pattern, &file)
}

/// Several files of one split as one, beside the first of them.
fn joined(hub: &HubLocation, sha: &str, parts: &[PathBuf], remote: &Remote) -> Result<PathBuf, RemoteError> {
    let folder = remote.cache.folder(&format!("{hub} {sha}"));
    let failed = |source| RemoteError::Cache { path: folder.clone(), source };
    std::fs::create_dir_all(&folder).map_err(failed)?;
    let extension = parts[0].extension().map_or_else(String::new, |e| format!(".{}", e.to_string_lossy()));
    let path = folder.join(format!("{}{extension}", file_name(hub.split.as_deref().unwrap_or("train"))));
    let mut file = tempfile::NamedTempFile::new_in(&folder).map_err(failed)?;
    let contents = parts.iter().map(std::fs::read).collect::<Result<Vec<_>, _>>().map_err(failed)?;
    let bad = |message: String| RemoteError::NoSuchPart {
        address: hub.to_string(),
        message,
        instead: Some(format!("hf://datasets/{}/{}", hub.repository, file_name(&parts[0].to_string_lossy()))),
    };
    equipoise_core::format::join(&extension, contents, &mut file).map_err(|e| bad(e.to_string()))?;
    file.persist(&path).map_err(|e| failed(e.error))?;
    Ok(path)
}

/// Puts the features that the card tells of beside the file, where its reader looks for them.
fn describe(hub: &HubLocation, commit: &Commit, path: &Path) -> Result<(), RemoteError> {
    let Some(info) = commit.card.get("dataset_info") else { return Ok(()) };
    let named = |i: &&Value| i.get("config_name").and_then(Value::as_str) == hub.config.as_deref();
    let info = match info {
        Value::Array(all) => all.iter().find(named).or(all.first()),
        one => Some(one),
    };
    let Some(features) = info.and_then(|i| i.get("features")) else { return Ok(()) };
    let path = path.with_file_name("dataset_info.json");
    let bytes = serde_json::json!({"features": features}).to_string();
    std::fs::write(&path, bytes).map_err(|source| RemoteError::Cache { path, source })
}

/// Remembers which file an address led to.
pub(super) fn remember(address: &str, path: &Path, remote: &Remote) -> Result<(), RemoteError> {
    let folder = remote.cache.folder(address);
    let failed = |source| RemoteError::Cache { path: folder.clone(), source };
    std::fs::create_dir_all(&folder).map_err(failed)?;
    std::fs::write(folder.join("last.txt"), path.to_string_lossy().as_bytes()).map_err(failed)
}

/// The file that the address led to when it was fetched last.
pub(super) fn last_time(address: &str, remote: &Remote) -> Result<PathBuf, RemoteError> {
    let told = std::fs::read_to_string(remote.cache.folder(address).join("last.txt"));
    let path = told.ok().map(PathBuf::from).filter(|path| path.exists());
    path.ok_or_else(|| RemoteError::Offline { address: address.to_owned() })
}

/// A path within a URL.
pub(super) fn escaped(path: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_./~".contains(&b);
    path.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_cards_match_as_on_the_hub() {
        assert!(is_match("data/train-*", "data/train-00000-of-00002.parquet"));
        assert!(is_match("**/test*.csv", "a/b/test_1.csv") && is_match("**/test*.csv", "test.csv"));
        assert!(!is_match("data/*", "data/a/b") && !is_match("*.csv", "a.csv.gz") && is_match("?.csv", "a.csv"));
    }

    #[test]
    fn names_tell_configurations_and_splits() {
        let files = [
            "README.md",
            "data/train-00001-of-00002.parquet",
            "data/train-00000-of-00002.parquet",
            "data/test-00000-of-00001.parquet",
        ];
        let parts = of_names(&files.map(str::to_owned));
        assert_eq!(parts.keys().collect::<Vec<_>>(), ["default"]);
        assert_eq!(
            parts["default"]["train"],
            ["data/train-00000-of-00002.parquet", "data/train-00001-of-00002.parquet"]
        );
        let parts = of_names(&["en/train/0000.parquet", "en/test/0000.parquet", "da/dev.csv"].map(str::to_owned));
        assert_eq!(parts["en"]["test"], ["en/test/0000.parquet"]);
        assert_eq!(parts["da"]["validation"], ["da/dev.csv"]);
        assert_eq!(of_names(&["rows.jsonl".to_owned()])["default"]["train"], ["rows.jsonl"]);
    }
}
