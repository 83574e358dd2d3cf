//! How similar short texts must be.

use super::Grams;

/// Grams from which a threshold holds as it is.
const LONG: f64 = 32.0;
/// Grams below which a text is near nothing but its equal.
const SHORT: f64 = 12.0;

/// The threshold for a text of these grams: as given from 32 grams on, and ever nearer to 1 for shorter ones, since phrases of a few
/// words are alike by chance. Of human rows that are near another ("happy mothers day", "i feel so happy") most are so short, and a
/// short text with a word changed is below the threshold anyway.
pub fn strict(threshold: f64, grams: &Grams) -> f64 {
    let shortness = ((LONG - grams.hashes().len() as f64) / (LONG - SHORT)).clamp(0.0, 1.0);
    threshold + (1.0 - threshold) * shortness
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rises_to_one_for_short_texts() {
        let of = |text: &str| strict(0.6, &Grams::of_characters(text, 4));
        assert_eq!(of("a text of at least thirty two different characters"), 0.6);
        assert!((0.7..0.9).contains(&of("some words in a row")), "{}", of("some words in a row"));
        assert_eq!(of("hi there"), 1.0);
    }
}
