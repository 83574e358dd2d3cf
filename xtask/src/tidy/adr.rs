//! Decisions lie in `docs/adr/NNNN-title.md`, one number each, in at most 60 lines.

use super::{Finding, Rule, Tree};
use std::collections::BTreeMap;

pub(super) static RULE: Rule = Rule {
    name: "adr",
    why: "a decision that takes more than a page is several, and one that cannot be cited by number is forgotten",
    check,
};

const FOLDER: &str = "docs/adr/";
const LIMIT: usize = 60;

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut numbers = BTreeMap::new();
    for file in tree.files().iter().filter(|file| file.path.starts_with(FOLDER)) {
        let Some(number) = number(&file.path[FOLDER.len()..]) else {
            findings.push(Finding::new(&file.path, 0, "is not named NNNN-title.md, in lower case with hyphens"));
            continue;
        };
        if let Some(other) = numbers.insert(number, &file.path) {
            findings.push(Finding::new(&file.path, 0, format!("has the number of {other}")));
        }
        let n = file.text.lines().count();
        if n > LIMIT {
            findings.push(Finding::new(&file.path, LIMIT + 1, format!("{n} lines, the limit is {LIMIT}")));
        }
    }
    findings
}

fn number(name: &str) -> Option<&str> {
    let (number, title) = name.strip_suffix(".md")?.split_once('-')?;
    let is_number = number.len() == 4 && number.bytes().all(|b| b.is_ascii_digit());
    let is_title =
        !title.is_empty() && title.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
    (is_number && is_title).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_a_short_page_with_a_number_of_its_own() {
        assert_eq!(check(&Tree::of(&[("docs/adr/0001-four-crates.md", "# Four crates\n")])), []);
    }

    #[test]
    fn refuses_long_pages_other_names_and_numbers_that_stand_twice() {
        let long = "x\n".repeat(61);
        for files in [
            vec![("docs/adr/0001-long.md", long.as_str())],
            vec![("docs/adr/1-short.md", "")],
            vec![("docs/adr/0001_Title.md", "")],
            vec![("docs/adr/0001-a.md", ""), ("docs/adr/0001-b.md", "")],
        ] {
            assert_eq!(check(&Tree::of(&files)).len(), 1, "{:?}", files[0].0);
        }
    }
}
