//! `malformed`: what the parser could not read whole, and hidden characters.

use super::judge::each_with_notes;
use super::patterns::{PatternSettings, Patterns, USUAL_SHARE, code};
use super::{Check, Context, Finding, Judge, Reason};
use crate::catalog::{Entry, Settings, SettingsError};
use std::sync::{Arc, LazyLock};

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "malformed",
    what: "Rejects items that were cut or merged, and texts that hide characters.",
    why: "Half a text is none, and what a reader does not see should not be learnt.",
    source: "Trojan Source, Boucher and Anderson 2021, for bidirectional controls; UTS 51 for tag characters in flags.",
    settings: &[USUAL_SHARE],
    make,
};

struct Malformed(PatternSettings);

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(Malformed(PatternSettings::read(ENTRY.name, settings)?)))
}

/// Apart from each other, so that a collection whose rows hold direction marks is still watched for the others.
static PATTERNS: LazyLock<Arc<Patterns>> = LazyLock::new(|| {
    Patterns::new(
        ENTRY.name,
        vec![
            code("hidden_characters", |text| part(text, hidden(text)?)),
            code("soft_hyphens_and_separators", |text| part(text, soft(text)?)),
            code("direction_marks", |text| part(text, direction_mark(text)?)),
        ],
    )
});

const MALFORMED: Reason = Reason::new("malformed", "could not be read whole")
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

    /// The evidence is the parser's word for the fault, or the code point.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let watched = PATTERNS.learn(context, self.0.usual_share);
        let notes = watched.notes.clone();
        let find = move |text: &str| {
            let hidden = watched.find(text)?.1.chars().next()?;
            Some(Finding::reject(&HIDDEN).with_evidence(format!("U+{:04X}", u32::from(hidden))))
        };
        let broken = |fault: &String| Finding::reject(&MALFORMED).with_evidence(fault);
        each_with_notes(move |s| s.candidate.fault.as_ref().map(broken).or_else(|| find(s.text())), notes)
    }
}

/// The part of the text that is the character at a place.
fn part(text: &str, (at, c): (usize, char)) -> Option<&str> {
    text.get(at..at + c.len_utf8())
}

/// The first character that a reader does not see: bidirectional embeddings, overrides and isolates, tag characters outside of
/// a flag, characters of no width, control characters but line breaks and tabs. Joiners are part of many scripts and stay.
fn hidden(text: &str) -> Option<(usize, char)> {
    let mut in_flag = false;
    text.char_indices().find(|&(_, c)| {
        let tag = ('\u{E0000}'..='\u{E007F}').contains(&c);
        let hides = match c {
            '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{200B}' | '\u{180E}' | '\u{3164}' => true,
            _ if tag => !in_flag,
            c => c.is_control() && !matches!(c, '\n' | '\r' | '\t' | '\u{85}'),
        };
        in_flag = c == '\u{1F3F4}' || (in_flag && tag);
        hides
    })
}

/// The first soft hyphen, separator of lines, or byte order mark behind the beginning.
fn soft(text: &str) -> Option<(usize, char)> {
    let mut all = text.char_indices();
    all.find(|(at, c)| matches!(c, '\u{AD}' | '\u{2028}' | '\u{2029}') || (*c == '\u{FEFF}' && *at > 0))
}

/// The first mark of a direction in a text without letters that are written from the right.
fn direction_mark(text: &str) -> Option<(usize, char)> {
    let from_right =
        |c: char| c.is_alphabetic() && matches!(u32::from(c), 0x590..=0x8FF | 0xFB1D..=0xFDFF | 0xFE70..=0xFEFC);
    let found = text.char_indices().find(|(_, c)| matches!(c, '\u{200E}' | '\u{200F}' | '\u{61C}'))?;
    (!text.contains(from_right)).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, dataset, judge};
    use super::*;
    use crate::rng::Seed;

    #[test]
    fn rejects_what_is_broken_or_hidden_and_leaves_marks_of_scripts_alone() {
        let dataset = dataset();
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let check = Malformed(PatternSettings::default());
        let find = |text: &str| judge(&check, &context, &candidates(&[text])).remove(0).map(|f| f.evidence);
        for (text, code_point) in [
            ("left \u{202e}thgir", "U+202E"),
            ("tags \u{e0041}\u{e0042}", "U+E0041"),
            ("a bell \u{7}", "U+0007"),
            ("a tab \u{b}", "U+000B"),
            ("so\u{ad}ft", "U+00AD"),
            ("a \u{feff}mark", "U+FEFF"),
            ("line\u{2028}end", "U+2028"),
            ("left\u{200e} to right", "U+200E"),
        ] {
            assert_eq!(find(text), Some(vec![code_point.to_owned()]), "{text:?}");
        }
        for text in [
            "england \u{1F3F4}\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f} won",
            "می\u{200c}خواهم",
            "two\nlines\tand a tab",
            "\u{feff}a mark at the beginning",
            "שלום\u{200e} hello",
        ] {
            assert_eq!(find(text), None, "{text:?}");
        }
        let mut cut = candidates(&["half a"]);
        cut[0].fault = Some("cut".to_owned());
        assert_eq!(judge(&check, &context, &cut)[0].as_ref().map(|f| f.reason), Some(&MALFORMED));
    }
}
