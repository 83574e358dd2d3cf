//! `language`: a text in another language or script than the real rows.

use super::judge::each_with_notes;
use super::letters::Letters;
use super::patterns::share;
use super::{Check, Context, Finding, Judge, Reason};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::text::hash64;
use rayon::prelude::*;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use whatlang::Info;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "language",
    what: "Rejects texts in a language that the real rows do not have: one that a detector gives to hardly any of them, and whose letters follow each other as theirs never do; warns where a part of a text does.",
    why: "Models answer in English, or in the language of their instructions, and a classifier then takes the language for the label.",
    source: "whatlang (Cavnar and Trenkle 1994, by trigrams) and a character 4-gram model of the real rows, cross-fitted. Alone whatlang finds 48 % of planted texts where it is sure, and the model 38 to 100 %; both together 90 to 100 %. A text of whose words several real rows have more than a third is in their language, whatever both say of its letters: 51 of 59 findings that were read were of such texts, most with emoji. A text of seven words and more of which at most a tenth stand in two real rows is in no language of theirs, whatever a detector says, where at most 0.3 % of the real rows are such: of 16,454 human rows it hit four, three of them in another language. Close languages (Norwegian or English among Danish, which has many of its words) are beyond all of them.",
    settings: &[
        Setting {
            name: "usual_share",
            default: "0.01",
            why: "A language that the detector is sure of in at least this share (0..1) of the real rows, or gives to ten times as many, is one of theirs. Unsure guesses alone made nine languages of English tweets, and German passed.",
        },
        Setting {
            name: "rarity",
            default: "0.005",
            why: "Share (0..1) of the real rows of like length whose letters are as improbable: a text is rejected below it. At 0.005, of human rows left out of the model at most that share could be rejected, and the detector clears most of those. With fewer than one divided by it, 200 real rows, that share is unknown and the check only warns.",
        },
        Setting {
            name: "sure_rarity",
            default: "0.015",
            why: "The same where the detector is sure of the language. At 0.015 it rejects 93 % of planted texts in other languages where 0.005 alone rejects 89 %; of 25,065 human rows it rejects 5 more, of which 3 are in another language. It takes 67 real rows.",
        },
    ],
    make,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Language {
    usual_share: f64,
    rarity: f64,
    sure_rarity: f64,
}

impl Default for Language {
    fn default() -> Self {
        Language { usual_share: 0.01, rarity: 0.005, sure_rarity: 0.015 }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    let check: Language = read(ENTRY.name, settings)?;
    share(ENTRY.name, "usual_share", check.usual_share)?;
    share(ENTRY.name, "rarity", check.rarity)?;
    share(ENTRY.name, "sure_rarity", check.sure_rarity)?;
    Ok(Box::new(check))
}

const ADVICE: &str = "Some texts were in another language: write in the language of the texts that you are shown.";
const OTHER_LANGUAGE: Reason =
    Reason::new("other_language", "is in a language that the real rows do not have").with_advice(ADVICE);
const UNKNOWN_WORDS: Reason =
    Reason::new("unknown_words", "hardly a word of it stands in the real rows").with_advice(ADVICE);
const OTHER_SCRIPT: Reason =
    Reason::new("other_script", "is in a script that the real rows do not have").with_advice(ADVICE);
const MIXED: Reason = Reason::new("mixed_language", "holds a part that reads like no real row");

/// Letters that a detector needs.
const LEAST_LETTERS: usize = 25;
/// Share of a text's letters in a foreign script from which it is rejected.
const FOREIGN_LETTERS: f64 = 0.3;
/// Share of the real rows' letters below which a script is foreign.
const FOREIGN_SCRIPT: f64 = 0.001;

impl Check for Language {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[OTHER_LANGUAGE, OTHER_SCRIPT, UNKNOWN_WORDS, MIXED]
    }

    /// The score is the mean number of bits of a character; the evidence is the language or script.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let letters = context.letters();
        let own = Own::new(context, self.usual_share);
        let notes = own.notes();
        each_with_notes(move |s| self.find(s.text(), letters, &own), notes)
    }
}

