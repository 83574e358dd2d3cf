//! `glued`: a text put together from pieces of real rows.

use super::judge::each;
use super::patterns::share;
use super::{Check, Context, Finding, Judge, Reason};
use crate::catalog::{Entry, Setting, Settings, SettingsError, read};
use crate::generator::Sources;
use crate::text::{comparison_key, hash64, look_hash, runs_together, tokens};
use rayon::prelude::*;
use serde::Deserialize;
use std::cmp::Reverse;
use std::ops::Range;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "glued",
    what: "Rejects texts of 9 words and more that consist of a few pieces which stand word for word in real rows.",
    why: "Half of one row and half of another is neither a copy nor near one, and as little new; with a cut end it is a copy that is not whole.",
    source: "Runs of four words, as plagiarism searches take them, most of which a single real row has: what many rows say is nobody's piece. Of texts from halves of two rows 95 to 100 % were found, and 0.0 to 0.13 % of human rows; runs of six words, however many rows have them, found 67 to 94 % and hit 0.0 to 0.18 %. Texts that say which rows they join are left alone.",
    settings: &[
        Setting {
            name: "threshold",
            default: "0.9",
            why: "Share (0..1) of the words inside of such runs from which a text is rejected: a tenth of its own leaves room for the joint.",
        },
        Setting {
            name: "threshold_long",
            default: "0.8",
            why: "The same where each piece has five words and more: between them a joint of two or three words (\"but then\") is likelier than four words in common by chance.",
        },
    ],
    make,
};

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Glued {
    threshold: f64,
    threshold_long: f64,
}

impl Default for Glued {
    fn default() -> Self {
        Glued { threshold: 0.9, threshold_long: 0.8 }
    }
}

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    let check: Glued = read(ENTRY.name, settings)?;
    share(ENTRY.name, "threshold", check.threshold)?;
    share(ENTRY.name, "threshold_long", check.threshold_long)?;
    Ok(Box::new(check))
}

const PIECES: Reason = Reason::new("pieces_of_rows", "is put together from pieces of real rows")
    .with_advice("Some texts were pieces of the texts that they were shown: say it in new words.")
    .of_repeats();

impl Check for Glued {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[PIECES]
    }

    /// The score is the share of words inside of runs; the evidence is the pieces, the longest first, three at most.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let runs = Runs::new(context);
        each(move |s| {
            let is_meant = matches!(s.candidate.sources, Sources::Joined { .. } | Sources::Harvested(_));
            if is_meant || context.is_from_another_label(s.candidate) {
                return None;
            }
            let Pieces { share, are_long, shown } = runs.pieces(&s.key)?;
            let finding = Finding { evidence: shown, ..Finding::reject(&PIECES) };
            let least = if are_long { self.threshold.min(self.threshold_long) } else { self.threshold };
            (share >= least).then(|| finding.with_score(share))
        })
    }
}

/// Words of a run.
const RUN: usize = 4;
/// Words of a text, at least.
const LEAST: usize = 9;
/// Share of a text's known runs that a single row must have.
const OF_ONE_ROW: f64 = 0.7;
/// Words for which a text may have a piece, beyond the first two.
const WORDS_A_PIECE: usize = 6;
/// Words of a piece from which it is one of a row, so that a joint of words between such pieces may be longer.
const LONG_PIECE: usize = 5;
/// Pieces that are shown.
const SHOWN: usize = 3;
/// Bits of the filter for each run of the real rows.
const BITS: usize = 16;
/// Rows whose runs are at hand at once.
const BLOCK: usize = 1 << 16;

/// The runs of words of the real rows, as Bloom filters of two bits: four bytes a run, and one false run in about sixty. A text needs
/// most of its runs, so that those do not matter.
struct Runs {
    /// Those of any row.
    any: Bits,
    /// Those of several rows.
    several: Bits,
}

struct Bits(Vec<u64>);

/// What real rows have of a text.
struct Pieces {
    /// The share of its words that stand in runs.
    share: f64,
    /// Whether each piece has [`LONG_PIECE`] words.
    are_long: bool,
    shown: Vec<String>,
}

impl Runs {
    fn new(context: &Context<'_>) -> Self {
        let train = context.train;
        let first_of = context.row_by_key();
        let of_row = |at: usize| {
            // A row that stands twice is still one.
            let row = train.get(at);
            if first_of.get(&look_hash(row.text)).is_some_and(|first| *first != row.id) {
                return Vec::new();
            }
            let mut hashes: Vec<u64> = words(&comparison_key(row.text)).hashes().collect();
            hashes.sort_unstable();
            hashes.dedup();
            hashes
        };
        let n_runs = |at: usize| tokens(train.get(at).text).count().saturating_sub(RUN - 1);
        let n: usize = (0..train.len()).into_par_iter().map(n_runs).sum();
        let bits = || Bits(vec![0; (n * BITS / 64).next_power_of_two().max(64)]);
        let mut runs = Runs { any: bits(), several: bits() };
        for first in (0..train.len()).step_by(BLOCK) {
            let block = first..train.len().min(first + BLOCK);
            let hashes: Vec<u64> = block.into_par_iter().flat_map_iter(of_row).collect();
            for hash in hashes {
                if !runs.any.insert(hash) {
                    runs.several.insert(hash);
                }
            }
        }
        runs
    }

