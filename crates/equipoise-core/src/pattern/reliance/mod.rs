//! Does a classifier that was trained with synthetic rows lean on the habits of whoever wrote them?
//!
//! The give-away words are deleted from real texts, and beside them as many random words: what false alarms undo beyond the random
//! deletion hangs on the writer and not on the label.

mod edit;
mod measure;
mod sentence;
mod words;

pub use measure::{Classify, Leaning, Reliance, Rows, Undone, reliance};
pub use words::give_away_words;
