//! The figures behind the pattern report: human rows against human rows, where nothing may be found, and recorded answers of real models.
//! `cargo xtask bench patterns` runs it.
//!
//! `cargo run --release -p equipoise-core --example pattern_bench -- DATA SECTION…` with sections `halves`, `splits`, `cells`,
//! `reliance`, `probation`.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "an example reads files and prints")]

#[path = "../verdict_bench/data.rs"]
#[allow(dead_code, reason = "the bench of the verdict uses more of it")]
mod data;
mod fit;
mod human;
mod judging;
mod leaning;
mod recorded;

use std::error::Error;
use std::path::Path;

pub(crate) type Fault = Box<dyn Error>;

fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, sections @ ..] = arguments.as_slice() else {
        return Err("usage: pattern_bench DATA SECTION…".into());
    };
    let folder = Path::new(folder);
    for section in sections {
        match section.as_str() {
            "halves" => human::halves(folder)?,
            "splits" => human::splits(folder)?,
            "cells" => recorded::cells(folder)?,
            "reliance" => leaning::all(folder)?,
            "probation" => judging::all(folder)?,
            other => return Err(format!("no section `{other}`: halves, splits, cells, reliance, probation").into()),
        }
        println!();
    }
    Ok(())
}
