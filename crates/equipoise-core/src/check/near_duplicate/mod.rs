//! `near_duplicate`: nearly the same text again.

mod candidates;
mod settings;

use super::{Check, Context, Judge, Reason, Session};
use crate::catalog::{Entry, Setting, Settings, SettingsError};
use crate::data::{RowId, TrainView};
use crate::text::{Sketch, SketchIndex, look_key};
use candidates::Candidates;
use rayon::prelude::*;
use settings::NearDuplicate;
use std::collections::HashMap;
use std::sync::OnceLock;

pub(super) static ENTRY: Entry<dyn Check> = Entry {
    name: "near_duplicate",
    what: "Rejects texts that are nearly a real row of any label or an earlier candidate that was not rejected here; warns of texts that resemble one.",
    why: "A changed word adds next to nothing to the row that it was changed in, and under another label it is an error.",
    source: "Jaccard similarity of character 4-grams of the words as a reader sees them (as in `copy`), exact for every pair that is reported. Of texts that are alike in half of their grams those are near, too, that differ in one of 6 to 8 words, two of 9 to 14 or three of more, with six tenths of the letters in common words: that found 98 % of short texts with a word changed, where the grams alone found 87 %. Pairs are found by sketches (Dahlgaard, Knudsen and Thorup 2017) in 32 bands (Leskovec, Rajaraman and Ullman, ch. 3): at similarity 0.60 a pair is found with probability 0.98.",
    settings: &[
        Setting {
            name: "threshold",
            default: "0.6",
            why: "Jaccard similarity (above 0, up to 1) from which a text is rejected; for texts of fewer than 32 grams it rises towards 1, since short phrases are alike by chance. At 0.60 of character 4-grams 98 to 100 % of planted near copies were found (a word changed, dropped, misspelt, clauses swapped, the end cut), and 0.07 to 0.45 % of human rows; word 3-grams at 0.85 found 11.5 % of changed words.",
        },
        Setting {
            name: "warn_from",
            default: "0.45",
            why: "Similarity from which a text is warned of. It is common among real rows on one topic, so that it says nothing more; below 0.6 about half of the pairs are found.",
        },
        Setting {
            name: "unit",
            default: "\"characters\"",
            why: "What grams are made of: `characters`, or `words`, which finds texts that differ in few words of many.",
        },
        Setting {
            name: "size",
            default: "4",
            why: "Characters or words of a gram (1 to 16); 4 characters or 3 words are usual. Of 3 to 5 characters, 4 separated near copies from human rows best.",
        },
        Setting {
            name: "candidates",
            default: "\"reject\"",
            why: "What happens to a text that is nearly an earlier candidate: `reject` or `warn`. Beside exact copies, which `copy` rejects, 0 to 2.5 % of recorded answers are.",
        },
    ],
    make,
};

fn make(settings: &Settings) -> Result<Box<dyn Check>, SettingsError> {
    Ok(Box::new(NearDuplicate::read(ENTRY.name, settings)?))
}

const NEAR_ROW: Reason = Reason::new("near_row", "is nearly a real row")
    .with_advice("Some texts stayed too close to a text that they were shown: change the build, not single words.")
    .of_repeats();
const NEAR_OTHER_LABEL: Reason = Reason::new("near_row_of_other_label", "is nearly a real row that has another label")
    .with_advice("Some texts stayed too close to a text that they were shown: change the build, not single words.")
    .of_repeats();
const NEAR_CANDIDATE: Reason = Reason::new("near_candidate", "is nearly an earlier candidate")
    .with_advice("Some texts were nearly the same as others: vary topic, opening and build.")
    .of_repeats();
const RESEMBLES: Reason = Reason::new("resembles", "resembles a real row or an earlier candidate");

impl Check for NearDuplicate {
    fn name(&self) -> &'static str {
        ENTRY.name
    }

    fn reasons(&self) -> &'static [Reason] {
        &[NEAR_ROW, NEAR_OTHER_LABEL, NEAR_CANDIDATE, RESEMBLES]
    }

    /// The score is the similarity to the nearest text found, the evidence its id. Equal texts are left to `copy`.
    fn learn<'a>(&'a self, context: &'a Context<'a>) -> Box<dyn Judge + 'a> {
        let train = context.train;
        let index = (train.len() <= KEPT_ROWS).then(|| SketchIndex::new(&sketches(train, self, 0)));
        Box::new(Rows { settings: self, train, index, places: OnceLock::new() })
    }
}

/// Real rows that are indexed, in 1 GB, and rows of a block where there are more: those are read past the candidates block by block, and
/// each time anew. Tests have few rows and read both ways.
const KEPT_ROWS: usize = if cfg!(test) { 40 } else { 1 << 22 };

/// The real rows.
struct Rows<'a> {
    settings: &'a NearDuplicate,
    train: TrainView<'a>,
    /// `None` where there are more than [`KEPT_ROWS`].
    index: Option<SketchIndex>,
    places: OnceLock<HashMap<RowId, usize>>,
}

impl Rows<'_> {
    /// The place of each row among the training rows; looked up only once a candidate names a source.
    fn places(&self) -> &HashMap<RowId, usize> {
        self.places.get_or_init(|| self.train.positions())
    }
}

/// The sketches of the rows from `first` on, a block of them at most.
fn sketches(train: TrainView<'_>, settings: &NearDuplicate, first: usize) -> Vec<Sketch> {
    let block = first..train.len().min(first + KEPT_ROWS);
    block.into_par_iter().map(|at| settings.sketch(&look_key(train.get(at).text))).collect()
}

impl Judge for Rows<'_> {
    fn begin(&self) -> Box<dyn Session + '_> {
        Box::new(Candidates::new(self))
    }
}

#[cfg(test)]
mod tests;
