//! Texts that stand still, searchable one by one.

use super::{BANDS, Grams, Sketch};
use rayon::prelude::*;
use std::borrow::Borrow;

/// The sketches of texts, sorted band by band: 256 bytes a text.
#[derive(Debug, Clone, Default)]
pub struct SketchIndex {
    /// For each band the keys, each with the position of its text in the lower half, ascending.
    columns: Vec<Vec<u64>>,
}

/// What is asked of an index.
#[derive(Debug, Clone, Copy)]
pub struct Likeness {
    /// The least Jaccard similarity, above 0.
    pub threshold: f64,
    /// Bands that a text shares before it is compared; see [`super::shared_bands`].
    pub shared: u32,
}

/// Texts of equal keys that are looked at; larger runs hold boilerplate, of which the first members tell.
const MOST_OF_RUN: usize = 256;

impl SketchIndex {
    /// The index of sketches, whose positions are their places in the list.
    pub fn new(sketches: &[Sketch]) -> Self {
        Self::behind(0, sketches)
    }

    /// The same for sketches whose positions go on from `first`.
    pub(super) fn behind(first: usize, sketches: &[Sketch]) -> Self {
        let column = |band: usize| {
            let keyed = |(at, sketch): (usize, &Sketch)| entry(sketch.key(band), first + at);
            let mut column: Vec<u64> = sketches.iter().enumerate().map(keyed).collect();
            column.sort_unstable();
            column
        };
        SketchIndex { columns: (0..BANDS).into_par_iter().map(column).collect() }
    }

    /// How many texts it has.
    pub(super) fn len(&self) -> usize {
        self.columns.first().map_or(0, Vec::len)
    }

    /// The keys of a band, each with the position of its text in the lower half, ascending.
    pub(super) fn column(&self, band: usize) -> &[u64] {
        &self.columns[band]
    }

    /// The texts of both, in linear time.
    pub(super) fn join(self, other: SketchIndex) -> SketchIndex {
        let columns: Vec<(Vec<u64>, Vec<u64>)> = self.columns.into_iter().zip(other.columns).collect();
        SketchIndex { columns: columns.into_par_iter().map(|(a, b)| merged(&a, &b)).collect() }
    }

    /// The positions of similar texts, ascending, with their exact similarities. `grams` gives the grams of the text at a position;
    /// only texts that may be similar are asked for.
    pub fn near<G: Borrow<Grams>>(&self, own: &Grams, asked: Likeness, grams: impl Fn(u32) -> G) -> Vec<(u32, f32)> {
        let sketch = Sketch::new(own);
        let mut met: Vec<u32> = Vec::new();
        for (band, column) in self.columns.iter().enumerate() {
            let key = entry(sketch.key(band), 0);
            let first = column.partition_point(|entry| *entry < key);
            let run = column[first..].iter().take(MOST_OF_RUN).take_while(|entry| **entry >> 32 == key >> 32);
            met.extend(run.map(|entry| *entry as u32));
        }
        met.sort_unstable();
        let often = met.chunk_by(|a, b| a == b).filter(|of_one| of_one.len() as u32 >= asked.shared);
        let similar = |at: u32| {
            let similarity = own.similarity(grams(at).borrow());
            (similarity >= asked.threshold).then_some((at, similarity as f32))
        };
        often.filter_map(|of_one| similar(of_one[0])).collect()
    }
}

/// A key with the position of its text.
fn entry(key: u32, position: usize) -> u64 {
    u64::from(key) << 32 | position as u64
}

/// Two ascending lists as one.
fn merged(a: &[u64], b: &[u64]) -> Vec<u64> {
    let mut both = Vec::with_capacity(a.len() + b.len());
    let (mut a, mut b) = (a.iter().peekable(), b.iter().peekable());
    while let (Some(x), Some(y)) = (a.peek(), b.peek()) {
        both.extend(if x <= y { a.next() } else { b.next() });
    }
    both.extend(a);
    both.extend(b);
    both
}

#[cfg(test)]
mod tests {
    use super::super::shared_bands;
    use super::*;

    #[test]
    fn finds_near_texts_with_their_similarity_and_no_others() {
        let texts: Vec<String> = (0..500)
            .map(|i| format!("message {i} tells of the {} parcels that came to house {}", i * 7, i * 13))
            .collect();
        let grams: Vec<Grams> = texts.iter().map(|t| Grams::of_characters(t, 4)).collect();
        let index = SketchIndex::new(&grams.iter().map(Sketch::new).collect::<Vec<_>>());
        let asked = Likeness { threshold: 0.6, shared: shared_bands(0.6) };
        let own = Grams::of_characters("message 77 told of the 539 parcels that came to house 1001", 4);
        let found = index.near(&own, asked, |at| &grams[at as usize]);
        assert!(found.iter().any(|(at, similarity)| *at == 77 && *similarity > 0.7), "{found:?}");
        assert!(
            found
                .iter()
                .all(|(at, s)| f64::from(*s) >= 0.6 && (own.similarity(&grams[*at as usize]) as f32 - s).abs() < 1e-6)
        );
        let other = Grams::of_characters("nothing of that kind was ever written here", 4);
        assert!(index.near(&other, asked, |at| &grams[at as usize]).is_empty());
        assert!(SketchIndex::default().near(&own, asked, |_| Grams::default()).is_empty());
    }

    #[test]
    fn two_lists_become_one_that_ascends() {
        assert_eq!(merged(&[1, 4, 9], &[2, 3, 10, 11]), [1, 2, 3, 4, 9, 10, 11]);
        assert_eq!(merged(&[], &[5]), [5]);
    }
}
