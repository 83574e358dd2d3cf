//! What a model puts around most texts of an answer and no source has: "Review: …", "… (Variation 2)", "…; joy". It is no part of the
//! texts, and a classifier would learn it.

use super::item::{Expect, Found};
use super::{Note, NoteKind, refusal, talk};
use std::collections::HashMap;

/// Texts that must have a frame; fewer may have a turn of phrase in common.
const FEWEST: usize = 3;
/// Characters of a frame, at most.
const LONGEST: usize = 40;
/// Marks that end what stands before a text. A dash or an exclamation mark may belong to it.
const ENDS: [char; 6] = [':', '：', ')', ']', '】', '|'];
/// Brackets that begin what stands behind a text, with those that end it.
const BRACKETS: [(char, char); 4] = [('(', ')'), ('[', ']'), ('【', '】'), ('（', '）')];
/// Marks that part what stands behind a text from it, and go with it.
const PARTS: [char; 15] = [';', ',', ':', '/', '|', '=', '>', '#', '\t', '\n', '；', '，', '：', '→', '、'];
/// Marks that end a sentence, behind which something may stand. They belong to the text.
const SENTENCE_ENDS: [char; 7] = ['.', '!', '?', '…', '。', '！', '？'];
/// Dashes, which part where a blank stands on both sides.
const DASHES: [char; 3] = ['-', '–', '—'];

/// Marks behind which people say something short at the end: "it broke, thanks". So do models that attach a label, but only the checks
/// know the labels, and `label_prefix` rejects them; here the words would be lost of every text.
const BEFORE_SPEECH: [char; 3] = [',', '，', '、'];
/// Words up to which an ending is such a thing to say; nobody ends each text in more of the same.
const MOST_SAID: usize = 3;

/// Finds what may be a frame.
type Find = fn(&str) -> Option<&str>;
/// A text without its frame.
type Rest = fn(&str, &str) -> String;

/// Takes off what most texts begin with and end in, numbers aside, where no source does.
pub(super) fn take_off(found: &mut [Found], expect: &Expect<'_>, notes: &mut Vec<Note>) {
    // Without sources nobody knows what real texts begin with.
    if expect.sources.is_empty() {
        return;
    }
    for (of, rest) in [(head as Find, behind as Rest), (bracket, before), (named_ending, before), (ending, before)] {
        let Some(frame) = shared(found, of) else { continue };
        if expect.sources.iter().any(|(_, text)| of(text.trim()).map(plain).as_ref() == Some(&frame)) {
            continue;
        }
        for f in found.iter_mut() {
            let text = f.text.trim();
            let Some(own) = of(text).filter(|own| plain(own) == frame) else { continue };
            // Without its head an error reads like a text.
            if talk::is_of_a_server(text) || refusal::refusal(text).is_some() {
                continue;
            }
            notes.push(Note::new(NoteKind::Framed, own));
            f.text = rest(text, own);
        }
    }
}

/// The frame that most texts have.
fn shared(found: &[Found], of: Find) -> Option<String> {
    let mut counts: HashMap<String, usize> = HashMap::new();
    for frame in found.iter().filter_map(|f| of(f.text.trim())) {
        *counts.entry(plain(frame)).or_default() += 1;
    }
    counts.into_iter().find(|(_, n)| *n >= FEWEST && 2 * n > found.len()).map(|(frame, _)| frame)
}

/// Up to the first mark that a blank follows, or that is as wide as one; there is a letter before it and a text behind it.
fn head(text: &str) -> Option<&str> {
    let (at, mark) = text.char_indices().take(LONGEST).find(|(_, c)| ENDS.contains(c))?;
    let (head, rest) = text.split_at(at + mark.len_utf8());
    let is_over = mark.len_utf8() > 1 || rest.starts_with(char::is_whitespace);
    (is_over && head.contains(char::is_alphabetic) && !rest.trim().is_empty()).then_some(head)
}

/// A bracket with a letter in it that ends a text.
fn bracket(text: &str) -> Option<&str> {
    let (open, _) = BRACKETS.iter().find(|(_, close)| text.ends_with(*close))?;
    let (body, tail) = text.split_at(text.rfind(*open)?);
    let is_short = tail.chars().count() <= LONGEST;
    (is_short && tail.contains(char::is_alphabetic) && !body.trim().is_empty()).then_some(tail)
}

