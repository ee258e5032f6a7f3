//! Where the data is, and the installation's secret.

use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::{env, fs};

use anyhow::Context;
use artifacts::Address;
use kernel::CursorKey;

use crate::cli::Place;
use crate::exit::{Exit, Failed};
use crate::room;

/// The data directory with what the program keeps in it.
#[derive(Debug, Clone)]
pub(crate) struct DataDir {
    path: PathBuf,
    is_writable: bool,
}

impl DataDir {
    /// The directory of the command line or the user's own, made if absent, for a program that writes there.
    pub(crate) fn open(place: &Place) -> anyhow::Result<Self> {
        let path = chosen(place)?;
        fs::create_dir_all(&path).map_err(|error| unusable(&path, &error))?;
        writable(&path).map_err(|error| unusable(&path, &error))?;
        Ok(Self { path, is_writable: true })
    }

    /// The directory for a command that only looks: it may be one that nobody can write, such as a copy kept as
    /// evidence or a mounted backup.
    pub(crate) fn open_for_reading(place: &Place) -> anyhow::Result<Self> {
        let path = chosen(place)?;
        if path.exists() && !path.is_dir() {
            return Err(unusable(&path, &ErrorKind::NotADirectory.into()));
        }
        let file = match &place.database_url {
            Some(url) => kernel::database_file(url),
            None => Some(path.join(DATABASE)),
        };
        if let Some(file) = file.filter(|file| kernel::is_blank(file)) {
            return Err(nothing_there(place.database_url.as_ref().map_or(&path, |_| &file)));
        }
        let is_writable = writable(&path).is_ok();
        Ok(Self { path, is_writable })
    }

    /// The directory as it is, for the doctor: whether it is there, is ours and can be written is what is asked.
    pub(crate) fn look(place: &Place) -> anyhow::Result<Self> {
        let path = chosen(place)?;
        let asked = room::nearest(&path).and_then(|dir| writable(&dir));
        asked.map_err(|error| unusable(&path, &error))?;
        Ok(Self { path, is_writable: true })
    }

    /// Whether the program keeps something in it already.
    pub(crate) fn is_ours(&self) -> bool {
        !kernel::is_blank(&self.path.join(DATABASE)) || self.path.join(CURSOR_KEY).exists()
    }

    /// Writes a page and takes it away again: a disk that is full has room for the name of a file still.
    pub(crate) fn try_page(&self) -> std::io::Result<()> {
        let path = self.path.join(format!("{CURSOR_KEY}.{}.probe", std::process::id()));
        let written = write_secret(&path, &[0; 4096]);
        fs::remove_file(&path).or_else(|error| if written.is_ok() { Err(error) } else { Ok(()) })?;
        written
    }

    pub(crate) const fn is_writable(&self) -> bool {
        self.is_writable
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Where the bytes of artifacts are. What is wrong with an address is said without it: it may hold a secret.
    pub(crate) fn artifacts(&self, place: &Place) -> anyhow::Result<Address> {
        let own = || Ok(Address::Directory(self.path.join("artifacts")));
        let given = place.artifacts.as_deref().map_or_else(own, Address::parse);
        given.map_err(|error| Failed::new(Exit::Usage, error.to_string()).into())
    }

    pub(crate) fn database_url(&self, place: &Place) -> String {
        let own = || format!("sqlite://{}", self.path.join(DATABASE).display());
        place.database_url.clone().unwrap_or_else(own)
    }

    /// The key that signs cursors; made once, readable by the owner only. Where nothing can be written it lives as long
    /// as the process.
    pub(crate) fn cursor_key(&self) -> anyhow::Result<CursorKey> {
        let path = self.path.join(CURSOR_KEY);
        if !self.is_writable {
            return Ok(CursorKey::new(fresh_secret()?));
        }
        if let Some(key) = read_key(&path)? {
            return Ok(CursorKey::new(key));
        }
        self.make_secret(CURSOR_KEY, &fresh_secret()?)?;
        read_key(&path)?.map(CursorKey::new).with_context(|| format!("{} vanished", path.display()))
    }

    /// Keeps a secret in a file that only the owner reads, unless there is one already. Two processes may start at once:
    /// the one whose link comes second leaves that of the first.
    pub(crate) fn make_secret(&self, name: &str, secret: &[u8]) -> anyhow::Result<()> {
        let (path, fresh) = (self.path.join(name), self.path.join(format!("{name}.{}", std::process::id())));
        if let Err(error) = write_secret(&fresh, secret) {
            // Half a key is nobody's.
            let _ = fs::remove_file(&fresh);
            return Err(error).with_context(|| format!("cannot write {}", fresh.display()));
        }
        let linked = fs::hard_link(&fresh, &path);
        fs::remove_file(&fresh).with_context(|| format!("cannot remove {}", fresh.display()))?;
        match linked {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                Err(error).with_context(|| format!("cannot write {}", path.display()))
            }
            _ => Ok(()),
        }
    }
}

