//! Columns that are added to a file beside those that it has.

use super::{Layout, NewRow, WriteError};
use serde_json::Value;

/// What a file gets: columns for all of its rows, and rows with a cell in each of them.
#[derive(Clone, Copy)]
pub struct Added<'a> {
    /// The columns.
    pub columns: &'a [NewColumn<'a>],
    /// The rows.
    pub rows: &'a [NewRow<'a>],
}

/// A column that every row of a file gets, those that stand there and the new ones.
pub struct NewColumn<'a> {
    /// Its name, which the file does not have.
    pub name: &'a str,
    /// Its cells.
    pub cells: NewCells<'a>,
}

/// The cells of a new column; what is absent is an empty cell, or null where the format has it.
pub enum NewCells<'a> {
    /// Texts; an empty one is absent.
    Text {
        /// The cell of every row that stands in the file.
        real: &'a str,
        /// One for each new row.
        new: Vec<String>,
    },
    /// Finite numbers.
    Number {
        /// The cell of a row that stands in the file, by its position among the rows that a reader gives, from 0, and its label.
        real: &'a (dyn Fn(usize, &str) -> Option<f64> + Sync),
        /// One for each new row.
        new: Vec<Option<f64>>,
    },
}

/// A cell of a new column.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Cell<'a> {
    Absent,
    Text(&'a str),
    Number(f64),
}

impl<'a> Cell<'a> {
    fn text(text: &'a str) -> Self {
        if text.is_empty() { Cell::Absent } else { Cell::Text(text) }
    }

    fn number(number: Option<f64>) -> Self {
        number.filter(|n| n.is_finite()).map_or(Cell::Absent, Cell::Number)
    }

    /// As JSON: null where it is absent.
    pub(super) fn json(self) -> Value {
        match self {
            Cell::Absent => Value::Null,
            Cell::Text(text) => Value::String(text.to_owned()),
            Cell::Number(number) => Value::from(number),
        }
    }
}

/// Whether a cell holds more than white space.
pub(super) fn given(cell: Option<&str>) -> bool {
    cell.is_some_and(|c| !c.trim().is_empty())
}

/// Whether a cell names a label: what programs write for a value that is not there names none.
pub(super) fn labelled(cell: Option<&str>) -> bool {
    given(cell) && !matches!(cell.map(str::trim), Some("NaN" | "nan" | "<NA>" | "#N/A" | "\\N" | "NULL" | "null"))
}

/// The cells of each record of a file, in its order, and of each new row.
pub(super) struct Extension<'c, 'a> {
    pub(super) columns: &'c [NewColumn<'a>],
    layout: &'c Layout,
    /// Rows so far.
    at: usize,
}

impl<'c, 'a> Extension<'c, 'a> {
    /// # Errors
    /// [`WriteError::TakenColumn`] where the file has such a column.
    pub(super) fn new(columns: &'c [NewColumn<'a>], layout: &'c Layout) -> Result<Self, WriteError> {
        match columns.iter().find(|c| layout.columns.iter().any(|had| had == c.name)) {
            Some(taken) => Err(WriteError::TakenColumn { column: taken.name.to_owned() }),
            None => Ok(Extension { columns, layout, at: 0 }),
        }
    }

    /// The cells of the next record of the file; all absent where it is no row.
    pub(super) fn record(&mut self, text: Option<&str>, label: Option<&str>) -> Vec<Cell<'c>> {
        let Some(label) = self.layout.row_label(text, label) else {
            return vec![Cell::Absent; self.columns.len()];
        };
        let at = self.at;
        self.at += 1;
        let cell = |column: &'c NewColumn<'a>| match &column.cells {
            NewCells::Text { real, .. } => Cell::text(real),
            NewCells::Number { real, .. } => Cell::number(real(at, label)),
        };
        self.columns.iter().map(cell).collect()
    }

    /// The cells of the new row at `at`.
    pub(super) fn new_row(&self, at: usize) -> Vec<Cell<'c>> {
        let cell = |column: &'c NewColumn<'a>| match &column.cells {
            NewCells::Text { new, .. } => Cell::text(new.get(at).map_or("", String::as_str)),
            NewCells::Number { new, .. } => Cell::number(new.get(at).copied().flatten()),
        };
        self.columns.iter().map(cell).collect()
    }

    /// Names and JSON values of the cells.
    pub(super) fn named<'n>(&'n self, cells: &'n [Cell<'c>]) -> impl Iterator<Item = (&'n str, Value)> {
        self.columns.iter().zip(cells).map(|(column, cell)| (column.name, cell.json()))
    }
}

/// What a format without room for columns says.
pub(super) fn no_room<T>(format: &'static str, columns: &[NewColumn<'_>]) -> Result<T, WriteError> {
    Err(WriteError::Columns { format, columns: columns.iter().map(|c| c.name.to_owned()).collect() })
}
