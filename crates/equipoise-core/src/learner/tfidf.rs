//! Words weighted by how much they tell: the features of the linear learners.

use super::saved::{Array, Arrays, LoadedVectoriser, Loader, Saved, by_column};
use super::{Csr, Vectoriser};
use crate::text::words;
use rayon::prelude::*;
use std::collections::HashMap;

/// TF-IDF over lower-case words of two or more characters: `(1 + ln tf) · idf`, rows of length 1.
///
/// `idf = ln((1 + n) / (1 + df)) + 1` with n texts of which df hold the word. Words are numbered from
/// the most frequent one, equals in byte order: the same texts in any order give the same columns, and those that most products
/// touch lie together.
///
/// # Source
/// Salton and Buckley, "Term-weighting approaches in automatic text retrieval" (1988). The same numbers as scikit-learn's
/// `TfidfVectorizer(sublinear_tf=True)`, except that combining marks count as part of a word (scikit-learn cuts words at them).
#[derive(Debug, Clone)]
pub struct TfIdf {
    columns: HashMap<String, u32>,
    idf: Vec<f32>,
}

/// Texts that one task handles.
const TEXTS_A_TASK: usize = 256;

impl TfIdf {
    /// Learns words and their idf from `texts`.
    pub fn fit(texts: &[&str]) -> Self {
        let counted: Vec<HashMap<String, u32>> = texts.par_chunks(TEXTS_A_TASK * 16).map(document_counts).collect();
        let mut counts: HashMap<String, u32> = HashMap::new();
        for part in counted {
            if counts.is_empty() {
                counts = part;
                continue;
            }
            part.into_iter().for_each(|(word, n)| *counts.entry(word).or_default() += n);
        }
        let mut sorted: Vec<(String, u32)> = counts.into_iter().collect();
        sorted.sort_unstable_by(|(a, n_a), (b, n_b)| n_b.cmp(n_a).then_with(|| a.cmp(b)));
        let idf = sorted.iter().map(|(_, df)| idf(*df, texts.len())).collect();
        TfIdf { columns: sorted.into_iter().map(|(word, _)| word).zip(0..).collect(), idf }
    }

    pub(super) fn arrays(&self) -> [Array; 2] {
        let words = by_column(&self.columns).into_iter().cloned().collect();
        [Array::Strings(words), Array::Floats(self.idf.clone())]
    }

    pub(super) fn from_arrays(arrays: &mut Arrays) -> Result<Self, &'static str> {
        let (words, idf) = (arrays.vocabulary()?, arrays.floats()?);
        if words.len() != idf.len() {
            return Err("words and their weights are not equally many");
        }
        Ok(TfIdf { columns: words.into_iter().zip(0..).collect(), idf })
    }

    /// The words, in the order of their columns.
    pub(crate) fn words(&self) -> Vec<&str> {
        by_column(&self.columns).into_iter().map(String::as_str).collect()
    }

    /// The share (0..1) of the texts it was fitted on that hold the word of `column`, as its idf tells it.
    pub(crate) fn share(&self, column: u32) -> f64 {
        (1.0 - f64::from(self.idf[column as usize])).exp()
    }

    /// How many words it knows, the number of columns.
    pub fn n_words(&self) -> usize {
        self.idf.len()
    }
}

impl Vectoriser for TfIdf {
    fn transform(&self, texts: &[&str]) -> Csr {
        weighted_rows(texts, &self.idf, |text, buffer, found| {
            for_each_word(text, buffer, |word| found.extend(self.columns.get(word)));
        })
    }

    fn save(&self) -> Option<Saved> {
        Some(Saved::new(LOADER.kind, self.arrays()))
    }
}

pub(super) const LOADER: Loader<LoadedVectoriser> = Loader { kind: "words", load };

fn load(arrays: &mut Arrays) -> Result<LoadedVectoriser, &'static str> {
    let tfidf = TfIdf::from_arrays(arrays)?;
    let n_columns = tfidf.n_words();
    Ok((Box::new(tfidf), n_columns))
}

/// The idf of a term that `df` of `n` texts hold.
pub(super) fn idf(df: u32, n: usize) -> f32 {
    (((1.0 + n as f64) / (1.0 + f64::from(df))).ln() + 1.0) as f32
}

