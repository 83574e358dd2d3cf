//! One decision of one person: one line of `human.jsonl`.

use serde::{Deserialize, Serialize};

/// Identity of what a person saw: the first 16 bytes of BLAKE3 over label and text, in hex. Equal texts of one label share it, so
/// that one decision serves all of them, and it survives a replay that renumbers candidates.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct RowHash(String);

impl RowHash {
    /// The identity of `text` under `label`.
    pub fn of(label: &str, text: &str) -> Self {
        let mut hasher = blake3::Hasher::new();
        // The length keeps ("ab", "c") and ("a", "bc") apart.
        hasher.update(&(label.len() as u64).to_le_bytes()).update(label.as_bytes()).update(text.as_bytes());
        RowHash(hasher.finalize().to_hex()[..32].to_owned())
    }

    /// The hex digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a person turns a text down; the number is the key that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// 1: it does not express its label.
    WrongLabel,
    /// 2: nobody would write it so.
    Unnatural,
    /// 3: it repeats a real row or another text.
    Copy,
    /// 4: it holds personal data.
    Private,
    /// 5: it is in the wrong language.
    Language,
    /// 6: something else.
    Other,
}

impl Why {
    /// Every reason, in the order of its key.
    pub const ALL: [Why; 6] = [Why::WrongLabel, Why::Unnatural, Why::Copy, Why::Private, Why::Language, Why::Other];

    /// The name in `human.jsonl` and `verdicts.jsonl`.
    pub fn name(self) -> &'static str {
        match self {
            Why::WrongLabel => "wrong_label",
            Why::Unnatural => "unnatural",
            Why::Copy => "copy",
            Why::Private => "private",
            Why::Language => "language",
            Why::Other => "other",
        }
    }
}

/// What a person decides about a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "decision")]
pub enum Decision {
    /// Use it as it is, whatever the checks say.
    Accept,
    /// Do not use it.
    Reject {
        /// Why.
        reason: Why,
    },
    /// Use it under another label, if the checks pass it there.
    Relabel {
        /// The other label.
        new_label: String,
    },
    /// Use this text instead, if the checks pass it.
    Edit {
        /// The better text.
        new_text: String,
    },
    /// Decide later.
    Skip,
    /// Takes the reviewer's last decision back that still holds.
    Undo,
}

/// One line of `human.jsonl`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Record {
    /// The row.
    pub row: RowHash,
    /// Id of a candidate with this text, for people who read the file.
    pub candidate: String,
    /// Who decided.
    pub reviewer: String,
    /// What.
    #[serde(flatten)]
    pub decision: Decision,
    /// Whether it settles a disagreement of others.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub settles: bool,
    /// The text as it was shown.
    pub old_text: String,
    /// The label as it was shown.
    pub old_label: String,
    /// When, RFC 3339, UTC.
    pub time: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_its_label_and_its_text() {
        assert_eq!(RowHash::of("joy", "a b"), RowHash::of("joy", "a b"));
        assert_ne!(RowHash::of("joy", "a b"), RowHash::of("fear", "a b"));
        assert_ne!(RowHash::of("ab", "c"), RowHash::of("a", "bc"));
        assert_eq!(RowHash::of("joy", "a").as_str().len(), 32);
    }

    #[test]
    fn a_line_reads_back_and_names_everything_flat() {
        let record = Record {
            row: RowHash::of("joy", "old"),
            candidate: "c1".to_owned(),
            reviewer: "anna".to_owned(),
            decision: Decision::Edit { new_text: "new".to_owned() },
            settles: false,
            old_text: "old".to_owned(),
            old_label: "joy".to_owned(),
            time: "2026-01-02T03:04:05Z".to_owned(),
        };
        let line = serde_json::to_string(&record).unwrap();
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        assert_eq!((&value["decision"], &value["new_text"]), (&"edit".into(), &"new".into()));
        assert_eq!(serde_json::from_str::<Record>(&line).unwrap(), record);
    }

    #[test]
    fn a_reason_is_written_by_its_name() {
        for why in Why::ALL {
            assert_eq!(serde_json::to_value(why).unwrap(), why.name());
        }
    }
}
