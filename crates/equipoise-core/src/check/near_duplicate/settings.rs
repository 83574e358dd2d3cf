//! What counts as near.

use crate::catalog::{Settings, SettingsError, read};
use crate::text::{Grams, Sketch};
use serde::Deserialize;

/// The settings of the check.
#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct NearDuplicate {
    pub(super) threshold: f64,
    pub(super) warn_from: f64,
    unit: Unit,
    size: usize,
    pub(super) candidates: Candidates,
}

/// What grams are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Unit {
    Characters,
    Words,
}

/// What happens to a text that is nearly an earlier candidate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Candidates {
    Reject,
    Warn,
}

impl Default for NearDuplicate {
    fn default() -> Self {
        NearDuplicate {
            threshold: 0.6,
            warn_from: 0.45,
            unit: Unit::Characters,
            size: 4,
            candidates: Candidates::Reject,
        }
    }
}

/// The longest gram.
const LONGEST: usize = 16;

impl NearDuplicate {
    /// Reads and checks the settings.
    pub(super) fn read(item: &'static str, settings: &Settings) -> Result<Self, SettingsError> {
        let mut check: NearDuplicate = read(item, settings)?;
        let wrong = |message: &str| Err(SettingsError::BadValue { item, message: message.to_owned() });
        if !(check.threshold > 0.0 && check.threshold <= 1.0) {
            return wrong("threshold is above 0 and at most 1");
        }
        if !(check.warn_from > 0.0 && check.warn_from <= 1.0) {
            return wrong("warn_from is above 0 and at most 1");
        }
        if !(1..=LONGEST).contains(&check.size) {
            return wrong("size is 1 to 16");
        }
        // A threshold below the default of `warn_from` leaves nothing to warn of.
        check.warn_from = check.warn_from.min(check.threshold);
        Ok(check)
    }

    /// The grams of a key of words.
    pub(super) fn grams(&self, key: &str) -> Grams {
        match self.unit {
            Unit::Characters => Grams::of_characters(key, self.size),
            Unit::Words => Grams::of_words(key, self.size),
        }
    }

    /// The sketch of a key of words.
    pub(super) fn sketch(&self, key: &str) -> Sketch {
        Sketch::new(&self.grams(key))
    }
}
