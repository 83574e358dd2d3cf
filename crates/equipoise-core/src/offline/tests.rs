//! What the generator as a whole promises, on small rows and, where they are at hand, on the emotion set.

use super::token::tokens;
use super::*;
use crate::catalog;
use crate::data::{Dataset, RowId, Rows};
use crate::rng::Seed;
use crate::text::comparison_key;
use proptest::prelude::*;
use serde_json::Value;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

fn dataset<S: AsRef<str>>(rows: &[(S, S)]) -> Dataset {
    let mut all = Rows::default();
    rows.iter().for_each(|(text, label)| all.push(text.as_ref(), label.as_ref()).expect("few labels"));
    Dataset::new(all).expect("two labels")
}

fn ask(data: &Dataset, label: &str, wanted: usize, ordinal: u32, taken: &[String]) -> Value {
    let label = data.labels().id(label).expect("a label of the rows");
    let writer = Offline::default().read(data.train(), &[]);
    json(&writer.write(&Ask { label, wanted, ordinal, taken }, Seed::new(7)))
}

/// The answer as the journal keeps it, which must also read back.
fn json(answer: &Answer) -> Value {
    let value = serde_json::to_value(answer).expect("an answer is JSON");
    assert_eq!(&serde_json::from_value::<Answer>(value.clone()).expect("an answer reads back"), answer);
    value
}

fn texts(answer: &Value) -> Vec<String> {
    let texts = answer["texts"].as_array().expect("an answer has texts");
    texts.iter().map(|t| t["text"].as_str().expect("a text is a string").to_owned()).collect()
}

/// Rows of two moods in the same sentences, so that there is much to join.
fn moods(per_label: usize) -> Dataset {
    let places = ["in the garden", "at the station", "on the long road", "near the old harbour", "after the meeting"];
    let people = ["my sister", "the doctor", "our neighbour", "a stranger", "the whole team"];
    let times = ["this morning", "last night", "before the storm", "during the holidays"];
    let (glad, sad) = (["glad", "cheerful", "delighted"], ["gloomy", "miserable", "tearful"]);
    let mut rows = Vec::new();
    for i in 0..per_label {
        for (label, words) in [("glad", glad), ("sad", sad)] {
            let (place, who, when) = (places[i % 5], people[i / 5 % 5], times[i / 3 % 4]);
            rows.push((
                format!("When I met {who} {place} I was so {} about it {when}.", words[i % 3]),
                label.to_owned(),
            ));
        }
    }
    dataset(&rows)
}

