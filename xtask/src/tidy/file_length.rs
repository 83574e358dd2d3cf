//! No source file has more than 600 lines.

use super::{Finding, Rule, Tree};

pub(super) static RULE: Rule =
    Rule { name: "file_length", why: "a file has one idea; over 600 lines, tests included, it has several", check };

const LIMIT: usize = 600;
/// Pages that this program writes (`.html`) are no source.
const SOURCES: [&str; 8] = [".rs", ".py", ".js", ".css", ".j2", ".jinja", ".sh", ".toml"];

fn check(tree: &Tree) -> Vec<Finding> {
    let sources = tree.files().iter().filter(|file| SOURCES.iter().any(|end| file.path.ends_with(end)));
    let long = sources.map(|file| (file, file.text.lines().count())).filter(|(_, n)| *n > LIMIT);
    long.map(|(file, n)| Finding::new(&file.path, LIMIT + 1, format!("{n} lines, the limit is {LIMIT}"))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_600_lines_and_refuses_601() {
        let tree =
            Tree::of(&[("a.rs", &"x\n".repeat(600)), ("b.rs", &"x\n".repeat(601)), ("c.csv", &"x\n".repeat(601))]);
        let found = check(&tree);
        assert_eq!(found.iter().map(|f| f.path.as_str()).collect::<Vec<_>>(), ["b.rs"]);
    }
}
