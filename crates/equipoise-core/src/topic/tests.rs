use super::*;

const FEES: [&str; 4] = [
    "which fee do you take for a transfer",
    "the transfer fee abroad is high",
    "no fee for my transfer please",
    "transfer abroad without fee",
];
const CARDS: [&str; 4] = [
    "my card never came by post",
    "the card is lost in the post",
    "post my new card",
    "card stuck somewhere in the post",
];

fn learnt(label: &str, texts: &[&str], most: usize) -> Vec<Topic> {
    let others =
        ["what a day", "the sun is out today", "music is on", "where is it", "is this on", "hello there"].repeat(6);
    let all: Vec<&str> = texts.iter().copied().chain(others).collect();
    Topics::new(&all).of(label, texts, most, Seed::new(3))
}

#[test]
fn rows_with_like_words_are_one_topic_which_its_words_name() {
    let texts: Vec<&str> = FEES.into_iter().chain(CARDS).chain(["card in the post again"]).collect();
    let topics = learnt("complaint", &texts, 2);
    let [cards, fees] = &topics[..] else { panic!("{topics:?}") };
    assert_eq!((cards.n_rows, fees.n_rows), (5, 4));
    assert!(cards.name.contains("card") && cards.name.contains("post"), "{topics:?}");
    assert!(fees.name.contains("transfer"), "{topics:?}");
    let threads = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().expect("a pool");
    assert_eq!(
        threads(1).install(|| learnt("complaint", &texts, 2)),
        threads(4).install(|| learnt("complaint", &texts, 2))
    );
}

#[test]
fn a_topic_does_not_name_its_label_and_holds_no_number() {
    let texts: Vec<&str> = FEES.into_iter().chain(CARDS).collect();
    let topics = learnt("card_fee", &texts, 2);
    let words: Vec<&str> = topics.iter().flat_map(|topic| topic.name.split(", ")).collect();
    assert!(!words.is_empty() && !words.contains(&"card") && !words.contains(&"fee"), "{topics:?}");
    let numbered: Vec<String> = texts.iter().map(|text| format!("{text} 4711 4711")).collect();
    let numbered: Vec<&str> = numbered.iter().map(String::as_str).collect();
    assert!(learnt("x", &numbered, 2).iter().all(|topic| !topic.name.contains("4711")));
}

#[test]
fn few_rows_equal_rows_and_rows_without_words_have_no_topics() {
    assert!(learnt("x", &FEES, 8).is_empty());
    assert!(learnt("x", &["the same"; 40], 8).is_empty());
    let marks: Vec<String> = (1..20).map(|n| "!".repeat(n)).collect();
    let marks: Vec<&str> = marks.iter().map(String::as_str).collect();
    assert!(learnt("x", &marks, 4).is_empty());
}
