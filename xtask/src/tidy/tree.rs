//! The text files of the workspace, read once for all rules.

use super::code;
use crate::shell::Outcome;
use std::path::Path;

/// The text files, sorted by path.
pub(crate) struct Tree {
    files: Vec<Source>,
}

/// One text file.
pub(crate) struct Source {
    /// From the root, with `/`.
    pub(crate) path: String,
    /// What it holds.
    pub(crate) text: String,
    /// For Rust: the text with comments, strings and test modules blanked out, line for line. Else empty.
    pub(crate) code: String,
}

/// Folders that hold nothing written for this project.
const SKIPPED: &[&str] = &[".git", "target", "runs", "corpus", "artifacts", "__pycache__", ".venv", "node_modules"];

impl Tree {
    /// Reads all text files under `root`.
    pub(crate) fn read(root: &Path) -> Outcome<Self> {
        let mut files = Vec::new();
        collect(root, root, &mut files).map_err(|e| format!("cannot read the tree: {e}"))?;
        Ok(Tree::new(files))
    }

    #[cfg(test)]
    pub(crate) fn of(files: &[(&str, &str)]) -> Self {
        Tree::new(files.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect())
    }

    fn new(files: Vec<(String, String)>) -> Self {
        let source = |(path, text): (String, String)| {
            let is_rust = path.ends_with(".rs");
            let code = if is_rust { code::without_tests(&code::code_only(&text)) } else { String::new() };
            Source { path, text, code }
        };
        let mut files: Vec<Source> = files.into_iter().map(source).collect();
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Tree { files }
    }

    /// All files.
    pub(crate) fn files(&self) -> &[Source] {
        &self.files
    }

    /// The file at `path`.
    pub(crate) fn file(&self, path: &str) -> Option<&Source> {
        self.files.binary_search_by(|file| file.path.as_str().cmp(path)).ok().map(|at| &self.files[at])
    }

    /// The Rust files under `folder` that are not tests.
    pub(crate) fn rust<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a Source> + 'a {
        let inside = self.files.iter().filter(move |f| f.path.starts_with(folder) && f.path.ends_with(".rs"));
        inside.filter(|f| !self.is_test_module(f))
    }

    /// The manifest of each crate, with the name of its folder.
    pub(crate) fn manifests(&self) -> impl Iterator<Item = (&str, &Source)> {
        self.files.iter().filter_map(|file| {
            let folder = file.path.strip_suffix("/Cargo.toml")?;
            let name = folder.strip_prefix("crates/").unwrap_or(folder);
            (!name.contains('/') && name != "fuzz").then_some((name, file))
        })
    }

    /// Whether the module that declares `file` does so for tests alone.
    fn is_test_module(&self, file: &Source) -> bool {
        let Some((folder, name)) = file.path.rsplit_once('/') else { return false };
        let stem = name.trim_end_matches(".rs");
        let parents = [format!("{folder}/mod.rs"), format!("{folder}/lib.rs"), format!("{folder}.rs")];
        let declaration = format!("mod {stem};");
        parents.iter().filter_map(|path| self.file(path)).any(|parent| {
            let declares = |code: &str| code.lines().any(|line| line.trim().ends_with(&declaration));
            declares(&parent.text) && !declares(&parent.code)
        })
    }
}

fn collect(root: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_symlink() || SKIPPED.contains(&&*name) {
            continue;
        }
        if path.is_dir() {
            collect(root, &path, files)?;
        } else if let Ok(text) = String::from_utf8(std::fs::read(&path)?) {
            let relative = path.strip_prefix(root).expect("the walk starts at the root");
            files.push((relative.to_string_lossy().replace('\\', "/"), text));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_out_modules_that_are_declared_for_tests() {
        let tree = Tree::of(&[
            ("src/a/mod.rs", "mod item;\n#[cfg(test)]\nmod item_tests;\n"),
            ("src/a/item.rs", ""),
            ("src/a/item_tests.rs", ""),
        ]);
        let paths: Vec<&str> = tree.rust("src/").map(|f| f.path.as_str()).collect();
        assert_eq!(paths, ["src/a/item.rs", "src/a/mod.rs"]);
    }

    #[test]
    fn reads_text_files_and_skips_build_output_and_binary_files() {
        let folder = tempfile::tempdir().unwrap();
        for sub in ["target", "docs"] {
            std::fs::create_dir(folder.path().join(sub)).unwrap();
            std::fs::write(folder.path().join(sub).join("a.md"), "text").unwrap();
        }
        std::fs::write(folder.path().join("journal.db"), [0xff, 0xfe, 0]).unwrap();
        let tree = Tree::read(folder.path()).unwrap();
        assert_eq!(tree.files().iter().map(|f| f.path.as_str()).collect::<Vec<_>>(), ["docs/a.md"]);
    }
}
