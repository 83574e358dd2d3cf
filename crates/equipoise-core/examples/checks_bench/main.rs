//! What the checks find of planted faults, and what they say of human rows that nobody touched.
//!
//! `checks_bench DATA_FOLDER [SECTION…]`; the sections are `human` and `faults`. `cargo xtask bench checks` runs it.
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "a measurement reads data and talks to the terminal"
)]

mod data;
mod faults;
mod measure;

use std::path::Path;

type Fault = Box<dyn std::error::Error>;

fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some((folder, sections)) = arguments.split_first() else {
        return Err("usage: checks_bench DATA_FOLDER [human|faults]…".into());
    };
    let sets = data::sets(Path::new(folder))?;
    let wants = |section: &str| sections.is_empty() || sections.iter().any(|s| s == section);
    if wants("human") {
        measure::human(&sets);
    }
    if wants("faults") {
        measure::faults(&sets);
    }
    Ok(())
}
