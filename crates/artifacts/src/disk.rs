//! Writing to a directory: a file is staged, synced, and then named by its digest.

use std::fs::{self, File, FileType};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use kernel::{Clock as _, Digest, Hasher, SystemClock};
use tokio::task::spawn_blocking;
use walkdir::WalkDir;

use crate::private;

/// An object that was written or relied on within this time is not marked anew: it would cost a write for each use. What is
/// deleted must be older by far.
pub(crate) const RELIED_ON: Duration = Duration::from_mins(10);

/// Where writes are staged; an object's directory has two hex digits, so none is ever called this.
pub(crate) const UNFINISHED: &str = "unfinished";

/// A directory that takes objects.
#[derive(Debug, Clone)]
pub(crate) struct Disk {
    root: Arc<Path>,
    /// Which of the objects' directories this process knows to be durable themselves.
    durable: Arc<[AtomicBool; 256]>,
}

impl Disk {
    /// Makes the directory and proves that it can be written, because a store that fails at the end of a run is
    /// worse than one that does not open.
    pub(crate) fn open(dir: &Path) -> io::Result<Self> {
        private::make_dir(dir)?;
        let disk = Self::open_as_it_is(dir)?;
        drop(disk.stage()?);
        Ok(disk)
    }

    /// Opens what is there and touches nothing.
    pub(crate) fn open_as_it_is(dir: &Path) -> io::Result<Self> {
        let durable = std::array::from_fn(|_| AtomicBool::new(false));
        Ok(Self { root: dir.canonicalize()?.into(), durable: Arc::new(durable) })
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A new file that has no name yet.
    pub(crate) fn stage(&self) -> io::Result<Staged> {
        let dir = self.root.join(UNFINISHED);
        private::make_dir(&dir)?;
        let path = dir.join(SystemClock.new_id().to_string());
        let file = private::make_file(&path)?;
        Ok(Staged { disk: self.clone(), path, file: Arc::new(file), is_published: false })
    }

    /// Puts a whole object under its name.
    pub(crate) async fn write(&self, digest: Digest, bytes: Bytes) -> io::Result<()> {
        let disk = self.clone();
        let staged = off_the_runtime(move || {
            let staged = disk.stage()?;
            (&*staged.file).write_all(&bytes)?;
            Ok(staged)
        });
        staged.await?.publish(digest).await
    }

    /// Makes an object that is there one's own: its time says that it is relied on, so that [`Self::delete_unused`] passes
    /// it over, and the name that another writer gave it is durable too. Fails where it has gone meanwhile.
    pub(crate) async fn rely_on(&self, digest: &Digest) -> io::Result<()> {
        let (disk, digest) = (self.clone(), *digest);
        off_the_runtime(move || {
            let held = private::hold_dir(&disk.shard(&digest))?;
            let (file, now) = (File::open(disk.path(&digest))?, SystemTime::from(SystemClock.now()));
            if file.metadata()?.modified()? < now - RELIED_ON {
                file.set_modified(now)?;
            }
            drop(held);
            disk.sync_dirs(&digest)
        })
        .await
    }

    /// What lies in an object's place, if it is no file of its own.
    pub(crate) async fn intruder(&self, digest: &Digest) -> io::Result<Option<&'static str>> {
        let path = self.path(digest);
        off_the_runtime(move || match fs::symlink_metadata(path) {
            Ok(meta) => Ok(intruder(meta.file_type())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    /// Removes an object; one that is not there is no error.
    pub(crate) async fn delete(&self, digest: &Digest) -> io::Result<()> {
        let (path, shard) = (self.path(digest), self.shard(digest));
        off_the_runtime(move || match fs::remove_file(path) {
            Ok(()) => private::sync_dir(&shard),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        })
        .await
    }

    /// Removes an object that nobody has written or relied on since `before`; says whether it is gone. Whoever relies on it
    /// at the same time holds its directory shared, so that one of the two is first.
    pub(crate) async fn delete_unused(&self, digest: &Digest, before: SystemTime) -> io::Result<bool> {
        let (path, shard) = (self.path(digest), self.shard(digest));
        off_the_runtime(move || match remove_unused(&path, &shard, before) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(true),
            other => other,
        })
        .await
    }

    /// Removes staged files that nobody has touched since `before`; a writer of another process may still be busy
    /// with younger ones.
    pub(crate) async fn sweep(&self, before: SystemTime) -> io::Result<usize> {
        let dir = self.root.join(UNFINISHED);
        off_the_runtime(move || if dir.is_dir() { sweep(&dir, before) } else { Ok(0) }).await
    }

    fn shard(&self, digest: &Digest) -> PathBuf {
        self.root.join(shard(digest))
    }

    fn path(&self, digest: &Digest) -> PathBuf {
        self.shard(digest).join(digest.to_string())
    }

    fn sync_dirs(&self, digest: &Digest) -> io::Result<()> {
        private::sync_dir(&self.shard(digest))?;
        let is_durable = &self.durable[usize::from(digest.as_bytes()[0])];
        if !is_durable.load(Ordering::Acquire) {
            private::sync_dir(&self.root)?;
            is_durable.store(true, Ordering::Release);
        }
        Ok(())
    }
}

/// Two hex digits: 256 directories keep each one small up to millions of objects.
pub(crate) fn shard(digest: &Digest) -> String {
    format!("{:02x}", digest.as_bytes()[0])
}

/// A file without a name. It goes away with this, unless it was published.
#[derive(Debug)]
pub(crate) struct Staged {
    disk: Disk,
    path: PathBuf,
    file: Arc<File>,
    is_published: bool,
}

impl Staged {
    /// Writes and hashes.
    pub(crate) async fn write(&mut self, bytes: Bytes, hasher: Hasher) -> io::Result<Hasher> {
        let file = Arc::clone(&self.file);
        off_the_runtime(move || {
            (&*file).write_all(&bytes)?;
            Ok(hasher.chain(bytes))
        })
        .await
    }

    /// Makes the bytes durable, then names them, then makes the name durable.
    pub(crate) async fn publish(mut self, digest: Digest) -> io::Result<()> {
        off_the_runtime(move || {
            // The kernel's own time of a write lags behind the clock by a tick.
            self.file.set_modified(SystemClock.now().into())?;
            self.file.sync_all()?;
            private::make_dir(&self.disk.shard(&digest))?;
            let held = private::hold_dir(&self.disk.shard(&digest))?;
            fs::rename(&self.path, self.disk.path(&digest))?;
            self.is_published = true;
            drop(held);
            self.disk.sync_dirs(&digest)
        })
        .await
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.is_published {
            // What stays behind after all is swept later.
            let _swept_later = fs::remove_file(&self.path);
        }
    }
}

fn remove_unused(path: &Path, shard: &Path, before: SystemTime) -> io::Result<bool> {
    let _alone = private::hold_dir_alone(shard)?;
    if fs::symlink_metadata(path)?.modified()? >= before {
        return Ok(false);
    }
    fs::remove_file(path)?;
    private::sync_dir(shard)?;
    Ok(true)
}

fn intruder(found: FileType) -> Option<&'static str> {
    if found.is_file() {
        None
    } else if found.is_symlink() {
        Some("a link")
    } else if found.is_dir() {
        Some("a directory")
    } else {
        Some("a pipe or a device")
    }
}

fn sweep(dir: &Path, before: SystemTime) -> io::Result<usize> {
    let mut removed = 0;
    for entry in WalkDir::new(dir).min_depth(1).max_depth(1) {
        let entry = entry?;
        let is_old = || io::Result::Ok(entry.metadata()?.modified()? < before);
        match is_old()
            .and_then(|is_old| if is_old { fs::remove_file(entry.path()).map(|()| 1) } else { Ok(0) })
        {
            Ok(n) => removed += n,
            // Its writer has published it meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
    }
    Ok(removed)
}

/// Runs what blocks on a thread that may be blocked.
pub(crate) async fn off_the_runtime<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> io::Result<T> {
    spawn_blocking(work).await.unwrap_or_else(|error| Err(io::Error::other(error)))
}
