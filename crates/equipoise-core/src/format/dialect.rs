//! What a user says of a file where its own signs do not tell, or mislead.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// How a file of labelled texts is to be read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ReadRequest {
    /// The text column; `None` takes `text`, else a guess.
    pub text: Option<String>,
    /// The label column; `None` takes `label`, else a guess.
    pub label: Option<String>,
    /// The column of vectors, where they are wanted.
    pub embedding: Option<String>,
    /// The column that names a group of rows, where it is wanted.
    pub group: Option<String>,
    /// Whether only texts are wanted: no label column is looked for, and each row's label is its text.
    pub unlabelled: bool,
    /// What else is said of it.
    pub dialect: Dialect,
    /// The features of the data set as its `dataset_info` has them: a label column of classes holds their numbers.
    pub features: Option<serde_json::Value>,
}

impl ReadRequest {
    /// Whether the first record was said to be a row.
    pub(super) fn is_headerless(&self) -> bool {
        self.dialect.no_header.is_some()
    }
}

/// Conventions of a file; the default goes by the file's own signs, and asks where they are improbable.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Dialect {
    /// Separates the cells of delimited text; `None` takes the format's own, else the one that stands in the first line.
    pub delimiter: Option<Delimiter>,
    /// What encloses a cell of delimited text.
    pub quote: Quote,
    /// The names of the columns of delimited text without a header; with no name in it they are called `column_1`, `column_2`, …
    pub no_header: Option<Vec<String>>,
    /// The line of delimited text that names the columns, from 1; what stands above it is no row. `None` takes the first.
    pub header_line: Option<u64>,
    /// The split to read, where a file holds several.
    pub split: Option<String>,
    /// Whether rows that cannot be used are left out, however many they are.
    pub allow_dropped: bool,
    /// What becomes of labels that hardly differ.
    pub similar_labels: SimilarLabels,
    /// What becomes of rows with several labels.
    pub multi_label: MultiLabel,
}

/// The character between two cells: an ASCII character that is neither a letter, a digit, a quote nor a line break.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Delimiter(u8);

impl Delimiter {
    /// The delimiter `byte`, where it can be one.
    pub fn new(byte: u8) -> Option<Self> {
        let fits = byte.is_ascii_punctuation() || matches!(byte, b'\t' | b' ' | 0x01..=0x08 | 0x0E..=0x1F);
        (fits && !matches!(byte, b'"' | b'\'')).then_some(Delimiter(byte))
    }

    /// The character as a byte.
    pub fn byte(self) -> u8 {
        self.0
    }
}

impl FromStr for Delimiter {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let byte = match text {
            "tab" | "\\t" => Some(b'\t'),
            "space" => Some(b' '),
            other => <[u8; 1]>::try_from(other.as_bytes()).ok().map(|[byte]| byte),
        };
        byte.and_then(Delimiter::new).ok_or_else(|| {
            format!(
                "`{}` is no delimiter; give one character such as , ; | or the word tab",
                crate::text::escape_control(text)
            )
        })
    }
}

impl fmt::Display for Delimiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            b'\t' => f.write_str("tab"),
            b' ' => f.write_str("space"),
            byte => write!(f, "{}", char::from(byte).escape_default()),
        }
    }
}

impl TryFrom<String> for Delimiter {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Delimiter> for String {
    fn from(delimiter: Delimiter) -> String {
        delimiter.to_string()
    }
}

/// What encloses a cell that holds the delimiter, a line break or the quote itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Quote {
    /// `"`, written twice within a cell (RFC 4180).
    #[default]
    Double,
    /// `'`, likewise.
    Single,
    /// `"`, behind a backslash within a cell, as a backslash itself is; so Spark and MySQL write.
    Backslash,
    /// Nothing: quotes belong to the text, and a row is a line.
    None,
}

impl Quote {
    /// The character as a byte.
    pub(super) fn byte(self) -> Option<u8> {
        match self {
            Quote::Double | Quote::Backslash => Some(b'"'),
            Quote::Single => Some(b'\''),
            Quote::None => None,
        }
    }

    /// What stands before a quote within a cell, where it is not the quote itself.
    pub(super) fn escape(self) -> Option<u8> {
        (self == Quote::Backslash).then_some(b'\\')
    }
}

/// What becomes of labels that are equal but for Unicode's compatibility forms, case, blanks or the way of writing a number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SimilarLabels {
    /// They are an error that shows them.
    #[default]
    Ask,
    /// They are one label, spelled as most of its rows are; the file keeps its spellings.
    Merge,
    /// They are labels of their own.
    Keep,
}

/// What becomes of rows with several labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MultiLabel {
    /// They are an error that shows one.
    #[default]
    Ask,
    /// Each set of labels that occurs counts as one label (the label powerset).
    Powerset,
    /// They are left out.
    Drop,
}

macro_rules! words {
    ($name:ident: $($variant:ident = $word:literal),+) => {
        impl FromStr for $name {
            type Err = String;

            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok($name::$variant),)+
                    other => Err(format!("`{}` is none of {}", crate::text::escape_control(other), [$($word),+].join(", "))),
                }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $($name::$variant => $word),+ })
            }
        }
    };
}

words!(Quote: Double = "double", Single = "single", Backslash = "backslash", None = "none");
words!(SimilarLabels: Ask = "ask", Merge = "merge", Keep = "keep");
words!(MultiLabel: Ask = "ask", Powerset = "powerset", Drop = "drop");

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_are_single_characters_or_named() {
        for (text, byte) in [(",", b','), ("tab", b'\t'), ("\\t", b'\t'), ("\t", b'\t'), ("|", b'|'), ("space", b' ')] {
            let delimiter: Delimiter = text.parse().expect(text);
            assert_eq!(delimiter.byte(), byte);
            assert_eq!(delimiter.to_string().parse(), Ok(delimiter));
        }
        for text in ["", "ab", "a", "1", "\"", "\n", "é"] {
            assert!(text.parse::<Delimiter>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn words_come_back() {
        assert_eq!("none".parse(), Ok(Quote::None));
        assert_eq!("merge".parse(), Ok(SimilarLabels::Merge));
        assert_eq!(MultiLabel::Powerset.to_string(), "powerset");
        assert!("nothing".parse::<Quote>().unwrap_err().contains("double, single, backslash, none"));
    }
}
