//! Where in a file something stands.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A place in a file, without the file's name. Every number counts from 1 except `byte`, which is an offset from 0 into the
/// decompressed content.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Place {
    /// Line, in formats that have lines.
    pub line: Option<u64>,
    /// Record, in formats that do not.
    pub record: Option<u64>,
    /// Column by name, or by number where it has none.
    pub column: Option<Box<str>>,
    /// Offset in bytes.
    pub byte: Option<u64>,
}

impl Place {
    /// A line.
    pub fn line(line: u64) -> Self {
        Place { line: Some(line), ..Place::default() }
    }

    /// A record.
    pub fn record(record: u64) -> Self {
        Place { record: Some(record), ..Place::default() }
    }

    /// The same place, in a column.
    #[must_use]
    pub fn column(mut self, name: impl Into<Box<str>>) -> Self {
        self.column = Some(name.into());
        self
    }

    /// The same place, at a byte.
    #[must_use]
    pub fn byte(mut self, offset: u64) -> Self {
        self.byte = Some(offset);
        self
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            self.line.map(|n| format!("line {n}")),
            self.record.map(|n| format!("record {n}")),
            self.column.as_ref().map(|c| format!("column `{}`", crate::text::escape_control(c))),
            self.byte.map(|n| format!("byte {n}")),
        ];
        f.write_str(&parts.into_iter().flatten().collect::<Vec<_>>().join(", "))
    }
}
