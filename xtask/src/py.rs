//! `cargo xtask py [--slow]`: the Python package, built and tested from Python.

use crate::shell::{Outcome, build_all, output, read, root, run as run_command};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest Python that the package takes.
const OLDEST: (u32, u32) = (3, 11);
/// Where a Python is looked for; `PYTHON` names another.
const NAMES: [&str; 5] = ["python3", "python", "python3.13", "python3.12", "python3.11"];
/// What cargo calls the built module, and what Python calls it.
const MODULE: (&str, &str) = match cfg!(windows) {
    true => ("_equipoise.dll", "_equipoise.pyd"),
    false if cfg!(target_os = "macos") => ("lib_equipoise.dylib", "_equipoise.abi3.so"),
    false => ("lib_equipoise.so", "_equipoise.abi3.so"),
};

/// Which of the package's tests run.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tests {
    /// Those that take a minute or two.
    Quick,
    /// All of them, with the packages that they need.
    Slow,
}

/// Builds the module and runs the package's tests, types, stubs and doctests. Where there is no Python, or its packages cannot be
/// installed, it says so and is no fault: neither tells anything of the change that is tested.
pub(crate) fn run(tests: Tests) -> Outcome {
    let groups: &[&str] = if tests == Tests::Slow { &["dev", "slow"] } else { &["dev"] };
    let packages: Vec<Vec<String>> = groups.iter().map(|group| packages(group)).collect::<Outcome<_>>()?;
    let Some(python) = with_packages(&packages.concat()) else { return Ok(()) };
    build()?;
    let folder = package();
    let step = |args: &[&str]| {
        let mut command = Command::new(&python);
        run_command(command.args(args).current_dir(&folder).env("PYTHONPATH", folder.join("python")))
    };
    let marked = if tests == Tests::Slow { "slow or not slow" } else { "not slow" };
    step(&["-m", "pytest", "-q", "-p", "no:cacheprovider", "--durations=5", "-m", marked])?;
    step(&["-m", "mypy", "--strict", "--cache-dir", "../../target/py/mypy"])?;
    step(&["-m", "mypy.stubtest", "equipoise._equipoise"])
}

/// A Python that has `packages`; `None`, and a line that says why, where there cannot be one.
pub(crate) fn with_packages(packages: &[String]) -> Option<PathBuf> {
    let found = find().ok_or_else(|| format!("no Python {}.{} or later is here", OLDEST.0, OLDEST.1));
    let python = found.and_then(|python| environment(&python, packages));
    python.map_err(|fault| println!("{fault}; whatever needs Python is skipped")).ok()
}

fn package() -> PathBuf {
    root().join("crates/equipoise-py")
}

/// Puts the module beside the Python files.
fn build() -> Outcome {
    let (built, module) = (build_all()?.join(MODULE.0), package().join("python/equipoise").join(MODULE.1));
    // A module that a process has loaded is replaced, not written into.
    let _ = std::fs::remove_file(&module);
    std::fs::copy(&built, &module).map(drop).map_err(|e| format!("cannot copy {}: {e}", built.display()))
}

/// A Python that is new enough.
fn find() -> Option<PathBuf> {
    let own = std::env::var("PYTHON").ok();
    own.as_deref().into_iter().chain(NAMES).find(|name| version(name).is_some_and(|v| v >= OLDEST)).map(PathBuf::from)
}

fn version(python: &str) -> Option<(u32, u32)> {
    let told = output(Command::new(python).args(["-c", "import sys; print(*sys.version_info[:2])"])).ok()?;
    let (major, minor) = told.trim().split_once(' ')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

/// The Python of a virtual environment under `target` that has `packages`.
fn environment(python: &Path, packages: &[String]) -> Outcome<PathBuf> {
    let venv = root().join("target/py");
    let own = venv.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    if !own.exists() {
        run_command(Command::new(python).args(["-m", "venv"]).arg(&venv)).map_err(|e| {
            // What is left of it would be taken for one the next time.
            drop(std::fs::remove_dir_all(&venv));
            format!("no virtual environment can be made ({e})")
        })?;
    }
    // Asking for what is there already is quick. Compiling every file takes longer than the tests take to compile those that they use.
    let mut install = Command::new(&own);
    install.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile", "--retries", "1"]);
    install.args(packages);
    run_command(&mut install).map_err(|e| format!("packages cannot be installed ({e})"))?;
    Ok(own)
}

/// The packages of a dependency group of `pyproject.toml`.
fn packages(group: &str) -> Outcome<Vec<String>> {
    let path = package().join("pyproject.toml");
    let table: toml::Table = read(&path)?.parse().map_err(|e| format!("{}: {e}", path.display()))?;
    let listed = table.get("dependency-groups").and_then(|groups| groups.get(group)).and_then(toml::Value::as_array);
    let listed = listed.ok_or_else(|| format!("{}: it has no dependency-groups.{group}", path.display()))?;
    Ok(listed.iter().filter_map(toml::Value::as_str).map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_packages_of_the_tests_are_those_that_the_project_lists() {
        assert!(packages("slow").unwrap().iter().any(|package| package == "datasets"));
        let packages = packages("dev").unwrap();
        assert!(packages.iter().any(|package| package.starts_with("pytest")), "{packages:?}");
        assert!(packages.iter().any(|package| package.starts_with("mypy")), "{packages:?}");
    }

    #[test]
    fn what_is_no_python_has_no_version() {
        assert_eq!(version("no-such-python"), None);
    }
}
