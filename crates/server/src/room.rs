//! Whether there is room where nothing of ours is yet.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// An empty database has half a megabyte, and its log grows to four before it is folded in.
const FIRST_BYTES: usize = 4 * 1024 * 1024;

/// Writes as much as a first command does below a directory, which need not be there yet, and leaves nothing behind,
/// not even if the process ends meanwhile: the file has no name by the time it has bytes.
pub(crate) fn try_first_bytes(dir: &Path) -> io::Result<()> {
    let dir = nearest(dir)?;
    let path = dir.join(format!(".assay.{}.probe", std::process::id()));
    let mut file = File::create_new(&path)?;
    fs::remove_file(&path)?;
    // Not zeros: of those a file system that compresses would keep nothing.
    let mut bytes = vec![0; FIRST_BYTES];
    getrandom::fill(&mut bytes).map_err(io::Error::other)?;
    file.write_all(&bytes)?;
    file.sync_all()
}

/// The directory itself, or the one in which it would be made.
pub(crate) fn nearest(dir: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(dir)?;
    let found = path.ancestors().find(|dir| dir.exists());
    found.map(Path::to_owned).ok_or_else(|| io::ErrorKind::NotFound.into())
}
