//! What is known of one label: its rows, its length, how sure its own words are and where they stand.

use super::association::{LOG_ODDS, Sure};
use super::corpus::BOUNDARY;
use super::knowledge::{Knowledge, Neutral};
use super::token::tokens;
use super::words::negates;
use crate::data::LabelId;
use crate::stats::percentile;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

/// z-scores that a label's own words are tried at, surest first: with words below 3 chance words ("song", "computer") pass for a label's.
const Z: [f32; 4] = [4.0, 3.0, 2.5, 2.0];
/// A step of [`Z`] will do where this share of the rows holds such a word. Half of the rows left words of love, fear and anger out:
/// 0.7 points of F1.
const COVERED: f64 = 0.6;

/// Part of a row that must stay together: from its first own word, or a negation before it, to its last.
#[derive(Debug, Clone, Copy)]
pub(super) struct Keep {
    pub(super) row: u32,
    /// Where the part begins, a negation within three tokens before the first own word included.
    pub(super) from: usize,
    /// Position of the last own word.
    pub(super) last: usize,
}

/// A row of another label whose only label words can be exchanged.
#[derive(Debug)]
pub(super) struct Frame {
    pub(super) row: u32,
    pub(super) slots: Vec<usize>,
}

/// One label's rows and words.
pub(super) struct Portrait {
    pub(super) label: LabelId,
    /// Its rows that have tokens, in order.
    pub(super) rows: Vec<u32>,
    /// Fewest and most tokens that a text of it may have.
    pub(super) window: (usize, usize),
    /// How sure the words are that cover half of its rows.
    pub(super) sure: Sure,
    /// Whether it has any word of its own at all.
    pub(super) has_own_words: bool,
    /// The rows with own words at each step from [`Portrait::sure`] down, surest first.
    pub(super) keeps: Vec<Vec<Keep>>,
    /// The rows with words that lean towards it.
    pub(super) loose_keeps: Vec<Keep>,
    frames: OnceLock<Vec<Frame>>,
    runs: OnceLock<HashMap<(u32, u32), Vec<u32>>>,
    spellings: OnceLock<BTreeMap<u32, String>>,
}

impl Portrait {
    pub(super) fn new(knowledge: &Knowledge<'_>, label: LabelId) -> Self {
        let corpus = &knowledge.corpus;
        let rows: Vec<u32> =
            (0..corpus.len() as u32).filter(|r| corpus.label(*r) == label && !corpus.row(*r).is_empty()).collect();
        let keeps_at = |sure: Sure| rows.iter().filter_map(|r| keep(knowledge, *r, label, sure)).collect::<Vec<_>>();
        let by_step = Z.map(|z| keeps_at(Sure { z, log_odds: LOG_ODDS }));
        let enough = (rows.len() as f64 * COVERED).ceil() as usize;
        let step = by_step.iter().position(|k| k.len() >= enough.max(1)).unwrap_or(Z.len() - 1);
        let has_own_words = !by_step[Z.len() - 1].is_empty();
        let sure = Sure { z: Z[step], log_odds: LOG_ODDS };
        // A label without sure words still starts at 3: a few certain rows are worth more than many doubtful ones.
        let keeps = if sure.z >= 3.0 { by_step[step..].to_vec() } else { vec![by_step[1].clone()] };
        Portrait {
            label,
            window: window(&rows, knowledge),
            sure,
            has_own_words,
            keeps,
            loose_keeps: keeps_at(Sure { z: 2.0, log_odds: 1.0 }),
            frames: OnceLock::new(),
            runs: OnceLock::new(),
            spellings: OnceLock::new(),
            rows,
        }
    }

    /// Whether half of its rows hold words that are surely its own.
    pub(super) fn is_strong(&self) -> bool {
        self.sure.z >= 3.0
    }

    /// Rows of other labels, of this label's length, with one or two words of their label and else only neutral ones.
    pub(super) fn frames(&self, knowledge: &Knowledge<'_>) -> &[Frame] {
        self.frames.get_or_init(|| {
            let corpus = &knowledge.corpus;
            let others = (0..corpus.len() as u32).filter(|r| corpus.label(*r) != self.label);
            others.filter_map(|row| self.frame(knowledge, row)).collect()
        })
    }

