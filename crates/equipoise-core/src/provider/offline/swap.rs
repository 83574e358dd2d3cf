//! Context swap: a label's own words with their nearest words, between neutral parts of other rows.

use super::corpus::BOUNDARY;
use super::draft::{Draft, Joint, JointKind, Piece, similarity};
use super::knowledge::{Knowledge, Neutral};
use super::label::Keep;
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// How likely each side is cut; some texts keep one side whole.
const CUT: f64 = 0.95;
/// Rows that are looked at for one joint.
const TRIES: usize = 14;
/// The most tokens that a donor gives to one side.
const LONGEST: usize = 25;
/// Positions at which a cut is tried, nearest to the kept words first.
const POSITIONS: usize = 24;
/// Least probability of the token after a joint of one function word: e^-5.5.
const LEAST: f64 = 0.004_086_771_438_464_067;
/// A text that shares more of its tokens with a row than this is a copy of it.
pub(super) const ALIKE: f64 = 0.8;

/// How strictly contexts are swapped.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    pub(super) neutral: Neutral,
    /// Cuts close to the kept words, joints of one function word allowed; else cuts anywhere.
    pub(super) tight: bool,
}

/// A joint: the run of `len` tokens at `own` of the kept row also stands at `at` of the donor.
#[derive(Debug, Clone, Copy)]
struct Cut {
    own: usize,
    len: usize,
    donor: u32,
    at: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// A text that keeps `keep` and takes the rest from other rows; `None` where this draw found no joint.
pub(super) fn swap(knowledge: &Knowledge<'_>, keep: Keep, manner: Manner, rng: &mut ChaCha8Rng) -> Option<Draft> {
    let own = knowledge.corpus.row(keep.row);
    let (mut left, mut right) = (rng.random_bool(CUT), rng.random_bool(CUT));
    if !left && !right {
        left = rng.random_bool(0.5);
        right = !left;
    }
    let left = if left { find(knowledge, keep, Side::Left, manner, rng) } else { None };
    let right = if right { find(knowledge, keep, Side::Right, manner, rng) } else { None };
    if left.is_none() && right.is_none() {
        return None;
    }
    let end = right.map_or(own.len(), |c| c.own + c.len);
    let mut draft = Draft { source: keep.row, pieces: Vec::new(), tokens: Vec::new(), joints: Vec::new() };
    let mut from = 0;
    if let Some(cut) = left {
        // The shared run is written as the donor writes it, so that a sentence begins as a sentence does.
        let shared = cut.len.min(end - cut.own);
        draft.pieces.push(Piece::Span { row: cut.donor, from: 0, to: cut.at + shared });
        draft.tokens.extend_from_slice(&knowledge.corpus.row(cut.donor)[..cut.at + shared]);
        let words = own[cut.own..cut.own + cut.len].to_vec();
        draft.joints.push(Joint { kind: JointKind::Shared, at: cut.at, words, donor: cut.donor });
        from = cut.own + shared;
    }
    draft.pieces.push(Piece::Span { row: keep.row, from, to: end });
    draft.tokens.extend_from_slice(&own[from..end]);
    if let Some(cut) = right {
        let donor = knowledge.corpus.row(cut.donor);
        let words = own[cut.own..end].to_vec();
        draft.joints.push(Joint { kind: JointKind::Shared, at: draft.tokens.len(), words, donor: cut.donor });
        draft.pieces.push(Piece::Span { row: cut.donor, from: cut.at + cut.len, to: donor.len() });
        draft.tokens.extend_from_slice(&donor[cut.at + cut.len..]);
    }
    let parents = std::iter::once(keep.row).chain(draft.donors());
    let alike = |row: u32| similarity(&draft.tokens, knowledge.corpus.row(row)) > ALIKE;
    (!parents.into_iter().any(alike)).then_some(draft)
}

fn find(knowledge: &Knowledge<'_>, keep: Keep, side: Side, manner: Manner, rng: &mut ChaCha8Rng) -> Option<Cut> {
    let own = knowledge.corpus.row(keep.row);
    for at in positions(keep, side, own.len(), manner, rng) {
        let grams = &knowledge.grams;
        let pair = own.get(at + 1).and_then(|next| grams.pair(own[at], *next));
        for len in [3, 2, 1] {
            let places = match (len, pair) {
                (3, Some(pair)) if at + 2 < own.len() => grams.followed_by(pair, &knowledge.corpus.stream, own[at + 2]),
                (2, Some(pair)) => grams.places_of(pair),
                (1, _) if manner.tight && knowledge.association.function[own[at] as usize] => grams.places(own[at]),
                _ => continue,
            };
            if side == Side::Right && at + len <= keep.last {
                continue;
            }
            let mut best: Option<(f64, Cut)> = None;
            for place in draws(places, rng) {
                let (donor, there) = knowledge.corpus.place(place);
                let cut = Cut { own: at, len, donor, at: there };
                if donor == keep.row || !fits(knowledge, own, cut, side, manner.neutral) {
                    continue;
                }
                if len > 1 {
                    return Some(cut);
                }
                let likely = likelihood(knowledge, own, cut, side);
                if likely >= LEAST && best.is_none_or(|(p, _)| likely > p) {
                    best = Some((likely, cut));
                }
            }
            if let Some((_, cut)) = best {
                return Some(cut);
            }
        }
    }
    None
}

/// Positions of a run to join at, in the order in which they are tried.
fn positions(keep: Keep, side: Side, n: usize, manner: Manner, rng: &mut ChaCha8Rng) -> Vec<usize> {
    let all: Vec<usize> = match side {
        Side::Left => (0..keep.from).rev().take(2 * POSITIONS).collect(),
        Side::Right => (keep.last.saturating_sub(1)..n).take(2 * POSITIONS).collect(),
    };
    if !manner.tight {
        let mut all = all;
        all.shuffle(rng);
        all.truncate(POSITIONS);
        return all;
    }
    let mut by_distance: Vec<(f32, usize)> = all
        .into_iter()
        .enumerate()
        .map(|(distance, at)| (distance as f32 - (1.0 - rng.random::<f64>()).ln() as f32, at))
        .collect();
    by_distance.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
    by_distance.into_iter().map(|(_, at)| at).take(POSITIONS).collect()
}

/// Up to [`TRIES`] of the places: all of them from a random one on where they are few.
fn draws(places: &[u32], rng: &mut ChaCha8Rng) -> impl Iterator<Item = u32> {
    let n = places.len();
    let from = if n > 1 { rng.random_range(0..n as u32) as usize } else { 0 };
    // Equal runs stand together by what follows them, so many places are drawn one by one.
    let step = if n > TRIES { rng.random_range(1..n as u32) as usize } else { 1 };
    // A single place is the row's own.
    let take = if n > 1 { n.min(TRIES) } else { 0 };
    (0..take).map(move |i| places[(from + i * step) % n])
}

/// Whether what the donor would give is short, neutral and other than what the row has there, and does not make the row the donor.
fn fits(knowledge: &Knowledge<'_>, own: &[u32], cut: Cut, side: Side, neutral: Neutral) -> bool {
    let donor = knowledge.corpus.row(cut.donor);
    let before = (&donor[..cut.at], &own[..cut.own]);
    let after = (&donor[cut.at + cut.len..], &own[cut.own + cut.len..]);
    let given = if side == Side::Left { before.0 } else { after.0 };
    given.len() <= LONGEST && before.0 != before.1 && after.0 != after.1 && knowledge.is_neutral(given, neutral)
}

/// How probable the first token after a joint of one word is.
fn likelihood(knowledge: &Knowledge<'_>, own: &[u32], cut: Cut, side: Side) -> f64 {
    let donor = knowledge.corpus.row(cut.donor);
    let before = |row: &[u32], at: usize| if at == 0 { BOUNDARY } else { row[at - 1] };
    let at = |row: &[u32], at: usize| row.get(at).copied().unwrap_or(BOUNDARY);
    let model = knowledge.language_model();
    match side {
        Side::Left => model.forward([before(donor, cut.at), own[cut.own]], at(own, cut.own + 1)),
        Side::Right => model.forward([before(own, cut.own), own[cut.own]], at(donor, cut.at + 1)),
    }
}
