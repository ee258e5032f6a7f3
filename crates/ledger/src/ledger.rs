//! The handle to all ledgers of one database.

use std::ops::RangeInclusive;
use std::sync::Arc;

use frames::{LedgerId, chain};
use kernel::{Db, RunId, Tenant};
use sea_orm::{ActiveModelTrait, DatabaseTransaction, EntityTrait, Set};
use tokio::sync::Notify;

use crate::append::{Queue, check};
use crate::feed::Feeds;
use crate::table::{self, ledger};
use crate::tail::{Tail, store};
use crate::{Error, Head, Pruned, Reader, commit, prune};

/// All ledgers of one database.
///
/// Clones share one committer. It lives on the runtime that called [`Self::open`], as long as a clone does or an
/// append waits.
#[derive(Debug, Clone)]
pub struct Ledger {
    queue: Queue,
    reader: Reader,
    closed: Arc<Notify>,
}

impl Ledger {
    /// Opens the ledgers and starts the committer on the current runtime.
    pub fn open(db: Db) -> Self {
        let (queue, waiting) = Queue::new();
        let feeds = Feeds::new(db.read);
        tokio::spawn(commit::commit_all(waiting, db.write, feeds.clone()));
        Self { queue, reader: Reader::new(feeds), closed: Arc::default() }
    }

    /// The reading half.
    pub const fn reader(&self) -> &Reader {
        &self.reader
    }

    /// Opens a run's ledger, empty, in the transaction that creates the run. The ledger's own id is the run's.
    pub async fn open_in(&self, tx: &DatabaseTransaction, tenant: Tenant, run: RunId) -> Result<(), Error> {
        self.open_as_in(tx, tenant, run, LedgerId::from(run)).await
    }

    /// Opens a run's ledger, empty, that keeps the id it had elsewhere: the same frames lead to the same head again.
    pub async fn open_as_in(
        &self,
        tx: &DatabaseTransaction,
        tenant: Tenant,
        run: RunId,
        ledger_id: LedgerId,
    ) -> Result<(), Error> {
        let row = ledger::ActiveModel {
            run_id: Set(run),
            tenant_id: Set(tenant.id()),
            ledger_id: Set(ledger_id),
            fence: Set(0),
            seq: Set(0),
            head: Set(chain::genesis(ledger_id).as_bytes().to_vec()),
            is_closed: Set(false),
        };
        ledger::Entity::insert(row).exec_without_returning(tx).await?;
        Ok(())
    }

    /// Hands a run's ledger to the writer with this token: from the commit on, every earlier token is refused.
    /// Returns the head to go on from.
    pub async fn fence_in(&self, tx: &DatabaseTransaction, run: RunId, fence: i64) -> Result<Head, Error> {
        let row = locked(tx, run).await?;
        let head = Head::try_from(&row)?;
        if head.is_closed {
            return Err(Error::Closed { run, seq: head.seq });
        }
        if fence <= row.fence {
            return Err(Error::Fenced { run, given: fence, current: row.fence });
        }
        let mut row = ledger::ActiveModel::from(row);
        row.fence = Set(fence);
        row.update(tx).await?;
        Ok(head)
    }

    /// Hands a run's ledger to whoever asks, under a token above all earlier ones. Returns it and the head to go on from.
    pub async fn succeed_in(&self, tx: &DatabaseTransaction, run: RunId) -> Result<(i64, Head), Error> {
        let fence = locked(tx, run).await?.fence + 1;
        Ok((fence, self.fence_in(tx, run, fence).await?))
    }

    /// Appends frames, the first of them under `first_seq`, and returns when they are durable.
    ///
    /// Appending stored bytes again changes nothing and returns the head, so an append whose answer was lost is
    /// simply repeated. Waits while too much is waiting for the disk. Dropping the future withdraws the append only
    /// until it is queued. Must not be awaited inside a write transaction: the committer needs the write lock.
    pub async fn append(
        &self,
        run: RunId,
        fence: i64,
        first_seq: u64,
        frames: Vec<String>,
    ) -> Result<Head, Error> {
        self.queue.append(run, fence, first_seq, frames).await
    }

    /// Appends frames inside the caller's transaction. Call [`Self::woken`] after its commit.
    pub async fn append_in(
        &self,
        tx: &DatabaseTransaction,
        run: RunId,
        fence: i64,
        first_seq: u64,
        frames: &[String],
    ) -> Result<Head, Error> {
        let tail = extended(tx, run, fence, first_seq, frames).await?;
        let head = tail.head();
        store(tx, vec![tail]).await?;
        Ok(head)
    }

    /// Appends the last frames, the terminal one included, and closes the ledger, inside the caller's transaction.
    /// Call [`Self::woken`] after its commit.
    pub async fn close_in(
        &self,
        tx: &DatabaseTransaction,
        run: RunId,
        fence: i64,
        first_seq: u64,
        frames: &[String],
    ) -> Result<Head, Error> {
        let mut tail = extended(tx, run, fence, first_seq, frames).await?;
        let head = tail.close();
        store(tx, vec![tail]).await?;
        Ok(head)
    }

    /// Lets go of a closed ledger's frames, as many of `seqs` as make whole blocks, inside the caller's transaction: each
    /// body gives way to the digests of its frames. The database lets that pass only after a retention receipt has released
    /// the `frames` of the run. The whole chain is proven first; where it breaks, nothing is let go.
    pub async fn prune_in(
        &self,
        tx: &DatabaseTransaction,
        run: RunId,
        seqs: RangeInclusive<u64>,
    ) -> Result<Pruned, Error> {
        prune::prune(tx, &locked(tx, run).await?, seqs).await
    }

    /// Wakes the run's followers. A wake-up without news does no harm.
    pub fn woken(&self, run: RunId) {
        self.reader.ring(run);
        self.closed.notify_one();
    }

    /// Rings when a ledger may have been closed.
    pub(crate) fn closed(&self) -> Arc<Notify> {
        Arc::clone(&self.closed)
    }
}

/// The end of the run's ledger with these frames added.
async fn extended(
    tx: &DatabaseTransaction,
    run: RunId,
    fence: i64,
    first_seq: u64,
    frames: &[String],
) -> Result<Tail, Error> {
    check(run, first_seq, frames)?;
    let mut tail = Tail::new(&locked(tx, run).await?)?;
    tail.append(tx, fence, first_seq, frames).await?;
    Ok(tail)
}

async fn locked(tx: &DatabaseTransaction, run: RunId) -> Result<ledger::Model, Error> {
    table::lock(tx, [run].into_iter()).await?.pop().ok_or(Error::UnknownRun { run })
}
