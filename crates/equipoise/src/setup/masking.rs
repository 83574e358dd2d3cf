//! What of the rows is hidden from a model: the way of a recipe, and its list of names.

use crate::config::MaskRecipe;
use crate::error::SetupError;
use equipoise_core::data::TrainView;
use equipoise_core::mask::{Mask, Unmask};
use equipoise_core::rng::Seed;
use equipoise_core::text::Names;

/// How rows are masked.
pub(crate) struct Masking {
    unmask: Unmask,
    names: Names,
    /// The list of names as it was read, to be kept in a run.
    pub(crate) list: Option<String>,
}

impl Masking {
    /// What a recipe asks for; `None` where it asks for nothing.
    pub(super) fn new(recipe: &MaskRecipe) -> Result<Option<Self>, SetupError> {
        let Some(unmask) = recipe.how else { return Ok(None) };
        let read = |path: &std::path::PathBuf| {
            std::fs::read_to_string(path).map_err(|source| SetupError::Names { path: path.clone(), source })
        };
        let list = recipe.names.as_ref().map(read).transpose()?;
        let names = list.as_deref().map_or_else(Names::default, Names::of_list);
        Ok(Some(Masking { unmask, names, list }))
    }

    /// The values that stand in texts in the place of private ones; none where those come back.
    pub(crate) fn made_up(&self, train: TrainView<'_>, seed: Seed) -> Vec<String> {
        match self.unmask {
            Unmask::Restore => Vec::new(),
            Unmask::Keep => self.of(train, seed).made_up(),
        }
    }

    /// The placeholders for these rows.
    pub(crate) fn of(&self, train: TrainView<'_>, seed: Seed) -> Mask {
        Mask::new(train, self.names.clone(), self.unmask, seed)
    }
}
