//! Texts that are a real row but for a word or two.

use crate::text::{comparison_key, hash64, tokens};
use std::collections::HashMap;

/// A text that differs from a real row by so many words or fewer is a copy of it. With a word dropped and one doubled such texts came to
/// +1.3, −0.5 and −2.0 points against class weights, where `auto` took them.
const NEAR: usize = 2;
/// A row of fewer words can be another text when two of them are others.
const LONG: usize = 6;
/// Rows with one part in common that a text is compared with: more hold boilerplate, of which the first tell.
const MOST: usize = 64;

/// Real rows, found by texts that differ from them in two words or fewer: words that were changed, dropped or added.
pub(super) struct NearCopies {
    /// The hashed words of each row; of a script without blanks its characters.
    rows: Vec<Vec<u64>>,
    /// Rows by the hash of each of their parts. There is one part more than words may differ, so that one of them is whole.
    by_part: HashMap<u64, Vec<usize>>,
}

impl NearCopies {
    pub(super) fn of<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        let rows: Vec<Vec<u64>> = texts.map(hashed).collect();
        let mut by_part: HashMap<u64, Vec<usize>> = HashMap::new();
        for (at, row) in rows.iter().enumerate().filter(|(_, row)| row.len() >= LONG) {
            for part in 0..=NEAR {
                let [start, end] = [part, part + 1].map(|edge| edge * row.len() / (NEAR + 1));
                let rows = by_part.entry(hash_of(&row[start..end])).or_default();
                if rows.len() < MOST && rows.last() != Some(&at) {
                    rows.push(at);
                }
            }
        }
        NearCopies { rows, by_part }
    }

    /// Whether some row differs from `text` by two words or fewer.
    pub(super) fn has(&self, text: &str) -> bool {
        let text = hashed(text);
        // Parts are as long as a third of any row that can be meant, rounded down or up.
        let shortest = text.len().saturating_sub(NEAR).max(LONG) / (NEAR + 1);
        let longest = (text.len() + NEAR).div_ceil(NEAR + 1);
        let parts = (shortest..=longest).flat_map(|length| text.windows(length));
        let mut rows = parts.filter_map(|part| self.by_part.get(&hash_of(part))).flatten();
        rows.any(|at| differ_at_most(NEAR, &text, &self.rows[*at]))
    }
}

fn hashed(text: &str) -> Vec<u64> {
    tokens(&comparison_key(text)).map(|word| hash64(word.as_bytes())).collect()
}

fn hash_of(part: &[u64]) -> u64 {
    hash64(&part.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>())
}

/// Whether `most` words that are changed, dropped or added make one of the two the other: Levenshtein's distance with a bound.
fn differ_at_most(most: usize, a: &[u64], b: &[u64]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    let (a, b) = (&a[same..], &b[same..]);
    let (Some((_, a_rest)), Some((_, b_rest))) = (a.split_first(), b.split_first()) else {
        return a.len().max(b.len()) <= most;
    };
    most > 0
        && (differ_at_most(most - 1, a_rest, b_rest)
            || differ_at_most(most - 1, a_rest, b)
            || differ_at_most(most - 1, a, b_rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ROW: &str = "the staff at the front desk were kind to us";

    fn is_copy(text: &str) -> bool {
        NearCopies::of(["nothing of that kind was said here", ROW, "a good day"].into_iter()).has(text)
    }

    #[test]
    fn a_text_that_differs_by_two_words_is_a_copy_and_one_that_differs_by_three_is_not() {
        assert!(is_copy(ROW));
        assert!(is_copy("The staff at the desk were kind to us!"), "one dropped");
        assert!(is_copy("staff at the front desk were kind to us all"), "one dropped, one added");
        assert!(is_copy("the staff at the front door were very kind to us"), "one changed, one added");
        assert!(!is_copy("the people at a front door were kind to us"), "three changed");
        assert!(!is_copy(""));
    }

    #[test]
    fn short_texts_are_told_apart_by_their_words() {
        assert!(!is_copy("a bad day"));
    }

    #[test]
    fn characters_count_where_a_script_sets_no_blanks() {
        let rows = || NearCopies::of(std::iter::once("今天天气很好我们去公园"));
        assert!(rows().has("今天天气真好我们去公园"));
        assert!(!rows().has("明天天气真好他们去公园"));
    }

    proptest! {
        #[test]
        fn two_edits_anywhere_are_found(
            row in proptest::collection::vec("[a-d]{1,2}", LONG..14),
            edits in proptest::collection::vec((0usize..14, 0u8..3), 0..=NEAR),
        ) {
            let mut text = row.clone();
            for (at, kind) in edits {
                let at = at % text.len();
                match kind {
                    0 => text[at] = "new".to_owned(),
                    1 => text.insert(at, "new".to_owned()),
                    _ => { text.remove(at); }
                }
            }
            prop_assert!(NearCopies::of(std::iter::once(row.join(" ").as_str())).has(&text.join(" ")));
        }
    }
}
