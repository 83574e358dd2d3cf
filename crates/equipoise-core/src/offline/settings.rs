//! The settings of the generator.

use crate::catalog::{self, Setting, SettingsError};
use serde::Deserialize;

/// The settings of the generator, wherever it is built.
pub(crate) const SETTINGS: &[Setting] = &[
    Setting {
        name: "exchange_share",
        default: "null",
        why: "Share (0..1) of texts of other labels whose label words are exchanged. Null takes 0.45 for a label of fewer than 300 rows \
              and 0.3 for others. Readers accept nine of ten of them; with 575 rows 0.45 cost 0.7 points of F1 against 0.2.",
    },
    Setting {
        name: "overgenerate",
        default: "5",
        why: "Drafts for each wanted text (1..20), of which those with the most new words at the surest joints are kept. From 3 to 8 F1 \
              gained a point (cut emotion labels); time grows with it.",
    },
    Setting {
        name: "harvest",
        default: "false",
        why: "Whether unlabelled rows that the first learner gives to a label with probability 0.5 or more come first among its texts: \
              real texts, marked as such, of which about one label in five was wrong in our measurements.",
    },
];

const NAME: &str = "offline";

#[derive(Debug, Clone, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(super) struct Settings {
    pub(super) exchange_share: Option<f64>,
    pub(super) overgenerate: usize,
    pub(super) harvest: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Settings { exchange_share: None, overgenerate: 5, harvest: false }
    }
}

impl Settings {
    /// # Errors
    /// [`SettingsError::BadValue`] for a share outside 0..=1 or an over-generation outside 1..=20.
    pub(super) fn new(settings: &catalog::Settings) -> Result<Self, SettingsError> {
        let settings: Settings = catalog::read(NAME, settings)?;
        let bad = |message: &str| SettingsError::BadValue { item: NAME, message: message.to_owned() };
        if settings.exchange_share.is_some_and(|s| !(0.0..=1.0).contains(&s)) {
            return Err(bad("`exchange_share` must lie between 0 and 1"));
        }
        if !(1..=20).contains(&settings.overgenerate) {
            return Err(bad("`overgenerate` must lie between 1 and 20"));
        }
        Ok(settings)
    }
}
