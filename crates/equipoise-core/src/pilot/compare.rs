//! Prompts side by side on the same rows.

use super::beside::{Beside, Real};
use super::entry::{Asked, Entry};
use super::figures::{Figures, Looked, Seen, look, worth_of_named};
use super::gain::{FEWEST, Folded};
use super::ranking::{Place, Standing, rank};
use super::variety::FEWEST as FEWEST_VARIED;
use crate::check::Panel;
use crate::data::{LabelId, TrainView};
use crate::generator::Candidate;
use crate::plan::Price;
use crate::rng::Seed;
use crate::stats::{Estimate, Share, wilson_share};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// Texts that are shown side by side.
const SHOWN: usize = 12;

/// A prompt with a model and a temperature, and what it was asked.
#[derive(Debug, Clone)]
pub struct Contestant {
    /// What people call it.
    pub name: String,
    /// The template's version: BLAKE3 of its source, hex.
    pub version: String,
    /// `PROVIDER/NAME`.
    pub model: String,
    /// Temperature; `None` for the provider's default.
    pub temperature: Option<f64>,
    /// USD a million tokens, where known.
    pub price: Option<Price>,
    /// Its requests, in the order of the plan.
    pub asked: Vec<Asked>,
}

/// What the texts are looked at with.
pub struct PilotInputs<'a> {
    /// The rows that texts are made from.
    pub train: TrainView<'a>,
    /// The checks.
    pub panel: &'a Panel<'a>,
    /// Seed of the pilot.
    pub seed: Seed,
}

/// Prompts, ranked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Comparison {
    /// Version of this layout.
    pub schema: u32,
    /// Texts that every prompt was asked for.
    pub n_texts: usize,
    /// The labels that they are of, each with how many.
    pub labels: BTreeMap<String, usize>,
    /// Which prompt is best, and how sure that is, in a sentence or two.
    pub verdict: String,
    /// The prompts, best first.
    pub prompts: Vec<Compared>,
    /// The real rows beside them.
    pub real: Beside,
    /// Some texts side by side.
    pub texts: Vec<SideBySide>,
}

/// One prompt of several.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Compared {
    /// What people call it.
    pub name: String,
    /// The template's version.
    pub version: String,
    /// `PROVIDER/NAME`.
    pub model: String,
    /// Temperature; `None` for the provider's default.
    pub temperature: Option<f64>,
    /// How it stands.
    pub standing: Standing,
    /// The share (0..1) of the texts asked for that are good; this ranks the prompts.
    pub good: Option<Estimate>,
    /// That share less the best prompt's, paired by text; `None` of the best one.
    pub behind: Option<Estimate>,
    /// The p-value of that difference, corrected for all pairs of prompts.
    pub p_value: Option<f64>,
    /// Everything else.
    pub figures: Figures,
    /// By label, what its texts add to average precision out of fold, where there are 50 kept texts and 50 real rows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub gain: BTreeMap<String, Estimate>,
}

/// One text that was asked for, and what each prompt gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SideBySide {
    /// Its label.
    pub label: String,
    /// The real row that it was to be made from, where there is one.
    pub source: Option<String>,
    /// What each prompt gave, in the order of [`Comparison::prompts`].
    pub given: Vec<ShownText>,
}

/// A text that a prompt gave.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ShownText {
    /// The text; `None` where none came.
    pub text: Option<String>,
    /// Why it is not kept, `check/reason`; `None` where it is, or none came.
    pub rejected_by: Option<String>,
}

/// Looks at what every contestant gave, and ranks them.
pub fn compare(contestants: &[Contestant], inputs: &PilotInputs<'_>) -> Comparison {
    let labels = inputs.train.labels();
    let mut entries: Vec<Entry> = contestants.iter().map(|c| Entry::new(&c.asked, labels)).collect();
    Entry::cut(&mut entries);
    let none = Entry::default();
    let real = Real::new(inputs.train, entries.first().unwrap_or(&none), inputs.seed.child("real"));
    let seen: Vec<Vec<Seen>> = entries.iter_mut().map(|entry| look(entry, &real, inputs)).collect();
    let naming = real.naming(inputs);
    let score = |(entry, seen): (&Entry, &Vec<Seen>)| -> Vec<f64> {
        let named = worth_of_named(seen, naming.as_ref());
        entry.all().zip(seen).map(|((label, _), seen)| seen.score(real.power(label), named)).collect()
    };
    let scores: Vec<Vec<f64>> = entries.iter().zip(&seen).map(score).collect();
    let groups: Vec<Vec<u32>> = entries.iter().map(|e| e.all().map(|(_, slot)| slot.request).collect()).collect();
    let looked: Vec<Looked<'_>> = (0..entries.len())
        .map(|at| Looked { entry: &entries[at], seen: &seen[at], real: &real, price: contestants[at].price })
        .collect();
    // Those with too few texts for the figure do not take it from the others.
    let n_kept = looked.iter().map(|looked| looked.kept().count()).filter(|n| *n >= FEWEST_VARIED);
    let n_varied = n_kept.min().unwrap_or(0).min(real.rows.len());
    let gains = gains(&looked, inputs);
    let prompts: Vec<(usize, Compared)> = rank(&scores, &groups)
        .into_iter()
        .map(|place| {
            let at = place.contestant;
            let figures = looked[at].figures(n_varied, inputs.seed);
            (at, compared(&contestants[at], place, figures, gains[at].clone()))
        })
        .collect();
    let order: Vec<usize> = prompts.iter().map(|(at, _)| *at).collect();
    let prompts: Vec<Compared> = prompts.into_iter().map(|(_, compared)| compared).collect();
    let first = entries.first().unwrap_or(&none);
    let named = |(label, slots): (&LabelId, &Vec<_>)| (labels.name(*label).to_owned(), slots.len());
    Comparison {
        schema: 1,
        n_texts: first.all().count(),
        labels: first.slots.iter().map(named).collect(),
        verdict: verdict(&prompts),
        prompts,
        real: real.beside(inputs, naming, n_varied),
        texts: side_by_side(&order, &looked, inputs.train),
    }
}

