//! Runs that begin with a stream that is declared to be their record.

use frames::LedgerId;
use kernel::{RunId, Tenant, canonical_json};
use runs::foreign::{Ending, Kind as RunKind, Opening};
use sea_orm::DatabaseTransaction;
use serde_json::json;

use super::Config;
use crate::content::values_of;
use crate::record::{Missing, Record, Told};
use crate::streams::Inner;
use crate::{ContentType, Error, Kind, Schema, StreamId, StreamPath};

/// A run that begins with its stream.
pub(super) struct Beginning {
    pub run: RunId,
    opening: Opening,
    pub told: Told,
    pub ending: Option<Ending>,
}

/// A record is of JSON values, and of one run alone.
pub(super) fn check_schema(config: &Config<'_>) -> Result<(), Error> {
    if config.schema.is_none() {
        return Ok(());
    }
    if config.content_type.as_ref().map(ContentType::kind) != Some(Kind::Json) {
        return Err(Error::wrong("Content-Type", "must be application/json where Stream-Schema is given"));
    }
    match config.fork {
        Some(_) => {
            Err(Error::wrong("Stream-Schema", "not together with Stream-Forked-From: a run begins once"))
        }
        None => Ok(()),
    }
}

/// The run of a stream, and what it has from the stream's beginning.
pub(super) async fn begin(
    inner: &Inner,
    id: StreamId,
    path: &StreamPath,
    (schema, is_closed): (Schema, bool),
    pieces: &[String],
) -> Result<Beginning, Error> {
    let clock = inner.reader.life().clock();
    let (run, at) = (RunId::new(&**clock), clock.now());
    let values: Vec<String> = pieces.iter().filter_map(|piece| values_of(piece)).flatten().collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let mut record = Record::new(schema, id);
    let mut told = record.take(&values, at)?;
    if is_closed && told.terminal.is_none() {
        told.end_with(record.end_missing(Missing::Closed, at));
    }
    let ending = match &told.terminal {
        Some(terminal) => inner.runs.ending(run, terminal).await?,
        None => None,
    };
    let spec = json!({ "path": path.as_str(), "schema": schema.as_str() });
    let opening = Opening {
        kind: RunKind::Stream,
        title: path.as_str().to_owned(),
        spec: canonical_json(&spec).expect("texts can be written"),
        holder: "stream".to_owned(),
        conversation_id: None,
        inputs: Vec::new(),
    };
    Ok(Beginning { run, opening, told, ending })
}

/// Begins the run in the transaction that makes its stream.
pub(super) async fn begin_in(
    inner: &Inner,
    tx: &DatabaseTransaction,
    tenant: Tenant,
    beginning: &Beginning,
) -> Result<(), Error> {
    let Beginning { run, opening, told, ending } = beginning;
    let held = inner.runs.open_as_in(tx, tenant, (*run, LedgerId::from(*run)), opening).await?;
    match ending {
        Some(ending) => inner.runs.close_in(tx, held.fence, 1, &told.frames, ending).await?,
        None => drop(inner.runs.append_in(tx, *run, held.fence, 1, &told.frames).await?),
    }
    Ok(())
}
