//! What is sent without what is private: placeholders in the place of mail addresses, numbers and keys, and the way back.
//!
//! A value has one placeholder in a whole run, `[EMAIL_3]`, whatever request it stands in. Placeholders are numbered in the order of the
//! training rows, so that a resumed run and a replay make the same requests.

mod made_up;
mod mark;
mod table;

pub use table::Mask;

use serde::{Deserialize, Serialize};

/// What stands in a text in the place of its placeholders once it is back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unmask {
    /// The real value.
    Restore,
    /// A made-up value of the same form.
    Keep,
}

/// A placeholder of the source that the text does not have.
pub const LOST: &str = "lost_placeholder";
/// A placeholder that the sources do not have.
pub const INVENTED: &str = "invented_placeholder";

#[cfg(test)]
mod tests;
