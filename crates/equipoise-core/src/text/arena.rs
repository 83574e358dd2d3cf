//! Many texts in few pieces of memory.

/// Texts by position, from 0. A text costs its bytes and 4 more; what stands there never moves.
#[derive(Debug, Clone, Default)]
pub struct Arena {
    chunks: Vec<Chunk>,
    n_texts: usize,
}

/// Bytes of a chunk.
const CHUNK: usize = 1 << 20;

/// Texts side by side: [`CHUNK`] bytes at most, unless a single text is longer. One growing string would be copied while it doubles.
#[derive(Debug, Clone, Default)]
struct Chunk {
    /// The position of the first text.
    first: usize,
    bytes: String,
    /// Where each text begins: far below 2³², since a text is placed in a chunk that has no more than [`CHUNK`] bytes.
    starts: Vec<u32>,
}

impl Arena {
    /// Appends a text.
    pub fn push(&mut self, text: &str) {
        if self.chunks.last().is_none_or(|c| c.bytes.len() + text.len() > CHUNK) {
            let bytes = String::with_capacity(text.len().max(CHUNK));
            self.chunks.push(Chunk { first: self.n_texts, bytes, starts: Vec::new() });
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.starts.push(chunk.bytes.len() as u32);
            chunk.bytes.push_str(text);
        }
        self.n_texts += 1;
    }

    /// The text at `position`, below [`Arena::len`].
    pub fn get(&self, position: usize) -> &str {
        let chunk = &self.chunks[self.chunks.partition_point(|c| c.first <= position) - 1];
        let at = position - chunk.first;
        let start = chunk.starts[at] as usize;
        let end = chunk.starts.get(at + 1).map_or(chunk.bytes.len(), |end| *end as usize);
        &chunk.bytes[start..end]
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.n_texts
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.n_texts == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn texts_longer_than_a_chunk_stand_between_short_ones() {
        let long = "é".repeat(CHUNK);
        let mut arena = Arena::default();
        ["a", &long, "b"].into_iter().for_each(|t| arena.push(t));
        assert_eq!((arena.get(0), arena.get(1) == long, arena.get(2)), ("a", true, "b"));
    }

    proptest! {
        #[test]
        fn gives_back_what_was_put_in(texts in proptest::collection::vec(any::<String>(), 0..40)) {
            let mut arena = Arena::default();
            texts.iter().for_each(|t| arena.push(t));
            prop_assert_eq!(arena.len(), texts.len());
            prop_assert!(texts.iter().enumerate().all(|(at, t)| arena.get(at) == t));
        }
    }
}
