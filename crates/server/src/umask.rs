//! Who may read what this program makes.

use std::sync::OnceLock;

use rustix::fs::Mode;

/// The mask that the process was started with.
static USERS: OnceLock<Mode> = OnceLock::new();

/// Whatever this program makes is its owner's alone: the database with its log, artifacts, keys. Said once for the
/// process, because most of these files are made by libraries.
pub(crate) fn keep_to_the_owner() {
    let users = rustix::process::umask(Mode::RWXG | Mode::RWXO);
    USERS.get_or_init(|| users);
}

/// The permissions of a new file that the user named: it is theirs to share, so their own mask counts.
pub(crate) fn of_named_file() -> u32 {
    let masked = USERS.get().copied().unwrap_or(Mode::RWXG | Mode::RWXO);
    0o666 & !masked.as_raw_mode()
}
