//! Are the synthetic rows of a label longer or shorter than its real ones?

use super::Families;
use super::ranking::{Scored, area};
use crate::rng::Seed;
use crate::stats::Estimate;

/// Lengths of the texts of a label.
#[derive(Debug, Clone, PartialEq)]
pub struct Lengths {
    /// The chance that a synthetic text is longer than a real one: 0.5 where neither is.
    pub longer: Estimate,
    /// Characters of the middle synthetic text.
    pub synthetic: usize,
    /// Characters of the middle real text.
    pub real: usize,
}

/// Below so many texts of either kind their lengths are not compared.
const FEWEST: usize = 20;

/// The lengths of a label's texts in characters; `None` with fewer than 20 of either kind.
pub fn lengths(synthetic: &Families<'_>, real: &Families<'_>, seed: Seed) -> Option<Lengths> {
    if synthetic.n_texts().min(real.n_texts()) < FEWEST {
        return None;
    }
    let n_chars = |text: &str| text.trim().chars().count();
    let mut rows = Vec::new();
    let sides = [(real, false), (synthetic, true)];
    let all = sides.iter().flat_map(|(families, side)| families.iter().map(move |family| (family, *side)));
    for (source, (family, is_synthetic)) in all.enumerate() {
        rows.extend(family.iter().map(|text| Scored { score: n_chars(text) as f64, is_synthetic, source }));
    }
    let longer = area(&rows, "characters", seed)?;
    let middle = |families: &Families<'_>| {
        let mut lengths: Vec<usize> = families.texts().map(n_chars).collect();
        lengths.sort_unstable();
        lengths.get(lengths.len() / 2).copied()
    };
    Some(Lengths { longer, synthetic: middle(synthetic)?, real: middle(real)? })
}

#[cfg(test)]
mod tests {
    use super::super::families::traced;
    use super::*;

    fn of(texts: &[String]) -> Families<'_> {
        Families::new(&traced(texts, 1))
    }

    #[test]
    fn sees_texts_that_are_twice_as_long() {
        let texts: Vec<String> = (0..80).map(|i| "word ".repeat(3 + i % 7)).collect();
        let long: Vec<String> = texts.iter().map(|t| t.repeat(2)).collect();
        let found = lengths(&of(&long), &of(&texts), Seed::new(1)).unwrap();
        assert!(found.longer.low > 0.8 && found.synthetic > found.real, "{found:?}");
        let same = lengths(&of(&texts), &of(&texts), Seed::new(1)).unwrap();
        assert!((same.longer.value - 0.5).abs() < 1e-9 && same.synthetic == same.real);
        assert_eq!(lengths(&Families::default(), &of(&texts), Seed::new(1)), None);
    }
}
