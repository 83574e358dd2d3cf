//! Texts in which a model declines its work, in many languages.
//!
//! People decline things too ("i'm sorry but i can't come"), so it takes two parts within one sentence: words that decline, and
//! words for the work of a model. One word alone decides only where it can hardly be anybody else's ("as a language model").

use super::languages::LANGUAGES;
use crate::text::compact;
use regex::{Match, Regex};
use std::ops::Range;
use std::sync::LazyLock;

/// How a model declines in one language. Each is a regular expression, matched without regard to case.
pub(super) struct Language {
    /// What only a model says of itself, and what is said of requests alone.
    pub(super) alone: &'static str,
    /// Words that decline.
    pub(super) declines: &'static str,
    /// Verbs of the work that people seldom decline; enough beside words that are sorry.
    pub(super) works: &'static str,
    /// Verbs that people decline, too.
    pub(super) helps: &'static str,
    /// What the work is about: the request, a text, its content.
    pub(super) object: &'static str,
    /// Words that are sorry.
    pub(super) sorry: &'static str,
}

struct Compiled {
    alone: Regex,
    declines: Regex,
    works: Regex,
    helps: Regex,
    object: Regex,
    sorry: Regex,
}

/// Bytes on each side of the words that decline within which the work must be named.
const REACH: usize = 160;
/// Bytes of a text that is looked at: a refusal begins early.
const HEAD: usize = 1_200;

/// The part of `text` in which a model declines, if it does.
pub(crate) fn refusal(text: &str) -> Option<&str> {
    static COMPILED: LazyLock<Vec<Compiled>> = LazyLock::new(|| LANGUAGES.iter().map(Compiled::new).collect());
    let head = &text[..text.floor_char_boundary(HEAD)];
    COMPILED.iter().find_map(|language| language.find(head)).map(|part| head[part].trim())
}

/// Whether a whole answer declines. Where texts were asked for, it takes less than inside of one: "Sorry, I can't do that."
pub(super) fn is_refusal(answer: &str) -> bool {
    static SHORT: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?ix)^\W*(?:i['’]?m\x20|i\x20am\x20|we\x20are\x20)?(?:so\x20|very\x20|really\x20|truly\x20)?(?:sorry|apologies|unfortunately|i\x20apologi[sz]e)\b[^.!?\n]{0,20}
            \bi\x20(?:can['’]?t|cannot|can\x20not|won['’]?t|will\x20not|am\x20unable\x20to|am\x20not\x20able\x20to)\x20(?:do|help|assist|comply|continue)(?:\x20(?:you\x20)?(?:with\x20)?(?:that|this))?\W*$
            | ^\W*i\x20(?:can['’]?t|cannot|can\x20not|won['’]?t)\x20comply\b",
        )
        .expect("a fixed pattern")
    });
    answer.len() <= HEAD && (refusal(answer).is_some() || SHORT.is_match(answer))
}

impl Compiled {
    fn new(language: &Language) -> Self {
        let compile = |source: &str| Regex::new(&format!("(?ix:{})", compact(source))).expect("a fixed pattern");
        Compiled {
            alone: compile(language.alone),
            declines: compile(language.declines),
            works: compile(language.works),
            helps: compile(language.helps),
            object: compile(language.object),
            sorry: compile(language.sorry),
        }
    }

    fn find(&self, text: &str) -> Option<Range<usize>> {
        if let Some(alone) = self.alone.find(text) {
            return Some(alone.range());
        }
        // A match may begin with the mark that ends the sentence before.
        let first_word = |d: Match<'_>| d.start() + d.as_str().find(char::is_alphanumeric).unwrap_or(0)..d.end();
        self.declines.find_iter(text).map(first_word).find(|declines| {
            let sentence = sentence(text, declines);
            let is_sorry = || self.sorry.is_match(&text[..declines.start]) || self.sorry.is_match(sentence);
            let works = self.works.is_match(sentence);
            (works && is_sorry()) || ((works || self.helps.is_match(sentence)) && self.object.is_match(sentence))
        })
    }
}

