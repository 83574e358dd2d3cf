//! Writes texts for one label of a `text;label` or two-column CSV file with the offline generator and says how long it took.
//!
//! `cargo run --release --example offline_texts -- FILE LABEL WANTED [ROWS_OF_LABEL] [REPEAT]`
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::disallowed_methods,
    reason = "an example reads files and talks to a terminal"
)]

use equipoise_core::data::{Dataset, Rows};
use equipoise_core::generator::Job;
use equipoise_core::provider::{Local, Offline};
use equipoise_core::rng::Seed;
use std::error::Error;
use std::time::Instant;

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let [file, label, wanted, rest @ ..] = args.as_slice() else {
        return Err("FILE LABEL WANTED [ROWS_OF_LABEL] [REPEAT]".into());
    };
    let most = rest.first().map_or(Ok(usize::MAX), |n| n.parse())?;
    let repeat: usize = rest.get(1).map_or(Ok(1), |n| n.parse())?;
    let mut rows = Rows::default();
    for copy in 0..repeat {
        let mut of_label = 0;
        for (text, its) in read(file)? {
            of_label += usize::from(its == *label);
            if its != *label || of_label <= most {
                // Repeats differ in some words, so that the vocabulary grows as that of real rows does.
                let odd =
                    |(i, w): (usize, &str)| if copy > 0 && i % 7 == 3 { format!("{w}{copy}") } else { w.to_owned() };
                let text = text.split(' ').enumerate().map(odd).collect::<Vec<_>>().join(" ");
                rows.push(&text, &its).ok_or("too many labels")?;
            }
        }
    }
    let dataset = Dataset::new(rows)?;
    let train = dataset.train();
    let id = train.labels().id(label).ok_or("no row has this label")?;
    let start = Instant::now();
    let writer = Offline::default().prepare(train);
    let indexed = start.elapsed();
    let job = Job { label: id, sources: Vec::new(), wanted: wanted.parse()?, ordinal: 0 };
    let start = Instant::now();
    let answer = writer.answer(&job, &[], Seed::new(7));
    let first = start.elapsed();
    let start = Instant::now();
    let again = writer.answer(&Job { ordinal: 1, ..job }, &[], Seed::new(7));
    let second = start.elapsed();
    drop(again);
    let answer: serde_json::Value = serde_json::from_str(&answer)?;
    for text in answer["texts"].as_array().into_iter().flatten() {
        println!("{}", text["text"].as_str().unwrap_or_default());
    }
    eprintln!(
        "{} rows indexed in {indexed:?}; made {} of {} in {first:?}, a second time in {second:?}; reason {}; note {}",
        train.len(),
        answer["made"],
        answer["wanted"],
        answer["reason"],
        answer["note"],
    );
    Ok(())
}

fn read(file: &str) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    if file.ends_with(".csv") {
        let mut reader = csv::Reader::from_path(file)?;
        return Ok(reader.deserialize().collect::<Result<_, _>>()?);
    }
    let lines = std::fs::read_to_string(file)?;
    Ok(lines.lines().filter_map(|l| l.rsplit_once(';')).map(|(t, l)| (t.to_owned(), l.to_owned())).collect())
}
