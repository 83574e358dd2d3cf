//! Texts that come part by part, each compared with all before it.

use super::{BANDS, Grams, Likeness, Near, Sketch, SketchIndex};
use rayon::prelude::*;

/// The texts that came so far.
///
/// They stand in sorted levels, each more than eight times as long as the next (O'Neil and others 1996), so that a part that comes is looked
/// up in few of them, and a text is moved seldom: 256 bytes a text, n log n steps whatever the size of the parts.
#[derive(Debug, Clone, Default)]
pub struct Arrivals {
    levels: Vec<SketchIndex>,
    n: usize,
}

/// Moving a text goes through memory in order and looking one up does not, so that fewer levels are better than 2 would give.
const RATIO: usize = 8;

/// Texts of equal keys that a later one meets: larger runs hold boilerplate, of which the first members tell.
const MOST_EARLIER: usize = 128;

/// Pairs of one text after which its search is over: whoever is near so many texts is near, and in a set of boilerplate the first ones tell.
const MOST_PAIRS: usize = 16;

impl Arrivals {
    /// Takes the next texts, whose positions go on from those before them, and gives their pairs with all that came before each: by later and
    /// then by earlier text, whatever the number of threads and however the texts are cut into parts. `grams` gives the grams of the text
    /// at a position; only texts that may be similar are asked for, so that nobody has to keep the grams of all.
    pub fn add(&mut self, sketches: &[Sketch], asked: Likeness, grams: impl Fn(u32) -> Grams + Sync) -> Vec<Near> {
        self.levels.push(SketchIndex::behind(self.n, sketches));
        self.n += sketches.len();
        let mut met: Vec<u64> = (0..BANDS).into_par_iter().flat_map_iter(|band| self.meetings(band)).collect();
        met.par_sort_unstable();
        let of_texts: Vec<&[u64]> = met.chunk_by(|a, b| a >> 32 == b >> 32).collect();
        let pairs = of_texts.into_par_iter().flat_map_iter(|met| near(met, asked, &grams)).collect();
        self.settle();
        pairs
    }

    /// Which texts of the last level have the key of a band from which earlier texts: the later position in the upper half, the earlier
    /// one in the lower, once for each band that they share.
    fn meetings(&self, band: usize) -> Vec<u64> {
        let Some((last, earlier)) = self.levels.split_last() else { return Vec::new() };
        let mut columns: Vec<&[u64]> = earlier.iter().map(|level| level.column(band)).collect();
        let mut met = Vec::new();
        let mut same: Vec<u32> = Vec::new();
        for run in last.column(band).chunk_by(|a, b| a >> 32 == b >> 32) {
            let key = run[0] >> 32;
            same.clear();
            // The longest level has the earliest texts.
            for column in &mut columns {
                *column = &column[leap(column, |entry| entry >> 32 < key)..];
                let room = MOST_EARLIER - same.len();
                same.extend(
                    column.iter().take(room).take_while(|entry| **entry >> 32 == key).map(|entry| *entry as u32),
                );
            }
            for entry in run {
                let later = entry & u64::from(u32::MAX);
                met.extend(same.iter().map(|earlier| later << 32 | u64::from(*earlier)));
                if same.len() < MOST_EARLIER {
                    same.push(later as u32);
                }
            }
        }
        met
    }

    /// Joins levels until each is longer than the next by more than the ratio.
    fn settle(&mut self) {
        while let [.., before, last] = self.levels.as_slice() {
            if before.len() > RATIO * last.len() {
                return;
            }
            let last = self.levels.pop().unwrap_or_default();
            let before = self.levels.pop().unwrap_or_default();
            self.levels.push(before.join(last));
        }
    }
}

/// The pairs of one text, which met those of `met`.
fn near(met: &[u64], asked: Likeness, grams: &(impl Fn(u32) -> Grams + Sync)) -> Vec<Near> {
    let later = (met[0] >> 32) as u32;
    let often = met.chunk_by(|a, b| a == b).filter(|of_one| of_one.len() as u32 >= asked.shared);
    let mut own: Option<Grams> = None;
    let compared = often.filter_map(|of_one| {
        let earlier = of_one[0] as u32;
        let similarity = own.get_or_insert_with(|| grams(later)).similarity(&grams(earlier));
        (similarity >= asked.threshold).then_some(Near { later, earlier, similarity: similarity as f32 })
    });
    compared.take(MOST_PAIRS).collect()
}

