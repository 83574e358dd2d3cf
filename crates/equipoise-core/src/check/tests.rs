//! What every check promises.

use super::*;
use crate::catalog;
use crate::data::{Dataset, Rows};
use crate::generator::Sources;
use proptest::prelude::*;

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
    };
    texts.iter().enumerate().map(candidate).collect()
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
fn verdicts_come_candidate_by_candidate_in_the_order_of_the_catalog() {
    let dataset = dataset();
    let context = Context::new(dataset.train(), None, Seed::new(1));
    let checks = build_all(|_| None).expect("defaults");
    let verdicts = judge_all(&checks, &context, &candidates(&["", "b"]));
    let names: Vec<(&str, &str)> = verdicts.iter().map(|v| (v.candidate.as_str(), v.check.as_str())).collect();
    let wanted: Vec<(&str, &str)> = ["c0", "c1"].iter().flat_map(|c| CATALOG.iter().map(|e| (*c, e.name))).collect();
    assert_eq!(names, wanted);
    assert_eq!(verdicts[1].reason, Reason::Empty);
}

proptest! {
    #[test]
    fn one_verdict_a_candidate_on_any_text_and_the_same_again(
        texts in proptest::collection::vec(prop_oneof![any::<String>(), "[a-c ]{0,12}", "row [0-9]{1,2} tells of the (rare|common) things"], 0..12),
        labels in proptest::collection::vec(prop_oneof![Just("rare"), Just("common"), Just("unheard of"), Just("")], 12),
    ) {
        let dataset = dataset();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let mut all = candidates(&texts);
        all.iter_mut().zip(&labels).for_each(|(c, l)| c.label = (*l).to_owned());
        for entry in CATALOG {
            let check = entry.build(&Settings::new()).expect("defaults build");
            let judge = |n: usize| check.judge(&Context::new(dataset.train(), None, Seed::new(1)), &all[..n]);
            let verdicts = judge(all.len());
            prop_assert_eq!(&verdicts, &judge(all.len()), "{}", entry.name);
            prop_assert_eq!(verdicts.len(), all.len(), "{}", entry.name);
            for (verdict, candidate) in verdicts.iter().zip(&all) {
                prop_assert!(verdict.candidate == candidate.id && verdict.check == entry.name);
                prop_assert_eq!(verdict.outcome == Outcome::Pass, verdict.reason == Reason::Ok);
                prop_assert!(verdict.score.is_none_or(f64::is_finite));
            }
            // A later round only adds verdicts.
            prop_assert_eq!(&judge(all.len() / 2)[..], &verdicts[..all.len() / 2], "{}", entry.name);
        }
    }
}
