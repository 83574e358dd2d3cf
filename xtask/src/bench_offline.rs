//! `cargo xtask bench offline [SPLITS]`: what texts of the offline generator are worth beside rivals that cost nothing, how they
//! read and how fast they come.

use crate::shell::Outcome;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Prints every table; `SPLITS` is the number of repeated splits, 20 where it is left out.
///
/// # Errors
/// A sentence that names what is missing or failed.
pub(crate) fn run(args: &[&str]) -> Outcome {
    let splits = match args {
        [] => "20",
        [splits] if splits.parse::<usize>().is_ok_and(|n| n > 1) => splits,
        _ => return Err("usage: cargo xtask bench offline [SPLITS]".to_owned()),
    };
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let shared = std::env::var_os("EQUIPOISE_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    let data = shared.join("data");
    let emotion = data.join("emotion/train.txt");
    if !emotion.is_file() {
        return Err("the sets are not at hand: set EQUIPOISE_SHARED to a folder with data/emotion/train.txt".to_owned());
    }
    let (data, emotion) = (data.to_string_lossy(), emotion.to_string_lossy());
    // Each in a process of its own, so that the peak of memory is that of the measured part.
    example(&root, &["speed", &emotion, "16000"])?;
    example(&root, &["speed", &emotion, "1000000"])?;
    for rows in ["100", "572"] {
        example(&root, &["texts", &emotion, "surprise", rows, "400", "60"])?;
    }
    example(&root, &["gain", &data, splits])
}

fn example(root: &Path, args: &[&str]) -> Outcome {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    let build = ["run", "--quiet", "--release", "-p", "equipoise-core", "--example", "offline_bench", "--"];
    let status = Command::new(cargo).current_dir(root).args(build).args(args).status();
    match status.map_err(|e| format!("cannot start cargo: {e}"))? {
        done if done.success() => Ok(()),
        failed => Err(format!("offline_bench {} failed: {failed}", args.join(" "))),
    }
}
