//! Configuration: what the user wrote, kept apart from what runs.

mod layers;
mod recipe;

pub use layers::{ConfigError, Layer, Layers, set};
pub use recipe::{DataRecipe, EvaluateRecipe, ModelRecipe, PromptRecipe, Recipe, TargetRecipe};
