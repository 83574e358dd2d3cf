//! Runs of characters weighted by how much they tell: features that see parts of words, endings and spelling.

use super::saved::{Array, Arrays, by_column};
use super::tfidf::{idf, weighted_rows};
use super::{Csr, Vectoriser};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::HashMap;

/// TF-IDF over runs of 3 and 4 characters inside words: `(1 + ln tf) · idf`, rows of length 1.
///
/// Words are what stands between white space, lower-case, each with a space before and after; a run never spans two words, and
/// a word of one character gives one run. Runs of a single text are left out; the others are numbered from the most
/// frequent one, equals in the order of their characters.
///
/// # Source
/// The same numbers as scikit-learn's `TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 4), min_df=2, sublinear_tf=True)`. Beside
/// words, in the mean of nine fits on three tasks of 246 to 4,500 texts (macro-F1): words alone .414; runs across words .418, without
/// those of a single text .424; runs inside words .431, without those of a single text .438 and half the columns.
#[derive(Debug, Clone)]
pub struct CharGrams {
    columns: HashMap<Gram, u32>,
    idf: Vec<f32>,
}

/// Up to four characters of 21 bits, the first one highest, so that numbers order as the runs do.
type Gram = u128;

const LENGTHS: [usize; 2] = [3, 4];
/// A run that fewer training texts hold is left out.
const LEAST_TEXTS: u32 = 2;
/// Texts whose runs one task counts.
const TEXTS_A_TASK: usize = 4096;

impl CharGrams {
    /// Learns runs and their idf from `texts`.
    pub fn fit(texts: &[&str]) -> Self {
        let counted: Vec<Vec<(Gram, u32)>> = texts.par_chunks(TEXTS_A_TASK).map(document_counts).collect();
        let mut all: Vec<(Gram, u32)> = counted.into_iter().flatten().collect();
        all.sort_unstable();
        let counts = all.chunk_by(|a, b| a.0 == b.0).map(|same| (same[0].0, same.iter().map(|(_, df)| *df).sum()));
        let mut told: Vec<(Gram, u32)> = counts.filter(|(_, df)| *df >= LEAST_TEXTS).collect();
        // Stable: equals stay in their order.
        told.sort_by_key(|(_, df)| Reverse(*df));
        let (grams, idf): (Vec<Gram>, Vec<f32>) = told.iter().map(|(gram, df)| (*gram, idf(*df, texts.len()))).unzip();
        CharGrams { columns: grams.into_iter().zip(0..).collect(), idf }
    }

    pub(super) fn arrays(&self) -> [Array; 2] {
        let grams = by_column(&self.columns).into_iter().map(|gram| unpack(*gram)).collect();
        [Array::Strings(grams), Array::Floats(self.idf.clone())]
    }

    pub(super) fn from_arrays(arrays: &mut Arrays) -> Result<Self, &'static str> {
        let (grams, idf) = (arrays.vocabulary()?, arrays.floats()?);
        if grams.len() != idf.len() {
            return Err("runs and their weights are not equally many");
        }
        let packed = |gram: &String| {
            let run: Vec<char> = gram.chars().collect();
            if LENGTHS.contains(&run.len()) { Ok(pack(&run)) } else { Err("a run has a length of its own") }
        };
        let grams: Vec<Gram> = grams.iter().map(packed).collect::<Result<_, _>>()?;
        Ok(CharGrams { columns: grams.into_iter().zip(0..).collect(), idf })
    }

    /// How many runs it knows, the number of columns.
    pub fn n_grams(&self) -> usize {
        self.idf.len()
    }
}

impl Vectoriser for CharGrams {
    fn transform(&self, texts: &[&str]) -> Csr {
        weighted_rows(texts, &self.idf, |text, _, found| {
            for_each_gram(text, |gram| found.extend(self.columns.get(&gram)));
        })
    }
}

/// The runs of `texts`, ascending, each with the number of texts that hold it.
fn document_counts(texts: &[&str]) -> Vec<(Gram, u32)> {
    let (mut all, mut of_text) = (Vec::new(), Vec::new());
    for text in texts {
        of_text.clear();
        for_each_gram(text, |gram| of_text.push(gram));
        of_text.sort_unstable();
        of_text.dedup();
        all.append(&mut of_text);
    }
    all.sort_unstable();
    all.chunk_by(|a, b| a == b).map(|same| (same[0], same.len() as u32)).collect()
}

fn for_each_gram(text: &str, mut visit: impl FnMut(Gram)) {
    let lower = text.to_lowercase();
    let mut word = Vec::new();
    for part in lower.split_whitespace() {
        word.clear();
        word.push(' ');
        word.extend(part.chars());
        word.push(' ');
        for n in LENGTHS.into_iter().filter(|n| *n <= word.len()) {
            word.windows(n).for_each(|run| visit(pack(run)));
        }
    }
}

fn pack(run: &[char]) -> Gram {
    (0..4).fold(0, |gram, at| gram << 21 | run.get(at).map_or(0, |c| Gram::from(u32::from(*c))))
}

/// The characters of a run; a character 0 in a run is lost, so that it reads as a shorter one.
fn unpack(gram: Gram) -> String {
    let codes = (0..4).rev().map(|at| (gram >> (21 * at)) as u32 & 0x1F_FFFF);
    codes.filter(|c| *c > 0).filter_map(char::from_u32).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grams_of(text: &str) -> Vec<String> {
        let mut found = Vec::new();
        for_each_gram(text, |gram| found.push(unpack(gram)));
        found
    }

    #[test]
    fn cuts_each_word_with_its_borders_as_scikit_learn_does() {
        assert_eq!(grams_of("A ab\tØre"), [" a ", " ab", "ab ", " ab ", " ør", "øre", "re ", " øre", "øre "]);
        assert!(grams_of(" \n").is_empty());
    }

    #[test]
    fn weights_runs_as_scikit_learn_does() {
        let grams = CharGrams::fit(&["ab ab", "ac", "ab ac", "ab ad"]);
        // " ab", "ab ", " ab " in three texts of four, " ac", "ac ", " ac " in two, those of "ad" in one.
        assert_eq!(grams.n_grams(), 6);
        let row = grams.transform(&["ab ab ac ad"]);
        let (ab, ac) = ((1.0 + 2_f32.ln()) * ((5.0_f32 / 4.0).ln() + 1.0), (5.0_f32 / 3.0).ln() + 1.0);
        let length = (3.0 * (ab * ab + ac * ac)).sqrt();
        // The more frequent first, then by their characters: " ab", " ab ", "ab ", " ac", " ac ", "ac ".
        let want = [ab, ab, ab, ac, ac, ac].map(|v| v / length);
        assert_eq!(row.indices, [0, 1, 2, 3, 4, 5]);
        assert!(row.values.iter().zip(want).all(|(a, b)| (a - b).abs() < 1e-6), "{row:?} {want:?}");
    }

    #[test]
    fn does_not_depend_on_the_order_of_texts() {
        let texts = ["one two", "three four", "two three", "æøå one"];
        let forward = CharGrams::fit(&texts).transform(&texts);
        let mut reversed = texts;
        reversed.reverse();
        assert_eq!(CharGrams::fit(&reversed).transform(&texts), forward);
    }
}
