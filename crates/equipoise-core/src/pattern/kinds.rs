//! The habits of a text: one function for each kind.

use super::tokens::{end, is_quoted, marks, words};
use super::{Feature, Frequent, Kind};

/// Words in a row that make a skeleton, and how many of them must be frequent ones.
const SKELETON: usize = 5;
const SKELETON_FREQUENT: usize = 3;

/// A text as the kinds look at it.
struct Seen<'a> {
    text: &'a str,
    words: Vec<String>,
    frequent: &'a Frequent,
}

/// What a kind finds in a text.
type Find = fn(&Seen<'_>) -> Vec<String>;

/// Every kind.
const KINDS: [(Kind, Find); 8] = [
    (Kind::Word, |seen| seen.words.clone()),
    (Kind::Pair, |seen| seen.words.windows(2).map(|pair| pair.join(" ")).collect()),
    (Kind::Opening, |seen| [2, 3].iter().filter_map(|n| Some(seen.words.get(..*n)?.join(" "))).collect()),
    (Kind::Skeleton, skeletons),
    (Kind::Mark, |seen| marks(seen.text).into_iter().map(str::to_owned).collect()),
    (Kind::End, |seen| vec![end(seen.text).to_owned()]),
    (Kind::Case, cases),
    (Kind::Quotes, |seen| {
        is_quoted(seen.text).then(|| "is wrapped in quotation marks".to_owned()).into_iter().collect()
    }),
];

/// Every habit of `text`, each once, in order; `frequent` tells grammar from matter.
pub fn features(text: &str, frequent: &Frequent) -> Vec<Feature> {
    let seen = Seen { text, words: words(text), frequent };
    let of_kind = |(kind, find): &(Kind, Find)| {
        find(&seen).into_iter().map(|text| Feature { kind: *kind, text }).collect::<Vec<_>>()
    };
    let mut all: Vec<Feature> = KINDS.iter().flat_map(of_kind).collect();
    all.sort_unstable();
    all.dedup();
    all
}

fn skeletons(seen: &Seen<'_>) -> Vec<String> {
    let bone = |word: &String| if seen.frequent.contains(word) { word.clone() } else { "_".to_owned() };
    let bones: Vec<String> = seen.words.iter().map(bone).collect();
    let holds = |run: &&[String]| {
        let kept = run.iter().filter(|b| *b != "_").count();
        // Five frequent words are a phrase, which pairs and openings know already.
        (SKELETON_FREQUENT..SKELETON).contains(&kept)
    };
    bones.windows(SKELETON).filter(holds).map(|run| run.join(" ")).collect()
}

fn cases(seen: &Seen<'_>) -> Vec<String> {
    let first = seen.text.chars().find(|c| c.is_alphabetic());
    let has_case = |c: char| c.is_lowercase() || c.is_uppercase();
    let is_lower = seen.text.chars().any(has_case) && !seen.text.chars().any(char::is_uppercase);
    let starts_upper = first.is_some_and(char::is_uppercase);
    let found = [(is_lower, "is all in lower case"), (starts_upper, "begins with a capital")];
    found.into_iter().filter(|(holds, _)| *holds).map(|(_, name)| name.to_owned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_kind(text: &str, kind: Kind) -> Vec<String> {
        let frequent = Frequent::of(["the and of to a", "the and of to a"]);
        features(text, &frequent).into_iter().filter(|f| f.kind == kind).map(|f| f.text).collect()
    }

    #[test]
    fn finds_each_kind_once() {
        let text = "The cat and the dog and the bird!";
        assert_eq!(of_kind(text, Kind::Word), ["and", "bird", "cat", "dog", "the"]);
        assert_eq!(of_kind(text, Kind::Pair), ["and the", "cat and", "dog and", "the bird", "the cat", "the dog"]);
        assert_eq!(of_kind(text, Kind::Opening), ["the cat", "the cat and"]);
        assert_eq!(of_kind(text, Kind::Skeleton), ["_ and the _ and", "and the _ and the", "the _ and the _"]);
        assert_eq!(of_kind(text, Kind::Mark), ["!"]);
        assert_eq!(of_kind(text, Kind::End), ["!"]);
        assert_eq!(of_kind(text, Kind::Case), ["begins with a capital"]);
        assert!(of_kind(text, Kind::Quotes).is_empty());
    }

    #[test]
    fn takes_any_text() {
        for text in ["", " ", "!", "\u{0}\u{202e}", "我很", "ONE", "'", "\"x\""] {
            features(text, &Frequent::default());
        }
        assert_eq!(of_kind("\"x y\"", Kind::Quotes), ["is wrapped in quotation marks"]);
        assert_eq!(of_kind("我很", Kind::Case), Vec::<String>::new());
        assert_eq!(of_kind("all of it", Kind::Case), ["is all in lower case"]);
    }
}
