//! From a saved form back to a vectoriser or a model, whichever learner made it.

use super::CATALOG;
use super::saved::{LoadedModel, LoadedVectoriser, Loaders, Saved, SavedError};
use crate::catalog::Settings;

/// The vectoriser of a saved form.
///
/// # Errors
/// [`SavedError`]; data from anywhere end here, never in a panic.
pub fn load_vectoriser(saved: Saved) -> Result<LoadedVectoriser, SavedError> {
    match loaders().map(|loaders| loaders.vectoriser).find(|loader| loader.kind == saved.kind) {
        Some(loader) => loader.read(saved),
        None => Err(SavedError::UnknownKind { what: "vectoriser", kind: saved.kind }),
    }
}

/// The model of a saved form.
///
/// # Errors
/// [`SavedError`]; data from anywhere end here, never in a panic.
pub fn load_model(saved: Saved) -> Result<LoadedModel, SavedError> {
    match loaders().map(|loaders| loaders.model).find(|loader| loader.kind == saved.kind) {
        Some(loader) => loader.read(saved),
        None => Err(SavedError::UnknownKind { what: "model", kind: saved.kind }),
    }
}

/// The loaders of every learner; learners that share a form name the same one.
fn loaders() -> impl Iterator<Item = Loaders> {
    CATALOG.iter().filter_map(|entry| entry.build(&Settings::new()).ok()?.loaders())
}
