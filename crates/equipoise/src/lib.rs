//! Equipoise as a library: everything that touches the world, around the pure functions of `equipoise-core`.

pub mod journal;
pub mod schedule;
pub mod secret;
pub mod transport;
