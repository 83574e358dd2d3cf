//! Equipoise: balances labelled texts with generated rows, and proves on held-out real rows what they did to every label.
//!
//! A [`Recipe`] says what is wanted and [`Setup`] resolves it; [`Sources`] say where rows are and [`Material`] reads them. Everything
//! else takes these two: [`plan`], [`run`], [`check`], [`evaluate`]. What they write goes to an [`artefacts::Artefacts`], a folder or
//! [`Memory`]. [`Work`] hears what happens and can be stopped from another thread.
//!
//! ```
//! use equipoise::{Material, Memory, Recipe, Setup, Source, Sources, Table, Work, check, evaluate};
//! # fn main() -> Result<(), equipoise::Error> {
//! let texts = |n: usize| (0..n).map(|i| [format!("where is parcel {i}"), format!("please cancel order {i}")][usize::from(i % 4 == 0)].clone());
//! let table = |texts: &[String]| Table::of_pairs(texts.iter().map(|t| (t.as_str(), if t.contains("cancel") { "cancel" } else { "delivery" })));
//! let (train, test) = (texts(60).collect::<Vec<_>>(), texts(100).skip(60).collect::<Vec<_>>());
//! let (sources, work) = (Sources::from((table(&train), table(&test))), Work::default());
//! let mut recipe = Recipe::default();
//! recipe.evaluate.resamples = 100;
//! let setup = Setup::new(recipe)?;
//! let material = Material::read(&sources, &work)?;
//! assert_eq!(material.profile().labels.len(), 2);
//! let made = Source::table("made", table(&["cancel my order of shoes".to_owned(), "please cancel order 4".to_owned()]));
//! let made = material.admit(&[made], &sources.columns, &work)?;
//! let checked = check(&setup, &material, made.clone(), &mut Memory::default(), &work)?;
//! assert_eq!(checked.selection.kept.len(), 1, "the other repeats a training row");
//! let evaluated = evaluate(&setup, &material, made, &mut Memory::default(), &work)?;
//! assert_eq!(evaluated.evaluation.verdict.labels.len(), 2, "a verdict for every label");
//! # Ok(())
//! # }
//! ```
//!
//! `examples/in_memory.rs` does the same with texts of the generator inside the process.
#![cfg_attr(not(test), warn(clippy::too_many_lines))]

pub mod artefacts;
pub mod broker;
pub mod catalogs;
pub mod config;
pub mod demo;
pub mod error;
pub mod event;
pub mod fits;
pub mod folder;
pub mod input;
pub mod journal;
pub mod material;
pub mod output;
pub mod pipeline;
pub mod prompts;
pub mod remote;
pub mod review;
pub mod rundir;
pub mod schedule;
pub mod secret;
pub mod setup;
mod stop;
pub mod transport;
mod work;

pub use artefacts::Memory;
pub use config::Recipe;
pub use equipoise_core as core;
pub use equipoise_core::format::Table;
pub use error::{Error, Kind};
pub use input::Source;
pub use material::{Material, Sources};
pub use pipeline::{check, evaluate, plan, predict, run};
pub use setup::Setup;
pub use stop::Stop;
pub use work::Work;
