//! How many of the give-aways of its label a text holds.

use super::distinct::distinct;
use super::{Families, Feature, Frequent, GiveAway, features};
use crate::stats::percentile;

/// Give-aways that are counted, the surest distinct ones.
const COUNTED: usize = 10;

/// Scores texts of one label by the give-aways that they hold.
#[derive(Debug, Clone)]
pub struct RowScore<'f> {
    counted: Vec<Feature>,
    frequent: &'f Frequent,
    usual: usize,
}

impl<'f> RowScore<'f> {
    /// Of give-aways that were `found` between these texts; `None` where there are none.
    pub fn new(
        found: &[GiveAway],
        synthetic: &Families<'_>,
        real: &Families<'_>,
        frequent: &'f Frequent,
    ) -> Option<Self> {
        let counted: Vec<Feature> =
            distinct(found, synthetic, frequent).into_iter().take(COUNTED).map(|(g, _)| g.feature.clone()).collect();
        let mut score = RowScore { counted, frequent, usual: 0 };
        let mut of_real: Vec<usize> = real.texts().map(|text| score.held(text).len()).collect();
        of_real.sort_unstable();
        score.usual = percentile(&of_real, 99)?;
        (!score.counted.is_empty()).then_some(score)
    }

    /// The give-aways that the text holds, the surest first; their number is its pattern score, 0 to 10.
    pub fn held(&self, text: &str) -> Vec<&Feature> {
        let has = features(text, self.frequent);
        self.counted.iter().filter(|feature| has.contains(feature)).collect()
    }

    /// The score that 99 % of the label's real rows do not exceed.
    pub fn usual(&self) -> usize {
        self.usual
    }
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
        assert_eq!(score.usual(), 0);
        assert!(score.held(&made[7]).len() >= 2, "{:?}", score.held(&made[7]));
        assert_eq!(score.held("we saw the 7 boats come in"), Vec::<&Feature>::new());
        assert!(RowScore::new(&[], &synthetic, &human, &frequent).is_none());
    }
}
