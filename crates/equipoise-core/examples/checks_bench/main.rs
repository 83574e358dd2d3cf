//! What the checks find of planted faults, and what they say of human rows that nobody touched.
//!
//! `checks_bench DATA_FOLDER [SECTION…]`; the sections are `human`, `faults`, `sets` and `effect`. `cargo xtask bench checks` runs it.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a measurement reads data and talks to the terminal"
)]

#[path = "../verdict_bench/data.rs"]
#[allow(dead_code, reason = "the bench of the verdict uses more of it")]
mod data;
mod effect;
mod faults;
mod faulty;
#[path = "../pattern_bench/fit.rs"]
mod fit;
mod measure;
mod sets;

use std::path::Path;

pub(crate) type Fault = Box<dyn std::error::Error>;

fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((folder, sections)) = arguments.split_first() else {
        return Err("usage: checks_bench DATA_FOLDER [human|faults|sets|effect]…".into());
    };
    let folder = Path::new(folder);
    let sets = sets::sets(folder)?;
    let wants = |section: &str| sections.is_empty() || sections.iter().any(|s| s == section);
    if wants("human") {
        measure::human(&sets);
    }
    if wants("faults") {
        measure::faults(&sets);
    }
    if wants("sets") {
        faulty::sets(&sets);
    }
    if wants("effect") {
        effect::effect(folder)?;
    }
    Ok(())
}
