//! The handle to all streams of one database.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use kernel::{Db, SharedClock, Tenant, TenantId, WriteDb};
use ledger::Ledger;
use runs::foreign::Runs;
use tokio_util::sync::CancellationToken;

use crate::content::MAX_BODY_BYTES;
use crate::life::Life;
use crate::state::Append;
use crate::writer::{Handle, Target};
use crate::{
    Appended, Config, ContentType, Error, Producer, Reader, Stream, StreamPath, create, remove, table,
};

/// The longest name of a producer, and the longest `Stream-Seq`.
const MAX_NAME_BYTES: usize = 256;

/// How often the sweep looks for streams whose time is over.
const SWEEP: Duration = Duration::from_secs(1);

/// How often a writer may have gone away just when it was handed an append.
const TRIES: usize = 4;

/// All streams of one database. Clones share everything.
#[derive(Debug, Clone)]
pub struct Streams(Arc<Inner>);

pub(crate) struct Inner {
    pub ledger: Ledger,
    pub runs: Runs,
    pub write: WriteDb,
    pub reader: Reader,
    writers: Mutex<HashMap<(TenantId, StreamPath), Handle>>,
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inner").field("ledger", &self.ledger).finish_non_exhaustive()
    }
}

/// What is to be appended.
#[derive(Debug, Clone, Default)]
pub struct Write<'a> {
    /// A body and its content type; nothing to close a stream without adding anything.
    pub body: Option<(Option<ContentType>, &'a [u8])>,
    /// Who appends.
    pub producer: Option<Producer>,
    /// Its place in an order that the writers have agreed on: it must sort after the last one.
    pub order: Option<String>,
    /// The stream ends with it.
    pub closes: bool,
}

impl Streams {
    /// Opens the streams. Nothing runs yet: writers come with appends, and [`Self::sweep_loop`] is the caller's.
    pub fn open(db: &Db, ledger: Ledger, runs: Runs, clock: SharedClock) -> Self {
        let reader = Reader::new(db.read.clone(), ledger.reader().clone(), Life::new(clock));
        let (write, writers) = (db.write.clone(), Mutex::default());
        Self(Arc::new(Inner { ledger, runs, write, reader, writers }))
    }

    /// The reading half.
    pub fn reader(&self) -> &Reader {
        &self.0.reader
    }

    /// Makes the stream at this path, or finds that it is there already as it was asked for. Says which.
    pub async fn create(
        &self,
        tenant: Tenant,
        path: &StreamPath,
        config: &Config<'_>,
    ) -> Result<(Stream, bool), Error> {
        create::create(&self.0, tenant, path, config).await
    }

    /// Appends, and returns when that is durable. It goes on when the caller leaves.
    pub async fn append(
        &self,
        tenant: Tenant,
        path: &StreamPath,
        write: &Write<'_>,
    ) -> Result<Appended, Error> {
        for _ in 0..TRIES {
            let (handle, is_known) = self.0.handle(tenant, path).await?;
            let append = checked(&handle.target, write)?;
            match handle.append(append).await {
                // Of a writer that was there: the path may be another stream's by now.
                Some(Err(Error::NotFound | Error::Gone)) if is_known => self.0.forget(&handle.target),
                Some(answer) => return answer,
                None => self.0.forget(&handle.target),
            }
        }
        Err(Error::Contended)
    }

    /// Deletes the stream at this path. Streams that were forked from it go on.
    pub async fn delete(&self, tenant: Tenant, path: &StreamPath) -> Result<(), Error> {
        remove::delete(&self.0, tenant, path).await
    }

    /// Ends streams whose time is over, until the program closes.
    pub async fn sweep_loop(self, closing: CancellationToken) {
        while closing.run_until_cancelled(tokio::time::sleep(SWEEP)).await.is_some() {
            if let Err(error) = self.sweep().await {
                kernel::warn_seldom!(%error, "streams whose time is over could not be ended");
            }
        }
    }

    /// Ends streams whose time is over, once.
    pub async fn sweep(&self) -> Result<(), Error> {
        remove::sweep(&self.0).await
    }
}

/// Checks an append against the stream it is for.
fn checked(target: &Target, write: &Write<'_>) -> Result<Append, Error> {
    let fits = |text: &str| (1..=MAX_NAME_BYTES).contains(&text.len());
    if write.producer.as_ref().is_some_and(|producer| !fits(&producer.id)) {
        return Err(Error::wrong("Producer-Id", format!("must have 1 to {MAX_NAME_BYTES} bytes")));
    }
    if write.order.as_ref().is_some_and(|order| !fits(order)) {
        return Err(Error::wrong("Stream-Seq", format!("must have 1 to {MAX_NAME_BYTES} bytes")));
    }
    let pieces = match &write.body {
        None if write.closes => Vec::new(),
        None => return Err(Error::wrong("body", "must not be empty: nothing would be appended")),
        Some((content_type, body)) => pieces(target, content_type.as_ref(), body)?,
    };
    let (producer, order) = (write.producer.clone(), write.order.clone());
    Ok(Append { pieces, producer, order, closes: write.closes })
}

fn pieces(target: &Target, content_type: Option<&ContentType>, body: &[u8]) -> Result<Vec<String>, Error> {
    let given = content_type.ok_or_else(|| Error::wrong("Content-Type", "must say what is appended"))?;
    let (stream, given) = (target.content_type.essence(), given.essence());
    if stream != given {
        return Err(Error::ContentType { stream, given });
    }
    if body.len() > MAX_BODY_BYTES {
        return Err(Error::TooLarge { size_bytes: body.len(), limit_bytes: MAX_BODY_BYTES });
    }
    let pieces = target.content_type.kind().pieces(body)?;
    if pieces.is_empty() {
        return Err(Error::wrong("body", "must not be an empty array: nothing would be appended"));
    }
    Ok(pieces)
}

impl Inner {
    /// The stream's writer, and whether it was there before.
    async fn handle(self: &Arc<Self>, tenant: Tenant, path: &StreamPath) -> Result<(Handle, bool), Error> {
        let key = (tenant.id(), path.clone());
        if let Some(handle) = self.writers().get(&key) {
            return Ok((handle.clone(), true));
        }
        let row = table::find(self.reader.read_db().conn(), tenant.id(), path).await?;
        let row = row.ok_or(Error::NotFound)?;
        self.reader.check_alive(&row)?;
        let target = Target::new(tenant, path.clone(), &row)?;
        let mut writers = self.writers();
        let handle = writers.entry(key).or_insert_with(|| Handle::start(Arc::clone(self), target));
        Ok((handle.clone(), false))
    }

    /// The writer goes, or is of no use.
    pub(crate) fn forget(&self, target: &Arc<Target>) {
        let key = (target.tenant.id(), target.path.clone());
        let mut writers = self.writers();
        if writers.get(&key).is_some_and(|handle| Arc::ptr_eq(&handle.target, target)) {
            writers.remove(&key);
        }
    }

    pub(crate) fn forget_path(&self, tenant: TenantId, path: &StreamPath) {
        self.writers().remove(&(tenant, path.clone()));
    }

    fn writers(&self) -> MutexGuard<'_, HashMap<(TenantId, StreamPath), Handle>> {
        // The map is whole after every statement.
        self.writers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
