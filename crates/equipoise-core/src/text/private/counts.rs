//! How much private data rows hold, for profile, plan, card and page.

use super::{PrivateKind, PrivateSpan};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How much private data rows hold.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PrivateCounts {
    /// Rows that were looked at.
    pub n_rows: usize,
    /// Those that hold some.
    pub n_with: usize,
    /// How often each kind stands in them.
    pub kinds: BTreeMap<PrivateKind, usize>,
}

impl PrivateCounts {
    /// Counts a row with these spans.
    pub fn add(&mut self, spans: &[PrivateSpan]) {
        self.n_rows += 1;
        self.n_with += usize::from(!spans.is_empty());
        spans.iter().for_each(|span| *self.kinds.entry(span.kind).or_default() += 1);
    }

    /// The counts of both.
    #[must_use]
    pub fn plus(mut self, other: PrivateCounts) -> PrivateCounts {
        self.n_rows += other.n_rows;
        self.n_with += other.n_with;
        other.kinds.into_iter().for_each(|(kind, n)| *self.kinds.entry(kind).or_default() += n);
        self
    }

    /// In words: `3 of 20 rows (2 e-mail addresses, 1 phone number)`.
    pub fn words(&self) -> String {
        let counted = |(kind, n): (&PrivateKind, &usize)| format!("{n} {}", kind.words()[usize::from(*n != 1)]);
        let kinds: Vec<String> = self.kinds.iter().map(counted).collect();
        let kinds = if kinds.is_empty() { String::new() } else { format!(" ({})", kinds.join(", ")) };
        format!("{} of {} {}{kinds}", self.n_with, self.n_rows, if self.n_rows == 1 { "row" } else { "rows" })
    }
}
