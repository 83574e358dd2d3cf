//! Addresses of files that lie elsewhere.

use super::RemoteError;
use std::fmt;

/// Where a file lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Location {
    /// `https://…`, or `http://…` on this machine.
    Url(String),
    /// A data set of the Hugging Face hub.
    Hub(HubLocation),
    /// `s3://BUCKET/KEY`.
    S3 {
        /// The bucket.
        bucket: String,
        /// The key of the object.
        key: String,
    },
}

/// `hf://datasets/OWNER/NAME[@REVISION][/CONFIG or /PATH][:SPLIT]`; the revision may also stand behind the configuration.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubLocation {
    /// `OWNER/NAME`.
    pub repository: String,
    /// A branch, tag or commit; `None` is the main branch.
    pub revision: Option<String>,
    /// A file of the repository, where one is named.
    pub path: Option<String>,
    /// The configuration (subset), where one is named.
    pub config: Option<String>,
    /// The split, where one is named.
    pub split: Option<String>,
}

/// A model of the Hugging Face hub: `hf://OWNER/NAME[@REVISION]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HubModel {
    /// `OWNER/NAME`.
    pub repository: String,
    /// A branch, tag or commit; `None` is the main branch.
    pub revision: Option<String>,
}

impl HubModel {
    /// The model that `text` names; `None` where it is the path of a local folder.
    ///
    /// # Errors
    /// [`RemoteError::BadAddress`] where it begins like an address and is none.
    pub fn parse(text: &str) -> Result<Option<Self>, RemoteError> {
        let Some(rest) = text.strip_prefix("hf://") else { return Ok(None) };
        let (repository, revision) = cut_revision(rest);
        let parts = repository.split_once('/').filter(|(owner, name)| is_valid_name(owner) && is_valid_name(name));
        let is_whole = parts.is_some_and(|(owner, _)| owner != "datasets")
            && revision.is_none_or(|r| !r.is_empty() && !r.contains(".."));
        let model = HubModel { repository: repository.to_owned(), revision: revision.map(str::to_owned) };
        let expected = "a folder, or hf://OWNER/NAME[@REVISION]";
        is_whole.then_some(Some(model)).ok_or(RemoteError::BadAddress { address: text.to_owned(), expected })
    }
}

impl fmt::Display for HubModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "hf://{}", self.repository)?;
        self.revision.iter().try_for_each(|revision| write!(f, "@{revision}"))
    }
}

impl Location {
    /// The location that `text` names; `None` where it is the path of a local file.
    ///
    /// # Errors
    /// [`RemoteError::BadAddress`] where it begins like an address and is none.
    pub fn parse(text: &str) -> Result<Option<Self>, RemoteError> {
        let bad = |expected| RemoteError::BadAddress { address: text.to_owned(), expected };
        let Some((scheme, rest)) = text.split_once("://") else { return Ok(None) };
        match scheme {
            "https" | "http" => Ok(Some(Location::Url(text.to_owned()))),
            "s3" => match rest.split_once('/') {
                Some((bucket, key)) if !bucket.is_empty() && !key.is_empty() => {
                    Ok(Some(Location::S3 { bucket: bucket.to_owned(), key: key.to_owned() }))
                }
                _ => Err(bad("s3://BUCKET/KEY")),
            },
            "hf" => hub(rest).map(|hub| Some(Location::Hub(hub))).ok_or_else(|| bad(HUB_FORM)),
            // A drive letter or a file of a strange name.
            _ if scheme.len() < 2 || !scheme.bytes().all(|b| b.is_ascii_lowercase()) => Ok(None),
            _ => Err(bad("a path, https://…, hf://datasets/OWNER/NAME:SPLIT or s3://BUCKET/KEY")),
        }
    }
}

const HUB_FORM: &str =
    "hf://datasets/OWNER/NAME[/CONFIG][@REVISION][:SPLIT], or hf://datasets/OWNER/NAME[@REVISION]/PATH";

