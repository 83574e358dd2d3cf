//! The form that every pluggable thing shares: one file with an [`Entry`], one line in its catalog's list.

use serde_json::{Map, Value};

/// The settings that a user wrote for one item, by name.
pub type Settings = Map<String, Value>;

/// One setting of a catalog item, as documentation and `--help` show it.
#[derive(Debug, Clone, Copy)]
pub struct Setting {
    /// snake_case name, as it stands in a recipe.
    pub name: &'static str,
    /// The default as JSON text.
    pub default: &'static str,
    /// What it does, its unit and range, and why the default is what it is.
    pub why: &'static str,
}

/// One item of a catalog: its documentation and how to build it from settings.
#[derive(Debug)]
pub struct Entry<T: ?Sized + 'static> {
    /// snake_case name: the file, the recipe table, the command-line value and the report heading.
    pub name: &'static str,
    /// One sentence: what it does.
    pub what: &'static str,
    /// One sentence: when and why a user wants it.
    pub why: &'static str,
    /// The paper, standard or measurement that it rests on.
    pub source: &'static str,
    /// Every setting that [`Entry::build`] accepts.
    pub settings: &'static [Setting],
    /// Builds the item; call [`Entry::build`] instead, which refuses unknown settings first.
    pub make: fn(&Settings) -> Result<Box<T>, SettingsError>,
}

/// Why a catalog item could not be found or built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// No item of the catalog has this name.
    #[error("no {kind} is called `{name}`{}", did_you_mean(.nearest))]
    UnknownItem {
        /// What the catalog holds, in the singular.
        kind: &'static str,
        /// What was asked for.
        name: String,
        /// The most similar known name, where one is similar enough.
        nearest: Option<&'static str>,
    },
    /// The item has no such setting.
    #[error("`{item}` has no setting `{setting}`{}", did_you_mean(.nearest))]
    UnknownSetting {
        /// The item.
        item: &'static str,
        /// The setting that was written.
        setting: String,
        /// The most similar known setting.
        nearest: Option<&'static str>,
    },
    /// The value does not fit the setting.
    #[error("`{item}`: {message}")]
    BadValue {
        /// The item.
        item: &'static str,
        /// What is wrong, naming the setting and what it takes.
        message: String,
    },
}

fn did_you_mean(nearest: &Option<&'static str>) -> String {
    nearest.map_or_else(String::new, |n| format!("; did you mean `{n}`?"))
}

impl<T: ?Sized> Entry<T> {
    /// Builds the item from `settings`; absent settings take their defaults.
    ///
    /// # Errors
    /// [`SettingsError::UnknownSetting`] for a name the item does not have, [`SettingsError::BadValue`] for a value out of range.
    pub fn build(&self, settings: &Settings) -> Result<Box<T>, SettingsError> {
        for name in settings.keys() {
            if !self.settings.iter().any(|s| s.name == name) {
                return Err(SettingsError::UnknownSetting {
                    item: self.name,
                    setting: name.clone(),
                    nearest: nearest(name, self.settings.iter().map(|s| s.name)),
                });
            }
        }
        (self.make)(settings)
    }
}

/// Reads an item's settings into its own struct; the struct's `Default` gives what is absent.
///
/// # Errors
/// [`SettingsError::BadValue`] where a value has the wrong type.
pub fn read<S: serde::de::DeserializeOwned + std::fmt::Debug>(
    item: &'static str,
    settings: &Settings,
) -> Result<S, SettingsError> {
    let read = serde_json::from_value(Value::Object(settings.clone()))
        .map_err(|e| SettingsError::BadValue { item, message: e.to_string() })?;
    #[cfg(test)]
    LAST_READ.set(format!("{read:?}"));
    Ok(read)
}

#[cfg(test)]
thread_local! {
    /// The settings that [`read`] gave last on this thread, as text: what [`assert_contract`] compares.
    static LAST_READ: std::cell::RefCell<String> = const { std::cell::RefCell::new(String::new()) };
}

/// The entry called `name`.
///
/// # Errors
/// [`SettingsError::UnknownItem`], with the most similar name.
pub fn find<T: ?Sized>(
    catalog: &'static [&'static Entry<T>],
    kind: &'static str,
    name: &str,
) -> Result<&'static Entry<T>, SettingsError> {
    catalog.iter().copied().find(|e| e.name == name).ok_or_else(|| SettingsError::UnknownItem {
        kind,
        name: name.to_owned(),
        nearest: nearest(name, catalog.iter().map(|e| e.name)),
    })
}

/// The candidate most similar to `name`, if it is similar enough to be a slip of the pen.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let scored = candidates.into_iter().map(|c| (strsim::jaro_winkler(name, c), c));
    scored.filter(|(score, _)| *score > 0.75).max_by(|a, b| a.0.total_cmp(&b.0)).map(|(_, c)| c)
}

/// The promises that every entry of every catalog keeps; each catalog's tests call it.
#[cfg(test)]
pub(crate) fn assert_contract<T: ?Sized>(catalog: &'static [&'static Entry<T>]) {
    let mut names = std::collections::BTreeSet::new();
    assert!(!catalog.is_empty());
    for entry in catalog {
        assert!(names.insert(entry.name), "`{}` stands twice", entry.name);
        let snake = entry.name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        assert!(snake, "`{}` is not snake_case", entry.name);
        for (field, text) in [("what", entry.what), ("why", entry.why), ("source", entry.source)] {
            assert!(text.len() > 10, "`{}` has no {field}", entry.name);
            assert!(!text.contains("  "), "`{}`: a line of its {field} goes on without a backslash", entry.name);
        }
        let read_by = |settings: &Settings, which: &str| {
            LAST_READ.take();
            if let Err(e) = entry.build(settings) {
                panic!("`{}` does not build from its {which}: {e}", entry.name);
            }
            LAST_READ.take()
        };
        let defaults = read_by(&Settings::new(), "defaults");
        let mut written = Settings::new();
        for setting in entry.settings {
            let value = serde_json::from_str(setting.default).expect("a documented default is JSON");
            written.insert(setting.name.to_owned(), value);
            assert!(!setting.why.is_empty(), "`{}.{}` has no why", entry.name, setting.name);
            let whole = !setting.why.contains("  ");
            assert!(whole, "`{}.{}`: a line of its why goes on without a backslash", entry.name, setting.name);
        }
        assert_eq!(defaults, read_by(&written, "documented defaults"), "`{}` documents other defaults", entry.name);
        let unknown = Settings::from_iter([("no_such_setting".to_owned(), Value::Null)]);
        assert!(entry.build(&unknown).is_err(), "`{}` takes an unknown setting", entry.name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn suggests_the_nearest_name_and_stays_silent_when_nothing_is_near() {
        assert_eq!(nearest("near_duplicat", ["copy", "near_duplicate"]), Some("near_duplicate"));
        assert_eq!(nearest("zzz", ["copy", "near_duplicate"]), None);
    }
}
