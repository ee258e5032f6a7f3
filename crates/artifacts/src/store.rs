//! The store itself.

use std::ffi::OsString;
use std::io;
use std::path::PathBuf;
use std::pin::pin;
use std::time::SystemTime;

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use kernel::Digest;
use object_store::path;
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

use crate::bucket::{self, Bucket};
use crate::disk::{self, Disk};
use crate::upload::Upload;
use crate::{Address, Checked, Reader, StoreError};

/// Objects named by digest, in a directory or in a bucket. Clones are the same store.
#[derive(Debug, Clone)]
pub struct Store {
    reader: Reader,
}

/// Where objects lie.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    Disk(Disk),
    Bucket(Bucket),
}

/// What was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stored {
    /// The object's name: the SHA-256 digest of its bytes.
    pub digest: Digest,
    /// How many bytes it has.
    pub size_bytes: u64,
}

impl Store {
    /// Opens the store of an address: a directory, which is made when absent and tried for writing, or
    /// `s3://BUCKET/PREFIX`, to which nothing is sent yet ([`Self::ready`] tries it).
    pub fn open(address: &Address) -> Result<Self, StoreError> {
        let text =
            |(name, value): (OsString, OsString)| Some((name.into_string().ok()?, value.into_string().ok()?));
        Self::open_with(address, std::env::vars_os().filter_map(text))
    }

