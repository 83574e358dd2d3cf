//! Words and the overlapping runs of them that near-duplicate search compares.

/// The maximal runs of letters, digits, combining marks and `_` of `text`, in order, case kept.
///
/// This is the word character class `\w` of Unicode regular expressions.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || unicode_normalization::char::is_combining_mark(c)))
        .filter(|w| !w.is_empty())
}

/// Hashes of the runs of `size` words of `key` (a [`super::comparison_key`]), without repeats, ascending; of a shorter text, and of one
/// without blanks between words, the runs of three characters, so that these compare too.
pub fn shingles(key: &str, size: usize) -> Vec<u64> {
    // Words are separated by single spaces, so a run of them is a slice of the key.
    let starts: Vec<usize> = std::iter::once(0).chain(key.match_indices(' ').map(|(at, _)| at + 1)).collect();
    let mut hashes: Vec<u64> = if starts.len() > size && !super::is_unspaced(key) {
        let end = |run: usize| starts.get(run + size).map_or(key.len(), |next| next - 1);
        (0..=starts.len() - size).map(|run| super::hash64(&key.as_bytes()[starts[run]..end(run)])).collect()
    } else {
        let chars: Vec<char> = key.chars().collect();
        chars
            .windows(3.min(chars.len().max(1)))
            .map(|w| super::hash64(w.iter().collect::<String>().as_bytes()))
            .collect()
    };
    hashes.sort_unstable();
    hashes.dedup();
    hashes
}
