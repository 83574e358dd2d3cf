//! The profile as data.

use crate::text::PrivateCounts;
use serde::{Deserialize, Serialize};

/// What the training rows are like: `profile.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Profile {
    /// Version of this layout.
    pub schema: u32,
    /// Training rows.
    pub n: usize,
    /// One entry a label, largest first, then by name.
    pub labels: Vec<LabelProfile>,
    /// Rows of the largest label over rows of the smallest.
    pub imbalance_ratio: f64,
    /// Rows beyond the first of each set of equal texts (equal under the comparison key).
    pub n_duplicates: usize,
    /// Rows with a near-duplicate (Jaccard similarity of word 3-grams ≥ 0.8) among the others that is not equal; found by locality
    /// sensitive hashing, so that nearly all are found and none falsely. `None` where there are too many pairs to look at.
    pub n_near_duplicates: Option<usize>,
    /// Equal texts that carry different labels: the first 20 groups in the order of their first rows.
    pub conflicts: Vec<Conflict>,
    /// How many groups of equal texts carry different labels, shown above or not.
    pub n_conflicts: usize,
    /// Held-out rows, where there are any.
    pub n_held_out: Option<usize>,
    /// Training rows whose text also stands among the held-out rows.
    pub n_also_held_out: Option<usize>,
    /// Training rows with mail addresses, numbers, keys and the like.
    #[serde(default)]
    pub private: PrivateCounts,
}

/// One label of the profile.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelProfile {
    /// Its name.
    pub label: String,
    /// Its rows.
    pub n: usize,
    /// Its share of all rows, 0..1.
    pub share: f64,
    /// Lengths in words.
    pub words: Lengths,
    /// Lengths in characters, white space at the ends not counted.
    pub chars: Lengths,
    /// Rows beyond the first of each set of equal texts within the label.
    pub n_duplicates: usize,
    /// How its texts are written.
    pub style: Style,
}

/// Quantiles of lengths by nearest rank: the smallest length that at least so many texts do not exceed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Lengths {
    /// Shortest.
    pub min: usize,
    /// 2nd percentile.
    pub p2: usize,
    /// Median.
    pub median: usize,
    /// 98th percentile.
    pub p98: usize,
    /// Longest.
    pub max: usize,
}

/// How the texts of a label are written; prompts ask for the same.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Style {
    /// Share of texts with a letter that is either small or capital, 0..1: many scripts have none.
    pub cased_share: f64,
    /// Share of texts without a capital among those with such a letter, 0..1; 0 where no text has one.
    pub lower_case_share: f64,
    /// Share of texts with a mark that ends a sentence or a part of one, in any script, 0..1.
    pub punctuation_share: f64,
    /// Share of texts that are written without blanks between words, 0..1; lengths in words say nothing of these.
    pub unspaced_share: f64,
    /// Share of texts that hold an emoji or other pictograph, 0..1.
    pub emoji_share: f64,
    /// Share of texts with a #hashtag, 0..1.
    pub hashtag_share: f64,
    /// Share of texts with a @mention, 0..1.
    pub mention_share: f64,
    /// Distinct lower-case words.
    pub n_distinct_words: usize,
}

impl Style {
    /// Whether most texts are written without blanks between words.
    pub fn is_unspaced(&self) -> bool {
        self.unspaced_share > 0.5
    }
}

/// Equal texts with different labels.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Conflict {
    /// The text of the first row.
    pub text: String,
    /// Row ids and labels of the first 20 rows.
    pub rows: Vec<(String, String)>,
}
