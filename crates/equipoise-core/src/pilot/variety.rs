//! How varied texts are: distinct pairs of words among all, beside as many real texts.

use crate::rng::Seed;
use crate::stats::{Estimate, interval};
use crate::text::words;
use rand::seq::SliceRandom;
use std::collections::HashSet;

/// Draws of real texts that the texts are set beside.
const DRAWS: usize = 100;
/// Below so many texts nothing is said.
pub(super) const FEWEST: usize = 10;

/// The share (0..1) of distinct ones among the pairs of neighbouring words of the first `n` texts; `None` of fewer texts, or without a pair.
pub(super) fn variety(texts: &[&str], n: usize) -> Option<f64> {
    let texts = texts.get(..n).filter(|texts| texts.len() >= FEWEST)?;
    let (mut seen, mut n_pairs) = (HashSet::new(), 0_usize);
    for text in texts {
        let words: Vec<String> = words(text).map(str::to_lowercase).collect();
        for pair in words.windows(2) {
            n_pairs += 1;
            seen.insert((pair[0].clone(), pair[1].clone()));
        }
    }
    (n_pairs > 0).then(|| seen.len() as f64 / n_pairs as f64)
}

/// The mean variety of `n` real texts at a time, and where 95 of 100 draws lie.
pub(super) fn real_variety(texts: &[&str], n: usize, seed: Seed) -> Option<Estimate> {
    let mut rng = seed.child("variety").rng();
    let mut texts = texts.to_vec();
    let mut draw = || {
        texts.shuffle(&mut rng);
        variety(&texts, n)
    };
    let mut drawn = (0..DRAWS).map(|_| draw()).collect::<Option<Vec<f64>>>()?;
    let mean = drawn.iter().sum::<f64>() / drawn.len() as f64;
    interval(mean, &mut drawn, n, "draws of as many real rows")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_repeat_themselves_are_less_varied_than_real_ones() {
        let real: Vec<String> = (0..60).map(|i| format!("the {i} came at {} past {}", i * 7, i * 11)).collect();
        let real: Vec<&str> = real.iter().map(String::as_str).collect();
        let worn: Vec<String> = (0..20).map(|i| format!("I am so very happy that number {i} came")).collect();
        let worn: Vec<&str> = worn.iter().map(String::as_str).collect();
        let of_real = real_variety(&real, 20, Seed::new(7)).expect("enough rows");
        assert!(variety(&worn, 20).expect("enough texts") < of_real.low);
        let same = variety(&real, 20).expect("enough texts");
        assert!((of_real.low..=of_real.high).contains(&same), "{same} {of_real:?}");
    }

    #[test]
    fn nothing_is_said_of_few_texts() {
        assert_eq!(variety(&["a b c"; 9], 9), None);
        assert_eq!(variety(&["word"; 20], 20), None, "no pair at all");
        assert_eq!(real_variety(&["a b c"; 5], 20, Seed::new(7)), None);
    }
}
