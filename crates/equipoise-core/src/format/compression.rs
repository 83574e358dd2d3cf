//! Compression, as a layer under every format.

use super::ReadError;
use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;
use serde::{Deserialize, Serialize};
use std::io::{self, BufRead, BufReader, Cursor, Read, Write};

/// How a file is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Compression {
    /// Not at all.
    #[default]
    None,
    /// gzip (RFC 1952), of one or several members.
    Gzip,
    /// Zstandard (RFC 8878), of one or several frames.
    Zstd,
    /// A zip archive of one file. What is added to it is written uncompressed.
    Zip,
}

impl Compression {
    /// By the first four bytes of a file: names lie.
    pub fn detect(head: &[u8]) -> Self {
        match head {
            [0x1F, 0x8B, ..] => Compression::Gzip,
            // A skippable frame may stand before the data.
            [b'P', b'K', 3, 4, ..] | [b'P', b'K', 5, 6, ..] => Compression::Zip,
            [0x28, 0xB5, 0x2F, 0xFD, ..] | [0x50..=0x5F, 0x2A, 0x4D, 0x18, ..] => Compression::Zstd,
            _ => Compression::None,
        }
    }

    /// The file name extension with its dot, empty for none.
    pub fn extension(self) -> &'static str {
        match self {
            Compression::None | Compression::Zip => "",
            Compression::Gzip => ".gz",
            Compression::Zstd => ".zst",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Compression::None => "uncompressed",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
            Compression::Zip => "zip",
        }
    }

    /// The decompressed bytes of `input`. A cut or damaged stream fails while it is read, as [`ReadError::Truncated`] or
    /// [`ReadError::Damaged`] inside the [`io::Error`].
    ///
    /// # Errors
    /// [`ReadError::Damaged`] where the decoder does not start.
    pub fn decoder<'a>(self, input: Box<dyn BufRead + 'a>) -> Result<Box<dyn BufRead + 'a>, ReadError> {
        let inner: Box<dyn Read + 'a> = match self {
            Compression::None => return Ok(input),
            Compression::Zip => return Ok(Box::new(Cursor::new(unzip(input)?.1))),
            Compression::Gzip => Box::new(MultiGzDecoder::new(input)),
            Compression::Zstd => Box::new(
                zstd::Decoder::with_buffer(input)
                    .map_err(|e| ReadError::Damaged { what: "zstd", message: e.to_string() })?,
            ),
        };
        Ok(Box::new(BufReader::with_capacity(1 << 16, Decoder { inner, compression: self })))
    }

    /// A writer that compresses into `out`; [`Encoder::finish`] writes the end.
    ///
    /// # Errors
    /// Those of `out`.
    pub fn encoder<W: Write>(self, out: W) -> io::Result<Encoder<W>> {
        Ok(match self {
            Compression::None | Compression::Zip => Encoder::Plain(out),
            // The header carries neither name nor time, so equal content gives equal bytes.
            Compression::Gzip => Encoder::Gzip(GzEncoder::new(out, flate2::Compression::default())),
            Compression::Zstd => Encoder::Zstd(zstd::Encoder::new(out, zstd::DEFAULT_COMPRESSION_LEVEL)?),
        })
    }
}

/// The file in a zip archive, its name and content; what macOS adds beside it does not count.
///
/// # Errors
/// [`ReadError::Archive`] where there are several, or none; [`ReadError::Damaged`].
pub fn unzip(mut input: impl Read) -> Result<(String, Vec<u8>), ReadError> {
    let mut bytes = Vec::new();
    input.read_to_end(&mut bytes)?;
    let damaged = |message: String| ReadError::Damaged { what: "zip", message: crate::text::escape_control(&message) };
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).map_err(|e| damaged(e.to_string()))?;
    let counts = |name: &str| !name.ends_with('/') && !name.starts_with("__MACOSX/") && !name.ends_with(".DS_Store");
    let names: Vec<String> = archive.file_names().filter_map(Result::ok).map(|name| name.into_owned()).collect();
    let names: Vec<String> = names.into_iter().filter(|name| counts(name)).collect();
    let [name] = names.as_slice() else { return Err(ReadError::Archive { files: names }) };
    let mut content = Vec::new();
    let mut file = archive.by_name(name).map_err(|e| damaged(e.to_string()))?;
    file.read_to_end(&mut content).map_err(|e| damaged(e.to_string()))?;
    Ok((name.clone(), content))
}

