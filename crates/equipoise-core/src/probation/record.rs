//! How often a judge accuses rows of carrying a wrong label.

use super::{Judged, accuses};
use crate::data::LabelId;
use crate::stats::{Clustered, Share};
use std::collections::HashMap;

/// Rates of accusation under the name of one label, on real rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Record {
    /// The share of the label's own real rows that are accused: all of them falsely.
    pub falsely: Share,
    /// The share of real rows of other labels that would be accused if they carried this one: all of them rightly.
    pub found: Share,
}

impl Record {
    /// `None` where the label or all others have no real row.
    pub fn of(label: LabelId, real: &[Judged]) -> Option<Self> {
        let accused = |is_own: bool| -> Vec<bool> {
            let rows = real.iter().filter(|row| (row.label == label) == is_own);
            rows.map(|row| accuses(row.opinion, label)).collect()
        };
        Self::of_accusations(&accused(true), &accused(false))
    }

    /// By whether each of the label's own rows, and each of other labels' rows, is accused; `None` where either has no row.
    pub fn of_accusations(own: &[bool], others: &[bool]) -> Option<Self> {
        let share = |accused: &[bool]| {
            let (n, n_accused) = (accused.len() as f64, accused.iter().filter(|is| **is).count() as f64);
            (n > 0.0).then(|| Share { value: n_accused / n, n })
        };
        Some(Record { falsely: share(own)?, found: share(others)? })
    }
}

/// Accusations of synthetic rows of one label.
#[derive(Debug, Clone, Default)]
pub struct Tally {
    /// By source: how many rows, and how many of them are accused.
    families: HashMap<u64, (u32, u32)>,
    /// Rows of unknown source are a family each.
    alone: Clustered,
    n_alone: usize,
}

impl Tally {
    /// Counts a row; `source` is any number that is its source's own.
    pub fn add(&mut self, is_accused: bool, source: Option<u64>) {
        let Some(source) = source else {
            self.alone.add(u32::from(is_accused), 1);
            self.n_alone += 1;
            return;
        };
        let (n, n_accused) = self.families.entry(source).or_default();
        *n += 1;
        *n_accused += u32::from(is_accused);
    }

    /// The share of accused rows, every source counting alike, and the number of rows it is worth; `None` without rows.
    pub fn share(&self) -> Option<Share> {
        let mut sums = self.alone;
        // In an order of their own, so that the sum has the same bits each time.
        let mut families: Vec<&(u32, u32)> = self.families.values().collect();
        families.sort_unstable();
        families.iter().for_each(|(n, n_accused)| sums.add(*n_accused, *n as usize));
        let n_rows = self.n_alone + families.iter().map(|(n, _)| *n as usize).sum::<usize>();
        (n_rows > 0).then(|| sums.share(self.n_alone + families.len(), n_rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_one_source_are_one_piece_of_evidence() {
        let (mut one, mut many) = (Tally::default(), Tally::default());
        (0..400).for_each(|i| one.add(i % 100 < 25, Some(i % 100)));
        (0..400).for_each(|i| many.add(i % 100 < 25, None));
        let (one, many) = (one.share().unwrap(), many.share().unwrap());
        assert!((one.value - 0.25).abs() < 1e-12 && (many.value - 0.25).abs() < 1e-12);
        assert!((one.n - 100.0).abs() < 1e-6 && (many.n - 400.0).abs() < 1e-6, "{one:?} {many:?}");
        assert_eq!(Tally::default().share(), None);
    }
}
