//! Files that a command writes: whole or not at all, and safe to open.

use std::fs::{self, File, Permissions};
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

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

/// Whether two names lead to one file, through links of either kind.
fn is_same_file(one: &Path, other: &Path) -> bool {
    let place = |path: &Path| fs::metadata(path).map(|found| (found.dev(), found.ino())).ok();
    place(one).is_some_and(|found| place(other) == Some(found))
}

/// Puts bytes under a name. A link stays one, and leads to the new bytes; who may read them stays as it was.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let mode = fs::metadata(&path).map_or_else(|_| umask::of_named_file(), |found| found.mode() & 0o777);
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.unfinished", std::process::id()));
    let unfinished = path.with_file_name(name);
    // Only what nobody has is made, so that no file of this name is lost.
    let mut file = File::create_new(&unfinished)?;
    let written = file
        .write_all(bytes)
        .and_then(|()| file.set_permissions(Permissions::from_mode(mode)))
        .and_then(|()| fs::rename(&unfinished, &path));
    if written.is_err() {
        // What is left of it says less than the error.
        let _ = fs::remove_file(&unfinished);
    }
    written
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