    fn frame(&self, knowledge: &Knowledge<'_>, row: u32) -> Option<Frame> {
        let tokens = knowledge.corpus.row(row);
        if tokens.len() < self.window.0 || tokens.len() > self.window.1 {
            return None;
        }
        let leaning = Sure { z: 1.5, log_odds: 0.7 };
        let mut slots = Vec::new();
        for (at, &token) in tokens.iter().enumerate() {
            if !knowledge.claims(token, Neutral::Strict) {
                continue;
            }
            let theirs = knowledge.association.bears_other(token, self.label, self.sure);
            if !theirs || slots.len() == 2 || knowledge.association.bears(token, self.label, leaning) {
                return None;
            }
            slots.push(at);
        }
        (!slots.is_empty()).then_some(Frame { row, slots })
    }

    /// Where each pair of tokens, and each function word with the boundary as its pair, stands in the label's rows.
    pub(super) fn runs(&self, knowledge: &Knowledge<'_>) -> &HashMap<(u32, u32), Vec<u32>> {
        self.runs.get_or_init(|| {
            let mut runs: HashMap<(u32, u32), Vec<u32>> = HashMap::new();
            for &row in &self.rows {
                let start = knowledge.corpus.start(row);
                let stream = &knowledge.corpus.stream;
                for at in start - 1..start + knowledge.corpus.row(row).len() as u32 {
                    let (a, b) = (stream[at as usize], stream[at as usize + 1]);
                    if b != BOUNDARY {
                        runs.entry((a, b)).or_default().push(at);
                    }
                    if knowledge.association.function[a as usize] {
                        runs.entry((a, BOUNDARY)).or_default().push(at);
                    }
                }
            }
            runs
        })
    }

    /// How the label's rows spell a word, most frequent spelling first chosen, the first seen among equals.
    pub(super) fn spelling(&self, knowledge: &Knowledge<'_>, word: u32) -> Option<&str> {
        let all = self.spellings.get_or_init(|| {
            let mut counts: BTreeMap<u32, Vec<(String, u32)>> = BTreeMap::new();
            for &row in &self.rows {
                let text = knowledge.corpus.text(row);
                for (id, token) in knowledge.corpus.row(row).iter().zip(tokens(text)) {
                    if !knowledge.association.is_content(*id) {
                        continue;
                    }
                    let known = counts.entry(*id).or_default();
                    match known.iter_mut().find(|(s, _)| s == token.surface) {
                        Some((_, n)) => *n += 1,
                        None => known.push((token.surface.to_owned(), 1)),
                    }
                }
            }
            let best = |mut s: Vec<(String, u32)>| {
                let at = (0..s.len()).rev().max_by_key(|i| s[*i].1).expect("a counted word has a spelling");
                s.swap_remove(at).0
            };
            counts.into_iter().map(|(id, s)| (id, best(s))).collect()
        });
        all.get(&word).map(String::as_str)
    }
}

fn keep(knowledge: &Knowledge<'_>, row: u32, label: LabelId, sure: Sure) -> Option<Keep> {
    let tokens = knowledge.corpus.row(row);
    let own = |token: &u32| knowledge.association.bears(*token, label, sure);
    let first = tokens.iter().position(own)?;
    let last = tokens.iter().rposition(own)?;
    let near = first.saturating_sub(3)..first;
    let negation = near.into_iter().find(|at| negates(&knowledge.corpus.vocabulary[tokens[*at]]));
    Some(Keep { row, from: negation.unwrap_or(first), last })
}

/// The 2nd to the 98th percentile of the label's lengths, but at least 3 to 8 tokens.
fn window(rows: &[u32], knowledge: &Knowledge<'_>) -> (usize, usize) {
    let mut lengths: Vec<usize> = rows.iter().map(|r| knowledge.corpus.row(*r).len()).collect();
    lengths.sort_unstable();
    let at = |percent| percentile(&lengths, percent);
    (at(2).unwrap_or(3).max(3), at(98).unwrap_or(8).max(8))
}
