//! Files that a command is given.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;

use bytes::Bytes;
use client::Client;
use wire::datasets::{Dataset, ImportQuery, media_type};

use crate::cli::SeriesFile;
use crate::exit::{Exit, Failed};
use crate::flags::{Flags, by_the_flags};

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

/// What the fields of an import are called by every command that reads a file.
const FLAGS: Flags = &[("frequency", "--frequency"), ("start", "--start")];

/// The data set of a file of series.
pub(crate) async fn import(client: &Client, series: &SeriesFile, file: Bytes) -> anyhow::Result<Dataset> {
    let name = series.file.file_name().map_or_else(|| "series".into(), |name| name.to_string_lossy());
    let start = series.start.as_deref().map(str::parse).transpose();
    let query = ImportQuery {
        name: name.into_owned(),
        frequency: series.frequency.clone(),
        start: start.map_err(|_| Failed::new(Exit::Usage, "--start must be a date such as 2026-01-31"))?,
    };
    let imported = client.import_dataset(&query, media_type(&series.file), file).await;
    Ok(imported.map_err(|error| by_the_flags(error, FLAGS))?)
}

/// What the file is by its name; everything unknown is CSV, whose reader says best what is wrong.
fn media_type(file: &Path) -> &'static str {
    let extension = file.extension().unwrap_or_default().to_ascii_lowercase();
    match extension.to_str() {
        Some("parquet") => media_type::PARQUET,
        Some("arrow" | "feather" | "ipc" | "arrows") => media_type::ARROW_FILE,
        _ => media_type::CSV,
    }
}
