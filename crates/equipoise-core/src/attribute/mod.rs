//! Attributes of texts: what each new text is to be like, drawn so that the texts of a run differ and every value has its share.

mod combinations;
mod drawing;
mod given;
mod mending;
mod shares;

pub use drawing::{LabelAttributes, ValueShare, for_labels};
pub use given::{AttributeError, Given, Learn, Values, Weights};

use std::collections::BTreeMap;

/// The attributes of one text: value by name.
pub type TextAttributes = BTreeMap<String, String>;