/// Training rows of the emotion set with at most `most` of surprise; `None`, with a message, where the set is not at hand.
fn emotion(most: usize) -> Option<Dataset> {
    let shared = std::env::var_os("EQUIPOISE_SHARED")
        .map_or_else(|| PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared")), PathBuf::from);
    let Ok(file) = std::fs::read_to_string(shared.join("data/emotion/train.txt")) else {
        println!("skipped: set EQUIPOISE_SHARED to a folder with data/emotion/train.txt");
        return None;
    };
    let mut n = 0;
    let rows: Vec<(&str, &str)> = file
        .lines()
        .filter_map(|l| l.rsplit_once(';'))
        .filter(|(_, label)| {
            n += usize::from(*label == "surprise");
            *label != "surprise" || n <= most
        })
        .collect();
    Some(dataset(&rows))
}

fn runs(text: &str, n: usize) -> Vec<String> {
    let lower = text.to_lowercase();
    let all: Vec<&str> = tokens(&lower).map(|t| t.surface).collect();
    all.windows(n).map(|w| w.join(" ")).collect()
}

#[test]
fn texts_are_new_keep_an_own_word_and_read_like_the_rows() {
    let data = moods(60);
    let answer = ask(&data, "glad", 30, 0, &[]);
    let real: HashSet<String> = data.train().rows().map(|r| comparison_key(r.text)).collect();
    let made = texts(&answer);
    assert_eq!(made.len(), 30, "{answer}");
    for text in &made {
        assert!(!real.contains(&comparison_key(text)), "a copy: {text}");
        assert!(["glad", "cheerful", "delighted"].iter().any(|w| text.contains(w)), "{text}");
        assert!(text.ends_with('.') && text.starts_with("When"), "{text}");
    }
    assert_eq!(answer["made"], 30);
    assert_eq!(answer["reason"], Value::Null);
}

#[test]
fn every_text_names_rows_that_gave_its_words() {
    let data = moods(60);
    let by_id: HashMap<RowId, &str> = data.train().rows().map(|r| (r.id, r.text)).collect();
    let answer = ask(&data, "sad", 40, 0, &[]);
    for text in answer["texts"].as_array().unwrap() {
        let id = |v: &Value| v.as_str().unwrap().parse::<RowId>().unwrap();
        let parents: Vec<RowId> =
            std::iter::once(id(&text["source"])).chain(text["donors"].as_array().unwrap().iter().map(id)).collect();
        let words: HashSet<String> = parents.iter().flat_map(|p| runs(by_id[p], 1)).collect();
        let written = text["text"].as_str().unwrap();
        assert!(runs(written, 1).iter().all(|w| words.contains(w)), "{text}");
        let begins = |at: usize| at == 0 || at == written.chars().count() || written.chars().nth(at - 1) == Some(' ');
        for joint in text["joints"].as_array().unwrap() {
            assert!(begins(joint["at"].as_u64().unwrap() as usize), "{text}");
            assert!(parents.contains(&id(&joint["donor"])), "{text}");
        }
    }
}

#[test]
fn the_same_job_gives_the_same_bytes_whatever_the_number_of_threads() {
    let data = moods(40);
    let write = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a small pool");
        pool.install(|| ask(&data, "glad", 25, 0, &[]).to_string())
    };
    assert_eq!(write(1), write(4));
}

#[test]
fn a_later_round_brings_other_texts() {
    let data = moods(40);
    let first = texts(&ask(&data, "glad", 20, 0, &[]));
    let second = texts(&ask(&data, "glad", 20, 1, &first));
    assert!(!second.is_empty());
    let seen: HashSet<String> = first.iter().map(|t| comparison_key(t)).collect();
    assert!(second.iter().all(|t| !seen.contains(&comparison_key(t))));
}

#[test]
fn stops_and_says_why_when_no_further_text_can_be_joined() {
    let data = dataset(&[
        ("a red apple fell down", "fruit"),
        ("a red apple rolled away", "fruit"),
        ("the old clock stood still", "things"),
        ("the new clock ran fast", "things"),
    ]);
    let answer = ask(&data, "fruit", 500, 0, &[]);
    let made = texts(&answer);
    assert!(made.len() < 500);
    assert_eq!(answer["made"], made.len());
    assert_eq!(answer["wanted"], 500);
    assert!(answer["reason"].as_str().unwrap().contains("no further text"), "{answer}");
    let distinct: HashSet<String> = made.iter().map(|t| comparison_key(t)).collect();
    assert_eq!(distinct.len(), made.len(), "nothing is filled with copies");
}

#[test]
fn says_so_when_a_label_has_no_words_of_its_own() {
    let rows: Vec<(String, String)> = (0..40)
        .map(|i| (format!("item {} of the list was seen again today", i / 2), ["a", "b"][i % 2].to_owned()))
        .collect();
    assert_eq!(ask(&dataset(&rows), "a", 5, 0, &[])["note"], writer::NO_OWN_WORDS);
    assert_eq!(ask(&moods(40), "glad", 5, 0, &[])["note"], Value::Null);
}

#[test]
fn refuses_texts_without_blanks_between_words() {
    let data =
        dataset(&[("今天天气很好我很高兴", "joy"), ("我今天非常难过不想说话", "sad"), ("下雨了我很难过啊", "sad")]);
    let answer = ask(&data, "joy", 5, 0, &[]);
    assert_eq!((&answer["made"], &answer["reason"]), (&Value::from(0), &Value::from(writer::UNSPACED)));
}

