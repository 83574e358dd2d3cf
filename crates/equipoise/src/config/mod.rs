//! Configuration: what the user wrote, kept apart from what runs.

mod attributes;
mod check;
mod definitions;
mod fault;
mod judge;
mod layers;
mod options;
mod recipe;

pub(crate) use check::BadValue;
pub use definitions::{Definitions, definitions};
pub use judge::JudgeRecipe;
pub(crate) use layers::told;
pub use layers::{ConfigError, Layer, Layers, set};
pub use options::{OPTIONS, Opt, Takes, layer, seconds};
pub use recipe::{
    DataRecipe, EvaluateRecipe, Header, MaskRecipe, ModelRecipe, OutputRecipe, PromptRecipe, Recipe, TargetRecipe,
};
