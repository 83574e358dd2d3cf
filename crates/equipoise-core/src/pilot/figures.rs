//! The figures of one prompt.

use super::PilotInputs;
use super::beside::Real;
use super::entry::{Entry, Slot};
use super::variety::variety;
use crate::check::{CheckOutcome, Verdict};
use crate::data::LabelId;
use crate::generator::Candidate;
use crate::pattern::{Families, Traced, lengths, told_apart};
use crate::plan::Price;
use crate::rng::Seed;
use crate::stats::{Estimate, wilson};
use crate::text::{has_case, has_punctuation, is_pictograph};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};

/// The checks that find the label's name in a text.
pub(super) const LABEL_CHECKS: [&str; 2] = ["label_leak", "label_prefix"];

/// A habit of writing, and whether a text has it.
pub(super) type HabitOf = (&'static str, fn(&str) -> bool);

/// The habits that prompts most often change.
pub(super) const HABITS: [HabitOf; 4] = [
    ("no capital letter", |text| has_case(text) && !text.contains(char::is_uppercase)),
    ("punctuation", has_punctuation),
    ("emoji", |text| text.contains(is_pictograph)),
    ("hashtag", |text| text.split_whitespace().any(|word| word.len() > 1 && word.starts_with('#'))),
];

/// How often texts have a habit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Habit {
    /// The habit.
    pub what: String,
    /// The share (0..1) of texts that have it.
    pub share: f64,
}

/// What came of the texts that a prompt was to give. Shares are in 0..1; a figure is `None` where nothing stands behind it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Requests that were answered.
    pub n_answers: usize,
    /// Texts asked for.
    pub n_asked: usize,
    /// Texts that answers held.
    pub n_read: usize,
    /// Texts that no check rejects.
    pub n_kept: usize,
    /// Answers that hold every text asked for, none of them cut.
    pub read_whole: Option<Estimate>,
    /// Texts asked for that no check rejects.
    pub kept: Option<Estimate>,
    /// Texts read that are copies of a real row or of an earlier text.
    pub copies: Option<Estimate>,
    /// Texts read that are nearly one, whether the checks reject those or warn of them.
    pub near_copies: Option<Estimate>,
    /// Texts asked for that the model declined.
    pub refused: Option<Estimate>,
    /// Kept texts whose label the judge leaves alone.
    pub agreement: Option<Estimate>,
    /// Texts read that name their label.
    pub names_label: Option<Estimate>,
    /// The chance that a kept text is longer than a real row: 0.5 where neither is.
    pub longer: Option<Estimate>,
    /// Characters of the middle kept text.
    pub chars: Option<usize>,
    /// Habits of writing.
    pub habits: Vec<Habit>,
    /// Distinct ones among the pairs of neighbouring words, in as many kept texts as every prompt has.
    pub variety: Option<f64>,
    /// How well a classifier tells kept texts from real rows: area under the ROC curve, 0.5 where it cannot.
    pub told_apart: Option<Estimate>,
    /// Tokens read by the model.
    pub input_tokens: u64,
    /// Tokens written by the model.
    pub output_tokens: u64,
    /// Tokens read and written for each kept text.
    pub tokens_per_kept: Option<f64>,
    /// USD for each kept text; `None` also where the price is unknown.
    pub usd_per_kept: Option<f64>,
    /// The texts that checks rejected, by the first reason, `check/reason`.
    pub rejected_by: BTreeMap<String, usize>,
}

/// A text that was asked for, as the checks and the judge see it.
#[derive(Debug, Clone, Default)]
pub(super) struct Seen {
    pub(super) rejected_by: Option<String>,
    is_copy: bool,
    is_near: bool,
    names_label: bool,
    /// `None` where there is no text, or no judge.
    is_accused: Option<bool>,
    pub(super) is_kept: bool,
}

impl Seen {
    /// What the text is worth, in 0..=1: nothing where none came or a check rejects it or it is near another one; `named` where it names its
    /// label; and less where the judge accuses it, as far as accusations count.
    pub(super) fn score(&self, power: f64, named: f64) -> f64 {
        let is_sound = self.is_kept && !self.is_near;
        let label = if self.is_accused == Some(true) { 1.0 - power } else { 1.0 };
        let name = if self.names_label { named } else { 1.0 };
        if is_sound { label * name } else { 0.0 }
    }
}

/// What a text that names its label is worth, in 0..=1: among so many texts as name theirs, no more count than among real rows.
pub(super) fn worth_of_named(seen: &[Seen], real: Option<&Estimate>) -> f64 {
    let n_named = seen.iter().filter(|seen| seen.is_kept && seen.names_label).count();
    let n_kept = seen.iter().filter(|seen| seen.is_kept).count();
    let expected = real.map_or(1.0, |real| real.value) * n_kept as f64;
    if n_named as f64 <= expected { 1.0 } else { expected / n_named as f64 }
}

/// Looks at the texts of an entry, in the order of [`Entry::all`].
pub(super) fn look(entry: &mut Entry, real: &Real<'_>, inputs: &PilotInputs<'_>) -> Vec<Seen> {
    let mut candidates = entry.candidates();
    inputs.panel.mend(&mut candidates);
    let mut judging = inputs.panel.begin();
    let mut verdicts = judging.judge(&candidates);
    verdicts.extend(judging.conclude(&verdicts).0);
    entry.mend(candidates);
    let mut of_text: HashMap<&str, Vec<&Verdict>> = HashMap::new();
    verdicts.iter().for_each(|verdict| of_text.entry(verdict.candidate.as_str()).or_default().push(verdict));
    let came: Vec<(LabelId, &Slot, &Candidate)> =
        entry.all().filter_map(|(label, slot)| Some((label, slot, slot.candidate.as_ref()?))).collect();
    let claims: Vec<_> =
        came.iter().map(|(label, slot, candidate)| (candidate.text.as_str(), *label, slot.source)).collect();
    let mut accused = real.accused(&claims).map(Vec::into_iter);
    let mut see = |slot: &Slot| match &slot.candidate {
        None => Seen::default(),
        Some(candidate) => {
            let own = of_text.get(candidate.id.as_str()).map_or(&[][..], Vec::as_slice);
            Seen { is_accused: accused.as_mut().and_then(Iterator::next), ..seen(own) }
        }
    };
    entry.all().map(|(_, slot)| see(slot)).collect()
}

