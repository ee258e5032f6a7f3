//! A stream of bytes on its way into the store: hashed while it comes, never held as a whole.

use bytes::{Bytes, BytesMut};
use kernel::Hasher;

use crate::disk::off_the_runtime;
use crate::store::Place;
use crate::{Store, StoreError, Stored, bucket, disk};

/// What is written at once; an object of fewer bytes is not staged.
const DISK_PART: usize = 256 * 1024;
/// S3 takes no smaller parts.
const BUCKET_PART: usize = 5 * 1024 * 1024;

/// Bytes on their way. They have a name once [`Self::finish`] returns; if this is dropped before, nothing is kept.
pub struct Upload {
    store: Store,
    part_size: usize,
    buffer: BytesMut,
    hasher: Hasher,
    received: u64,
    staged: Option<Staged>,
}

#[derive(Debug)]
enum Staged {
    Disk(disk::Staged),
    Bucket(bucket::Staged),
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Upload").field("received", &self.received).finish_non_exhaustive()
    }
}

impl Upload {
    pub(crate) fn new(store: &Store) -> Self {
        let part_size = match store.place() {
            Place::Disk(_) => DISK_PART,
            Place::Bucket(_) => BUCKET_PART,
        };
        Self {
            store: store.clone(),
            part_size,
            buffer: BytesMut::new(),
            hasher: Hasher::default(),
            received: 0,
            staged: None,
        }
    }

    /// How many bytes have come.
    pub(crate) const fn received(&self) -> u64 {
        self.received
    }

    /// Takes bytes. They are copied, because a stream of many small pieces would otherwise hold far more than it has.
    pub async fn add(&mut self, mut piece: Bytes) -> Result<(), StoreError> {
        self.received += piece.len() as u64;
        if matches!(self.store.place(), Place::Bucket(_)) && self.received > bucket::MAX_OBJECT_BYTES {
            return Err(StoreError::TooLarge { limit: bucket::MAX_OBJECT_BYTES });
        }
        while !piece.is_empty() {
            let fits = (self.part_size - self.buffer.len()).min(piece.len());
            self.buffer.extend_from_slice(&piece.split_to(fits));
            if self.buffer.len() == self.part_size {
                self.flush().await?;
            }
        }
        Ok(())
    }

    /// Names what has come.
    pub async fn finish(mut self) -> Result<Stored, StoreError> {
        if self.staged.is_none() {
            return self.store.put(self.buffer.freeze()).await;
        }
        if let Err(error) = self.flush().await {
            self.discard().await;
            return Err(error);
        }
        let stored = Stored { digest: std::mem::take(&mut self.hasher).finish(), size_bytes: self.received };
        if self.store.holds(&stored.digest).await {
            self.discard().await;
            return Ok(stored);
        }
        match self.staged {
            Some(Staged::Disk(staged)) => staged.publish(stored.digest).await.map_err(failed)?,
            Some(Staged::Bucket(staged)) => staged.publish(&stored.digest).await.map_err(failed)?,
            None => {}
        }
        Ok(stored)
    }

    /// Takes back what was staged.
    pub async fn discard(self) {
        // A staged file goes away by being dropped.
        if let Some(Staged::Bucket(staged)) = self.staged {
            staged.discard().await;
        }
    }

    async fn flush(&mut self) -> Result<(), StoreError> {
        let part = self.buffer.split().freeze();
        if self.staged.is_none() {
            self.staged = Some(stage(&self.store).await?);
        }
        let hasher = std::mem::take(&mut self.hasher);
        let written = match &mut self.staged {
            Some(Staged::Disk(staged)) => staged.write(part, hasher).await.map_err(failed),
            Some(Staged::Bucket(staged)) => staged.write(part, hasher).await.map_err(failed),
            None => Ok(hasher.chain(part)),
        };
        self.hasher = written?;
        Ok(())
    }
}

async fn stage(store: &Store) -> Result<Staged, StoreError> {
    match store.place() {
        Place::Disk(disk) => {
            let disk = disk.clone();
            off_the_runtime(move || disk.stage()).await.map(Staged::Disk).map_err(failed)
        }
        Place::Bucket(bucket) => bucket.stage().await.map(Staged::Bucket).map_err(failed),
    }
}

fn failed(source: impl std::error::Error + Send + Sync + 'static) -> StoreError {
    StoreError::write("an upload", source)
}
