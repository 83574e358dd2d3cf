//! What `parquet` and `arrow` share: record batches as rows.

use super::cell::shown;
use super::class_names;
use super::columns::{Chosen, SAMPLE, choose, named};
use super::extend::{Cell, Extension, NewCells};
use super::intake::{Found, Intake, called};
use super::label_lists::{is_list_of_labels, labels_of, lists_of};
use super::{Layout, MultiLabel, NewRow, NewRows, NoteKind, Place, ReadError, ReadRequest, Reading, Sink, WriteError};
use arrow_array::cast::AsArray;
use arrow_array::types::Float32Type;
use arrow_array::{Array, ArrayRef, Float64Array, LargeStringArray, RecordBatch, StringArray, new_null_array};
use arrow_cast::{CastOptions, can_cast_types, cast_with_options};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Chooses the columns of a table; `sample` gives its first rows and is asked for a guess only.
pub(super) fn choose_columns(
    schema: &Schema,
    request: &ReadRequest,
    sample: impl FnOnce() -> Result<Option<RecordBatch>, ReadError>,
) -> Result<Chosen, ReadError> {
    let header = names(schema);
    let mut rows: Vec<Vec<Option<String>>> = Vec::new();
    if !named(&header, request)
        && let Some(batch) = sample()?
    {
        let batch = batch.slice(0, batch.num_rows().min(SAMPLE));
        let columns: Vec<Option<LargeStringArray>> = batch.columns().iter().map(|c| labels_as_text(c).ok()).collect();
        let cell =
            |column: &Option<LargeStringArray>, i: usize| column.as_ref().and_then(|c| value(c, i).map(str::to_owned));
        rows = (0..batch.num_rows()).map(|i| columns.iter().map(|c| cell(c, i)).collect()).collect();
    }
    let chosen = choose(&header, request, &rows, &Place::default())?;
    let check = |at: usize, fits: fn(&DataType) -> bool, expected: &'static str| {
        let field = schema.field(at);
        if fits(field.data_type()) {
            return Ok(());
        }
        let found = format!("values of type {}", field.data_type());
        Err(ReadError::WrongType { place: Place::default().column(field.name().as_str()), found, expected })
    };
    check(chosen.text, is_text, "strings")?;
    check(
        chosen.label,
        |t| is_label(t) || is_list_of_labels(t),
        "strings, numbers, booleans, or lists of strings or whole numbers",
    )?;
    Ok(chosen)
}

/// Rows out of record batches.
pub(super) struct TableRows<'s, 'f> {
    intake: Intake<'s, 'f>,
    schema: SchemaRef,
    chosen: Chosen,
    multi_label: MultiLabel,
    /// The labels of rows with several, by what they are as one.
    sets: BTreeMap<String, Vec<String>>,
    record: u64,
}

impl<'s, 'f> TableRows<'s, 'f> {
    /// Rows of a table of `schema`.
    pub(super) fn new(schema: SchemaRef, chosen: Chosen, request: &ReadRequest, sink: &'s mut Sink<'f>) -> Self {
        let mut intake = Intake::new(false, request, sink);
        intake.chosen(&chosen, &names(&schema));
        if let Some(names) = class_names::of_schema(schema.metadata(), schema.field(chosen.label).name()) {
            intake.classes(names);
        }
        TableRows { intake, schema, chosen, multi_label: request.dialect.multi_label, sets: BTreeMap::new(), record: 0 }
    }

