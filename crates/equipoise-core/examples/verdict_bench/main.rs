//! The protocol behind the arms: what each does on recorded answers of real models, over repeats, under corrupted rows, and where one
//! label is cut to few rows. `cargo xtask bench verdict` runs it.
//!
//! `cargo run --release -p equipoise-core --example verdict_bench -- DATA SECTION…` with sections `cells`, `repeats`, `stress`,
//! `faults`, `cut` (one table of it: `cut=50/paraphrase/3`), `designs` (one task of it: `designs=offence-da/5`), `advice` (other than five repeats: `advice=2`); `naive_bayes:cells` takes another learner than the default.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "an example reads files, takes times and prints")]

mod advice;
mod data;
mod designs;
mod faults;
mod sections;
mod table;
mod trial;

use std::error::Error;
use std::path::Path;

pub(crate) type Fault = Box<dyn Error>;

fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder, sections @ ..] = arguments.as_slice() else {
        return Err("usage: verdict_bench DATA [LEARNER:]SECTION…".into());
    };
    let folder = Path::new(folder);
    for section in sections {
        let (learner, section) = section.split_once(':').unwrap_or(("linear", section));
        let (section, only) = section.split_once('=').map_or((section, None), |(s, only)| (s, Some(only)));
        let start = std::time::Instant::now();
        match section {
            "cells" => sections::cells(folder, learner)?,
            "repeats" => sections::repeats(folder, learner)?,
            "stress" => sections::stress(folder, learner)?,
            "faults" => faults::named(folder, learner)?,
            "cut" => sections::cut(folder, learner, only)?,
            "advice" => advice::advice(folder, learner, only)?,
            "designs" => designs::designs(folder, learner, only)?,
            other => {
                return Err(
                    format!("no section `{other}`: cells, repeats, stress, faults, cut, designs, advice").into()
                );
            }
        }
        println!("({section} with {learner}: {:.0} s)\n", start.elapsed().as_secs_f64());
    }
    Ok(())
}
