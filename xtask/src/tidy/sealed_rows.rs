//! Only `data/` and `eval/` of core name the method that opens held-out rows.

use super::code::{find_token, line_of};
use super::{Finding, Rule, Tree};

pub(super) static RULE: Rule = Rule {
    name: "sealed_rows",
    why: "held-out rows that a check, a generator or a selection has seen prove nothing; only the final evaluation opens them",
    check,
};

const SRC: &str = "crates/equipoise-core/src/";
const METHOD: &str = "sealed_rows";
const HOLDER: &str = "crates/equipoise-core/src/data/dataset.rs";

fn check(tree: &Tree) -> Vec<Finding> {
    let holder = tree.file(HOLDER).filter(|file| file.code.contains(&format!("pub(crate) fn {METHOD}(")));
    if holder.is_none() {
        // Without this the rule would hold for ever once somebody renamed the method.
        let what =
            format!("`pub(crate) fn {METHOD}` is not here; the rule must follow the method that opens held-out rows");
        return vec![Finding::new(HOLDER, 0, what)];
    }
    let outside =
        tree.rust(SRC).filter(|file| !["data/", "eval/"].iter().any(|m| file.path[SRC.len()..].starts_with(m)));
    let found = outside.flat_map(|file| find_token(&file.code, METHOD).into_iter().map(move |at| (file, at)));
    found.map(|(file, at)| Finding::new(&file.path, line_of(&file.code, at), "opens held-out rows")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const DATASET: (&str, &str) = (HOLDER, "pub(crate) fn sealed_rows(&self) {}");

    #[test]
    fn takes_the_evaluation_and_refuses_all_else() {
        let eval = ("crates/equipoise-core/src/eval/run.rs", "fn f() { held_out.sealed_rows() }");
        let select = ("crates/equipoise-core/src/select/mod.rs", "fn f() {\n HeldOut::sealed_rows(&h) }");
        assert_eq!(check(&Tree::of(&[DATASET, eval])), []);
        assert_eq!(check(&Tree::of(&[DATASET, eval, select])), [Finding::new(select.0, 2, "opens held-out rows")]);
    }

    #[test]
    fn notices_that_the_method_has_another_name() {
        assert_eq!(check(&Tree::of(&[(HOLDER, "pub(crate) fn rows(&self) {}")])).len(), 1);
    }
}
