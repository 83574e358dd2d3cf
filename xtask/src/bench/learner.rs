//! `cargo xtask bench [TRAIN TEST]`: the default learner beside scikit-learn, on the same rows in one run.

use serde_json::Value;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Runs both fits and prints them side by side.
///
/// # Errors
/// A sentence that names the step that failed.
pub(super) fn run(args: &[String]) -> Result<(), String> {
    let scratch = super::Scratch::new()?;
    show(&compare(&crate::shell::root(), scratch.path(), args)?)
}

fn compare(root: &Path, scratch: &Path, args: &[String]) -> Result<String, String> {
    let (train, test) = match args {
        [train, test] => (PathBuf::from(train), PathBuf::from(test)),
        [] => data(root, scratch)?,
        _ => return Err("usage: cargo xtask bench [TRAIN TEST]".to_owned()),
    };
    let python = python(scratch)?;
    let mut fit = super::example("equipoise-core", "fit_baseline");
    let ours = json(fit.args([&train, &test]))?;
    let theirs = json(Command::new(python).arg(root.join("bench/baseline.py")).args([&train, &test]))?;
    table(&train, &ours, &theirs).ok_or_else(|| format!("a result lacks a figure: {ours} {theirs}"))
}

/// The emotion set where it is at hand, else rows of our own.
pub(super) fn data(root: &Path, scratch: &Path) -> Result<(PathBuf, PathBuf), String> {
    let pair = ["train.txt", "test.txt"].map(|name| super::shared(root).join("data/emotion").join(name));
    if pair.iter().all(|p| p.is_file()) {
        return Ok(pair.into());
    }
    let [train, test] = [("train.txt", 8_000, 1), ("test.txt", 2_000, 2)].map(|(name, n_rows, seed)| {
        let path = scratch.join(name);
        std::fs::write(&path, synthetic(n_rows, seed)).map(|()| path)
    });
    let cannot = |e: std::io::Error| format!("cannot write the synthetic set: {e}");
    Ok((train.map_err(cannot)?, test.map_err(cannot)?))
}

/// Rows of six labels of falling frequency; every word leans towards one label, and lower ranks are more frequent.
fn synthetic(n_rows: usize, seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
    let mut uniform = move || {
        // SplitMix64: enough for test rows, and the same everywhere.
        state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let z = (state ^ (state >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) as f64 / 2_f64.powi(64)
    };
    let mut rows = String::new();
    for _ in 0..n_rows {
        let label = (uniform().powi(2) * 6.0) as usize;
        for _ in 0..6 + (uniform() * 24.0) as usize {
            let rank = (20_000_f64.powf(uniform()) as usize).min(19_999);
            let word = if uniform() < 0.15 { rank / 6 * 6 + label } else { rank };
            let _ = write!(rows, "w{word} ");
        }
        let _ = writeln!(rows, ";label{label}");
    }
    rows
}

/// A Python with scikit-learn: the one named by `EQUIPOISE_BENCH_PYTHON`, else a fresh environment in `scratch`.
pub(super) fn python(scratch: &Path) -> Result<PathBuf, String> {
    python_with(&["numpy", "scipy", "scikit-learn", "statsmodels"], scratch)
}

/// A Python with `packages`: the one named by `EQUIPOISE_BENCH_PYTHON`, which has them, else a fresh environment in `scratch`.
pub(super) fn python_with(packages: &[&str], scratch: &Path) -> Result<PathBuf, String> {
    if let Some(python) = std::env::var_os("EQUIPOISE_BENCH_PYTHON") {
        return Ok(python.into());
    }
    let venv = scratch.join("venv");
    output(Command::new("python3").args(["-m", "venv"]).arg(&venv))?;
    let python = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    output(Command::new(&python).args(["-m", "pip", "install", "--quiet"]).args(packages))?;
    Ok(python)
}

pub(super) fn output(command: &mut Command) -> Result<Vec<u8>, String> {
    let done = command.output().map_err(|e| format!("cannot start {command:?}: {e}"))?;
    if done.status.success() {
        return Ok(done.stdout);
    }
    Err(format!("{command:?} failed ({}): {}", done.status, String::from_utf8_lossy(&done.stderr).trim()))
}

pub(super) fn json(command: &mut Command) -> Result<Value, String> {
    serde_json::from_slice(&output(command)?).map_err(|e| format!("{command:?} did not print JSON: {e}"))
}

fn table(train: &Path, ours: &Value, theirs: &Value) -> Option<String> {
    let name = train.file_name()?.to_string_lossy();
    let mut text = format!("{name}: {} rows, {} features", ours["n_train"], ours["n_features"]);
    let _ = writeln!(text, " (scikit-learn: {})", theirs["n_features"]);
    let _ = writeln!(
        text,
        "TF-IDF {:.3} s, scikit-learn {:.3} s",
        ours["vectorise_seconds"].as_f64()?,
        theirs["vectorise_seconds"].as_f64()?
    );
    let _ = writeln!(
        text,
        "{:<12} {:>12} {:>9} {:>9} {:>9} {:>7}",
        "", "objective", "macro-F1", "accuracy", "s a fit", "ratio"
    );
    let ours_seconds = ours["fit_seconds"].as_f64()?;
    for (name, fit) in std::iter::once((&"equipoise".to_owned(), ours)).chain(theirs["solvers"].as_object()?) {
        let figure = |key: &str| fit[key].as_f64();
        let seconds = figure("fit_seconds")?;
        let _ = writeln!(
            text,
            "{name:<12} {:>12.2} {:>9.4} {:>9.4} {seconds:>9.3} {:>7.1}",
            figure("objective")?,
            figure("macro_f1")?,
            figure("accuracy")?,
            seconds / ours_seconds
        );
    }
    Some(text)
}

pub(super) fn show(text: &str) -> Result<(), String> {
    use std::io::Write as _;
    std::io::stdout().write_all(text.as_bytes()).map_err(|e| format!("cannot print: {e}"))
}
