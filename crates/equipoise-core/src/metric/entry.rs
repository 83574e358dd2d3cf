//! What the catalog knows of a metric besides how to compute it: enough to show it everywhere.

use super::Metric;
use crate::catalog::{Entry, Settings};
use std::fmt;

/// One metric of the catalog. From this alone it is computed for every arm, set side by side, and shown.
pub struct MetricEntry {
    /// Name, documentation, and how to build it. The name is its key in `evaluation.json`.
    pub item: Entry<dyn Metric>,
    /// What people call it, as it stands inside a sentence: `macro-F1`.
    pub title: &'static str,
    /// Whether more is better.
    pub direction: Direction,
    /// What it is a number of.
    pub scope: Scope,
    /// The least and the greatest value.
    pub range: [f64; 2],
    /// Whether it belongs to the few figures that stand wherever arms are shown, in the terminal too.
    pub is_headline: bool,
    /// Why there may be no figure for a label that has held-out rows.
    pub undefined: &'static str,
}

/// Whether more is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Higher is better.
    Higher,
    /// Lower is better.
    Lower,
}

/// What a metric is a number of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// All rows, each counting the same.
    Rows,
    /// All labels, each counting the same.
    Labels,
    /// One label.
    EachLabel,
}

impl MetricEntry {
    /// The metric.
    pub fn build(&self) -> Box<dyn Metric> {
        self.item.build(&Settings::new()).expect("a metric has no settings that could be wrong")
    }

    /// Its name in `evaluation.json` where figures of all kinds stand in one list: `macro_f1`, `f1:LABEL`.
    pub fn key(&self, label: Option<&str>) -> String {
        label.map_or_else(|| self.item.name.to_owned(), |label| format!("{}:{label}", self.item.name))
    }

    /// The title as it stands at the head of a table or a sentence.
    pub fn heading(&self) -> String {
        let mut chars = self.title.chars();
        chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
    }
}

impl fmt::Debug for MetricEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.item.name)
    }
}

impl PartialEq for MetricEntry {
    fn eq(&self, other: &Self) -> bool {
        self.item.name == other.item.name
    }
}

impl Eq for MetricEntry {}
