use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn given(table: &Value) -> Given {
    Given::read(table, &[]).expect("attributes")
}

fn of_one(table: &Value) -> LabelAttributes {
    for_labels(&given(table), &[("l", 0)]).expect("combinations").remove("l").expect("attributes")
}

fn draw(table: &Value, labels: &[(&str, usize)], seed: u64) -> Vec<Vec<TextAttributes>> {
    let all = for_labels(&given(table), labels).expect("combinations");
    labels.iter().map(|(label, n)| all.get(*label).map_or_else(Vec::new, |of| of.draw(*n, Seed::new(seed)))).collect()
}

fn count<'t>(texts: impl IntoIterator<Item = &'t TextAttributes>, name: &str, value: &str) -> usize {
    texts.into_iter().filter(|text| text.get(name).is_some_and(|own| own == value)).count()
}

#[test]
fn each_value_has_its_weighted_share_over_the_run_to_within_one_text() {
    let table = json!({"topic": {"refund": 3, "delay": 1}, "channel": ["sms", "e-mail", "letter"]});
    for (seed, labels) in [(1, [("a", 7), ("b", 1), ("c", 42)]), (2, [("a", 13), ("b", 13), ("c", 0)])] {
        let drawn = draw(&table, &labels, seed);
        let n: usize = labels.iter().map(|(_, n)| n).sum();
        let near = |name, value, share: f64| {
            let all = count(drawn.iter().flatten(), name, value) as f64;
            assert!((all - share * n as f64).abs() < 1.0, "{name}={value}: {all} of {n}");
            for (texts, (label, n)) in drawn.iter().zip(labels) {
                let own = count(texts, name, value) as f64;
                assert!((own - share * n as f64).abs() < 2.0, "{label}: {name}={value}: {own} of {n}");
            }
        };
        near("topic", "refund", 0.75);
        near("topic", "delay", 0.25);
        ["sms", "e-mail", "letter"].iter().for_each(|value| near("channel", value, 1.0 / 3.0));
    }
}

#[test]
fn attributes_are_dealt_apart_from_each_other() {
    let drawn = draw(&json!({"topic": ["a", "b"], "channel": ["x", "y"]}), &[("l", 400)], 3);
    let both = drawn[0].iter().filter(|text| text["topic"] == "a" && text["channel"] == "x").count();
    assert!((70..=130).contains(&both), "{both} of 400, 100 are expected");
}

#[test]
fn no_text_has_a_forbidden_pair_and_the_shares_remain() {
    let table = json!({
        "topic": ["contract", "delay", "refund"], "channel": ["letter", "sms"],
        "forbidden": [["channel=sms", "topic=contract"]],
    });
    let texts = &draw(&table, &[("l", 60)], 5)[0];
    assert!(!texts.iter().any(|text| text["topic"] == "contract" && text["channel"] == "sms"));
    for topic in ["contract", "delay", "refund"] {
        assert_eq!(count(texts, "topic", topic), 20);
    }
    assert_eq!(count(texts, "channel", "sms"), 30);
}

#[test]
fn where_each_value_goes_with_one_other_alone_exchanges_find_the_only_way() {
    let names = ["a", "b", "c", "d"];
    let forbidden: Vec<Value> = names
        .iter()
        .flat_map(|one| names.iter().filter(move |other| one != *other).map(move |other| (one, other)))
        .map(|(one, other)| json!([format!("x={one}"), format!("y={other}")]))
        .collect();
    let texts = &draw(&json!({"x": names, "y": names, "forbidden": forbidden}), &[("l", 80)], 7)[0];
    assert!(texts.iter().all(|text| text["x"] == text["y"]));
    names.iter().for_each(|name| assert_eq!(count(texts, "x", name), 20));
}

