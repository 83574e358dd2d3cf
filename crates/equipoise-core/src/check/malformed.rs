//! `malformed`: what the parser could not read whole, leftovers of an answer's form, hidden characters.

use super::judge::each;
use super::{Check, Context, Finding, Judge, Reason, Subject};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::parse::is_talk;
use regex::{Regex, RegexSet};
use serde::Deserialize;
use std::sync::LazyLock;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "malformed",
    what: "Rejects items that were cut or merged, hold pieces of the answer's form or talk of the model, or hide characters.",
    why: "Such a text teaches a classifier the habits of the model instead of the label.",
    source: "Answers of models in use (inspect_ai 2316, SmartSub 390); Trojan Source, Boucher and Anderson 2021, for bidirectional controls; UTS 51 for tag characters in flags.",
    settings: &[Setting {
        name: "usual_share",
        default: "0.01",
        why: "A pattern that more than this share (0..1) of the real rows shows belongs to the collection and rejects nothing.",
    }],
    make,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Malformed {
    usual_share: f64,
}

impl Default for Malformed {
    fn default() -> Self {
        Malformed { usual_share: 0.01 }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    let check: Malformed = read(ENTRY.name, settings)?;
    match (0.0..=1.0).contains(&check.usual_share) {
        true => Ok(Box::new(check)),
        false => Err(SettingsError::BadValue { item: ENTRY.name, message: "usual_share is a share, 0..1".into() }),
    }
}

/// Leftovers of an answer's form.
const PATTERNS: &[&str] = &[
    r#"["']?(?:id|text|texts)["']\s*:\s*["'\[{]"#,
    r#"^\s*[\[{]\s*["'{]"#,
    r#"["']\s*\}?\s*[\]}]\s*$"#,
    "```",
    r"(?i)\bas an? (?:AI|artificial intelligence|large language model)\b",
    r"(?i)</?(?:think|thinking|text|rewrite|output)>",
    "\u{fffd}",
    r"(?i)^\W*i(?:'|’| a)m sorry,? but i (?:can(?:'|’)t|cannot) (?:help|assist|comply|fulfil|fulfill|generate|create|provide)\b",
];
static LEFTOVERS: LazyLock<RegexSet> = LazyLock::new(|| RegexSet::new(PATTERNS).expect("fixed patterns"));
static EACH: LazyLock<Vec<Regex>> =
    LazyLock::new(|| PATTERNS.iter().map(|p| Regex::new(p).expect("a fixed pattern")).collect());

/// Real rows that are looked at to learn what is usual.
const MOST_ROWS: usize = 20_000;

const MALFORMED: Reason = Reason::new("malformed", "could not be read whole, or holds pieces of an answer's form")
    .with_advice("Some texts were broken off or run together: one whole text an item.");
const HIDDEN: Reason = Reason::new("hidden_characters", "holds characters that a reader does not see")
    .with_advice("Some texts held invisible characters: plain text only.");

impl Check for Malformed {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[MALFORMED, HIDDEN]
    }

    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let usual = self.usual(context);
        each(move |s| find(s, &usual))
    }
}

/// What the collection itself shows: each pattern, talk, hidden characters.
struct Usual {
    patterns: Vec<bool>,
    talk: bool,
    hidden: bool,
}

impl Malformed {
    fn usual(&self, context: &Context<'_>) -> Usual {
        let mut counts = vec![0usize; PATTERNS.len() + 2];
        let step = context.train.len().div_ceil(MOST_ROWS).max(1);
        let rows = context.train.rows().step_by(step);
        let most = self.usual_share * rows.len() as f64;
        for row in rows {
            LEFTOVERS.matches(row.text).iter().for_each(|p| counts[p] += 1);
            counts[PATTERNS.len()] += usize::from(is_talk(row.text));
            counts[PATTERNS.len() + 1] += usize::from(hidden(row.text).is_some());
        }
        let usual: Vec<bool> = counts.iter().map(|n| *n as f64 > most).collect();
        Usual {
            talk: usual[PATTERNS.len()],
            hidden: usual[PATTERNS.len() + 1],
            patterns: usual[..PATTERNS.len()].to_vec(),
        }
    }
}

fn find(subject: &Subject<'_>, usual: &Usual) -> Option<Finding> {
    let text = subject.text();
    if let Some(fault) = &subject.candidate.fault {
        return Some(Finding::reject(&MALFORMED).with_evidence(fault));
    }
    if let Some(c) = hidden(text).filter(|_| !usual.hidden) {
        return Some(Finding::reject(&HIDDEN).with_evidence(format!("U+{:04X}", u32::from(c))));
    }
    let leftover = LEFTOVERS.matches(text).iter().find(|p| !usual.patterns[*p]).and_then(|p| EACH[p].find(text));
    if let Some(found) = leftover {
        return Some(Finding::reject(&MALFORMED).with_evidence(found.as_str().trim()));
    }
    let first = text.lines().next().unwrap_or_default();
    (!usual.talk && is_talk(first)).then(|| Finding::reject(&MALFORMED).with_evidence(first.trim()))
}

/// The first character that a reader does not see: bidirectional embeddings, overrides and isolates, tag characters outside of
/// a flag, control characters besides white space. Joiners and direction marks are part of many scripts and stay.
fn hidden(text: &str) -> Option<char> {
    let mut in_flag = false;
    text.chars().find(|&c| {
        let tag = ('\u{E0000}'..='\u{E007F}').contains(&c);
        let hides = match c {
            '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' => true,
            _ if tag => !in_flag,
            c => c.is_control() && !c.is_whitespace(),
        };
        in_flag = c == '\u{1F3F4}' || (in_flag && tag);
        hides
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, dataset, judge};
    use super::*;
    use crate::rng::Seed;

    #[test]
    fn rejects_leftovers_and_leaves_texts_that_look_a_little_like_them() {
        let dataset = dataset();
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let find =
            |text: &str| judge(&Malformed::default(), &context, &candidates(&[text])).remove(0).map(|f| f.reason);
        for (text, reason) in [
            ("{\"id\":\"a1\",\"text\":\"hello\"}", &MALFORMED),
            ("id\": \"a1\", \"text\": \"hello", &MALFORMED),
            ("```json", &MALFORMED),
            ("As an AI language model I feel great", &MALFORMED),
            ("Here is the rewritten text: hello", &MALFORMED),
            ("I'm sorry, but I can't assist with that.", &MALFORMED),
            ("half a \u{fffd} character", &MALFORMED),
            ("left \u{202e}thgir", &HIDDEN),
            ("tags \u{e0041}\u{e0042}", &HIDDEN),
            ("a bell \u{7}", &HIDDEN),
        ] {
            assert_eq!(find(text), Some(reason), "{text:?}");
        }
        for text in [
            "here i am again",
            "he said \"text me\": fine",
            "england \u{1F3F4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} won",
            "می\u{200c}خواهم",
            "two\nlines\u{b}",
            "Sure, even then I would go!",
            "i am sorry but i can't come",
        ] {
            assert_eq!(find(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_the_collection_shows_itself_is_not_malformed() {
        let mut rows = crate::data::Rows::default();
        for i in 0..10 {
            rows.push(&format!("{{\"id\": \"{i}\", \"text\": \"log line\"}}"), if i < 5 { "a" } else { "b" })
                .expect("few labels");
        }
        let dataset = crate::data::Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let one = candidates(&["{\"id\": \"9\", \"text\": \"new line\"}"]);
        assert_eq!(judge(&Malformed::default(), &context, &one), [None]);
    }
}
