//! What a text is made of: normal forms, tokens, shingles and hashes that are the same on every machine.

mod hash;
mod minhash;
mod normalise;
mod tokenise;

pub use hash::hash64;
pub use minhash::{BANDS, MinHash, NearIndex, jaccard};
pub use normalise::{comparison_key, escape_control};
pub use tokenise::{shingles, words};
