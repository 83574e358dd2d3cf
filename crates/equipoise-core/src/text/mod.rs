//! What a text is made of: normal forms, tokens, shingles and hashes that are the same on every machine.

mod counted;
mod hash;
mod label_key;
mod minhash;
mod normalise;
mod private;
mod script;
mod tokenise;

pub use counted::{counted, thousands};
pub use hash::hash64;
pub use label_key::label_key;
pub use minhash::{BANDS, MinHash, NearIndex, jaccard};
pub use normalise::{comparison_key, escape_control, escape_lines};
pub use private::{Names, PRIVATE_KINDS, PrivateCounts, PrivateKind, PrivateSpan, private_spans};
pub use script::{has_case, has_punctuation, is_unspaced};
pub use tokenise::{shingles, words};
