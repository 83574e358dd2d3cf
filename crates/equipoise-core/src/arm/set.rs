//! Every arm, built once.

use super::{Arm, ArmEntry, CATALOG, Fits};
use crate::catalog::{Settings, SettingsError};

/// The arms that take part with their settings, in the order of the catalog.
pub struct ArmSet {
    pub(super) arms: Vec<(&'static ArmEntry, Box<dyn Arm>)>,
    pub(super) fits: Fits,
}

impl ArmSet {
    /// Builds every arm with what `settings` gives for its name; a form without a table of its own takes that of its base.
    ///
    /// # Errors
    /// [`SettingsError`] of the first arm that refuses its settings.
    pub fn new(settings: impl Fn(&str) -> Option<Settings>) -> Result<Self, SettingsError> {
        let build = |entry: &&'static ArmEntry| {
            let of_base = || settings(entry.form?.base);
            let own = settings(entry.item.name).or_else(of_base).unwrap_or_default();
            Ok((*entry, entry.item.build(&own)?))
        };
        CATALOG.iter().map(build).collect::<Result<_, _>>().map(|arms| ArmSet { arms, fits: Fits::All })
    }

    /// Every arm with its entry.
    pub fn iter(&self) -> impl Iterator<Item = (&'static ArmEntry, &dyn Arm)> {
        self.arms.iter().map(|(entry, arm)| (*entry, arm.as_ref()))
    }

    /// The arm called `name`; `None` where it takes no part.
    pub fn get(&self, name: &str) -> Option<&dyn Arm> {
        self.iter().find(|(entry, _)| entry.item.name == name).map(|(_, arm)| arm)
    }

    /// How many models are fitted.
    pub fn fits(&self) -> Fits {
        self.fits
    }
}

impl Default for ArmSet {
    fn default() -> Self {
        ArmSet::new(|_| None).expect("every arm builds from its documented defaults")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn set(arm: &'static str, setting: &'static str, value: f64) -> Result<ArmSet, SettingsError> {
        ArmSet::new(|name| (name == arm).then(|| Settings::from_iter([(setting.to_owned(), json!(value))])))
    }

    #[test]
    fn settings_reach_the_arm_and_its_forms_and_wrong_ones_are_refused() {
        assert!(set("eda", "alpha", 0.3).is_ok());
        assert!(set("eda", "alpha", 3.0).err().unwrap().to_string().contains("alpha"));
        assert!(set("eda_class_weight", "alpha", 3.0).is_err(), "a form takes the settings of its base");
        assert!(set("eda", "alhpa", 0.3).err().unwrap().to_string().contains("did you mean `alpha`"));
        assert!(ArmSet::default().get("edda").is_none());
    }
}