/// What checks say of a text.
fn seen(verdicts: &[&Verdict]) -> Seen {
    let repeating = verdicts.iter().copied().filter(|verdict| verdict.facts().is_some_and(|reason| reason.repeats));
    let (exact, near): (Vec<&Verdict>, Vec<&Verdict>) = repeating.partition(|verdict| verdict.check == "copy");
    let rejected = verdicts.iter().find(|verdict| verdict.outcome == CheckOutcome::Reject);
    Seen {
        rejected_by: rejected.map(|verdict| format!("{}/{}", verdict.check, verdict.reason)),
        is_copy: !exact.is_empty(),
        is_near: !near.is_empty(),
        names_label: verdicts.iter().any(|verdict| LABEL_CHECKS.contains(&verdict.check.as_str())),
        is_accused: None,
        is_kept: rejected.is_none(),
    }
}

/// What the figures of one prompt are made from.
pub(super) struct Looked<'a> {
    pub(super) entry: &'a Entry,
    pub(super) seen: &'a [Seen],
    pub(super) real: &'a Real<'a>,
    pub(super) price: Option<Price>,
}

impl<'a> Looked<'a> {
    /// The kept texts, each with its source.
    pub(super) fn kept(&self) -> impl Iterator<Item = (LabelId, &'a Candidate)> + '_ {
        let kept = self.entry.all().zip(self.seen).filter(|(_, seen)| seen.is_kept);
        kept.filter_map(|((label, slot), _)| Some((label, slot.candidate.as_ref()?)))
    }

    /// The figures; `n_varied` texts are looked at for variety.
    pub(super) fn figures(&self, n_varied: usize, seed: Seed) -> Figures {
        let Looked { entry, seen, real, price } = *self;
        let slots: Vec<&Slot> = entry.all().map(|(_, slot)| slot).collect();
        let n_read = slots.iter().filter(|slot| slot.candidate.is_some()).count();
        let count = |is: fn(&Seen) -> bool| seen.iter().filter(|seen| is(seen)).count();
        let (n_asked, n_kept) = (slots.len(), count(|seen| seen.is_kept));
        let texts: Vec<&str> = self.kept().map(|(_, candidate)| candidate.text.as_str()).collect();
        let trace = |candidate: &'a Candidate| candidate.sources.rows().first().map(|row| row.0);
        let traced: Vec<Traced<'_>> =
            self.kept().map(|(_, c)| Traced { text: c.text.as_str(), source: trace(c) }).collect();
        let of_real = real.traced();
        let lengths = lengths(&Families::new(&traced), &Families::new(&of_real), seed.child("lengths"));
        let n_judged = count(|seen| seen.is_kept && seen.is_accused.is_some());
        let mut rejected_by = BTreeMap::new();
        seen.iter().filter_map(|s| s.rejected_by.clone()).for_each(|why| *rejected_by.entry(why).or_default() += 1);
        let usage = entry.usage;
        let is_told = usage.input_tokens + usage.output_tokens > 0;
        let per_kept = |total: f64| (n_kept > 0 && is_told).then(|| total / n_kept as f64);
        Figures {
            n_answers: entry.n_answers,
            n_asked,
            n_read,
            n_kept,
            read_whole: part(entry.n_whole, entry.n_answers),
            kept: part(n_kept, n_asked),
            copies: part(count(|seen| seen.is_copy), n_read),
            near_copies: part(count(|seen| seen.is_near && !seen.is_copy), n_read),
            refused: part(slots.iter().filter(|slot| slot.is_refused).count(), n_asked),
            agreement: part(count(|seen| seen.is_kept && seen.is_accused == Some(false)), n_judged),
            names_label: part(count(|seen| seen.names_label), n_read),
            longer: lengths.map(|lengths| lengths.longer),
            chars: middle(&texts),
            habits: HABITS
                .iter()
                .map(|(what, has)| Habit { what: (*what).to_owned(), share: share_of(&texts, *has) })
                .collect(),
            variety: variety(&texts, n_varied),
            told_apart: told_apart(&traced, &of_real, seed.child("told apart")),
            input_tokens: usage.input_tokens,
            output_tokens: usage.output_tokens,
            tokens_per_kept: per_kept((usage.input_tokens + usage.output_tokens) as f64),
            usd_per_kept: price.and_then(|price| per_kept(price.of(usage.input_tokens, usage.output_tokens))),
            rejected_by,
        }
    }
}

fn part(n: usize, of: usize) -> Option<Estimate> {
    wilson(n as u64, of as u64)
}

/// The share of texts that have a habit; 0 of none.
pub(super) fn share_of(texts: &[&str], has: fn(&str) -> bool) -> f64 {
    texts.iter().filter(|text| has(text)).count() as f64 / texts.len().max(1) as f64
}

/// Characters of the middle text.
fn middle(texts: &[&str]) -> Option<usize> {
    let mut chars: Vec<usize> = texts.iter().map(|text| text.trim().chars().count()).collect();
    chars.sort_unstable();
    chars.get(chars.len() / 2).copied()
}