    /// The pieces of real rows; `None` for a short text, one of many pieces, and one whose runs many rows
    /// have.
    fn pieces(&self, key: &str) -> Option<Pieces> {
        let words = words(key);
        let n = words.list.len();
        if n < LEAST * words.weight {
            return None;
        }
        let length = RUN * words.weight;
        // Pieces end where a run is not known, also if the next one begins in the middle of it.
        let mut pieces: Vec<Range<usize>> = Vec::new();
        let (mut n_known, mut n_of_one) = (0usize, 0usize);
        for (at, hash) in words.hashes().enumerate().filter(|(_, hash)| self.any.has(*hash)) {
            n_known += 1;
            n_of_one += usize::from(!self.several.has(hash));
            match pieces.last_mut().filter(|piece| piece.end == at + length - 1) {
                Some(piece) => piece.end += 1,
                None => pieces.push(at..at + length),
            }
        }
        let most_pieces = 2.max(n / (WORDS_A_PIECE * words.weight));
        if pieces.len() > most_pieces || (n_of_one as f64) < OF_ONE_ROW * n_known as f64 {
            return None;
        }
        let mut covered = vec![false; n];
        pieces.iter().for_each(|piece| covered[piece.clone()].fill(true));
        let n_covered = covered.iter().filter(|c| **c).count();
        let joined = if words.weight == 1 { " " } else { "" };
        let are_long = pieces.iter().all(|piece| piece.len() >= LONG_PIECE * words.weight);
        pieces.sort_by_key(|piece| Reverse(piece.len()));
        let shown = pieces.into_iter().take(SHOWN).map(|piece| words.list[piece].join(joined)).collect();
        Some(Pieces { share: n_covered as f64 / n as f64, are_long, shown })
    }
}

impl Bits {
    fn places(&self, hash: u64) -> [(usize, u64); 2] {
        let place = |h: u64| ((h as usize >> 6) & (self.0.len() - 1), 1 << (h & 63));
        [place(hash), place(hash.rotate_left(32))]
    }

    fn has(&self, hash: u64) -> bool {
        self.places(hash).iter().all(|(word, bit)| self.0[*word] & bit != 0)
    }

    /// Whether it was not there.
    fn insert(&mut self, hash: u64) -> bool {
        let is_new = !self.has(hash);
        for (word, bit) in self.places(hash) {
            self.0[word] |= bit;
        }
        is_new
    }
}

/// The words of a text.
struct Words<'k> {
    list: Vec<&'k str>,
    /// How many of them make up a word: 2 where most are characters of a script without blanks.
    weight: usize,
}

fn words(key: &str) -> Words<'_> {
    let list: Vec<&str> = tokens(key).collect();
    let n_characters = list.iter().filter(|w| w.chars().next().is_some_and(runs_together)).count();
    let weight = if n_characters * 2 > list.len() { 2 } else { 1 };
    Words { list, weight }
}

impl Words<'_> {
    /// The hash of each run, by where it begins.
    fn hashes(&self) -> impl Iterator<Item = u64> {
        let each: Vec<u64> = self.list.iter().map(|w| hash64(w.as_bytes())).collect();
        let hash =
            |run: &[u64]| run.iter().fold(0u64, |h, w| (h.rotate_left(7) ^ w).wrapping_mul(0x9E37_79B9_7F4A_7C15));
        each.windows(RUN * self.weight).map(hash).collect::<Vec<u64>>().into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{candidates, judge, reasons};
    use super::*;
    use crate::data::{Dataset, Rows};
    use crate::rng::Seed;

    const ONE: &str = "we waited for hours at the station and nobody told us that the train had been cancelled";
    const TWO: &str = "the soup was cold and the waiter laughed when we asked him to warm it up again";
    const HAN: &str = "我们在车站等了好几个小时没有人告诉我们火车已经取消了真是太气人了";

    #[test]
    fn finds_halves_of_two_rows_and_cut_ends_and_leaves_own_words_alone() {
        let mut rows = Rows::default();
        for (text, label) in [(ONE, "rare"), (TWO, "common"), (HAN, "common")] {
            rows.push(text, label).expect("few labels");
        }
        let dataset = Dataset::new(rows).expect("two labels");
        let context = Context::new(dataset.train(), None, Seed::new(1));
        let half = |text: &str, from: usize, to: usize| {
            text.split(' ').skip(from).take(to - from).collect::<Vec<_>>().join(" ")
        };
        let glued = half(ONE, 0, 9) + " " + &half(TWO, 7, 16);
        let joined_by_words = half(ONE, 0, 9) + " but then again " + &half(TWO, 7, 16);
        let han: String = HAN.chars().take(26).collect();
        let all = [
            glued.as_str(),
            &half(ONE, 0, 13),
            &han,
            "we waited for hours on the platform until somebody said that our train was not coming at all",
            "nobody told us that the train",
            &joined_by_words,
        ];
        let mut all = candidates(&all);
        let found = judge(&Glued::default(), &context, &all);
        assert_eq!(
            reasons(&found),
            ["pieces_of_rows", "pieces_of_rows", "pieces_of_rows", "ok", "ok", "pieces_of_rows"]
        );
        assert_eq!(found[0].as_ref().unwrap().evidence[0], half(ONE, 0, 9));
        all[0].sources = Sources::Joined { rows: Vec::new(), joints: Vec::new() };
        assert_eq!(reasons(&judge(&Glued::default(), &context, &all))[0], "ok");
    }
}
