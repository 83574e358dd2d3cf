//! Rules that texts are held to, not only asked for: case, punctuation, length.

mod held;
mod marks;

pub use held::{Held, LabelRules, TOO_MANY_WORDS};

use crate::data::TrainView;
use crate::profile::LabelProfile;
use crate::text::has_case;
use marks::has_marks;
use serde::{Deserialize, Serialize};

/// Rows of a label from which it is read how uniform they are; fewer are too few to tell.
const LEAST_ROWS: usize = 20;
/// Rows that are looked at, the first ones: enough to tell a share of one in a hundred.
const MOST_ROWS: usize = 2_000;
/// The share of them that must be alike.
const UNIFORM: f64 = 0.99;

/// What a recipe says of texts (`[texts]`). What it does not say is taken from the real rows, where they are uniform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextRules {
    /// Capital letters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub case: Option<LetterCase>,
    /// Punctuation marks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub punctuation: Option<Punctuation>,
    /// Words of a text, at most.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_words: Option<usize>,
}

/// Capital letters of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LetterCase {
    /// None.
    Lower,
    /// As the model writes them.
    Any,
}

/// Punctuation marks of texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Punctuation {
    /// None.
    None,
    /// As the model writes them.
    Any,
}

impl TextRules {
    /// The rules of the label that `profile` is of.
    pub fn of(&self, train: TrainView<'_>, profile: &LabelProfile) -> LabelRules {
        let Some(label) = train.labels().id(&profile.label) else { return LabelRules::default() };
        let texts = train.rows().filter(|row| row.label == label).map(|row| row.text).take(MOST_ROWS);
        let texts: Vec<&str> = texts.collect();
        let cased: Vec<&&str> = texts.iter().filter(|text| has_case(text)).collect();
        let share = |n: usize, of: usize| of >= LEAST_ROWS && n as f64 >= UNIFORM * of as f64;
        let is_lower = || share(cased.iter().filter(|text| !text.contains(char::is_uppercase)).count(), cased.len());
        let is_unmarked = || share(texts.iter().filter(|text| !has_marks(text)).count(), texts.len());
        LabelRules {
            lower_case: self.case.map_or_else(is_lower, |case| case == LetterCase::Lower),
            no_punctuation: self.punctuation.map_or_else(is_unmarked, |marks| marks == Punctuation::None),
            max_words: self.max_words,
        }
    }
}

#[cfg(test)]
mod tests;