impl Language {
    fn find(&self, text: &str, letters: &Letters, own: &Own) -> Option<Finding> {
        let plain = Letters::plain(text);
        if let Some(script) = own.foreign_script(&plain) {
            return Some(Finding::reject(&OTHER_SCRIPT).with_evidence(script));
        }
        if own.tells_by_words && own.known(&plain).are_strange() {
            return Some(Finding::reject(&UNKNOWN_WORDS));
        }
        let surprise = letters.surprise(&plain);
        let rarity = letters.rarity(&surprise);
        // Detection costs more than all else here; it is asked of texts that read oddly, which are few.
        if rarity > MIXED_RARITY || surprise.n < LEAST_LETTERS {
            return None;
        }
        let known = own.known(&plain);
        if known.least_of_a_stretch > MOST_KNOWN {
            return None;
        }
        let found = whatlang::detect(&plain).filter(|found| !own.languages.contains(found.lang().code()))?;
        let most = if found.is_reliable() { self.rarity.max(self.sure_rarity) } else { self.rarity };
        let finding = match rarity < most && letters.knows(most) && known.of_all <= MOST_KNOWN {
            true => Finding::reject(&OTHER_LANGUAGE),
            false if known.least_of_a_stretch <= MOST_KNOWN_OF_A_PART => Finding::warn(&MIXED),
            false => return None,
        };
        Some(finding.with_evidence(found.lang().eng_name()).with_score(f64::from(surprise.mean)))
    }
}

/// Rarity from which a text is worth a look.
const MIXED_RARITY: f64 = 0.025;

/// Share of its words that several real rows have, up to which a stretch may be in another language. Every language shares a few short words
/// with another one; a sentence in the rows' own has more, however odd its letters are.
const MOST_KNOWN: f64 = 0.34;
/// The same of a part that is warned of: a sentence of the rows' own has a stretch of rare words more often than it has nothing else.
const MOST_KNOWN_OF_A_PART: f64 = 0.2;
/// Words of a stretch.
const STRETCH: usize = 6;

/// The languages, scripts and words of the real rows.
struct Own {
    languages: BTreeSet<&'static str>,
    scripts: BTreeSet<&'static str>,
    /// Hashes of the words that two rows have at least: one row may be in another language.
    words: HashSet<u64>,
    /// Whether hardly any of the rows is strange to the others, so that a text which is is none of them.
    tells_by_words: bool,
}

/// Words of a text of which the real rows should have some, and the share (0..1) of them up to which they have hardly any. Of 16,454 human
/// rows four are such.
const LEAST_WORDS: usize = 7;
const MOST_OF_A_STRANGER: f64 = 0.1;
/// Share of the real rows that may be strange to the others; with fewer rows than one divided by it, nobody knows.
const MOST_STRANGERS: f64 = 0.003;

/// Shares (0..1) of a text's words that the real rows have.
struct Known {
    n: usize,
    of_all: f64,
    /// In the stretch of [`STRETCH`] words that they have the fewest of.
    least_of_a_stretch: f64,
}

impl Known {
    fn are_strange(&self) -> bool {
        self.n >= LEAST_WORDS && self.of_all <= MOST_OF_A_STRANGER
    }
}

/// How many times the share of sure guesses unsure ones must have.
const UNSURE: f64 = 10.0;
/// Real rows that are looked at.
const MOST_ROWS: usize = 3_000;

