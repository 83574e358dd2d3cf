//! The profile: what the training rows are like, label by label.

mod build;
mod near;
mod style;
mod types;

pub use types::{Conflict, LabelProfile, Lengths, Profile, Style};
