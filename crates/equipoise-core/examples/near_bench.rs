//! Counts the texts of a file, one a line, that are near an earlier one: `near_bench FILE characters|words SIZE THRESHOLD`.
//!
//! `cargo xtask bench near` runs it beside other packages.
#![allow(
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "an example reads a file and prints"
)]

use equipoise_core::text::{Arena, Arrivals, Grams, Likeness, Sketch, comparison_key, shared_bands};
use rayon::prelude::*;
use std::error::Error;
use std::fs::File;
use std::io::{BufRead, BufReader};

/// Texts that are taken at once, as `check` does.
const AT_ONCE: usize = 8192;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, unit, size, threshold] = args.as_slice() else {
        return Err("usage: near_bench FILE characters|words SIZE THRESHOLD".into());
    };
    let (size, threshold): (usize, f64) = (size.parse()?, threshold.parse()?);
    let cut: fn(&str, usize) -> Grams = match unit.as_str() {
        "characters" => Grams::of_characters,
        "words" => Grams::of_words,
        other => return Err(format!("`{other}` is neither characters nor words").into()),
    };
    let mut lines = BufReader::new(File::open(file)?).lines();
    let asked = Likeness { threshold, shared: shared_bands(threshold) };
    let mut arrivals = Arrivals::default();
    let (mut keys, mut n_near) = (Arena::default(), 0);
    loop {
        let part: Vec<String> = lines.by_ref().take(AT_ONCE).collect::<Result<_, _>>()?;
        if part.is_empty() {
            println!("{n_near}");
            return Ok(());
        }
        let new: Vec<String> = part.par_iter().map(|text| comparison_key(text)).collect();
        let sketches: Vec<Sketch> = new.par_iter().map(|key| Sketch::new(&cut(key, size))).collect();
        new.iter().for_each(|key| keys.push(key));
        let pairs = arrivals.add(&sketches, asked, |at| cut(keys.get(at as usize), size));
        n_near += pairs.chunk_by(|a, b| a.later == b.later).count();
    }
}
