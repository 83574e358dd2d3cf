//! How often a judge accuses rows of carrying a wrong label.

use super::{Judged, accuses};
use crate::data::LabelId;
use crate::stats::{Clustered, Share};
use std::collections::BTreeMap;

/// Rates of accusation under the name of one label.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Record {
    /// The share of the label's own real rows that are accused: all of them falsely.
    pub(super) falsely: Share,
    /// The share of real rows of other labels that would be accused if they carried this one: all of them rightly.
    pub(super) found: Share,
    /// The share of the label's synthetic rows that are accused; rows of one source count as one piece of evidence as far as they agree.
    pub(super) accused: Share,
}

impl Record {
    /// `None` where one of the three kinds of rows is missing.
    pub(super) fn of(label: LabelId, real: &[Judged], synthetic: &[Judged]) -> Option<Self> {
        let share = |rows: &mut dyn Iterator<Item = &Judged>| {
            let (n, n_accused) = rows
                .fold((0_u32, 0_u32), |(n, accused), row| (n + 1, accused + u32::from(accuses(row.opinion, label))));
            (n > 0).then(|| Share { value: f64::from(n_accused) / f64::from(n), n: f64::from(n) })
        };
        let falsely = share(&mut real.iter().filter(|r| r.label == label))?;
        let found = share(&mut real.iter().filter(|r| r.label != label))?;
        let accused = clustered(synthetic.iter().filter(|r| r.label == label), label)?;
        Some(Record { falsely, found, accused })
    }
}

/// The share of accused rows, every source counting alike; `None` without rows.
fn clustered<'a>(rows: impl Iterator<Item = &'a Judged>, label: LabelId) -> Option<Share> {
    let mut families: BTreeMap<u64, (u32, usize)> = BTreeMap::new();
    for row in rows {
        let (n_accused, n) = families.entry(row.source).or_default();
        *n_accused += u32::from(accuses(row.opinion, label));
        *n += 1;
    }
    let mut sums = Clustered::default();
    families.values().for_each(|(n_accused, n)| sums.add(*n_accused, *n));
    let n_rows = families.values().map(|(_, n)| n).sum();
    (n_rows > 0).then(|| sums.share(families.len(), n_rows))
}
