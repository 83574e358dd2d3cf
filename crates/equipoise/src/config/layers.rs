//! Layers: what the user wrote, where — default, recipe file, environment, flag — and the recipe that they resolve to.

use super::Recipe;
use super::check::BadValue;
use super::fault::{faulty, meant};
use serde::de::Error as _;
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// Where a value came from; later layers win.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    /// Built in.
    Default,
    /// A recipe file.
    Recipe(PathBuf),
    /// An environment variable.
    Environment,
    /// A flag of the command line.
    Flag,
    /// An argument of the program that calls this library.
    Argument,
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Layer::Default => write!(f, "default"),
            Layer::Recipe(path) => write!(f, "recipe {}", path.display()),
            Layer::Environment => write!(f, "environment"),
            Layer::Flag => write!(f, "flag"),
            Layer::Argument => write!(f, "argument"),
        }
    }
}

/// Why a configuration is not one.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The recipe file cannot be read.
    #[error("{path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The recipe file is not a recipe.
    #[error("{path}: {message}{}", .hint.as_ref().map_or(String::new(), |h| format!("; did you mean `{h}`?")))]
    BadRecipe {
        /// The file.
        path: PathBuf,
        /// The parser's words, with line and column.
        message: String,
        /// The most similar key.
        hint: Option<String>,
    },
    /// An argument is none, or its value has another form than it takes.
    #[error("{0}")]
    BadArgument(String),
    /// A value of some layer does not fit.
    #[error("{key}: {message} (from the {layer})")]
    BadValue {
        /// The key, dotted.
        key: String,
        /// What is wrong and what it takes.
        message: String,
        /// Where it was written.
        layer: Layer,
    },
}

/// Layers merged so far.
#[derive(Debug, Default)]
pub struct Layers {
    merged: Table,
    origins: BTreeMap<String, Layer>,
}

/// Environment variables that set a value, and its key.
const ENVIRONMENT: [(&str, &str); 3] =
    [("EQUIPOISE_SEED", "seed"), ("EQUIPOISE_MODEL", "model.name"), ("EQUIPOISE_BASE_URL", "model.base_url")];

impl Layers {
    /// Adds a recipe file.
    ///
    /// # Errors
    /// [`ConfigError::Unreadable`], and [`ConfigError::BadRecipe`] with line, column and the nearest key.
    pub fn recipe(self, path: &Path) -> Result<Self, ConfigError> {
        let unreadable = |source| ConfigError::Unreadable { path: path.to_owned(), source };
        let text = std::fs::read_to_string(path).map_err(unreadable)?;
        let bad =
            |e: toml::de::Error, hint| ConfigError::BadRecipe { path: path.to_owned(), hint, message: told(&text, &e) };
        let table: Table = toml::from_str(&text).map_err(|e| bad(e, None))?;
        // Read as a recipe at once: that error knows line and column.
        let _: Recipe = toml::from_str(&text).map_err(|e| {
            let meant = faulty(&table).and_then(|(path, _)| meant(&path));
            bad(e, meant.map(str::to_owned))
        })?;
        Ok(self.with(Layer::Recipe(path.to_owned()), table))
    }

    /// Adds the environment variables that stand for a setting.
    #[must_use]
    pub fn environment(mut self, read: impl Fn(&str) -> Option<String>) -> Self {
        for (variable, key) in ENVIRONMENT {
            if let Some(value) = read(variable).filter(|v| !v.is_empty()) {
                let number = value.parse().map(Value::Integer).ok().filter(|_| key == "seed");
                let mut table = Table::new();
                set(&mut table, key, number.unwrap_or(Value::String(value)));
                self = self.with(Layer::Environment, table);
            }
        }
        self
    }

    /// Adds a layer; its values win over those before it.
    #[must_use]
    pub fn with(mut self, layer: Layer, table: Table) -> Self {
        merge(&mut self.merged, table, "", &layer, &mut self.origins);
        self
    }

    /// Where the value of a dotted key came from; of a table, the last layer that wrote anything in it.
    pub fn origin(&self, key: &str) -> Layer {
        let within = |k: &str| k.strip_prefix(key).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        self.origins.iter().filter(|(k, _)| within(k)).map(|(_, layer)| layer.clone()).max().unwrap_or(Layer::Default)
    }

    /// The recipe that the layers give, defaults filled in, and checked.
    ///
    /// # Errors
    /// [`ConfigError::BadValue`] with the key and its layer.
    pub fn resolve(&self) -> Result<Recipe, ConfigError> {
        let recipe: Recipe = Value::Table(self.merged.clone()).try_into().map_err(|e: toml::de::Error| {
            let (key, e) = faulty(&self.merged).map_or((String::new(), e), |(path, e)| (path.join("."), e));
            ConfigError::BadValue { layer: self.origin(&key), message: e.message().to_owned(), key }
        })?;
        recipe.check().map_err(|BadValue { key, message }| ConfigError::BadValue {
            key: key.to_owned(),
            message,
            layer: self.origin(key),
        })?;
        Ok(recipe)
    }
}