/// How many entries at the beginning of an ascending list are `below`, in steps that grow with the logarithm of their number: what is looked up
/// next is mostly not far.
fn leap(column: &[u64], below: impl Fn(u64) -> bool) -> usize {
    let mut step = 1;
    while column.get(step - 1).is_some_and(|entry| below(*entry)) {
        step *= 2;
    }
    let (from, to) = (step / 2, (step - 1).min(column.len()));
    from + column[from..to].partition_point(|entry| below(*entry))
}

#[cfg(test)]
mod tests {
    use super::super::shared_bands;
    use super::*;
    use crate::text::hash64;
    use proptest::prelude::*;

    /// `n` words drawn from 3,000 by a fixed sequence.
    fn words(seed: u64, n: u64) -> Vec<String> {
        (0..n).map(|i| format!("w{}", hash64(&[seed.to_le_bytes(), i.to_le_bytes()].concat()) % 3_000)).collect()
    }

    fn pairs(texts: &[String], part: usize) -> Vec<Near> {
        let grams: Vec<Grams> = texts.iter().map(|t| Grams::of_characters(t, 4)).collect();
        let sketches: Vec<Sketch> = grams.iter().map(Sketch::new).collect();
        let asked = Likeness { threshold: 0.6, shared: shared_bands(0.6) };
        let mut arrivals = Arrivals::default();
        let parts = sketches.chunks(part);
        parts.flat_map(|part| arrivals.add(part, asked, |at| grams[at as usize].clone())).collect()
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
        let pairs = pairs(&texts, 300);
        let found = pairs.iter().filter(|p| p.later as usize == p.earlier as usize + N).count();
        assert!(found as f64 >= 0.97 * N as f64, "{found} of {N}");
        assert_eq!(pairs.len(), found, "texts of different words are not near");
        assert!(pairs.is_sorted_by_key(|p| (p.later, p.earlier)));
    }

    #[test]
    fn gives_the_same_pairs_on_one_thread_and_on_two_and_in_parts_of_any_size() {
        let texts: Vec<String> = (0..600u64).map(|i| words(i % 200, 12 + i % 3).join(" ")).collect();
        let on = |n, part| {
            let threads = rayon::ThreadPoolBuilder::new().num_threads(n).build().unwrap();
            threads.install(|| pairs(&texts, part))
        };
        let one = on(1, 600);
        assert!(!one.is_empty());
        for (threads, part) in [(2, 600), (2, 1), (1, 7), (2, 250)] {
            assert_eq!(one, on(threads, part), "{threads} threads, parts of {part}");
        }
    }

    #[test]
    fn many_texts_that_are_all_alike_are_each_found_near_an_earlier_one_with_few_comparisons() {
        let alike: Vec<String> =
            (0..3_000).map(|i| format!("the same long text that everybody sends again and again number {i}")).collect();
        let pairs = pairs(&alike, 1_000);
        let mut later: Vec<u32> = pairs.iter().map(|p| p.later).collect();
        later.dedup();
        assert_eq!(later.len(), alike.len() - 1);
        assert!(pairs.len() <= MOST_PAIRS * alike.len(), "{}", pairs.len());
    }

    #[test]
    fn a_text_is_moved_from_level_to_level_seldom() {
        let mut arrivals = Arrivals::default();
        let asked = Likeness { threshold: 0.6, shared: shared_bands(0.6) };
        for i in 0..1_000u64 {
            let grams = |at: u32| Grams::of_characters(&words(u64::from(at), 9).join(" "), 4);
            arrivals.add(&[Sketch::new(&grams(i as u32))], asked, grams);
            assert!(arrivals.levels.windows(2).all(|two| two[0].len() > RATIO * two[1].len()));
        }
        assert_eq!(arrivals.levels.iter().map(SketchIndex::len).sum::<usize>(), 1_000);
        assert!(arrivals.levels.len() <= 4);
    }

    proptest! {
        #[test]
        fn leaping_finds_what_halving_finds(mut column in proptest::collection::vec(0u64..50, 0..40), wanted in 0u64..52) {
            column.sort_unstable();
            prop_assert_eq!(leap(&column, |e| e < wanted), column.partition_point(|e| *e < wanted));
        }
    }
}
