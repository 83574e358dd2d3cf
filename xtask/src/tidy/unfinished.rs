//! Nothing in the tree is marked as to be done later.

use super::code::{find_token, line_of};
use super::{Finding, Rule, Tree};

pub(super) static RULE: Rule = Rule {
    name: "unfinished",
    why: "what is not done is not merged; what should be done later is an issue, where somebody looks",
    check,
};

// Put together here, so that this file does not break its own rule.
const IN_CODE: [&str; 2] = [concat!("to", "do!"), concat!("unimple", "mented!")];
const ANYWHERE: [&str; 2] = [concat!("FIX", "ME"), concat!("XX", "X")];

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.files().iter().filter(|file| !file.path.ends_with(".csv")) {
        let in_code =
            IN_CODE.iter().flat_map(|mark| find_token(&file.code, mark).into_iter().map(move |at| (mark, at)));
        let anywhere = ANYWHERE.iter().flat_map(|m| find_token(&file.text, m).into_iter().map(move |at| (m, at)));
        findings.extend(in_code.chain(anywhere).map(|(mark, at)| {
            Finding::new(&file.path, line_of(&file.text, at), format!("`{mark}`: finish it or take it out"))
        }));
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_marks_in_code_and_comments_and_leaves_the_macro_names_alone_in_prose() {
        let marked = format!("fn a() {{\n    {}()\n}}\n// {}: later\n", IN_CODE[0], ANYWHERE[0]);
        let prose = format!("// clippy denies {} here\n", IN_CODE[0]);
        let tree = Tree::of(&[("a.rs", &marked), ("b.rs", &prose)]);
        let lines: Vec<(String, usize)> = check(&tree).into_iter().map(|f| (f.path, f.line)).collect();
        assert_eq!(lines, [("a.rs".to_owned(), 2), ("a.rs".to_owned(), 4)]);
    }
}