    /// Takes the rows of a batch, which may hold the chosen columns alone.
    pub(super) fn push(&mut self, batch: &RecordBatch) -> Result<(), ReadError> {
        let column = |at: usize| self.column(batch, at);
        let text = column(self.chosen.text)?;
        let (label, sets) = self.labels(batch)?;
        // Other types than text under these names have nothing to do with sources.
        let source = self.chosen.source.and_then(|at| column(at).ok());
        let source_id = self.chosen.source_id.and_then(|at| column(at).ok());
        let generator = self.chosen.generator.and_then(|at| column(at).ok());
        let id = self.chosen.id.and_then(|at| column(at).ok());
        let group = self.chosen.group.map(column).transpose()?;
        let vectors = self.chosen.embedding.and_then(|at| batch.column_by_name(self.schema.field(at).name()));
        let vectors = vectors.map(vectors_of).transpose()?;
        for i in 0..batch.num_rows() {
            self.record += 1;
            if let Some(labels) = value(&label, i).filter(|label| sets.contains_key(*label))
                && self.is_left_out(labels)?
            {
                continue;
            }
            let cell =
                |column: &'_ Option<LargeStringArray>| column.as_ref().and_then(|c| value(c, i).map(str::to_owned));
            let (source, source_id, id) = (cell(&source), cell(&source_id), cell(&id));
            let generator = cell(&generator);
            let vector = vectors.as_ref().and_then(|lists| vector_of(lists, i));
            self.intake.row(Found {
                at: self.record,
                text: value(&text, i),
                label: value(&label, i),
                source: source.as_deref(),
                source_id: source_id.as_deref(),
                generator: generator.as_deref(),
                id: id.as_deref(),
                embedding: vector.as_deref(),
                group: group.as_ref().and_then(|c| value(c, i)),
            })?;
        }
        self.sets.extend(sets);
        Ok(())
    }

    /// The labels, and where the column holds lists those of rows with several.
    fn labels(&self, batch: &RecordBatch) -> Result<(LargeStringArray, BTreeMap<String, Vec<String>>), ReadError> {
        let field = self.schema.field(self.chosen.label);
        match batch.column_by_name(field.name()).filter(|_| is_list_of_labels(field.data_type())) {
            None => Ok((self.column(batch, self.chosen.label)?, BTreeMap::new())),
            Some(column) => {
                let names = self.intake.class_names();
                labels_of(column, |label| called(names, label).map(str::to_owned)).map_err(|e| {
                    let place = Place::record(self.record + 1).column(field.name().as_str());
                    let found = crate::text::escape_control(&e.to_string());
                    ReadError::WrongType { place, found, expected: "lists of labels" }
                })
            }
        }
    }

    /// Whether a row with several labels is left out.
    ///
    /// # Errors
    /// [`ReadError::MultiLabel`] where nothing was said of such rows.
    fn is_left_out(&mut self, labels: &str) -> Result<bool, ReadError> {
        match self.multi_label {
            MultiLabel::Powerset => Ok(false),
            MultiLabel::Drop => {
                self.intake.pass_over(NoteKind::SeveralLabels, self.record);
                Ok(true)
            }
            MultiLabel::Ask => {
                let place = Place::record(self.record).column(self.schema.field(self.chosen.label).name().as_str());
                Err(ReadError::MultiLabel { place, shown: shown(labels, 60) })
            }
        }
    }

    fn column(&self, batch: &RecordBatch, at: usize) -> Result<LargeStringArray, ReadError> {
        let name = self.schema.field(at).name();
        let place = Place::record(self.record + 1).column(name.as_str());
        let wrong = |found: String| ReadError::WrongType { place, found, expected: "text in UTF-8" };
        match batch.column_by_name(name) {
            Some(column) => as_text(column).map_err(|e| wrong(crate::text::escape_control(&e.to_string()))),
            None => Err(wrong("no such column in this batch".to_owned())),
        }
    }

    /// Ends the reading.
    pub(super) fn finish(self) -> Result<Reading, ReadError> {
        if self.record == 0 {
            return Err(ReadError::Empty);
        }
        let at = (self.chosen.text, self.chosen.label);
        let mut layout = Layout::chosen(names(&self.schema), at)?;
        layout.label_sets = self.sets;
        layout.label_type = Some(self.schema.field(at.1).data_type().clone());
        let others = self.schema.fields().iter().enumerate().filter(|(i, _)| *i != at.0 && *i != at.1);
        layout.not_nullable = others.map(|(_, f)| f).find(|f| !f.is_nullable()).map(|f| f.name().clone());
        self.intake.finish(layout)
    }
}

