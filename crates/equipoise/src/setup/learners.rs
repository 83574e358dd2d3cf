//! The learners of a recipe, with their settings and files.

use super::{settings, supply::supply};
use crate::config::{EvaluateRecipe, Recipe};
use crate::error::SetupError;
use equipoise_core::catalog::find;
use equipoise_core::data::TrainView;
use equipoise_core::learner::{self, Learner, TextFeatures};
use std::sync::Arc;

/// What a recipe says that leaves the choice to the rows.
const AUTO: &str = "auto";
const SPACED: &str = "linear";
const UNSPACED: &str = "linear_char";
const FEATURES: &str = "linear_features";

/// A learner with its catalog name.
pub(crate) type Named = (&'static str, Box<dyn Learner>);

/// The learners that judge, the one that the verdict follows first.
pub(crate) struct Learners {
    /// Never empty.
    named: Vec<Named>,
    /// Learners that stand in the place of `named` where texts have no blanks between words; empty where the user named some.
    unspaced: Vec<Named>,
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
        let auto = recipe.evaluate.learners == [AUTO];
        let mut build = |name: &String| {
            let entry = find(learner::CATALOG, "learner", name)?;
            let settings = settings(&recipe.learner, entry.name).map_err(SetupError::Table)?;
            let mut learner = entry.build(&settings).map_err(SetupError::Table)?;
            notes.extend(supply(entry.name, learner.as_mut()).map_err(SetupError::Table)?);
            Ok((entry.name, learner))
        };
        let names = if auto { vec![SPACED.to_owned()] } else { recipe.evaluate.learners.clone() };
        let unspaced = if auto { vec![UNSPACED.to_owned()] } else { Vec::new() };
        let named = names.iter().map(&mut build).collect::<Result<_, SetupError>>()?;
        let unspaced = unspaced.iter().map(&mut build).collect::<Result<_, SetupError>>()?;
        Ok(Learners { named, unspaced, notes })
    }

    /// The learners for these rows: those that the recipe names, else one that can see something in their script.
    pub(crate) fn of(&self, train: TrainView<'_>) -> &[Named] {
        if self.unspaced.is_empty() || !train.is_unspaced() { &self.named } else { &self.unspaced }
    }

    /// The learners with the features that come with the texts: those that were named and take them, else the one that is made for them.
    pub(crate) fn given(&self, recipe: &Recipe, features: &Arc<TextFeatures>) -> Result<Vec<Named>, SetupError> {
        let auto = recipe.evaluate.learners == [AUTO];
        let names = if auto { vec![FEATURES.to_owned()] } else { recipe.evaluate.learners.clone() };
        let mut given = Learners::new(&Recipe {
            evaluate: EvaluateRecipe { learners: names, ..recipe.evaluate.clone() },
            ..recipe.clone()
        })?
        .named;
        given.iter_mut().for_each(|(_, learner)| learner.give(features));
        Ok(given)
    }

    /// Whether the recipe names them.
    pub(crate) fn are_named(&self, recipe: &Recipe) -> bool {
        recipe.evaluate.learners != [AUTO]
    }

    /// What a person should know of the choice.
    pub(crate) fn told(&self, train: TrainView<'_>) -> Option<String> {
        let chosen = !self.unspaced.is_empty() && train.is_unspaced();
        chosen.then(|| {
            format!(
                "most texts have no blanks between words, so the learner is {UNSPACED}, which looks at runs of \
                 characters; the learner {SPACED} takes words all the same"
            )
        })
    }
}
