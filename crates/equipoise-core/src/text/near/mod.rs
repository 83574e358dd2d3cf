//! Near-duplicates: sets of grams, sketches of them, and the pairs of similar texts among millions.
//!
//! Nothing is compared with everything: texts meet where several parts of their sketches agree, and whatever meets is compared
//! exactly, so that a pair which is reported is similar and one that is missed is missed with a known probability.

mod arrivals;
mod edits;
mod grams;
mod index;
mod pairs;
mod sketch;
mod strict;

pub use arrivals::Arrivals;
pub use edits::WordPrint;
pub use grams::Grams;
pub use index::{Likeness, SketchIndex};
pub use pairs::{Near, shared_bands};
pub use sketch::Sketch;
pub use strict::strict;

use sketch::BANDS;
