//! Every crate takes the lints of the workspace.

use super::{Finding, Rule, Tree};

pub(super) static RULE: Rule = Rule {
    name: "lints_table",
    why: "a crate without the table is checked by none of the workspace's lints, and nobody notices",
    check,
};

fn check(tree: &Tree) -> Vec<Finding> {
    let without = tree.manifests().filter(|(_, file)| !takes_the_lints(&file.text));
    without.map(|(_, file)| Finding::new(&file.path, 0, "needs `[lints]` with `workspace = true`")).collect()
}

fn takes_the_lints(manifest: &str) -> bool {
    let table: Option<toml::Table> = manifest.parse().ok();
    table.and_then(|t| t.get("lints")?.get("workspace")?.as_bool()).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_a_crate_without_the_table() {
        let with = ("crates/a/Cargo.toml", "[package]\nname = \"a\"\n[lints]\nworkspace = true\n");
        let without = ("xtask/Cargo.toml", "[package]\nname = \"b\"\n[lints]\n");
        let root = ("Cargo.toml", "[workspace]\n");
        let found = check(&Tree::of(&[root, with, without]));
        assert_eq!(found.iter().map(|f| f.path.as_str()).collect::<Vec<_>>(), ["xtask/Cargo.toml"]);
    }
}
