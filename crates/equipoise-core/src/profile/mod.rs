//! The profile: what the training rows are like, label by label.

mod build;
mod count;
mod near;
mod part;
mod style;
mod types;

pub use part::Part;
pub use types::{Conflict, LabelProfile, Lengths, Profile, Style};
