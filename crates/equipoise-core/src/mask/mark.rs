//! The form of placeholders.

use crate::text::PrivateKind;
use regex::Regex;
use std::fmt;
use std::ops::Range;
use std::sync::LazyLock;

/// A placeholder: `[EMAIL_3]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Mark {
    pub(super) kind: PrivateKind,
    /// From 1; 0 stands for a value that no training row has.
    pub(super) number: u32,
}

impl fmt::Display for Mark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}_{}]", self.kind, self.number)
    }
}

impl Mark {
    /// Where placeholders stand in `text`. Models change their case, lose a bracket and escape the line; `email` alone is a word.
    pub(super) fn find(text: &str) -> Vec<(Range<usize>, Mark)> {
        static MARK: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(r"(?i)(?:\[\s*(URL|EMAIL|IBAN|KEY|IP|CARD|IDENTITY|PHONE|NAME)(?:\\?_|[ -])?([0-9]{1,9})\s*\]?|\b(URL|EMAIL|IBAN|KEY|IP|CARD|IDENTITY|PHONE|NAME)\\?_([0-9]{1,9})\b\]?)")
                .expect("a fixed pattern")
        });
        let read = |found: regex::Captures<'_>| {
            let [kind, number] = [[1, 2], [3, 4]]
                .map(|groups| groups.map(|at| found.get(at).map(|m| m.as_str())))
                .into_iter()
                .find_map(|[kind, number]| Some([kind?, number?]))?;
            let mark = Mark { kind: kind_of(kind)?, number: number.parse().ok()? };
            Some((found.get(0)?.range(), mark))
        };
        MARK.captures_iter(text).filter_map(read).collect()
    }
}

fn kind_of(word: &str) -> Option<PrivateKind> {
    let kinds = crate::text::PRIVATE_KINDS.into_iter().chain([PrivateKind::Name]);
    kinds.into_iter().find(|kind| kind.to_string().eq_ignore_ascii_case(word))
}
