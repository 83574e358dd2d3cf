//! What models say around the texts: fences, greetings, offers, words about the task, messages of servers.

use super::{Note, NoteKind, clean};
use regex::{Regex, RegexSet};
use std::sync::LazyLock;

fn pattern(source: &str) -> Regex {
    Regex::new(source).expect("a fixed pattern")
}

/// The answer without lines that open or close a code fence.
pub(super) fn without_fences(body: &str, notes: &mut Vec<Note>) -> String {
    static FENCE: LazyLock<Regex> = LazyLock::new(|| pattern(r"(?m)^[ \t]*(?:```|~~~)[ \t]*[\w+-]*[ \t]*\r?$"));
    // A fence may also stand at the end of the last line, or before the first bracket.
    static INLINE: LazyLock<Regex> = LazyLock::new(|| pattern(r"```(?:json\b)?"));
    let mut bare = FENCE.replace_all(body, "").into_owned();
    if bare.contains("```") {
        bare = INLINE.replace_all(&bare, "").into_owned();
    }
    if bare.len() != body.len() {
        notes.push(Note::new(NoteKind::CodeFence, "```"));
    }
    bare
}

/// Whether a line talks about the texts instead of being one.
pub(super) fn is_talk(line: &str) -> bool {
    static OPENS: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)^\W*(?:sure|certainly|of\ course|absolutely|ok|okay|alright|great|happy\ to|no\ problem|got\ it|understood|here(?:['’]s|\ is|\ are|\ you\ go|\ you)|below\b|the\ (?:following|rewritten|new)|these\ are|rewritten|rewrites|output|answer|result|texts?)\b",
        )
    });
    static SPEAKS_OF_WORK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:re-?writ\w*|rewrit\w*|rephras\w*|paraphras\w*|(?:new|different|following|\d+) (?:versions|variations)|json|requested|you asked|new texts?|texts?\b.{0,40}\blabel|here you go|separated)\b",
        )
    });
    static CLOSES: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)^\W*(?:let\ me\ know|i\ hope\ (?:this|these|that|it)|hope\ (?:this|these|that)\ helps?|feel\ free\ to|please\ let|is\ there\ anything|would\ you\ like\ me|if\ you\ (?:need|want|would\ like)\ (?:me|more|any)|note(?:\ that|:)|(?:please\ )?note:|these\ (?:rewrites|texts|rewritten|versions)|i(?:['’]ve|\ have)\ (?:rewritten|kept|made)|all\ texts\ (?:are|have))",
        )
    });
    let line = line.trim();
    let opens = OPENS.is_match(line) && (line.ends_with(':') || SPEAKS_OF_WORK.is_match(line));
    let speaks = line.ends_with(':') && SPEAKS_OF_WORK.is_match(line);
    opens || speaks || CLOSES.is_match(line) || is_heading(line) || is_of_a_server(line) || speaks_of_the_task(line)
}

/// Whether a line announces a text, or describes one instead of being it: `#1 - The original text:`.
fn is_heading(line: &str) -> bool {
    static HEADING: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?ix)^\W*(?:\d+\W+)?(?:
                (?:the|this|each)\ (?:(?:original|rewritten|new|given|following|first|second|final|last)\ )?(?:texts?|json|sentence|prompt)\b
              | (?:the\ )?(?:original|rewritten|new|final|first|second)?\ ?(?:texts?|answers?|outputs?|results?|responses?|versions?|rewrites?|sentences?|questions?)\b[^:]{0,40}:\s*$
            )",
        )
    });
    HEADING.is_match(line)
}

