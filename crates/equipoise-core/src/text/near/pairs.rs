//! The pairs of similar texts among many, by sorting.

use super::{BANDS, Grams, Sketch};
use rayon::prelude::*;

/// Two texts that are similar.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Near {
    /// The position of the later text.
    pub later: u32,
    /// The position of the earlier text.
    pub earlier: u32,
    /// Their Jaccard similarity, exact.
    pub similarity: f32,
}

/// What is searched: earlier texts and later ones, whose positions go on behind those of the earlier ones.
pub struct Search<'a, G> {
    /// Sketches of the earlier texts, which are not compared with each other.
    pub earlier: &'a [Sketch],
    /// Sketches of the later texts, each of which is compared with all earlier ones.
    pub later: &'a [Sketch],
    /// Whether a later text is also compared with the later ones before it.
    pub among_later: bool,
    /// The least similarity, above 0.
    pub threshold: f64,
    /// Bands that a pair shares before it is compared; see [`shared_bands`].
    pub shared: u32,
    /// The grams of the text at a position. Only texts that meet are asked for, so that nobody has to keep the grams of all.
    pub grams: G,
}

/// Texts of one run of equal keys that later ones are compared with. Larger runs hold boilerplate, of which the first members tell.
const MOST_EARLIER: usize = 256;
/// Pairs of one later text in one run after which the search of that run is over: whoever is near eight texts is near.
const MOST_PAIRS: usize = 8;

impl<G: Fn(u32) -> Grams + Sync> Search<'_, G> {
    /// The pairs, each once, by later and then by earlier text. They are the same whatever the number of threads.
    ///
    /// For each band the keys are sorted with their positions, and texts of equal keys are compared where they share bands enough;
    /// a pair is looked at in the first band that it shares. It takes 8 bytes a text beside the sketches, and n log n steps.
    pub fn pairs(&self) -> Vec<Near> {
        let mut pairs: Vec<Near> = (0..BANDS).flat_map(|band| self.band(band)).collect();
        pairs.par_sort_unstable_by_key(|p| (p.later, p.earlier));
        pairs
    }

    fn band(&self, band: usize) -> Vec<Near> {
        let n = self.earlier.len() + self.later.len();
        let mut column: Vec<u64> =
            (0..n).into_par_iter().map(|at| u64::from(self.sketch(at).key(band)) << 32 | at as u64).collect();
        column.par_sort_unstable();
        let runs = column.par_chunk_by(|a, b| a >> 32 == b >> 32);
        runs.filter(|run| run.len() > 1).flat_map_iter(|run| self.run(band, run)).collect()
    }

    fn sketch(&self, position: usize) -> &Sketch {
        match position.checked_sub(self.earlier.len()) {
            Some(at) => &self.later[at],
            None => &self.earlier[position],
        }
    }

    /// The pairs of one run of equal keys, whose positions ascend.
    fn run(&self, band: usize, run: &[u64]) -> Vec<Near> {
        let position = |entry: &u64| *entry as u32 as usize;
        let n_earlier = run.partition_point(|entry| position(entry) < self.earlier.len());
        let compared = &run[..if self.among_later { run.len() } else { n_earlier }.min(MOST_EARLIER)];
        let mut grams: Vec<Option<Grams>> = vec![None; if n_earlier < run.len() { compared.len() } else { 0 }];
        let mut pairs = Vec::new();
        for (at, entry) in run.iter().enumerate().skip(n_earlier) {
            let later = position(entry);
            let own_sketch = self.sketch(later);
            let mut own: Option<Grams> = None;
            let mut n_pairs = 0;
            for (entry, known) in compared.iter().zip(&mut grams).take(at) {
                let earlier = position(entry);
                let sketch = self.sketch(earlier);
                if own_sketch.shared(sketch) < self.shared || own_sketch.meets_before(sketch, band) {
                    continue;
                }
                let known = known.get_or_insert_with(|| (self.grams)(earlier as u32));
                let similarity = own.get_or_insert_with(|| (self.grams)(later as u32)).similarity(known);
                if similarity >= self.threshold {
                    pairs.push(Near { later: later as u32, earlier: earlier as u32, similarity: similarity as f32 });
                    n_pairs += 1;
                    if n_pairs == MOST_PAIRS {
                        break;
                    }
                }
            }
        }
        pairs
    }
}