#[test]
fn where_pairs_and_shares_contradict_each_other_the_pairs_hold_and_the_shares_give_way_alike() {
    let table = json!({
        "topic": {"contract": 6, "delay": 4}, "channel": ["letter", "sms"],
        "forbidden": [["channel=sms", "topic=contract"]],
    });
    let texts = &draw(&table, &[("l", 100)], 5)[0];
    assert!(!texts.iter().any(|text| text["topic"] == "contract" && text["channel"] == "sms"));
    let (contract, sms) = (count(texts, "topic", "contract"), count(texts, "channel", "sms"));
    assert!((53..=57).contains(&contract) && (43..=47).contains(&sms), "{contract} contract, {sms} sms");
}

#[test]
fn a_refill_asks_for_what_is_missing() {
    let of = of_one(&json!({"topic": ["a", "b"]}));
    let a = TextAttributes::from([("topic".to_owned(), "a".to_owned())]);
    let more = of.refill(&[&a, &a, &a, &a], 6, Seed::new(1));
    assert_eq!((count(&more, "topic", "a"), count(&more, "topic", "b")), (1, 5));
}

#[test]
fn a_label_can_have_values_of_its_own_or_none() {
    let table = json!({"topic": {"refund": ["card", "cash"]}});
    let drawn = draw(&table, &[("refund", 4), ("late", 2)], 1);
    assert_eq!((count(&drawn[0], "topic", "card"), count(&drawn[0], "topic", "cash")), (2, 2));
    assert!(drawn[1].is_empty());
}

#[test]
fn what_a_label_draws_depends_on_its_seed_and_not_on_the_order_in_which_values_were_written() {
    let labels = [("l", 20)];
    let one = draw(&json!({"topic": ["a", "b", "c"]}), &labels, 1);
    assert_eq!(one, draw(&json!({"topic": ["c", "a", "b"]}), &labels, 1));
    assert_ne!(one, draw(&json!({"topic": ["a", "b", "c"]}), &labels, 2));
    // Another attribute shifts nothing.
    let with = draw(&json!({"topic": ["a", "b", "c"], "channel": ["x", "y"]}), &labels, 1);
    let topics = |texts: &[TextAttributes]| texts.iter().map(|text| text["topic"].clone()).collect::<Vec<_>>();
    assert_eq!(topics(&one[0]), topics(&with[0]));
}

#[test]
fn pairs_that_leave_nothing_are_refused_with_what_helps() {
    let refused = |table: Value| for_labels(&given(&table), &[("l", 1)]).expect_err("no sense");
    let none = refused(json!({"a": ["x"], "b": ["y"], "forbidden": [["a=x", "b=y"]]}));
    assert!(none.what.contains("leave no combination") && none.remedy.contains("`forbidden`"), "{none:?}");
    let never = refused(json!({"a": ["x", "z"], "b": ["y"], "forbidden": [["a=x", "b=y"]]}));
    assert!(never.what.contains("no text can have `a=x`"), "{never:?}");
    let unknown = refused(json!({"a": ["x"], "b": ["y"], "forbidden": [["a=q", "b=y"]]}));
    assert!(unknown.what.contains("`a=q`") && unknown.remedy.ends_with("are: x"), "{unknown:?}");
}

proptest! {
    #[test]
    fn whatever_pairs_are_forbidden_no_text_has_one(pairs in prop::collection::vec((0usize..4, 0usize..4), 0..9), n in 1usize..40) {
        let pair = |(a, b): &(usize, usize)| json!([format!("x=v{a}"), format!("y=v{b}")]);
        let forbidden: Vec<Value> = pairs.iter().map(pair).collect();
        let values = ["v0", "v1", "v2", "v3"];
        let table = json!({"x": values, "y": values, "z": ["one", "two"], "forbidden": forbidden});
        if let Ok(all) = for_labels(&given(&table), &[("l", n)]) {
            let texts = all["l"].draw(n, Seed::new(n as u64));
            prop_assert_eq!(texts.len(), n);
            for (a, b) in pairs {
                let (x, y) = (values[a], values[b]);
                prop_assert!(!texts.iter().any(|text| text["x"] == x && text["y"] == y));
            }
        }
    }
}
