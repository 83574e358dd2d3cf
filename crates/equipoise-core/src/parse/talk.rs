//! What models say around the texts: fences, greetings, offers, refusals, words about the task, messages of servers.

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

/// Whether the whole answer declines. Texts of a collection decline things too ("i'm sorry but i can't come"), so it takes
/// the words for declining *and* the words for this work, near the start of a short answer.
pub(super) fn is_refusal(body: &str) -> bool {
    static DECLINES: LazyLock<Regex> = LazyLock::new(|| {
        let verb = r"(?:help|assist|comply|fulfil|fulfill|provide|generate|creat|produc|writ|rewrit|rephras|paraphras|engag|support|continue|complet|process|do\ that|do\ this|participat|answer|respond)\w*";
        pattern(&format!(
            r"(?ix)^\W*(?:
                (?:(?:i['’]?m|i\ am|we['’]?re|we\ are)\ (?:\w+\ )?sorry\b|sorry\b|i\ apologi[sz]e\b|my\ apologies\b|unfortunately\b)?
                \W*(?:but\W+|however\W+)?
                (?:as\ an?\ (?:responsible\ )?(?:ai|language\ model|assistant)[^.]{{0,60}}?\W+)?
                (?:i|we)\W*(?:['’]?m|\ am|['’]?re|\ are|\ )?\W*(?:can['’]?t|cannot|can\ not|won['’]?t|will\ not|unable\ to|not\ able\ to|must\ decline|have\ to\ decline|do\ not\ feel\ comfortable|don['’]t\ feel\ comfortable|not\ comfortable|would\ rather\ not)
                (?:\W+(?:\w+\W+){{0,3}}?{verb}|\W*$|\W+(?:to\ )?(?:this|that|your)\b|\ with\b)
              | as\ an?\ (?:ai|artificial\ intelligence|large\ language\ model|language\ model)\b
              | (?:this|that|your|the)\ (?:request|content|prompt|task|text)s?\W.{{0,60}}?(?:violates?|against|goes\ against|not\ allowed|inappropriate|harmful|guidelines|polic(?:y|ies))
              | (?:request|content)\ (?:was\ )?(?:refused|blocked|declined|rejected)
            )"
        ))
    });
    static WORK: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?i)\b(?:requests?|prompts?|task|content|texts?|re-?writ\w*|rephras\w*|paraphras\w*|generat\w*|guidelines?|polic(?:y|ies)|assist\w*|comply|fulfill?|help(?: you)? with (?:that|this)|do (?:that|this)|language model|AI)\b",
        )
    });
    let body = body.trim();
    body.len() <= 1_200 && DECLINES.is_match(body) && WORK.is_match(body)
}

/// Whether a line talks about the texts instead of being one.
pub(crate) fn is_talk(line: &str) -> bool {
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
fn is_of_a_server(line: &str) -> bool {
    static SERVER: LazyLock<Regex> = LazyLock::new(|| {
        pattern(
            r"(?x)(?i:\b(?:mock(?:ed)?|dummy|placeholder|simulated|canned|fake)\ (?:response|answer|output|reply|completion)\b)
              | \b(?:[a-z_]\w*\.)+[A-Z]\w*(?:Error|Exception)\b
              | \b[A-Z][a-z]+(?:[A-Z][a-z]+)+(?:Error|Exception)\b
              | ^\W*(?i:error|exception)\W*[:\]]
              | ^\W*(?i:http\ )?(?:4\d\d|5\d\d)\b.{0,20}(?i:error|unavailable|forbidden|unauthori[sz]ed|not\ found|too\ many\ requests)
              | ^Traceback\ \(most\ recent",
        )
    });
    SERVER.is_match(line)
}

/// Whether a line uses two words of the trade: of what the prompt asks for, and not of what people write.
fn speaks_of_the_task(line: &str) -> bool {
    const WORDS: [&str; 10] = [
        r"(?i)\bjson\b",
        r"(?i)\b(?:original|source|rewritten|given|provided|following|input|new|example) texts?\b",
        r"(?i)\bre-?(?:writ\w+|word(?:s|ed|ing)?|work(?:s|ed|ing)?)\b|\b(?:paraphras|rephras)\w*",
        r"(?i)\btexts\b",
        r"(?i)\bformat(?:s|ted|ting)?\b",
        r"(?i)\blabel(?:l?ed|s|ling)?\b",
        r"(?i)\b(?:prompts?|instructions?|classifiers?|training data|data ?sets?|placeholders?)\b",
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
    fn tells_refusals_from_texts_that_are_sorry() {
        for refusal in [
            "I'm sorry, but I can't help with that request.",
            "I’m sorry, but I cannot assist with that.",
            "I am unable to generate texts that express hate.",
            "Sorry, I can't do that.",
            "As an AI language model, I do not have feelings.",
            "I can't comply with this.",
            "I won't write that content.",
            "Unfortunately, I'm not able to rewrite these texts.",
            "I apologize, but I cannot fulfill this request.",
            "This request violates the content policy.",
        ] {
            assert!(is_refusal(refusal), "{refusal}");
        }
        for text in [
            "i'm sorry but i can't come to your party tonight",
            "i am sorry for what i said",
            "i can't believe it worked",
            "sorry i missed your call",
            "i cannot wait for the weekend",
            "unfortunately i feel lost",
            "1. i'm sorry, i can't help it",
            "i can't help feeling sad today",
            "i can't continue like this",
        ] {
            assert!(!is_refusal(text), "{text}");
        }
    }

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
            "what an error that was",
            "the answer came: yes",
        ] {
            assert!(!is_talk(text), "{text}");
        }
    }
}
