//! Core touches no file, socket, process, clock, environment or terminal. Its tests and examples may.

use super::code::{find_token, line_of};
use super::uses::std_uses;
use super::{Finding, Rule, Tree};

pub(super) static RULE: Rule = Rule {
    name: "core_calls",
    why: "core computes, the crate around it acts; else no run could be replayed byte for byte",
    check,
};

const SRC: &str = "crates/equipoise-core/src/";
const MODULES: [&str; 7] =
    ["std::fs", "std::env", "std::net", "std::process", "std::io::stdin", "std::io::stdout", "std::io::stderr"];
const CALLS: [&str; 6] = ["SystemTime::now", "Instant::now", "thread_rng", "rand::rng", "println!", "eprintln!"];

fn check(tree: &Tree) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in tree.rust(SRC) {
        for used in std_uses(&file.code) {
            let path = used.path.join("::");
            if MODULES.iter().any(|module| path == *module || path.starts_with(&format!("{module}::"))) {
                findings.push(Finding::new(&file.path, used.line, format!("`{path}` in core")));
            }
        }
        let calls = CALLS.iter().flat_map(|call| find_token(&file.code, call).into_iter().map(move |at| (call, at)));
        findings.extend(
            calls.map(|(call, at)| Finding::new(&file.path, line_of(&file.code, at), format!("`{call}` in core"))),
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_comments_tests_and_the_crates_around_core() {
        let core =
            "/// Not `std::fs`.\nfn f() -> &'static str { \"println!\" }\n#[cfg(test)]\nmod tests { use std::fs; }\n";
        let files = [
            ("crates/equipoise-core/src/a.rs", core),
            ("crates/equipoise-core/tests/a.rs", "use std::fs;"),
            ("crates/equipoise-core/examples/a.rs", "use std::env;"),
            ("crates/equipoise/src/a.rs", "use std::fs;"),
        ];
        assert_eq!(check(&Tree::of(&files)), []);
    }

    #[test]
    fn refuses_files_the_environment_clocks_and_printing() {
        for code in
            ["use std::fs::File;", "use std::{collections::HashMap, fs};", "let t = SystemTime::now();", "println!();"]
        {
            let found = check(&Tree::of(&[("crates/equipoise-core/src/a.rs", code)]));
            assert_eq!(found.len(), 1, "{code}");
        }
    }
}