    /// As [`Self::open`], with settings of one's own (`AWS_ENDPOINT_URL` and its kin) instead of the environment's.
    pub fn open_with(
        address: &Address,
        settings: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, StoreError> {
        match address {
            Address::Directory(dir) => Self::local(dir.clone()),
            Address::Bucket { bucket, prefix } => {
                let unusable =
                    |error| StoreError::Bucket { address: address.to_string(), source: Box::new(error) };
                let bucket = Bucket::open(bucket, prefix, settings).map_err(unusable)?;
                Ok(Self { reader: Reader::of_bucket(bucket) })
            }
        }
    }

    /// Opens the store of an address for reading: a directory is neither made nor tried, so that evidence on a
    /// read-only disk can be looked at.
    pub fn open_for_reading(address: &Address) -> Result<Self, StoreError> {
        match address {
            Address::Directory(dir) => {
                Ok(Self { reader: Reader::of_disk(dir.clone(), Disk::open_as_it_is(dir))? })
            }
            Address::Bucket { .. } => Self::open(address),
        }
    }

    /// Opens the store in a directory, which is made when absent and tried for writing.
    pub fn local(dir: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let dir = dir.into();
        let disk = Disk::open(&dir);
        Ok(Self { reader: Reader::of_disk(dir, disk)? })
    }

    /// The reading half.
    pub const fn reader(&self) -> &Reader {
        &self.reader
    }

    pub(crate) const fn place(&self) -> &Place {
        &self.reader.place
    }

    /// Whether the store can be written (a directory) or answers at all (a bucket).
    pub async fn ready(&self) -> Result<(), StoreError> {
        match self.place() {
            Place::Disk(disk) => {
                let disk = disk.clone();
                let tried = disk::off_the_runtime(move || disk.stage().map(drop));
                tried.await.map_err(|error| StoreError::write("a file without content", error))
            }
            Place::Bucket(bucket) => bucket::answers(bucket).await.map_err(StoreError::list),
        }
    }

    /// Keeps these bytes. They are durable when this returns; bytes already kept are not written again, and an
    /// object that was damaged is written anew.
    pub async fn put(&self, bytes: Bytes) -> Result<Stored, StoreError> {
        let digest = digest_of(bytes.clone()).await;
        let stored = Stored { digest, size_bytes: bytes.len() as u64 };
        if self.holds(&digest).await {
            return Ok(stored);
        }
        let object = || format!("the object {digest}");
        match self.place() {
            Place::Disk(disk) => {
                disk.write(digest, bytes).await.map_err(|error| StoreError::write(object(), error))?;
            }
            Place::Bucket(bucket) => {
                bucket.write(&digest, bytes).await.map_err(|error| StoreError::write(object(), error))?;
            }
        }
        Ok(stored)
    }

    /// Bytes that come piece by piece.
    pub fn upload(&self) -> Upload {
        Upload::new(self)
    }

    /// Keeps the bytes of a stream, of which no more than a few MiB are ever in memory. They are hashed on the way
    /// and durable under their digest's name when this returns; before that they have no name. If the stream fails,
    /// nothing is kept; if this is dropped, [`Self::sweep_unfinished`] removes what had come.
    pub async fn put_stream(
        &self,
        bytes: impl Stream<Item = io::Result<Bytes>> + Send,
    ) -> Result<Stored, StoreError> {
        let mut upload = Upload::new(self);
        match fill(&mut upload, bytes).await {
            Ok(()) => upload.finish().await,
            Err(error) => {
                upload.discard().await;
                Err(error)
            }
        }
    }

    /// Removes an object; one that is not there is no error. Whoever calls this knows that nothing refers to it.
    pub async fn delete(&self, digest: &Digest) -> Result<(), StoreError> {
        let failed = |source| StoreError::write(format!("the removal of {digest}"), source);
        match self.place() {
            Place::Disk(disk) => disk.delete(digest).await.map_err(|error| failed(Box::new(error) as Cause)),
            Place::Bucket(bucket) => bucket.delete(digest).await.map_err(|error| failed(error.into())),
        }
    }

    /// Removes an object unless somebody has put it, again or for the first time, since `before`; says whether it is gone.
    /// Whoever calls this knows that nothing referred to it lately: `before` lies so far back that whoever has put it earlier
    /// has recorded by now what for.
    pub async fn delete_unused(&self, digest: &Digest, before: SystemTime) -> Result<bool, StoreError> {
        let failed = |source| StoreError::write(format!("the removal of {digest}"), source);
        match self.place() {
            Place::Disk(disk) => {
                disk.delete_unused(digest, before).await.map_err(|error| failed(Box::new(error) as Cause))
            }
            Place::Bucket(bucket) => {
                bucket.delete_unused(digest, before).await.map_err(|error| failed(error.into()))
            }
        }
    }

    /// Removes what interrupted writes left behind and nobody has touched since `before`; a writer of another
    /// process may still be busy with younger ones. Returns how many were removed.
    pub async fn sweep_unfinished(&self, before: SystemTime) -> Result<usize, StoreError> {
        match self.place() {
            Place::Disk(disk) => disk.sweep(before).await.map_err(StoreError::list),
            Place::Bucket(bucket) => bucket.sweep(before).await.map_err(StoreError::list),
        }
    }

    /// Whether an undamaged object of this name is there, durably, and stays: it counts as put now.
    pub(crate) async fn holds(&self, digest: &Digest) -> bool {
        let is_there = matches!(self.reader.check(digest).await, Ok(Checked::Ok));
        match self.place() {
            Place::Disk(disk) => is_there && disk.rely_on(digest).await.is_ok(),
            Place::Bucket(bucket) => is_there && bucket.is_fresh(digest).await.unwrap_or(false),
        }
    }
}

type Cause = Box<dyn std::error::Error + Send + Sync>;

async fn fill(
    upload: &mut Upload,
    bytes: impl Stream<Item = io::Result<Bytes>> + Send,
) -> Result<(), StoreError> {
    let mut bytes = pin!(bytes);
    while let Some(piece) = bytes.next().await {
        match piece {
            Ok(piece) => upload.add(piece).await?,
            Err(source) => return Err(StoreError::BrokenOff { received: upload.received(), source }),
        }
    }
    Ok(())
}

/// The object has the whole digest as its name, so `sha256sum` alone can check a store.
pub(crate) fn location(digest: &Digest) -> path::Path {
    path::Path::from_iter([disk::shard(digest), digest.to_string()])
}

pub(crate) async fn digest_of(bytes: Bytes) -> Digest {
    // Small objects are hashed faster than a task is handed over.
    const INLINE: usize = 64 * 1024;
    if bytes.len() <= INLINE {
        return Digest::of(&bytes);
    }
    let hashed = bytes.clone();
    spawn_blocking(move || Digest::of(&hashed)).await.unwrap_or_else(|_| Digest::of(&bytes))
}