/// What the detector says of a row, how many of its letters stand in each script, and the hashes of its words.
type OfRow = (Option<Info>, BTreeMap<&'static str, usize>, HashSet<u64>);

fn word_hashes(plain: &str) -> impl Iterator<Item = u64> {
    plain.split(' ').map(|word| hash64(word.as_bytes()))
}

impl Own {
    fn new(context: &Context<'_>, usual_share: f64) -> Self {
        let step = context.train.len().div_ceil(MOST_ROWS).max(1);
        let n = context.train.len().div_ceil(step);
        let one = |at: usize| {
            let plain = Letters::plain(context.train.get(at * step).text);
            let enough = plain.chars().filter(|c| c.is_alphabetic()).count() >= LEAST_LETTERS;
            let words: HashSet<u64> = word_hashes(&plain).collect();
            (enough.then(|| whatlang::detect(&plain)).flatten(), scripts(&plain), words)
        };
        let rows: Vec<OfRow> = (0..n).into_par_iter().map(one).collect();
        // All guesses, and the sure ones among them.
        let mut by_language: BTreeMap<&'static str, [usize; 2]> = BTreeMap::new();
        let mut by_script: BTreeMap<&'static str, usize> = BTreeMap::new();
        let mut by_word: HashMap<u64, usize> = HashMap::new();
        for (language, scripts, words) in &rows {
            words.iter().for_each(|word| *by_word.entry(*word).or_default() += 1);
            if let Some(guess) = language {
                let [all, sure] = by_language.entry(guess.lang().code()).or_default();
                *all += 1;
                *sure += usize::from(guess.is_reliable());
            }
            scripts.iter().for_each(|(script, n)| *by_script.entry(script).or_default() += n);
        }
        // What a row would look like were it none of them: its own words stand in it.
        let is_strange = |words: &HashSet<u64>| {
            let n_known = words.iter().filter(|word| by_word[*word] > 2).count() as f64;
            words.len() >= LEAST_WORDS && n_known <= MOST_OF_A_STRANGER * words.len() as f64
        };
        let n_strange = rows.iter().filter(|(.., words)| is_strange(words)).count();
        let tells_by_words = n as f64 * MOST_STRANGERS >= 1.0 && n_strange as f64 <= MOST_STRANGERS * n as f64;
        let n_detected: usize = by_language.values().map(|[all, _]| all).sum();
        let n_letters: usize = by_script.values().sum();
        let least = usual_share * n_detected as f64;
        let often = |[all, sure]: [usize; 2]| (sure > 1 && sure as f64 >= least) || all as f64 >= UNSURE * least;
        let common = |n: usize| n as f64 >= FOREIGN_SCRIPT * n_letters as f64;
        Own {
            languages: by_language.into_iter().filter(|(_, n)| often(*n)).map(|(l, _)| l).collect(),
            scripts: by_script.into_iter().filter(|(_, n)| common(*n)).map(|(s, _)| s).collect(),
            tells_by_words,
            words: by_word.into_iter().filter(|(_, n)| *n > 1).map(|(word, _)| word).collect(),
        }
    }

    fn known(&self, plain: &str) -> Known {
        let known: Vec<bool> = word_hashes(plain).map(|word| self.words.contains(&word)).collect();
        let share = |part: &[bool]| part.iter().filter(|known| **known).count() as f64 / part.len().max(1) as f64;
        let stretches = known.windows(STRETCH.min(known.len()).max(1)).map(share);
        Known { n: known.len(), of_all: share(&known), least_of_a_stretch: stretches.fold(1.0, f64::min) }
    }

    /// The script that the real rows do not have and in which enough of the letters stand.
    fn foreign_script(&self, plain: &str) -> Option<&'static str> {
        let scripts = scripts(plain);
        let n: usize = scripts.values().sum();
        let foreign: Vec<(&&str, &usize)> = scripts.iter().filter(|(s, _)| !self.scripts.contains(*s)).collect();
        let n_foreign: usize = foreign.iter().map(|(_, n)| **n).sum();
        let is_foreign = n_foreign > 1 && n_foreign as f64 >= FOREIGN_LETTERS * n as f64;
        foreign.into_iter().max_by_key(|(_, n)| **n).filter(|_| is_foreign).map(|(script, _)| *script)
    }

    fn notes(&self) -> Vec<String> {
        match self.languages.len() {
            0..=3 => Vec::new(),
            n => vec![format!(
                "check `language`: a detector gives {n} languages to the real rows ({}); texts in these are not rejected",
                self.languages.iter().copied().collect::<Vec<_>>().join(", ")
            )],
        }
    }
}

