//! The set of grams of a text, by which similarity is measured.

use crate::text::{is_syllabic, tokens};

/// The hashes of a text's grams, ascending and without repeats.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Grams(Vec<u32>);

impl Grams {
    /// The runs of `size` characters of `key` (a [`crate::text::comparison_key`]) between two spaces. A character that stands for a
    /// syllable or a word (Han, kana, Hangul) counts as two, so that a gram holds about as much of a text in every script. A shorter
    /// text is one gram.
    pub fn of_characters(key: &str, size: usize) -> Self {
        let mut letters: Vec<u32> = Vec::with_capacity(key.len() + 2);
        letters.push(u32::from(' '));
        for c in key.chars() {
            letters.push(u32::from(c));
            if is_syllabic(c) {
                letters.push(u32::from(c) | 1 << 31);
            }
        }
        letters.push(u32::from(' '));
        Grams::new(letters.windows(size.clamp(1, letters.len())).map(hash))
    }

    /// The runs of `size` words of `key`; of a shorter text its runs of three characters.
    pub fn of_words(key: &str, size: usize) -> Self {
        let word = |w: &str| (crate::text::hash64(w.as_bytes()) >> 32) as u32;
        let words: Vec<u32> = tokens(key).map(word).collect();
        match words.len() > size {
            true => Grams::new(words.windows(size.max(1)).map(hash)),
            false => Grams::of_characters(key, 3),
        }
    }

    fn new(hashes: impl Iterator<Item = u32>) -> Self {
        let mut hashes: Vec<u32> = hashes.collect();
        hashes.sort_unstable();
        hashes.dedup();
        Grams(hashes)
    }

    /// A set of hashes that are ascending and without repeats.
    #[cfg(test)]
    pub(super) fn from_hashes(hashes: Vec<u32>) -> Self {
        Grams(hashes)
    }

    /// The hashes, ascending.
    pub fn hashes(&self) -> &[u32] {
        &self.0
    }

    /// Jaccard similarity in 0..=1: the grams that both have among those that either has; 1 for two empty sets.
    pub fn similarity(&self, other: &Grams) -> f64 {
        let (a, b) = (&self.0, &other.0);
        let (mut i, mut j, mut both) = (0, 0, 0usize);
        while i < a.len() && j < b.len() {
            // Without a branch: which of two hashes is smaller cannot be predicted.
            let (x, y) = (a[i], b[j]);
            both += usize::from(x == y);
            i += usize::from(x <= y);
            j += usize::from(y <= x);
        }
        let union = a.len() + b.len() - both;
        if union == 0 { 1.0 } else { both as f64 / union as f64 }
    }
}

fn hash(parts: &[u32]) -> u32 {
    let mixed = parts.iter().fold(0u64, |h, p| (h ^ u64::from(*p)).wrapping_mul(0x9E37_79B9_7F4A_7C15).rotate_left(23));
    (mixed.wrapping_mul(0xD6E8_FEB8_6659_FD93) >> 32) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn similarity(a: &str, b: &str) -> f64 {
        Grams::of_characters(a, 4).similarity(&Grams::of_characters(b, 4))
    }

    #[test]
    fn one_changed_word_leaves_texts_of_every_script_near() {
        for (a, b) in [
            ("i was so surprised by the letter today", "i was so surprised by the parcel today"),
            ("今天收到一封意外的来信我很惊讶", "今天收到一封意外的包裹我很惊讶"),
            ("편지를 받고 정말 깜짝 놀랐어요 오늘", "소포를 받고 정말 깜짝 놀랐어요 오늘"),
            ("วันนี้ฉันได้รับจดหมายที่ไม่คาดคิด", "วันนี้ฉันได้รับพัสดุที่ไม่คาดคิด"),
        ] {
            assert!(similarity(a, b) >= 0.55, "{a}: {}", similarity(a, b));
        }
        assert!(similarity("i was so surprised by the letter today", "we never heard from him again after that") < 0.2);
    }

    #[test]
    fn is_a_share_of_the_union() {
        assert_eq!(Grams::default().similarity(&Grams::default()), 1.0);
        assert_eq!(Grams::default().similarity(&Grams::of_characters("abc", 4)), 0.0);
        assert_eq!(Grams(vec![1, 2, 3]).similarity(&Grams(vec![2, 3, 4])), 0.5);
        assert_eq!(similarity("a", "a"), 1.0);
        let words = |t: &str| Grams::of_words(t, 3);
        assert_eq!(words("a b c d e").similarity(&words("a b c d f")), 0.5);
        assert!(words("short text").hashes().len() > 5);
    }
}
