//! Infill: a row of the label with some of its neutral words exchanged for words that other rows have between the same neighbours.

use super::answer::JointKind;
use super::corpus::BOUNDARY;
use super::draft::{Draft, Joint, Piece, similarity};
use super::knowledge::{Knowledge, Neutral};
use super::swap::ALIKE;
use super::token::tokens as tokens_of;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Share of the neutral content words that is exchanged.
const SHARE: f64 = 0.35;
/// Words that are weighed for one slot.
const WEIGHED: usize = 256;

/// The row with words exchanged; `None` where this draw changed too little.
pub(super) fn infill(knowledge: &Knowledge<'_>, row: u32, rng: &mut ChaCha8Rng) -> Option<Draft> {
    let own = knowledge.corpus.row(row);
    let mut draft = Draft { source: row, pieces: Vec::new(), tokens: own.to_vec(), joints: Vec::new(), weakness: 0.0 };
    let mut from = 0;
    for (slot, &old) in own.iter().enumerate() {
        let neutral = knowledge.association.is_content(old) && !knowledge.claims(old, Neutral::Usual);
        if !neutral || !rng.random_bool(SHARE) {
            continue;
        }
        let Some((word, donor, spelling)) = fitting(knowledge, &draft.tokens, slot, rng) else { continue };
        draft.pieces.push(Piece::Span { row, from, to: slot });
        draft.pieces.push(Piece::Word { row, at: slot, spelling });
        draft.joints.push(Joint { kind: JointKind::Exchanged, at: slot, words: vec![old, word], donor });
        draft.tokens[slot] = word;
        from = slot + 1;
    }
    draft.pieces.push(Piece::Span { row, from, to: own.len() });
    (!draft.joints.is_empty() && similarity(&draft.tokens, own) <= ALIKE).then_some(draft)
}

/// A neutral word between the slot's neighbours, the row that it comes from and its spelling there.
fn fitting(knowledge: &Knowledge<'_>, tokens: &[u32], slot: usize, rng: &mut ChaCha8Rng) -> Option<(u32, u32, String)> {
    let at = |i: Option<usize>| i.and_then(|i| tokens.get(i)).copied().unwrap_or(BOUNDARY);
    let left = [at(slot.checked_sub(2)), at(slot.checked_sub(1))];
    let right = [at(Some(slot + 1)), at(Some(slot + 2))];
    let followers = knowledge.grams.followers(left[1]);
    let skip = followers.len().saturating_sub(WEIGHED);
    let skip = if skip > 0 { rng.random_range(0..=skip as u32) as usize } else { 0 };
    let model = knowledge.language_model();
    let mut sum = 0.0;
    let mut weighed = Vec::new();
    for word in followers.skip(skip).take(WEIGHED) {
        let fits = word != tokens[slot]
            && knowledge.association.is_content(word)
            && !knowledge.claims(word, Neutral::Usual)
            && knowledge.grams.pair(word, right[0]).is_some();
        if fits {
            sum += model.forward(left, word) * model.backward(word, right) / model.alone(word);
            weighed.push((sum, word));
        }
    }
    let ticket = rng.random::<f64>() * sum;
    let (_, word) = *weighed.get(weighed.partition_point(|(s, _)| *s <= ticket))?;
    let place = *knowledge.grams.places_of(knowledge.grams.pair(left[1], word)?).first()?;
    let (row, at) = knowledge.corpus.place(place + 1);
    let text = knowledge.corpus.text(row);
    // The capital of a row's first word is the row's, not the word's.
    let spelling = match at {
        0 => &knowledge.corpus.vocabulary[word],
        _ => tokens_of(text).nth(at)?.surface,
    };
    Some((word, row, spelling.to_owned()))
}
