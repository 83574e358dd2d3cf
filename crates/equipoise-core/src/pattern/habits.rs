//! How many give-aways a single text has.

use super::distinct::{Finder, distinct};
use super::{Families, Feature, Frequent, GiveAways};

/// Give-aways that a text may be scored by.
const MOST: usize = 40;
/// The share of real texts that have no more of them than is usual.
const USUAL: f64 = 0.99;

/// The give-aways of a label, to be looked for in its texts.
#[derive(Debug, Clone)]
pub struct Habits {
    features: Vec<Feature>,
    frequent: Frequent,
    /// As many as 99 of 100 real texts have at most.
    usual: usize,
}

impl Habits {
    /// From what was found between `synthetic` and `real` texts of a label; of give-aways that stand in the same texts one is taken.
    pub fn new(found: &GiveAways, synthetic: &Families<'_>, real: &Families<'_>, frequent: &Frequent) -> Self {
        let kept = distinct(&found.found, synthetic, frequent);
        let features: Vec<Feature> = kept.iter().take(MOST).map(|(g, _)| g.feature.clone()).collect();
        let finder = Finder::new(&features, frequent);
        let mut counts: Vec<usize> = real.texts().map(|text| finder.find(text).len()).collect();
        counts.sort_unstable();
        let at = ((counts.len() as f64 * USUAL).ceil() as usize).saturating_sub(1);
        let usual = counts.get(at).copied().unwrap_or(0);
        Habits { features, frequent: frequent.clone(), usual }
    }

    /// The give-aways that `text` has, those of most weight first.
    pub fn of(&self, text: &str) -> Vec<&Feature> {
        let finder = Finder::new(&self.features, &self.frequent);
        finder.find(text).into_iter().map(|place| &self.features[place as usize]).collect()
    }

    /// How many give-aways 99 of 100 real texts of the label have at most: a text with more of them is written like no real one.
    pub fn usual(&self) -> usize {
        self.usual
    }

    /// Whether nothing gives the label's texts away.
    pub fn is_empty(&self) -> bool {
        self.features.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::super::families::traced;
    use super::super::give_aways;
    use super::*;

    #[test]
    fn counts_the_habits_of_a_text_and_knows_how_many_are_usual() {
        let made: Vec<String> = (0..90)
            .map(|i| format!("{} number{i}{}", ["honestly", "well then", "so"][i % 3], ["!", " 😀"][i % 2]))
            .collect();
        let real: Vec<String> =
            (0..90).map(|i| format!("the number{i} of it{}", if i % 9 == 0 { "!" } else { "" })).collect();
        let (made, real) = (Families::new(&traced(&made, 1)), Families::new(&traced(&real, 1)));
        let frequent = Frequent::of(real.texts());
        let habits = Habits::new(&give_aways(&made, &real, &frequent), &made, &real, &frequent);
        let names = |text: &str| habits.of(text).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(habits.usual(), 1, "a real text may hold `!`");
        assert!(names("honestly new!").len() >= 2, "{:?}", names("honestly new!"));
        assert!(names("a plain text").is_empty() && !habits.is_empty());
    }
}
