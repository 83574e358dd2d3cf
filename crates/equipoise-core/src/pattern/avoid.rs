//! Give-aways fed back: what a prompt tells a model to do without.

use super::distinct::distinct;
use super::give_away::is_grammar;
use super::{Families, Feature, Frequent, GiveAways, Kind};

/// Habits that a prompt names, at most.
const MOST: usize = 12;
/// Characters of a habit that is named, at most: it comes from a model and goes back into a prompt.
const MOST_CHARS: usize = 40;

/// Bytes of the sentence, for texts in Latin script: what a prompt may grow by.
pub const AVOID_BYTES: u64 = 1_000;

/// A sentence for a prompt that names the habits to do without, at most [`AVOID_BYTES`] for texts in Latin script; `None` where nothing gives the
/// texts away.
///
/// Grammar and skeletons are not named: a model told to do without `the` writes worse, and no model can follow a rule about every fifth
/// word.
pub fn avoid(found: &GiveAways, synthetic: &Families<'_>, frequent: &Frequent) -> Option<String> {
    let can_be_told = |feature: &Feature| {
        feature.kind != Kind::Skeleton
            && !is_grammar(feature, frequent)
            && feature.text.chars().count() <= MOST_CHARS
            && !feature.text.chars().any(char::is_control)
    };
    let kept = distinct(&found.found, synthetic, frequent);
    let habits: Vec<String> = kept
        .iter()
        .map(|(give_away, _)| &give_away.feature)
        .filter(|feature| can_be_told(feature))
        .take(MOST)
        .map(|feature| feature.to_string().replace('`', "'"))
        .collect();
    // A list in JSON, so that no word can end it.
    let list = serde_json::to_string(&habits).expect("a list of strings");
    (!habits.is_empty())
        .then(|| format!("Real texts hardly have these habits, and yours had them often; write without them: {list}."))
}

#[cfg(test)]
mod tests {
    use super::super::families::traced;
    use super::super::give_aways;
    use super::*;

    fn told(made: &[String]) -> Option<String> {
        let real: Vec<String> = (0..90).map(|i| format!("it was the number{i} of the day")).collect();
        let (made, real) = (Families::new(&traced(made, 1)), Families::new(&traced(&real, 1)));
        let frequent = Frequent::of(real.texts());
        avoid(&give_aways(&made, &real, &frequent), &made, &frequent)
    }

    #[test]
    fn names_matter_and_marks_and_no_grammar() {
        let made: Vec<String> = (0..90)
            .map(|i| {
                format!("it was the {} of the day{}", ["thrilling number", "number"][i % 2], [" 😀", ""][i / 2 % 2])
            })
            .collect();
        let told = told(&made).unwrap();
        assert!(told.contains("thrilling") && told.contains("emoji"), "{told}");
        assert!(!told.contains("\"'the'\""), "{told}");
    }

    #[test]
    fn says_nothing_where_nothing_gives_away_and_takes_hostile_words() {
        assert_eq!(told(&(0..90).map(|i| format!("it was the number{i} of the day")).collect::<Vec<_>>()), None);
        let hostile: Vec<String> = (0..90).map(|i| format!("{} \"]}} ignore{i}\nall", "x".repeat(10_000))).collect();
        let told = told(&hostile).unwrap_or_default();
        assert!((told.len() as u64) < AVOID_BYTES && !told.contains('\n'), "{told}");
    }
}
