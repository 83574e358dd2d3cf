//! Writing files whole or not at all.

use crate::error::Hint;
use crate::input::Input;
use equipoise_core::format::{
    self, Added, Compression, Encoding, Format, Layout, NewCells, NewColumn, NewRow, ReadError, WriteError, Written,
};
#[cfg(unix)]
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use tempfile::NamedTempFile;

/// Why a file was not written. Nothing stands at its path that did not stand there before.
#[derive(Debug, thiserror::Error)]
pub enum OutputError {
    /// The file system refused.
    #[error("{}: it cannot be written: {source}", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The content cannot be expressed, or the original cannot be read again.
    #[error("{}: {source}", path.display())]
    Content {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<WriteError>,
    },
    /// The name of a file tells no format that is written.
    #[error("{}: no format that is written here ends in `.{extension}`", path.display())]
    UnknownFormat {
        /// The file.
        path: PathBuf,
        /// Its ending.
        extension: String,
    },
    /// The input is no longer the file that was read.
    #[error("`{input}` was changed after it was read; nothing was written to {}", path.display())]
    InputChanged {
        /// The file that was to be written.
        path: PathBuf,
        /// The input.
        input: String,
    },
}

impl OutputError {
    /// What to do about it.
    pub(crate) fn hint(&self) -> Option<Hint> {
        Some(match self {
            OutputError::InputChanged { .. } => "restore the file, or start a new run".into(),
            OutputError::UnknownFormat { .. } => {
                "name a file that ends in .csv, .tsv, .jsonl, .json, .parquet or .arrow".into()
            }
            _ => "check that the folder is there and can be written to, or name another place with {out}".into(),
        })
    }

    /// Why the content of the file at `path` was not written.
    pub(crate) fn of(path: &Path, error: WriteError) -> Self {
        match error {
            WriteError::Io(source) => OutputError::Io { path: path.to_owned(), source },
            other => OutputError::Content { path: path.to_owned(), source: Box::new(other) },
        }
    }
}

/// Writes the file at `path` through `fill`: under a temporary name beside it, synced, renamed, the folder synced. Every derived
/// file is written by this function, so a reader sees the old content or the new, never a part.
///
/// # Errors
/// [`OutputError::Io`] and, where `fill` fails for another reason, [`OutputError::Content`].
pub fn write_atomically<T>(
    path: &Path,
    fill: impl FnOnce(&mut (dyn Write + Send)) -> Result<T, WriteError>,
) -> Result<T, OutputError> {
    let failed = |source| OutputError::Io { path: path.to_owned(), source };
    // The path of a temporary file tells nobody anything.
    let temporary = beside(path).map_err(|error| failed(error.kind().into()))?;
    let mut out = BufWriter::with_capacity(1 << 16, temporary.as_file());
    let value = fill(&mut out).map_err(|error| OutputError::of(path, error))?;
    out.flush().map_err(failed)?;
    drop(out);
    temporary.as_file().sync_all().map_err(failed)?;
    temporary.persist(path).map_err(|e| failed(e.error))?;
    sync_folder(path).map_err(failed)?;
    Ok(value)
}

/// Copies a file as it is stored, byte for byte, to `destination`; a table becomes an Arrow file.
///
/// # Errors
/// [`OutputError`]: an input that cannot be read again, a disk that refuses.
pub fn copy(input: &Input, destination: &Path) -> Result<(), OutputError> {
    write_atomically(destination, |out| {
        let mut bytes = input.reopen().map_err(WriteError::Io)?;
        io::copy(&mut bytes, out).map_err(WriteError::Io)?;
        Ok(())
    })
}

/// A new file in the folder of `path`, removed unless it is given that name. Who may read it is left to the user's own mask, as of every
/// other file: files for temporary use alone are hidden from other people.
fn beside(path: &Path) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".").suffix(".tmp");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    builder.tempfile_in(folder)
}

