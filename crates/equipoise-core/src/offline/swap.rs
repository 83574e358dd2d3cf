//! Context swap: a label's own words with their nearest words, between neutral parts of other rows.

use super::answer::JointKind;
use super::corpus::BOUNDARY;
use super::draft::{Draft, Joint, Piece, similarity};
use super::knowledge::{Knowledge, Neutral};
use super::label::Keep;
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;

/// Rows that are looked at for one joint.
const TRIES: usize = 14;
/// Positions at which a cut is tried, nearest to the kept words first.
const POSITIONS: usize = 24;
/// Least probability of the token after a joint of one function word: e^-5.5.
const LEAST: f64 = 0.004_086_771_438_464_067;
/// The least that joints of one, two and three tokens must have beside them. One word such as "and" joins what is not alike.
const LEAST_SLOT: [Slot; 3] = [Slot::Label, Slot::Kind, Slot::Kind];
/// What a joint of one, two or three tokens costs its text in the choice, and what each [`Slot`] beside it costs.
const WEAKNESS_OF_LENGTH: [f64; 3] = [0.25, 0.075, 0.0];
const WEAKNESS_OF_SLOT: [f64; 4] = [0.25, 0.125, 0.0, 0.0];
/// What a second joint costs.
const WEAKNESS_OF_SECOND: f64 = 0.1;
/// A text that shares more of its tokens with a row than this is a copy of it.
pub(super) const ALIKE: f64 = 0.8;

/// How strictly contexts are swapped.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner {
    pub(super) neutral: Neutral,
    /// Cuts close to the kept words, joints of one function word allowed; else cuts anywhere.
    pub(super) tight: bool,
    /// How likely each side is cut, 0..=1; where neither is, one of them is after all.
    pub(super) cut: f64,
}

/// A joint: the run of `len` tokens at `own` of the kept row also stands at `at` of the donor.
#[derive(Debug, Clone, Copy)]
struct Cut {
    own: usize,
    len: usize,
    donor: u32,
    at: usize,
    weakness: f64,
}

/// What the token beside a joint has in common with the donor's token in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    Nothing,
    /// Both are grammar, both content that no label claims, both symbols, or both the end.
    Kind,
    /// Both are some label's own words: what suits one feeling mostly suits another.
    Label,
    /// They are the same.
    Same,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Left,
    Right,
}

/// A text that keeps `keep` and takes the rest from other rows; `None` where this draw found no joint.
pub(super) fn swap(knowledge: &Knowledge<'_>, keep: Keep, manner: Manner, rng: &mut ChaCha8Rng) -> Option<Draft> {
    let own = knowledge.corpus.row(keep.row);
    let (mut left, mut right) = (rng.random_bool(manner.cut), rng.random_bool(manner.cut));
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
    let mut draft =
        Draft { source: keep.row, pieces: Vec::new(), tokens: Vec::new(), joints: Vec::new(), weakness: 0.0 };
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
    draft.weakness = left.iter().chain(&right).map(|c| c.weakness).sum::<f64>()
        + if draft.joints.len() > 1 { WEAKNESS_OF_SECOND } else { 0.0 };
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
            let mut best: Option<((Slot, f64), Cut)> = None;
            for place in draws(places, rng) {
                let (donor, there) = knowledge.corpus.place(place);
                let mut cut = Cut { own: at, len, donor, at: there, weakness: 0.0 };
                if donor == keep.row || !fits(knowledge, own, cut, side, manner.neutral) {
                    continue;
                }
                let slot = slot(knowledge, own, cut, side);
                cut.weakness = WEAKNESS_OF_LENGTH[len - 1] + WEAKNESS_OF_SLOT[slot as usize];
                // Looked at before the probability, which takes longer.
                let too_weak = manner.tight && slot < LEAST_SLOT[len - 1];
                if too_weak || best.is_some_and(|((was, _), _)| slot < was) {
                    continue;
                }
                let likely = if len == 1 { likelihood(knowledge, own, cut, side) } else { 1.0 };
                if likely < LEAST {
                    continue;
                }
                let better = |(s, p): (Slot, f64)| slot > s || (slot == s && likely > p);
                if best.is_none_or(|(was, _)| better(was)) {
                    best = Some(((slot, likely), cut));
                }
                if len > 1 && slot >= Slot::Label {
                    break;
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
    let neutral = knowledge.neutral_ends(cut.donor, neutral);
    let is_neutral = if side == Side::Left { before.0.len() <= neutral.0 } else { after.0.len() <= neutral.1 };
    is_neutral && before.0 != before.1 && after.0 != after.1
}

fn slot(knowledge: &Knowledge<'_>, own: &[u32], cut: Cut, side: Side) -> Slot {
    let donor = knowledge.corpus.row(cut.donor);
    let beside = |row: &[u32], at: usize| {
        let at = if side == Side::Left { Some(at + cut.len) } else { at.checked_sub(1) };
        at.and_then(|at| row.get(at)).copied().unwrap_or(BOUNDARY)
    };
    let (a, b) = (beside(own, cut.own), beside(donor, cut.at));
    let kind =
        |t: u32| (t == BOUNDARY, knowledge.association.function[t as usize], knowledge.association.is_content(t));
    let claimed = |t: u32| knowledge.claims(t, Neutral::Usual);
    if a == b {
        Slot::Same
    } else if claimed(a) && claimed(b) {
        Slot::Label
    } else if kind(a) == kind(b) && claimed(a) == claimed(b) {
        Slot::Kind
    } else {
        Slot::Nothing
    }
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
