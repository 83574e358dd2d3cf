//! The science of Equipoise: what is computed about labelled texts, as pure functions.
//!
//! Nothing here opens a file or a socket, reads a clock or the environment, prints, or draws randomness that does not come
//! from a [`rng::Seed`]. The modules stand in the order of the pipeline; each uses only those above it.
#![cfg_attr(test, allow(clippy::disallowed_methods, clippy::disallowed_types, reason = "tests may read fixtures"))]
#![cfg_attr(not(test), warn(clippy::too_many_lines))]

pub mod catalog;
pub mod rng;
pub mod text;
pub mod stats;
pub mod data;
pub mod format;
pub mod profile;
pub mod plan;
pub mod parse;
pub mod attribute;
pub mod offline;
pub mod generator;
pub mod mask;
pub mod rules;
pub mod provider;
pub mod prompt;
pub mod metric;
pub mod learner;
pub mod topic;
pub mod pattern;
pub mod probation;
pub mod check;
pub mod arm;
pub mod select;
pub mod review;
pub mod round;
pub mod pilot;
pub mod eval;
pub mod report;
