//! Words and the overlapping runs of them that near-duplicate search compares.

/// The maximal runs of letters, digits, combining marks and `_` of `text`, in order, case kept.
///
/// This is the word character class `\w` of Unicode regular expressions.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_' || unicode_normalization::char::is_combining_mark(c)))
        .filter(|w| !w.is_empty())
}

/// Hashes of the runs of `size` words of `key` (a [`super::comparison_key`]), without repeats, ascending; of a shorter text the
/// runs of three characters, so that short texts compare too.
pub fn shingles(key: &str, size: usize) -> Vec<u64> {
    let words: Vec<&str> = key.split(' ').collect();
    let mut hashes: Vec<u64> = if words.len() > size {
        words.windows(size).map(|w| super::hash64(w.join(" ").as_bytes())).collect()
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
