//! `label_prefix`: a label that is attached to the text.

use super::judge::each_with_notes;
use super::patterns::{PatternSettings, Patterns, USUAL_SHARE, code};
use super::{Check, Context, Finding, Judge, Reason, Subject};
use crate::catalog::{Entry, Settings, SettingsError};
use regex::Regex;
use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "label_prefix",
    what: "Rejects texts that carry a label of the set at one of their ends: `label: joy`, `[joy]`, `joy:`, `#joy`.",
    why: "It gives the answer away, and a classifier that learns it knows nothing of texts without it.",
    source: "Recorded answers: 4.5 % of the crowdflower texts of one model ended in `#label`. Rejected whatever the share of real rows that name the label, unless more than 1 % carry it in the same way.",
    settings: &[USUAL_SHARE],
    make,
};

struct LabelPrefix(PatternSettings);

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(LabelPrefix(PatternSettings::read(ENTRY.name, settings)?)))
}

const CARRIES_LABEL: Reason = Reason::new("carries_label", "carries a label at one of its ends")
    .with_advice("Some texts carried their label as a tag or heading: never write it.");

impl Check for LabelPrefix {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[CARRIES_LABEL]
    }

    /// The evidence is the name of the pattern and the part of the text.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let names = Arc::new(Names::new(context.train.labels().names()));
        let pattern = |(name, shape): &(&'static str, Shape)| {
            let (names, shape) = (Arc::clone(&names), *shape);
            code(name, move |text| names.find(text, shape))
        };
        let patterns = Patterns::new(ENTRY.name, SHAPES.iter().map(pattern).collect());
        let watched = patterns.learn(context, self.0.usual_share);
        let notes = watched.notes.clone();
        let rows = context.train.rows();
        let said: HashSet<String> = rows.filter_map(|row| Some(names.behind_a_comma(row.text)?.0)).collect();
        let find = move |subject: &Subject<'_>| {
            let text = subject.came();
            let attached = || {
                let (name, part) = names.behind_a_comma(text)?;
                let is_own = name == spelt(&subject.candidate.label) && !said.contains(&name);
                is_own.then_some(("behind_a_comma", part))
            };
            let (shape, part) = watched.find(text).or_else(attached)?;
            Some(Finding::reject(&CARRIES_LABEL).with_evidence(shape).with_evidence(part))
        };
        each_with_notes(find, notes)
    }
}

/// A way to attach a label: an expression whose first group may be a name.
#[derive(Clone, Copy)]
struct Shape {
    source: &'static LazyLock<Regex>,
    /// The part of a text in which it is looked for.
    part: fn(&str) -> &str,
    /// Whether a name that is no word (`0`, `A`) counts, too.
    any_name: bool,
    /// Whether a key or brackets make the name one, whatever its case.
    marks_it: bool,
}

/// Words that announce a label.
const KEYS: &str = r"(?:(?:true|gold|target|correct|assigned|predicted|new|same|original)[ _-])?(?:labels?|class(?:es)?|categor(?:y|ies)|sentiments?|emotions?|feelings?|moods?|tags?|types?|topics?|intents?|tones?|polarity|annotation|kategorie|klasse|gefühl|stimmung|étiquette|catégorie|classe|émotion|etiqueta|clase|categoría|emoción|sentimiento|etichetta|categoria|emozione|emoção|klasse|categorie|etiket|kategori|følelse|känsla|etikett|tunne|kategoria|emocja|etykieta|emoce|štítek|метка|категория|эмоция|класс|标签|標籤|类别|類別|情感|情绪|ラベル|カテゴリ|感情|레이블|라벨|감정|카테고리|التصنيف|الفئة|लेबल|श्रेणी|भावना)";

