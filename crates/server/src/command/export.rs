//! `assay run export`: a run as another program reads it.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use bytes::Bytes;
use futures::{Stream, StreamExt as _};
use kernel::RunId;
use wire::export::{ExportQuery, Format};
use wire::log::ProofQuery;

use super::{close, open, open_for_reading};
use crate::cli::{ExportFormat, Place};
use crate::exit::Exit;
use crate::file::{check_writable, replace_by};
use crate::system::System;

pub(crate) async fn run(
    place: &Place,
    run: RunId,
    format: ExportFormat,
    out: Option<PathBuf>,
) -> anyhow::Result<Exit> {
    if let Some(out) = &out {
        check_writable(out, "--out")?;
    }
    let system = match format {
        // The proof may still have to be made.
        ExportFormat::Ndjson => open(place).await?,
        _ => open_for_reading(place).await?,
    };
    let ended = export(&system, run, format, out.as_deref()).await;
    close(system, ended).await
}

async fn export(
    system: &System,
    run: RunId,
    format: ExportFormat,
    out: Option<&Path>,
) -> anyhow::Result<Exit> {
    let format = match format {
        ExportFormat::CloudEvents => Format::CloudEvents,
        ExportFormat::OpenLineage => Format::OpenLineage,
        ExportFormat::Otlp => Format::Otlp,
        ExportFormat::Ndjson => {
            system.sequence().await;
            return write(system.client.bundle(run, &ProofQuery { since: None }).await?, out).await;
        }
    };
    write(system.client.export(run, &ExportQuery { format }).await?, out).await
}

async fn write(
    pieces: impl Stream<Item = Result<Bytes, client::Error>>,
    out: Option<&Path>,
) -> anyhow::Result<Exit> {
    if let Some(out) = out {
        return replace_by(out, pieces).await.map(|()| Exit::Ok);
    }
    let mut pieces = std::pin::pin!(pieces);
    while let Some(piece) = pieces.next().await {
        std::io::stdout().lock().write_all(&piece?)?;
    }
    Ok(Exit::Ok)
}
