//! Why rows cannot be used.

use super::{Action, Hint, Kind};
use crate::input::InputError;
use equipoise_core::data::DataError;
use equipoise_core::text::escape_control;

/// Why rows cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MaterialError {
    /// No input was named.
    #[error("no input file was given")]
    NoInput,
    /// Labelled texts cannot be read.
    #[error(transparent)]
    Input(#[from] InputError),
    /// The rows do not make a data set.
    #[error("{}: {source}", escape_control(name))]
    Data {
        /// The file or table.
        name: String,
        /// Why.
        source: DataError,
    },
    /// A synthetic row has a label that no real row has.
    #[error("{}: {n} rows have the label `{label}`, which no training row has", escape_control(name))]
    SyntheticLabel {
        /// The file or table.
        name: String,
        /// The label.
        label: String,
        /// How many rows have it.
        n: usize,
    },
    /// Nothing is held out where something must be.
    #[error("no row is held out, so there is nothing to judge on")]
    NothingHeldOut,
    /// Unlabelled rows for a model that has no use for them.
    #[error("only the offline generator takes unlabelled rows, and the model is {model}")]
    Unlabelled {
        /// The model.
        model: String,
    },
}

impl MaterialError {
    /// Who can mend it.
    pub fn kind(&self) -> Kind {
        match self {
            MaterialError::Input(InputError::Format(_))
            | MaterialError::NoInput
            | MaterialError::NothingHeldOut
            | MaterialError::Unlabelled { .. } => Kind::Usage,
            MaterialError::Input(_) | MaterialError::Data { .. } | MaterialError::SyntheticLabel { .. } => Kind::Input,
        }
    }

    /// What to do about it.
    pub fn hint(&self) -> Option<Hint> {
        Some(match self {
            MaterialError::NoInput => "name a file of labelled texts, or set data.input in the recipe".into(),
            MaterialError::Input(error) => error.hint(),
            MaterialError::Data { .. } => Hint::new("`{}` shows the labels", [Action::Profile.into()]),
            MaterialError::SyntheticLabel { .. } => {
                "rename the label, or name the right column with {label=COL}".into()
            }
            MaterialError::NothingHeldOut => {
                "name held-out rows with {test=FILE}; a run goes on without them with {no_evaluate}".into()
            }
            MaterialError::Unlabelled { .. } => "omit the unlabelled rows, or use {model=offline}".into(),
        })
    }
}
