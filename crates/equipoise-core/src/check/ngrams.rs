//! A small language model: how many bits each symbol of a sequence costs after those before it.

use std::collections::HashMap;
use std::hash::{BuildHasherDefault, Hasher};

/// An interpolated n-gram model with the smoothing of Witten and Bell (1991): after a context that was followed by many different
/// symbols, an unseen one is likelier.
pub(super) struct NGrams {
    order: usize,
    /// Bits of the last symbol of each n-gram that was seen, by the n-gram.
    seen: Map<f32>,
    /// Bits that it costs to leave a context for the shorter one.
    leave: Map<f32>,
    /// Bits of a symbol that was never seen.
    unknown: f32,
}

/// Symbols that an unseen one may be: the letters of all scripts in use, or the words of a language, roughly.
const SYMBOLS: f64 = 16_384.0;

impl NGrams {
    /// Learns from sequences; `order` symbols at most count, the last one included.
    pub(super) fn new<'s>(sequences: impl Iterator<Item = &'s [u32]>, order: usize) -> Self {
        let mut counts: Vec<Map<Counted>> = (0..order).map(|_| Map::default()).collect();
        for sequence in sequences {
            for at in 0..sequence.len() {
                let mut key = START;
                let mut shorter = START;
                for length in 0..order.min(at + 1) {
                    key = extended(key, sequence[at - length]);
                    let counted = counts[length].entry(key).or_insert_with(|| Counted {
                        n: 0,
                        context: context(&sequence[..at], length),
                        shorter,
                    });
                    counted.n += 1;
                    shorter = key;
                }
            }
        }
        let mut probabilities: Map<f64> = Map::default();
        let mut leave = Map::default();
        let mut unknown = SYMBOLS.log2() as f32;
        for of_length in &counts {
            let mut contexts: Map<(u32, u32)> = Map::default();
            for counted in of_length.values() {
                let (n, n_different) = contexts.entry(counted.context).or_default();
                (*n, *n_different) = (*n + counted.n, *n_different + 1);
            }
            for (key, counted) in of_length {
                let (n, n_different) = contexts[&counted.context];
                let below = probabilities.get(&counted.shorter).copied().unwrap_or(1.0 / SYMBOLS);
                let p = (f64::from(counted.n) + f64::from(n_different) * below) / f64::from(n + n_different);
                probabilities.insert(*key, p);
            }
            for (context, (n, n_different)) in contexts {
                let bits = -(f64::from(n_different) / f64::from(n + n_different)).log2() as f32;
                match context {
                    START => unknown += bits,
                    _ => drop(leave.insert(context, bits)),
                }
            }
        }
        let seen = probabilities.into_iter().map(|(key, p)| (key, -p.log2() as f32)).collect();
        NGrams { order, seen, leave, unknown }
    }

    /// The bits of each symbol, in order.
    pub(super) fn bits(&self, sequence: &[u32]) -> Vec<f32> {
        (0..sequence.len()).map(|at| self.symbol(sequence, at)).collect()
    }

    fn symbol(&self, sequence: &[u32], at: usize) -> f32 {
        let longest = self.order.min(at + 1);
        // Keys of the n-grams that end here, the shortest first.
        let mut keys = [START; MOST];
        let mut key = START;
        for length in 0..longest {
            key = extended(key, sequence[at - length]);
            keys[length] = key;
        }
        let mut left = 0.0;
        for length in (0..longest).rev() {
            if let Some(bits) = self.seen.get(&keys[length]) {
                return left + bits;
            }
            if length > 0 {
                left += self.leave.get(&context(&sequence[..at], length)).copied().unwrap_or(0.0);
            }
        }
        left + self.unknown
    }
}

/// The longest order.
const MOST: usize = 6;

struct Counted {
    n: u32,
    /// The key of the symbols before the last one.
    context: u64,
    /// The key of the n-gram without its first symbol.
    shorter: u64,
}

const START: u64 = 0x51_7C_C1_B7_27_22_0A_95;

/// The key of the last `length` symbols.
fn context(before: &[u32], length: usize) -> u64 {
    before.iter().rev().take(length).fold(START, |key, s| extended(key, *s))
}

/// The key of an n-gram with one more symbol in front.
fn extended(key: u64, symbol: u32) -> u64 {
    let h = (key ^ u64::from(symbol)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    h ^ (h >> 29)
}

type Map<V> = HashMap<u64, V, BuildHasherDefault<Keyed>>;

/// Keys are hashes already.
#[derive(Default)]
struct Keyed(u64);

impl Hasher for Keyed {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|b| self.0 = self.0.rotate_left(8) ^ u64::from(*b));
    }

    fn write_u64(&mut self, key: u64) {
        self.0 = key;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn symbols(text: &str) -> Vec<u32> {
        text.chars().map(u32::from).collect()
    }

    #[test]
    fn probabilities_of_what_may_follow_add_up_to_one() {
        let text = symbols("abracadabra abba");
        let model = NGrams::new(std::iter::once(&text[..]), 3);
        let mut different = text.clone();
        different.sort_unstable();
        different.dedup();
        for before in ["", "a", "ab", "zz", "xa"] {
            let p = |symbol: u32| {
                let mut sequence = symbols(before);
                sequence.push(symbol);
                f64::from(-*model.bits(&sequence).last().unwrap()).exp2()
            };
            let known: f64 = different.iter().map(|s| p(*s)).sum();
            let unknown = p(0xFFFF) * (SYMBOLS - different.len() as f64);
            assert!((known + unknown - 1.0).abs() < 1e-3, "{before}: {known} + {unknown}");
        }
    }

    #[test]
    fn what_was_seen_costs_less_than_what_was_not() {
        let texts: Vec<Vec<u32>> = (0..50).map(|i| symbols(&format!("the cat sat on mat number {i}"))).collect();
        let model = NGrams::new(texts.iter().map(Vec::as_slice), 4);
        let mean = |text: &str| {
            let bits = model.bits(&symbols(text));
            bits.iter().sum::<f32>() / bits.len() as f32
        };
        assert!(mean("the cat sat on the mat") < 2.0);
        assert!(mean("der hund lag im garten") > mean("the cat sat on the mat") + 2.0);
    }
}