/// The database in the data directory.
const DATABASE: &str = "assay.db";
const CURSOR_KEY: &str = "cursor.key";

/// A mistyped directory is not made into one.
fn nothing_there(dir: &Path) -> anyhow::Error {
    let dir = dir.display();
    let message = format!(
        "there is no data in {dir}; `assay showcase run` and `assay lab demo` make some, or choose another directory with --data"
    );
    Failed::new(Exit::NotFound, message).into()
}

fn chosen(place: &Place) -> anyhow::Result<PathBuf> {
    place.data.clone().map_or_else(user_data_dir, Ok)
}

/// Asks whether files can be made in a directory, without making one.
fn writable(dir: &Path) -> std::io::Result<()> {
    if !dir.is_dir() {
        return Err(ErrorKind::NotADirectory.into());
    }
    #[cfg(unix)]
    rustix::fs::access(dir, rustix::fs::Access::WRITE_OK | rustix::fs::Access::EXEC_OK)?;
    Ok(())
}

pub(crate) fn fresh_secret() -> anyhow::Result<[u8; 32]> {
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| anyhow::anyhow!("no randomness for a secret: {error}"))?;
    Ok(secret)
}

fn unusable(dir: &Path, error: &std::io::Error) -> anyhow::Error {
    let message =
        format!("the data directory {} is not writable: {error}; choose another with --data", dir.display());
    Failed::new(Exit::Usage, message).into()
}

/// `$XDG_DATA_HOME/assay`, or `~/.local/share/assay`.
fn user_data_dir() -> anyhow::Result<PathBuf> {
    let xdg = env::var_os("XDG_DATA_HOME").map(PathBuf::from).filter(|dir| dir.is_absolute());
    let home = || env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    let base = xdg.or_else(home).ok_or_else(|| {
        Failed::new(Exit::Usage, "neither XDG_DATA_HOME nor HOME is set; name a data directory with --data")
    })?;
    Ok(base.join("assay"))
}

fn read_key(path: &Path) -> anyhow::Result<Option<[u8; 32]>> {
    match fs::read(path) {
        Ok(bytes) => {
            let key = bytes.try_into().map_err(|_| {
                let message =
                    format!("{} is damaged: delete it, and open cursors become invalid", path.display());
                Failed::new(Exit::Usage, message)
            })?;
            Ok(Some(key))
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
    }
}

pub(crate) fn write_secret(path: &Path, secret: &[u8]) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    let mut file = options.open(path)?;
    file.write_all(secret)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(dir: &Path) -> Place {
        Place {
            data: Some(dir.to_owned()),
            database_url: None,
            artifacts: None,
            log_name: None,
            lease_ms: 10_000,
        }
    }

    #[test]
    fn the_secret_is_made_once_and_kept_from_others() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(&place(&dir.path().join("new"))).unwrap();
        let cursor = data.cursor_key().unwrap().seal("s", &1);
        assert_eq!(data.cursor_key().unwrap().open::<i32>("s", &cursor), Ok(1));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = fs::metadata(data.path().join("cursor.key")).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(fs::read_dir(data.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_damaged_secret_and_an_unusable_directory_are_named() {
        let dir = tempfile::tempdir().unwrap();
        let data = DataDir::open(&place(dir.path())).unwrap();
        fs::write(dir.path().join("cursor.key"), b"short").unwrap();
        assert!(data.cursor_key().unwrap_err().to_string().contains("cursor.key is damaged"));
        let file = dir.path().join("file");
        fs::write(&file, b"").unwrap();
        let error = DataDir::open(&place(&file)).unwrap_err();
        assert!(error.to_string().contains("is not writable"), "{error}");
    }
}
