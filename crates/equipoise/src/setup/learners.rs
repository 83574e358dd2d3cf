//! The learners of a recipe, with their settings and files.

use super::{settings, supply::supply};
use crate::config::Recipe;
use crate::error::SetupError;
use equipoise_core::catalog::find;
use equipoise_core::learner::{self, Learner};

/// The learners that judge, the one that the verdict follows first.
pub(crate) struct Learners {
    /// Each with its catalog name; never empty.
    pub(crate) named: Vec<(&'static str, Box<dyn Learner>)>,
    /// Which files were read, for the notes of an evaluation.
    pub(crate) notes: Vec<String>,
}

impl Learners {
    /// Builds the learners that the recipe names, and reads the files of those that need some.
    pub(super) fn new(recipe: &Recipe) -> Result<Self, SetupError> {
        for name in recipe.learner.keys() {
            find(learner::CATALOG, "learner", name).map_err(SetupError::Table)?;
        }
        let mut notes = Vec::new();
        let build = |name: &String| {
            let entry = find(learner::CATALOG, "learner", name)?;
            let settings = settings(&recipe.learner, entry.name).map_err(SetupError::Table)?;
            let mut learner = entry.build(&settings).map_err(SetupError::Table)?;
            notes.extend(supply(entry.name, learner.as_mut()).map_err(SetupError::Table)?);
            Ok((entry.name, learner))
        };
        let named = recipe.evaluate.learners.iter().map(build).collect::<Result<_, SetupError>>()?;
        Ok(Learners { named, notes })
    }

    /// The learner that the recipe names first.
    pub(crate) fn first(&self) -> Option<&dyn Learner> {
        self.named.first().map(|(_, learner)| learner.as_ref())
    }
}
