//! The science of Equipoise: what is computed about labelled texts, as pure functions.
//!
//! Nothing here opens a file or a socket, reads a clock or the environment, prints, or draws randomness that does not come
//! from a [`rng::Seed`]. The modules stand in the order of the pipeline; each uses only those above it.
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests may read fixtures"))]

pub mod arm;
pub mod catalog;
pub mod check;
pub mod data;
pub mod eval;
pub mod format;
pub mod generator;
pub mod learner;
pub mod metric;
pub mod parse;
pub mod plan;
pub mod profile;
pub mod prompt;
pub mod provider;
pub mod report;
pub mod rng;
pub mod select;
pub mod stats;
pub mod text;
