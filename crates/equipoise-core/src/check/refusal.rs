//! `refusal`: a model that declines, inside of what should be a text.

use super::judge::each_with_notes;
use super::patterns::{PatternSettings, Patterns, USUAL_SHARE, code};
use super::sentences::places;
use super::{Check, Context, Finding, Judge, Reason, Subject};
use crate::catalog::{Entry, Settings, SettingsError};
use crate::parse::refusal;
use crate::text::compact;
use regex::Regex;
use std::sync::{Arc, LazyLock};

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "refusal",
    what: "Rejects texts in which a model declines its work, in nineteen languages.",
    why: "A refusal teaches a classifier that the label sounds like an excuse; one model answers in the language of the rows, another in English.",
    source: "Two-part patterns, shared with the parser of answers: words that decline and words for the work within one sentence. Lists of single phrases hit people who are sorry.",
    settings: &[USUAL_SHARE],
    make,
};

struct Refusal(PatternSettings);

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(Refusal(PatternSettings::read(ENTRY.name, settings)?)))
}

const REFUSAL: Reason = Reason::new("refusal", "declines the work instead of being a text").with_advice(
    "Some items declined the task instead of being a text: leave out what you will not write, without a word on it.",
);

static PATTERNS: LazyLock<Arc<Patterns>> = LazyLock::new(|| {
    Patterns::new(ENTRY.name, vec![code("declines", refusal), code("declines_at_an_end", declines_at_an_end)])
});

/// The first or last sentence in which somebody does not do a work that only a model is asked for, or names the rules that it keeps. Of 16,454
/// human rows none has one that was not found before.
fn declines_at_an_end(text: &str) -> Option<&str> {
    static DECLINES: LazyLock<Regex> = LazyLock::new(|| {
        let not = r"(?:can(?:no|['’])t|can not|won['’]t|will not|['’]d rather not|would rather not|not (?:able|going|willing|comfortable|allowed|possible|appropriate)|unable|do(?:n['’]t| not)|declin\w+|refus\w+|turn(?:ing)? (?:\w+ )?down|pass on|say no|leav(?:e|ing)|omit\w*|skip\w*|avoid\w*|restricted|prevent(?:s|ed)|prohibit(?:s|ed)|not something|beyond|off limits|outside|violat\w+|against)";
        let work = r"(?:texts?|content|requests?|prompts?|messages?|posts?|examples?|remarks|slurs|insults|profanity|hate speech|(?:this|that|offensive|abusive|hateful|such|explicit|vulgar) (?:kind of )?(?:language|output|theme|wording)|write|produce|create|generate|imitate|compose|role-?play|rewrit\w+|rephras\w+|guidelines|polic(?:y|ies)|my (?:rules|programming|training)|comply|writing|producing|generating|creating)";
        let sorry =
            r"(?:sorry|apologies|unfortunately|my apologies|i apologi[sz]e|no|regrettably|due to [^,]*|as an? [^,]*)";
        let source = format!(
            r"(?i)^\W*(?:{sorry}\W+(?:but |however )?)?(?:i|i['’]m|i am|i['’]d|i['’]ve|we|this|that|it|it['’]s|nothing|my (?:rules|guidelines|training|programming|safety training))\b[^.!?]*\b{not}\b[^.!?]*\b{work}\b"
        );
        Regex::new(&compact(&source)).expect("a fixed pattern")
    });
    places(text).into_iter().find(|piece| DECLINES.is_match(piece))
}

impl Check for Refusal {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[REFUSAL]
    }

    /// The evidence is the part that declines.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let watched = PATTERNS.learn(context, self.0.usual_share);
        let notes = watched.notes.clone();
        let find = move |subject: &Subject<'_>| {
            let (_, part) = watched.find_new(subject.came(), || context.sources(subject.candidate))?;
            Some(Finding::reject(&REFUSAL).with_evidence(part))
        };
        each_with_notes(find, notes)
    }
}

#[cfg(test)]
mod tests {
    use super::declines_at_an_end;

    #[test]
    fn who_declines_the_work_of_a_model_is_found_at_an_end() {
        for text in [
            "I'd rather not produce insults, even made-up ones.",
            "the bus was late again. This is not something I can write.",
            "My training prevents me from composing such a message.",
        ] {
            assert!(declines_at_an_end(text).is_some(), "{text}");
        }
        for text in
            ["I can't come to the party, sorry", "I won't pay for a bus that is late", "we do not like the new road"]
        {
            assert_eq!(declines_at_an_end(text), None, "{text}");
        }
    }
}
