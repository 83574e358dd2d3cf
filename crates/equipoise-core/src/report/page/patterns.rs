//! The habits of whoever wrote the synthetic rows, and whether a classifier leans on them.

use super::section::Section;
use crate::eval::{Analysis, GroupAlarm, GroupAlarms};
use crate::pattern::reliance::{Leaning, Reliance, Undone};
use crate::pattern::{LabelPatterns, ShownGiveAway};
use crate::report::figure::Figure;
use crate::report::number::{clip, count, percent};
use crate::report::template;
use crate::stats::Estimate;
use serde::Serialize;

pub(super) static SECTION: Section = Section {
    id: "patterns",
    menu: "Habits",
    title: "What gives the synthetic rows away",
    render: |data, _| {
        let habits = data.evaluation.and_then(|evaluation| Habits::of(&evaluation.analysis));
        habits.map(|habits| template::html(include_str!("patterns.html.j2"), habits)).transpose()
    },
};

/// Longest text of a row that is shown.
const TEXT: usize = 200;
/// Labels beyond this many have their give-aways folded away.
const OPEN_LABELS: usize = 2;

#[derive(Debug, Serialize)]
struct Habits {
    /// What the reliance test says, labels that a classifier leans on first.
    said: Vec<String>,
    leaning: Vec<LeaningRow>,
    labels: Vec<LabelRow>,
    /// False alarms by group, a table for each label.
    groups: Vec<GroupTable>,
    /// What a judge of labels says of each label, and what that is worth.
    judged: Vec<String>,
}

#[derive(Debug, Serialize)]
struct LeaningRow {
    label: String,
    new: String,
    give_aways: Figure,
    random_words: Figure,
    right: String,
    lost: Figure,
    words: String,
}

#[derive(Debug, Serialize)]
struct GroupTable {
    label: String,
    column: String,
    rows: Vec<GroupRow>,
    left_out: String,
}

#[derive(Debug, Serialize)]
struct GroupRow {
    group: String,
    before: Figure,
    after: Figure,
    beyond: Figure,
}

#[derive(Debug, Serialize)]
struct LabelRow {
    label: String,
    is_open: bool,
    sentence: String,
    rows: String,
    auc: Figure,
    baseline: Figure,
    length: String,
    tested: String,
    give_aways: Vec<Shown>,
}

#[derive(Debug, Serialize)]
struct Shown {
    habit: String,
    synthetic: String,
    real: String,
    synthetic_texts: Vec<String>,
    real_text: Option<String>,
}

impl Habits {
    fn of(analysis: &Analysis) -> Option<Self> {
        if analysis.patterns.is_empty() {
            return None;
        }
        let mut tested: Vec<&Reliance> = analysis.reliance.iter().collect();
        tested.sort_by_key(|r| r.finding != Leaning::Leans);
        Some(Habits {
            said: tested.iter().map(|r| r.sentence.clone()).collect(),
            leaning: tested.iter().map(|r| leaning_row(r)).collect(),
            groups: analysis.group_alarms.iter().map(group_table).collect(),
            judged: analysis.probation.iter().map(|p| p.sentence.clone()).collect(),
            labels: analysis.patterns.iter().enumerate().map(|(at, p)| label_row(p, at < OPEN_LABELS)).collect(),
        })
    }
}

fn group_table(alarms: &GroupAlarms) -> GroupTable {
    let row = |g: &GroupAlarm| GroupRow {
        group: clip(&g.group, 60),
        before: Figure::level(g.before.as_ref(), "no row").beside(Some(g.n)),
        after: Figure::level(g.after.as_ref(), "no row").beside(Some(g.n)),
        beyond: Figure::level(g.beyond_others.as_ref(), "no other row"),
    };
    GroupTable {
        label: alarms.label.clone(),
        column: clip(&alarms.column, 60),
        rows: alarms.groups.iter().map(row).collect(),
        left_out: count(alarms.n_left_out),
    }
}

fn leaning_row(tested: &Reliance) -> LeaningRow {
    let share = |rows: &Undone, of: fn(&Undone) -> &Option<Estimate>| Figure::level(of(rows).as_ref(), "no such row");
    let (new, right) = (&tested.new_false_alarms, &tested.right_hits);
    LeaningRow {
        label: tested.label.clone(),
        new: count(new.n),
        give_aways: share(new, |u| &u.give_aways).beside(Some(new.n)),
        random_words: share(new, |u| &u.random_words).beside(Some(new.n)),
        right: count(right.n),
        lost: share(right, |u| &u.give_aways).beside(Some(right.n)),
        words: tested.words.iter().map(|w| clip(w, 30)).collect::<Vec<_>>().join(", "),
    }
}

fn label_row(patterns: &LabelPatterns, is_open: bool) -> LabelRow {
    let length = patterns
        .n_characters
        .map(|[synthetic, real]| format!("{} characters, real ones {}", count(synthetic), count(real)));
    LabelRow {
        label: patterns.label.clone(),
        is_open,
        sentence: patterns.sentence.clone(),
        rows: format!(
            "{} synthetic of {} sources, {} real",
            count(patterns.n_synthetic),
            count(patterns.n_sources),
            count(patterns.n_real)
        ),
        auc: Figure::level(patterns.auc.as_ref(), "under 20 rows"),
        baseline: Figure::level(patterns.baseline.as_ref(), "under 100 real rows"),
        length: length.unwrap_or_else(|| "–".to_owned()),
        tested: format!("{} of {} habits", count(patterns.n_give_aways), count(patterns.n_tested)),
        give_aways: patterns.give_aways.iter().map(shown).collect(),
    }
}

fn shown(give_away: &ShownGiveAway) -> Shown {
    let share = |e: &Option<Estimate>| e.as_ref().map_or_else(String::new, |e| percent(e.value));
    Shown {
        habit: clip(&give_away.shown, 60),
        synthetic: share(&give_away.synthetic),
        real: share(&give_away.real),
        synthetic_texts: give_away.synthetic_texts.iter().map(|t| clip(t, TEXT)).collect(),
        real_text: give_away.real_text.as_deref().map(|t| clip(t, TEXT)),
    }
}
