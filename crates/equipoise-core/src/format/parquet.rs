//! Apache Parquet.

use super::columns::{Chosen, SAMPLE};
use super::extend::Extension;
use super::guard::guarded;
use super::table::{Extended, TableRows, batch_of, choose_columns, fresh_batch};
use super::{Added, Format, Layout, NewRow, NewRows, ReadError, ReadRequest, Reading, Sink, WriteError, Written};
use crate::catalog::Entry;
use ::parquet::arrow::ProjectionMask;
use ::parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use ::parquet::arrow::arrow_writer::ArrowWriter;
use ::parquet::basic::{Compression as Codec, ZstdLevel};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, SchemaRef};
use bytes::Bytes;
use std::io::{BufRead, Write};

pub(super) static ENTRY: Entry<dyn Format> = Entry {
    name: "parquet",
    what: "Apache Parquet; the columns of text and label are read, the file itself is held in memory.",
    why: "Hubs and warehouses keep data sets in it, typed and compressed.",
    source: "The Apache Parquet format specification, by the parquet crate; codecs snappy, gzip, zstd and lz4.",
    settings: &[],
    make: |_| Ok(Box::new(Parquet)),
};

struct Parquet;

type Builder = ParquetRecordBatchReaderBuilder<Bytes>;

impl Format for Parquet {
    fn extensions(&self) -> &'static [&'static str] {
        &["parquet"]
    }

    fn is_text(&self) -> bool {
        false
    }

    fn sniff(&self, head: &[u8]) -> bool {
        head.starts_with(b"PAR1")
    }

    fn read(&self, input: &mut dyn BufRead, request: &ReadRequest, sink: &mut Sink<'_>) -> Result<Reading, ReadError> {
        let bytes = all(input)?;
        let builder = open(bytes.clone())?;
        let schema = builder.schema().clone();
        let chosen = choose_columns(&schema, request, || {
            next(&mut build(open(bytes.clone())?.with_batch_size(SAMPLE).with_limit(SAMPLE))?)
        })?;
        let Chosen { text, label, source, source_id, generator, id, embedding, group, .. } = chosen;
        let used = [Some(text), Some(label), source, source_id, generator, id, embedding, group];
        let mask = ProjectionMask::roots(builder.parquet_schema(), used.into_iter().flatten());
        let mut batches = build(builder.with_projection(mask))?;
        let mut rows = TableRows::new(schema, chosen, request, sink);
        while let Some(batch) = next(&mut batches)? {
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
        let builder = open(all(original)?)?;
        let schema = builder.schema().clone();
        let new = batch_of(&schema, layout, rows, ENTRY.name)?;
        let mut writer = writer_like(&builder, schema, out)?;
        let mut batches = build(builder)?;
        while let Some(batch) = next(&mut batches)? {
            writer.write(&batch).map_err(refused)?;
        }
        writer.write(&new).map_err(refused)?;
        writer.close().map_err(refused)?;
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
        let builder = open(all(original)?)?;
        let new = batch_of(builder.schema(), layout, rows, ENTRY.name)?;
        let extension = Extension::new(columns, layout)?;
        let mut extended = Extended::new(builder.schema(), layout, extension, ENTRY.name)?;
        let mut writer = writer_like(&builder, extended.schema.clone(), out)?;
        let mut batches = build(builder)?;
        while let Some(batch) = next(&mut batches)? {
            writer.write(&extended.batch(&batch)?).map_err(refused)?;
        }
        writer.write(&extended.new_rows(&new)?).map_err(refused)?;
        writer.close().map_err(refused)?;
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
        let codec = Codec::ZSTD(ZstdLevel::default());
        let properties = WriterProperties::builder().set_compression(codec).build();
        let mut writer = ArrowWriter::try_new(out, batch.schema(), Some(properties)).map_err(refused)?;
        writer.write(&batch).map_err(refused)?;
        writer.close().map_err(refused)?;
        Ok(Written { n_rows: batch.num_rows(), ..Written::default() })
    }
}

