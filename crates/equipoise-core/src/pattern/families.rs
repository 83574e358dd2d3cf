//! Texts by what they were made from: the children of one source share its words, so that they are one piece of evidence and not many.

use crate::text::hash64;
use std::collections::HashMap;

/// Texts that a label's patterns are looked for in, at most: more would find the same ones.
const MOST_TEXTS: usize = 20_000;

/// A text of one label and what it goes back to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Traced<'a> {
    /// The text.
    pub text: &'a str,
    /// The real row that it was made from, a real row itself, by any number that is its own; `None` where that is not known.
    pub source: Option<u64>,
}

/// Texts of one label, one list a source.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Families<'a>(Vec<Vec<&'a str>>);

impl<'a> Families<'a> {
    /// The texts by source; those of unknown source are a family each, with their own copies.
    ///
    /// Of more than 20,000 texts whole families are taken up to that number, by a hash of their first texts: the same ones whenever the same
    /// texts come in the same order.
    pub fn new(texts: &[Traced<'a>]) -> Self {
        let mut place: HashMap<(bool, u64), usize> = HashMap::new();
        let mut families: Vec<Vec<&'a str>> = Vec::new();
        for Traced { text, source } in texts.iter().copied() {
            let key = source.map_or_else(|| (false, hash64(text.as_bytes())), |source| (true, source));
            let at = *place.entry(key).or_insert(families.len());
            match families.get_mut(at) {
                Some(family) => family.push(text),
                None => families.push(vec![text]),
            }
        }
        if families.iter().map(Vec::len).sum::<usize>() > MOST_TEXTS {
            families.sort_by_key(|family| hash64(family[0].as_bytes()));
            let mut left = MOST_TEXTS;
            families.retain(|family| {
                let takes = left >= family.len();
                left -= if takes { family.len() } else { left };
                takes
            });
        }
        Families(families)
    }

    /// How many families there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many texts there are.
    pub fn n_texts(&self) -> usize {
        self.0.iter().map(Vec::len).sum()
    }

    /// The families, each with at least one text.
    pub fn iter(&self) -> impl Iterator<Item = &[&'a str]> {
        self.0.iter().map(Vec::as_slice)
    }

    /// All texts, family by family.
    pub fn texts(&self) -> impl Iterator<Item = &'a str> {
        self.0.iter().flatten().copied()
    }
}

/// Texts of which every `a_source` in a row go back to one source.
#[cfg(test)]
pub(super) fn traced(texts: &[String], a_source: u64) -> Vec<Traced<'_>> {
    let mut traced = Vec::new();
    for (text, at) in texts.iter().zip(0..) {
        traced.push(Traced { text, source: Some(at / a_source) });
    }
    traced
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gathers_the_texts_of_a_source_and_the_copies_of_a_text() {
        let texts = [("a", Some(1)), ("b", None), ("c", Some(1)), ("b", None), ("a", None)];
        let families = Families::new(&texts.map(|(text, source)| Traced { text, source }));
        assert_eq!(families, Families(vec![vec!["a", "c"], vec!["b", "b"], vec!["a"]]));
        assert_eq!((families.len(), families.n_texts()), (3, 5));
    }

    #[test]
    fn takes_whole_families_of_very_many_texts() {
        let texts: Vec<String> = (0..30_000).map(|i| format!("text {i}")).collect();
        let families = Families::new(&traced(&texts, 3));
        assert!((MOST_TEXTS - 3..=MOST_TEXTS).contains(&families.n_texts()));
        assert!(families.iter().all(|family| family.len() == 3));
    }
}