/// New rows as a batch of `schema`: other columns are null.
pub(super) fn batch_of(
    schema: &SchemaRef,
    layout: &Layout,
    rows: &[NewRow<'_>],
    format: &'static str,
) -> Result<RecordBatch, WriteError> {
    layout.can_append()?;
    let failed = |e: ArrowError| WriteError::Encode { format, message: e.to_string() };
    let column = |(at, field): (usize, &Arc<Field>)| {
        if at == layout.at.1 && is_list_of_labels(field.data_type()) {
            let labels = rows.iter().map(|r| Some(r.label));
            return lists_of(labels, field.data_type(), &layout.label_sets, |l| layout.stored(l).into_owned())
                .map_err(failed);
        }
        let strings = match at {
            _ if at == layout.at.0 => LargeStringArray::from_iter_values(rows.iter().map(|r| r.text)),
            _ if at == layout.at.1 => LargeStringArray::from_iter_values(rows.iter().map(|r| layout.stored(r.label))),
            _ => return Ok(new_null_array(field.data_type(), rows.len())),
        };
        let options = CastOptions { safe: false, ..CastOptions::default() };
        cast_with_options(&strings, field.data_type(), &options).map_err(failed)
    };
    let columns = schema.fields().iter().enumerate().map(column).collect::<Result<Vec<ArrayRef>, WriteError>>()?;
    RecordBatch::try_new(schema.clone(), columns).map_err(failed)
}

/// Batches with new columns behind those of the file.
pub(super) struct Extended<'c, 'a> {
    extension: Extension<'c, 'a>,
    layout: &'c Layout,
    /// The columns of the file and the new ones.
    pub(super) schema: SchemaRef,
    format: &'static str,
}

impl<'c, 'a> Extended<'c, 'a> {
    /// New columns for a table of `schema`.
    pub(super) fn new(
        schema: &Schema,
        layout: &'c Layout,
        extension: Extension<'c, 'a>,
        format: &'static str,
    ) -> Result<Self, WriteError> {
        layout.can_append()?;
        let field = |c: &super::NewColumn<'_>| match c.cells {
            NewCells::Text { .. } => Field::new(c.name, DataType::Utf8, true),
            NewCells::Number { .. } => Field::new(c.name, DataType::Float64, true),
        };
        let mut fields: Vec<Arc<Field>> = schema.fields().iter().cloned().collect();
        fields.extend(extension.columns.iter().map(|c| Arc::new(field(c))));
        let schema = Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()));
        Ok(Extended { extension, layout, schema, format })
    }

    /// A batch of the file with the new columns.
    pub(super) fn batch(&mut self, batch: &RecordBatch) -> Result<RecordBatch, WriteError> {
        let text = as_text(batch.column(self.layout.at.0)).map_err(|e| self.failed(&e))?;
        let label = labels_as_text(batch.column(self.layout.at.1)).map_err(|e| self.failed(&e))?;
        let cells = (0..batch.num_rows()).map(|i| self.extension.record(value(&text, i), value(&label, i))).collect();
        self.joined(batch, cells)
    }

    /// The new rows; `batch` holds them in the columns of the file.
    pub(super) fn new_rows(&self, batch: &RecordBatch) -> Result<RecordBatch, WriteError> {
        self.joined(batch, (0..batch.num_rows()).map(|at| self.extension.new_row(at)).collect())
    }

    fn joined(&self, batch: &RecordBatch, cells: Vec<Vec<Cell<'c>>>) -> Result<RecordBatch, WriteError> {
        let text = |cell: &Cell<'c>| if let Cell::Text(text) = cell { Some(*text) } else { None };
        let number = |cell: &Cell<'_>| if let Cell::Number(number) = cell { Some(*number) } else { None };
        let mut columns = batch.columns().to_vec();
        for (at, column) in self.extension.columns.iter().enumerate() {
            columns.push(match column.cells {
                NewCells::Text { .. } => Arc::new(StringArray::from_iter(cells.iter().map(|row| text(&row[at])))),
                NewCells::Number { .. } => Arc::new(Float64Array::from_iter(cells.iter().map(|row| number(&row[at])))),
            });
        }
        RecordBatch::try_new(self.schema.clone(), columns).map_err(|e| self.failed(&e))
    }

    fn failed(&self, error: &ArrowError) -> WriteError {
        WriteError::Encode { format: self.format, message: crate::text::escape_control(&error.to_string()) }
    }
}

