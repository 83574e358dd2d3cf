//! Measures what texts of the offline generator are worth, how they read and how fast they come, for `cargo xtask bench offline`.
//!
//! ```text
//! offline_bench gain SHARED [SPLITS [FIRST [ONLY]]]     tables beside the rivals that cost nothing
//! offline_bench texts FILE LABEL ROWS WANTED [SHOW [SEED]]  what the texts are made of; SHOW of them printed, unselected
//! offline_bench speed FILE ROWS                         time and memory over so many rows, repeated with fresh words
//! ```
//! SHARED holds `emotion/*.txt` (`text;label`) and `NAME/{full,train,test}.csv` (`text,label`). The generator sees the training rows
//! of a split alone.
#![allow(clippy::print_stdout, clippy::disallowed_methods, reason = "an example reads files, takes times and prints")]

mod arms;
mod data;
mod eda;
mod gain;
mod speed;
mod table;
mod texts;

use std::error::Error;

type Fault = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Fault> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["gain", shared, rest @ ..] => {
            let splits = rest.first().map_or(Ok(20), |n| n.parse())?;
            let first = rest.get(1).map_or(Ok(0), |n| n.parse())?;
            gain::run(shared, first..first + splits, rest.get(2).copied().unwrap_or(""))
        }
        ["texts", file, label, rows, wanted, rest @ ..] => {
            let show = rest.first().map_or(Ok(60), |n| n.parse())?;
            let seed = rest.get(1).map_or(Ok(7), |n| n.parse())?;
            texts::run(file, label, [rows.parse()?, wanted.parse()?, show], seed)
        }
        ["speed", file, rows] => speed::run(file, rows.parse()?),
        _ => Err(
            "usage: gain SHARED [SPLITS [FIRST [ONLY]]] | texts FILE LABEL ROWS WANTED [SHOW [SEED]] | speed FILE ROWS"
                .into(),
        ),
    }
}
