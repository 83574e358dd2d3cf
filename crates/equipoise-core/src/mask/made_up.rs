//! Made-up values that look like a real one and are none.

use crate::rng::Seed;
use crate::text::PrivateKind;
use rand::RngExt;
use rand::seq::IndexedRandom;

/// A value of the form of `real`: every letter and digit drawn anew, what stands between them kept. Mail and web addresses go to the
/// domains that RFC 2606 keeps free, machines to those of RFC 5737 and 3849, so that nobody is reached by accident.
pub(super) fn made_up(kind: PrivateKind, real: &str, seed: Seed) -> String {
    let mut rng = seed.rng();
    let mut word = |part: &str| -> String { part.chars().map(|c| like(c, &mut rng)).collect() };
    match kind {
        PrivateKind::Email => {
            let local = real.split(['@', '＠', '(', '[', ' ']).next().unwrap_or(real);
            format!("{}@example.com", word(local))
        }
        PrivateKind::Url => {
            let name = real.trim_end_matches('/').rsplit(['/', '=']).next().unwrap_or(real);
            format!("https://example.com/user/{}", word(name))
        }
        PrivateKind::Ip if real.contains(':') && !real.contains('.') => {
            format!("2001:db8::{:x}", rng.random_range(1..0xFFFF))
        }
        PrivateKind::Ip => format!("192.0.2.{}", rng.random_range(1..255)),
        // The country and its check digits stay, and no account has these: the digits are zeros but for the last.
        PrivateKind::Iban => {
            let mut n = 0;
            let zero = |c: char| {
                n += usize::from(c.is_alphanumeric());
                if n > 4 && c.is_ascii_digit() { '0' } else { c }
            };
            real.chars().map(zero).collect()
        }
        PrivateKind::Name => FIRST_NAMES.choose(&mut rng).copied().unwrap_or_default().to_owned(),
        PrivateKind::Key | PrivateKind::Card | PrivateKind::Identity | PrivateKind::Phone => word(real),
    }
}

/// Names that are common in several languages.
const FIRST_NAMES: [&str; 12] =
    ["Anna", "Maria", "Sara", "Eva", "Nina", "Laura", "Daniel", "David", "Martin", "Thomas", "Adam", "Simon"];

/// A character of the same class.
fn like(c: char, rng: &mut impl RngExt) -> char {
    match c {
        '0'..='9' => char::from(rng.random_range(b'0'..=b'9')),
        c if c.is_uppercase() => char::from(rng.random_range(b'A'..=b'Z')),
        c if c.is_alphabetic() => char::from(rng.random_range(b'a'..=b'z')),
        c => c,
    }
}
