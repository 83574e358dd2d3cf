//! The rule: from evidence to what the verdict stands on.

use super::evidence::{Evidence, FreeEvidence, TextsEvidence};
use super::types::{FaultKind, Level, RELEVANT};
use crate::arm::{self, Addition, CLASS_WEIGHT, NONE, lookup};
use crate::stats::Estimate;

/// With fewer judged rows of every raised label no figure is worth acting on: one row moves recall by a tenth.
pub(super) const FEW_OF_LABEL: usize = 10;
/// With fewer real training rows what a classifier learns is chance; harm was seen and not noticed there (22 rows of a politeness set).
pub(super) const FEW_REAL: usize = 100;

/// What a verdict stands on. The first that holds, in this order; *above* and *below* mean that the 95 % interval leaves out zero.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Ground<'a> {
    /// There were no synthetic rows.
    NoSyntheticRows,
    /// The checks kept none of them.
    NothingKept,
    /// No raised label has a row to judge by, or no arm could use the rows.
    NothingToJudge,
    /// There are too few rows for any figure.
    FewRows(&'a TextsEvidence),
    /// The arm is below the real rows as they are.
    Harm(&'a TextsEvidence),
    /// The selection procedure took the texts, and they are above every rival that they are set against; the one that they are least above.
    Proven(&'a TextsEvidence, &'a FreeEvidence),
    /// The selection procedure took the texts, and the difference to every such rival is positive; the smallest one.
    Promising(&'a TextsEvidence, &'a FreeEvidence),
    /// Even the upper end of the interval adds less to a free way than anyone would act on; `None` for the real rows as they are.
    Equivalent(&'a TextsEvidence, Option<&'a FreeEvidence>),
    /// None of the above.
    Undecided(&'a TextsEvidence),
}

impl<'a> Ground<'a> {
    /// Reads the evidence.
    pub(super) fn of(evidence: &'a Evidence) -> Self {
        if evidence.n_candidates == 0 {
            return Ground::NoSyntheticRows;
        }
        if evidence.n_kept == 0 {
            return Ground::NothingKept;
        }
        let Some(texts) = &evidence.texts else { return Ground::NothingToJudge };
        let raised = || evidence.labels.iter().filter(|label| label.is_raised);
        if evidence.n_train < FEW_REAL || raised().all(|label| label.support < FEW_OF_LABEL) {
            return Ground::FewRows(texts);
        }
        if texts.over_none.estimate.high < 0.0 {
            return Ground::Harm(texts);
        }
        let rivals = evidence.rivals();
        let beats = |free: &&FreeEvidence| free.texts_over.as_ref().is_none_or(|d| d.estimate.high >= 0.0);
        // Where the ranking rises and the figure that people are shown falls, the rows do not decide which is the one to go by.
        let is_above = texts.shown.zip(evidence.before).is_none_or(|(with, before)| with >= before);
        let gains = texts.over_none.estimate.value >= 0.0 && is_above;
        let stands = texts.arm == evidence.taken && gains && rivals.iter().all(beats);
        let met = met(texts, &rivals);
        let least = |of: fn(&Estimate) -> f64| met.iter().copied().min_by(|a, b| of(a.1).total_cmp(&of(b.1)));
        if let (Some((nearest, over)), Some((smallest, difference)), true) =
            (least(|d| d.low), least(|d| d.value), stands)
        {
            if over.low > 0.0 {
                return Ground::Proven(texts, nearest);
            }
            // Copies pass a veto because they are merely useless: a difference that is not proven is no promise of theirs.
            let is_faulty = evidence.faults.iter().any(|fault| fault.kind == FaultKind::Copies);
            if difference.value > 0.0 && !is_faulty {
                return Ground::Promising(texts, smallest);
            }
        }
        let (hold, below): (Vec<_>, Vec<_>) = rivals.into_iter().partition(|free| holds(evidence, free));
        let most = |free: Option<&FreeEvidence>| match free {
            Some(free) => free.texts_over.as_ref().map(|over| over.estimate.high),
            None => Some(texts.over_none.estimate.high),
        };
        // What is named is what is advised, where both can be: first the rivals in their order, then the real rows as they are.
        let mut in_turn = hold.into_iter().map(Some).chain([None]).chain(below.into_iter().map(Some));
        match in_turn.find(|free| most(*free).is_some_and(|most| most < RELEVANT)) {
            Some(free) => Ground::Equivalent(texts, free),
            None => Ground::Undecided(texts),
        }
    }

    /// The level; a proven gain that somebody pays for is one at a price.
    pub(super) fn level(self, is_paid: bool) -> Option<Level> {
        Some(match self {
            Ground::NoSyntheticRows => return None,
            Ground::NothingKept | Ground::Harm(_) => Level::No,
            Ground::NothingToJudge | Ground::FewRows(_) | Ground::Undecided(_) => Level::TooLittleData,
            Ground::Proven(..) if is_paid => Level::YesAtAPrice,
            Ground::Proven(..) => Level::Yes,
            Ground::Promising(..) => Level::Promising,
            Ground::Equivalent(..) => Level::NotNeeded,
        })
    }
}

/// The rivals that a gain of the texts is set against, with the difference to each: class weights, and where the arm of the texts has a
/// calibrated cut that of class weights, too: copies of real rows gain by the cut alone. Empty where class weights were not judged.
fn met<'a>(texts: &TextsEvidence, rivals: &[&'a FreeEvidence]) -> Vec<(&'a FreeEvidence, &'a Estimate)> {
    let has_cut = lookup(texts.arm).and_then(|arm| arm.form).is_some_and(|form| form.with == Addition::Threshold);
    let met = rivals.iter().filter(|free| has_cut || free.arm == CLASS_WEIGHT);
    let mut met: Vec<_> = met.filter_map(|free| Some((*free, &free.texts_over.as_ref()?.estimate))).collect();
    // Of equals class weights are named: a cut changes no ranking.
    met.sort_by_key(|(free, _)| free.arm != CLASS_WEIGHT);
    if met.iter().any(|(free, _)| free.arm == CLASS_WEIGHT) { met } else { Vec::new() }
}

/// The arm to train with: what the selection procedure took where the synthetic rows are used or there were none; else the rival that
/// is stronger in cross-validation. Never an arm that is seen to be below the real rows as they are in the figure that people are shown, or
/// proven to be below them in the one that decides: class weights move a ranking by thousandths either way, and a cut not at all, while
/// both may find three times as many texts of a rare label.
pub(super) fn recommended(evidence: &Evidence, level: Option<Level>) -> &'static str {
    if level.is_some_and(Level::uses_synthetic) {
        return evidence.taken;
    }
    let own = Some(evidence.taken).filter(|taken| level.is_none() && !arm::is_synthetic(taken));
    let rivals = evidence.rivals().into_iter().map(|free| free.arm);
    let may = |arm: &&str| evidence.free.iter().find(|free| free.arm == *arm).is_none_or(|free| holds(evidence, free));
    own.into_iter().chain(rivals).find(may).unwrap_or(NONE)
}

/// Whether an arm is neither seen to be below the real rows as they are in the figure that people are shown, nor proven to be below them in
/// the one that decides.
fn holds(evidence: &Evidence, free: &FreeEvidence) -> bool {
    free.over_none.as_ref().is_none_or(|difference| difference.estimate.high >= 0.0)
        && free.shown.zip(evidence.before).is_none_or(|(with, before)| with >= before)
}
