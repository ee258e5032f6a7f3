//! Making streams, from nothing or from a place of another one.

mod begin;

use kernel::Tenant;
use sea_orm::{ActiveModelTrait as _, DatabaseTransaction, DbErr, EntityTrait as _, SqlErr};

use crate::content::{beginning, pieces_of_values};
use crate::frame::first_frames;
use crate::life::after;
use crate::remove::{end_if_over, remove_in};
use crate::streams::Inner;
use crate::table::stream::{ActiveModel, Entity, Model};
use crate::{ContentType, Declared, Error, Offset, Schema, Stream, StreamId, StreamPath, table};

use begin::{Beginning, begin, begin_in, check_schema};

/// How often a stream may have been forked from a fork: each is a ledger that reading from the beginning goes through.
const MAX_DEPTH: usize = 32;

/// What a stream is to be.
#[derive(Debug, Clone)]
pub struct Config<'a> {
    /// What it consists of; that of its source, or bytes, where it is not said.
    pub content_type: Option<ContentType>,
    /// How long it lives.
    pub lifetime: Lifetime,
    /// What it begins with.
    pub body: &'a [u8],
    /// Nothing is added after that.
    pub is_closed: bool,
    /// What it is forked from.
    pub fork: Option<Fork>,
    /// What its values are, if it is to be the record of a run.
    pub schema: Option<Schema>,
}

/// How long a stream lives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Lifetime {
    /// Until it is deleted. A fork that does not say lives as its source.
    Unsaid,
    /// So many seconds after it was last read or appended to.
    Ttl(i64),
    /// Until a moment.
    Until {
        /// As it was given.
        text: String,
        /// In microseconds since 1970.
        at_us: i64,
    },
}

/// A place of another stream of the tenant.
#[derive(Debug, Clone)]
pub struct Fork {
    /// Of which stream.
    pub source: StreamPath,
    /// After what; at its end where it is not said.
    pub after: Option<Offset>,
    /// And so many values or bytes of the append that follows.
    pub more: u64,
}

/// Where a fork begins.
struct Origin {
    source: StreamId,
    base: u64,
    /// The first piece of its own: the beginning of an append of the source.
    piece: Option<String>,
    content_type: ContentType,
    lifetime: Lifetime,
}

/// How often another request may have made or deleted the stream meanwhile.
const TRIES: usize = 4;

/// The stream at this path, and whether it was made now.
pub(crate) async fn create(
    inner: &Inner,
    tenant: Tenant,
    path: &StreamPath,
    config: &Config<'_>,
) -> Result<(Stream, bool), Error> {
    for _ in 0..TRIES {
        match inner.reader.find(tenant, path).await {
            Ok(stream) => {
                check_same(inner, tenant, path, &stream, config).await?;
                return Ok((stream, false));
            }
            Err(Error::Gone) => return Err(Error::PathHeld),
            Err(Error::NotFound) => end_if_over(inner, tenant, path).await?,
            Err(error) => return Err(error),
        }
        let plan = plan(inner, tenant, path, config).await?;
        let made =
            inner.write.write("create a stream", async |tx| insert(inner, tx, tenant, path, &plan).await);
        match made.await {
            // Not looked for: it may be over already.
            Ok(Made::Now) => return Ok((inner.reader.stream(tenant, plan.row).await?, true)),
            Ok(Made::AlreadyThere) | Err(Error::Contended) => {}
            Err(Error::Db(error)) if is_taken(&error) => {}
            Err(error) => return Err(error),
        }
    }
    Err(Error::Contended)
}

