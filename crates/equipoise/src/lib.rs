//! The library of Equipoise: what acts (files, transport, runs) around the science of `equipoise-core`.

pub mod input;
pub mod output;
