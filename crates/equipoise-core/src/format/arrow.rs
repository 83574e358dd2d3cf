//! Apache Arrow IPC: files (Feather version 2) and streams.

use super::arrow_check::{check_file, check_stream};
use super::extend::Extension;
use super::guard::guarded;
use super::table::{Extended, TableRows, batch_of, choose_columns, fresh_batch};
use super::{Added, Format, Layout, NewRow, NewRows, ReadError, ReadRequest, Reading, Sink, WriteError, Written};
use crate::catalog::Entry;
use arrow_array::RecordBatch;
use arrow_ipc::reader::{FileReader, StreamReader};
use arrow_ipc::writer::{FileWriter, StreamWriter};
use arrow_schema::{ArrowError, DataType, SchemaRef};
use arrow_select::concat::concat_batches;
use std::collections::BTreeMap;
use std::io::{BufRead, Cursor, Write};

pub(super) static ENTRY: Entry<dyn Format> = Entry {
    name: "arrow",
    what: "Apache Arrow IPC, as a file (Feather) or as a stream; told apart by content.",
    why: "Data frames and data set libraries keep their tables in it.",
    source: "The Apache Arrow columnar format specification, by the arrow-ipc crate; buffers may be lz4 or zstd.",
    settings: &[],
    make: |_| Ok(Box::new(Arrow)),
};

const FILE_MAGIC: &[u8] = b"ARROW1";
/// A message of a stream starts with this marker since Arrow 0.15.
const STREAM_MARK: &[u8] = &[0xFF; 4];

struct Arrow;

impl Format for Arrow {
    fn extensions(&self) -> &'static [&'static str] {
        &["arrow", "feather", "ipc", "arrows"]
    }

    fn is_text(&self) -> bool {
        false
    }

    fn sniff(&self, head: &[u8]) -> bool {
        head.starts_with(FILE_MAGIC) || head.starts_with(STREAM_MARK)
    }

    fn read(&self, input: &mut dyn BufRead, request: &ReadRequest, sink: &mut Sink<'_>) -> Result<Reading, ReadError> {
        let mut table = FileOrStream::open(input)?;
        let schema = table.schema.clone();
        let mut first = None;
        let chosen = choose_columns(&schema, request, || {
            first = table.next()?;
            Ok(first.clone())
        })?;
        let mut rows = TableRows::new(schema, chosen, request, sink);
        if let Some(batch) = first {
            rows.push(&batch)?;
        }
        while let Some(batch) = table.next()? {
            rows.push(&batch)?;
        }
        rows.finish()
    }

    fn append(
        &self,
        original: &mut dyn BufRead,
        layout: &Layout,
        rows: &[NewRow<'_>],
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        let mut table = FileOrStream::open(original)?;
        let schema = table.schema.clone();
        let new = batch_of(&schema, layout, rows, ENTRY.name)?;
        table.copy(schema, Ok, new, out)?;
        Ok(Written { n_rows: rows.len(), ..Written::default() })
    }

    fn extend(
        &self,
        original: &mut dyn BufRead,
        layout: &Layout,
        added: &Added<'_>,
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        let Added { columns, rows } = *added;
        let mut table = FileOrStream::open(original)?;
        let new = batch_of(&table.schema, layout, rows, ENTRY.name)?;
        let extension = Extension::new(columns, layout)?;
        let mut extended = Extended::new(&table.schema, layout, extension, ENTRY.name)?;
        let new = extended.new_rows(&new)?;
        table.copy(extended.schema.clone(), |batch| extended.batch(&batch), new, out)?;
        Ok(Written { n_rows: rows.len(), ..Written::default() })
    }

    fn write(
        &self,
        columns: &[&str],
        rows: &mut NewRows<'_>,
        like: Option<&Layout>,
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        let batch = fresh_batch(columns, rows, like, ENTRY.name)?;
        let mut writer = FileWriter::try_new(out, &batch.schema()).map_err(refused)?;
        writer.write(&batch).and_then(|()| writer.finish()).map_err(refused)?;
        Ok(Written { n_rows: batch.num_rows(), ..Written::default() })
    }
}

/// Content that is read batch by batch.
pub(super) struct FileOrStream {
    is_file: bool,
    pub(super) schema: SchemaRef,
    metadata: BTreeMap<String, String>,
    batches: Box<dyn Iterator<Item = Result<RecordBatch, ArrowError>>>,
}

