//! Which labels are taken for which: shaded tables without and with synthetic rows.

use super::section::Section;
use crate::eval::{ArmResult, ConfusionTable, Evaluation};
use crate::report::number::count;
use crate::report::roles::Roles;
use crate::report::template;
use serde::Serialize;

pub(super) static SECTION: Section = Section {
    id: "confusion",
    menu: "Confusion",
    title: "Confusions",
    render: |data, _| {
        let body = |evaluation| {
            let confusions = Confusions::of(evaluation);
            let view = View { is_run: confusions.is_some(), confusions };
            template::html(include_str!("confusion.html.j2"), view)
        };
        data.evaluation.map(body).transpose()
    },
};

#[derive(Debug, Serialize)]
struct View {
    is_run: bool,
    #[serde(flatten)]
    confusions: Option<Confusions>,
}

/// Beyond so many labels a table of all pairs is no longer read; the most frequent confusions stand for it.
const MOST_LABELS: usize = 40;
/// Up to so many labels the columns have names; beyond, numbers.
const MOST_NAMES: usize = 8;
const MOST_PAIRS: usize = 30;

/// The confusion matrices of the comparison.
#[derive(Debug, Serialize)]
struct Confusions {
    learner: String,
    /// One matrix an arm; empty where there are too many labels.
    matrices: Vec<Matrix>,
    /// The second matrix minus the first.
    change: Option<Matrix>,
    /// The most frequent confusions; empty where the matrices stand.
    pairs: Vec<Pair>,
    /// The arms of `pairs`.
    arms: Vec<String>,
    n_labels: String,
    /// How often each row is counted.
    n_passes: usize,
}

#[derive(Debug, Serialize)]
struct Matrix {
    title: &'static str,
    arm: String,
    n: String,
    columns: Vec<Head>,
    rows: Vec<ConfusionRow>,
    numbered: bool,
}

#[derive(Debug, Serialize)]
struct Head {
    label: String,
    number: usize,
}

#[derive(Debug, Serialize)]
struct ConfusionRow {
    head: Head,
    cells: Vec<Cell>,
    total: String,
}

#[derive(Debug, Serialize)]
struct Cell {
    count: String,
    /// 0..=8: eighths of the row's rows.
    shade: u64,
    right: bool,
    /// For a change: `better` or `worse`; else empty.
    sense: &'static str,
}

#[derive(Debug, Serialize)]
struct Pair {
    truth: String,
    predicted: String,
    counts: Vec<String>,
}

impl Confusions {
    /// The matrices of the arms without and with synthetic rows; `None` where neither was run.
    fn of(evaluation: &Evaluation) -> Option<Self> {
        let roles = Roles::of(evaluation)?;
        let with = roles.synthetic.map(|a| ("With new rows", a));
        let with = with.or_else(|| roles.rival.map(|a| ("Best free way", a)));
        let arms: Vec<(&'static str, &ArmResult)> =
            [roles.none.map(|a| ("Real rows only", a)), with].into_iter().flatten().collect();
        let n_labels = arms.iter().map(|(_, a)| a.confusion.labels.len()).max()?;
        let few = n_labels <= MOST_LABELS;
        Some(Confusions {
            learner: roles.learner.to_owned(),
            matrices: if few { arms.iter().map(|(title, arm)| matrix(title, arm)).collect() } else { Vec::new() },
            change: match arms.as_slice() {
                [(_, before), (_, with)] if few => Some(change(before, with)),
                _ => None,
            },
            pairs: if few { Vec::new() } else { pairs(&arms) },
            arms: arms.iter().map(|(_, a)| a.name.clone()).collect(),
            n_labels: count(n_labels),
            n_passes: arms.iter().map(|(_, a)| a.confusion.n_passes).max().unwrap_or(1),
        })
    }
}

fn matrix(title: &'static str, arm: &ArmResult) -> Matrix {
    let table = &arm.confusion;
    let head = |(i, label): (usize, &String)| Head { label: label.clone(), number: i + 1 };
    let rows = table.labels.iter().enumerate().zip(&table.counts).map(|((i, label), counts)| {
        let total: u64 = counts.iter().sum();
        let cell = |(j, n): (usize, &u64)| Cell {
            count: if *n == 0 { "·".to_owned() } else { count(*n) },
            shade: if *n == 0 { 0 } else { (n * 8).div_ceil(total.max(1)).min(8) },
            right: i == j,
            sense: "",
        };
        ConfusionRow {
            head: head((i, label)),
            cells: counts.iter().enumerate().map(cell).collect(),
            total: count(total),
        }
    });
    Matrix {
        title,
        arm: arm.name.clone(),
        n: count(table.counts.iter().flatten().sum::<u64>()),
        columns: table.labels.iter().enumerate().map(head).collect(),
        rows: rows.collect(),
        numbered: table.labels.len() > MOST_NAMES,
    }
}

/// What `with` counts more or fewer than `before`: more on the diagonal is better, more beside it is worse.
fn change(before: &ArmResult, with: &ArmResult) -> Matrix {
    let (labels, empty) = (&with.confusion.labels, Vec::new());
    let head = |(i, label): (usize, &String)| Head { label: label.clone(), number: i + 1 };
    let rows = labels.iter().enumerate().zip(&with.confusion.counts).map(|((i, label), counts)| {
        let old: &Vec<u64> = before.confusion.counts.get(i).unwrap_or(&empty);
        let total: u64 = counts.iter().sum();
        let cell = |(j, n): (usize, &u64)| {
            let change = i128::from(*n) - i128::from(old.get(j).copied().unwrap_or(0));
            let more = count(change.unsigned_abs());
            Cell {
                count: match change {
                    0 => "·".to_owned(),
                    1.. => format!("+{more}"),
                    _ => format!("−{more}"),
                },
                shade: 0,
                right: i == j,
                sense: match (change, i == j) {
                    (0, _) => "",
                    (1.., true) | (..0, false) => "better",
                    _ => "worse",
                },
            }
        };
        ConfusionRow {
            head: head((i, label)),
            cells: counts.iter().enumerate().map(cell).collect(),
            total: count(total),
        }
    });
    Matrix {
        title: "Change",
        arm: with.name.clone(),
        n: count(with.confusion.counts.iter().flatten().sum::<u64>()),
        columns: labels.iter().enumerate().map(head).collect(),
        rows: rows.collect(),
        numbered: labels.len() > MOST_NAMES,
    }
}

/// The pairs of different labels that are confused most often in any of the arms.
fn pairs(arms: &[(&'static str, &ArmResult)]) -> Vec<Pair> {
    let Some((_, first)) = arms.first() else { return Vec::new() };
    let labels = &first.confusion.labels;
    let at =
        |table: &ConfusionTable, i: usize, j: usize| table.counts.get(i).and_then(|r| r.get(j)).copied().unwrap_or(0);
    let mut found: Vec<(u64, usize, usize)> = Vec::new();
    for i in 0..labels.len() {
        for j in (0..labels.len()).filter(|j| *j != i) {
            let most = arms.iter().map(|(_, a)| at(&a.confusion, i, j)).max().unwrap_or(0);
            if most > 0 {
                found.push((most, i, j));
            }
        }
    }
    found.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)).then(a.2.cmp(&b.2)));
    let pair = |(_, i, j): (u64, usize, usize)| Pair {
        truth: labels[i].clone(),
        predicted: labels[j].clone(),
        counts: arms.iter().map(|(_, a)| count(at(&a.confusion, i, j))).collect(),
    };
    found.into_iter().take(MOST_PAIRS).map(pair).collect()
}
