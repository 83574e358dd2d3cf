//! Easy data augmentation without a thesaurus.

use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Share of the words that an edit touches, as in the paper.
const ALPHA: f64 = 0.1;

/// `text` after one edit of random kind: words swapped, deleted, or inserted again elsewhere. Wei and Zou (2019) without synonyms.
pub(crate) fn eda(text: &str, rng: &mut ChaCha8Rng) -> String {
    let mut words: Vec<&str> = text.split_whitespace().collect();
    let n_edits = ((words.len() as f64 * ALPHA) as usize).max(1);
    let kind = rng.random_range(0..3);
    for _ in 0..n_edits {
        if words.len() < 2 {
            break;
        }
        let (a, b) = (rng.random_range(0..words.len()), rng.random_range(0..words.len()));
        match kind {
            0 => words.swap(a, b),
            1 => drop(words.remove(a)),
            _ => words.insert(a, words[b]),
        }
    }
    words.join(" ")
}
