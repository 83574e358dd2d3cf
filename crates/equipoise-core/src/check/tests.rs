//! What every check promises.

use super::*;
use crate::catalog;
use crate::data::{Dataset, Rows};
use crate::generator::{Candidate, Sources};
use crate::rng::Seed;
use proptest::prelude::*;
use std::sync::LazyLock;

pub(super) fn dataset() -> Dataset {
    let mut rows = Rows::default();
    for i in 0..60 {
        let label = if i % 3 == 0 { "rare" } else { "common" };
        rows.push(&format!("row {i} tells {} of the {label} things", "more ".repeat(i % 7)), label)
            .expect("few labels");
    }
    Dataset::new(rows).expect("two labels")
}

pub(super) fn candidates(texts: &[&str]) -> Vec<Candidate> {
    let candidate = |(i, text): (usize, &&str)| Candidate {
        id: format!("c{i}"),
        text: (*text).to_owned(),
        label: "rare".to_owned(),
        request: None,
        position: i,
        sources: Sources::Unknown,
        fault: None,
        came: None,
        attributes: Default::default(),
    };
    texts.iter().enumerate().map(candidate).collect()
}

/// What one check finds.
pub(super) fn judge(check: &dyn Check, context: &Context<'_>, candidates: &[Candidate]) -> Vec<Option<Finding>> {
    let subjects: Vec<Subject<'_>> = candidates.iter().map(Subject::new).collect();
    check.learn(context).begin().judge(&subjects)
}

/// The names of the reasons; `ok` where nothing was found.
pub(super) fn reasons(found: &[Option<Finding>]) -> Vec<&'static str> {
    found.iter().map(|f| f.as_ref().map_or("ok", |f| f.reason.name)).collect()
}

#[test]
fn entries_keep_the_catalog_contract() {
    catalog::assert_contract(CATALOG);
}

#[test]
fn settings_reach_their_check_and_a_wrong_one_is_named() {
    let table =
        |check: &str| (check == "near_duplicate").then(|| Settings::from_iter([("threshold".to_owned(), 2.0.into())]));
    let error = build_all(table).map(|_| ()).expect_err("out of range");
    assert!(error.to_string().contains("near_duplicate"), "{error}");
    assert_eq!(build_all(|_| None).expect("defaults").len(), CATALOG.len());
}

#[test]
fn every_reason_has_a_name_of_its_own_and_is_found_by_it() {
    for check in build_all(|_| None).expect("defaults") {
        let mut names = std::collections::BTreeSet::new();
        for declared in check.reasons() {
            assert!(names.insert(declared.name), "{}/{} is declared twice", check.name(), declared.name);
            assert_eq!(reason(check.name(), declared.name), Some(declared));
            assert!(!declared.what.is_empty() && declared.name != "ok");
        }
        assert!(!names.is_empty(), "{} gives no reason", check.name());
        assert!(CATALOG.iter().any(|e| e.name == check.name()), "{} has another name in the catalog", check.name());
    }
    assert_eq!(reason("copy", "no_such_reason"), None);
}

#[test]
fn verdicts_come_candidate_by_candidate_in_the_order_of_the_catalog() {
    let dataset = dataset();
    let context = Context::new(dataset.train(), None, Seed::new(1));
    let checks = build_all(|_| None).expect("defaults");
    let verdicts = judge_all(&checks, &context, &candidates(&["", "row 0 tells of the rare things", ""]));
    let told: Vec<String> = verdicts.iter().map(|v| format!("{} {}/{}", v.candidate, v.check, v.reason)).collect();
    assert_eq!(told[..2], ["c0 empty/empty", "c0 length/too_short"]);
    let places: Vec<(&str, usize)> = verdicts
        .iter()
        .map(|v| (v.candidate.as_str(), CATALOG.iter().position(|e| e.name == v.check).expect("a check")))
        .collect();
    assert!(places.is_sorted(), "{told:?}");
    assert!(told.contains(&"c1 copy/copy_of_row".to_owned()) && told.iter().any(|t| t.starts_with("c2 ")), "{told:?}");
}

/// A check that has learnt, what it may say, and its name.
type Learnt = (Box<dyn Judge>, &'static [Reason], &'static str);

/// Every check, after it has learnt from the same rows: learning again for each case would take minutes.
static LEARNT: LazyLock<Vec<Learnt>> = LazyLock::new(|| {
    static DATASET: LazyLock<Dataset> = LazyLock::new(dataset);
    static CONTEXT: LazyLock<Context<'static>> = LazyLock::new(|| Context::new(DATASET.train(), None, Seed::new(1)));
    static CHECKS: LazyLock<Vec<Box<dyn Check>>> = LazyLock::new(|| build_all(|_| None).expect("defaults"));
    CHECKS.iter().map(|check| (check.learn(&CONTEXT), check.reasons(), check.name())).collect()
});

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn one_verdict_a_candidate_on_any_text_and_the_same_again(
        texts in proptest::collection::vec(prop_oneof![any::<String>(), "[a-c ]{0,12}", "row [0-9]{1,2} tells of the (rare|common) things"], 0..12),
        labels in proptest::collection::vec(prop_oneof![Just("rare"), Just("common"), Just("unheard of"), Just("")], 12),
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut all = candidates(&texts);
        all.iter_mut().zip(&labels).for_each(|(c, l)| c.label = (*l).to_owned());
        let subjects: Vec<Subject<'_>> = all.iter().map(Subject::new).collect();
        for (judge, reasons, name) in &*LEARNT {
            let found = judge.begin().judge(&subjects);
            prop_assert_eq!(&found, &judge.begin().judge(&subjects), "{}", name);
            prop_assert_eq!(found.len(), all.len(), "{}", name);
            for finding in found.iter().flatten() {
                prop_assert!(finding.outcome != CheckOutcome::Pass, "{}", name);
                prop_assert!(reasons.contains(finding.reason), "{}", name);
                prop_assert!(finding.score.is_none_or(f64::is_finite), "{}", name);
            }
            // A later call only adds findings, and knows what came before.
            let mut session = judge.begin();
            let (first, rest) = subjects.split_at(all.len() / 2);
            let in_two: Vec<Option<Finding>> = [session.judge(first), session.judge(rest)].concat();
            prop_assert_eq!(&in_two, &found, "{}", name);
        }
    }
}
