//! The candidates of one reading, compared with the real rows and with each other.

use super::settings::{self, NearDuplicate};
use super::{KEPT_ROWS, NEAR_CANDIDATE, NEAR_OTHER_LABEL, NEAR_ROW, RESEMBLES, Rows, sketches};
use crate::check::{Finding, Session, Subject};
use crate::data::LabelId;
use crate::generator::{Candidate, Sources};
use crate::text::{
    Arena, Arrivals, Grams, Likeness, Near, Sketch, SketchIndex, WordPrint, look_hash, look_key, shared_bands, strict,
};
use rayon::prelude::*;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

/// The candidates so far. Those that say what stood there before are not compared: `copy` tells them.
pub(super) struct Candidates<'a> {
    rows: &'a Rows<'a>,
    texts: HashSet<u64>,
    compared: Vec<Compared>,
    /// The rows that compared candidates say that they were made from; none for most.
    lineages: HashMap<u32, Lineage>,
    keys: Arena,
    ids: Arena,
    arrivals: Arrivals,
    /// Sketches of the compared ones that were not searched for yet.
    sketches: Vec<Sketch>,
    /// How many candidates were taken in.
    n_taken: u32,
    /// What was found on the candidates that are being judged, by their number.
    found: HashMap<u32, Finding>,
}

/// A candidate that is compared with others.
struct Compared {
    /// Its number among all candidates.
    number: u32,
    label: Option<LabelId>,
    /// Whether later ones are compared with it: it is whole, and was not rejected here.
    stands: bool,
}

/// The training rows that a candidate was made from, by their places.
enum Lineage {
    From(u32),
    /// Parts of these rows, put together, and said to be so, or one of another label, changed a little: it is near them by its making.
    Joined(Box<[u32]>),
}

impl<'a> Candidates<'a> {
    /// None yet.
    pub(super) fn new(rows: &'a Rows<'a>) -> Self {
        Candidates {
            rows,
            texts: HashSet::new(),
            compared: Vec::new(),
            lineages: HashMap::new(),
            keys: Arena::default(),
            ids: Arena::default(),
            arrivals: Arrivals::default(),
            sketches: Vec::new(),
            n_taken: 0,
            found: HashMap::new(),
        }
    }
}

impl Session for Candidates<'_> {
    fn judge(&mut self, texts: &[Subject<'_>]) -> Vec<Option<Finding>> {
        let first = self.n_taken;
        self.take_in(texts);
        self.search();
        (first..self.n_taken).map(|number| self.found.remove(&number)).collect()
    }
}

