//! How much the give-aways of its label that a text holds tell of the generator.

use super::distinct::distinct;
use super::{Families, Feature, Frequent, GiveAway, Kind, features};
use crate::stats::percentile;

/// Give-aways that are counted, the surest distinct ones.
const COUNTED: usize = 10;

/// Scores texts of one label by the give-aways that they hold.
#[derive(Debug, Clone)]
pub struct RowScore<'f> {
    /// Each with its weight.
    counted: Vec<(Feature, f64)>,
    frequent: &'f Frequent,
    usual: f64,
}

impl<'f> RowScore<'f> {
    /// Of give-aways that were `found` between these texts; `None` where there are none.
    ///
    /// A give-away weighs the logarithm to base ten of how many times as often synthetic texts have it as real ones: 2 where half of them
    /// do and one real text in two hundred, and half of 1 for a comma in 60 against 20 %.
    pub fn new(
        found: &[GiveAway],
        synthetic: &Families<'_>,
        real: &Families<'_>,
        frequent: &'f Frequent,
    ) -> Option<Self> {
        // What no real text has is had by half a text of them, as one more might.
        let least = 0.5 / real.n_texts().max(1) as f64;
        let weight = |g: &GiveAway| (g.synthetic.value / g.real.value.max(least)).max(1.0).log10();
        let counted: Vec<(Feature, f64)> = distinct(found, synthetic, frequent)
            .into_iter()
            .take(COUNTED)
            .map(|(g, _)| (g.feature.clone(), weight(g)))
            .collect();
        let mut score = RowScore { counted, frequent, usual: 0.0 };
        let mut of_real: Vec<f64> = real.texts().map(|text| score.of(&score.held(text))).collect();
        of_real.sort_unstable_by(f64::total_cmp);
        score.usual = percentile(&of_real, 99)?;
        (!score.counted.is_empty()).then_some(score)
    }

    /// The give-aways that the text holds, the surest first, each with its weight; one inside of another, as `wait` in `can't wait`, says
    /// nothing more.
    pub fn held(&self, text: &str) -> Vec<&(Feature, f64)> {
        let has = features(text, self.frequent);
        let held: Vec<&(Feature, f64)> = self.counted.iter().filter(|(feature, _)| has.contains(feature)).collect();
        let is_said = |at: usize| {
            held.iter().enumerate().any(|(other, (by, _))| other != at && says(by, &held[at].0, other < at))
        };
        (0..held.len()).filter(|at| !is_said(*at)).map(|at| held[at]).collect()
    }

    /// The pattern score of a text that holds these.
    pub fn of(&self, held: &[&(Feature, f64)]) -> f64 {
        held.iter().map(|(_, weight)| weight).sum()
    }

    /// The score that 99 % of the label's real rows do not exceed.
    pub fn usual(&self) -> f64 {
        self.usual
    }
}

/// Whether `one` says what `other` says: a longer phrase with it inside, or the same mark in another place, of which the first counts.
fn says(one: &Feature, other: &Feature, is_first: bool) -> bool {
    let is_mark = |f: &Feature| matches!(f.kind, Kind::Mark | Kind::End);
    if is_mark(one) && is_mark(other) {
        return one.text == other.text && is_first;
    }
    let is_phrase = |f: &Feature| matches!(f.kind, Kind::Word | Kind::Pair | Kind::Opening | Kind::Skeleton);
    let holds = || format!(" {} ", one.text).contains(&format!(" {} ", other.text));
    is_phrase(one) && is_phrase(other) && holds() && (one.text.len() > other.text.len() || is_first)
}

#[cfg(test)]
mod tests {
    use super::super::{Traced, give_aways};
    use super::*;

    fn three_of_five(i: usize) -> [&'static str; 3] {
        let word = |k: usize| ["honestly", "truly", "stunning", "absolutely", "literally"][k % 5];
        [word(i), word(i + 1), word(i + 2 + i / 5 % 2)]
    }

    #[test]
    fn a_text_of_the_generator_holds_more_than_a_real_one() {
        let real: Vec<String> = (0..200).map(|i| format!("we saw the {i} boats come in")).collect();
        // Three of five words in each, since habits that always stand together count once.
        let made: Vec<String> =
            (0..200).map(|i| format!("the {i} boats come in {}", three_of_five(i).join(" "))).collect();
        fn traced(texts: &[String]) -> Families<'_> {
            Families::new(&texts.iter().map(|text| Traced { text, source: None }).collect::<Vec<_>>())
        }
        let (synthetic, human) = (traced(&made), traced(&real));
        let frequent = Frequent::of(real.iter().map(String::as_str));
        let found = give_aways(&synthetic, &human, &frequent).found;
        let score = RowScore::new(&found, &synthetic, &human, &frequent).expect("give-aways");
        assert_eq!(score.usual(), 0.0);
        let held = score.held(&made[7]);
        // Each stands in more than half of these texts and in none of 200 real ones.
        assert!(held.len() >= 2 && score.of(&held) > 4.0, "{held:?}");
        assert!(score.held("we saw the 7 boats come in").is_empty());
        assert!(RowScore::new(&[], &synthetic, &human, &frequent).is_none());
    }

    #[test]
    fn a_phrase_and_its_words_are_one_and_so_is_a_mark_in_two_places() {
        let feature = |kind, text: &str| Feature { kind, text: text.to_owned() };
        let (pair, word) = (feature(Kind::Pair, "every time"), feature(Kind::Word, "every"));
        assert!(says(&pair, &word, false) && !says(&word, &pair, true));
        assert!(!says(&pair, &feature(Kind::Word, "ever"), true));
        let (anywhere, end) = (feature(Kind::Mark, "an emoji"), feature(Kind::End, "an emoji"));
        assert!(says(&anywhere, &end, true) && !says(&end, &anywhere, false));
        assert!(!says(&feature(Kind::Mark, "!"), &end, true));
    }
}
