//! Reads and profiles a file and prints how long both took; run it under `/usr/bin/time -v` for the memory.
//!
//! `profile_memory FILE` reads; `profile_memory --generate N FILE` first writes a CSV of N rows of about 120 bytes, of which one
//! in fifty is a near-copy of the row before it (Jaccard similarity of word 3-grams 0.84).
#![allow(clippy::print_stdout, reason = "an example prints")]

use equipoise::input::{InputOptions, read};
use equipoise_core::data::Dataset;
use equipoise_core::profile::Profile;
use equipoise_core::rng::Seed;
use rand::RngExt;
use std::error::Error;
use std::io::{BufWriter, Write};
use std::path::Path;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["--generate", n, path] => generate(n.parse()?, Path::new(path)),
        [path] => profile(Path::new(path)),
        _ => Err("usage: profile_memory [--generate N] FILE".into()),
    }
}

fn profile(path: &Path) -> Result<(), Box<dyn Error>> {
    let start = Instant::now();
    let input = read(&path.into(), &InputOptions::default())?;
    println!("read {} rows in {:.1} s", input.rows.len(), start.elapsed().as_secs_f64());
    let dataset = Dataset::new(input.rows)?;
    let start = Instant::now();
    let profile = Profile::new(dataset.train(), None);
    println!(
        "profiled in {:.1} s: {} labels, {} duplicates, {:?} near-duplicates, {} conflicts",
        start.elapsed().as_secs_f64(),
        profile.labels.len(),
        profile.n_duplicates,
        profile.n_near_duplicates,
        profile.n_conflicts
    );
    Ok(())
}

fn generate(n: usize, path: &Path) -> Result<(), Box<dyn Error>> {
    let mut rng = Seed::new(7).rng();
    let mut out = BufWriter::new(std::fs::File::create(path)?);
    writeln!(out, "text,label")?;
    let mut last: Vec<String> = Vec::new();
    for i in 0..n {
        if i % 50 == 49 {
            last[0] = format!("w{}", rng.random_range(0..50_000));
        } else {
            // Words of Zipf-like frequency: rank = 50,000^u.
            last = (0..18).map(|_| format!("w{:.0}", 50_000f64.powf(rng.random::<f64>()))).collect();
        }
        let label = ["joy", "anger", "fear", "love", "surprise", "sadness"][rng.random_range(0..6usize)];
        writeln!(out, "\"{}, and more of the same kind: {i}\",{label}", last.join(" "))?;
    }
    out.flush()?;
    Ok(())
}
