//! An item of a catalog of core uses no other item, of its own catalog or of another.

use super::uses::{module_of, uses};
use super::{Finding, Rule, Tree};
use std::collections::BTreeSet;

pub(super) static RULE: Rule = Rule {
    name: "catalog_siblings",
    why: "an item must be removable by deleting its file and its line; what two items share stands beside them",
    check,
};

const SRC: &str = "crates/equipoise-core/src/";

fn check(tree: &Tree) -> Vec<Finding> {
    let items = items(tree);
    let mut findings = Vec::new();
    for file in tree.rust(SRC) {
        let module = module_of(&file.path[SRC.len()..]);
        let Some(own) = item_of(&module).filter(|own| items.contains(own)) else { continue };
        for used in uses(&file.code, &module) {
            if let Some(other) = item_of(&used.path).filter(|other| *other != own && items.contains(other)) {
                let what = format!("the item `{}` uses the item `{}`", own.join("::"), other.join("::"));
                findings.push(Finding::new(&file.path, used.line, what));
            }
        }
    }
    findings
}

/// Catalog and item: the first two parts of a path.
fn item_of(path: &[String]) -> Option<[String; 2]> {
    <[String; 2]>::try_from(path.get(..2)?.to_vec()).ok()
}

/// An item is a file or folder that holds an `ENTRY`, in a folder whose `mod.rs` holds a `CATALOG`.
fn items(tree: &Tree) -> BTreeSet<[String; 2]> {
    let holds_entry = tree.rust(SRC).filter(|file| file.code.contains("static ENTRY"));
    let items = holds_entry.filter_map(|file| item_of(&module_of(&file.path[SRC.len()..])));
    items
        .filter(|[catalog, _]| {
            tree.file(&format!("{SRC}{catalog}/mod.rs")).is_some_and(|m| m.code.contains("CATALOG:"))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOG: &str = "pub static CATALOG: &[&Entry<dyn Check>] = &[&copy::ENTRY];";

    fn tree(length: &str) -> Tree {
        Tree::of(&[
            ("crates/equipoise-core/src/check/mod.rs", CATALOG),
            ("crates/equipoise-core/src/check/copy.rs", "pub(super) static ENTRY: Entry = e;"),
            ("crates/equipoise-core/src/check/share.rs", "pub(super) fn shared() {}"),
            ("crates/equipoise-core/src/check/length.rs", &format!("{length}\npub(super) static ENTRY: Entry = e;")),
            ("crates/equipoise-core/src/arm/mod.rs", CATALOG),
            ("crates/equipoise-core/src/arm/smote/mod.rs", "pub(super) static ENTRY: Entry = e;"),
        ])
    }

    #[test]
    fn takes_the_catalog_itself_and_what_items_share() {
        assert_eq!(check(&tree("use super::{Check, share::shared};\nuse crate::arm::Arm;")), []);
    }

    #[test]
    fn refuses_a_sibling_and_an_item_of_another_catalog() {
        for code in ["use super::copy::Copy;", "use super::{Check, copy};", "use crate::arm::smote::Smote;"] {
            assert_eq!(check(&tree(code)).len(), 1, "{code}");
        }
    }
}
