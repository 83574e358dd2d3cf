//! Identities: a label by its place among the sorted names, a row by its content.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// A label's position in [`Labels`], from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct LabelId(pub u16);

impl LabelId {
    /// The position as an index.
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// The label names of a data set, sorted by their bytes, so that ids do not depend on the order of rows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
pub struct Labels(Vec<String>);

impl Labels {
    /// The distinct names among `names`, sorted.
    pub fn new(names: impl IntoIterator<Item = String>) -> Self {
        let mut names: Vec<String> = names.into_iter().collect();
        names.sort_unstable();
        names.dedup();
        Labels(names)
    }

    /// How many labels there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name of a label of this set.
    pub fn name(&self, label: LabelId) -> &str {
        &self.0[label.index()]
    }

    /// All names, in order of id.
    pub fn names(&self) -> &[String] {
        &self.0
    }

    /// All ids, in order.
    pub fn ids(&self) -> impl Iterator<Item = LabelId> + use<> {
        (0..self.0.len()).map(|i| LabelId(i as u16))
    }

    /// The id of the label called exactly `name`.
    pub fn id(&self, name: &str) -> Option<LabelId> {
        self.0.binary_search_by(|n| n.as_str().cmp(name)).ok().map(|i| LabelId(i as u16))
    }
}

/// A row by its content: the first 64 bits of BLAKE3 over text, label and how many equal rows stood before it. Shown as 16 hex digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub u64);

impl RowId {
    /// The id of the `occurrence`-th row (from 0) with this text and label.
    pub fn new(text: &str, label: &str, occurrence: u32) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
        hasher.update(&(label.len() as u64).to_le_bytes());
        hasher.update(label.as_bytes());
        hasher.update(&occurrence.to_le_bytes());
        let hash = hasher.finalize();
        let mut head = [0; 8];
        head.copy_from_slice(&hash.as_bytes()[..8]);
        RowId(u64::from_be_bytes(head))
    }
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for RowId {
    type Err = std::num::ParseIntError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        u64::from_str_radix(text, 16).map(RowId)
    }
}

impl Serialize for RowId {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RowId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