/// What stands behind the last mark that parts something with a letter from the text, with that mark.
fn ending(text: &str) -> Option<&str> {
    let (at, mark) = text.char_indices().rev().take(LONGEST).find(|(at, c)| parts(text, *at, *c))?;
    let from = match SENTENCE_ENDS.contains(&mark) {
        true => at + mark.len_utf8(),
        false => {
            let goes_with = |c: char| c.is_whitespace() || PARTS.contains(&c) || DASHES.contains(&c);
            text[..at].trim_end_matches(goes_with).len()
        }
    };
    let tail = &text[from..];
    (!text[..from].trim().is_empty() && !is_said(mark, tail)).then_some(tail)
}

/// Whether people may say so: a few words behind a mark of speech, without a number and not about the texts.
fn is_said(mark: char, tail: &str) -> bool {
    let is_spoken = [&BEFORE_SPEECH[..], &SENTENCE_ENDS, &DASHES].iter().any(|marks| marks.contains(&mark));
    let n_words = tail.split_whitespace().filter(|word| word.contains(char::is_alphabetic)).count();
    is_spoken && n_words <= MOST_SAID && !tail.contains(char::is_numeric) && !talk::speaks_of_the_task(tail)
}

/// The same with the word that names it: `Label: joy`.
fn named_ending(text: &str) -> Option<&str> {
    let ending = ending(text)?;
    let named = ending.trim_start().starts_with([':', '：', '=']);
    let (body, name) = text[..text.len() - ending.len()].rsplit_once(char::is_whitespace)?;
    (named && !name.is_empty() && !body.trim().is_empty()).then(|| &text[body.len()..])
}

/// Whether the character parts what stands behind it, which has a letter, from the text.
fn parts(text: &str, at: usize, c: char) -> bool {
    let behind = &text[at + c.len_utf8()..];
    let is_between_blanks = || text[..at].ends_with(char::is_whitespace) && behind.starts_with(char::is_whitespace);
    let does_part = PARTS.contains(&c)
        || (SENTENCE_ENDS.contains(&c) && behind.starts_with(char::is_whitespace))
        || (DASHES.contains(&c) && is_between_blanks());
    // `10:30` and `1,000` are one number.
    let is_within =
        text[..at].ends_with(|c: char| c.is_ascii_digit()) && behind.starts_with(|c: char| c.is_ascii_digit());
    does_part && !is_within && behind.contains(char::is_alphabetic)
}

fn behind(text: &str, head: &str) -> String {
    text[head.len()..].trim_start().to_owned()
}

fn before(text: &str, tail: &str) -> String {
    text[..text.len() - tail.len()].trim_end().to_owned()
}