macro_rules! shape {
    ($source:expr, $any_name:expr, $marks_it:expr) => {
        shape!($source, $any_name, $marks_it, |text| text)
    };
    ($source:expr, $any_name:expr, $marks_it:expr, $part:expr) => {
        Shape {
            part: $part,
            marks_it: $marks_it,
            source: {
                static SOURCE: LazyLock<Regex> =
                    LazyLock::new(|| Regex::new(&$source.replace("KEYS", KEYS)).expect("a fixed pattern"));
                &SOURCE
            },
            any_name: $any_name,
        }
    };
}

static SHAPES: &[(&str, Shape)] = &[
    (
        "keyed",
        shape!(
            r#"(?i)(?:^|[^\p{L}])KEYS\s*["'”]?\s*(?::|=|->|→|：|\bis\b)\s*["'“\[(<*_#]*([\p{L}\p{N}][^\n,.;!?"”'\])>*|]{0,60})"#,
            true,
            true
        ),
    ),
    (
        "class_first",
        shape!(
            r#"(?i)^[\s"'“*_#]*KEYS\s+["'“(\[*]?([\p{L}\p{N}][^\n,.;:!?"”'\])>*|]{0,60})["'”)\]*]{0,2}\s*(?::|=|->|=>|–|—|-\s)"#,
            true,
            true
        ),
    ),
    ("stressed_first", shape!(r"^\s*(?:\*{1,3}|_{1,2})([\p{L}][^\n*_]{0,60}?)(?:\*{1,3}|_{1,2})\s", false, true)),
    (
        "named_last",
        // Looked for in the whole text it would be read from its end, which took a third of the time of all checks.
        shape!(r#"(?i)^\s+KEYS\s+["'“]?([\p{L}\p{N}][^\n.!?]{0,60}?)["'”]?[\s.!]*$"#, true, true, |text| text
            .rfind([',', ';'])
            .map_or("", |at| &text[at + 1..])),
    ),
    ("behind_a_slash", shape!(r"\s/\s*([\p{L}][^\n/]{0,60}?)[\s.!]*$", false, false)),
    ("fast_text", shape!(r"(?i)__label__(\S{1,60})", true, true)),
    (
        "bracket_first",
        shape!(
            r#"^[\s"'“*_]*[\[(<{【「（«]\s*(?:#|[Ll]abel:?\s*)?([^\n\])>}】」）»]{1,60}?)\s*[\])>}】」）»]"#,
            false,
            true
        ),
    ),
    (
        "bracket_last",
        shape!(
            r#"[\[(<{【「（«]\s*(?:#|[Ll]abel:?\s*)?([^\n\[(<{【「（«\])>}】」）»]{1,60}?)\s*[\])>}】」）»][\s"'”*_.!]*$"#,
            false,
            true
        ),
    ),
    (
        "heading",
        shape!(
            r#"^[\s"'“*_#\[(]*([\p{L}][^\n:：=|>→]{0,60}?)[\s"'”*_\])]*(?::|：|=|\||->|=>|→|>|\s[-–—]{1,3}\s|\n)"#,
            false,
            false
        ),
    ),
    (
        "ending",
        shape!(
            r#"(?::|：|=|\||->|=>|→|\s[-–—]{1,3}\s?|\s/{1,2}|\n)\s*["'“*_#\[(]*([\p{L}][^\n:：=|>→]{0,60}?)[\s"'”*_\]).!]*$"#,
            false,
            false
        ),
    ),
    // As in a row of a file; behind a comma people leave a blank.
    ("last_cell", shape!(r#"(?:,|[;；，]\s*|\t\s*)["'“]?([\p{L}][^\n,;，；\t]{0,60}?)["'”]?\s*$"#, false, false)),
    ("hashtag_last", shape!(r"[#＃]([\p{L}\p{N}_]{1,60})[^\p{L}\p{N}]*$", false, false)),
    ("hashtag_first", shape!(r"^[^\p{L}\p{N}]*[#＃]([\p{L}\p{N}_]{1,60})", false, false)),
    (
        "last_sentence",
        shape!(r#"[.!?…)"”'。！？]\s+["'“*_(]*([\p{L}][^\n.!?]{0,40}?)["'”*_)]*[.!]?\s*$"#, false, false),
    ),
];

/// The labels' names in one spelling.
struct Names {
    all: HashSet<String>,
    /// Those that are words; `0` and `A` at the end of a text mean nothing.
    words: HashSet<String>,
    /// Short ones in capitals (`NOT`), which are ordinary words in small letters.
    capitals: HashSet<String>,
}

/// Letters of a name in capitals up to which it may be an ordinary word.
const SHORT: usize = 4;

/// Bytes of a label behind a comma, at most.
const LONGEST: usize = 80;

impl Names {
    fn new(names: &[String]) -> Self {
        let all: HashSet<String> = names.iter().map(|n| spelt(n)).filter(|n| !n.is_empty()).collect();
        let letters = |n: &&String| {
            n.chars()
                .map(|c| if crate::text::is_syllabic(c) { 2 } else { usize::from(c.is_alphabetic()) })
                .sum::<usize>()
                >= 3
        };
        let is_short = |n: &&String| n.chars().count() <= SHORT && n.chars().all(char::is_uppercase);
        let capitals = names.iter().filter(is_short).map(|n| spelt(n)).collect();
        Names { capitals, words: all.iter().filter(letters).cloned().collect(), all }
    }

    /// The part of the text where a name stands in the shape.
    fn find<'t>(&self, text: &'t str, shape: Shape) -> Option<&'t str> {
        let names = if shape.any_name { &self.all } else { &self.words };
        let captures = shape.source.captures((shape.part)(text))?;
        let written = captures.get(1)?.as_str();
        let said = spelt(written);
        if !shape.marks_it && self.capitals.contains(&said) && written.contains(char::is_lowercase) {
            return None;
        }
        // `label: joy and so on` goes on behind the name.
        let is_name = names.contains(&said) || (shape.any_name && names.iter().any(|n| begins(&said, n)));
        is_name.then(|| captures.get(0).map_or("", |m| m.as_str().trim()))
    }

    /// The label behind the last comma of a text, and the part of the text; `None` where a list of single words ends so. People say it, too
    /// ("what a day, love"), so that it counts only as the text's own label and where no real row ends in that word.
    fn behind_a_comma<'t>(&self, text: &'t str) -> Option<(String, &'t str)> {
        let at = text.rfind([',', '，'])?;
        let part = Some(text[at..].trim()).filter(|part| part.len() <= LONGEST)?;
        let name = spelt(part);
        let is_list = text[..at].rsplit([',', '，']).next().is_none_or(|piece| piece.split_whitespace().count() < 2);
        let is_question = part.ends_with(['?', '？']);
        let is_word = self.capitals.contains(&name) && part.contains(char::is_lowercase);
        (self.words.contains(&name) && !is_list && !is_question && !is_word).then_some((name, part))
    }
}

