//! Files that a command is given.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use bytes::Bytes;

use crate::exit::{Exit, Failed};

/// No route takes a larger file, so there is no use in reading one.
const MAX_BYTES: u64 = 1 << 30;

/// The whole of a regular file. Anything else (a pipe, a device, a directory) may have no end and is refused before
/// it is opened, because the opening of a pipe already waits for its other side.
pub(crate) fn read(path: &Path) -> anyhow::Result<Bytes> {
    let unreadable = |error: &std::io::Error| {
        let exit = if error.kind() == ErrorKind::NotFound { Exit::NotFound } else { Exit::Usage };
        Failed::new(exit, format!("cannot read {}: {error}", path.display()))
    };
    let refused = |why: &str| Failed::new(Exit::Usage, format!("cannot read {}: {why}", path.display()));
    let about = std::fs::metadata(path).map_err(|error| unreadable(&error))?;
    if !about.is_file() {
        return Err(refused("it is no regular file; save it to one first").into());
    }
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    file.take(MAX_BYTES + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(refused("it is larger than 1 GiB").into());
    }
    Ok(bytes.into())
}
