//! Rows of each label before and after.

use super::section::Section;
use crate::report::number::{count, percent, ratio};
use crate::report::{ReportData, template};
use serde::Serialize;

pub(super) static SECTION: Section = Section {
    id: "balance",
    menu: "Balance",
    title: "Balance of the labels",
    render: |data, _| template::html(include_str!("balance.html.j2"), Balance::of(data)).map(Some),
};

/// The balance of the labels.
#[derive(Debug, Serialize)]
struct Balance {
    rows: Vec<BalanceRow>,
    /// Largest label over smallest.
    ratio_before: String,
    ratio_after: String,
    total_before: String,
    total_after: String,
    has_synthetic: bool,
}

#[derive(Debug, Serialize)]
struct BalanceRow {
    label: String,
    real: String,
    synthetic: String,
    total: String,
    share_before: String,
    share_after: String,
    /// Ends of the two parts of the bar, per cent of the longest.
    real_end: String,
    width: String,
    raised: bool,
    /// How many rows are missing from the target, in words; may be empty.
    missing: String,
}

impl Balance {
    fn of(data: &ReportData<'_>) -> Self {
        let labels = &data.profile.labels;
        let after: Vec<usize> = labels.iter().map(|l| l.n + data.n_synthetic(&l.label)).collect();
        let largest = after.iter().copied().max().unwrap_or(0).max(1) as f64;
        let total_before: usize = labels.iter().map(|l| l.n).sum();
        let total_after: usize = after.iter().sum();
        let bar = |n: usize| format!("{:.2}", n as f64 / largest * 100.0);
        let share = |n: usize, of: usize| percent(n as f64 / of.max(1) as f64);
        let rows = labels.iter().zip(&after).map(|(l, after)| BalanceRow {
            label: l.label.clone(),
            real: count(l.n),
            synthetic: if *after > l.n { format!("+{}", count(after - l.n)) } else { "0".to_owned() },
            total: count(*after),
            share_before: share(l.n, total_before),
            share_after: share(*after, total_after),
            real_end: bar(l.n),
            width: bar(after - l.n),
            raised: *after > l.n,
            missing: missing(data, &l.label),
        });
        Balance {
            rows: rows.collect(),
            ratio_before: ratio(data.profile.imbalance_ratio),
            ratio_after: spread(&after),
            total_before: count(total_before),
            total_after: count(total_after),
            has_synthetic: total_after > total_before,
        }
    }
}

fn spread(counts: &[usize]) -> String {
    let smallest = counts.iter().copied().min().unwrap_or(0);
    let largest = counts.iter().copied().max().unwrap_or(0);
    ratio(if smallest == 0 { f64::NAN } else { largest as f64 / smallest as f64 })
}

fn missing(data: &ReportData<'_>, label: &str) -> String {
    let labels = data.selection.map_or(&[][..], |s| &s.labels);
    let short = labels.iter().find(|l| l.label == label).map_or(0, |l| l.shortfall);
    if short == 0 { String::new() } else { format!("{} short", count(short)) }
}