/// Writes the tables of several files, which have one schema, as one file.
///
/// # Errors
/// [`WriteError`] where one cannot be read, or has another schema.
pub(super) fn join(files: Vec<Vec<u8>>, out: &mut (dyn Write + Send)) -> Result<(), WriteError> {
    let mut files = files.into_iter().map(|bytes| open(bytes.into()));
    let first = files.next().ok_or(ReadError::Empty)??;
    let schema = first.schema().clone();
    let mut writer = writer_like(&first, schema.clone(), out)?;
    for builder in std::iter::once(Ok(first)).chain(files) {
        let builder = builder?;
        if builder.schema().fields() != schema.fields() {
            let message = "its files have different columns".to_owned();
            return Err(WriteError::Encode { format: ENTRY.name, message });
        }
        let mut batches = build(builder)?;
        while let Some(batch) = next(&mut batches)? {
            let batch = batch.with_schema(schema.clone()).map_err(|e| refused(e.into()))?;
            writer.write(&batch).map_err(refused)?;
        }
    }
    writer.close().map_err(refused)?;
    Ok(())
}

/// A writer with the codec and the key-value pairs of the file.
fn writer_like<'o>(
    builder: &Builder,
    schema: SchemaRef,
    out: &'o mut (dyn Write + Send),
) -> Result<ArrowWriter<&'o mut (dyn Write + Send)>, WriteError> {
    let groups = builder.metadata().row_groups();
    let codec = groups.first().and_then(|g| g.columns().first()).map_or(Codec::SNAPPY, |c| c.compression());
    // The writer adds the Arrow schema itself.
    let pairs = builder.metadata().file_metadata().key_value_metadata().cloned();
    let pairs = pairs.map(|all| all.into_iter().filter(|pair| pair.key != "ARROW:schema").collect());
    let properties = WriterProperties::builder().set_compression(codec).set_key_value_metadata(pairs).build();
    ArrowWriter::try_new(out, schema, Some(properties)).map_err(refused)
}

fn all(input: &mut dyn BufRead) -> Result<Bytes, ReadError> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    if bytes.is_empty() { Err(ReadError::Empty) } else { Ok(bytes.into()) }
}

fn open(bytes: Bytes) -> Result<Builder, ReadError> {
    guarded(ENTRY.name, || Builder::try_new(bytes).map_err(damaged))
}

fn build(builder: Builder) -> Result<ParquetRecordBatchReader, ReadError> {
    guarded(ENTRY.name, || builder.build().map_err(damaged))
}

fn next(batches: &mut ParquetRecordBatchReader) -> Result<Option<RecordBatch>, ReadError> {
    guarded(ENTRY.name, || batches.next().transpose().map_err(damaged_batch))
}

fn damaged(error: ParquetError) -> ReadError {
    let message = crate::text::escape_control(&error.to_string());
    match error {
        ParquetError::NYI(_) => ReadError::Unsupported { message },
        ParquetError::General(_) if message.contains("feature") => ReadError::Unsupported { message },
        _ => ReadError::Damaged { what: ENTRY.name, message },
    }
}

fn damaged_batch(error: ArrowError) -> ReadError {
    let message = crate::text::escape_control(&error.to_string());
    match message.contains("Disabled feature") {
        true => {
            ReadError::Unsupported { message: "its columns are compressed in a way that is not read here".to_owned() }
        }
        false => ReadError::Damaged { what: ENTRY.name, message },
    }
}

fn refused(error: ParquetError) -> WriteError {
    match error {
        ParquetError::External(inner) => match inner.downcast::<std::io::Error>() {
            Ok(io) => WriteError::Io(*io),
            Err(other) => WriteError::Encode { format: ENTRY.name, message: other.to_string() },
        },
        other => WriteError::Encode { format: ENTRY.name, message: other.to_string() },
    }
}
