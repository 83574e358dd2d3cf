//! Files of label definitions: what `--label-about` takes and `equipoise define` writes.

use super::{ConfigError, told};
use equipoise_core::prompt::Definition;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::Path;
use toml::{Table, Value};

/// A file of label definitions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Definitions {
    /// Whether nobody has read it yet; such a file is not used.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub draft: bool,
    /// Definitions by label.
    pub label: BTreeMap<String, Definition>,
}

/// The definitions in the file at `path`, as the table `label` of a recipe.
///
/// # Errors
/// A file that cannot be read, is none of definitions, with line and column, or is a draft that nobody has read.
pub fn definitions(path: &Path) -> Result<Table, ConfigError> {
    let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
    let text = std::fs::read_to_string(path).map_err(unreadable)?;
    let bad = |message| ConfigError::BadRecipe { path: path.to_owned(), message, hint: None };
    let read: Definitions = toml::from_str(&text).map_err(|e| bad(told(&text, &e)))?;
    if read.draft {
        return Err(bad("this is a draft: read it, correct it, and delete the line `draft = true`".to_owned()));
    }
    match Value::try_from(&read.label) {
        Ok(Value::Table(labels)) => Ok(labels),
        Ok(_) => Ok(Table::new()),
        Err(e) => Err(bad(e.to_string())),
    }
}

impl Definitions {
    /// Drafts that a person is to read and correct before they are used.
    pub fn drafts(label: BTreeMap<String, Definition>) -> Self {
        Definitions { draft: true, label }
    }

    /// The text of a file that [`definitions`] reads.
    ///
    /// # Errors
    /// Where a label cannot stand in TOML.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        let head = "# What labels mean, as a model drafted it from some rows. Read every sentence and correct it: it goes into every prompt.\n\
            # Then delete the line `draft = true` and give the file as `label_about`.\n";
        Ok(format!("{}{}", if self.draft { head } else { "" }, toml::to_string_pretty(self)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_read_and_a_draft_or_an_unknown_key_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("labels.toml");
        let read = |text: &str| {
            std::fs::write(&path, text).expect("written");
            definitions(&path).map_err(|e| e.to_string())
        };
        let table = read("[label.\"a.b\"]\nabout = \"x\"\nhard = [\"y\"]\n").expect("definitions");
        assert_eq!(table["a.b"]["hard"][0].as_str(), Some("y"));
        let draft = read("draft = true\n[label.a]\nabout = \"x\"\n").expect_err("a draft");
        assert!(draft.contains("delete the line `draft = true`"), "{draft}");
        let label =
            BTreeMap::from([("a b".to_owned(), Definition { about: "x\"\n# y".into(), ..Definition::default() })]);
        let written = Definitions::drafts(label).to_toml().expect("TOML");
        assert!(read(&written).is_err());
        assert_eq!(
            read(&written.replace("draft = true\n", "")).expect("corrected")["a b"]["about"].as_str(),
            Some("x\"\n# y")
        );
        let unknown = read("[label.a]\nabuot = \"x\"\n").expect_err("unknown");
        assert!(unknown.contains("line 2") && unknown.contains("abuot"), "{unknown}");
    }
}
