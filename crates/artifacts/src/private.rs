//! Files and directories that only their owner can read, whatever the umask says.

use std::fs::{self, File};
use std::io;
use std::path::Path;

/// Makes a directory, and those above it that are missing, for the owner only. One that exists is left as it is.
pub(crate) fn make_dir(dir: &Path) -> io::Result<()> {
    if dir.is_dir() {
        return Ok(());
    }
    if let Some(above) = dir.parent().filter(|above| !above.as_os_str().is_empty()) {
        make_dir(above)?;
    }
    match fs::create_dir(dir) {
        Ok(()) => restrict(dir),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && dir.is_dir() => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes a new file for the owner only.
pub(crate) fn make_file(path: &Path) -> io::Result<File> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let file = options.open(path)?;
    // A umask can take bits of the owner away as well.
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

/// A directory entry is durable once its directory was synced. Only Unix can.
pub(crate) fn sync_dir(dir: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(dir)?.sync_all() } else { Ok(()) }
}

/// Nobody deletes from a directory as long as what is returned lives. Only Unix locks directories.
pub(crate) fn hold_dir(dir: &Path) -> io::Result<Option<File>> {
    lock(dir, File::lock_shared)
}

/// As long as what is returned lives, nobody holds the directory.
pub(crate) fn hold_dir_alone(dir: &Path) -> io::Result<Option<File>> {
    lock(dir, File::lock)
}

fn lock(dir: &Path, how: fn(&File) -> io::Result<()>) -> io::Result<Option<File>> {
    if !cfg!(unix) {
        return Ok(None);
    }
    let opened = File::open(dir)?;
    how(&opened)?;
    Ok(Some(opened))
}

#[cfg(unix)]
fn restrict(dir: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(dir, fs::Permissions::from_mode(0o700))
}

#[cfg(not(unix))]
fn restrict(_dir: &Path) -> io::Result<()> {
    Ok(())
}
