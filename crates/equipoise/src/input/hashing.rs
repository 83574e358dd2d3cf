//! The digest of what is read, on the way.

use std::io::{self, BufRead, BufReader, Read};

/// Bytes whose digest is computed while they are read.
pub(crate) struct HashingReader(BufReader<Hashing>);

struct Hashing {
    bytes: Box<dyn Read>,
    hasher: blake3::Hasher,
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.bytes.read(buffer)?;
        self.hasher.update(&buffer[..n]);
        Ok(n)
    }
}

impl HashingReader {
    pub(super) fn new(bytes: Box<dyn Read>) -> Self {
        HashingReader(BufReader::with_capacity(1 << 16, Hashing { bytes, hasher: blake3::Hasher::new() }))
    }

    /// Reads what is left and gives the digest of them all.
    pub(crate) fn finish(mut self) -> io::Result<String> {
        io::copy(&mut self.0, &mut io::sink())?;
        Ok(self.0.get_ref().hasher.finalize().to_hex().to_string())
    }
}

impl Read for HashingReader {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

impl BufRead for HashingReader {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.0.fill_buf()
    }

    fn consume(&mut self, n: usize) {
        self.0.consume(n);
    }
}
