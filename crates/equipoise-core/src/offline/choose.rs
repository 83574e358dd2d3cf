//! Choice: of more drafts than are wanted, those that bring the most new words for their length and joints, none of them near another.

use super::draft::Draft;
use super::knowledge::{Knowledge, hash};
use crate::text::{NearIndex, comparison_key, shingles};
use std::cmp::{Ordering, Reverse};
use std::collections::{BinaryHeap, HashMap, HashSet};

/// What each further text of one source costs it, beside 0..1 for its new words.
const REPEATED_SOURCE: f64 = 0.3;
/// What each token costs: readers accept 90 % of the swapped texts with fewer than 10 words and less than a third of those with 20.
const TOKEN: f64 = 0.01;
/// Jaccard similarity of three-word runs from which two texts count as near.
const NEAR: f64 = 0.7;

/// A draft and how it reads.
#[derive(Debug, Clone)]
pub(super) struct Written {
    pub(super) draft: Draft,
    pub(super) text: String,
    /// Where each token begins in the text, in bytes.
    pub(super) begins: Vec<usize>,
}

/// What has been chosen or stood before: no text of it, and none near it, comes again.
pub(super) struct Shelf<'k, 'a> {
    pub(super) knowledge: &'k Knowledge<'a>,
    keys: HashSet<u64>,
    /// Hashes of the word tokens of the texts, for drafts that are not yet written out.
    words: HashSet<u64>,
    near: NearIndex,
    /// Texts that use a word, by its id.
    word_uses: Vec<u32>,
    source_uses: HashMap<u32, u32>,
}

impl<'k, 'a> Shelf<'k, 'a> {
    pub(super) fn new(knowledge: &'k Knowledge<'a>, taken: &[String]) -> Self {
        let mut shelf = Shelf {
            knowledge,
            keys: HashSet::new(),
            words: HashSet::new(),
            near: NearIndex::default(),
            word_uses: vec![0; knowledge.corpus.vocabulary.len()],
            source_uses: HashMap::new(),
        };
        for text in taken {
            let key = comparison_key(text);
            shelf.keys.insert(hash(&key));
            shelf.near.insert(shingles(&key, 3));
            let tokens = knowledge.corpus.known(text);
            shelf.words.extend(knowledge.new_words(&tokens));
            let words = content(knowledge, &tokens);
            words.iter().for_each(|w| shelf.word_uses[*w as usize] += 1);
        }
        shelf
    }

    /// The hash of the words of a draft that is neither a training row nor stands here.
    pub(super) fn new_words(&self, draft: &Draft) -> Option<u64> {
        self.knowledge.new_words(&draft.tokens).filter(|words| !self.words.contains(words))
    }

    /// Moves up to `wanted` of the drafts onto the shelf, best first. Scores only fall while others are taken, so that the head of
    /// a heap whose score is still right is the best of all.
    pub(super) fn choose(&mut self, drafts: Vec<Draft>, wanted: usize) -> Vec<Written> {
        let words: Vec<Words> = drafts.iter().map(|draft| Words::new(self.knowledge, draft)).collect();
        let mut heap: BinaryHeap<(Score, Reverse<usize>)> =
            words.iter().enumerate().map(|(i, w)| (self.score(w), Reverse(i))).collect();
        let mut slots: Vec<Option<Draft>> = drafts.into_iter().map(Some).collect();
        let mut chosen = Vec::new();
        while chosen.len() < wanted {
            let Some((old, Reverse(i))) = heap.pop() else { break };
            let now = self.score(&words[i]);
            if now < old && heap.peek().is_some_and(|(next, _)| *next > now) {
                heap.push((now, Reverse(i)));
                continue;
            }
            let draft = slots[i].take().expect("every draft leaves the heap once");
            let (text, begins) = draft.render(&self.knowledge.corpus);
            if self.take(&text, &words[i]) {
                self.words.extend(self.knowledge.new_words(&draft.tokens));
                chosen.push(Written { draft, text, begins });
            }
        }
        chosen
    }

    fn score(&self, words: &Words) -> Score {
        let uses = |w: &u32| f64::from(self.word_uses[*w as usize]);
        let new: f64 = words.new.iter().map(|w| 1.0 / (1.0 + uses(w))).sum();
        let repeats = f64::from(self.source_uses.get(&words.source).copied().unwrap_or(0));
        Score(new / (1.0 + words.all.len() as f64) - REPEATED_SOURCE * repeats - words.cost)
    }

    /// Takes a text up; not one that is a row or stands here, nor one that is near another.
    fn take(&mut self, text: &str, words: &Words) -> bool {
        let key = comparison_key(text);
        let shingles = shingles(&key, 3);
        let near = || self.near.nearest(&shingles).is_some_and(|(_, similarity)| similarity >= NEAR);
        if self.knowledge.is_row(&key) || self.keys.contains(&hash(&key)) || near() {
            return false;
        }
        self.keys.insert(hash(&key));
        self.near.insert(shingles);
        words.all.iter().for_each(|w| self.word_uses[*w as usize] += 1);
        *self.source_uses.entry(words.source).or_default() += 1;
        true
    }
}

/// The content words of a draft.
struct Words {
    source: u32,
    /// For its joints and its length.
    cost: f64,
    all: Vec<u32>,
    /// Those that the source row does not have.
    new: Vec<u32>,
}

impl Words {
    fn new(knowledge: &Knowledge<'_>, draft: &Draft) -> Self {
        let all = content(knowledge, &draft.tokens);
        let source = knowledge.corpus.row(draft.source);
        Words {
            source: draft.source,
            cost: draft.weakness + TOKEN * draft.tokens.len() as f64,
            new: all.iter().filter(|w| !source.contains(w)).copied().collect(),
            all,
        }
    }
}

fn content(knowledge: &Knowledge<'_>, tokens: &[u32]) -> Vec<u32> {
    let mut words: Vec<u32> = tokens.iter().filter(|t| knowledge.association.is_content(**t)).copied().collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// A finite number in its order.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Score(f64);

impl Eq for Score {}

impl PartialOrd for Score {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Score {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}
