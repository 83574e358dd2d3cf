//! Groups of rows, as a column of their file names them.

use super::RowId;
use std::collections::{BTreeMap, HashMap};

/// Which group each row belongs to. It says nothing of texts and labels, so that held-out rows stay sealed.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Groups {
    column: String,
    names: Vec<String>,
    of: HashMap<RowId, usize>,
}

impl Groups {
    /// From the column's name, and rows with what it says of them. Groups are in order of name.
    pub fn new(column: &str, rows: impl IntoIterator<Item = (RowId, String)>) -> Self {
        let rows: Vec<(RowId, String)> = rows.into_iter().collect();
        let mut place: BTreeMap<&str, usize> = rows.iter().map(|(_, name)| (name.as_str(), 0)).collect();
        place.values_mut().zip(0..).for_each(|(place, at)| *place = at);
        let of = rows.iter().map(|(id, name)| (*id, place[name.as_str()])).collect();
        Groups { column: column.to_owned(), names: place.into_keys().map(str::to_owned).collect(), of }
    }

    /// The name of the column.
    pub fn column(&self) -> &str {
        &self.column
    }

    /// What the groups are called.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// The place of the row's group among [`Groups::names`]; `None` where the column says nothing of it.
    pub fn of(&self, row: RowId) -> Option<usize> {
        self.of.get(&row).copied()
    }

    /// How many rows have a group.
    pub fn n_rows(&self) -> usize {
        self.of.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_in_order_of_name_and_rows_without_one_have_none() {
        let id = |text: &str| RowId::new(text, "a", 0);
        let rows = [("x", "old"), ("y", "new"), ("z", "old")].map(|(text, group)| (id(text), group.to_owned()));
        let groups = Groups::new("age", rows);
        assert_eq!(groups.names(), ["new", "old"]);
        assert_eq!(["x", "y", "z", "w"].map(|text| groups.of(id(text))), [Some(1), Some(0), Some(1), None]);
        assert_eq!((groups.column(), groups.n_rows()), ("age", 3));
    }
}
