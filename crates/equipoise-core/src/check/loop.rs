//! `loop`: a text that repeats itself, as models do that cannot find the end.

use super::judge::each_with_notes;
use super::patterns::{PatternSettings, Patterns, USUAL_SHARE, code};
use super::sentences::between;
use super::{Check, Context, Finding, Judge, Reason};
use crate::catalog::{Entry, Settings, SettingsError};
use crate::text::{runs_together, tokens};
use std::sync::{Arc, LazyLock};

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "loop",
    what: "Rejects texts that say one word or phrase again and again back to back, or one sentence twice; warns of a few characters that are repeated 16 times.",
    why: "A loop weighs its words many times and teaches nothing else; models fall into it at the end of long answers.",
    source: "At least 5 words, and 30 % of the text, that repeat the words before them: of 17,333 untouched human rows 0.0 to 0.2 % a set do. A phrase of up to three words counts whatever the rest of the text, from 6 repeated words on. Digits do not count, so that a phrase with a running number is one. \"hahaha\" is common among people, so that it is only warned of.",
    settings: &[USUAL_SHARE],
    make,
};

struct Loop(PatternSettings);

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(Loop(PatternSettings::read(ENTRY.name, settings)?)))
}

const LOOP: Reason = Reason::new("loop", "repeats a phrase again and again")
    .with_advice("Some texts repeated a phrase again and again: say each thing once.");
const CHARACTERS: Reason = Reason::new("repeated_characters", "repeats a few characters many times");

static PATTERNS: LazyLock<Arc<Patterns>> =
    LazyLock::new(|| Patterns::new(ENTRY.name, vec![code("phrase", repeated_phrase)]));

impl Check for Loop {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[LOOP, CHARACTERS]
    }

    /// The evidence is what is repeated.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let watched = PATTERNS.learn(context, self.0.usual_share);
        let notes = watched.notes.clone();
        let find = move |text: &str| match watched.find(text) {
            Some((_, phrase)) => Some(Finding::reject(&LOOP).with_evidence(phrase)),
            None => Some(Finding::warn(&CHARACTERS).with_evidence(repeated_characters(text)?)),
        };
        each_with_notes(move |s| find(s.text()), notes)
    }
}

/// Tokens that repeat those before them, at least.
const LEAST_TOKENS: usize = 5;
/// Their least share of the text.
const LEAST_SHARE: f64 = 0.3;
/// Words of a phrase that is a loop also where most of the text is none, and tokens that then repeat those before them.
const SHORT: usize = 3;
const LEAST_OF_SHORT: usize = 6;
/// Tokens of the longest phrase.
const LONGEST: usize = 40;

/// The phrase that the text repeats back to back. A character of a script without blanks is half a token.
fn repeated_phrase(text: &str) -> Option<&str> {
    let tokens: Vec<&str> = tokens(text).filter(|token| is_word(text, token)).collect();
    if tokens.len() <= LEAST_TOKENS {
        return None;
    }
    let folded: Vec<String> = tokens.iter().map(|t| t.to_lowercase()).collect();
    let is_character = |t: &&str| t.chars().next().is_some_and(runs_together);
    let least = if tokens.iter().filter(|t| is_character(t)).count() * 2 > tokens.len() {
        2 * LEAST_TOKENS
    } else {
        LEAST_TOKENS
    };
    for period in 1..=LONGEST.min(tokens.len() / 2) {
        // A run in which each token is the one that stands a period before it.
        let mut run = 0;
        for at in period..folded.len() {
            run = if folded[at] == folded[at - period] { run + 1 } else { 0 };
            // A phrase that is begun a second time is no loop: all of it has to come again.
            let is_much = run as f64 >= LEAST_SHARE * tokens.len() as f64;
            let is_short_loop = period <= SHORT && run * LEAST_TOKENS >= LEAST_OF_SHORT * least;
            if run >= least.max(period) && (is_much || is_short_loop) {
                return Some(between(text, tokens[at + 1 - period], tokens[at]));
            }
        }
    }
    None
}

/// Whether the token says something: digits count what is repeated, and `&gt;` is a sign.
fn is_word(text: &str, token: &str) -> bool {
    let at = token.as_ptr() as usize - text.as_ptr() as usize;
    let is_entity = text[..at].ends_with(['&', '#']) && text[at + token.len()..].starts_with(';');
    !is_entity && !token.chars().all(|c| c.is_ascii_digit())
}

/// Times that one to four characters stand side by side before it is told.
const TIMES: usize = 16;

/// The characters that are repeated at least [`TIMES`] times.
fn repeated_characters(text: &str) -> Option<&str> {
    let places: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| !c.is_whitespace()).collect();
    for period in 1..=4usize {
        let mut run = 0;
        for at in period..places.len() {
            run = if places[at].1 == places[at - period].1 { run + 1 } else { 0 };
            if run >= (TIMES - 1) * period {
                let (start, (end, last)) = (places[at + 1 - period].0, places[at]);
                return Some(&text[start..end + last.len_utf8()]);
            }
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_words_and_phrases_that_are_said_again_and_again() {
        for (text, phrase) in [
            ("i am so so so so so so so so happy", "so"),
            ("and then it rained and then it rained and then it rained", "it rained and then"),
            ("Thank you so much. Thank you so much. Thank you so much!", "much. Thank you so"),
            ("我很高兴我很高兴我很高兴我很高兴", "我很高兴"),
            ("we went to the old harbour by the sea we went to the old harbour by the sea", ""),
            (
                "on the way home we met the teacher of my brother and she told us no no no no no no no that the school is closed for a week and nobody knows why",
                "no",
            ),
            ("it rained on day 1 it rained on day 2 it rained on day 3", "rained on day 2 it"),
        ] {
            let found = repeated_phrase(text);
            assert!(found.is_some(), "{text}");
            assert!(
                phrase.is_empty() || found.unwrap().split_whitespace().count() == phrase.split_whitespace().count()
            );
        }
        for text in [
            "it was very very good",
            "no no no way",
            "see here &gt;&gt;&gt;&gt;&gt;&gt;&gt;&gt; the new shop",
            "call 12 12 12 12 12 12 12 now",
            "row row row your boat gently down the stream",
            "the more i see the more i know",
            "哈哈哈今天天气真好啊",
            "",
        ] {
            assert_eq!(repeated_phrase(text), None, "{text}");
        }
    }

    #[test]
    fn tells_characters_that_never_end() {
        assert_eq!(repeated_characters("noooooooooooooooooooo"), Some("o"));
        assert_eq!(repeated_characters("hahahahahahahahahahahahahahahahaha").map(str::len), Some(2));
        assert_eq!(repeated_characters("hahaha nooo!!!"), None);
    }
}