fn compared(contestant: &Contestant, place: Place, figures: Figures, gain: BTreeMap<String, Estimate>) -> Compared {
    let Contestant { name, version, model, temperature, .. } = contestant.clone();
    Compared {
        name,
        version,
        model,
        temperature,
        standing: place.standing,
        good: wilson_share(Share { value: place.mean, n: figures.n_asked as f64 }),
        behind: place.behind.map(|measured| measured.estimate),
        p_value: place.p_value,
        figures,
        gain,
    }
}

/// For each contestant, what its kept texts add to average precision, by label.
fn gains(looked: &[Looked<'_>], inputs: &PilotInputs<'_>) -> Vec<BTreeMap<String, Estimate>> {
    let kept: Vec<Vec<(LabelId, &Candidate)>> = looked.iter().map(|looked| looked.kept().collect()).collect();
    let has_enough =
        |label: &LabelId| kept.iter().any(|texts| texts.iter().filter(|(of, _)| of == label).count() >= FEWEST);
    let asked = looked.iter().flat_map(|looked| looked.entry.slots.keys().copied()).collect::<BTreeSet<LabelId>>();
    let labels: Vec<LabelId> = asked.into_iter().filter(has_enough).collect();
    let folded = if labels.is_empty() { None } else { Folded::new(inputs.train, inputs.seed.child("gain")) };
    let Some(folded) = folded else { return vec![BTreeMap::new(); looked.len()] };
    let gain = |texts: &Vec<(LabelId, &Candidate)>| {
        let of = |label: &LabelId| Some((inputs.train.labels().name(*label).to_owned(), folded.gain(texts, *label)?));
        labels.iter().filter_map(of).collect()
    };
    kept.iter().map(gain).collect()
}

/// Some texts side by side: those of every label in turn.
fn side_by_side(order: &[usize], looked: &[Looked<'_>], train: TrainView<'_>) -> Vec<SideBySide> {
    let Some(first) = looked.first() else { return Vec::new() };
    let n_labels = first.entry.slots.len().max(1);
    let position = train.positions();
    let mut at = 0;
    let mut shown = Vec::new();
    for (label, slots) in &first.entry.slots {
        for (slot, at) in slots.iter().zip(at..).take(SHOWN.div_ceil(n_labels)) {
            let given = |looked: &Looked<'_>| ShownText {
                text: looked.entry.all().nth(at).and_then(|(_, slot)| Some(slot.candidate.as_ref()?.text.clone())),
                rejected_by: looked.seen.get(at).and_then(|seen| seen.rejected_by.clone()),
            };
            let source = slot.source.and_then(|row| position.get(&row)).map(|at| train.get(*at).text.to_owned());
            let given = order.iter().map(|contestant| given(&looked[*contestant])).collect();
            shown.push(SideBySide { label: train.labels().name(*label).to_owned(), source, given });
        }
        at += slots.len();
    }
    shown
}

/// Which prompt is best, and how sure that is.
fn verdict(prompts: &[Compared]) -> String {
    let Some((best, others)) = prompts.split_first() else { return String::new() };
    let good = |prompt: &Compared| prompt.good.as_ref().map_or(0.0, |good| 100.0 * good.value);
    let n = best.figures.n_asked;
    if n == 0 {
        return "No text was asked for to its end, so that nothing can be compared.".to_owned();
    }
    let share = format!("{:.0} % of the {n} texts asked for are good", good(best));
    if others.is_empty() {
        return format!("`{}` alone: {share}.", best.name);
    }
    if best.standing == Standing::ClearlyBest {
        return format!("`{}` is clearly best: {share}, and the others give fewer beyond chance.", best.name);
    }
    let listed = |standing: Standing| -> Vec<String> {
        others.iter().filter(|p| p.standing == standing).map(|p| format!("`{}` ({:.0} %)", p.name, good(p))).collect()
    };
    let (equal, worse) = (listed(Standing::AboutAsGood), listed(Standing::ClearlyWorse));
    let are = |names: &[String]| if names.len() == 1 { "is" } else { "are" };
    let mut told = format!(
        "`{}` comes first: {share}; {} {} about as good, the difference may be chance.",
        best.name,
        equal.join(", "),
        are(&equal)
    );
    if !worse.is_empty() {
        told += &format!(" {} {} clearly worse.", worse.join(", "), are(&worse));
    }
    let price = |prompt: &Compared| prompt.figures.usd_per_kept;
    let cheaper =
        others.iter().filter(|p| p.standing == Standing::AboutAsGood && price(p) < price(best) && price(p).is_some());
    if let Some(cheapest) = cheaper.min_by(|a, b| price(a).unwrap_or(0.0).total_cmp(&price(b).unwrap_or(0.0))) {
        told += &format!(" Of these, `{}` costs least for each kept text.", cheapest.name);
    }
    told
}

#[cfg(test)]
#[path = "compare_tests.rs"]
mod tests;
