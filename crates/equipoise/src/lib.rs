//! Equipoise: balances labelled texts with generated rows, and proves on held-out real rows what they did to every label.

pub mod config;
pub use equipoise_core as core;
