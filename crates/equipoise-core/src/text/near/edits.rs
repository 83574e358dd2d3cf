//! Texts that differ in a word or two: the edit distance of words.

use crate::text::hash64;
use std::collections::HashMap;

/// The words of a text as hashes with their lengths; the words themselves are not kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct WordPrint(Vec<(u32, u8)>);

/// Share (0..1) of the letters of the longer text that stand in words of both: where the changed words are the long ones, little is left.
const LEAST_IN_COMMON: f64 = 0.6;

impl WordPrint {
    /// Of a key whose words stand between single blanks.
    pub fn new(key: &str) -> Self {
        let one = |word: &str| (hash64(word.as_bytes()) as u32, word.chars().count().min(255) as u8);
        WordPrint(key.split(' ').filter(|word| !word.is_empty()).map(one).collect())
    }

    /// Whether the other differs in so few words that it is the same text with words changed: one of 6 to 8, two of 9 to 14, three of more.
    ///
    /// Character grams are too strict with short texts: of 11 words with two long ones changed less than six tenths of the grams are left.
    pub fn is_near(&self, other: &WordPrint) -> bool {
        let most = match self.0.len().min(other.0.len()) {
            0..=5 => return false,
            6..=8 => 1,
            9..=14 => 2,
            _ => 3,
        };
        self.0.len().abs_diff(other.0.len()) <= most
            && self.in_common(other) >= LEAST_IN_COMMON
            && self.distance(other) <= most
    }

    fn in_common(&self, other: &WordPrint) -> f64 {
        let mut left: HashMap<(u32, u8), usize> = HashMap::new();
        self.0.iter().for_each(|word| *left.entry(*word).or_default() += 1);
        let shared = other.0.iter().filter(|word| match left.get_mut(word) {
            Some(n) if *n > 0 => {
                *n -= 1;
                true
            }
            _ => false,
        });
        let letters = |print: &WordPrint| print.0.iter().map(|(_, n)| usize::from(*n)).sum::<usize>();
        let n_shared: usize = shared.map(|(_, n)| usize::from(*n)).sum();
        n_shared as f64 / letters(self).max(letters(other)).max(1) as f64
    }

    /// Words that are put in, left out or changed.
    fn distance(&self, other: &WordPrint) -> usize {
        let mut row: Vec<usize> = (0..=other.0.len()).collect();
        for (at, word) in self.0.iter().enumerate() {
            let mut diagonal = row[0];
            row[0] = at + 1;
            for (to, of_other) in other.0.iter().enumerate() {
                let changed = diagonal + usize::from(word != of_other);
                diagonal = row[to + 1];
                row[to + 1] = changed.min(row[to] + 1).min(diagonal + 1);
            }
        }
        row[other.0.len()]
    }
}

#[cfg(test)]
mod tests {
    use super::WordPrint;

    #[test]
    fn a_word_or_two_changed_is_near_and_more_is_not() {
        let near = |a: &str, b: &str| WordPrint::new(a).is_near(&WordPrint::new(b));
        assert!(near("we went to the sea today", "we went to the lake today"));
        assert!(near("my brother lost his key on the way home", "my sister lost his wallet on the way home"));
        assert!(near("my brother lost his key on the way home", "my brother lost his key on the long way"));
        assert!(!near("we went to the sea today", "they went to the lake today"));
        assert!(!near("we went to the sea", "we went to the lake"), "five words say too little");
        assert!(!near("it is so unbelievably disappointing to be", "it is so wonderful to be a"));
    }
}
