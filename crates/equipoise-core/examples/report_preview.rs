//! Writes the report of hand-made runs into a folder, to look at: `cargo run --example report_preview -- FOLDER`.

#![allow(clippy::disallowed_methods, reason = "an example writes files")]

#[path = "../tests/report/sample.rs"]
mod sample;

use equipoise_core::catalog::Settings;
use equipoise_core::report::CATALOG;
use sample::{Label, Sample};
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("which folder?")?);
    let names: Vec<String> = (0..40)
        .map(
            |i| if i % 7 == 3 { format!("a label with a rather long name, number {i}") } else { format!("intent_{i}") },
        )
        .collect();
    let many: Vec<Label<'_>> = names
        .iter()
        .enumerate()
        .map(|(i, name)| (name.as_str(), 900 / (i + 1) + 4, if i > 25 { 40 } else { 0 }, 200 / (i + 1) + 2))
        .collect();
    let evil = "</style></title><script>document.title='PWNED'</script>\"><img src=x onerror=\"document.title='PWNED'\">{{7*7}}\u{202e}\u{1b}[31m";
    let hundred: Vec<String> = (0..100).map(|i| format!("topic {i}")).collect();
    let hundred: Vec<Label<'_>> = hundred.iter().map(|n| (n.as_str(), 50, 10, 20)).collect();
    let mut unevaluated = Sample::emotions();
    unevaluated.evaluation = None;
    let mut no = Sample::emotions();
    if let Some(evaluation) = &mut no.evaluation {
        evaluation.verdict.use_synthetic = Some(false);
        evaluation.verdict.arm = "class_weight".to_owned();
        evaluation.verdict.reason =
            "You do not need synthetic rows here: the same comes for free with `class_weight`.".to_owned();
    }
    let samples = [
        ("emotions", Sample::emotions()),
        ("two", Sample::new("spam.csv", &[("ham", 4800, 0, 900), ("spam", 700, 600, 140)])),
        ("many", Sample::new("banking.jsonl", &many).with_second_learner("naive_bayes")),
        ("hundred", Sample::new("topics.parquet", &hundred)),
        ("none", Sample::emotions().without_synthetic_rows()),
        ("unevaluated", unevaluated),
        ("no", no),
        ("hostile", Sample::new(evil, &[(evil, 900, 0, 100), (&"x".repeat(10_000), 40, 60, 30)])),
    ];
    for (name, sample) in &samples {
        for entry in CATALOG {
            let renderer = entry.build(&Settings::new())?;
            let file = folder.join(format!("{name}-{}", renderer.file_name()));
            std::fs::write(file, renderer.render(&sample.data())?)?;
        }
    }
    Ok(())
}
