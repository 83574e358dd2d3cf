//! Exchange: a text of another label whose only label words give way to this label's (M2m of Kim, Jeong and Shin 2020, for words).

use super::answer::JointKind;
use super::corpus::BOUNDARY;
use super::draft::{Draft, Joint, Piece};
use super::knowledge::Knowledge;
use super::label::{Frame, Portrait};
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Words that are drawn for one slot.
const DRAWS: usize = 8;

/// A label's own words, to be drawn by the number of rows that hold them.
pub(super) struct OwnWords<'k, 'a> {
    knowledge: &'k Knowledge<'a>,
    portrait: &'k Portrait,
    words: Vec<u32>,
    /// Running sums of their rows.
    up_to: Vec<u32>,
}

impl<'k, 'a> OwnWords<'k, 'a> {
    /// `None` where no own word stands in at least two rows.
    pub(super) fn new(knowledge: &'k Knowledge<'a>, portrait: &'k Portrait) -> Option<Self> {
        let own = knowledge.association.words_of(portrait.label, portrait.sure, 2);
        let mut sum = 0;
        let up_to = own.iter().map(|(_, rows)| {
            sum += rows;
            sum
        });
        let up_to: Vec<u32> = up_to.collect();
        let words: Vec<u32> = own.iter().map(|(word, _)| *word).collect();
        (!words.is_empty()).then_some(OwnWords { knowledge, portrait, words, up_to })
    }

    fn draw(&self, rng: &mut ChaCha8Rng) -> u32 {
        let sum = self.up_to.last().copied().expect("there is at least one word");
        let ticket = rng.random_range(0..sum);
        self.words[self.up_to.partition_point(|s| *s <= ticket)]
    }
}

/// The frame with each of its label words exchanged; `None` where this draw found no word that fits both neighbours.
pub(super) fn exchange(own: &OwnWords<'_, '_>, frame: &Frame, rng: &mut ChaCha8Rng) -> Option<Draft> {
    let (knowledge, portrait) = (own.knowledge, own.portrait);
    let row = knowledge.corpus.row(frame.row);
    let mut draft =
        Draft { source: frame.row, pieces: Vec::new(), tokens: row.to_vec(), joints: Vec::new(), weakness: 0.0 };
    let mut from = 0;
    for &slot in &frame.slots {
        let (word, donor) = fitting(own, &draft.tokens, slot, rng)?;
        let spelling = portrait.spelling(knowledge, word).unwrap_or_default().to_owned();
        draft.pieces.push(Piece::Span { row: frame.row, from, to: slot });
        draft.pieces.push(Piece::Word { row: frame.row, at: slot, spelling });
        draft.joints.push(Joint { kind: JointKind::Exchanged, at: slot, words: vec![row[slot], word], donor });
        draft.tokens[slot] = word;
        from = slot + 1;
    }
    draft.pieces.push(Piece::Span { row: frame.row, from, to: row.len() });
    Some(draft)
}

/// A word for a slot, and a row of the label in which it follows the slot's left neighbour.
fn fitting(own: &OwnWords<'_, '_>, tokens: &[u32], slot: usize, rng: &mut ChaCha8Rng) -> Option<(u32, u32)> {
    let (knowledge, portrait) = (own.knowledge, own.portrait);
    let at = |i: Option<usize>| i.and_then(|i| tokens.get(i)).copied().unwrap_or(BOUNDARY);
    let left = [at(slot.checked_sub(2)), at(slot.checked_sub(1))];
    let right = [at(Some(slot + 1)), at(Some(slot + 2))];
    let model = knowledge.language_model();
    let mut best: Option<(f64, u32, u32)> = None;
    for _ in 0..DRAWS {
        let word = own.draw(rng);
        // The luck of the draw, 1 to e, lets a less probable word win now and then.
        let luck = 1.0 + (std::f64::consts::E - 1.0) * rng.random::<f64>();
        let Some(places) = portrait.runs(knowledge).get(&(left[1], word)) else { continue };
        // Seen between both neighbours, or after two and before two: one neighbour alone lets "feel weird even" pass.
        let around = attested(knowledge, [left[1], word, right[0]]);
        let each_side =
            || attested(knowledge, [left[0], left[1], word]) && attested(knowledge, [word, right[0], right[1]]);
        if !around && !each_side() {
            continue;
        }
        let fit = model.forward(left, word) * model.backward(word, right) / model.alone(word) * luck;
        if best.is_none_or(|(p, ..)| fit > p) {
            best = Some((fit, word, knowledge.corpus.place(places[0] + 1).0));
        }
    }
    best.map(|(_, word, donor)| (word, donor))
}

/// Whether some row has these tokens in a row; a boundary is the row's end.
fn attested(knowledge: &Knowledge<'_>, [a, b, c]: [u32; 3]) -> bool {
    let grams = &knowledge.grams;
    // Beyond the boundary at either end there is nothing to ask for.
    match (a, b) {
        (_, BOUNDARY) => grams.pair(a, b).is_some(),
        _ => grams.pair(a, b).is_some_and(|pair| !grams.followed_by(pair, &knowledge.corpus.stream, c).is_empty()),
    }
}
