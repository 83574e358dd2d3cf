//! How strongly a word belongs to a label: log-odds with an informative Dirichlet prior (Monroe, Colaresi and Quinn 2008).

use super::corpus::Corpus;
use crate::data::LabelId;

/// Weight of the prior in rows: rare words need evidence before they count as a label's own.
const PRIOR: f64 = 10.0;
/// Log-odds that a label's own word has at least: it is 4.5 times as common in the label's rows. Donors were once asked to be free of
/// words from 0.7 on, too, which left them fewer and cost 1.4 points of F1.
pub(super) const LOG_ODDS: f32 = 1.5;
/// Below this share of English function words among the words, function words are learnt from the rows. English prose has 40–50 %, a European neighbour 5–10 %.
const ENGLISH_SHARE: f64 = 0.2;
/// How many function words are learnt at most.
const LEARNT: usize = 100;

/// How sure a word must be: the z-score and the log-odds that it reaches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Sure {
    pub(super) z: f32,
    pub(super) log_odds: f32,
}

/// A word with a label that it occurs in.
#[derive(Debug, Clone, Copy)]
struct Tie {
    label: LabelId,
    /// Rows of the label that hold the word.
    rows: u32,
    /// Rounded to f32, so that the last bit of a platform's logarithm decides nothing.
    z: f32,
    log_odds: f32,
}

/// The ties of every word, and which words are function words.
pub(super) struct Association {
    ties: Vec<Tie>,
    /// Word w has `ties[offsets[w]..offsets[w + 1]]`, by label.
    offsets: Vec<u32>,
    /// Whether the word carries grammar, by id.
    pub(super) function: Vec<bool>,
    /// Whether the word can be a label's own, by id.
    able: Vec<bool>,
}

impl Association {
    pub(super) fn new(corpus: &Corpus<'_>) -> Self {
        let n = corpus.vocabulary.len();
        let rows_of_label = corpus.train.counts();
        let rows = by_label(corpus);
        // Counted first and filled then: ties lie in one list, by word and label, without a table of pairs beside it.
        let mut rows_with = vec![0u32; n];
        let mut offsets = vec![0u32; n + 1];
        let mut last = vec![None; n];
        let mut seen = vec![u32::MAX; n];
        for &row in &rows {
            let label = Some(corpus.label(row));
            for word in corpus.row(row).iter().map(|w| *w as usize) {
                if std::mem::replace(&mut seen[word], row) != row {
                    rows_with[word] += 1;
                    offsets[word + 1] += u32::from(std::mem::replace(&mut last[word], label) != label);
                }
            }
        }
        for w in 0..n {
            offsets[w + 1] += offsets[w];
        }
        let mut ties = vec![Tie { label: LabelId(0), rows: 0, z: 0.0, log_odds: 0.0 }; offsets[n] as usize];
        let mut at = offsets.clone();
        seen.fill(u32::MAX);
        for &row in &rows {
            let label = corpus.label(row);
            for word in corpus.row(row).iter().map(|w| *w as usize) {
                if std::mem::replace(&mut seen[word], row) == row {
                    continue;
                }
                if ties[at[word] as usize].rows > 0 && ties[at[word] as usize].label != label {
                    at[word] += 1;
                }
                let tie = &mut ties[at[word] as usize];
                tie.label = label;
                tie.rows += 1;
            }
        }
        let all = corpus.len() as f64;
        for w in 0..n {
            let with = f64::from(rows_with[w]);
            for tie in &mut ties[offsets[w] as usize..offsets[w + 1] as usize] {
                let of_label = rows_of_label[tie.label.index()] as f64;
                (tie.z, tie.log_odds) = log_odds(f64::from(tie.rows), of_label, with, all);
            }
        }
        let mut association = Association { ties, offsets, function: vec![false; n], able: Vec::new() };
        association.mark_function_words(corpus, &rows_with);
        association.able = (0..n).map(|w| corpus.wordlike[w] && !association.function[w]).collect();
        association
    }

