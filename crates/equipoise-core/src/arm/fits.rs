//! How many models an evaluation takes, for learners whose fits are dear.

use super::{ArmSet, Goal, Pool};
use std::fmt;
use std::str::FromStr;

/// How many models are fitted for each learner.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Fits {
    /// Four on all training rows (none, class weights, weighted texts, duplicates) and no cross-validation, so that `auto` keeps class
    /// weights and no cut is moved.
    Few,
    /// These four, and class weights and weighted texts in five folds for `auto` and the calibrated cut: 14 for a learner that cannot adapt.
    Auto,
    /// Every arm of the catalog, and the curves.
    #[default]
    All,
}

const FEW: &[&str] = &["none", "class_weight", "duplicate_control", "synthetic_weighted", "synthetic_mixture", "auto"];
/// Those that read the same models: for a learner that cannot adapt, `synthetic_adapted` is class weights.
const AUTO: &[&str] =
    &["threshold", "synthetic_weighted_threshold", "synthetic_adapted", "synthetic_adapted_threshold"];

impl Fits {
    /// Whether an arm takes part.
    pub fn has(self, arm: &str) -> bool {
        match self {
            Fits::Few => FEW.contains(&arm),
            Fits::Auto => FEW.contains(&arm) || AUTO.contains(&arm),
            Fits::All => true,
        }
    }

    /// Whether an arm that another one wants cross-validated is.
    pub(crate) fn crosses(self, arm: &str, pool: &Pool<'_>, goal: Goal) -> bool {
        match self {
            Fits::Few => false,
            // `none` is a rival only where there is no text, or accuracy is the goal.
            Fits::Auto => arm != "none" || pool.kept.is_empty() || goal == Goal::Accuracy,
            Fits::All => true,
        }
    }
}

impl ArmSet {
    /// The arms that take part where so many models are fitted.
    #[must_use]
    pub fn of_fits(mut self, fits: Fits) -> Self {
        self.arms.retain(|(entry, _)| fits.has(entry.item.name));
        ArmSet { fits, ..self }
    }
}

impl fmt::Display for Fits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Fits::Few => "few",
            Fits::Auto => "auto",
            Fits::All => "all",
        })
    }
}

impl FromStr for Fits {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "few" => Ok(Fits::Few),
            "auto" => Ok(Fits::Auto),
            "all" => Ok(Fits::All),
            other => Err(format!("`{other}` is no number of fits: few, auto or all")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_an_arm_and_more_fits_have_the_arms_of_fewer() {
        let names = |fits| ArmSet::default().of_fits(fits).iter().map(|(e, _)| e.item.name).collect::<Vec<_>>();
        let (few, auto, all) = (names(Fits::Few), names(Fits::Auto), names(Fits::All));
        assert_eq!((few.len(), auto.len()), (FEW.len(), FEW.len() + AUTO.len()));
        assert!(few.iter().all(|arm| auto.contains(arm)) && auto.iter().all(|arm| all.contains(arm)));
        for fits in [Fits::Few, Fits::Auto, Fits::All] {
            assert_eq!(fits.to_string().parse(), Ok(fits));
        }
        assert!("many".parse::<Fits>().unwrap_err().contains("few, auto or all"));
    }
}
