//! The rules of the house that neither the compiler nor clippy can hold. A rule is one file and one line of [`RULES`].

mod adr;
mod arm_names;
mod catalog_siblings;
mod code;
mod core_calls;
mod crate_edges;
mod file_length;
mod flag_names;
mod invariants;
mod lints_table;
mod machine_paths;
mod module_order;
mod sealed_rows;
mod tree;
mod unfinished;
mod uses;

use crate::shell::{Outcome, root};
use tree::Tree;

/// One rule over the whole tree.
pub(crate) struct Rule {
    /// snake_case name, as architecture.md cites it.
    pub(crate) name: &'static str,
    /// What goes wrong without it.
    why: &'static str,
    check: fn(&Tree) -> Vec<Finding>,
}

/// One breach of a rule.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Finding {
    /// From the root, with `/`.
    path: String,
    /// From 1; 0 stands for the whole file.
    line: usize,
    what: String,
}

impl Finding {
    fn new(path: &str, line: usize, what: impl Into<String>) -> Self {
        Finding { path: path.to_owned(), line, what: what.into() }
    }
}

/// All rules, in order of name.
pub(crate) static RULES: &[&Rule] = &[
    &adr::RULE,
    &arm_names::RULE,
    &catalog_siblings::RULE,
    &core_calls::RULE,
    &crate_edges::RULE,
    &file_length::RULE,
    &flag_names::RULE,
    &invariants::RULE,
    &lints_table::RULE,
    &machine_paths::RULE,
    &module_order::RULE,
    &sealed_rows::RULE,
    &unfinished::RULE,
];

/// Checks every rule and prints each breach.
pub(crate) fn run() -> Outcome {
    let tree = Tree::read(&root())?;
    let mut n_findings = 0;
    for rule in RULES {
        let findings = (rule.check)(&tree);
        for finding in &findings {
            println!("{}:{}: {} [{}]", finding.path, finding.line, finding.what, rule.name);
        }
        if !findings.is_empty() {
            println!("  why: {}\n", rule.why);
        }
        n_findings += findings.len();
    }
    match n_findings {
        0 => {
            println!("tidy: {} rules hold over {} files", RULES.len(), tree.files().len());
            Ok(())
        }
        n => Err(format!("{n} breaches of the rules that `cargo xtask tidy` holds")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_each_rule_once_and_says_why() {
        assert!(RULES.is_sorted_by(|a, b| a.name < b.name));
        assert!(RULES.iter().all(|rule| rule.why.len() > 20));
    }

    #[test]
    fn finds_nothing_in_an_empty_tree_but_what_must_be_there() {
        let tree = Tree::of(&[]);
        for rule in RULES.iter().filter(|rule| rule.name != "sealed_rows") {
            assert_eq!((rule.check)(&tree), [], "{}", rule.name);
        }
    }
}
