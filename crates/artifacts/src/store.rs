//! The store itself.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use kernel::Digest;
use object_store::local::LocalFileSystem;
use object_store::{ObjectStoreExt, path};
use serde::{Deserialize, Serialize};
use tokio::task::spawn_blocking;

use crate::StoreError;

/// Objects under one directory, named by digest.
#[derive(Debug, Clone)]
pub struct Store {
    root: Arc<Path>,
    objects: Arc<LocalFileSystem>,
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
    /// Opens the store in a directory, which is made when absent and tried for writing.
    pub fn local(dir: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let dir = dir.into();
        let root = writable(&dir).map_err(|source| StoreError::Directory { dir: dir.clone(), source })?;
        let objects = LocalFileSystem::new_with_prefix(&root)
            .map_err(|error| StoreError::Directory { dir, source: io::Error::other(error) })?
            .with_fsync(true);
        Ok(Self { root: root.into(), objects: Arc::new(objects) })
    }

    /// Keeps these bytes. They are durable when this returns; bytes already kept are not written again, and an
    /// object that was damaged on disk is written anew.
    pub async fn put(&self, bytes: Bytes) -> Result<Stored, StoreError> {
        let digest = digest_of(bytes.clone()).await;
        let stored = Stored { digest, size_bytes: bytes.len() as u64 };
        let write = |source| StoreError::Write { digest, source };
        if self.get(&digest).await.is_ok() {
            // Another writer may have named the object but not yet synced the directories.
            let dirs = [self.root.join(shard(&digest)), self.root.to_path_buf()];
            joined(
                spawn_blocking(move || dirs.iter().try_for_each(|dir| fs::File::open(dir)?.sync_all())).await,
            )
            .map_err(|error| write(error.into()))?;
            return Ok(stored);
        }
        self.objects.put(&location(&digest), bytes.into()).await.map_err(|error| write(error.into()))?;
        Ok(stored)
    }

    /// The bytes of an object, after their digest was compared with its name.
    pub async fn get(&self, digest: &Digest) -> Result<Bytes, StoreError> {
        let digest = *digest;
        let read = |source: object_store::Error| match source {
            object_store::Error::NotFound { .. } => StoreError::Missing { digest },
            other => StoreError::Read { digest, source: other.into() },
        };
        let bytes = self.objects.get(&location(&digest)).await.map_err(read)?.bytes().await.map_err(read)?;
        let found = digest_of(bytes.clone()).await;
        if found == digest { Ok(bytes) } else { Err(StoreError::Tampered { digest, found }) }
    }

    /// Whether an object of this name lies in the store; its bytes are not read.
    pub async fn exists(&self, digest: &Digest) -> Result<bool, StoreError> {
        match self.objects.head(&location(digest)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(StoreError::Read { digest: *digest, source: error.into() }),
        }
    }

    /// Removes what interrupted writes left behind and nobody has touched since `before`; a writer of another
    /// process may still be busy with younger ones. Returns how many were removed.
    pub async fn sweep_unfinished(&self, before: SystemTime) -> Result<usize, StoreError> {
        let root = self.root.clone();
        let dir = self.root.to_path_buf();
        joined(spawn_blocking(move || sweep(&root, before)).await)
            .map_err(|source| StoreError::Directory { dir, source })
    }
}

/// Two hex digits: 256 directories keep each one small up to millions of objects.
fn shard(digest: &Digest) -> String {
    format!("{:02x}", digest.as_bytes()[0])
}

/// The file has the whole digest as its name, so `sha256sum` alone can check a store.
fn location(digest: &Digest) -> path::Path {
    path::Path::from_iter([shard(digest), digest.to_string()])
}

async fn digest_of(bytes: Bytes) -> Digest {
    // Small objects are hashed faster than a task is handed over.
    const INLINE: usize = 64 * 1024;
    if bytes.len() <= INLINE {
        return Digest::of(&bytes);
    }
    let hashed = bytes.clone();
    spawn_blocking(move || Digest::of(&hashed)).await.unwrap_or_else(|_| Digest::of(&bytes))
}

/// Makes the directory and proves that it can be written, because a store that fails at the end of a run is worse
/// than one that does not open.
fn writable(dir: &Path) -> io::Result<PathBuf> {
    fs::create_dir_all(dir)?;
    let probe = dir.join(format!(".probe-{}", std::process::id()));
    fs::write(&probe, b"")?;
    fs::remove_file(&probe)?;
    dir.canonicalize()
}

fn sweep(root: &Path, before: SystemTime) -> io::Result<usize> {
    let mut removed = 0;
    for shard in fs::read_dir(root)? {
        let shard = shard?.path();
        if !shard.is_dir() {
            continue;
        }
        for file in fs::read_dir(shard)? {
            let file = file?;
            // The layer below stages a write as `<name>#<n>` beside its target.
            let is_staged = file.file_name().to_string_lossy().contains('#');
            if is_staged && file.metadata()?.modified()? < before {
                fs::remove_file(file.path())?;
                removed += 1;
            }
        }
    }
    Ok(removed)
}

fn joined<T>(result: Result<io::Result<T>, tokio::task::JoinError>) -> io::Result<T> {
    result.unwrap_or_else(|error| Err(io::Error::other(error)))
}
