//! Human rows of one label set against each other: whatever is found is a false alarm.

use crate::Fault;
use crate::data::{self, LabelledText};
use equipoise_core::pattern::{Families, Frequent, TOLD_APART, Traced, give_aways, told_apart};
use equipoise_core::rng::Seed;
use rand::seq::SliceRandom;
use std::path::Path;

/// Labels with rows enough, by task.
const LABELS: [(&str, &str); 6] = [
    ("emotion", "joy"),
    ("emotion", "sadness"),
    ("sentiment", "neutral"),
    ("sentiment", "positive"),
    ("crowdflower", "worry"),
    ("offence-da", "NOT"),
];
/// Rows that stand for real ones, those that stand for synthetic ones, and how many of these have one source.
const REAL: usize = 150;
const SYNTHETIC: usize = 750;
const A_SOURCE: usize = 5;

/// The rows of each of [`LABELS`].
fn labels(folder: &Path) -> Result<Vec<(String, Vec<String>)>, Fault> {
    let emotion = data::emotion(folder)?.0;
    let of = |(task, label): (&str, &str)| {
        let rows: Vec<LabelledText> =
            if task == "emotion" { emotion.clone() } else { data::csv(&folder.join(task).join("full.csv"))? };
        let own = rows.into_iter().filter(|r| r.1 == label).map(|r| r.0).collect();
        Ok((format!("{task}/{label}"), own))
    };
    LABELS.into_iter().map(of).collect()
}

fn shuffled(rows: &[String], run: u64) -> Vec<&str> {
    let mut rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    rows.shuffle(&mut Seed::new(run).child("human").rng());
    rows
}

fn traced<'a>(rows: &[&'a str], from: usize, a_source: usize) -> Vec<Traced<'a>> {
    let source = |at: usize| Some((from + at / a_source) as u64);
    rows.iter().enumerate().map(|(at, text)| Traced { text, source: source(at) }).collect()
}

/// Give-aways of 60 halves.
pub(crate) fn halves(folder: &Path) -> Result<(), Fault> {
    const RUNS: u64 = 10;
    println!(
        "human rows against human rows: {REAL} as real, {SYNTHETIC} as synthetic; habits tested, give-aways in {RUNS} runs"
    );
    let mut in_all = 0;
    for (name, rows) in labels(folder)? {
        let (mut n_tested, mut found) = (Vec::new(), Vec::new());
        for run in 0..RUNS {
            let rows = shuffled(&rows, run);
            let (real, made) = rows[..REAL + SYNTHETIC].split_at(REAL);
            let frequent = Frequent::of(rows.iter().copied());
            let [made, real] = [(made, A_SOURCE), (real, 1)].map(|(rows, n)| Families::new(&traced(rows, 0, n)));
            let found_here = give_aways(&made, &real, &frequent);
            n_tested.push(found_here.n_tested);
            found.extend(found_here.found.into_iter().map(|g| g.feature.to_string()));
        }
        in_all += found.len();
        let (least, most) = (n_tested.iter().min().unwrap_or(&0), n_tested.iter().max().unwrap_or(&0));
        println!("{name:<22} tested {least:>5} to {most:>5}  found {:>2}  {}", found.len(), found.join(", "));
    }
    println!("in all {in_all} give-aways in {} runs", RUNS as usize * LABELS.len());
    Ok(())
}

/// The detector on 24 splits.
pub(crate) fn splits(folder: &Path) -> Result<(), Fault> {
    const RUNS: u64 = 4;
    const SIDE: usize = 450;
    println!("human rows against human rows, {SIDE} a side: AUC with its 95 % interval");
    let (mut n_lifted, mut mean, mut n_above, mut n_below) = (0, 0.0, 0, 0);
    for (name, rows) in labels(folder)? {
        let mut shown = Vec::new();
        for run in 0..RUNS {
            let rows = shuffled(&rows, run);
            let (one, other) = rows[..2 * SIDE].split_at(SIDE);
            let auc = told_apart(&traced(one, 0, 1), &traced(other, SIDE, 1), Seed::new(run)).ok_or("rows enough")?;
            n_lifted += usize::from(auc.low >= TOLD_APART);
            n_above += usize::from(auc.low > 0.5);
            n_below += usize::from(auc.high < 0.5);
            mean += auc.value / (RUNS as usize * LABELS.len()) as f64;
            shown.push(format!("{:.3} [{:.3}, {:.3}]", auc.value, auc.low, auc.high));
        }
        println!("{name:<22} {}", shown.join("  "));
    }
    let n = RUNS as usize * LABELS.len();
    println!(
        "mean {mean:.3}; interval above 0.5 in {n_above}, below in {n_below}, lower bound from {TOLD_APART:.2} on in {n_lifted} of {n}"
    );
    Ok(())
}
