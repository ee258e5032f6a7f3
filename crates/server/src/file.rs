//! Files that a command writes: whole or not at all, and safe to open.

use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::{Stream, StreamExt as _};

use crate::exit::{Exit, Failed};
use crate::umask;

/// Refuses the file that is read, under whatever name: it would be gone.
pub(crate) fn is_another(path: &Path, input: &Path, flag: &str) -> anyhow::Result<()> {
    if is_same_file(path, input) {
        let message = format!("{flag} names the file that is read, and would replace it; name another one");
        return Err(Failed::new(Exit::Usage, message).into());
    }
    Ok(())
}

/// Refuses a name under which nothing could be written, before anything is computed for it.
pub(crate) fn check_writable(path: &Path, flag: &str) -> anyhow::Result<()> {
    let refused = |why: String| {
        Err(Failed::new(Exit::Usage, format!("{flag} cannot be written to {}: {why}", path.display())).into())
    };
    if path.is_dir() {
        return refused("it is a directory; name a file in it".to_owned());
    }
    let (_, unfinished) = places(path);
    match unfinished.parent().filter(|place| !place.as_os_str().is_empty()) {
        Some(place) if !place.is_dir() => {
            return refused(format!("there is no directory {}; make it first", place.display()));
        }
        _ => {}
    }
    match File::create_new(&unfinished).and_then(|_| fs::remove_file(&unfinished)) {
        Ok(()) => Ok(()),
        Err(error) => refused(error.to_string()),
    }
}

/// Where the bytes of a name are in the end, a link followed, and where they are before all of them are there.
fn places(path: &Path) -> (PathBuf, PathBuf) {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.unfinished", std::process::id()));
    let unfinished = path.with_file_name(name);
    (path, unfinished)
}

/// Whether two names lead to one file, through links of either kind.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    place(one).is_some_and(|found| place(other) == Some(found))
}

/// Puts bytes under a name. A link stays one, and leads to the new bytes; who may read them stays as it was.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut unfinished = Unfinished::begun(path)?;
    unfinished.file.write_all(bytes)?;
    unfinished.finish()
}

/// As [`replace`], of bytes that come piece by piece.
pub(crate) async fn replace_by<E>(
    path: &Path,
    pieces: impl Stream<Item = Result<Bytes, E>>,
) -> anyhow::Result<()>
where
    E: Into<anyhow::Error>,
{
    let written = |error| anyhow::Error::new(error).context(format!("cannot write {}", path.display()));
    let mut unfinished = Unfinished::begun(path).map_err(written)?;
    let mut pieces = std::pin::pin!(pieces);
    while let Some(piece) = pieces.next().await {
        unfinished.file.write_all(&piece.map_err(Into::into)?).map_err(written)?;
    }
    unfinished.finish().map_err(written)
}

/// A file beside the one whose place it takes once it is whole; it goes away if it never is.
struct Unfinished {
    file: File,
    at: PathBuf,
    path: PathBuf,
    mode: u32,
    is_whole: bool,
}

impl Unfinished {
    fn begun(path: &Path) -> io::Result<Self> {
        let (path, at) = places(path);
        let mode = fs::metadata(&path).map_or_else(|_| umask::of_named_file(), |found| found.mode() & 0o777);
        // Only what nobody has is made, so that no file of this name is lost.
        let file = File::create_new(&at)?;
        Ok(Self { file, at, path, mode, is_whole: false })
    }

    fn finish(mut self) -> io::Result<()> {
        self.file.set_permissions(Permissions::from_mode(self.mode))?;
        fs::rename(&self.at, &self.path)?;
        self.is_whole = true;
        Ok(())
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if !self.is_whole {
            // What is left of it says less than the error.
            let _ = fs::remove_file(&self.at);
        }
    }
}

/// A cell of a CSV file. One that a spreadsheet would take for a formula is led by an apostrophe.
pub(crate) fn cell(text: &str) -> String {
    // Spreadsheets look behind spaces, and take the full-width signs of East Asian keyboards as the plain ones.
    let first = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}').chars().next();
    let is_formula = matches!(first, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠'))
        || text.starts_with(['\t', '\r', '\n', '|', '%']);
    let text = if is_formula { format!("'{text}") } else { text.to_owned() };
    let is_quoted = text.contains([',', ';', '\t', '"', '\n', '\r']);
    if is_quoted { format!("\"{}\"", text.replace('"', "\"\"")) } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_written_is_refused_before_and_what_can_leaves_nothing() {
        let place = tempfile::tempdir().unwrap();
        let check =
            |name: &str| check_writable(&place.path().join(name), "--out").map_err(|error| error.to_string());
        assert_eq!(check("a.csv"), Ok(()));
        assert_eq!(fs::read_dir(place.path()).unwrap().count(), 0);
        for (name, why) in [("no/a.csv", "there is no directory"), ("", "it is a directory")] {
            let error = check(name).unwrap_err();
            assert!(error.starts_with("--out cannot be written to ") && error.contains(why), "{error}");
        }
    }

    #[test]
    fn a_cell_is_one_cell_and_no_formula() {
        for (text, expected) in [
            ("a", "a"),
            ("a,b", "\"a,b\""),
            ("a;b", "\"a;b\""),
            ("say \"x\"", "\"say \"\"x\"\"\""),
            ("=1+1", "'=1+1"),
            (" =1+1", "' =1+1"),
            ("＝1+1", "'＝1+1"),
            ("\n=1", "\"'\n=1\""),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("-x", "'-x"),
            ("store-1", "store-1"),
        ] {
            assert_eq!(cell(text), expected);
        }
    }
}
