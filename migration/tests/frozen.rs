//! A committed migration is frozen: databases were made with it. Who needs another schema adds a migration.

use std::{fs, io};

use kernel::Digest;

/// Each migration and the digest of its file, as `sha256sum` writes and checks them.
const FROZEN: &str = include_str!("../frozen.sha256");

#[test]
fn every_migration_is_listed_and_none_changes() -> io::Result<()> {
    let mut found = Vec::new();
    for file in fs::read_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))? {
        let file = file?;
        let name = file.file_name().to_string_lossy().into_owned();
        if name.starts_with('m') {
            found.push((name, Digest::of(fs::read(file.path())?).to_string()));
        }
    }
    found.sort();
    let lines: Vec<String> = found.iter().map(|(name, digest)| format!("{digest}  {name}")).collect();
    assert_eq!(
        lines,
        FROZEN.lines().collect::<Vec<_>>(),
        "a listed migration is frozen: add another instead"
    );
    Ok(())
}
