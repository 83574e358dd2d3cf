//! Counts in sentences.

/// A count and its noun, whose plural ends in `s`: `1 request`, `18 requests`.
pub fn counted(n: usize, noun: &str) -> String {
    format!("{n} {noun}{}", if n == 1 { "" } else { "s" })
}
