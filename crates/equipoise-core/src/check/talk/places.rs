//! What stands at the ends of a text, or in brackets, and speaks of the text: counts, offers, notes, descriptions, marks.
//!
//! The place tells as much as the words. Anywhere else people say the like of their own things.

use crate::check::sentences::{is_bracketed, places};
use crate::text::compact;
use regex::Regex;
use std::sync::LazyLock;

/// Nouns of a text.
const TEXT: &str = r"(?:texts?|tweets?|messages?|posts?|comments?|sentences?|statements?|remarks?|reviews?|complaints?|announcements?|utterances?|examples?|samples?|items?)";
/// Words of the work: to write, to change, how a text sounds.
const WORK: &str = r"(?:re-?writ\w*|re-?phras\w*|paraphras\w*|reword\w*|revis(?:e|ed|ion)s?|adjust\w*|tweak\w*|edits?|vary|wording|tone|style|format|variants?|variations?|versions?|examples?|samples?|texts?|batch|labels?|generat\w*|shorter|shortened|longer|more formal|inputs?|alternatives?|hashtags?|another one|next one|more (?:of these|like (?:this|these)|ideas))";

fn pattern(source: &str) -> Regex {
    Regex::new(&compact(&format!("(?i){source}"))).expect("a fixed pattern")
}

/// How many words, which of how many.
static COUNTS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^\W*(?:(?:approx\w*|about|around|only|total|length|under|exactly)\W*)*\d+ ?(?:words?|characters?|chars|tokens?)\b.{{0,16}}$|^\W*(?:total |number of |the )?(?:words?|characters?|chars|tokens?|length|count|total)(?: ?count| words| total)?(?: ?[:=] ?| )\d+.{{0,14}}$|^\W*(?:{TEXT}|no|nr|part)?\.?\s*#?\d{{1,3}} ?(?:/|of|out of) ?\d{{1,3}}\W*$|^\W*{TEXT} ?(?:no\.?|nr\.?|number|#)? ?\d{{1,3}}\W*$"
    ))
});

/// Whether more is wanted, or something else.
static OFFERS: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^\W*(?:if [^,.]{{3,40}}, )?(?:i(?:['’]?m| am|['’]?d| would) (?:be )?(?:happy|glad|able|ready) to|(?:happy|glad|ready) (?:to|for)|i (?:can|could|will)(?: also)?|(?:shall|should|can|may) i|(?:do|would|did) you (?:want|like|need|prefer|wish)|would (?:another|a)|want|need|let me(?: know)?|(?:please )?tell me|just (?:ask|say|tell)|ask me|feel free|does (?:this|that|it|the)|is (?:this|that|it)|was (?:this|that|it)|(?:i )?(?:hope|trust) (?:this|that|it))\b[^.!?]*\b{WORK}\b[^.!?]*[.?!]*$"
    ))
});

/// One word of changing or style.
static CHANGES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"\b(?:changed|altered|swapped|removed|replaced|stripped|masked|omitted|toned down|softened|edited|shortened|re-?phrased|reworded|re-?written|paraphrase\w*|translat(?:ed|ion)|auto-translated|originals?|originally|unchanged|preserved|intact|fiction(?:al)?|fictitious|made-up|invented|simulated|as (?:you )?(?:instructed|requested|asked)|(?:in)?formal|casual|tone|mood|style|wording|sarcasm|sarcastic|irony|neutral|samples?|hashtags?|emojis?|for (?:realism|clarity|variety|privacy)|in (?:english|german|french|danish|spanish|swedish|dutch|italian)|from (?:the )?(?:english|german|french|danish|spanish|swedish|dutch|italian|portuguese))\b",
    )
});

/// A noun of a text and what it does, or its author and how he feels, as a whole sentence.
static DESCRIBES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(&format!(
        r"^(?:an? |the |this |another )?(?:[\w'’-]+ ){{0,2}}{TEXT}(?: above)? (?:about|expressing|conveying|describing|voicing|mocking|showing|directed at|celebrating|in which|(?:which |that )?(?:expresses|conveys|describes|voices|shows|mocks))\b[^.!?]*\.$|^(?:the|this) (?:author|speaker|writer|narrator|poster|commenter|user)(?: in (?:the|this) \w+)? (?:is|feels|sounds|seems|voices|shares|complains|describes|expresses)\b[^.!?]*\.$|^(?:someone|somebody) \w+ing\b[^.!?]*\.$|^(?:express|convey|describ|voic)(?:es|s|ing)\b[^.!?]*\.$"
    ))
});

/// What is judged of a text, and how it did.
static JUDGES: LazyLock<Regex> = LazyLock::new(|| {
    pattern(
        r"^\W*(?:\w+ )?(?:score|quality|rating|grade|confidence|similarity|fluency|diversity|relevance|realism|accuracy|probability|originality|verdict|overall|label match(?:es)?)\b(?: to \w+)? ?[:=] ?(?:\d[\d./%]*|high|low|medium|good|yes|no|ok|very \w+|[a-f][+-]?\b)[^.!?\n]{0,24}\W*$|^\W*\d{1,2}(?:\.\d)? ?/ ?(?:5|10)\W*$",
    )
});

/// Whose text it is: people speak of their own.
static OWN: LazyLock<Regex> = LazyLock::new(|| pattern(r"^\W*(?:my|our|your|his|her|their)\b"));

/// The first piece at an end of the text, or in brackets, that speaks of it.
pub(super) fn of_the_text(text: &str) -> Option<&str> {
    let places = places(text);
    // A text that is an offer as a whole may be anybody's.
    let is_whole = places.first().is_some_and(|first| first.len() == text.trim().len());
    let speaks = |piece: &&str| {
        COUNTS.is_match(piece)
            || JUDGES.is_match(piece)
            || (DESCRIBES.is_match(piece) && !OWN.is_match(piece))
            || (is_bracketed(piece) && CHANGES.is_match(piece))
            || (!is_whole && OFFERS.is_match(piece))
    };
    places.iter().copied().find(speaks)
}

#[cfg(test)]
mod tests {
    use super::of_the_text;

    #[test]
    fn what_speaks_of_the_text_is_found_at_its_ends_and_in_brackets() {
        for (text, part) in [
            ("the bus was late again. Word count: 17", "Word count: 17"),
            ("the bus was late again (3 of 20)", "(3 of 20)"),
            ("the bus was late again. Length: 96 characters.", "Length: 96 characters."),
            ("the bus was late again. I can also make it shorter.", "I can also make it shorter."),
            ("the bus was late again. Do you need another version?", "Do you need another version?"),
            ("the bus (reworded) was late again", "(reworded)"),
            ("the bus was late again [tone: bitter]", "[tone: bitter]"),
            ("Angry comment about a late bus.", "Angry comment about a late bus."),
            ("the bus was late again. Confidence: 0.93", "Confidence: 0.93"),
        ] {
            assert_eq!(of_the_text(text), Some(part), "{text}");
        }
    }

    #[test]
    fn what_people_say_of_their_own_things_is_not() {
        for text in [
            "i can hardly wait for the next version of that game",
            "My last post about the bus was deleted.",
            "I love this style (the red one) so much",
            "We counted 300 words in her speech and fell asleep over it in the end",
            "Someone keyed my car. Do you want to come along?",
            "the score was 3 of them against us",
        ] {
            assert_eq!(of_the_text(text), None, "{text}");
        }
    }
}
