//! Equipoise: balances labelled texts with generated rows, and proves on held-out real rows what they did to every label.

pub mod artefacts;
pub mod catalogs;
pub mod config;
pub mod demo;
pub mod error;
pub mod event;
pub mod folder;
pub mod input;
pub mod journal;
pub mod material;
pub mod output;
pub mod pipeline;
pub mod remote;
pub mod review;
pub mod rundir;
pub mod schedule;
pub mod secret;
pub mod setup;
pub mod transport;
mod stop;
mod work;

pub use equipoise_core as core;
pub use error::{Error, Kind};
pub use material::Material;
pub use setup::Setup;
pub use stop::Stop;
pub use work::Work;