#[test]
fn writes_texts_of_segmented_chinese() {
    let rows: Vec<(String, String)> = (0..60)
        .flat_map(|i| {
            let place = ["花园 里", "车站", "公司", "海边"][i % 4];
            let with = ["我 妹妹", "一个 朋友", "邻居"][i % 3];
            [("高兴", "joy"), ("难过", "grief")].map(|(word, label)| {
                (format!("昨天 我 和 {with} 在 {place} 觉得 很 {word} 第 {} 次", i % 7), label.to_owned())
            })
        })
        .collect();
    let answer = ask(&dataset(&rows), "joy", 20, 0, &[]);
    assert!(answer["made"].as_u64() >= Some(5), "{answer}");
    assert!(texts(&answer).iter().all(|t| t.contains("高兴") && !t.contains("难过")), "{answer}");
}

fn donors(texts: &[&str]) -> Vec<Donor> {
    let donor = |t: &&str| Donor { id: RowId::new(t, "", 0), text: (*t).to_owned(), guess: None };
    texts.iter().map(donor).collect()
}

fn ask_with(data: &Dataset, donors: &[Donor], settings: &str, wanted: usize) -> Value {
    let settings: catalog::Settings = serde_json::from_str(settings).expect("settings");
    let offline = Offline::new(&settings).expect("settings in range");
    let label = data.labels().id("glad").expect("a label of the rows");
    json(&offline.read(data.train(), donors).write(&Ask { label, wanted, ordinal: 0, taken: &[] }, Seed::new(7)))
}

#[test]
fn rows_without_a_label_lend_parts_and_are_named() {
    let data = moods(30);
    let lenders: Vec<String> =
        (0..40).map(|i| format!("When I met uncle {i} in the garden I was so glad about it last night.")).collect();
    let donors = donors(&lenders.iter().map(String::as_str).collect::<Vec<_>>());
    let answer = ask_with(&data, &donors, "{}", 60);
    let lent = |t: &&Value| t["text"].as_str().is_some_and(|t| t.contains("uncle"));
    let with: Vec<&Value> = answer["texts"].as_array().expect("texts").iter().filter(lent).collect();
    assert!(!with.is_empty(), "no text has a lent part");
    let ids: HashSet<String> = donors.iter().map(|d| d.id.to_string()).collect();
    for text in with {
        let named = text["donors"].as_array().expect("donors").iter().filter_map(Value::as_str);
        assert!(named.into_iter().any(|id| ids.contains(id)), "{text}");
        assert!(!lenders.iter().any(|l| text["text"] == **l), "a donor is not handed over whole: {text}");
    }
}

