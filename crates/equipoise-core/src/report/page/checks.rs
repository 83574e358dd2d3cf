//! What became of the texts on their way, and what each check found.

use super::section::Section;
use crate::check::{CATALOG, Counts, SetFinding, reason};
use crate::probation::LabelJudgement;
use crate::report::number::{count, percent};
use crate::report::{ReportData, template};
use crate::select::Funnel;
use serde::Serialize;

pub(super) static SECTION: Section = Section {
    id: "checks",
    menu: "Checks",
    title: "What the checks found",
    render: |data, _| match data.checks {
        Some(counts) => template::html(include_str!("checks.html.j2"), View::of(data, counts)).map(Some),
        None => Ok(None),
    },
};

#[derive(Debug, Serialize)]
struct View {
    stages: Vec<Stage>,
    sets: Vec<Set>,
    checks: Vec<Check>,
    notes: Vec<String>,
    /// What a judge that was asked says of each label, and what that is worth.
    judged: Vec<String>,
}

/// A stage of the funnel.
#[derive(Debug, Serialize)]
struct Stage {
    name: &'static str,
    n: String,
    lost: Vec<String>,
}

/// A set that is wrong as a whole.
#[derive(Debug, Serialize)]
struct Set {
    sentence: String,
    texts: Vec<String>,
}

/// A check that found something.
#[derive(Debug, Serialize)]
struct Check {
    name: String,
    what: &'static str,
    rejected: String,
    warned: String,
    reasons: Vec<String>,
}

/// Texts of a set that are shown.
const SHOWN: usize = 3;

impl View {
    fn of(data: &ReportData<'_>, counts: &Counts) -> Self {
        View {
            stages: data.funnel.as_ref().map_or_else(Vec::new, stages),
            sets: counts.sets.iter().map(Set::of).collect(),
            checks: checks(counts),
            notes: counts.notes.clone(),
            judged: counts.judge.as_ref().map_or_else(Vec::new, LabelJudgement::sentences),
        }
    }
}

fn stages(funnel: &Funnel) -> Vec<Stage> {
    let name = |stage: &str| match stage {
        "asked" => "Asked for",
        "answered" => "Came",
        "parsed" => "Read whole",
        _ => "Kept",
    };
    let lost = |(why, n): &(String, usize)| format!("{} {}", count(*n), words(why));
    let stage = |s: &crate::select::FunnelStage| Stage {
        name: name(&s.stage),
        n: count(s.n),
        lost: s.lost.iter().map(lost).collect(),
    };
    funnel.0.iter().map(stage).collect()
}

/// `check/reason` as people say it.
fn words(why: &str) -> String {
    let declared = why.split_once('/').and_then(|(check, name)| reason(check, name));
    declared.map_or_else(|| why.replace(['/', '_'], " "), |declared| format!("{why}: {}", declared.what))
}

impl Set {
    fn of(found: &SetFinding) -> Self {
        let texts = found.examples.iter().take(SHOWN).map(|(_, text)| text.clone()).collect();
        Set { sentence: found.sentence.clone(), texts }
    }
}

fn checks(counts: &Counts) -> Vec<Check> {
    let share = |n: usize| match n {
        0 => "0".to_owned(),
        n => format!("{} ({})", count(n), percent(n as f64 / counts.n_candidates.max(1) as f64)),
    };
    let what = |name: &str| CATALOG.iter().find(|e| e.name == name).map_or("", |e| e.what);
    let found = counts.checks.iter().filter(|c| c.warn + c.reject > 0);
    found
        .map(|c| Check {
            name: c.check.clone(),
            what: what(&c.check),
            rejected: share(c.reject),
            warned: share(c.warn),
            reasons: c.reasons.iter().map(|(name, n)| format!("{} {}", count(*n), name.replace('_', " "))).collect(),
        })
        .collect()
}
