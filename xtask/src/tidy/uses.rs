//! Paths inside a crate (`crate::…`, `super::…`, `self::…`), resolved to the root, groups unfolded.

use super::code::line_of;

/// One path as it stands in the code.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Use {
    /// From 1.
    pub(crate) line: usize,
    /// From the root of the crate, e.g. `["check", "copy", "ENTRY"]`.
    pub(crate) path: Vec<String>,
}

/// The module that the file at `path` below `src/` holds: `check/copy.rs` is `["check", "copy"]`.
pub(crate) fn module_of(path: &str) -> Vec<String> {
    let stem = path.trim_end_matches(".rs");
    let stem = stem.strip_suffix("/mod").unwrap_or(stem);
    if stem == "lib" || stem == "main" { vec![] } else { stem.split('/').map(str::to_owned).collect() }
}

/// All paths inside the crate, in `code` of the module `module`; `code` is what [`super::code::code_only`] gives.
pub(crate) fn uses(code: &str, module: &[String]) -> Vec<Use> {
    paths_from(code, &["crate", "super", "self"], module)
}

/// All paths into the standard library, e.g. `["std", "fs", "File"]`.
pub(crate) fn std_uses(code: &str) -> Vec<Use> {
    paths_from(code, &["std"], &[])
}

fn paths_from(code: &str, roots: &[&str], module: &[String]) -> Vec<Use> {
    let bytes = code.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if !is_word(bytes[at]) {
            at += 1;
            continue;
        }
        let end = word_end(bytes, at);
        let word = &code[at..end];
        let starts_a_path = !code[..at].ends_with("::") && code[end..].starts_with("::");
        if starts_a_path && roots.contains(&word) {
            let mut paths = Vec::new();
            let stop = read_path(code, at, module, &mut paths);
            found.extend(paths.into_iter().map(|path| Use { line: line_of(code, at), path }));
            at = stop.max(end);
        } else {
            at = end;
        }
    }
    found
}

/// Reads one path or group element at `at` under `prefix`; returns where it ends.
fn read_path(code: &str, mut at: usize, prefix: &[String], out: &mut Vec<Vec<String>>) -> usize {
    let bytes = code.as_bytes();
    let mut path = prefix.to_vec();
    loop {
        at = skip_space(bytes, at);
        match bytes.get(at) {
            Some(b'{') => return read_group(code, at + 1, &path, out),
            Some(byte) if is_word(*byte) => {
                let end = word_end(bytes, at);
                match &code[at..end] {
                    "crate" => path.clear(),
                    "super" => {
                        path.pop();
                    }
                    "self" => {}
                    name => path.push(name.to_owned()),
                }
                at = end;
            }
            _ => break,
        }
        if !code[at..].starts_with("::") {
            break;
        }
        at += 2;
    }
    out.push(path);
    at
}

fn read_group(code: &str, mut at: usize, prefix: &[String], out: &mut Vec<Vec<String>>) -> usize {
    let bytes = code.as_bytes();
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'}' => return at + 1,
            byte if is_word(*byte) || *byte == b'{' => {
                at = read_path(code, at, prefix, out);
                // Skips `as other_name` and the comma.
                at += code[at..].find([',', '}']).unwrap_or(code.len() - at);
            }
            _ => at += 1,
        }
    }
    at
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

fn word_end(bytes: &[u8], at: usize) -> usize {
    bytes[at..].iter().position(|b| !is_word(*b)).map_or(bytes.len(), |n| at + n)
}

fn skip_space(bytes: &[u8], at: usize) -> usize {
    bytes[at.min(bytes.len())..].iter().position(|b| !b.is_ascii_whitespace()).map_or(bytes.len(), |n| at + n)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(code: &str, module: &str) -> Vec<String> {
        uses(code, &module_of(module)).into_iter().map(|u| u.path.join("::")).collect()
    }

    #[test]
    fn names_the_module_of_a_file() {
        assert_eq!(module_of("check/copy.rs"), ["check", "copy"]);
        assert_eq!(module_of("check/mod.rs"), ["check"]);
        assert!(module_of("lib.rs").is_empty());
    }

    #[test]
    fn unfolds_groups_and_resolves_super() {
        let code =
            "use crate::{data::{Row, RowId as Id}, rng::Seed};\nuse super::copy::ENTRY;\nuse super::super::text;";
        let expected = ["data::Row", "data::RowId", "rng::Seed", "check::copy::ENTRY", "text"];
        assert_eq!(paths(code, "check/length.rs"), expected);
    }

    #[test]
    fn sees_paths_inside_expressions_and_ignores_visibility() {
        assert_eq!(paths("pub(crate) fn f() { crate::text::hash64(b) }", "rng.rs"), ["text::hash64"]);
        assert_eq!(paths("use super::*; use foo::crate_name;", "check/copy.rs"), ["check"]);
    }

    #[test]
    fn unfolds_groups_of_the_standard_library() {
        let found = std_uses("use std::{fs::{self, File}, collections::HashMap};");
        let found: Vec<String> = found.into_iter().map(|u| u.path.join("::")).collect();
        assert_eq!(found, ["std::fs", "std::fs::File", "std::collections::HashMap"]);
    }

    #[test]
    fn gives_the_line_and_survives_a_cut() {
        assert_eq!(uses("\n\nuse crate::text::x;", &[])[0].line, 3);
        for end in 0..40 {
            let code = "use crate::{a::{b as c, d}, super::e}; x";
            uses(&code[..end], &module_of("a/b.rs"));
        }
    }
}
