//! What the review page is told: rows, queue and progress as plain data.

use super::model::Opinion;
use crate::Material;
use equipoise_core::check::{CheckOutcome, Verdict};
use equipoise_core::data::RowId;
use equipoise_core::generator::Candidate;
use equipoise_core::review::{Agreement, Decision, History, Item, LabelSample, RowHash, Shown, Standing, agreement};
use equipoise_core::rng::Seed;
use equipoise_core::round::Generated;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// Everything that no decision changes.
#[derive(Debug, Serialize)]
pub struct Page<'a> {
    /// The run folder.
    pub run: String,
    /// Who reviews.
    pub reviewer: &'a str,
    /// Labels that a row may be given.
    pub labels: Vec<String>,
    /// The generated texts, in the order of the candidates.
    pub rows: &'a [RowShown],
    /// What to type when all is decided.
    pub next: String,
}

/// One generated text.
#[derive(Debug, Clone, Serialize)]
pub struct RowShown {
    /// Its identity.
    pub row: RowHash,
    /// The candidate's id.
    pub candidate: String,
    /// Its label.
    pub label: String,
    /// The text.
    pub text: String,
    /// `kept`, `surplus` or `rejected`.
    pub state: &'static str,
    /// The real texts that it was made from, at most three.
    pub sources: Vec<String>,
    /// What the checks found.
    pub findings: Vec<FindingShown>,
    /// What a model of the real rows says; `None` where none could be trained.
    pub model: Option<Opinion>,
}

/// What a check found.
#[derive(Debug, Clone, Serialize)]
pub struct FindingShown {
    /// The check.
    pub check: String,
    /// Name of the reason.
    pub reason: String,
    /// The reason in words.
    pub what: String,
    /// `warn` or `reject`.
    pub outcome: CheckOutcome,
    /// Rows or words that show it.
    pub evidence: Vec<String>,
}

impl FindingShown {
    pub(super) fn of(verdict: &Verdict) -> Self {
        let what = verdict.facts().map_or_else(|| verdict.reason.replace('_', " "), |r| r.what.to_owned());
        FindingShown {
            check: verdict.check.clone(),
            reason: verdict.reason.clone(),
            what,
            outcome: verdict.outcome,
            evidence: verdict.evidence.iter().take(MOST_EVIDENCE).cloned().collect(),
        }
    }
}

/// A row of the queue.
#[derive(Debug, Serialize)]
pub struct ItemShown {
    /// Position among the rows.
    pub at: usize,
    /// Why it is shown.
    pub shown: Shown,
}

/// What is to be decided, and what was.
#[derive(Debug, Serialize)]
pub struct Queue {
    /// Rows to decide, in order.
    pub queue: Vec<ItemShown>,
    /// What this reviewer decided, by row.
    pub mine: Vec<(RowHash, Decision)>,
    /// What others decided about disputed rows, by position; about other rows it stays hidden, so that opinions are independent.
    pub others: Vec<(usize, Vec<(String, Decision)>)>,
    /// How far everybody is.
    pub progress: Progress,
}

/// How far the review is.
#[derive(Debug, Serialize)]
pub struct Progress {
    /// Different rows.
    pub n_rows: usize,
    /// Rows with a decision that holds.
    pub n_decided: usize,
    /// Rows about which reviewers disagree.
    pub n_disputed: usize,
    /// Rows that nobody decided about.
    pub n_open: usize,
    /// What the sample of each label says.
    pub samples: Vec<LabelSample>,
    /// How far reviewers agree.
    pub agreement: Vec<Agreement>,
}

const MOST_SOURCES: usize = 3;
const MOST_EVIDENCE: usize = 5;

/// The texts of a run, each with the opinion at its place. What the parser could not read whole is not shown: nobody can repair it by
/// a decision.
pub(super) fn rows(material: &Material, generated: &Generated, opinions: &[Opinion]) -> Vec<RowShown> {
    let texts: HashMap<RowId, &str> = material.dataset().train().rows().map(|r| (r.id, r.text)).collect();
    let ids = |list: &[String]| list.iter().cloned().collect::<HashSet<String>>();
    let (kept, surplus) = (ids(&generated.selection.kept), ids(&generated.selection.surplus));
    let mut findings: HashMap<&str, Vec<FindingShown>> = HashMap::new();
    for verdict in generated.verdicts.iter().filter(|v| v.outcome != CheckOutcome::Pass) {
        findings.entry(&verdict.candidate).or_default().push(FindingShown::of(verdict));
    }
    let source = |id: &RowId| texts.get(id).map(|t| (*t).to_owned());
    let row = |(at, c): (usize, &Candidate)| RowShown {
        row: RowHash::of(&c.label, &c.text),
        candidate: c.id.clone(),
        label: c.label.clone(),
        text: c.text.clone(),
        state: match (kept.contains(&c.id), surplus.contains(&c.id)) {
            (true, _) => "kept",
            (_, true) => "surplus",
            _ => "rejected",
        },
        sources: c.sources.rows().iter().filter_map(source).take(MOST_SOURCES).collect(),
        findings: findings.get(c.id.as_str()).cloned().unwrap_or_default(),
        model: opinions.get(at).cloned(),
    };
    generated.candidates.iter().enumerate().filter(|(_, c)| c.fault.is_none()).map(row).collect()
}

pub(super) fn queue(rows: &[RowShown], items: &[Item], history: &History, reviewer: &str, progress: Progress) -> Queue {
    let of_row = |row: &RowShown| Some((row.row.clone(), history.decision(&row.row, reviewer)?.clone()));
    let owned =
        |at: usize| history.decisions(&rows[at].row).map(|(who, what)| (who.to_owned(), what.clone())).collect();
    Queue {
        queue: items.iter().map(|i| ItemShown { at: i.at, shown: i.shown }).collect(),
        mine: rows.iter().filter_map(of_row).collect(),
        others: items.iter().filter(|i| i.shown == Shown::Disputed).map(|i| (i.at, owned(i.at))).collect(),
        progress,
    }
}

pub(super) fn progress(
    keys: &[(&str, RowHash, bool)],
    history: &History,
    samples: Vec<LabelSample>,
    seed: Seed,
) -> Progress {
    let rows: HashSet<&RowHash> = keys.iter().map(|k| &k.1).collect();
    let n = |is: fn(&Standing) -> bool| rows.iter().filter(|row| is(&history.standing(row))).count();
    Progress {
        n_rows: rows.len(),
        n_decided: n(|s| matches!(s, Standing::Decided(_))),
        n_disputed: n(|s| *s == Standing::Disputed),
        n_open: n(|s| *s == Standing::Open),
        samples,
        agreement: agreement(history, seed),
    }
}
