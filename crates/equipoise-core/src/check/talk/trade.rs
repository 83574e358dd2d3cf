//! Words of the trade: what is said of texts, their labels and their making, and seldom by people in one sentence.

use crate::check::sentences::sentences;
use crate::text::compact;
use regex::{Regex, RegexSet};
use std::sync::LazyLock;

/// Groups of words; a group counts once in a sentence. The first ones are those of the trade, which people seldom have; the others stand in
/// what people say of their messages, their style and their favourite songs as well.
const GROUPS: [&str; 19] = [
    r"re-?writ(?:e|es|ten|ing)|rewrote|paraphras\w*|re-?phras\w*|reword\w*|re-?formulat\w*|training data|data ?sets?|text classif\w*|word count|json|synthetic",
    r"labels?|label(?:l)?ed",
    r"sentences?",
    r"variations?|variants?",
    r"sentiment",
    r"wordings?|phrasing|vocabulary",
    r"category|categories",
    r"texts?",
    r"tweets?",
    r"versions?|alternatives?",
    r"examples?|samples?",
    r"messages?",
    r"originals?|source",
    r"emotions?|emotional|sentiments",
    r"tones?|meaning",
    r"styles?|informal",
    r"authors?|speakers?|narrators?|the user(?:['’]s)?",
    r"convey\w*|express(?:es|ed|ing)?|reflects?|captur(?:es?|ing)|preserv\w*|maintain\w*",
    r"generat(?:e|ed|ing|ion)s?|outputs?|formats?|prompts?|instructions?|instructed",
];

/// Groups of the trade.
const OF_THE_TRADE: usize = 7;

/// Words that announce, offer, explain or order.
const ADDRESSES: &str = r"(?i)\b(?:let me know|feel free|would you like|do you want|if you(?:['’]d)? (?:want|like|need|would)|just tell me|please tell me|(?:i )?hope (?:this|that|these)|note(?: that|:)|explanation:|reasoning:|as (?:you )?(?:requested|instructed|asked)|i(?:['’]ve| have)? (?:changed|left out|made sure|varied|tried to|avoided|replaced)|below|the following|shall i|i can (?:write|make|give|try|generate|provide)|(?:i['’]d|i would) be (?:happy|glad)|this should|in this (?:text|example|version|one)|each of|your (?:task|output)|you (?:will (?:be given|receive|get)|are given)|imagine that)\b|^\W*(?:(?:please|now|then|and|only|just|here|sure|okay|ok)\W+){0,3}(?:here(?:['’]s| is| are)|of course|certainly|do not|don['’]t|write|keep|use the|return|respond|answer|provide|produce|create|make sure|avoid)\b|^[(\[*]+(?:i|the|this|same|my|kept|keeps)\b";

/// Words that head a text which follows.
const HEADS: &str = r"(?i)\b(?:versions?|variations?|alternatives?|examples?|attempts?|texts?|sentences?|re-?writ\w+|paraphrase\w*|message|answer|output)\b";

static WORDS: LazyLock<RegexSet> = LazyLock::new(|| {
    RegexSet::new(GROUPS.iter().map(|words| compact(&format!(r"(?i)\b(?:{words})\b")))).expect("fixed patterns")
});
static ADDRESS: LazyLock<Regex> = LazyLock::new(|| Regex::new(&compact(ADDRESSES)).expect("a fixed pattern"));
static HEAD: LazyLock<Regex> = LazyLock::new(|| Regex::new(&compact(HEADS)).expect("a fixed pattern"));

/// Words of a sentence beyond which two words of the trade may meet by chance.
const LONG: usize = 25;
/// Words of a heading, at most.
const LONGEST_HEAD: usize = 8;

/// The first sentence that speaks the language of the trade; `labels` finds the names of labels.
///
/// Talk is about the text, so that its place tells as much as its words: a head before the text, or brackets behind it. Elsewhere two common words
/// meet in what people say ("let fans express their style"), and it takes one of the trade.
pub(super) fn of_the_trade<'t>(text: &'t str, labels: Option<&Regex>) -> Option<&'t str> {
    // Most texts hold no such word at all.
    if !WORDS.is_match(text) && !HEAD.is_match(text) {
        return None;
    }
    let is_told = |(at, sentence): (usize, &'t str)| {
        let n_words = sentence.split_whitespace().count();
        let groups: Vec<usize> = WORDS.matches(sentence).iter().collect();
        let is_addressed = ADDRESS.is_match(sentence);
        if at == 0 && sentence.ends_with(':') && n_words <= LONGEST_HEAD {
            return groups.len() > 1 || HEAD.is_match(sentence);
        }
        if at > 0 && is_in_brackets(sentence) {
            let names_label = || labels.is_some_and(|labels| labels.is_match(sentence));
            let is_rewritten = groups.first() == Some(&0);
            return groups.len() > 1 || is_rewritten || (groups.len() == 1 && (is_addressed || names_label()));
        }
        let is_of_the_trade = groups.first().is_some_and(|first| *first < OF_THE_TRADE);
        let least = if n_words > LONG { 3 } else { 2 };
        is_of_the_trade && groups.len() + usize::from(is_addressed) >= least
    };
    sentences(text).enumerate().find(|part| is_told(*part)).map(|(_, sentence)| sentence)
}

/// Whether brackets or stars go around the sentence; a mark may stand behind them, and a colon ends a sentence inside of them.
fn is_in_brackets(sentence: &str) -> bool {
    let end = sentence.trim_end_matches(['.', '!', '"', '”', ' ']);
    sentence.starts_with(['(', '[', '*']) && end.ends_with([')', ']', '*', ':'])
}

/// Finds the names of labels that are words.
pub(super) fn names(labels: &[String]) -> Option<Regex> {
    let is_word = |label: &&String| label.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    let names: Vec<String> = labels.iter().filter(is_word).map(|label| regex::escape(label)).collect();
    (!names.is_empty()).then(|| Regex::new(&compact(&format!(r"(?i)\b(?:{})\b", names.join("|")))).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_what_is_said_of_texts_from_what_people_say() {
        let labels = names(&["sadness".to_owned(), "1".to_owned()]);
        for (text, part) in [
            ("we lost the match (the label sadness was kept)", "(the label sadness was kept)"),
            ("My version of the tweet: we lost the match", "My version of the tweet:"),
            ("we lost the match (shows sadness in a casual tone).", "(shows sadness in a casual tone)."),
            ("we lost the match. It has the sentiment and the tone.", "It has the sentiment and the tone."),
            ("Manager Z's message: we lost the match", "Manager Z's message:"),
            (
                "Keep the wording of the source and vary the length.",
                "Keep the wording of the source and vary the length.",
            ),
            ("Here's my attempt: we lost the match", "Here's my attempt:"),
        ] {
            assert_eq!(of_the_trade(text, labels.as_ref()), Some(part));
        }
        for text in [
            "my sister sent me a text and i cried",
            "the new version is out now",
            "i feel such sadness today",
            "what a day: we lost the match",
            "your tweets are great, keep them coming",
            "she broke up by text message and i am numb",
            "a stadium where fans of every style express themselves",
            "the source of all this sadness is my brother",
            "(United Press) a version of the plan reflects the sadness of many",
            "don't text me, my phone is broken",
            "better than the original version of the song",
        ] {
            assert_eq!(of_the_trade(text, labels.as_ref()), None, "{text}");
        }
    }
}
