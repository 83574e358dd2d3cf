use super::super::tests::{candidates, judge, reasons};
use super::*;
use crate::data::{Dataset, Rows};
use crate::rng::Seed;

const WHO: [&str; 6] = ["I", "My sister", "The man from the bank", "Our old neighbour", "Nobody here", "She"];
const DOES: [&str; 5] =
    ["wanted to see", "has never looked at", "will be waiting for", "could not find", "talked about"];
const WHAT: [&str; 7] =
    ["the garden", "a new house", "his keys", "some of the letters", "the red car", "her friends", "a film"];
const WHEN: [&str; 5] =
    ["in the evening.", "on Monday.", "before it was too late.", "with all of us!", "and went home."];

fn sentence(i: usize) -> String {
    [WHO[i % 6], DOES[i / 2 % 5], WHAT[i / 3 % 7], WHEN[i / 5 % 5]].join(" ")
}

fn dataset(texts: impl Iterator<Item = String>) -> Dataset {
    let mut rows = Rows::default();
    texts
        .zip(0..)
        .for_each(|(text, i)| rows.push(&text, if i % 3 == 0 { "rare" } else { "common" }).expect("few labels"));
    Dataset::new(rows).expect("two labels")
}

fn found(dataset: &Dataset, texts: &[&str]) -> Vec<&'static str> {
    let context = Context::new(dataset.train(), None, Seed::new(3));
    reasons(&judge(&Fluency::default(), &context, &candidates(texts)))
}

#[test]
fn reversed_and_shuffled_sentences_are_told_and_new_ones_are_not() {
    let rows = dataset((0..400).map(sentence));
    let texts = [
        "The man from the shop wanted to find a new film before it was late.",
        "late. was it before film new a find to wanted shop the from man The",
        "film to the late. from a it wanted The new before man find was shop",
        "late. was it",
    ];
    assert_eq!(found(&rows, &texts), ["ok", "salad", "salad", "ok"]);
}

#[test]
fn few_rows_short_rows_and_scripts_without_blanks_say_nothing() {
    let reversed = "late. was it before film new a find to wanted shop the from man The";
    assert_eq!(found(&dataset((0..LEAST_ROWS - 1).map(sentence)), &[reversed]), ["ok"]);
    assert_eq!(found(&dataset((0..400).map(|i| format!("The {i} cats."))), &[reversed]), ["ok"]);
    assert_eq!(found(&dataset((0..400).map(|i| format!("今天天气很好我们去公园{i}。"))), &[reversed]), ["ok"]);
    let rows = dataset((0..400).map(sentence));
    assert_eq!(
        found(&rows, &["今天天气很好 我们去公园吧 然后回家吃饭 晚上再看电影 周末一起爬山 大家都很高兴"]),
        ["ok"]
    );
}

#[test]
fn the_same_is_found_on_one_thread_and_on_two() {
    let rows = dataset((0..300).map(sentence));
    let on = |n: usize| {
        let context = Context::new(rows.train(), None, Seed::new(3));
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n).build().expect("threads");
        pool.install(|| {
            let usual = Usual::new(&context).expect("enough rows");
            (0..90).map(|i| usual.rarity(&sentence(7 * i + 1))).collect::<Vec<_>>()
        })
    };
    assert_eq!(on(1), on(2));
}

#[test]
fn the_rarity_is_a_share() {
    let settings = |rarity: f64| Settings::from_iter([("rarity".to_owned(), rarity.into())]);
    assert!(make(&settings(1.5)).is_err() && make(&settings(0.01)).is_ok());
}
