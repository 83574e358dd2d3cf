//! Rows in memory: a table that is read, added to and kept as an Arrow file is.

use super::arrow::{FileOrStream, has_dictionary, refused};
use super::guard::fenced;
use super::{ReadError, WriteError};
use arrow_array::builder::LargeStringBuilder;
use arrow_array::{ArrayRef, LargeStringArray, RecordBatch};
use arrow_cast::{CastOptions, cast_with_options};
use arrow_ipc::writer::FileWriter;
use arrow_schema::{DataType, Field, Schema, SchemaRef};
use arrow_select::concat::concat_batches;
use std::io::Write;
use std::sync::Arc;

/// Record batches of one schema.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    /// Names and types of the columns.
    pub schema: SchemaRef,
    /// The rows, in order; every batch has `schema`.
    pub batches: Vec<RecordBatch>,
}

impl Table {
    /// Labelled texts, in the columns `text` and `label`. `None` is a cell without a value, and its row is left out when the table is
    /// read.
    pub fn of_pairs<'a, T, L>(rows: impl IntoIterator<Item = (T, L)>) -> Self
    where
        T: Into<Option<&'a str>>,
        L: Into<Option<&'a str>>,
    {
        let (mut texts, mut labels) = (LargeStringBuilder::new(), LargeStringBuilder::new());
        for (text, label) in rows {
            texts.append_option(text.into());
            labels.append_option(label.into());
        }
        Table::of_strings([("text", texts.finish()), ("label", labels.finish())])
    }