/// Compares what was asked for with what is there. What a fork has from its source is not asked for.
async fn check_same(
    inner: &Inner,
    tenant: Tenant,
    path: &StreamPath,
    stream: &Stream,
    config: &Config<'_>,
) -> Result<(), Error> {
    let conn = inner.reader.read_db().conn();
    let row = table::find(conn, tenant.id(), path).await?.ok_or(Error::NotFound)?;
    let is_fork = config.fork.is_some();
    let asked_type = config.content_type.clone().or_else(|| (!is_fork).then(ContentType::unknown));
    let is_type = asked_type.is_none_or(|asked| asked.essence() == stream.content_type().essence());
    let is_lifetime = match &config.lifetime {
        Lifetime::Unsaid => is_fork || (row.ttl_s.is_none() && row.expires_at.is_none()),
        Lifetime::Ttl(ttl_s) => row.ttl_s == Some(*ttl_s),
        Lifetime::Until { text, .. } => row.expires_at.as_ref() == Some(text),
    };
    let is_source = match &config.fork {
        None => row.forked_from.is_none(),
        Some(fork) => {
            let source = table::find(conn, tenant.id(), &fork.source).await?.map(|source| source.id);
            row.forked_from.is_some() && row.forked_from == source
        }
    };
    let is_place = config.fork.as_ref().is_none_or(|fork| {
        let is_base = fork.after.is_none_or(|after| i64::try_from(after.0) == Ok(row.base));
        is_base && i64::try_from(fork.more) == Ok(row.sub_offset)
    });
    let checks = [
        (is_type, "content type"),
        (Declared::of(&row)?.map(|declared| declared.schema) == config.schema, "schema"),
        (is_lifetime, "lifetime"),
        (is_source, "source"),
        (is_place, "place in its source"),
        (stream.is_closed() == config.is_closed, "being open or closed"),
    ];
    match checks.into_iter().find(|(is_same, _)| !is_same) {
        Some((_, what)) => Err(Error::Exists { what }),
        None => Ok(()),
    }
}

/// Everything that is checked and read before anything is written.
struct Plan {
    row: Model,
    frames: Vec<String>,
    is_closed: bool,
    run: Option<Beginning>,
}

async fn plan(inner: &Inner, tenant: Tenant, path: &StreamPath, config: &Config<'_>) -> Result<Plan, Error> {
    check_schema(config)?;
    let origin = match &config.fork {
        Some(fork) => Some(origin(inner, tenant, fork, config.content_type.as_ref()).await?),
        None => None,
    };
    let inherited = origin.as_ref().map(|origin| origin.content_type.clone());
    let content_type = config.content_type.clone().or(inherited).unwrap_or_else(ContentType::unknown);
    let mut pieces: Vec<String> = origin.iter().filter_map(|origin| origin.piece.clone()).collect();
    if !config.body.is_empty() {
        pieces.extend(content_type.kind().pieces(config.body)?);
    }
    let lifetime = match (&config.lifetime, &origin) {
        (Lifetime::Unsaid, Some(origin)) => origin.lifetime.clone(),
        (lifetime, _) => lifetime.clone(),
    };
    let clock = inner.reader.life().clock();
    let (ttl_s, expires_at, dies_us) = match lifetime {
        Lifetime::Unsaid => (None, None, None),
        Lifetime::Ttl(ttl_s) => (Some(ttl_s), None, Some(after(clock.now_us(), ttl_s))),
        Lifetime::Until { text, at_us } => (None, Some(text), Some(at_us)),
    };
    let id = StreamId::new(&**clock);
    let run = match config.schema {
        Some(schema) => Some(begin(inner, id, path, (schema, config.is_closed), &pieces).await?),
        None => None,
    };
    if let Some(Beginning { told, .. }) = &run {
        pieces = pieces_of_values(told.values.iter().map(String::as_str))?;
    }
    let row = Model {
        id,
        tenant_id: tenant.id(),
        path: path.as_str().to_owned(),
        content_type: content_type.as_str().to_owned(),
        ttl_s,
        expires_at,
        dies_us,
        forked_from: origin.as_ref().map(|origin| origin.source),
        base: origin.as_ref().map_or(0, |origin| signed(origin.base)),
        sub_offset: config.fork.as_ref().map_or(0, |fork| signed(fork.more)),
        created_us: clock.now_us(),
        deleted_us: None,
        is_gone: false,
        memory: "{\"order\":null,\"producers\":{}}".to_owned(),
        memory_seq: 0,
        stream_schema: config.schema.map(|schema| schema.as_str().to_owned()),
        run_id: run.as_ref().map(|run| run.run),
    };
    let frames = first_frames(&pieces, &kernel::rfc3339(clock.now()));
    let is_ended = run.as_ref().is_some_and(|run| run.ending.is_some());
    Ok(Plan { row, frames, is_closed: config.is_closed || is_ended, run })
}