impl Candidates<'_> {
    fn take_in(&mut self, texts: &[Subject<'_>]) {
        let settings = self.rows.settings;
        let prepare = |s: &Subject<'_>| {
            let key = look_key(s.text());
            (look_hash(s.text()), settings.sketch(&key), key)
        };
        let prepared: Vec<(u64, Sketch, String)> = texts.par_iter().map(prepare).collect();
        for (subject, (hash, sketch, key)) in texts.iter().zip(prepared) {
            let number = self.n_taken;
            self.n_taken += 1;
            let is_whole = subject.candidate.fault.is_none();
            // A broken item is never used, so the whole one that comes later is no copy of it.
            let is_new = if is_whole { self.texts.insert(hash) } else { !self.texts.contains(&hash) };
            if is_new {
                if let Some(lineage) = self.lineage(subject.candidate) {
                    self.lineages.insert(self.compared.len() as u32, lineage);
                }
                self.keys.push(&key);
                self.ids.push(&subject.candidate.id);
                self.sketches.push(sketch);
                self.compared.push(Compared {
                    number,
                    label: self.rows.train.labels().id(&subject.candidate.label),
                    stands: is_whole,
                });
            }
        }
    }

    fn lineage(&self, candidate: &Candidate) -> Option<Lineage> {
        let place = |row| self.rows.places().get(row).map(|at| *at as u32);
        let train = self.rows.train;
        let is_own = |at: u32| train.labels().id(&candidate.label) == Some(train.get(at as usize).label);
        match &candidate.sources {
            Sources::One(row) => match place(row)? {
                at if is_own(at) || candidate.request.is_none() => Some(Lineage::From(at)),
                // A run asked for it to stay near a row of another label; whether it crossed the line is for `label_drift` to say.
                at => Some(Lineage::Joined(Box::new([at]))),
            },
            Sources::Joined { rows, .. } => Some(Lineage::Joined(rows.iter().filter_map(place).collect())),
            Sources::Harvested(_) | Sources::Among(_) | Sources::Unknown => None,
        }
    }

    /// Compares the candidates that were not searched for yet, and takes down what is found on them.
    fn search(&mut self) {
        let first = self.compared.len() - self.sketches.len();
        let near_rows = self.near_rows(first);
        let near_candidates = self.near_candidates();
        let (mut rows, mut candidates) = (near_rows.into_iter().peekable(), near_candidates.into_iter().peekable());
        for at in first..self.compared.len() {
            let mut of_rows = std::iter::from_fn(|| rows.next_if(|near| near.later as usize == at));
            let row = nearest(of_rows.by_ref().filter(|near| !self.is_joined_from(at, near.earlier)));
            let of_candidates: Vec<Near> =
                std::iter::from_fn(|| candidates.next_if(|near| near.later as usize == at)).collect();
            let stands = |near: &Near| self.compared[near.earlier as usize].stands;
            let candidate = nearest(of_candidates.into_iter().filter(stands));
            if let Some(finding) = self.finding(at, row, candidate) {
                self.compared[at].stands &= finding.outcome != crate::check::CheckOutcome::Reject;
                self.found.insert(self.compared[at].number, finding);
            }
        }
    }

    /// Pairs of a candidate and a real row, by candidate.
    fn near_rows(&self, first: usize) -> Vec<Near> {
        let Rows { settings, train, index, .. } = self.rows;
        let new = first..self.compared.len();
        let mut pairs = match index {
            Some(index) => self.near_block(new.clone(), 0, index),
            None => {
                let blocks = (0..train.len()).step_by(KEPT_ROWS);
                let block =
                    |row| self.near_block(new.clone(), row, &SketchIndex::new(&sketches(*train, settings, row)));
                blocks.flat_map(block).collect()
            }
        };
        // Where the source is known it is compared for certain.
        let with_source = |at: usize| {
            let Some(&Lineage::From(row)) = self.lineages.get(&(at as u32)) else { return None };
            let similarity = settings.grams(self.keys.get(at)).similarity(&self.row_grams(row)) as f32;
            let near = f64::from(similarity) >= settings.warn_from;
            near.then_some(Near { later: at as u32, earlier: row, similarity })
        };
        pairs.par_extend(new.into_par_iter().filter_map(with_source));
        pairs.par_sort_unstable_by_key(|near| (near.later, near.earlier));
        pairs
    }

    /// Pairs of one of the `new` candidates and one of the real rows from `row` on, which `index` has.
    fn near_block(&self, new: Range<usize>, row: usize, index: &SketchIndex) -> Vec<Near> {
        let settings = self.rows.settings;
        let of_one = |at: usize| {
            let own = settings.grams(self.keys.get(at));
            let near = index.near(&own, self.asked(), |of_block| self.row_grams(row as u32 + of_block));
            let placed =
                move |(of_block, similarity)| Near { later: at as u32, earlier: row as u32 + of_block, similarity };
            near.into_iter().map(placed)
        };
        new.into_par_iter().flat_map_iter(of_one).collect()
    }

    fn asked(&self) -> Likeness {
        let settings = self.rows.settings;
        Likeness { threshold: settings.warn_from, shared: shared_bands(settings.threshold) }
    }

    fn row_grams(&self, row: u32) -> Grams {
        self.rows.settings.grams(&look_key(self.rows.train.get(row as usize).text))
    }

    /// Pairs of a candidate that was not searched for yet and one before it, by the later one.
    fn near_candidates(&mut self) -> Vec<Near> {
        let (asked, settings) = (self.asked(), self.rows.settings);
        let grams = |at: u32| settings.grams(self.keys.get(at as usize));
        self.arrivals.add(&std::mem::take(&mut self.sketches), asked, grams)
    }

    fn is_joined_from(&self, at: usize, row: u32) -> bool {
        matches!(self.lineages.get(&(at as u32)), Some(Lineage::Joined(rows)) if rows.contains(&row))
    }

    /// What is said of a candidate whose nearest real row and nearest earlier candidate are these.
    fn finding(&self, at: usize, row: Option<Near>, candidate: Option<Near>) -> Option<Finding> {
        if row.is_none() && candidate.is_none() {
            return None;
        }
        let NearDuplicate { threshold, candidates, .. } = self.rows.settings;
        let threshold = strict(*threshold, &self.rows.settings.grams(self.keys.get(at)));
        let own = WordPrint::new(self.keys.get(at));
        let is_near =
            |near: &Near, other: &str| f64::from(near.similarity) >= threshold || own.is_near(&WordPrint::new(other));
        let is_near_row = |near: &Near| is_near(near, &look_key(self.rows.train.get(near.earlier as usize).text));
        let is_near_candidate = |near: &Near| is_near(near, self.keys.get(near.earlier as usize));
        let said = |finding: Finding, near: Near, id: String| {
            Some(finding.with_evidence(id).with_score(f64::from(near.similarity)))
        };
        let row_id = |near: Near| self.rows.train.get(near.earlier as usize).id.to_string();
        let candidate_id = |near: Near| self.ids.get(near.earlier as usize).to_owned();
        if let Some(near) = row.filter(is_near_row) {
            let other = self.compared[at].label != Some(self.rows.train.get(near.earlier as usize).label);
            return said(Finding::reject(if other { &NEAR_OTHER_LABEL } else { &NEAR_ROW }), near, row_id(near));
        }
        if let Some(near) = candidate.filter(is_near_candidate) {
            let finding = match candidates {
                settings::Candidates::Reject => Finding::reject(&NEAR_CANDIDATE),
                settings::Candidates::Warn => Finding::warn(&NEAR_CANDIDATE),
            };
            return said(finding, near, candidate_id(near));
        }
        match (row, candidate) {
            (Some(row), candidate) if candidate.is_none_or(|c| row.similarity >= c.similarity) => {
                said(Finding::warn(&RESEMBLES), row, row_id(row))
            }
            (_, Some(candidate)) => said(Finding::warn(&RESEMBLES), candidate, candidate_id(candidate)),
            _ => None,
        }
    }
}

/// The most similar; of equals the earliest.
fn nearest(pairs: impl Iterator<Item = Near>) -> Option<Near> {
    pairs.reduce(|best, near| if near.similarity > best.similarity { near } else { best })
}