/// A frame without its numbers and capitals.
fn plain(frame: &str) -> String {
    let plain = frame.trim().chars().map(|c| if c.is_numeric() { '0' } else { c });
    plain.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::{Form, parse};

    fn texts(sources: &[&str], answers: &[&str]) -> (Vec<String>, usize) {
        let ids: Vec<String> = (0..sources.len()).map(|at| format!("a{at}")).collect();
        let sources: Vec<(&str, &str)> = ids.iter().map(String::as_str).zip(sources.iter().copied()).collect();
        let items = ids.iter().zip(answers).map(|(id, text)| serde_json::json!({"id": id, "text": text}));
        let answer = serde_json::json!({"texts": items.collect::<Vec<_>>()}).to_string();
        let expect =
            Expect { sources: &sources, wanted: sources.len(), form: Form::Json, complete: true, one_line: true };
        let parsed = parse(&answer, &expect);
        let n = parsed.notes.iter().filter(|note| note.kind == NoteKind::Framed).count();
        (parsed.items.into_iter().map(|item| item.text).collect(), n)
    }

    #[test]
    fn what_stands_around_every_text_and_no_source_is_taken_off() {
        let sources = ["the kettle broke", "my lamp is late", "good value"];
        let bare = ["it broke again", "it came late", "worth its price"];
        for frame in
            ["Review: {}", "Réécriture : {}", "改写：{}", "{} (Variation 0)", "[New] {}", "Take 0: {} (kept short)"]
        {
            let framed: Vec<String> =
                bare.iter().zip(1..).map(|(text, n)| frame.replace("{}", text).replace('0', &n.to_string())).collect();
            let framed: Vec<&str> = framed.iter().map(String::as_str).collect();
            let (read, n) = texts(&sources, &framed);
            assert_eq!(read, bare, "{frame}");
            assert!(n >= 3, "{frame}");
        }
    }

    #[test]
    fn a_label_that_is_attached_to_most_texts_is_taken_off_behind_any_mark() {
        let sources = ["the kettle broke", "my lamp is late", "good value, really"];
        let bare = ["it broke again.", "it came late", "worth its price!"];
        for ending in [
            ";joy",
            "; Joy",
            ": joy",
            "\nLabel: joy",
            " / joy",
            "/joy",
            " -> joy",
            " => joy",
            "\tjoy",
            " | joy",
            " #joy",
            " (joy)",
            ", written anew 1",
            "\njoy",
        ] {
            let framed: Vec<String> = bare.iter().map(|text| format!("{text}{ending}")).collect();
            let framed: Vec<&str> = framed.iter().map(String::as_str).collect();
            let (read, n) = texts(&sources, &framed);
            assert_eq!(read, bare, "{ending:?}");
            assert_eq!(n, 3, "{ending:?}");
        }
    }

    #[test]
    fn words_about_the_texts_behind_the_end_of_a_sentence_go_and_the_sentence_keeps_its_mark() {
        let sources = ["the kettle broke", "my lamp is late", "good value"];
        let framed = [
            "It broke. Written in other words",
            "It came late. Written in other words",
            "Worth it! Written in other words",
        ];
        assert_eq!(texts(&sources, &framed).0, ["It broke.", "It came late.", "Worth it!"]);
    }

    #[test]
    fn a_short_thing_to_say_at_the_end_stays() {
        let sources = ["the kettle broke", "my lamp is late", "good value, really"];
        for ending in [", thanks", " lol", ", please", ". Thank you all", " — thanks", "! Cheers", " please"] {
            let said: Vec<String> =
                ["it broke again", "it came late", "worth its price"].map(|text| format!("{text}{ending}")).into();
            let said: Vec<&str> = said.iter().map(String::as_str).collect();
            assert_eq!(texts(&sources, &said), (said.iter().map(|s| (*s).to_owned()).collect(), 0), "{ending:?}");
        }
    }

    #[test]
    fn one_text_without_the_frame_does_not_save_it_for_the_others() {
        let sources = ["the kettle broke", "my lamp is late", "good value", "a mug"];
        let (read, n) = texts(&sources, &["it broke; joy", "it came late", "worth it; joy", "a cup; JOY"]);
        assert_eq!((read, n), (["it broke", "it came late", "worth it", "a cup"].map(str::to_owned).to_vec(), 3));
    }

    #[test]
    fn an_error_in_the_place_of_every_text_keeps_the_words_that_tell_it() {
        let errors = ["Internal Server Error: request could not be processed"; 3];
        assert_eq!(texts(&["a is", "b is", "c is"], &errors), (errors.map(str::to_owned).to_vec(), 0));
    }

    #[test]
    fn what_people_write_stays() {
        let answers = ["Update: it broke", "Update: it is late", "Update: good"];
        assert_eq!(texts(&["Update: a", "b is late", "c"], &answers).0, answers, "a source begins so");
        assert_eq!(texts(&["a is", "b is"], &answers[..2]).0, answers[..2], "two may agree by chance");
        let mixed = ["Update: it broke", "It is late: really", "good (I think)"];
        assert_eq!(texts(&["a is", "b is", "c is"], &mixed).0, mixed);
        for ending in [", really", " #late"] {
            let answers = ["it broke", "it is late", "so good"].map(|text| format!("{text}{ending}"));
            let answers = answers.each_ref().map(String::as_str);
            assert_eq!(texts(&[&format!("a is{ending}"), "b is", "c is"], &answers).0, answers, "a source ends so");
        }
        let times = ["at 10:30 it broke", "at 11:30 it broke", "at 12:30 it broke"];
        assert_eq!(texts(&["a is", "b is", "c is"], &times).0, times);
    }
}