/// Rows of `(1 + ln tf) · idf` and length 1 from the columns that `find` appends for a text, in any order and with repeats; the
/// string it is given is scratch space.
pub(super) fn weighted_rows(
    texts: &[&str],
    idf: &[f32],
    find: impl Fn(&str, &mut String, &mut Vec<u32>) + Sync,
) -> Csr {
    let rows_of = |texts: &[&str]| {
        let mut rows = Csr::empty(idf.len());
        let mut buffer = String::new();
        let mut found: Vec<u32> = Vec::new();
        let mut entries: Vec<(u32, f32)> = Vec::new();
        for text in texts {
            found.clear();
            find(text, &mut buffer, &mut found);
            found.sort_unstable();
            entries.clear();
            let counted = found.chunk_by(|a, b| a == b);
            entries.extend(counted.map(|same| (same[0], (1.0 + (same.len() as f32).ln()) * idf[same[0] as usize])));
            let square: f64 = entries.iter().map(|e| f64::from(e.1) * f64::from(e.1)).sum();
            let length = square.sqrt() as f32;
            rows.push_row(entries.iter().map(|(column, value)| (*column, value / length)));
        }
        rows
    };
    let parts: Vec<Csr> = texts.par_chunks(TEXTS_A_TASK).map(rows_of).collect();
    let mut rows = Csr::empty(idf.len());
    parts.iter().for_each(|part| rows.append(part));
    rows
}

/// For each word the number of `texts` that hold it.
fn document_counts(texts: &[&str]) -> HashMap<String, u32> {
    // A word's count and the last text that raised it, so that a text counts once.
    let mut counts: HashMap<String, (u32, usize)> = HashMap::new();
    let mut buffer = String::new();
    for (at, text) in texts.iter().enumerate() {
        for_each_word(text, &mut buffer, |word| match counts.get_mut(word) {
            Some((n, last)) => {
                *n += u32::from(*last != at);
                *last = at;
            }
            None => {
                counts.insert(word.to_owned(), (1, at));
            }
        });
    }
    counts.into_iter().map(|(word, (n, _))| (word, n)).collect()
}

/// Calls `visit` with each lower-case word of two or more characters; `buffer` is scratch space.
pub(super) fn for_each_word(text: &str, buffer: &mut String, mut visit: impl FnMut(&str)) {
    if text.is_ascii() {
        buffer.clear();
        buffer.push_str(text);
        buffer.make_ascii_lowercase();
        let is_gap = |b: u8| !(b.is_ascii_alphanumeric() || b == b'_');
        let mut start = 0;
        for (at, b) in buffer.bytes().chain([b' ']).enumerate() {
            if is_gap(b) {
                if at > start + 1 {
                    visit(&buffer[start..at]);
                }
                start = at + 1;
            }
        }
    } else {
        *buffer = text.to_lowercase();
        words(buffer).filter(|w| w.chars().nth(1).is_some()).for_each(visit);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn words_of(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for_each_word(text, &mut String::new(), |w| found.push(w.to_owned()));
        found
    }

    #[test]
    fn weights_words_as_scikit_learn_does() {
        let tfidf = TfIdf::fit(&["the cat the", "the dog", "a Cat_1!"]);
        assert_eq!(tfidf.n_words(), 4); // the, cat, cat_1, dog
        let row = tfidf.transform(&["THE cat the bird"]);
        // idf: cat ln(4/2)+1, the ln(4/3)+1; tf of `the` is 1 + ln 2.
        let (cat, the) = (1.693_147_f32, 1.287_682 * 1.693_147);
        let length = (cat * cat + the * the).sqrt();
        assert_eq!(row.indices, [0, 1]);
        assert!((row.values[0] - the / length).abs() < 1e-6 && (row.values[1] - cat / length).abs() < 1e-6);
    }

    #[test]
    fn gives_an_empty_row_for_a_text_without_known_words() {
        let rows = TfIdf::fit(&["known"]).transform(&["", "unknown", "a ! ?", "known"]);
        assert_eq!(rows.offsets, [0, 0, 0, 0, 1]);
    }

    #[test]
    fn keeps_words_of_any_script_whole() {
        assert_eq!(words_of("Ærø ØL a é हिन्दी"), ["ærø", "øl", "हिन्दी"]);
    }

    proptest! {
        #[test]
        fn finds_the_same_words_on_the_ascii_path(text in "[ -~\\n\\t]{0,60}") {
            let all = words_of(&format!("{text} øø"));
            let mut fast = words_of(&text);
            fast.push("øø".to_owned());
            prop_assert_eq!(fast, all);
        }

        #[test]
        fn does_not_depend_on_the_order_of_texts(mut texts in prop::collection::vec("[a-e ]{0,12}", 0..8)) {
            let fit = |texts: &[String]| {
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                TfIdf::fit(&texts).transform(&["aa bb ab abc", "cc"])
            };
            let forward = fit(&texts);
            texts.reverse();
            prop_assert_eq!(forward, fit(&texts));
        }
    }
}