impl FileOrStream {
    pub(super) fn open(input: &mut dyn BufRead) -> Result<Self, ReadError> {
        let mut bytes = Vec::new();
        input.read_to_end(&mut bytes)?;
        if bytes.is_empty() {
            return Err(ReadError::Empty);
        }
        if bytes.starts_with(b"FEA1") {
            return Err(ReadError::Unsupported { message: "this is Feather version 1; expected Arrow IPC".to_owned() });
        }
        let is_file = bytes.starts_with(FILE_MAGIC);
        guarded(ENTRY.name, || {
            let checked = if is_file { check_file(&bytes) } else { check_stream(&bytes) };
            checked.map_err(|message| ReadError::Damaged { what: ENTRY.name, message })?;
            let bytes = Cursor::new(bytes);
            if !is_file {
                let reader = StreamReader::try_new(bytes, None).map_err(damaged)?;
                let (schema, metadata) = (reader.schema(), BTreeMap::new());
                return Ok(FileOrStream { is_file, schema, metadata, batches: Box::new(reader) });
            }
            let reader = FileReader::try_new(bytes, None).map_err(damaged)?;
            let metadata = reader.custom_metadata().iter().map(|(k, v)| (k.clone(), v.clone())).collect();
            Ok(FileOrStream { is_file, schema: reader.schema(), metadata, batches: Box::new(reader) })
        })
    }

    /// Writes the batches as `change` leaves them, which is with `schema`, and `new` after them, as a file or stream like this one.
    fn copy(
        &mut self,
        schema: SchemaRef,
        mut change: impl FnMut(RecordBatch) -> Result<RecordBatch, WriteError>,
        new: RecordBatch,
        out: &mut (dyn Write + Send),
    ) -> Result<(), WriteError> {
        if !self.is_file {
            let mut writer = StreamWriter::try_new(out, &schema).map_err(refused)?;
            while let Some(batch) = self.next()? {
                writer.write(&change(batch)?).map_err(refused)?;
            }
            return writer.write(&new).and_then(|()| writer.finish()).map_err(refused);
        }
        let mut writer = FileWriter::try_new(out, &schema).map_err(refused)?;
        self.metadata.iter().for_each(|(key, value)| writer.write_metadata(key, value));
        if schema.fields().iter().any(|f| has_dictionary(f.data_type())) {
            // A file has one dictionary a column, so the batches become one, and their dictionaries with them.
            let mut batches = Vec::new();
            while let Some(batch) = self.next()? {
                batches.push(change(batch)?);
            }
            batches.push(new);
            writer.write(&concat_batches(&schema, &batches).map_err(refused)?).map_err(refused)?;
        } else {
            while let Some(batch) = self.next()? {
                writer.write(&change(batch)?).map_err(refused)?;
            }
            writer.write(&new).map_err(refused)?;
        }
        writer.finish().map_err(refused)
    }

    /// The next batch.
    pub(super) fn next(&mut self) -> Result<Option<RecordBatch>, ReadError> {
        guarded(ENTRY.name, || self.batches.next().transpose().map_err(damaged))
    }
}

/// Whether a column of this type has a dictionary somewhere.
pub(super) fn has_dictionary(data_type: &DataType) -> bool {
    match data_type {
        DataType::Dictionary(..) => true,
        DataType::Struct(fields) => fields.iter().any(|f| has_dictionary(f.data_type())),
        DataType::List(f) | DataType::LargeList(f) | DataType::FixedSizeList(f, _) | DataType::Map(f, _) => {
            has_dictionary(f.data_type())
        }
        _ => false,
    }
}

fn damaged(error: ArrowError) -> ReadError {
    let message = crate::text::escape_control(&error.to_string());
    match error {
        ArrowError::NotYetImplemented(_) => ReadError::Unsupported { message },
        _ => ReadError::Damaged { what: ENTRY.name, message },
    }
}

/// Why a batch was not written.
pub(super) fn refused(error: ArrowError) -> WriteError {
    match error {
        ArrowError::IoError(_, inner) => WriteError::from(inner),
        other => WriteError::Encode { format: ENTRY.name, message: other.to_string() },
    }
}
