//! What the texts of a pilot are set beside: real rows of the same labels, and a judge of labels that was tried on them.

use super::entry::Entry;
use super::figures::{HABITS, LABEL_CHECKS, share_of};
use super::variety::real_variety;
use super::{Habit, PilotInputs};
use crate::check::Panel;
use crate::data::{LabelId, Row, RowId, TrainView};
use crate::generator::{Candidate, Sources};
use crate::pattern::{Traced, baseline};
use crate::probation::{Claim, ClassifierJudge, Record, accuses};
use crate::rng::Seed;
use crate::stats::{Estimate, Share, wilson, wilson_share};
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap, HashSet};

/// What real rows of the same labels, in the same proportion, show. A figure is `None` where the rows are too few for it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Beside {
    /// Rows that were looked at.
    pub n: usize,
    /// The share (0..1) of them whose label the judge leaves alone, out of fold.
    pub agreement: Option<Estimate>,
    /// The share that names its label.
    pub names_label: Option<Estimate>,
    /// Characters of the middle row.
    pub chars: Option<usize>,
    /// Habits of writing.
    pub habits: Vec<Habit>,
    /// Distinct ones among the pairs of neighbouring words, in as many rows as there are texts.
    pub variety: Option<Estimate>,
    /// How well a classifier tells two halves of the rows apart: area under the ROC curve.
    pub told_apart: Option<Estimate>,
}

/// The real rows of a pilot's labels.
pub(super) struct Real<'a> {
    /// As many of each label as keep the proportion of the texts.
    pub(super) rows: Vec<Row<'a>>,
    judge: Option<ClassifierJudge>,
    position: HashMap<RowId, usize>,
    /// By label, how far an accusation counts: what the judge finds among wrong rows less what it accuses of right ones.
    power: BTreeMap<LabelId, f64>,
    agreement: Option<Estimate>,
}

impl<'a> Real<'a> {
    pub(super) fn new(train: TrainView<'a>, entry: &Entry, seed: Seed) -> Self {
        let asked: BTreeMap<LabelId, usize> = entry.slots.iter().map(|(label, slots)| (*label, slots.len())).collect();
        let all: Vec<(&str, LabelId)> = train.rows().map(|row| (row.text, row.label)).collect();
        let judge = ClassifierJudge::learn(&all, train.labels().len(), seed.child("judge"));
        let records: BTreeMap<LabelId, Record> =
            asked.keys().filter_map(|label| Some((*label, Record::of(*label, judge.as_ref()?.real())?))).collect();
        let power = |record: &Record| (record.found.value - record.falsely.value).clamp(0.0, 1.0);
        Real {
            rows: in_proportion(train, &asked, seed.child("rows")),
            judge,
            position: train.positions(),
            power: records.iter().map(|(label, record)| (*label, power(record))).collect(),
            agreement: agreement(&records, &asked),
        }
    }

    /// Whether the judge says that each text is of another label than it claims; `None` where there is no judge.
    pub(super) fn accused(&self, texts: &[(&str, LabelId, Option<RowId>)]) -> Option<Vec<bool>> {
        let position = |row: &Option<RowId>| row.and_then(|row| self.position.get(&row).copied());
        let claims: Vec<Claim<'_>> =
            texts.iter().map(|(text, label, row)| Claim { text, label: *label, source: position(row) }).collect();
        let judged = self.judge.as_ref()?.judge(&claims);
        Some(judged.into_iter().map(|judged| accuses(judged.opinion, judged.label)).collect())
    }

    /// How far an accusation of a text of `label` counts, in 0..=1: not at all where the judge accuses right rows as often as wrong ones.
    pub(super) fn power(&self, label: LabelId) -> f64 {
        self.power.get(&label).copied().unwrap_or(0.0)
    }

    /// The rows as texts that go back to themselves.
    pub(super) fn traced(&self) -> Vec<Traced<'a>> {
        self.rows.iter().map(|row| Traced { text: row.text, source: Some(row.id.0) }).collect()
    }

    /// The share of them that names its label, by the checks that look for it in texts.
    pub(super) fn naming(&self, inputs: &PilotInputs<'_>) -> Option<Estimate> {
        named(inputs.panel, &self.rows, inputs.train)
    }

    /// What they show, beside the share that names its label; `n_texts` are looked at for variety.
    pub(super) fn beside(&self, inputs: &PilotInputs<'_>, names_label: Option<Estimate>, n_texts: usize) -> Beside {
        let texts: Vec<&str> = self.rows.iter().map(|row| row.text).collect();
        let habit = |(what, has): &(&'static str, fn(&str) -> bool)| Habit {
            what: (*what).to_owned(),
            share: share_of(&texts, *has),
        };
        let mut chars: Vec<usize> = texts.iter().map(|text| text.trim().chars().count()).collect();
        chars.sort_unstable();
        Beside {
            n: texts.len(),
            agreement: self.agreement.clone(),
            names_label,
            chars: chars.get(chars.len() / 2).copied(),
            habits: HABITS.iter().map(habit).collect(),
            variety: real_variety(&texts, n_texts, inputs.seed),
            told_apart: baseline(&self.traced(), inputs.seed.child("baseline")),
        }
    }
}

/// Rows of the labels, as many as keep the proportion in which texts were asked for.
fn in_proportion<'a>(train: TrainView<'a>, asked: &BTreeMap<LabelId, usize>, seed: Seed) -> Vec<Row<'a>> {
    let counts = train.counts();
    let times = |(label, n): (&LabelId, &usize)| counts[label.index()] as f64 / *n as f64;
    let times = asked.iter().map(times).fold(f64::INFINITY, f64::min);
    let mut taken = Vec::new();
    for (label, n) in asked {
        let mut rows: Vec<Row<'a>> = train.rows().filter(|row| row.label == *label).collect();
        rows.shuffle(&mut seed.child(&label.0.to_string()).rng());
        rows.truncate((*n as f64 * times).round() as usize);
        taken.extend(rows);
    }
    taken
}

/// The share of real rows that the judge leaves alone, every label in its proportion.
fn agreement(records: &BTreeMap<LabelId, Record>, asked: &BTreeMap<LabelId, usize>) -> Option<Estimate> {
    let n_asked: usize = records.keys().map(|label| asked[label]).sum();
    let weighed = |(label, record): (&LabelId, &Record)| (1.0 - record.falsely.value) * asked[label] as f64;
    let value = records.iter().map(weighed).sum::<f64>() / n_asked.max(1) as f64;
    let n = records.values().map(|record| record.falsely.n).sum::<f64>();
    wilson_share(Share { value, n })
}

fn named(panel: &Panel<'_>, rows: &[Row<'_>], train: TrainView<'_>) -> Option<Estimate> {
    let candidate = |row: &Row<'_>| Candidate {
        id: row.id.to_string(),
        text: row.text.to_owned(),
        label: train.labels().name(row.label).to_owned(),
        request: None,
        position: 0,
        sources: Sources::One(row.id),
        fault: None,
        came: None,
        attributes: Default::default(),
    };
    let verdicts = panel.begin().judge(&rows.iter().map(candidate).collect::<Vec<_>>());
    let naming = verdicts.iter().filter(|verdict| LABEL_CHECKS.contains(&verdict.check.as_str()));
    let named: HashSet<&str> = naming.map(|verdict| verdict.candidate.as_str()).collect();
    wilson(named.len() as u64, rows.len() as u64)
}
