//! Patterns: the habits by which the synthetic rows of a label are told from its real ones.
//!
//! A [`Feature`] is a habit that a text has or has not: a word, an opening, an exclamation mark. [`give_aways`] finds those that
//! synthetic rows have far more often than real ones, beyond chance and beyond one source that lent its words to all of its children.

mod avoid;
mod detector;
mod distinct;
mod families;
mod feature;
mod frequent;
mod give_away;
mod habits;
mod kinds;
mod length;
mod ranking;
pub mod reliance;
mod report;
mod row_score;
mod tokens;

pub use avoid::{AVOID_BYTES, avoid};
pub use detector::{TOLD_APART, baseline, told_apart};
pub use families::{Families, Traced};
pub use feature::{Feature, Kind};
pub use frequent::Frequent;
pub use give_away::{GiveAway, GiveAways, give_aways};
pub use habits::Habits;
pub use kinds::features;
pub use length::{Lengths, lengths};
pub use report::{LabelPatterns, LabelTexts, ShownGiveAway, label_patterns};
pub use row_score::RowScore;
pub use tokens::word_ranges;