/// Whether a server or a gateway speaks in the place of a model: a stand-in's sentence, or an error.
pub(crate) fn is_of_a_server(line: &str) -> bool {
    static SERVER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x)(?i:\b(?:mock(?:ed)?|dummy|placeholder|simulated|canned|fake)\ (?:response|answer|output|reply|completion)\b)
              | \b(?:[a-z_]\w*\.)+[A-Z]\w*(?:Error|Exception)\b
              | \b[A-Z][a-z]+(?:[A-Z][a-z]+)+(?:Error|Exception)\b
              | ^\W*(?i:error|exception)\W*[:\]]
              | ^\W*(?i:http(?:/\d(?:\.\d)?)?\ )?(?:4\d\d|5\d\d)\b.{0,20}(?i:error|unavailable|forbidden|unauthori[sz]ed|not\ found|too\ many\ requests|bad\ gateway|bad\ request|gateway\ time-?out)
              | ^\W*(?i:(?:you(?:'|’)ve|you\ have)\ exceeded\ your\ (?:\w+\ )?(?:rate\ limit|quota|limit)|(?:bad\ gateway|service\ unavailable|internal\ server\ error|gateway\ time-?out|too\ many\ requests|rate\ limit\ (?:exceeded|reached))\b)
              | ^Traceback\ \(most\ recent",
        )
    });
    SERVER.is_match(line)
}

/// Whether a line uses two words of the trade: of what the prompt asks for, and not of what people write.
pub(crate) fn speaks_of_the_task(line: &str) -> bool {
    const WORDS: [&str; 10] = [
        r"(?i)\bjson\b",
        r"(?i)\b(?:original|source|rewritten|given|provided|following|input|new|example) texts?\b",
        r"(?i)\bre-?(?:writ\w+|word(?:s|ed|ing)?|work(?:s|ed|ing)?)\b|\b(?:paraphras|rephras)\w*",
        r"(?i)\btexts\b",
        r"(?i)\bformat(?:s|ted|ting)?\b",
        r"(?i)\blabel(?:l?ed|s|ling)?\b",
        // "A prompt response" is a quick one: a prompt is a thing where it has a verb, a mark or the end behind it.
        r"(?i)\b(?:prompts|prompt(?:\s+(?:is|was|says|said|asks|above|below|and|that|for|to|with)\b|\s*[^\w\s]|\s*$)|instructions?|classifiers?|training data|data ?sets?|placeholders?)(?:\b|\W|$)",
        r"(?i)\bpunctuation\b",
        r"(?i)\b(?:outputs?|responses?)\b",
        r"(?i)\blower ?case\b",
    ];
    static TRADE: LazyLock<RegexSet> = LazyLock::new(|| RegexSet::new(WORDS).expect("fixed patterns"));
    TRADE.matches(line).iter().count() >= 2
}

/// Notes each line of `text` that is not blank as talk around the texts.
pub(super) fn note_lines(text: &str, notes: &mut Vec<Note>) {
    let lines = text.lines().map(str::trim).filter(|l| !l.is_empty());
    notes.extend(lines.map(|l| Note::new(NoteKind::Preamble, clean::excerpt(l))));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_talk_from_texts() {
        for talk in [
            "Sure! Here you go:",
            "Certainly! Below are the rewritten texts:",
            "Here are 3 rewritten versions of your texts",
            "Rewritten texts:",
            "Let me know if you need more!",
            "I hope this helps.",
            "Note: all texts keep the label.",
            "The text is in JSON format. I will add the JSON to the file",
            "#1 - The original text:",
            "The answer to the question is:",
            "You write training data for a text classifier. You get real texts that people gave one and the same label",
            "This is a perfect example of how a writer can rework texts without using any punctuation.",
            "Mock response from gpt-4o: everything is working as expected",
            "[mock response for m]",
            "litellm.ContentPolicyViolationError",
            "Error: upstream timed out",
            "503 Service Unavailable",
        ] {
            assert!(is_talk(talk), "{talk}");
        }
        for text in [
            "sure i would love to come",
            "here i am feeling alone again",
            "i hope you feel better soon",
            "great day today",
            "the new phone is slow",
            "ok so that was weird",
            "Sure, @user, even then I'd have seen his face!",
            "Here is my version of events",
            "my sister texts me every day",
            "the answer is no",
            "500 people came and it was an error to go",
            "thanks for the prompt response, that was quick",
            "what an error that was",
            "the answer came: yes",
        ] {
            assert!(!is_talk(text), "{text}");
        }
    }
}