/// The number of shared bands to ask for, so that a pair of the similarity `threshold` is compared with probability 0.98 or more:
/// as many as possible, since each spares comparisons of texts that are not similar.
pub fn shared_bands(threshold: f64) -> u32 {
    const FOUND: f64 = 0.98;
    let p = threshold.powi(3);
    if p >= 1.0 {
        return BANDS as u32;
    }
    let n = BANDS as i32;
    // P(exactly k of n bands are shared), from k = 0 on; what is missed is the sum of those below the number asked for.
    let (mut missed, mut exactly) = (0.0, (1.0 - p).powi(n));
    for k in 0..n {
        missed += exactly;
        if missed > 1.0 - FOUND {
            return k.max(1) as u32;
        }
        exactly *= p / (1.0 - p) * f64::from(n - k) / f64::from(k + 1);
    }
    BANDS as u32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::hash64;

    /// `n` words drawn from 3,000 by a fixed sequence.
    fn words(seed: u64, n: u64) -> Vec<String> {
        (0..n).map(|i| format!("w{}", hash64(&[seed.to_le_bytes(), i.to_le_bytes()].concat()) % 3_000)).collect()
    }

    fn search(texts: &[String], n_earlier: usize, among_later: bool) -> Vec<Near> {
        let grams: Vec<Grams> = texts.iter().map(|t| Grams::of_characters(t, 4)).collect();
        let sketches: Vec<Sketch> = grams.iter().map(Sketch::new).collect();
        let (earlier, later) = sketches.split_at(n_earlier);
        let grams = |at: u32| grams[at as usize].clone();
        Search { earlier, later, among_later, threshold: 0.6, shared: shared_bands(0.6), grams }.pairs()
    }

    #[test]
    fn finds_near_copies_among_many_and_nothing_else() {
        const N: usize = 2_000;
        let mut texts: Vec<String> = (0..N as u64).map(|i| words(i, 18).join(" ")).collect();
        for i in 0..N as u64 {
            let mut copy = words(i, 18);
            copy[9] = "changed".to_owned();
            copy[4] = "twice".to_owned();
            texts.push(copy.join(" "));
        }
        let pairs = search(&texts, N, false);
        let found = pairs.iter().filter(|p| p.later as usize == p.earlier as usize + N).count();
        assert!(found as f64 >= 0.97 * N as f64, "{found} of {N}");
        assert_eq!(pairs.len(), found, "texts of different words are not near");
        assert!(pairs.is_sorted_by_key(|p| (p.later, p.earlier)));
    }

    #[test]
    fn gives_the_same_pairs_on_one_thread_and_on_two() {
        let texts: Vec<String> = (0..600u64).map(|i| words(i % 200, 12 + i % 3).join(" ")).collect();
        let on = |n| rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
        let one = on(1).install(|| search(&texts, 0, true));
        assert!(!one.is_empty());
        assert_eq!(one, on(2).install(|| search(&texts, 0, true)));
    }

    #[test]
    fn many_texts_that_are_all_alike_are_each_found_near_an_earlier_one_with_few_comparisons() {
        let alike: Vec<String> =
            (0..3_000).map(|i| format!("the same long text that everybody sends again and again number {i}")).collect();
        let pairs = search(&alike, 0, true);
        let mut later: Vec<u32> = pairs.iter().map(|p| p.later).collect();
        later.dedup();
        assert_eq!(later.len(), alike.len() - 1);
        assert!(pairs.len() < 100 * alike.len(), "{}", pairs.len());
    }

    #[test]
    fn asks_for_as_many_shared_bands_as_the_similarity_allows() {
        assert_eq!(shared_bands(0.6), 3);
        assert!((10..16).contains(&shared_bands(0.85)), "{}", shared_bands(0.85));
        assert_eq!((shared_bands(0.1), shared_bands(1.0)), (1, BANDS as u32));
    }
}
