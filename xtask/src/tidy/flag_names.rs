//! The library knows no command line: what it tells people names settings, and each surface words them.

use super::code::{line_of, strings, test_items};
use super::{Finding, Rule, Tree};

pub(super) static RULE: Rule = Rule {
    name: "flag_names",
    why: "a message that names `--label` helps nobody who calls the library from Python; a hint is data (`Hint::new`)",
    check,
};

const LIBRARY: [&str; 2] = ["crates/equipoise/src/", "crates/equipoise-core/src/"];
/// The page tells people what to type.
const PAGE: &str = "crates/equipoise-core/src/report/";

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_looked_at = |path: &str| LIBRARY.iter().any(|f| path.starts_with(f)) && !path.starts_with(PAGE);
    for file in tree.rust("crates/").filter(|file| is_looked_at(&file.path) && !file.path.ends_with("tests.rs")) {
        let tests = test_items(&super::code::code_only(&file.text));
        for (at, text) in strings(&file.text) {
            if let Some(flag) = flag_in(text).filter(|_| !tests.iter().any(|range| range.contains(&at))) {
                let what = format!("`--{flag}` in a string of the library; name the setting");
                findings.push(Finding::new(&file.path, line_of(&file.text, at), what));
            }
        }
    }
    findings
}

/// The first word of `text` that begins with two dashes.
fn flag_in(text: &str) -> Option<&str> {
    let starts =
        text.match_indices("--").filter(|(at, _)| !text[..*at].ends_with(|c: char| c == '-' || c.is_alphanumeric()));
    starts.into_iter().find_map(|(at, _)| {
        let rest = &text[at + 2..];
        let end = rest.find(|c: char| !(c.is_ascii_lowercase() || c == '-')).unwrap_or(rest.len());
        rest.starts_with(|c: char| c.is_ascii_lowercase()).then(|| &rest[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> usize {
        check(&Tree::of(&[(path, text)])).len()
    }

    #[test]
    fn options_in_strings_of_the_library_are_found() {
        let told = "fn f() { tell(\"name it with --label COL\"); }";
        assert_eq!(found("crates/equipoise/src/a.rs", told), 1);
        assert_eq!(found("crates/equipoise-cli/src/a.rs", told), 0);
        assert_eq!(found("crates/equipoise-core/src/report/a.rs", told), 0);
        assert_eq!(found("crates/equipoise/src/a.rs", "// --label\nconst A: &str = \"a -- b, c--d, ---\";"), 0);
    }
}