/// File names that end so are paths within the repository, and other names are configurations.
const FILE_ENDINGS: &[&str] = &[
    ".parquet", ".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".arrow", ".feather", ".ft", ".gz", ".zst",
    ".zip",
];

fn hub(rest: &str) -> Option<HubLocation> {
    let rest = rest.strip_prefix("datasets/")?;
    let (rest, split) = match rest.rsplit_once(':') {
        Some((rest, split)) => (rest, Some(split.to_owned())),
        None => (rest, None),
    };
    let mut parts = rest.splitn(3, '/');
    let (owner, name, below) = (parts.next()?, parts.next()?, parts.next());
    let (name, after_name) = cut_revision(name);
    let (below, after_below) = below.map_or((None, None), |below| {
        let (below, revision) = cut_revision(below);
        (Some(below), revision)
    });
    let revision = after_name.or(after_below).map(str::to_owned);
    let is_file = below.is_some_and(|b| FILE_ENDINGS.iter().any(|end| b.ends_with(end)));
    let (path, config) = if is_file { (below, None) } else { (None, below) };
    let all = is_valid_name(owner)
        && is_valid_name(name)
        && config.is_none_or(is_valid_name)
        && path.is_none_or(|p| p.split('/').all(|part| !part.is_empty() && part != "." && part != ".."))
        && split.as_deref().is_none_or(is_valid_name)
        && revision.as_deref().is_none_or(|r| !r.is_empty() && !r.contains(".."));
    let owned = |part: Option<&str>| part.map(str::to_owned);
    all.then(|| HubLocation {
        repository: format!("{owner}/{name}"),
        revision,
        path: owned(path),
        config: owned(config),
        split,
    })
}

/// Whether it can be the name of an owner, a repository or a part of one.
fn is_valid_name(part: &str) -> bool {
    !part.is_empty()
        && part != "."
        && part != ".."
        && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

fn cut_revision(part: &str) -> (&str, Option<&str>) {
    part.split_once('@').map_or((part, None), |(part, revision)| (part, Some(revision)))
}

impl fmt::Display for HubLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "hf://datasets/{}", self.repository)?;
        self.revision.iter().try_for_each(|r| write!(f, "@{r}"))?;
        self.path.iter().chain(&self.config).try_for_each(|p| write!(f, "/{p}"))?;
        self.split.iter().try_for_each(|s| write!(f, ":{s}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_hub(text: &str) -> HubLocation {
        match Location::parse(text) {
            Ok(Some(Location::Hub(hub))) => hub,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn reads_every_form_of_an_address_of_the_hub() {
        let plain = of_hub("hf://datasets/dair-ai/emotion");
        assert_eq!(plain.repository, "dair-ai/emotion");
        assert_eq!((plain.revision, plain.path, plain.config, plain.split), (None, None, None, None));
        let full = of_hub("hf://datasets/o/n/split@v1.0:train");
        let parts = [full.config.as_deref(), full.revision.as_deref(), full.split.as_deref()];
        assert_eq!(parts, [Some("split"), Some("v1.0"), Some("train")]);
        let file = of_hub("hf://datasets/o/n@main/data/train-00000-of-00001.parquet");
        assert_eq!(
            (file.path.as_deref(), file.revision.as_deref()),
            (Some("data/train-00000-of-00001.parquet"), Some("main"))
        );
        assert_eq!(of_hub(&file.to_string()), file);
    }

    #[test]
    fn paths_are_no_addresses_and_wrong_addresses_are_said() {
        for path in ["train.csv", "a/b.csv", "-", "C://x.csv", "a:b.csv"] {
            assert_eq!(Location::parse(path).ok(), Some(None), "{path}");
        }
        for wrong in ["hf://datasets/only", "hf://models/o/n", "hf://datasets/../n", "s3://bucket", "ftp://x/y"] {
            assert!(Location::parse(wrong).is_err(), "{wrong}");
        }
        let s3 = Location::S3 { bucket: "b".to_owned(), key: "k/x.csv".to_owned() };
        assert_eq!(Location::parse("s3://b/k/x.csv").ok(), Some(Some(s3)));
    }
}
