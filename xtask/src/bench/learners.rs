//! `cargo xtask bench learners [TRAIN TEST]…`: every learner beside its counterpart in scikit-learn: same objective, same figures.

use super::learner::{json, python, show};
use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Relative difference of objectives that is allowed.
const OBJECTIVE: f64 = 1e-4;
/// Difference of macro-F1 that is allowed.
const MACRO_F1: f64 = 0.002;

/// Fits every learner and prints the tables.
///
/// # Errors
/// A sentence that names the step that failed.
pub(super) fn run(args: &[String]) -> Result<(), String> {
    let scratch = super::Scratch::new()?;
    show(&compare(&crate::shell::root(), scratch.path(), args)?)
}

/// Fits all learners on pairs of files, by default the three shared sets, and gives a table a pair.
///
/// # Errors
/// A sentence that names the step that failed, or the figures that are out of bounds below the tables.
fn compare(root: &Path, scratch: &Path, files: &[String]) -> Result<String, String> {
    let pairs = match files {
        [] => shared(root)?,
        files if files.len() % 2 == 0 => {
            files.chunks_exact(2).map(|p| [p[0].clone().into(), p[1].clone().into()]).collect()
        }
        _ => return Err("usage: cargo xtask bench learners [TRAIN TEST]…".to_owned()),
    };
    let python = python(scratch)?;
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let (mut text, mut faults) = (String::new(), 0);
    for pair in &pairs {
        let mut fit = Command::new(&cargo);
        fit.current_dir(root).args([
            "run",
            "--quiet",
            "--release",
            "-p",
            "equipoise-core",
            "--example",
            "fit_learners",
            "--",
        ]);
        let ours = json(fit.args(pair))?;
        let theirs = json(Command::new(&python).arg(root.join("bench/learners.py")).args(pair))?;
        let (table, n) =
            table(&pair[0], &ours, &theirs).ok_or_else(|| format!("a result lacks a figure: {ours} {theirs}"))?;
        text.push_str(&table);
        faults += n;
    }
    if faults == 0 { Ok(text) } else { Err(format!("{text}{faults} figures are out of bounds")) }
}

fn shared(root: &Path) -> Result<Vec<[PathBuf; 2]>, String> {
    let shared =
        std::env::var_os("EQUIPOISE_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from).join("data");
    let sets = [
        ("emotion", ["train.txt", "test.txt"]),
        ("sentiment", ["full.csv", "test.csv"]),
        ("crowdflower", ["full.csv", "test.csv"]),
    ];
    let pairs: Vec<[PathBuf; 2]> = sets.map(|(set, files)| files.map(|file| shared.join(set).join(file))).into();
    match pairs.iter().flatten().find(|path| !path.is_file()) {
        Some(missing) => Err(format!("{} is not there: name files, or set EQUIPOISE_SHARED", missing.display())),
        None => Ok(pairs),
    }
}

/// The table, and how many figures are out of bounds.
fn table(train: &Path, ours: &Value, theirs: &Value) -> Option<(String, usize)> {
    let mut text = format!("{}\n", train.display());
    let heads =
        ["objective", "sklearn", "relative", "macro-F1", "sklearn", "accuracy", "sklearn", "s a fit", "sklearn"];
    let _ = writeln!(text, "{:<14}{}", "", heads.map(|h| format!("{h:>11}")).concat());
    let mut faults = 0;
    for (name, our) in ours.as_object()? {
        let their = &theirs[name];
        let cell = |value: Option<f64>, digits: usize| {
            value.map_or_else(|| format!("{:>11}", "–"), |v| format!("{v:>11.digits$}"))
        };
        let pair = |key: &str| (our[key].as_f64(), their[key].as_f64());
        let (objective, macro_f1) = (pair("objective"), pair("macro_f1"));
        let relative = objective.0.zip(objective.1).map(|(a, b)| (a - b) / b);
        let apart = macro_f1.0.zip(macro_f1.1).map(|(a, b)| (a - b).abs());
        let bad = |value: Option<f64>, bound: f64| usize::from(value.is_some_and(|v| v.abs() > bound));
        faults += bad(relative, OBJECTIVE) + bad(apart, MACRO_F1);
        let (accuracy, seconds) = (pair("accuracy"), pair("fit_seconds"));
        let relative = relative.map_or_else(|| format!("{:>11}", "–"), |r| format!("{r:>11.0e}"));
        let cells = [
            cell(objective.0, 2),
            cell(objective.1, 2),
            relative,
            cell(macro_f1.0, 4),
            cell(macro_f1.1, 4),
            cell(accuracy.0, 4),
            cell(accuracy.1, 4),
            cell(seconds.0, 3),
            cell(seconds.1, 3),
        ];
        let _ = writeln!(text, "{name:<14}{}", cells.concat());
    }
    Some((text, faults))
}
