//! How a file is laid out, so that rows can be added in its own manner.

use super::ReadError;
use super::json_style::JsonStyle;
use arrow_schema::DataType;
use serde_json::Value;
use std::collections::BTreeMap;

/// The columns and conventions of a file that was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layout {
    /// Name of the text column.
    pub text: String,
    /// Name of the label column.
    pub label: String,
    /// All columns in the order of the file; in `json` and `jsonl` those of its first record.
    pub columns: Vec<String>,
    /// A column that takes no null and for which new rows have nothing: nothing can be appended.
    pub not_nullable: Option<String>,
    /// Position of the text and of the label among `columns`.
    pub(super) at: (usize, usize),
    /// The line ending of the first line, `\n` where there is none.
    pub(super) newline: &'static str,
    /// Separates cells, in delimited formats.
    pub(super) delimiter: u8,
    /// Whether every cell of text and of label was quoted.
    pub(super) quoted: (bool, bool),
    /// White space of the first JSON object.
    pub(super) json: JsonStyle,
    /// Labels that were no strings in JSON, by their text form.
    pub(super) typed_labels: BTreeMap<String, Value>,
    /// Type of the label column of a table.
    pub(super) label_type: Option<DataType>,
}

impl Layout {
    /// Whether rows can be appended to this file.
    ///
    /// # Errors
    /// [`super::WriteError::NotNullable`].
    pub fn can_append(&self) -> Result<(), super::WriteError> {
        match &self.not_nullable {
            Some(column) => Err(super::WriteError::NotNullable { column: column.clone() }),
            None => Ok(()),
        }
    }

    /// The JSON value of a label: of the type that it had in the file.
    pub(super) fn label_value(&self, label: &str) -> Value {
        self.typed_labels.get(label).cloned().unwrap_or_else(|| Value::String(label.to_owned()))
    }

    pub(super) fn chosen(columns: Vec<String>, at: (usize, usize)) -> Result<Self, ReadError> {
        let name =
            |i: usize| columns.get(i).cloned().ok_or(ReadError::NoColumn { role: "text", columns: columns.clone() });
        Ok(Layout { text: name(at.0)?, label: name(at.1)?, at, columns, newline: "\n", ..Layout::default() })
    }
}
