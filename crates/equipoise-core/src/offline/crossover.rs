//! Crossover: the start of one row of the label and the end of another, joined where both have the same words.

use super::answer::JointKind;
use super::corpus::BOUNDARY;
use super::draft::{Draft, Joint, Piece, similarity};
use super::knowledge::Knowledge;
use super::label::Portrait;
use super::swap::ALIKE;
use rand::RngExt;
use rand_chacha::ChaCha8Rng;

/// Joints that are tried for one text.
const TRIES: usize = 12;

/// A text that begins as `row`; `None` where this draw found no joint.
pub(super) fn crossover(
    knowledge: &Knowledge<'_>,
    portrait: &Portrait,
    row: u32,
    rng: &mut ChaCha8Rng,
) -> Option<Draft> {
    let own = knowledge.corpus.row(row);
    let runs = portrait.runs(knowledge);
    for len in [2, 1] {
        for _ in 0..TRIES {
            let at = rng.random_range(0..own.len() as u32) as usize;
            let next = own.get(at + 1).copied().unwrap_or(BOUNDARY);
            let key = if len == 2 { (own[at], next) } else { (own[at], BOUNDARY) };
            if len == 2 && next == BOUNDARY {
                continue;
            }
            let Some(places) = runs.get(&key) else { continue };
            let place = places[rng.random_range(0..places.len() as u32) as usize];
            let (donor, there) = knowledge.corpus.place(place);
            if donor != row
                && let Some(draft) = joined(knowledge, (row, at + len), (donor, there + len), len)
            {
                return Some(draft);
            }
        }
    }
    None
}

/// The first `to` tokens of `row` and those of `donor` from `from` on; the last `len` of the former stand before the latter, too.
fn joined(
    knowledge: &Knowledge<'_>,
    (row, to): (u32, usize),
    (donor, from): (u32, usize),
    len: usize,
) -> Option<Draft> {
    let (own, other) = (knowledge.corpus.row(row), knowledge.corpus.row(donor));
    let tokens = [&own[..to], &other[from..]].concat();
    if similarity(&tokens, own) > ALIKE || similarity(&tokens, other) > ALIKE {
        return None;
    }
    let joint = Joint { kind: JointKind::Shared, at: to, words: own[to - len..to].to_vec(), donor };
    let pieces = vec![Piece::Span { row, from: 0, to }, Piece::Span { row: donor, from, to: other.len() }];
    Some(Draft { source: row, pieces, tokens, joints: vec![joint], weakness: 0.0 })
}
