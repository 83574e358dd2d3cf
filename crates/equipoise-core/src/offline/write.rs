//! The order of work for one label: which technique gives how many texts, and what is said when they do not suffice.

use super::choose::{Shelf, Written};
use super::crossover::crossover;
use super::draft::Draft;
use super::exchange::{OwnWords, exchange};
use super::infill::infill;
use super::knowledge::{Knowledge, Neutral};
use super::label::{Keep, Portrait};
use super::settings::Settings;
use super::swap::{Manner, swap};
use rand::RngExt;
use rand::seq::SliceRandom;
use rand_chacha::ChaCha8Rng;
use std::collections::HashSet;

/// Texts a row and step of sureness: beyond it the texts of one row grow alike.
const PER_ROW: usize = 12;
/// Fewest tokens of a text.
const SHORTEST: usize = 4;
/// A label with fewer rows takes more of its texts by exchange: readers like them, and only a large label loses F1 by them.
const FEW_ROWS: usize = 300;
/// How likely each side of a row is cut at first. Readers accept 64 % of the texts with one joint and 38 % of those with two, but without
/// any of two F1 falls by half a point.
const CUT: f64 = 0.2;
/// How likely each side is cut where texts with one joint do not suffice.
const CUT_BOTH: f64 = 0.95;
/// Rounds of drafting for one technique.
const ROUNDS: usize = 4;

/// The texts of one label, and how they came to be.
pub(super) struct Writing<'k, 'a> {
    knowledge: &'k Knowledge<'a>,
    portrait: &'k Portrait,
    settings: &'k Settings,
    shelf: Shelf<'k, 'a>,
    rng: ChaCha8Rng,
    wanted: usize,
    texts: Vec<Written>,
}

impl<'k, 'a> Writing<'k, 'a> {
    /// What is to be written for a label, beside the texts on the shelf.
    pub(super) fn new(
        shelf: Shelf<'k, 'a>,
        portrait: &'k Portrait,
        settings: &'k Settings,
        wanted: usize,
        rng: ChaCha8Rng,
    ) -> Self {
        Writing { knowledge: shelf.knowledge, portrait, settings, shelf, rng, wanted, texts: Vec::new() }
    }

    /// Up to the wanted number of texts, in random order, so that a part of them is like the whole.
    pub(super) fn write(mut self) -> Vec<Written> {
        if self.portrait.is_strong() {
            let n = (self.exchange_share() * self.wanted as f64 + self.rng.random::<f64>()) as usize;
            self.exchanges(n);
            self.swaps_from_sure_down();
        } else {
            let sure = &self.portrait.keeps[0];
            self.swaps(sure, Manner { neutral: Neutral::Loose, tight: true, cut: CUT }, Some(PER_ROW), usize::MAX);
            let half = self.missing().div_ceil(2);
            let loose = &self.portrait.loose_keeps;
            self.swaps(loose, Manner { neutral: Neutral::Loose, tight: false, cut: CUT }, None, half);
        }
        self.crossovers();
        self.infills();
        self.texts.shuffle(&mut self.rng);
        self.texts
    }

    fn missing(&self) -> usize {
        self.wanted.saturating_sub(self.texts.len())
    }

    fn exchange_share(&self) -> f64 {
        let default = if self.portrait.rows.len() < FEW_ROWS { 0.45 } else { 0.3 };
        self.settings.exchange_share.unwrap_or(default)
    }

    fn exchanges(&mut self, n: usize) {
        let (knowledge, portrait) = (self.knowledge, self.portrait);
        if n == 0 {
            return;
        }
        let Some(own) = OwnWords::new(knowledge, portrait) else { return };
        let frames = portrait.frames(knowledge);
        let mut order = Rotation::new(frames.len(), &mut self.rng);
        self.stage(n, frames.len(), |rng| order.next().and_then(|i| exchange(&own, &frames[i], rng)));
    }

    fn swaps_from_sure_down(&mut self) {
        let portrait = self.portrait;
        let last = portrait.keeps.len() - 1;
        for cut in [CUT, CUT_BOTH] {
            for (step, keeps) in portrait.keeps.iter().enumerate() {
                let cap = (step < last).then_some(PER_ROW);
                self.swaps(keeps, Manner { neutral: Neutral::Usual, tight: true, cut }, cap, usize::MAX);
            }
        }
    }

    fn swaps(&mut self, keeps: &[Keep], manner: Manner, per_row: Option<usize>, most: usize) {
        let knowledge = self.knowledge;
        let cap = per_row.map_or(usize::MAX, |n| n.saturating_mul(keeps.len()));
        let mut order = Rotation::new(keeps.len(), &mut self.rng);
        self.stage(cap.min(most), keeps.len(), |rng| order.next().and_then(|i| swap(knowledge, keeps[i], manner, rng)));
    }

    fn crossovers(&mut self) {
        let (knowledge, portrait) = (self.knowledge, self.portrait);
        let mut order = Rotation::new(portrait.rows.len(), &mut self.rng);
        self.stage(usize::MAX, portrait.rows.len(), |rng| {
            order.next().and_then(|i| crossover(knowledge, portrait, portrait.rows[i], rng))
        });
    }

    fn infills(&mut self) {
        let (knowledge, rows) = (self.knowledge, &self.portrait.rows);
        let mut order = Rotation::new(rows.len(), &mut self.rng);
        self.stage(usize::MAX, rows.len(), |rng| order.next().and_then(|i| infill(knowledge, rows[i], rng)));
    }

    /// Drafts more than `most` and chooses; gives up when every row was tried several times in vain.
    fn stage(&mut self, most: usize, rows: usize, mut draft: impl FnMut(&mut ChaCha8Rng) -> Option<Draft>) {
        let goal = self.texts.len().saturating_add(most.min(self.missing()));
        let patience = rows.saturating_mul(8).clamp(64, 20_000);
        for _ in 0..ROUNDS {
            let lacking = goal - self.texts.len();
            if lacking == 0 || rows == 0 {
                return;
            }
            let mut pool: Vec<Draft> = Vec::new();
            let mut drafted = HashSet::new();
            let mut in_vain = 0;
            while pool.len() < lacking.saturating_mul(self.settings.overgenerate) && in_vain < patience {
                let admitted = draft(&mut self.rng)
                    .filter(|d| self.has_right_length(d))
                    .filter(|d| self.shelf.new_words(d).is_some_and(|words| drafted.insert(words)));
                in_vain = if admitted.is_some() { 0 } else { in_vain + 1 };
                pool.extend(admitted);
            }
            let chosen = self.shelf.choose(pool, lacking);
            if chosen.is_empty() {
                return;
            }
            self.texts.extend(chosen);
        }
    }

    fn has_right_length(&self, draft: &Draft) -> bool {
        let (fewest, most) = self.portrait.window;
        (fewest.max(SHORTEST)..=most).contains(&draft.tokens.len())
    }
}

/// Goes round `n` things in a shuffled order, without end.
struct Rotation {
    order: Vec<u32>,
    at: usize,
}

impl Rotation {
    fn new(n: usize, rng: &mut ChaCha8Rng) -> Self {
        let mut order: Vec<u32> = (0..n as u32).collect();
        order.shuffle(rng);
        Rotation { order, at: 0 }
    }
}

impl Iterator for Rotation {
    type Item = usize;

    fn next(&mut self) -> Option<usize> {
        let i = *self.order.get(self.at)?;
        self.at = (self.at + 1) % self.order.len();
        Some(i as usize)
    }
}