    fn mark_function_words(&mut self, corpus: &Corpus<'_>, rows_with: &[u32]) {
        if corpus.english_share().is_none_or(|share| share >= ENGLISH_SHARE) {
            corpus.english().for_each(|w| self.function[w as usize] = true);
            return;
        }
        // A function word stands in rows of every kind; one that fewer rows hold is a content word of a small collection.
        let enough = (corpus.len() as u32 / 100).max(5);
        let neutral = |w: &usize| self.ties_of(*w as u32).iter().all(|t| t.z.abs() < 2.0);
        let mut frequent: Vec<usize> =
            (0..rows_with.len()).filter(|w| corpus.wordlike[*w] && rows_with[*w] >= enough).filter(neutral).collect();
        frequent.sort_by_key(|w| (std::cmp::Reverse(corpus.count[*w]), *w));
        frequent.into_iter().take(LEARNT).for_each(|w| self.function[w] = true);
    }

    fn ties_of(&self, word: u32) -> &[Tie] {
        &self.ties[self.offsets[word as usize] as usize..self.offsets[word as usize + 1] as usize]
    }

    /// Whether `word` is one of `label`'s own.
    pub(super) fn bears(&self, word: u32, label: LabelId, sure: Sure) -> bool {
        self.able[word as usize] && self.ties_of(word).iter().any(|t| t.label == label && t.reaches(sure))
    }

    /// Whether `word` is another label's own.
    pub(super) fn bears_other(&self, word: u32, label: LabelId, sure: Sure) -> bool {
        self.able[word as usize] && self.ties_of(word).iter().any(|t| t.label != label && t.reaches(sure))
    }

    /// The words that are some label's own, by id.
    pub(super) fn bearing(&self, sure: Sure) -> Vec<bool> {
        let any = |w: usize| self.able[w] && self.ties_of(w as u32).iter().any(|t| t.reaches(sure));
        (0..self.able.len()).map(any).collect()
    }

    /// `label`'s own words that at least `least` of its rows hold, each with that number of rows, by id.
    pub(super) fn words_of(&self, label: LabelId, sure: Sure, least: u32) -> Vec<(u32, u32)> {
        let own = |w: u32| {
            let tie = self.ties_of(w).iter().find(|t| t.label == label && t.reaches(sure))?;
            (self.able[w as usize] && tie.rows >= least).then_some((w, tie.rows))
        };
        (0..self.able.len() as u32).filter_map(own).collect()
    }

    /// Whether the word is content: neither grammar nor symbols.
    pub(super) fn is_content(&self, word: u32) -> bool {
        self.able[word as usize]
    }
}

impl Tie {
    fn reaches(&self, sure: Sure) -> bool {
        self.z >= sure.z && self.log_odds >= sure.log_odds
    }
}

/// The rows by label.
fn by_label(corpus: &Corpus<'_>) -> Vec<u32> {
    let mut rows: Vec<u32> = (0..corpus.len() as u32).collect();
    rows.sort_by_key(|row| corpus.label(*row));
    rows
}

/// z-score and log-odds of a word that `own` of the label's `n_own` rows and `with` of all `n` rows hold.
fn log_odds(own: f64, n_own: f64, with: f64, n: f64) -> (f32, f32) {
    let prior = PRIOR * (with + 0.5) / (n + 1.0);
    let rest = with - own;
    let odds = |k: f64, of: f64| ((k + prior) / (of + PRIOR - k - prior)).ln();
    let log_odds = odds(own, n_own) - odds(rest, n - n_own);
    let z = log_odds / (1.0 / (own + prior) + 1.0 / (rest + prior)).sqrt();
    (z as f32, log_odds as f32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_of_one_label_is_surer_the_more_rows_hold_it() {
        let (weak, _) = log_odds(1.0, 100.0, 1.0, 1000.0);
        let (sure, odds) = log_odds(20.0, 100.0, 22.0, 1000.0);
        assert!(sure > 4.0 && odds > 1.5, "{sure} {odds}");
        assert!(weak < 2.5, "{weak}");
    }

    #[test]
    fn a_word_spread_evenly_belongs_to_nobody() {
        let (z, odds) = log_odds(10.0, 100.0, 100.0, 1000.0);
        assert!(z.abs() < 0.1 && odds.abs() < 0.1, "{z} {odds}");
    }

    #[test]
    fn a_word_of_every_row_gives_finite_figures() {
        let (z, odds) = log_odds(2.0, 2.0, 4.0, 4.0);
        assert!(z.is_finite() && odds.is_finite());
    }
}
