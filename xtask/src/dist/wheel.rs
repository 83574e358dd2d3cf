//! The Python package as people install it: a wheel for this machine, and its sources.

use crate::py;
use crate::shell::{Outcome, root, run as run_command};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A larger wheel has something in it that does not belong there.
const MOST_MB: f64 = 15.0;

/// Builds wheel and sources into `folder` and gives their paths; an empty list where no Python is at hand.
pub(super) fn build(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let Some(python) = py::with_packages(&["maturin>=1.10,<2.0".to_owned()]) else { return Ok(Vec::new()) };
    // What an earlier version left there is not of this release.
    for old in packages(folder)? {
        std::fs::remove_file(&old).map_err(|e| format!("cannot remove {}: {e}", old.display()))?;
    }
    // The sources hold fewer crates than this workspace, so that the lock file is not theirs to the letter: a wheel that is built from them
    // cannot be `--locked`, and the two are made apart.
    let maturin = |args: &[&str]| {
        let mut maturin = Command::new(&python);
        maturin.args(["-m", "maturin"]).args(args).arg("--out").arg(folder);
        run_command(maturin.current_dir(root().join("crates/equipoise-py")))
    };
    maturin(&["sdist"])?;
    maturin(&["build", "--profile", "dist", "--locked"])?;
    let built = packages(folder)?;
    for path in &built {
        let mb = std::fs::metadata(path).map_err(|e| e.to_string())?.len() as f64 / 1e6;
        println!("dist: {} ({mb:.1} MB)", path.display());
        if mb > MOST_MB {
            return Err(format!("{} has {mb:.1} MB; it may have {MOST_MB}", path.display()));
        }
    }
    Ok(built)
}

/// Wheels and sources of the Python package in `folder`.
fn packages(folder: &Path) -> Outcome<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder).map_err(|e| format!("cannot read {}: {e}", folder.display()))?;
    let is_package = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // Archives of the command have a target in their name, sources have the version alone.
        name.ends_with(".whl") || (name.ends_with(".tar.gz") && name.split('-').count() == 2)
    };
    let mut found: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).filter(is_package).collect();
    found.sort();
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wheels_and_sources_are_told_from_archives_of_the_command() {
        let folder = tempfile::tempdir().unwrap();
        let names = [
            "equipoise-0.1.0-x86_64-unknown-linux-gnu.tar.gz",
            "equipoise-0.1.0.tar.gz",
            "equipoise-0.1.0-cp311-abi3-linux_x86_64.whl",
        ];
        names.iter().for_each(|name| std::fs::write(folder.path().join(name), "").unwrap());
        let found = packages(folder.path()).unwrap();
        let found: Vec<&str> = found.iter().filter_map(|path| path.file_name()?.to_str()).collect();
        assert_eq!(found, [names[2], names[1]]);
    }
}