fn begins(said: &str, name: &str) -> bool {
    said.strip_prefix(name).is_some_and(|rest| rest.starts_with(' '))
}

/// Lower case, with single blanks for whatever joins words.
fn spelt(name: &str) -> String {
    let spaced: String = name.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    spaced.split_whitespace().map(str::to_lowercase).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, judge};
    use super::*;
    use crate::data::{Dataset, Rows};
    use crate::rng::Seed;

    fn dataset(tagged: usize) -> Dataset {
        let mut rows = Rows::default();
        for i in 0..100 {
            let end = if i < tagged { " #joy" } else { "" };
            rows.push(&format!("what a day number {i}{end}"), "joy").expect("few labels");
            rows.push(&format!("oh dear number {i}"), "hate_speech").expect("few labels");
            rows.push(&format!("well well number {i}"), "1").expect("few labels");
        }
        Dataset::new(rows).expect("three labels")
    }

    fn found(tagged: usize, text: &str) -> bool {
        let dataset = dataset(tagged);
        let context = Context::new(dataset.train(), None, Seed::new(1));
        judge(&LabelPrefix(PatternSettings::default()), &context, &candidates(&[text]))[0].is_some()
    }

    #[test]
    fn finds_labels_that_are_attached_to_a_text() {
        for text in [
            "Label: joy - we won the cup",
            "joy: we won the cup",
            "[JOY] we won the cup",
            "we won the cup (joy)",
            "we won the cup #joy",
            "we won the cup #joy!!",
            "JOY | we won the cup",
            "we won the cup | joy",
            "we won the cup. Emotion = joy",
            "we won the cup\njoy",
            "**Joy**: we won the cup",
            "hate speech: you all stink",
            "you all stink [hate-speech]",
            "class: 1, we won the cup",
            "__label__joy we won the cup",
            "we won the cup. Joy.",
            "joy - we won the cup",
            "we won the cup,joy",
            "we won the cup; joy",
            "we won the cup\t\"joy\"",
            "Class joy: we won the cup",
            "Label (joy): we won the cup",
            "*joy* we won the cup",
            "we won the cup / joy",
            "we won the cup, label joy",
        ] {
            assert!(found(0, text), "{text}");
        }
        for text in [
            "what a joy it was to win the cup",
            "we won the cup, joy all around",
            "1: we won the cup",
            "note to self: win more cups",
            "we won the cup (again)",
            "so much #joyful",
            "(just saying) we won",
            "*hugs* we won the cup",
            "win / lose, all the same",
            "we all won, in a class joyful and loud",
        ] {
            assert!(!found(0, text), "{text}");
        }
    }

    #[test]
    fn a_short_name_in_capitals_counts_in_small_letters_only_where_something_marks_it() {
        let mut rows = Rows::default();
        (0..100).for_each(|i| rows.push(&format!("well well {i}"), ["NOT", "OFF"][i % 2]).expect("few labels"));
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let texts = ["great idea - not!", "great idea - NOT!", "great idea [not]", "label: not, great idea"];
        let found = judge(&LabelPrefix(PatternSettings::default()), &context, &candidates(&texts));
        assert_eq!(found.iter().map(Option::is_some).collect::<Vec<_>>(), [false, true, true, true]);
    }

    #[test]
    fn the_own_label_behind_the_last_comma_is_attached_where_no_real_row_ends_so() {
        let found = |rows: &[&str], text: &str, label: &str| {
            let mut data = Rows::default();
            rows.iter().for_each(|row| data.push(row, "surprise").expect("few labels"));
            (0..60).for_each(|i| data.push(&format!("well well {i}"), ["surprise", "joy"][i % 2]).expect("few labels"));
            let dataset = Dataset::new(data).expect("two labels");
            let context = Context::new(dataset.train(), None, Seed::new(1));
            let mut texts = candidates(&[text]);
            texts[0].label = label.to_owned();
            judge(&LabelPrefix(PatternSettings::default()), &context, &texts)[0].is_some()
        };
        for text in
            ["i feel the cup was ours, surprise", "i won, and cried, Surprise.", "the cup is ours, \"surprise\""]
        {
            assert!(found(&[], text, "surprise"), "{text}");
            assert!(!found(&["they all came, surprise"], text, "surprise"), "a real row ends so: {text}");
            assert!(!found(&[], text, "joy"), "another label is a word: {text}");
        }
        for text in
            ["love, joy, surprise", "i feel anger, fear, surprise", "the cup is ours, a surprise", "a party, surprise?"]
        {
            assert!(!found(&[], text, "surprise"), "{text}");
        }
    }

    #[test]
    fn is_off_where_the_real_rows_do_the_same() {
        assert!(!found(4, "we won the cup #joy"));
        assert!(found(4, "we won the cup [joy]"));
    }
}
