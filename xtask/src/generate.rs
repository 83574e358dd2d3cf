//! `cargo xtask gen`: the reference pages, written by the program that they describe.

use crate::shell::{Outcome, output, program, root};
use std::path::Path;
use std::process::Command;

/// Whether pages are written or compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Writes each page.
    Write,
    /// Names the pages that differ from what would be written.
    Check,
}

/// Arguments of `equipoise` and the page that its standard output makes. One line a page.
static PAGES: &[(&[&str], &str)] = &[
    (&["list", "formats", "--markdown"], "docs/reference/formats.md"),
    (&["list", "generators", "--markdown"], "docs/reference/generators.md"),
    (&["list", "providers", "--markdown"], "docs/reference/providers.md"),
    (&["list", "checks", "--markdown"], "docs/reference/checks.md"),
    (&["list", "learners", "--markdown"], "docs/reference/learners.md"),
    (&["list", "arms", "--markdown"], "docs/reference/arms.md"),
    (&["list", "metrics", "--markdown"], "docs/reference/metrics.md"),
];

/// Writes or compares every page.
pub(crate) fn run(mode: Mode) -> Outcome {
    let mut stale = Vec::new();
    let program = program()?;
    for (args, page) in PAGES {
        let text = output(Command::new(&program).args(*args))?;
        if !place(mode, &root().join(page), &text)? {
            stale.push(*page);
        }
    }
    match stale.as_slice() {
        [] => {
            println!("gen: {} pages are up to date", PAGES.len());
            Ok(())
        }
        stale => Err(format!("out of date: {}; `cargo xtask gen` writes them", stale.join(", "))),
    }
}

/// Whether the file at `path` holds `text` in the end.
fn place(mode: Mode, path: &Path, text: &str) -> Outcome<bool> {
    if std::fs::read_to_string(path).is_ok_and(|found| found == text) {
        return Ok(true);
    }
    if mode == Mode::Check {
        return Ok(false);
    }
    let folder = path.parent().unwrap_or(path);
    let written = std::fs::create_dir_all(folder).and_then(|()| std::fs::write(path, text));
    written.map(|()| true).map_err(|e| format!("cannot write {}: {e}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_a_page_with_its_folder_and_only_names_it_when_checking() {
        let folder = tempfile::tempdir().unwrap();
        let page = folder.path().join("reference/arms.md");
        assert_eq!(place(Mode::Check, &page, "a"), Ok(false));
        assert!(!page.exists());
        assert_eq!(place(Mode::Write, &page, "a"), Ok(true));
        assert_eq!(place(Mode::Check, &page, "a"), Ok(true));
        assert_eq!(place(Mode::Check, &page, "b"), Ok(false));
    }
}
