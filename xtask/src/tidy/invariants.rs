//! Every **Invariant** of `docs/architecture.md` names a test, a lint or a rule that is there.

use super::code::line_of;
use super::{Finding, RULES, Rule, Tree};

pub(super) static RULE: Rule = Rule { name: "invariants", why: "a rule that only a document holds will rot", check };

const PAGE: &str = "docs/architecture.md";
const MARK: &str = "**Invariant**";

fn check(tree: &Tree) -> Vec<Finding> {
    let Some(page) = tree.file(PAGE) else { return vec![] };
    let mut findings = Vec::new();
    for (at, _) in page.text.match_indices(MARK) {
        let line = line_of(&page.text, at);
        let holders = holders(&page.text[at..]);
        if holders.is_empty() {
            findings.push(Finding::new(PAGE, line, "names nothing that holds it: (held by: `name`)"));
        }
        let absent = holders.into_iter().filter(|name| !exists(tree, name));
        findings.extend(absent.map(|name| Finding::new(PAGE, line, format!("`{name}` is no test, lint or tidy rule"))));
    }
    findings
}

/// The names in `(held by: …)`, up to the next blank line or the next invariant.
fn holders(text: &str) -> Vec<&str> {
    let own = text.split("\n\n").next().unwrap_or_default();
    let own = own[MARK.len()..].split(MARK).next().unwrap_or_default();
    let Some((_, held)) = own.split_once("(held by:") else { return vec![] };
    let held = held.split(')').next().unwrap_or_default();
    held.split('`').skip(1).step_by(2).collect()
}

fn exists(tree: &Tree, name: &str) -> bool {
    let bare = name.rsplit("::").next().unwrap_or(name);
    RULES.iter().any(|rule| rule.name == bare) || is_lint(tree, bare) || is_function(tree, bare)
}

/// A lint that the workspace sets, or one that a clippy.toml configures.
fn is_lint(tree: &Tree, name: &str) -> bool {
    let root: toml::Table = tree.file("Cargo.toml").and_then(|f| f.text.parse().ok()).unwrap_or_default();
    let tables = root.get("workspace").and_then(|w| w.get("lints")).and_then(toml::Value::as_table);
    let set = tables.is_some_and(|t| t.values().any(|lints| lints.get(name).is_some()));
    let key = format!("{} =", name.replace('_', "-"));
    let configs = tree.files().iter().filter(|file| file.path.ends_with("clippy.toml"));
    set || configs.into_iter().any(|file| file.text.lines().any(|line| line.starts_with(&key)))
}

fn is_function(tree: &Tree, name: &str) -> bool {
    let definition = format!("fn {name}(");
    let python = format!("def {name}(");
    tree.files().iter().any(|file| match file.path.rsplit_once('.') {
        Some((_, "rs")) => file.text.contains(&definition),
        Some((_, "py")) => file.text.contains(&python),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(page: &str) -> Vec<Finding> {
        check(&Tree::of(&[
            (PAGE, page),
            ("Cargo.toml", "[workspace.lints.clippy]\nunwrap_used = \"deny\"\n"),
            ("clippy.toml", "disallowed-methods = []\n"),
            ("crates/a/src/lib.rs", "#[test]\nfn drops_a_torn_last_line() {}\n"),
        ]))
    }

    #[test]
    fn takes_tests_lints_and_rules_over_several_lines() {
        let page = "**Invariant**: a line\nthat is torn (held by: `drops_a_torn_last_line`,\n`clippy::unwrap_used`).\n\n\
                    **Invariant**: b (held by: `disallowed_methods`, `sealed_rows`)\n";
        assert_eq!(found(page), []);
    }

    #[test]
    fn refuses_an_invariant_that_names_nothing_or_something_absent() {
        assert_eq!(found("**Invariant**: a.\n\nText (held by: `unwrap_used`)\n").len(), 1);
        assert_eq!(found("x\n**Invariant**: a (held by: `no_such_test`)\n")[0].line, 2);
        assert_eq!(found("**Invariant**: a\n**Invariant**: b (held by: `unwrap_used`)\n").len(), 1);
    }
}
