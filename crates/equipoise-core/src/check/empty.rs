//! `empty`: texts without a letter, digit, pictograph or face.

use super::judge::each;
use super::{Check, Context, Finding, Judge, Reason};
use crate::catalog::{Entry, Settings, SettingsError, read};
use crate::text::{compact, is_pictograph};
use regex::Regex;
use serde::Deserialize;
use std::sync::LazyLock;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "empty",
    what: "Rejects texts without a letter, digit, emoji or emoticon, and words that stand in the place of a missing text (`n/a`, `[no content]`), unless most real texts of the label are so.",
    why: "There is nothing in them that a classifier could learn.",
    source: "Letters and digits by Unicode's Alphabetic and Numeric properties; emoji by their blocks in Unicode 16, since people answer with one alone, or with `;)`.",
    settings: &[],
    make,
};

#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Empty {}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(read::<Empty>(ENTRY.name, settings)?))
}

const EMPTY: Reason =
    Reason::new("empty", "holds no letter, digit or emoji").with_advice("Some texts held no words: write whole texts.");

impl Check for Empty {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[EMPTY]
    }

    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let train = context.train;
        let mut n_wordless = vec![0; train.labels().len()];
        train.rows().filter(|row| is_wordless(row.text)).for_each(|row| n_wordless[row.label.index()] += 1);
        // Where most real texts of a label are signs alone, such a text is one of them.
        let usual: Vec<bool> = train.counts().iter().zip(n_wordless).map(|(n, wordless)| 2 * wordless > *n).collect();
        each(move |s| {
            let label = train.labels().id(&s.candidate.label);
            let is_usual = label.is_some_and(|label| usual[label.index()]) && !s.text().trim().is_empty();
            (is_wordless(s.text()) && !is_usual).then(|| Finding::reject(&EMPTY))
        })
    }
}

fn is_wordless(text: &str) -> bool {
    (!text.contains(|c: char| c.is_alphanumeric() || is_pictograph(c)) && !has_face(text)) || is_null(text)
}

/// Whether the whole text says that there is none, as files and programs do, in any brackets or quotation marks.
fn is_null(text: &str) -> bool {
    /// Longer texts are none of these.
    const LONGEST: usize = 40;
    static NULL: LazyLock<Regex> = LazyLock::new(|| {
        let thing = "(?:text|content|output|answer|response|data|tweet|message|example|result)";
        let source = format!(
            r"(?ix)^[\s\pP\p{{Sm}}]*(?:n/?a|null|none|nan|nil|undefined|empty|blank|tbd|todo|void|
              (?:no|empty|missing|without)\s{thing}(?:\s(?:was\s)?(?:provided|available|given|here|found|returned))?|
              {thing}\s(?:is\s)?(?:missing|empty|not\s(?:available|provided|found))|
              [<\[({{]\s*{thing}\s*[>\])}}]|(?:&nbsp;|\\n)+)[\s\pP\p{{Sm}}]*$"
        );
        Regex::new(&compact(&source)).expect("a fixed pattern")
    });
    text.len() <= LONGEST && NULL.is_match(text)
}

/// Whether a face of marks stands in the text: eyes, perhaps a nose, a mouth. People answer with it as with an emoji.
fn has_face(text: &str) -> bool {
    static FACE: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(r"[:;=]['’]?[-^~]?[()\[\]/\\|*<>]").expect("a fixed pattern"));
    FACE.is_match(text)
}

#[cfg(test)]
mod tests {
    use super::is_wordless;

    #[test]
    fn a_face_says_something_and_marks_do_not() {
        assert!([";)", ":-(((", ":'(", "=]", "🙂"].iter().all(|text| !is_wordless(text)));
        assert!(["", "...", "?!", "—", ": ;", "()"].iter().all(|text| is_wordless(text)));
    }

    #[test]
    fn words_for_a_missing_text_are_none() {
        for text in ["n/a", "None", "[no content]", "(empty)", "No text provided.", "<text>", "\u{a0}\u{a0}", "&nbsp;"]
        {
            assert!(is_wordless(text), "{text}");
        }
        for text in ["none of them", "nothing", "text", "no answer from him", "no", "banana"] {
            assert!(!is_wordless(text), "{text}");
        }
    }
}