struct Decoder<'a> {
    inner: Box<dyn Read + 'a>,
    compression: Compression,
}

impl Read for Decoder<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.inner.read(buffer).map_err(|e| match e.kind() {
            io::ErrorKind::Interrupted => e,
            io::ErrorKind::UnexpectedEof => ReadError::Truncated { compression: self.compression.name() }.into(),
            _ => ReadError::Damaged { what: self.compression.name(), message: e.to_string() }.into(),
        })
    }
}

/// A compressing writer.
pub enum Encoder<W: Write> {
    /// Passes bytes on.
    Plain(W),
    /// Writes gzip.
    Gzip(GzEncoder<W>),
    /// Writes Zstandard.
    Zstd(zstd::Encoder<'static, W>),
}

impl<W: Write> Encoder<W> {
    /// Writes the end of the stream and gives the inner writer back.
    ///
    /// # Errors
    /// Those of the inner writer.
    pub fn finish(self) -> io::Result<W> {
        match self {
            Encoder::Plain(out) => Ok(out),
            Encoder::Gzip(encoder) => encoder.finish(),
            Encoder::Zstd(encoder) => encoder.finish(),
        }
    }
}

impl<W: Write> Write for Encoder<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Encoder::Plain(out) => out.write(bytes),
            Encoder::Gzip(encoder) => encoder.write(bytes),
            Encoder::Zstd(encoder) => encoder.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Encoder::Plain(out) => out.flush(),
            Encoder::Gzip(encoder) => encoder.flush(),
            Encoder::Zstd(encoder) => encoder.flush(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packed(compression: Compression, bytes: &[u8]) -> Vec<u8> {
        let mut encoder = compression.encoder(Vec::new()).unwrap();
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn unpacked(bytes: &[u8]) -> Result<Vec<u8>, ReadError> {
        let mut all = Vec::new();
        Compression::detect(bytes).decoder(Box::new(bytes))?.read_to_end(&mut all)?;
        Ok(all)
    }

    #[test]
    fn reads_what_it_wrote_and_several_members_as_one() {
        for compression in [Compression::None, Compression::Gzip, Compression::Zstd] {
            let mut twice = packed(compression, b"text,label\n");
            twice.extend(packed(compression, b"hello,a\n"));
            assert_eq!(unpacked(&twice).unwrap(), b"text,label\nhello,a\n");
            assert_eq!(packed(compression, b"same"), packed(compression, b"same"));
        }
    }

    #[test]
    fn a_zip_archive_holds_one_file_and_others_are_named() {
        let archive = |names: &[&str]| {
            let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
            for name in names {
                zip.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
                zip.write_all(b"text,label\n").unwrap();
            }
            zip.finish().unwrap().into_inner()
        };
        let one = archive(&["train.csv", "__MACOSX/._train.csv"]);
        assert_eq!(unzip(one.as_slice()).unwrap(), ("train.csv".to_owned(), b"text,label\n".to_vec()));
        assert_eq!(unpacked(&one).unwrap(), b"text,label\n");
        let two = archive(&["train.csv", "test.csv"]);
        assert!(matches!(unpacked(&archive(&[])), Err(ReadError::Archive { files }) if files.is_empty()));
        assert!(matches!(unpacked(&two), Err(ReadError::Archive { files }) if files.len() == 2));
        assert!(matches!(unpacked(&one[..60]), Err(ReadError::Damaged { .. })));
    }

    #[test]
    fn says_that_a_stream_is_cut_wherever_it_is_cut() {
        for compression in [Compression::Gzip, Compression::Zstd] {
            let whole = packed(compression, &b"text,label\nhello,a\n".repeat(50));
            for n in 4..whole.len() {
                let error = unpacked(&whole[..n]).unwrap_err();
                assert_eq!(error, ReadError::Truncated { compression: compression.name() }, "cut at {n}");
            }
        }
    }
}
