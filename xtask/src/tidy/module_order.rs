//! A module of core uses only those that stand above it in `lib.rs`. Tests may use any.

use super::uses::{module_of, uses};
use super::{Finding, Rule, Tree};

pub(super) static RULE: Rule = Rule {
    name: "module_order",
    why: "the modules of core stand in the order of the pipeline; one that looks down the line makes a cycle",
    check,
};

const SRC: &str = "crates/equipoise-core/src/";

fn check(tree: &Tree) -> Vec<Finding> {
    let Some(lib) = tree.file(&format!("{SRC}lib.rs")) else { return vec![] };
    let order = declared(&lib.code);
    let place = |module: &str| order.iter().position(|m| m == module);
    let mut findings = Vec::new();
    for file in tree.rust(SRC) {
        let module = module_of(&file.path[SRC.len()..]);
        let Some((own, at)) = module.first().and_then(|m| Some((m, place(m)?))) else { continue };
        for used in uses(&file.code, &module) {
            let Some(target) = used.path.first() else { continue };
            if place(target).is_some_and(|below| below > at) {
                let what = format!("`{own}` uses `{target}`, which stands below it in lib.rs");
                findings.push(Finding::new(&file.path, used.line, what));
            }
        }
    }
    findings
}

/// The modules in the order of their `mod` lines.
fn declared(code: &str) -> Vec<String> {
    let lines = code.lines().map(str::trim).filter_map(|line| line.strip_suffix(';'));
    lines.filter_map(|line| line.rsplit_once("mod ").map(|(_, name)| name.to_owned())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIB: (&str, &str) = ("crates/equipoise-core/src/lib.rs", "pub mod text;\n\npub mod data;\npub mod check;\n");

    #[test]
    fn takes_uses_of_modules_above_and_of_the_module_itself() {
        let check_file =
            ("crates/equipoise-core/src/check/copy.rs", "use crate::{data::Row, text};\nuse super::Check;\n");
        let test = (
            "crates/equipoise-core/src/text.rs",
            "#[cfg(test)]\nmod tests { use crate::data::Row; }\n/// [`crate::data`]\nfn f() {}\n",
        );
        assert_eq!(check(&Tree::of(&[LIB, check_file, test])), []);
    }

    #[test]
    fn refuses_a_use_of_a_module_below_in_each_form() {
        for code in [
            "use crate::check::Check;",
            "use crate::{text, check::Check};",
            "use super::super::check;",
            "fn f() { crate::check::run() }",
        ] {
            let tree = Tree::of(&[LIB, ("crates/equipoise-core/src/data/rows.rs", code)]);
            assert_eq!(check(&tree).len(), 1, "{code}");
        }
    }
}
