//! Pilots: several prompts write texts from the same rows, and figures tell which did best.
//!
//! What ranks them is the share of the texts asked for that are good: read, kept by the checks, no near copy, not naming their label more
//! often than real rows do, and of the label that was asked for as far as a judge on probation can tell. Variety, style and give-aways stand beside it and rank nothing: over 13 recorded sets of
//! texts more variety went with less use (distinct pairs of words: Spearman −0.49), and no such number told what texts did to a classifier.

mod beside;
mod compare;
mod entry;
mod figures;
mod gain;
mod lines;
mod ranking;
mod variety;

pub use beside::Beside;
pub use compare::{Compared, Comparison, Contestant, PilotInputs, ShownText, SideBySide, compare};
pub use entry::{Asked, End};
pub use figures::{Figures, Habit};
pub use lines::{FigureCell, FigureLine};
pub use ranking::{Place, Standing, rank};