/// The sentence around a part of the text, at most [`REACH`] bytes to each side.
fn sentence<'t>(text: &'t str, part: &Range<usize>) -> &'t str {
    const ENDS: [char; 8] = ['.', '!', '?', '\n', '。', '！', '？', '؟'];
    let from = text.ceil_char_boundary(part.start.saturating_sub(REACH));
    let to = text.floor_char_boundary((part.end + REACH).min(text.len()));
    let start = text[from..part.start].rfind(ENDS).map_or(from, |at| text.ceil_char_boundary(from + at + 1));
    let end = text[part.end..to].find(ENDS).map_or(to, |at| part.end + at);
    &text[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_refusals_in_many_languages() {
        for text in [
            "I'm sorry, but I can't help with that request.",
            "I cannot fulfil this request since it would spread hate.",
            "I am unable to create content of this kind.",
            "As an AI developed to be helpful, I have no feelings of my own.",
            "It would not be appropriate for me to write such a text.",
            "I must respectfully decline to produce this message.",
            "Sorry — rewriting this one is something I won't do, it violates the usage policies.",
            "My guidelines do not allow me to generate insults.",
            "I'd rather not write a tweet that attacks people.",
            "This prompt was flagged by the safety filter.",
            "It goes against the usage policies to write this.",
            "Anfragen dieser Art, sorry: ich kann solche Texte nicht schreiben.",
            "Den slags beskeder kan jeg ikke skrive.",
            "Dat soort berichten mag ik niet schrijven.",
            "Den typen av text kan jag inte skriva.",
            "I don't feel comfortable paraphrasing that statement.",
            "Es tut mir leid, aber ich kann diesen Text nicht umschreiben.",
            "Als KI-Sprachmodell habe ich keine Meinung dazu.",
            "Dabei kann ich leider nicht behilflich sein, solche Inhalte erstelle ich nicht.",
            "Je suis désolé, mais je ne peux pas générer ce type de contenu.",
            "En tant qu'intelligence artificielle, je n'éprouve pas d'émotions.",
            "Lo siento, no puedo ayudar con esa solicitud.",
            "Como modelo de lenguaje, no tengo opiniones.",
            "Mi dispiace, ma non posso soddisfare questa richiesta.",
            "Desculpe, não posso escrever esse tipo de mensagem.",
            "Het spijt me, maar ik kan deze tekst niet herschrijven.",
            "Beklager, men jeg kan ikke hjelpe med denne forespørselen.",
            "Jeg kan desværre ikke omskrive denne tekst.",
            "Tyvärr kan jag inte skapa sådant innehåll.",
            "Valitettavasti en voi kirjoittaa tällaista tekstiä.",
            "Przykro mi, ale nie mogę spełnić tej prośby.",
            "Je mi líto, ale nemohu tento text přepsat.",
            "Извините, но я не могу помочь с этим запросом.",
            "Üzgünüm, bu isteği yerine getiremem.",
            "抱歉，我无法生成这样的内容。",
            "申し訳ありませんが、そのご依頼にはお応えできません。",
            "죄송하지만 해당 요청은 도와드릴 수 없습니다.",
            "عذراً، لا يمكنني كتابة هذا المحتوى.",
        ] {
            assert!(refusal(text).is_some(), "{text}");
        }
    }

    #[test]
    fn leaves_people_who_decline_alone() {
        for text in [
            "i'm sorry but i can't come to your party tonight",
            "sorry i missed your call",
            "i can't help feeling sad today",
            "i can't do anything productive today",
            "unfortunately i cannot continue like this",
            "i refuse to answer my phone on sundays",
            "i won't be able to make it to class",
            "i can't write anything sensible when i'm tired",
            "You produce such helpful content. Can't wait for more of it!",
            "marching against the new immigration policies today",
            "the school policy prevents nothing",
            "de beder mig om at hjælpe, men det er da ikke min opgave",
            "hvorfor kan I ikke skrive en ordentlig tekst?",
            "warum könnt ihr nicht mal einen text schreiben",
            "waarom kunnen jullie geen normaal bericht schrijven",
            "varför kan ni inte skriva en vanlig text",
            "ich kann dir heute leider nicht beim umzug helfen",
            "je ne peux pas venir ce soir, désolé",
            "no puedo dormir, lo siento vecinos",
            "jeg kan ikke komme i aften",
            "my phone won't send a text",
            "she said she could not produce the receipt",
            "对不起我今天不能来了",
            "すみません、今日は行けません",
        ] {
            assert_eq!(refusal(text), None, "{text}");
        }
    }

    #[test]
    fn tells_answers_that_decline_from_texts_that_are_sorry() {
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
}
