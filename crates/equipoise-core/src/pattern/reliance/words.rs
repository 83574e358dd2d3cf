//! Give-away words that are no evidence of their label.

use super::super::{GiveAways, Kind};
use crate::data::LabelId;
use crate::pattern::tokens::words;
use std::collections::{HashMap, HashSet};

/// A word from so many standard errors on tells the label among real rows.
const TELLS: f64 = 2.0;

/// The give-away words of `label` that say nothing of it among real rows, in the order of the give-aways: a classifier that takes them
/// for the label has them from the synthetic rows.
///
/// A word counts as evidence where its log odds of standing in a real row of the label rather than of another are two standard errors above 0.
pub fn give_away_words<'a>(
    found: &GiveAways,
    label: LabelId,
    real: impl Iterator<Item = (&'a str, LabelId)>,
) -> Vec<String> {
    let wanted = found.found.iter().filter(|g| g.feature.kind == Kind::Word).map(|g| g.feature.text.as_str());
    let wanted: Vec<&str> = wanted.collect();
    let place: HashMap<&str, usize> = wanted.iter().copied().zip(0..).collect();
    let mut with = vec![[0_usize; 2]; wanted.len()];
    let mut n = [0_usize; 2];
    for (text, of) in real {
        let side = usize::from(of == label);
        n[side] += 1;
        let distinct: HashSet<String> = words(text).into_iter().collect();
        distinct.iter().filter_map(|w| place.get(w.as_str())).for_each(|at| with[*at][side] += 1);
    }
    let says_nothing = |(_, with): &(&&str, &[usize; 2])| standard_errors(**with, n) < TELLS;
    wanted.iter().zip(&with).filter(says_nothing).map(|(word, _)| (*word).to_owned()).collect()
}

/// The log odds ratio of a word, [other labels, the label], over its standard error, half a row added to each count.
fn standard_errors(with: [usize; 2], n: [usize; 2]) -> f64 {
    let [a, b] = [with[1], with[0]].map(|n| n as f64 + 0.5);
    let [c, d] = [n[1] - with[1], n[0] - with[0]].map(|n| n as f64 + 0.5);
    (a * d / (b * c)).ln() / (1.0 / a + 1.0 / b + 1.0 / c + 1.0 / d).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::{Feature, GiveAway};
    use crate::stats::Share;

    fn found(words: &[&str]) -> GiveAways {
        let share = Share { value: 0.5, n: 10.0 };
        let give_away = |word: &&str| GiveAway {
            feature: Feature { kind: Kind::Word, text: (*word).to_owned() },
            synthetic: share,
            real: share,
            z: 5.0,
            p_value: 0.0,
        };
        GiveAways { n_tested: 9, found: words.iter().map(give_away).collect() }
    }

    #[test]
    fn leaves_out_words_that_tell_the_label_among_real_rows() {
        let real = (0..40)
            .map(|i| (if i % 4 == 0 { "amazed at the end" } else { "at the end" }, LabelId(u16::from(i % 4 == 0))));
        assert_eq!(give_away_words(&found(&["amazed", "the", "unseen"]), LabelId(1), real), ["the", "unseen"]);
    }
}