/// How many letters stand in each script.
fn scripts(text: &str) -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for c in text.chars().filter(|c| c.is_alphabetic()) {
        if let Some(script) = script(c) {
            *counts.entry(script).or_default() += 1;
        }
    }
    counts
}

/// The script of a letter: the large blocks that text is written in today.
fn script(c: char) -> Option<&'static str> {
    Some(match u32::from(c) {
        0x41..=0x24F | 0x1E00..=0x1EFF | 0x2C60..=0x2C7F | 0xA720..=0xA7FF => "Latin",
        0x370..=0x3FF | 0x1F00..=0x1FFF => "Greek",
        0x400..=0x52F | 0x2DE0..=0x2DFF | 0xA640..=0xA69F => "Cyrillic",
        0x530..=0x58F => "Armenian",
        0x590..=0x5FF => "Hebrew",
        0x600..=0x6FF | 0x750..=0x77F | 0x8A0..=0x8FF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFF => "Arabic",
        0x900..=0x97F | 0xA8E0..=0xA8FF => "Devanagari",
        0x980..=0x9FF => "Bengali",
        0xA00..=0xA7F => "Gurmukhi",
        0xA80..=0xAFF => "Gujarati",
        0xB80..=0xBFF => "Tamil",
        0xC00..=0xC7F => "Telugu",
        0xC80..=0xCFF => "Kannada",
        0xD00..=0xD7F => "Malayalam",
        0xD80..=0xDFF => "Sinhala",
        0xE00..=0xE7F => "Thai",
        0xE80..=0xEFF => "Lao",
        0x1000..=0x109F => "Burmese",
        0x10A0..=0x10FF => "Georgian",
        0x1100..=0x11FF | 0x3130..=0x318F | 0xAC00..=0xD7AF => "Hangul",
        0x1200..=0x139F => "Ethiopic",
        0x1780..=0x17FF => "Khmer",
        0x3040..=0x30FF | 0x31F0..=0x31FF => "Kana",
        0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF => {
            "Han"
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, judge, reasons};
    use super::*;
    use crate::data::{Dataset, Rows};
    use crate::rng::Seed;

    const WHEN: [&str; 6] = ["yesterday", "this morning", "after work", "last night", "on monday", "right now"];
    const WHO: [&str; 5] = ["my sister", "the whole team", "our neighbour", "nobody", "the old man"];
    const DID: [&str; 5] = ["was waiting for", "could not find", "has lost", "wanted to see", "is looking at"];
    const WHAT: [&str; 6] =
        ["the last bus", "a good book", "the keys", "that new film", "her own dog", "the blue door"];

    fn found(texts: &[&str]) -> Vec<&'static str> {
        let mut rows = Rows::default();
        for i in 0..300 {
            let text = format!("{} {} {} {} again", WHEN[i % 6], WHO[i % 5], DID[i / 5 % 5], WHAT[i / 7 % 6]);
            rows.push(&text, if i % 3 == 0 { "rare" } else { "common" }).expect("few labels");
        }
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        reasons(&judge(&Language::default(), &context, &candidates(texts)))
    }

    #[test]
    fn another_language_and_script_are_rejected() {
        let texts = [
            "gestern abend haben wir lange auf den letzten zug gewartet und dann gefroren",
            "Вчера мы долго ждали последний автобус",
            "yesterday my sister was waiting for the last bus and nobody wanted to see that new film",
        ];
        assert_eq!(found(&texts), ["other_language", "other_script", "ok"]);
    }

    #[test]
    fn emoji_names_and_quotation_marks_are_no_language() {
        let texts = [
            "\"my sister has lost the keys again 🏃🏽‍♀️💨🎉❤️🐶\"",
            "Jarosław Wiśniewski and Grzegorz Brzęczyszczykiewicz was waiting for the last bus",
            "right now 🤷‍♀️👀🧘‍♀️💦 nobody 🎶👩‍💼🏡 is looking at 🍓🥭🍕😱 the blue door 🎤✨",
        ];
        assert_eq!(found(&texts), ["ok"; 3]);
    }
}
