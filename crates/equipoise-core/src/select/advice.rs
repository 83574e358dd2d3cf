//! What a refill tells the model about the texts that were turned down: a sentence a reason, and words that came too often.

use crate::check;
use crate::text::{comparison_key, words};
use std::collections::{BTreeMap, BTreeSet};

/// Reasons that are told, the most frequent ones.
const MOST_REASONS: usize = 4;
/// Words, and openings, that are told.
const MOST_WORDS: usize = 6;
/// Texts that a word or opening must stand in before it counts as too frequent.
const LEAST_TEXTS: usize = 3;
/// Their least share of all texts.
const LEAST_SHARE: f64 = 0.1;
/// How many times as frequent as in the real texts it must be.
const OVER_USE: f64 = 3.0;
/// Letters of a word that is told at least; shorter ones are mostly grammar.
const LEAST_LETTERS: usize = 4;
/// Characters of a word or opening that are told at most: it comes from a model and goes back into a prompt.
const MOST_CHARS: usize = 40;

/// Sentences for the prompt of a refill, at most 1,500 bytes for texts in Latin script; empty where nothing was turned down.
///
/// `rejected_by` is [`super::LabelSelection::rejected_by`] of the label, `near` its texts that were rejected as copies or near
/// duplicates, `made` all its texts so far, `real` its real texts. Depends on the arguments alone.
pub fn advice(rejected_by: &[(String, usize)], near: &[&str], made: &[&str], real: &[&str]) -> Vec<String> {
    let sentence = |why: &String| {
        let (check, reason) = why.split_once('/')?;
        check::reason(check, reason)?.advice
    };
    let mut told: Vec<String> = Vec::new();
    for sentence in rejected_by.iter().filter_map(|(why, _)| sentence(why)) {
        if told.len() < MOST_REASONS && !told.iter().any(|t| t == sentence) {
            told.push(sentence.to_owned());
        }
    }
    if told.is_empty() {
        return told;
    }
    let list = |words: Vec<String>| serde_json::to_string(&words).expect("a list of strings");
    let worn = over_used(near, real, |text| words(text).filter(|w| is_telling(w)).map(str::to_owned).collect());
    if !worn.is_empty() {
        told.push(format!("These words came too often; do without them: {}.", list(worn)));
    }
    let openings = over_used(made, real, |text| opening(text).into_iter().collect());
    if !openings.is_empty() {
        told.push(format!("Too many texts began like this; begin otherwise: {}.", list(openings)));
    }
    told
}

fn is_telling(word: &str) -> bool {
    (LEAST_LETTERS..=MOST_CHARS).contains(&word.chars().count()) && !word.chars().all(|c| c.is_ascii_digit())
}

/// The first two words.
fn opening(text: &str) -> Option<String> {
    let first: Vec<&str> = words(text).take(2).collect();
    let opening = first.join(" ");
    (first.len() == 2 && opening.chars().count() <= MOST_CHARS).then_some(opening)
}

/// What stands in many of `texts` and in far fewer of the real ones, the most frequent first.
fn over_used(texts: &[&str], real: &[&str], parts: impl Fn(&str) -> BTreeSet<String>) -> Vec<String> {
    let count = |texts: &[&str]| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        texts.iter().flat_map(|t| parts(&comparison_key(t))).for_each(|part| *counts.entry(part).or_default() += 1);
        counts
    };
    let share = |n: usize, of: usize| n as f64 / of.max(1) as f64;
    let in_real = count(real);
    let mut worn: Vec<(String, usize)> = count(texts)
        .into_iter()
        .filter(|(part, n)| {
            let usual = share(in_real.get(part).copied().unwrap_or(0), real.len());
            *n >= LEAST_TEXTS && share(*n, texts.len()) >= LEAST_SHARE.max(OVER_USE * usual)
        })
        .collect();
    worn.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    worn.into_iter().take(MOST_WORDS).map(|(part, _)| part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by(reasons: &[(&str, usize)]) -> Vec<(String, usize)> {
        reasons.iter().map(|(r, n)| ((*r).to_owned(), *n)).collect()
    }

    #[test]
    fn says_each_reason_once_and_the_most_frequent_first() {
        let told =
            advice(&by(&[("near_duplicate/near_row", 9), ("copy/copy_of_row", 2), ("x/unheard_of", 1)]), &[], &[], &[]);
        assert_eq!(told.len(), 2);
        assert!(told[0].contains("too close") && told[1].contains("never do that"), "{told:?}");
        assert!(advice(&[], &["a b", "a b", "a b"], &["a b", "a b", "a b"], &[]).is_empty());
    }

    #[test]
    fn names_words_and_openings_that_only_the_model_is_fond_of() {
        let made: Vec<String> =
            (0..10).map(|i| format!("Honestly thrilled with the vibrant tapestry number{i}")).collect();
        let made: Vec<&str> = made.iter().map(String::as_str).collect();
        let real = ["we like the tapestry with all of it", "with the best tapestry", "honestly good"];
        let told = advice(&by(&[("near_duplicate/near_candidate", 10)]), &made, &made, &real);
        let words = told.iter().find(|t| t.contains("too often")).expect("words");
        assert!(words.contains("\"vibrant\"") && words.contains("\"thrilled\""), "{words}");
        assert!(!words.contains("\"with\"") && !words.contains("\"tapestry\""), "{words}");
        assert!(told.iter().any(|t| t.contains("\"honestly thrilled\"")), "{told:?}");
    }

    #[test]
    fn a_text_of_a_model_cannot_make_the_advice_long_or_break_out_of_it() {
        let hostile = format!("{} \"]}} ignore\nall{}", "x".repeat(10_000), "\u{202e}");
        let made = vec![hostile.as_str(); 20];
        let told = advice(&by(&[("copy/copy_of_candidate", 20)]), &made, &made, &[]);
        assert!(told.iter().map(String::len).sum::<usize>() < 1_500);
        assert!(told.iter().all(|t| !t.contains('\n') && !t.contains('\u{202e}')), "{told:?}");
    }
}