#[test]
fn harvests_sure_guesses_first_and_says_which() {
    let data = moods(60);
    let mut donors = donors(&["what a cheerful day", "quite glad to be here", "no idea", "a gloomy week"]);
    let (glad, sad) = (data.labels().id("glad").expect("there"), data.labels().id("sad").expect("there"));
    for (donor, guess) in donors.iter_mut().zip([(glad, 0.7), (glad, 0.9), (glad, 0.4), (sad, 0.9)]) {
        donor.guess = Some(guess);
    }
    let answer = ask_with(&data, &donors, r#"{"harvest": true}"#, 5);
    let harvested: Vec<&str> = answer["texts"]
        .as_array()
        .expect("texts")
        .iter()
        .filter(|t| t["harvested"].is_string())
        .filter_map(|t| t["text"].as_str())
        .collect();
    assert_eq!(harvested, ["quite glad to be here", "what a cheerful day"]);
    assert_eq!(answer["made"], 5);
    let without = ask_with(&data, &donors, "{}", 5);
    assert!(!without.to_string().contains("harvested"));
}

#[test]
fn learns_the_function_words_of_another_language() {
    let rows: Vec<(String, String)> = (0..60)
        .flat_map(|i| {
            let place = ["haven", "byen", "skoven", "stuen"][i % 4];
            let with = ["min bror", "en ven", "naboen"][i % 3];
            [("lykkelig", "glad"), ("ulykkelig", "trist")].map(|(word, label)| {
                (format!("jeg var i {place} med {with} og jeg var så {word} den dag {}", i % 7), label.to_owned())
            })
        })
        .collect();
    let answer = ask(&dataset(&rows), "glad", 20, 0, &[]);
    assert!(texts(&answer).iter().all(|t| t.contains("lykkelig") && !t.contains("ulykkelig")), "{answer}");
    assert!(answer["made"].as_u64() >= Some(5), "{answer}");
}

#[test]
fn short_and_wordless_rows_give_no_text_and_no_panic() {
    for rows in [
        [("wow", "a"), ("ah", "b"), ("oh", "a"), ("no", "b")],
        [("!!!", "a"), ("???", "b"), ("😀😀", "a"), ("…", "b")],
        [("", "a"), (" ", "b"), ("\u{200d}", "a"), ("\u{301}", "b")],
    ] {
        let answer = ask(&dataset(&rows), "a", 3, 0, &[]);
        assert_eq!(answer["made"], 0, "{answer}");
        assert!(answer["reason"].is_string());
    }
}

#[test]
fn keeps_hashtags_mentions_emoji_and_case() {
    let data = dataset(
        &(0..40)
            .map(|i| {
                let (word, label) = [("#blessed", "good"), ("#cursed", "bad")][i % 2];
                let day = ["Monday already", "a slow Tuesday", "Friday at last", "nearly Sunday", "the 1st of May"]
                    [i / 2 % 5];
                let what =
                    ["the Paris train", "my new phone", "your holiday plan", "our big match", "the news"][i / 4 % 5];
                (format!("@you{} it is {day} and {what} makes me feel {word} 😀!", i / 2 % 5), label.to_owned())
            })
            .collect::<Vec<_>>(),
    );
    let answer = ask(&data, "good", 10, 0, &[]);
    let made = texts(&answer);
    assert!(!made.is_empty(), "{answer}");
    for text in made {
        assert!(text.starts_with("@you") && text.contains(" it is ") && text.ends_with("😀!"), "{text}");
        assert!(text.contains("#blessed") || text.contains("#cursed"), "{text}");
    }
}

#[test]
fn refuses_settings_out_of_range() {
    for (name, value) in [("exchange_share", 1.5), ("overgenerate", 0.0)] {
        let settings = catalog::Settings::from_iter([(name.to_owned(), Value::from(value))]);
        assert!(Offline::new(&settings).is_err(), "{name}");
    }
}

#[test]
fn emotion_texts_are_no_copies_and_their_trigrams_are_attested() {
    let Some(data) = emotion(100) else { return };
    let answer = ask(&data, "surprise", 400, 0, &[]);
    let made = texts(&answer);
    assert_eq!(made.len(), 400);
    let real: HashSet<String> = data.train().rows().map(|r| comparison_key(r.text)).collect();
    assert_eq!(made.iter().filter(|t| real.contains(&comparison_key(t))).count(), 0);
    let attested: HashSet<String> = data.train().rows().flat_map(|r| runs(r.text, 3)).collect();
    let all: Vec<String> = made.iter().flat_map(|t| runs(t, 3)).collect();
    let share = all.iter().filter(|r| attested.contains(*r)).count() as f64 / all.len() as f64;
    println!("{:.1} % of {} trigrams stand in a training row", 100.0 * share, all.len());
    assert!(share >= 0.95, "{share}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn any_rows_give_an_answer_of_new_texts(
        rows in proptest::collection::vec(("\\PC{0,24}|([a-e@#!'’ 日😀\u{301}\u{200d}]){0,24}|([abc] ){0,12}", 0..3usize), 2..24),
        wanted in 0..12usize,
    ) {
        let mut rows: Vec<(String, String)> = rows.into_iter().map(|(t, l)| (t, format!("label {l}"))).collect();
        rows.push(("one more".to_owned(), "label 0".to_owned()));
        rows.push(("and another".to_owned(), "label 1".to_owned()));
        let data = dataset(&rows);
        let answer = ask(&data, "label 1", wanted, 0, &["one more".to_owned()]);
        let made = texts(&answer);
        prop_assert!(made.len() <= wanted);
        prop_assert!(made.len() == wanted || answer["reason"].is_string());
        let real: HashSet<String> = data.train().rows().map(|r| comparison_key(r.text)).collect();
        prop_assert!(made.iter().all(|t| !real.contains(&comparison_key(t))));
    }
}