async fn origin(
    inner: &Inner,
    tenant: Tenant,
    fork: &Fork,
    content_type: Option<&ContentType>,
) -> Result<Origin, Error> {
    let source = inner.reader.find(tenant, &fork.source).await;
    let source =
        source.map_err(|error| if matches!(error, Error::Gone) { Error::SourceGone } else { error })?;
    let (stream, given) = (source.content_type(), content_type);
    if let Some(given) = given.filter(|given| given.essence() != stream.essence()) {
        return Err(Error::ContentType { stream: stream.essence(), given: given.essence() });
    }
    if source.depth() >= MAX_DEPTH {
        let reason = format!("a stream is forked {MAX_DEPTH} times in a row at most");
        return Err(Error::wrong("Stream-Forked-From", reason));
    }
    let base = fork.after.unwrap_or_else(|| source.end());
    if base > source.end() {
        return Err(Error::wrong("Stream-Fork-Offset", "is beyond the end of the source"));
    }
    let lifetime = match (source.ttl_s(), source.expires_at()) {
        (Some(ttl_s), _) => Lifetime::Ttl(ttl_s),
        (None, Some(text)) => Lifetime::Until { text: text.to_owned(), at_us: moment(text)? },
        (None, None) => Lifetime::Unsaid,
    };
    Ok(Origin {
        source: source.id(),
        base: base.0,
        piece: piece(inner, &source, base, fork.more).await?,
        content_type: stream.clone(),
        lifetime,
    })
}

/// The beginning of the append that follows, `more` values or bytes of it.
async fn piece(inner: &Inner, source: &Stream, after: Offset, more: u64) -> Result<Option<String>, Error> {
    if more == 0 {
        return Ok(None);
    }
    let field = "Stream-Fork-Sub-Offset";
    let append = inner.reader.frame_after(source, after).await?;
    let append = append.ok_or_else(|| Error::wrong(field, "no append follows the offset"))?;
    let piece = usize::try_from(more).ok().and_then(|more| beginning(source.kind(), &append, more));
    piece.map(Some).ok_or_else(|| Error::wrong(field, "the append that follows the offset has fewer"))
}

impl Lifetime {
    /// Until a moment as RFC 3339 writes it.
    pub fn until(text: &str) -> Result<Self, Error> {
        Ok(Self::Until { text: text.to_owned(), at_us: moment(text)? })
    }
}

fn moment(text: &str) -> Result<i64, Error> {
    let moment = chrono::DateTime::parse_from_rfc3339(text).map(|moment| moment.timestamp_micros());
    moment.map_err(|_| Error::wrong("Stream-Expires-At", "must be a time such as 2026-11-30T12:00:00Z"))
}

enum Made {
    Now,
    /// By another request, meanwhile.
    AlreadyThere,
}

async fn insert(
    inner: &Inner,
    tx: &DatabaseTransaction,
    tenant: Tenant,
    path: &StreamPath,
    plan: &Plan,
) -> Result<Made, Error> {
    if let Some(row) = table::lock(tx, tenant.id(), path).await? {
        if row.deleted_us.is_some() {
            return Err(Error::PathHeld);
        }
        if !inner.reader.life().is_over(&row) {
            return Ok(Made::AlreadyThere);
        }
        if !remove_in(inner, tx, row, None).await?.is_gone {
            return Err(Error::PathHeld);
        }
    }
    if let Some(source) = plan.row.forked_from {
        // Locked, so that it is not deleted with nobody to keep it for.
        let source = table::lock_id(tx, source).await?.ok_or(Error::NotFound)?;
        inner.reader.check_alive(&source).map_err(|_| Error::SourceGone)?;
    }
    let ledger = plan.row.id.ledger();
    inner.ledger.open_in(tx, tenant, ledger).await?;
    if plan.is_closed {
        inner.ledger.close_in(tx, ledger, 0, 1, &plan.frames).await?;
    } else {
        inner.ledger.append_in(tx, ledger, 0, 1, &plan.frames).await?;
    }
    if let Some(beginning) = &plan.run {
        begin_in(inner, tx, tenant, beginning).await?;
    }
    let row = ActiveModel::from(plan.row.clone()).reset_all();
    Entity::insert(row).exec_without_returning(tx).await?;
    Ok(Made::Now)
}

fn is_taken(error: &DbErr) -> bool {
    matches!(error.sql_err(), Some(SqlErr::UniqueConstraintViolation(_)))
}

fn signed(place: u64) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}
