//! What a text is made of: normal forms, tokens, shingles and hashes that are the same on every machine.

mod arena;
mod compact;
mod counted;
mod hash;
mod label_key;
mod minhash;
mod near;
mod normalise;
mod private;
mod script;
mod skeleton;
mod token;
mod tokenise;
mod unescape;

pub use arena::Arena;
pub use compact::compact;
pub use counted::{counted, fixed, signed, signed_exact, thousands};
pub use hash::hash64;
pub(crate) use label_key::has_hidden;
pub use label_key::label_key;
pub use minhash::{BANDS, MinHash, NearIndex, jaccard};
pub use near::{Arrivals, Grams, Likeness, Near, Sketch, SketchIndex, WordPrint, shared_bands, strict};
pub use normalise::{comparison_key, escape_control, escape_lines};
pub use private::{Names, PRIVATE_KINDS, PrivateCounts, PrivateKind, PrivateSpan, private_spans};
pub use script::{has_case, has_punctuation, is_pictograph, is_syllabic, is_unspaced, runs_together};
pub use skeleton::{digits_as_letters_hash, has_digits_as_letters, look_hash, look_key};
pub use token::tokens;
pub use tokenise::{shingles, words};
pub use unescape::unescaped;
