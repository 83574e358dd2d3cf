//! Outside its own folder an arm is named by its entry or by what its entry says, never by a string.

use super::code::{line_of, strings, test_items};
use super::{Finding, Rule, Tree};

pub(super) static RULE: Rule = Rule {
    name: "arm_names",
    why: "lists of arm names drift apart, and then a name decides a verdict; the catalog says what each arm is made of",
    check,
};

const ARMS: &str = "crates/equipoise-core/src/arm/";
/// Names that are words of other things too; they are refused where arms are spoken of.
const ALSO_WORDS: [&str; 5] = ["auto", "none", "offline", "synthetic", "threshold"];
const SPEAK_OF_ARMS: [&str; 2] = ["crates/equipoise-core/src/eval/", "crates/equipoise-core/src/report/"];
/// Strings that are no arm although they look like one.
const OTHERWISE: [(&str, &str); 1] = [("crates/equipoise-core/src/report/card.rs", "synthetic")];

fn check(tree: &Tree) -> Vec<Finding> {
    let names = names(tree);
    let mut findings = Vec::new();
    for file in tree.rust("crates/").filter(|f| f.path.contains("/src/") && !f.path.starts_with(ARMS)) {
        let tests = test_items(&super::code::code_only(&file.text));
        let outside_tests = |at: usize| !tests.iter().any(|range| range.contains(&at));
        for (at, text) in strings(&file.text).into_iter().filter(|(at, _)| outside_tests(*at)) {
            let is_word = ALSO_WORDS.contains(&text) && !SPEAK_OF_ARMS.iter().any(|f| file.path.starts_with(f));
            let is_other = OTHERWISE.contains(&(file.path.as_str(), text));
            if names.iter().any(|name| name == text) && !is_word && !is_other {
                let what = format!("the arm `{text}` as a string; ask its entry (`arm::lookup`, `arm::role`)");
                findings.push(Finding::new(&file.path, line_of(&file.text, at), what));
            }
        }
    }
    findings
}

/// The arms: every file of the folder that holds an entry, and every form that the catalog lists (`form!(eda + class_weight)`).
fn names(tree: &Tree) -> Vec<String> {
    let files = tree.rust(ARMS).filter(|file| file.code.contains("static ENTRY"));
    let mut names: Vec<String> = files.map(|file| file.path[ARMS.len()..].trim_end_matches(".rs").to_owned()).collect();
    let catalog = tree.file(&format!("{ARMS}mod.rs")).map_or("", |file| file.code.as_str());
    for form in catalog.split("form!(").skip(1) {
        if let Some((base, with)) = form.split_once(')').and_then(|(inside, _)| inside.split_once(" + ")) {
            names.push(format!("{}_{}", base.trim(), with.trim()));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    const CATALOG: (&str, &str) = ("crates/equipoise-core/src/arm/mod.rs", "[&eda::ENTRY, form!(eda + class_weight)]");
    const EDA: (&str, &str) = ("crates/equipoise-core/src/arm/eda.rs", "static ENTRY: ArmEntry = \"eda\";");
    const NONE: (&str, &str) = ("crates/equipoise-core/src/arm/none.rs", "static ENTRY: ArmEntry = \"none\";");

    fn found(path: &str, text: &str) -> usize {
        check(&Tree::of(&[CATALOG, EDA, NONE, (path, text)])).len()
    }

    #[test]
    fn refuses_the_name_of_an_arm_or_a_form_in_a_string() {
        for text in ["f(\"eda\")", "const A: [&str; 1] = [\"eda_class_weight\"];"] {
            assert_eq!(found("crates/equipoise/src/page.rs", text), 1, "{text}");
        }
        assert_eq!(found("crates/equipoise-core/src/eval/a.rs", "f(\"none\")"), 1);
    }

    #[test]
    fn takes_words_of_other_things_comments_longer_strings_and_tests() {
        assert_eq!(found("crates/equipoise-core/src/plan/a.rs", "f(\"none\")"), 0);
        for text in ["// \"eda\"", "f(\"eda rows\")", "#[cfg(test)]\nmod tests { fn f() { \"eda\" } }"] {
            assert_eq!(found("crates/equipoise/src/page.rs", text), 0, "{text}");
        }
        assert_eq!(found("crates/equipoise/tests/a.rs", "f(\"eda\")"), 0);
    }
}
