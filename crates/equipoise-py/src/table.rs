//! Tables across the border: anything with an Arrow stream, a path or plain lists in; an Arrow stream out.

use crate::error::{Fault, raise};
use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, LargeStringArray, RecordBatch, StructArray};
use arrow_schema::{DataType, Field, Schema};
use equipoise::core::format::Table as Rows;
use equipoise::input::Source;
use pyo3::exceptions::{PyException, PyKeyError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyCapsule, PyTuple};
use pyo3_arrow::PyTable;
use pyo3_arrow::error::PyArrowResult;
use pyo3_arrow::ffi::{ArrayIterator, to_stream_pycapsule};
use pyo3_arrow::input::AnyRecordBatch;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;

/// Rows in Arrow memory. pandas, polars, pyarrow and DuckDB take it as it is: `polars.DataFrame(table)`, `pyarrow.table(table)`,
/// `pandas.DataFrame.from_arrow(table)`.
#[pyclass(frozen, module = "equipoise")]
pub(crate) struct Table(pub(crate) Rows);

#[pymethods]
impl Table {
    /// Reads the bytes of an Arrow file or stream.
    #[staticmethod]
    fn from_bytes(py: Python<'_>, data: &[u8]) -> PyResult<Self> {
        let hint = "give the bytes of an Arrow file".to_owned();
        let read = Rows::read(data).map_err(|e| raise(py, &Fault::Rows { message: e.to_string(), hint }));
        read.map(Table)
    }

    /// A table of texts: the name and the cells of each column.
    #[staticmethod]
    fn from_columns(py: Python<'_>, columns: Vec<(String, Vec<Option<String>>)>) -> PyResult<Self> {
        let fields: Vec<Field> = columns.iter().map(|(name, _)| Field::new(name, DataType::LargeUtf8, true)).collect();
        let schema = Arc::new(Schema::new(fields));
        let array = |(_, cells)| Arc::new(LargeStringArray::from(cells)) as ArrayRef;
        if columns.is_empty() {
            return Ok(Table(Rows { schema, batches: Vec::new() }));
        }
        let batch = RecordBatch::try_new(schema.clone(), columns.into_iter().map(array).collect());
        let hint = "give columns of one length".to_owned();
        let batch = batch.map_err(|e| raise(py, &Fault::Rows { message: e.to_string(), hint }))?;
        Ok(Table(Rows { schema, batches: vec![batch] }))
    }

    /// The table as the bytes of an Arrow file.
    fn to_bytes<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyBytes>> {
        let mut bytes = Vec::new();
        let written = self.0.write(&mut bytes).map_err(|e| raise(py, &Fault::Internal(e.to_string())));
        written.map(|()| PyBytes::new(py, &bytes))
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, (Bound<'py, PyBytes>,))> {
        Ok((py.get_type::<Table>().getattr("from_bytes")?, (self.to_bytes(py)?,)))
    }

    fn __len__(&self) -> usize {
        self.0.n_rows()
    }

    fn __repr__(&self) -> String {
        format!("Table({} rows: {})", self.0.n_rows(), self.column_names().join(", "))
    }

    /// The names of the columns, in order.
    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.0.schema.fields().iter().map(|f| f.name().clone()).collect()
    }

    /// The cells of a column as text; `None` where there is no value.
    fn column(&self, name: &str) -> PyResult<Vec<Option<String>>> {
        let at = self.0.schema.index_of(name).map_err(|_| PyKeyError::new_err(name.to_owned()))?;
        let mut cells = Vec::with_capacity(self.0.n_rows());
        for batch in &self.0.batches {
            let text = arrow_cast::cast(batch.column(at), &DataType::LargeUtf8);
            let text = text.map_err(|e| PyKeyError::new_err(format!("{name} has no text: {e}")))?;
            cells.extend(text.as_string::<i64>().iter().map(|cell| cell.map(str::to_owned)));
        }
        Ok(cells)
    }

    /// The table as an Arrow stream.
    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyArrowResult<Bound<'py, PyCapsule>> {
        let field = Arc::new(Field::new_struct("", self.0.schema.fields().clone(), false));
        let field = Arc::new(field.as_ref().clone().with_metadata(self.0.schema.metadata().clone()));
        let arrays: Vec<_> =
            self.0.batches.iter().map(|b| Ok(Arc::new(StructArray::from(b.clone())) as Arc<dyn Array>)).collect();
        to_stream_pycapsule(py, Box::new(ArrayIterator::new(arrays, field)), requested_schema)
    }
}

/// The rows of whatever a user has: a path, a table with an Arrow stream, or `(texts, labels)` as lists. Messages call it `name`.
///
/// # Errors
/// `UsageError` for anything else, naming what is taken; `InputError` for a table that cannot be read.
pub(crate) fn source(rows: &Bound<'_, PyAny>, name: &str) -> PyResult<Source> {
    if rows.hasattr("__arrow_c_stream__")? || rows.hasattr("__arrow_c_array__")? {
        return Ok(Source::table(name, of_stream(rows, name)?));
    }
    if let Ok(columns) = rows.cast::<PyTuple>() {
        let texts: Vec<Option<String>> = columns.get_item(0)?.extract()?;
        let labels: Option<Vec<Option<String>>> =
            if columns.len() > 1 { Some(columns.get_item(1)?.extract()?) } else { None };
        return Ok(Source::table(name, of_lists(rows.py(), name, &texts, labels.as_deref())?));
    }
    if let Ok(path) = rows.extract::<PathBuf>() {
        return Ok(Source::Path(path));
    }
    let message = format!("{name}: a {} is no table of texts", rows.get_type().qualname()?);
    let hint = "give a data frame (pandas, polars, pyarrow, DuckDB, datasets), a path, a list of dicts, a dict of columns, or a tuple (texts, labels) of lists";
    Err(raise(rows.py(), &Fault::usage(message, hint)))
}

fn of_lists(py: Python<'_>, name: &str, texts: &[Option<String>], labels: Option<&[Option<String>]>) -> PyResult<Rows> {
    let Some(labels) = labels else {
        return Ok(Rows::of_texts(texts.iter().flatten().map(String::as_str)));
    };
    if texts.len() != labels.len() {
        let message = format!("{name}: {} texts have {} labels", texts.len(), labels.len());
        return Err(raise(py, &Fault::Rows { message, hint: "give each text a label".to_owned() }));
    }
    Ok(Rows::of_pairs(texts.iter().map(Option::as_deref).zip(labels.iter().map(Option::as_deref))))
}

fn of_stream(rows: &Bound<'_, PyAny>, name: &str) -> PyResult<Rows> {
    let py = rows.py();
    let unreadable = |what: &str| {
        let hint = "keep the columns of text and label alone, as strings".to_owned();
        raise(py, &Fault::Rows { message: format!("{name}: the table cannot be taken over: {what}"), hint })
    };
    // Types that the importer does not know make it panic.
    let taken = catch_unwind(AssertUnwindSafe(|| rows.extract::<AnyRecordBatch>()?.into_table()));
    let table: Result<PyTable, PyErr> =
        taken.map_err(|_| unreadable("it has a type that is not known"))?.map_err(PyErr::from);
    match table {
        Ok(table) => {
            let (batches, schema) = table.into_inner();
            Ok(Rows { schema, batches })
        }
        Err(e) if e.is_instance_of::<PyException>(py) => Err(unreadable(&e.value(py).to_string())),
        // Ctrl-C and the like are nobody's fault.
        Err(e) => Err(e),
    }
}
