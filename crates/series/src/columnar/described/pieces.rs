//! A file of which some bytes are there.

use ::parquet::errors::ParquetError;
use ::parquet::file::reader::{ChunkReader, Length};
use bytes::{Buf, Bytes};

/// Bytes of a file, each piece with its place. What lies in none is an error.
pub(super) struct Pieces {
    size_bytes: u64,
    pieces: Vec<(u64, Bytes)>,
}

impl Pieces {
    pub(super) const fn new(size_bytes: u64, pieces: Vec<(u64, Bytes)>) -> Self {
        Self { size_bytes, pieces }
    }

    /// What is there from a place on.
    fn from(&self, start: u64) -> Result<Bytes, ParquetError> {
        let found = self.pieces.iter().find_map(|(from, bytes)| {
            let at = usize::try_from(start.checked_sub(*from)?).ok()?;
            (at < bytes.len()).then(|| bytes.slice(at..))
        });
        found.ok_or_else(|| ParquetError::EOF(format!("byte {start} was not read")))
    }
}

impl Length for Pieces {
    fn len(&self) -> u64 {
        self.size_bytes
    }
}

impl ChunkReader for Pieces {
    type T = bytes::buf::Reader<Bytes>;

    fn get_read(&self, start: u64) -> Result<Self::T, ParquetError> {
        Ok(self.from(start)?.reader())
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<Bytes, ParquetError> {
        let bytes = self.from(start)?;
        if bytes.len() < length {
            return Err(ParquetError::EOF(format!("{length} bytes from {start} on were not read")));
        }
        Ok(bytes.slice(..length))
    }
}