/// Sets a dotted key.
pub fn set(table: &mut Table, key: &str, value: Value) {
    match key.split_once('.') {
        None => drop(table.insert(key.to_owned(), value)),
        Some((head, rest)) => {
            let inner = table.entry(head).or_insert_with(|| Value::Table(Table::new()));
            if let Value::Table(inner) = inner {
                set(inner, rest, value);
            }
        }
    }
}

fn merge(into: &mut Table, from: Table, prefix: &str, layer: &Layer, origins: &mut BTreeMap<String, Layer>) {
    for (name, value) in from {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match (into.get_mut(&name), value) {
            // The values of an attribute are one thing, so that a later layer takes none away by adding some.
            (Some(Value::Table(old)), Value::Table(new)) if prefix != "attributes" => {
                merge(old, new, &key, layer, origins)
            }
            (_, Value::Table(new)) => {
                let mut old = Table::new();
                merge(&mut old, new, &key, layer, origins);
                into.insert(name, Value::Table(old));
            }
            (_, value) => {
                origins.insert(key, layer.clone());
                into.insert(name, value);
            }
        }
    }
}

/// A fault of a TOML text in one line, with its line and column where the parser knows them.
pub(crate) fn told(text: &str, error: &toml::de::Error) -> String {
    let message = error.message().trim_end();
    let Some(before) = error.span().and_then(|s| text.get(..s.start)) else { return message.to_owned() };
    let line = before.rsplit('\n').next().unwrap_or_default();
    format!("line {}, column {}: {message}", before.matches('\n').count() + 1, line.chars().count() + 1)
}

impl Recipe {
    /// The recipe as TOML, without what equals its default being left out.
    ///
    /// # Errors
    /// Where a value has no TOML form.
    pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
        toml::to_string_pretty(self)
    }

    /// Reads a resolved recipe back.
    ///
    /// # Errors
    /// Where it is not one, or was changed by hand into something else.
    pub fn from_toml(text: &str) -> Result<Self, toml::de::Error> {
        let recipe: Recipe = toml::from_str(text)?;
        let bad = |BadValue { key, message }: BadValue| toml::de::Error::custom(format!("{key}: {message}"));
        recipe.check().map_err(bad)?;
        Ok(recipe)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Table {
        toml::from_str(text).expect("a table")
    }

    #[test]
    fn later_layers_win_and_each_value_remembers_its_layer() {
        let layers = Layers::default()
            .with(Layer::Recipe("r.toml".into()), table("seed = 1\n[model]\nname = \"openai/a\"\nmax_concurrency = 4"))
            .environment(|name| (name == "EQUIPOISE_MODEL").then(|| "ollama/b".to_owned()))
            .with(Layer::Flag, table("seed = 3"));
        let recipe = layers.resolve().expect("a recipe");
        assert_eq!((recipe.seed, recipe.model.name.as_str(), recipe.model.max_concurrency), (3, "ollama/b", Some(4)));
        assert_eq!(layers.origin("seed"), Layer::Flag);
        assert_eq!(layers.origin("model.name"), Layer::Environment);
        assert_eq!(layers.origin("model.max_concurrency"), Layer::Recipe("r.toml".into()));
        assert_eq!(layers.origin("prompt.rounds"), Layer::Default);
    }

    #[test]
    fn a_resolved_recipe_reads_back_equal() {
        let recipe = Layers::default()
            .with(
                Layer::Flag,
                table("[targets]\nlabel_to = { surprise = \"1200\" }\n[check.near_duplicate]\nthreshold = 0.9"),
            )
            .resolve()
            .expect("a recipe");
        let text = recipe.to_toml().expect("TOML");
        assert_eq!(Recipe::from_toml(&text).expect("reads back"), recipe);
        assert!(!text.contains("key ="), "a recipe names no key: {text}");
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line_and_the_nearest_one() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("recipe.toml");
        std::fs::write(&path, "seed = 7\n[model]\ntemperatur = 1.0\n").expect("written");
        let message = Layers::default().recipe(&path).expect_err("an unknown key").to_string();
        assert!(message.contains("line 3") && message.contains("did you mean `temperature`"), "{message}");
    }

    #[test]
    fn values_out_of_range_name_key_and_layer() {
        for (text, key) in [
            ("[evaluate]\nheld_out_share = 1.5", "evaluate.held_out_share"),
            ("[model]\nmax_concurrency = 0", "model.max_concurrency"),
            ("[model]\nbudget_usd = -1.0", "model.price"),
            ("[targets]\nbalance = \"up\"", "targets"),
        ] {
            let error = Layers::default().with(Layer::Flag, table(text)).resolve().expect_err(text);
            assert!(error.to_string().starts_with(key), "{error}");
        }
    }
}
