use super::super::tests::{candidates, dataset, judge, reasons};
use super::super::{Finding, Subject};
use super::*;
use crate::data::{Dataset, Rows as DataRows};
use crate::generator::{Candidate, Sources};
use crate::rng::Seed;

const LONG: &str =
    "the quick brown fox jumps over the lazy dog while the old cat sleeps on the warm stone near the garden gate";

fn near() -> NearDuplicate {
    NearDuplicate::read(ENTRY.name, &Settings::new()).unwrap()
}

fn two_labels() -> Dataset {
    let mut rows = DataRows::default();
    for (text, label) in [(LONG, "rare"), ("nothing like it", "rare"), ("something else", "common")] {
        rows.push(text, label).expect("few labels");
    }
    Dataset::new(rows).expect("two labels")
}

#[test]
fn rejects_a_text_near_an_earlier_one_and_leaves_equal_ones_to_copy() {
    let dataset = dataset();
    let context = Context::new(dataset.train(), None, Seed::new(1));
    let changed_end = LONG.replace("gate", "door");
    let changed_much = LONG.replace("cat", "elephant").replace("lazy dog", "river bank").replace("warm stone", "roof");
    let all = candidates(&[LONG, &changed_end, &changed_much, LONG]);
    let found = judge(&near(), &context, &all);
    assert_eq!(reasons(&found), ["ok", "near_candidate", "resembles", "ok"]);
    assert_eq!(found[1].as_ref().unwrap().evidence, ["c0"]);
    assert!(found[1].as_ref().unwrap().score.unwrap() > 0.85);
}

#[test]
fn rejects_a_text_near_a_real_row_of_any_label_and_says_which() {
    let dataset = two_labels();
    let context = Context::new(dataset.train(), None, Seed::new(1));
    let near_text = LONG.replace("gate", "door");
    let mut both = candidates(&[&near_text, &LONG.replace("fox", "hare")]);
    both[1].label = "common".to_owned();
    let found = judge(&near(), &context, &both);
    assert_eq!(reasons(&found), ["near_row", "near_row_of_other_label"]);
    assert_eq!(found[0].as_ref().unwrap().evidence, [dataset.train().get(0).id.to_string()]);
}

#[test]
fn rows_that_are_read_past_block_by_block_are_found_in_each_block() {
    let mut rows = DataRows::default();
    for i in 0..2 * KEPT_ROWS + 5 {
        let text = match i {
            3 => LONG.to_owned(),
            _ if i == 2 * KEPT_ROWS + 2 => LONG.replace("fox", "hare").replace("garden gate", "old mill"),
            _ => format!("row {i} tells of other things {}", i * 37),
        };
        rows.push(&text, if i % 2 == 0 { "rare" } else { "common" }).expect("few labels");
    }
    let dataset = Dataset::new(rows).expect("two labels");
    let context = Context::new(dataset.train(), None, Seed::new(1));
    let all =
        candidates(&[&LONG.replace("warm", "cold"), &LONG.replace("fox", "hare").replace("garden gate", "new mill")]);
    let found = judge(&near(), &context, &all);
    let evidence: Vec<&str> = found.iter().flatten().map(|f| f.evidence[0].as_str()).collect();
    let train = dataset.train();
    assert_eq!(evidence, [train.get(3).id.to_string(), train.get(2 * KEPT_ROWS + 2).id.to_string()]);
}

#[test]
fn a_text_that_says_which_rows_it_joins_is_not_near_those() {
    let dataset = two_labels();
    let context = Context::new(dataset.train(), None, Seed::new(1));
    let mut all = candidates(&[&LONG.replace("gate", "door")]);
    all[0].sources = Sources::Joined { rows: vec![dataset.train().get(0).id], joints: Vec::new() };
    assert_eq!(reasons(&judge(&near(), &context, &all)), ["ok"]);
}

#[test]
fn what_comes_in_parts_is_found_as_if_it_came_at_once() {
    let dataset = dataset();
    let context = Context::new(dataset.train(), None, Seed::new(1));
    let texts: Vec<String> = (0..60)
        .map(|i| {
            LONG.split(' ')
                .map(|w| if w.len() % 5 == i % 5 { format!("{w}{}", i / 9) } else { w.to_owned() })
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect();
    let all: Vec<Candidate> = candidates(&texts.iter().map(String::as_str).collect::<Vec<_>>());
    let subjects: Vec<Subject<'_>> = all.iter().map(Subject::new).collect();
    let check = near();
    let judge = check.learn(&context);
    let at_once = judge.begin().judge(&subjects);
    assert!(at_once.iter().flatten().count() > 10);
    let mut session = judge.begin();
    let in_parts: Vec<Option<Finding>> = subjects.chunks(13).flat_map(|part| session.judge(part)).collect();
    assert_eq!(at_once, in_parts);
}

#[test]
fn settings_out_of_range_are_refused() {
    for (name, value) in [("threshold", 0.0), ("threshold", 1.5), ("warn_from", -0.1), ("size", 0.0), ("size", 17.0)] {
        let settings = Settings::from_iter([(name.to_owned(), value.into())]);
        assert!(ENTRY.build(&settings).is_err(), "{name} = {value}");
    }
    let words = serde_json::json!({"unit": "words", "size": 3, "threshold": 0.85, "candidates": "warn"});
    assert!(ENTRY.build(words.as_object().unwrap()).is_ok());
    assert!(ENTRY.build(serde_json::json!({"unit": "lines"}).as_object().unwrap()).is_err());
}
