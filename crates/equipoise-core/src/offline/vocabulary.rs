//! The tokens of the rows, each once, with a number: one string for all of them and an open hash table over it.

use crate::text::hash64;
use std::ops::Index;

/// Tokens by number; the first is the boundary and empty.
pub(super) struct Vocabulary {
    letters: String,
    /// Where each token ends in `letters`.
    ends: Vec<u32>,
    /// Hashes and numbers at the places that the hashes of the tokens name, number 0 where free; a power of two long, at most two
    /// thirds full. The hash beside the number spares a look at the letters of another token.
    slots: Vec<(u32, u32)>,
}

impl Vocabulary {
    pub(super) fn new() -> Self {
        Vocabulary { letters: String::new(), ends: vec![0], slots: vec![(0, 0); 1024] }
    }

    /// How many tokens there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The number of a token that is known.
    pub(super) fn id(&self, token: &str) -> Option<u32> {
        self.find(hash(token), token).ok()
    }

    /// The number of a token, a new one where it is not known.
    pub(super) fn intern(&mut self, token: &str) -> u32 {
        let hash = hash(token);
        match self.find(hash, token) {
            Ok(id) => id,
            Err(slot) => {
                let id = self.ends.len() as u32;
                self.letters.push_str(token);
                self.ends.push(self.letters.len() as u32);
                self.slots[slot] = (hash, id);
                if self.ends.len() * 3 > self.slots.len() * 2 {
                    self.grow();
                }
                id
            }
        }
    }

    /// The number, or else the free slot where it belongs.
    fn find(&self, hash: u32, token: &str) -> Result<u32, usize> {
        let mask = self.slots.len() - 1;
        let mut slot = hash as usize & mask;
        loop {
            match self.slots[slot] {
                (_, 0) => return Err(slot),
                (its, id) if its == hash && &self[id] == token => return Ok(id),
                _ => slot = (slot + 1) & mask,
            }
        }
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        let old = std::mem::replace(&mut self.slots, vec![(0, 0); mask + 1]);
        for (hash, id) in old.into_iter().filter(|(_, id)| *id != 0) {
            let mut slot = hash as usize & mask;
            while self.slots[slot].1 != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = (hash, id);
        }
    }
}

fn hash(token: &str) -> u32 {
    hash64(token.as_bytes()) as u32
}

impl Index<u32> for Vocabulary {
    type Output = str;

    fn index(&self, id: u32) -> &str {
        let end = |id: u32| self.ends[id as usize] as usize;
        &self.letters[if id == 0 { 0 } else { end(id - 1) }..end(id)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_tokens_in_the_order_in_which_they_came() {
        let mut vocabulary = Vocabulary::new();
        let words: Vec<String> = (0..5_000).map(|i| format!("word{}", i * 7 % 4_000)).collect();
        let ids: Vec<u32> = words.iter().map(|w| vocabulary.intern(w)).collect();
        assert_eq!((vocabulary.len(), ids[0], ids[1]), (4_001, 1, 2));
        assert!(words.iter().zip(&ids).all(|(w, id)| vocabulary.id(w) == Some(*id) && vocabulary[*id] == **w));
        assert_eq!(vocabulary.id("word4001"), None);
    }
}