/// Rows of a fresh file as one batch: nullable string columns, the label and numbers of the type that they have in `like`; empty cells are null.
pub(super) fn fresh_batch(
    columns: &[&str],
    rows: &mut NewRows<'_>,
    like: Option<&Layout>,
    format: &'static str,
) -> Result<RecordBatch, WriteError> {
    let rows: Vec<Vec<String>> = rows.collect();
    let failed = |e: ArrowError| WriteError::Encode { format, message: e.to_string() };
    let mut fields = Vec::new();
    let mut arrays = Vec::new();
    for (at, name) in columns.iter().enumerate() {
        let of_label = like.filter(|l| l.label == *name);
        let cells = rows.iter().map(|row| row.get(at).filter(|c| !c.is_empty()));
        let cells = cells.map(|cell| cell.map(|c| of_label.map_or(Cow::Borrowed(c.as_str()), |l| l.stored(c))));
        let kept = of_label.and_then(|l| l.label_type.clone());
        let number = || like.and_then(|l| l.numbers.get(*name).cloned());
        let wanted = kept.or_else(number).unwrap_or(DataType::Utf8);
        if let Some(layout) = of_label.filter(|_| is_list_of_labels(&wanted)) {
            let labels = rows.iter().map(|row| row.get(at).map(String::as_str).filter(|c| !c.is_empty()));
            arrays.push(
                lists_of(labels, &wanted, &layout.label_sets, |l| layout.stored(l).into_owned()).map_err(failed)?,
            );
            fields.push(Field::new(*name, wanted, true));
            continue;
        }
        let strings: ArrayRef = Arc::new(arrow_array::StringArray::from_iter(cells));
        let options = CastOptions { safe: false, ..CastOptions::default() };
        arrays.push(cast_with_options(&strings, &wanted, &options).map_err(failed)?);
        fields.push(Field::new(*name, wanted, true));
    }
    let classes = like.filter(|l| !l.class_names.is_empty());
    let metadata = classes.map(|l| class_names::metadata(&l.label, &l.class_names)).unwrap_or_default();
    RecordBatch::try_new(Arc::new(Schema::new_with_metadata(fields, metadata)), arrays).map_err(failed)
}

fn names(schema: &Schema) -> Vec<String> {
    schema.fields().iter().map(|f| f.name().clone()).collect()
}

fn as_text(column: &ArrayRef) -> Result<LargeStringArray, ArrowError> {
    if !can_cast_types(column.data_type(), &DataType::LargeUtf8) {
        return Err(ArrowError::CastError(format!("values of type {}", column.data_type())));
    }
    let options = CastOptions { safe: false, ..CastOptions::default() };
    Ok(cast_with_options(column, &DataType::LargeUtf8, &options)?.as_string::<i64>().clone())
}

/// A column as text; of lists of labels those of a row as one.
fn labels_as_text(column: &ArrayRef) -> Result<LargeStringArray, ArrowError> {
    match is_list_of_labels(column.data_type()) {
        true => labels_of(column, |label| Some(label.to_owned())).map(|(labels, _)| labels),
        false => as_text(column),
    }
}

/// A column as lists of 32-bit numbers.
fn vectors_of(column: &ArrayRef) -> Result<ArrayRef, ReadError> {
    let lists = DataType::LargeList(Arc::new(Field::new_list_field(DataType::Float32, true)));
    let wrong = |found: String| ReadError::WrongType { place: Place::default(), found, expected: "lists of numbers" };
    if !can_cast_types(column.data_type(), &lists) {
        return Err(wrong(format!("a column of vectors of type {}", column.data_type())));
    }
    cast_with_options(column, &lists, &CastOptions::default())
        .map_err(|e| wrong(crate::text::escape_control(&e.to_string())))
}

fn vector_of(lists: &ArrayRef, at: usize) -> Option<Vec<f32>> {
    let list = lists.as_list_opt::<i64>().filter(|lists| lists.is_valid(at))?.value(at);
    let numbers = list.as_primitive_opt::<Float32Type>()?;
    (numbers.null_count() == 0).then(|| numbers.values().to_vec())
}

fn value(column: &LargeStringArray, i: usize) -> Option<&str> {
    column.is_valid(i).then(|| column.value(i))
}

fn is_text(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_text(values),
        // Older writers keep strings as bytes without saying that they are UTF-8.
        DataType::Binary | DataType::LargeBinary | DataType::BinaryView => true,
        other => matches!(other, DataType::Utf8 | DataType::LargeUtf8 | DataType::Utf8View),
    }
}

fn is_label(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(_, values) => is_label(values),
        other => is_text(other) || other.is_integer() || other.is_floating() || *other == DataType::Boolean,
    }
}
