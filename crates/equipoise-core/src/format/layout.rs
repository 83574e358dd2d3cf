//! How a file is laid out, so that rows can be added in its own manner.

use super::doubts::is_name;
use super::extend::{given, labelled};
use super::guess::is_no_row;
use super::intake::called;
use super::json_style::JsonStyle;
use super::similar::is_several;
use super::{Quote, ReadError};
use arrow_schema::DataType;
use serde_json::Value;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The columns and conventions of a file that was read.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Layout {
    /// Name of the text column.
    pub text: String,
    /// Name of the label column.
    pub label: String,
    /// All columns in the order of the file; in `json` and `jsonl` the keys of its first records.
    pub columns: Vec<String>,
    /// A column that takes no null and for which new rows have nothing: nothing can be appended.
    pub not_nullable: Option<String>,
    /// Position of the text and of the label among `columns`.
    pub(super) at: (usize, usize),
    /// The line ending of the first line, `\n` where there is none.
    pub(super) newline: &'static str,
    /// Separates the cells of rows, in delimited formats.
    pub(super) delimiter: u8,
    /// Separates the names of the columns.
    pub(super) header_delimiter: u8,
    /// Encloses cells, in delimited formats.
    pub(super) quote: Quote,
    /// Whether the first record names the columns, in delimited formats.
    pub(super) no_header: bool,
    /// Lines above the header, in delimited formats.
    pub(super) n_above: u64,
    /// Whether every cell of text and of label was quoted.
    pub(super) quoted: (bool, bool),
    /// The names of the label's classes, where the file keeps their numbers.
    pub(super) class_names: Vec<String>,
    /// Spellings of labels that count as another one: what each is called from here on.
    pub merged: BTreeMap<String, String>,
    /// Whether each label of the file has blanks before it, without which it is known.
    pub(super) label_blanks: bool,
    /// The labels of rows with several in a list, by the label that they count as.
    pub(super) label_sets: BTreeMap<String, Vec<String>>,
    /// Whether rows with several labels were left out.
    pub(super) drops_several: bool,
    /// White space of the first JSON object.
    pub(super) json: JsonStyle,
    /// Where the rows of a JSON file stand.
    pub(super) form: Form,
    /// The keys that lead to text and label in a JSON object.
    pub(super) paths: (Vec<String>, Vec<String>),
    /// Labels that were no strings in JSON, by their text form.
    pub(super) typed_labels: BTreeMap<String, Value>,
    /// Type of the label column of a table.
    pub(super) label_type: Option<DataType>,
    /// Columns of a fresh table that hold numbers, and their types.
    pub(super) numbers: BTreeMap<String, DataType>,
}

impl Layout {
    /// The layout of a fresh table whose column `label` holds the numbers of classes with these names.
    pub fn of_classes(label: &str, names: &[String]) -> Self {
        Layout {
            label: label.to_owned(),
            class_names: names.to_vec(),
            label_type: Some(DataType::Int64),
            newline: "\n",
            ..Layout::default()
        }
    }

    /// The layout of a fresh table with whole numbers in the columns `whole` and any numbers in `real`.
    pub fn of_numbers(whole: &[&str], real: &[&str]) -> Self {
        let typed =
            |names: &[&str], kind: DataType| names.iter().map(move |name| ((*name).to_owned(), kind.clone())).collect();
        let mut numbers: BTreeMap<String, DataType> = typed(whole, DataType::Int64);
        numbers.append(&mut typed(real, DataType::Float64));
        Layout { numbers, newline: "\n", ..Layout::default() }
    }

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

    /// Makes sure that the rows stand in the split that was asked for, where one was.
    ///
    /// # Errors
    /// [`ReadError::NoSplits`].
    pub fn check_split(&self, asked: Option<&str>) -> Result<(), ReadError> {
        match asked {
            Some(asked) if !matches!(self.form, Form::Member(_) | Form::Inside(..)) => {
                Err(ReadError::NoSplits { asked: asked.to_owned() })
            }
            _ => Ok(()),
        }
    }

    /// Whether a record of delimited text is its header once more.
    pub(super) fn is_repeated_header(&self, text: &str, label: &str) -> bool {
        is_name(text, &self.text) && is_name(label, &self.label)
    }

    /// What the label of a record counts as; `None` where the record is no row, as readers have it.
    pub(super) fn row_label<'l>(&'l self, text: Option<&str>, label: Option<&'l str>) -> Option<&'l str> {
        // Where texts alone are read the label is the text.
        let is_text = self.text == self.label;
        let label = label.filter(|_| given(text) && (is_text || labelled(label)))?;
        if !is_text && is_no_row(text?, label) {
            return None;
        }
        let label = called(&self.class_names, label)?;
        if self.drops_several && is_several(label) {
            return None;
        }
        Some(self.merged.get(label).map_or(label, String::as_str))
    }

    /// A label as the file keeps it: the number of a class, else its name, behind the blanks that all labels have.
    pub(super) fn stored<'l>(&'l self, label: &'l str) -> Cow<'l, str> {
        match self.class_names.iter().position(|name| name == label) {
            Some(class) => Cow::Owned(class.to_string()),
            None if self.label_blanks => {
                let spelled = self.merged.iter().find(|(_, known)| *known == label);
                spelled.map_or(Cow::Borrowed(label), |(spelling, _)| Cow::Borrowed(spelling.as_str()))
            }
            None => Cow::Borrowed(label),
        }
    }

    /// The JSON value of a label: of the type that it had in the file.
    pub(super) fn label_value(&self, label: &str) -> Value {
        let stored = self.stored(label);
        self.typed_labels.get(stored.as_ref()).cloned().unwrap_or_else(|| Value::String(stored.into_owned()))
    }

    pub(super) fn chosen(columns: Vec<String>, at: (usize, usize)) -> Result<Self, ReadError> {
        let name =
            |i: usize| columns.get(i).cloned().ok_or(ReadError::NoColumn { role: "text", columns: columns.clone() });
        Ok(Layout { text: name(at.0)?, label: name(at.1)?, at, columns, newline: "\n", ..Layout::default() })
    }
}

/// Where the rows of a JSON file stand.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) enum Form {
    /// In one array.
    #[default]
    Array,
    /// In the array under this key.
    Member(String),
    /// In arrays of equal length, a key for each column.
    Columns,
    /// In objects by the index of the row, a key for each column, as pandas writes a data frame.
    Indexed,
    /// In objects, a key with its number for each row.
    Rows,
    /// In lists of cells under `data`, the names of the columns under `columns`.
    Split,
    /// In an object under this key, in one of the forms of an object.
    Inside(String, Box<Form>),
}
