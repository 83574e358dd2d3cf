//! API keys: where one comes from, to whom it may go, and how it is kept out of everything that is shown or written.

mod bound;

pub use bound::{KeyError, KeyRule};

use std::fmt;
use std::sync::Arc;

/// What stands where a key stood.
pub const REDACTED: &str = "[key]";

/// An API key. Neither `Display` nor `Debug` shows it; it leaves only in the header of a call to its own host.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Arc<str>);

impl Secret {
    /// A key; surrounding white space (a newline from a file) is dropped. `None` for one that is empty or no header value.
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let sendable = !text.is_empty() && text.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
        sendable.then(|| Secret(text.into()))
    }

    /// 16 hex digits that tell accounts apart and from which the key cannot be found.
    pub fn digest(&self) -> String {
        let hash = blake3::derive_key("equipoise 2026 account digest", self.0.as_bytes());
        hash[..8].iter().map(|b| format!("{b:02x}")).collect()
    }

    /// The key itself, for the one header that carries it.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

/// `text` without the key; servers like to repeat it in their errors. Everything shown or written goes through here.
pub fn redact(text: String, secret: Option<&Secret>) -> String {
    match secret {
        Some(secret) if text.contains(secret.expose()) => text.replace(secret.expose(), REDACTED),
        _ => text,
    }
}

/// [`redact`] for bytes that need not be UTF-8. Answers are kept as received, byte for byte, unless they hold the key.
pub fn redact_bytes(bytes: Vec<u8>, secret: Option<&Secret>) -> Vec<u8> {
    let Some(key) = secret.map(|s| s.expose().as_bytes()) else { return bytes };
    let Some(mut at) = find(&bytes, key) else { return bytes };
    let mut clean = Vec::with_capacity(bytes.len());
    let mut rest = &bytes[..];
    loop {
        clean.extend_from_slice(&rest[..at]);
        clean.extend_from_slice(REDACTED.as_bytes());
        rest = &rest[at + key.len()..];
        match find(rest, key) {
            Some(next) => at = next,
            None => break,
        }
    }
    clean.extend_from_slice(rest);
    clean
}

fn find(bytes: &[u8], key: &[u8]) -> Option<usize> {
    let first = *key.first()?;
    let mut from = 0;
    while let Some(at) = bytes[from..].iter().position(|b| *b == first) {
        if bytes[from + at..].starts_with(key) {
            return Some(from + at);
        }
        from += at + 1;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_nothing_of_the_key() {
        let secret = Secret::new("sk-canary-1234\n").expect("a key");
        assert_eq!(format!("{secret:?} {:#?}", Some(&secret)).matches("canary").count(), 0);
        assert!(!secret.digest().contains("canary"));
        assert_ne!(secret.digest(), Secret::new("sk-canary-1235").expect("a key").digest());
    }

    #[test]
    fn refuses_what_no_header_can_carry() {
        for text in ["", "  ", "a\nb", "ключ", "a\0"] {
            assert_eq!(Secret::new(text), None, "{text:?}");
        }
    }

    #[test]
    fn redacts_every_occurrence() {
        let secret = Secret::new("sk-1");
        let clean = redact("sk-1 and sk-sk-1.".to_owned(), secret.as_ref());
        assert_eq!(clean, "[key] and sk-[key].");
        assert_eq!(redact_bytes(b"\xffsk-1sk-1s".to_vec(), secret.as_ref()), b"\xff[key][key]s");
        assert_eq!(redact_bytes(b"sk-".to_vec(), secret.as_ref()), b"sk-");
        assert_eq!(redact("sk-1".to_owned(), None), "sk-1");
    }
}