    /// Texts without labels, in the column `text`.
    pub fn of_texts<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        Table::of_strings([("text", LargeStringArray::from_iter_values(texts))])
    }

    /// Columns of text by their names, all of one length; `None` is a cell without a value.
    pub fn of_columns<const N: usize>(columns: [(&str, Vec<Option<String>>); N]) -> Self {
        Table::of_strings(columns.map(|(name, cells)| (name, LargeStringArray::from(cells))))
    }

    fn of_strings<const N: usize>(columns: [(&str, LargeStringArray); N]) -> Self {
        let fields: Vec<Field> = columns.iter().map(|(name, _)| Field::new(*name, DataType::LargeUtf8, true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let arrays = columns.into_iter().map(|(_, array)| Arc::new(array) as ArrayRef).collect();
        let batch = RecordBatch::try_new(schema.clone(), arrays).expect("the columns have one length");
        Table { schema, batches: vec![batch] }
    }

    /// The table with its column `own` in the type that the column `name` of `like` has, where that is a number or a boolean and every
    /// cell is one.
    pub fn typed_as(self, own: &str, like: &Schema, name: &str) -> Self {
        let (Ok(at), Ok(wanted)) = (self.schema.index_of(own), like.field_with_name(name)) else { return self };
        let wanted = wanted.data_type();
        if !(wanted.is_numeric() || *wanted == DataType::Boolean) {
            return self;
        }
        let mut fields: Vec<Field> = self.schema.fields().iter().map(|field| field.as_ref().clone()).collect();
        fields[at].set_data_type(wanted.clone());
        let schema = Arc::new(Schema::new(fields));
        let strict = CastOptions { safe: false, ..CastOptions::default() };
        let typed = |batch: &RecordBatch| {
            let mut columns = batch.columns().to_vec();
            columns[at] = cast_with_options(&columns[at], wanted, &strict)?;
            RecordBatch::try_new(schema.clone(), columns)
        };
        match self.batches.iter().map(typed).collect() {
            Ok(batches) => Table { schema, batches },
            // The labels stand for classes, or are spelled in another way.
            Err(_) => self,
        }
    }

    /// The number of rows.
    pub fn n_rows(&self) -> usize {
        self.batches.iter().map(RecordBatch::num_rows).sum()
    }

    /// Writes the table as an Arrow file. Equal tables give equal bytes.
    ///
    /// # Errors
    /// [`WriteError`] where a column has a type that such a file cannot hold, or `out` fails.
    pub fn write(&self, out: &mut (dyn Write + Send)) -> Result<(), WriteError> {
        // The encoder panics on some types that it does not know.
        fenced(|| self.encode(out)).unwrap_or_else(|| {
            Err(WriteError::Encode { format: "arrow", message: "a column has a type that it cannot hold".to_owned() })
        })
    }

    fn encode(&self, out: &mut (dyn Write + Send)) -> Result<(), WriteError> {
        let mut writer = FileWriter::try_new(out, &self.schema).map_err(refused)?;
        if self.schema.fields().iter().any(|field| has_dictionary(field.data_type())) {
            // A file has one dictionary a column.
            let whole = concat_batches(&self.schema, &self.batches).map_err(refused)?;
            writer.write(&whole).map_err(refused)?;
        } else {
            self.batches.iter().try_for_each(|batch| writer.write(batch)).map_err(refused)?;
        }
        writer.finish().map_err(refused)
    }

    /// Reads an Arrow file or stream whole.
    ///
    /// # Errors
    /// [`ReadError`] where it is damaged or empty.
    pub fn read(bytes: &[u8]) -> Result<Self, ReadError> {
        let mut content = FileOrStream::open(&mut &*bytes)?;
        let mut batches = Vec::new();
        while let Some(batch) = content.next()? {
            batches.push(batch);
        }
        Ok(Table { schema: content.schema, batches })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::{ReadRequest, by_name};
    use arrow_array::types::Int32Type;
    use arrow_array::{DictionaryArray, Int64Array};

    fn bytes(table: &Table) -> Vec<u8> {
        let mut bytes = Vec::new();
        table.write(&mut bytes).expect("written");
        bytes
    }

    fn rows(table: &Table) -> Vec<(String, String)> {
        let (_, format) = by_name("arrow").expect("in the catalog");
        let mut rows = Vec::new();
        let mut sink = |row: crate::format::RawRow<'_>| {
            rows.push((row.text.to_owned(), row.label.to_owned()));
            Ok(())
        };
        format.read(&mut bytes(table).as_slice(), &ReadRequest::default(), &mut sink).expect("read");
        rows
    }

    #[test]
    fn labels_have_the_type_of_another_column_where_each_is_such_a_value() {
        let schema = |data_type| Schema::new(vec![Field::new("stars", data_type, true)]);
        let table = || Table::of_pairs([("fine", "2"), ("bad", "1")]);
        let typed = table().typed_as("label", &schema(DataType::Int64), "stars");
        let stars = typed.batches[0].column(1).as_any().downcast_ref::<Int64Array>().expect("numbers");
        assert_eq!(stars.values(), &[2, 1]);
        let named = Table::of_pairs([("fine", "good")]);
        assert_eq!(named.clone().typed_as("label", &schema(DataType::Int64), "stars"), named);
        assert_eq!(table().typed_as("label", &schema(DataType::Utf8), "stars"), table());
        let truths = Table::of_pairs([("fine", "true")]).typed_as("label", &schema(DataType::Boolean), "stars");
        assert_eq!(truths.schema.field(1).data_type(), &DataType::Boolean);
    }

    #[test]
    fn pairs_are_read_as_they_were_given_and_rows_without_a_cell_are_left_out() {
        let whole: Vec<(String, String)> = (0..8).map(|at| (format!("text {at}"), "x".to_owned())).collect();
        let given = whole.iter().map(|(text, label)| (Some(text.as_str()), Some(label.as_str())));
        let table = Table::of_pairs(given.chain([(None, Some("x")), (Some("no label"), None)]));
        assert_eq!(table.n_rows(), 10);
        assert_eq!(rows(&table), whole);
        assert_eq!(Table::read(&bytes(&table)).expect("read"), table);
        assert_eq!(bytes(&table), bytes(&table.clone()));
    }

    #[test]
    fn batches_with_dictionaries_of_their_own_become_one() {
        let batch = |texts: [&str; 2], labels: [&str; 2], extra: [i64; 2]| {
            let labels: DictionaryArray<Int32Type> = labels.into_iter().collect();
            let columns: [(&str, ArrayRef); 3] = [
                ("text", Arc::new(LargeStringArray::from_iter_values(texts))),
                ("label", Arc::new(labels)),
                ("n", Arc::new(Int64Array::from_iter_values(extra))),
            ];
            RecordBatch::try_from_iter(columns).expect("a batch")
        };
        let batches = vec![batch(["a", "b"], ["x", "y"], [1, 2]), batch(["c", "d"], ["z", "x"], [3, 4]).slice(1, 1)];
        let table = Table { schema: batches[0].schema(), batches };
        let pair = |text: &str, label: &str| (text.to_owned(), label.to_owned());
        assert_eq!(rows(&table), [pair("a", "x"), pair("b", "y"), pair("d", "x")]);
    }

    #[test]
    fn a_table_without_rows_or_columns_is_refused_when_it_is_read() {
        let (_, format) = by_name("arrow").expect("in the catalog");
        let none = Table::of_pairs(Vec::<(&str, &str)>::new());
        let bare = Table { schema: Arc::new(Schema::empty()), batches: Vec::new() };
        for (table, kind) in [(none, "empty"), (bare, "no_column")] {
            let read = format.read(&mut bytes(&table).as_slice(), &ReadRequest::default(), &mut |_| Ok(()));
            assert_eq!(read.expect_err("nothing to read").kind(), kind);
        }
    }
}
