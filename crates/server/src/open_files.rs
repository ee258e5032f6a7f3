//! How many connections there may be, so that files are left for the database and the artifacts.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

/// Files that connections never take: the database's, the artifacts', the program's own.
const KEPT: u64 = 256;
/// More viewers than one process serves well.
const MAX_CONNECTIONS: u64 = 16_384;

/// Raises the number of files this process may have open as far as it may, and returns how many of them may be
/// connections.
pub(crate) fn connections() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let raised = Rlimit { current: limit.maximum, maximum: limit.maximum };
        match setrlimit(Resource::Nofile, raised) {
            Ok(()) => limit = raised,
            Err(error) => tracing::warn!(%error, "the limit of open files could not be raised"),
        }
    }
    usize::try_from(share(limit.current)).expect("the most there may be is a small number")
}

/// No limit is `None`.
fn share(files: Option<u64>) -> u64 {
    let files = files.unwrap_or(u64::MAX);
    files.saturating_sub(KEPT).max(files / 4).clamp(1, MAX_CONNECTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_left_for_the_rest_of_the_program() {
        for (files, expected) in
            [(Some(1024), 768), (Some(256), 64), (Some(64), 16), (Some(1_048_576), 16_384), (None, 16_384)]
        {
            assert_eq!(share(files), expected, "{files:?}");
        }
    }
}