/// Writes the input's rows unchanged and `rows` after them, in the input's own format, compression, encoding and columns, and `columns`
/// behind those. Where the encoding does not hold what is new, the whole file is written in UTF-8, and [`Written`] says so.
///
/// # Errors
/// [`WriteError`]; [`WriteError::Original`] where the input's bytes are no longer those that were read.
pub fn append(
    input: &Input,
    columns: &[NewColumn<'_>],
    rows: &[NewRow<'_>],
    out: &mut (dyn Write + Send),
) -> Result<Written, WriteError> {
    let original = |e: io::Error| WriteError::from(ReadError::from(e));
    let (_, format) = format::by_name(input.format).expect("an input has a format of the catalog");
    let mut bytes = input.reopen().map_err(original)?;
    let encoding = encoding_of(input, columns, rows)?;
    let written = {
        let content = input.compression.decoder(Box::new(&mut bytes))?;
        let mut content = input.encoding.decoder(content);
        let mut encoder = encoding.encoder(input.compression.encoder(out).map_err(WriteError::Io)?);
        let written = match columns {
            [] => format.append(&mut *content, &input.layout, rows, &mut encoder)?,
            _ => format.extend(&mut *content, &input.layout, &Added { columns, rows }, &mut encoder)?,
        };
        encoder.finish().and_then(|inner| inner.finish()).map_err(WriteError::Io)?;
        Written { recoded: encoding != input.encoding, ..written }
    };
    match bytes.finish().map_err(original)? == input.digest {
        true => Ok(written),
        false => Err(original(io::Error::other("the content changed"))),
    }
}

/// The encoding to write in: the input's own where it gives back every byte and holds all that is new, else UTF-8.
fn encoding_of(input: &Input, columns: &[NewColumn<'_>], rows: &[NewRow<'_>]) -> Result<Encoding, WriteError> {
    let own = input.encoding;
    if own.is_utf8() {
        return Ok(own);
    }
    let cells = |c: &NewColumn<'_>| match &c.cells {
        NewCells::Text { real, new } => own.holds(real) && new.iter().all(|cell| own.holds(cell)),
        NewCells::Number { .. } => true,
    };
    let holds = rows.iter().all(|r| own.holds(r.text) && own.holds(r.label))
        && columns.iter().all(|c| own.holds(c.name) && cells(c));
    let mut bytes = input.reopen().map_err(|e| WriteError::from(ReadError::from(e)))?;
    let mut content = input.compression.decoder(Box::new(&mut bytes))?;
    let keeps = holds && own.keeps(&mut *content)?;
    Ok(if keeps { own } else { Encoding::default() })
}

/// What a fresh file of rows is to be.
pub struct NewFile<'a> {
    /// Its format.
    pub format: &'a dyn Format,
    /// How it is compressed.
    pub compression: Compression,
    /// A file whose types and conventions it takes over.
    pub like: Option<&'a Layout>,
    /// Its columns.
    pub columns: &'a [&'a str],
}

impl NewFile<'_> {
    /// Writes it with `rows`, which have a cell for each column.
    ///
    /// # Errors
    /// [`WriteError`].
    pub fn write(
        &self,
        rows: impl IntoIterator<Item = Vec<String>>,
        out: &mut (dyn Write + Send),
    ) -> Result<Written, WriteError> {
        let mut encoder = self.compression.encoder(out).map_err(WriteError::Io)?;
        let written = self.format.write(self.columns, &mut rows.into_iter(), self.like, &mut encoder)?;
        encoder.finish().map_err(WriteError::Io)?;
        Ok(written)
    }
}

/// Makes a rename last over a power cut; only Unix lets a folder be opened for it.
#[cfg(unix)]
fn sync_folder(file: &Path) -> io::Result<()> {
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_file: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::input::{InputOptions, read};
    use std::fs::{self, File};

    #[test]
    fn appends_in_the_files_own_compression_and_keeps_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let old = b"\xEF\xBB\xBFid,text,label\r\n1,\"a, b\",x\r\n2,c,y";
        for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
            let path = folder.path().join(format!("in.csv{}", compression.extension()));
            let mut encoder = compression.encoder(File::create(&path).unwrap()).unwrap();
            encoder.write_all(old).unwrap();
            encoder.finish().unwrap();
            let input = read(&path.as_path().into(), &InputOptions::default()).unwrap();
            assert_eq!((input.format, input.compression, input.rows.len()), ("csv", compression, 2));
            let out = folder.path().join("out.csv");
            let new = [NewRow { text: "d \"e\"", label: "x" }];
            write_atomically(&out, |out| append(&input, &[], &new, out)).unwrap();
            let stored = fs::read(&out).unwrap();
            assert_eq!(Compression::detect(&stored), compression);
            let mut content = Vec::new();
            let mut decoder = compression.decoder(Box::new(stored.as_slice())).unwrap();
            io::Read::read_to_end(&mut decoder, &mut content).unwrap();
            let wanted = [old.as_slice(), b"\r\n,\"d \"\"e\"\"\",x\r\n"].concat();
            assert_eq!(content, wanted);
        }
    }

    #[test]
    fn refuses_to_append_to_a_file_that_changed_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("in.csv");
        fs::write(&path, "text,label\na,x\n").unwrap();
        let input = read(&path.as_path().into(), &InputOptions::default()).unwrap();
        fs::write(&path, "text,label\na,x\nb,y\n").unwrap();
        let out = folder.path().join("out.csv");
        let error = write_atomically(&out, |out| append(&input, &[], &[], out)).unwrap_err();
        let is_original = |source: &WriteError| matches!(source, WriteError::Original(_));
        assert!(matches!(&error, OutputError::Content { source, .. } if is_original(source)), "{error}");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn what_is_written_may_be_read_by_whom_the_users_mask_lets() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        let (own, plain) = (folder.path().join("a"), folder.path().join("b"));
        write_atomically(&own, |out| out.write_all(b"x").map_err(WriteError::Io)).unwrap();
        fs::write(&plain, "x").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&own), mode(&plain));
    }

    #[test]
    fn a_failing_writer_leaves_the_old_file_as_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("profile.json");
        fs::write(&path, "old").unwrap();
        let outcome = write_atomically(&path, |out| {
            out.write_all(b"new").map_err(WriteError::Io)?;
            Err::<(), _>(WriteError::Io(io::Error::other("disk full")))
        });
        assert!(matches!(outcome, Err(OutputError::Io { .. })));
        assert_eq!(fs::read(&path).unwrap(), b"old");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}
