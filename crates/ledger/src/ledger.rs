//! The handle to all ledgers of one database.

use futures::stream::{self, Stream};
use kernel::{Db, Digest, ReadDb, RunId, Tenant};
use sea_orm::{ActiveModelTrait, ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, Set};
use serde::Serialize;

use crate::append::{Queue, check};
use crate::bell::{Bell, Listener};
use crate::table::{self, ledger};
use crate::tail::{Tail, store};
use crate::{Chunk, Error, Page, Verdict, commit, read, verify};

/// Where a ledger stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The last frame's seq; 0 before the first.
    pub seq: u64,
    /// The chain's digest after that frame.
    pub digest: Digest,
    /// The terminal frame is written.
    pub is_closed: bool,
}

/// All ledgers of one database.
///
/// Clones share one committer. It lives on the runtime that called [`Self::open`], as long as a clone does or an
/// append waits.
#[derive(Debug, Clone)]
pub struct Ledger {
    read: ReadDb,
    queue: Queue,
    bell: Bell,
}

impl Ledger {
    /// Opens the ledgers and starts the committer on the current runtime.
    pub fn open(db: Db) -> Self {
        let (queue, waiting) = Queue::new();
        let bell = Bell::default();
        tokio::spawn(commit::commit_all(waiting, db.write, bell.clone()));
        Self { read: db.read, queue, bell }
    }

    /// Opens a run's ledger, empty, in the transaction that creates the run.
    pub async fn open_in(&self, tx: &DatabaseTransaction, tenant: Tenant, run: RunId) -> Result<(), Error> {
        let row = ledger::ActiveModel {
            run_id: Set(run),
            tenant_id: Set(tenant.id()),
            fence: Set(0),
            seq: Set(0),
            head: Set(Digest::ZERO.as_bytes().to_vec()),
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
        check(run, first_seq, frames)?;
        let mut tail = Tail::new(&locked(tx, run).await?)?;
        tail.append(tx, fence, first_seq, frames).await?;
        let head = tail.close();
        store(tx, vec![tail]).await?;
        Ok(head)
    }

    /// Wakes the run's followers. A wake-up without news does no harm.
    pub fn woken(&self, run: RunId) {
        self.bell.ring(run);
    }

    /// The frames after `after`, first the stored ones and then each new one when it is committed, until the
    /// terminal frame. Every seq comes once and in order, however slowly the stream is read: between two chunks it
    /// holds nothing but its position.
    pub fn follow(
        &self,
        tenant: Tenant,
        run: RunId,
        after: u64,
    ) -> impl Stream<Item = Result<Chunk, Error>> + Send + 'static {
        let listener = self.bell.listen(run);
        let follower = Follower { read: self.read.clone(), listener, tenant, run, after, is_done: false };
        stream::try_unfold(follower, Follower::next)
    }

    /// At most `limit` stored frames after `after`, and at most 1 MiB of them.
    pub async fn page(&self, tenant: Tenant, run: RunId, after: u64, limit: usize) -> Result<Page, Error> {
        read::page(self.read.conn(), tenant.id(), run, after, limit).await
    }

    /// Where the run's ledger stands.
    pub async fn head(&self, tenant: Tenant, run: RunId) -> Result<Head, Error> {
        let row = ledger::Entity::find_by_id(run)
            .filter(ledger::Column::TenantId.eq(tenant.id()))
            .one(self.read.conn())
            .await?;
        Ok(Head::try_from(&row.ok_or(Error::UnknownRun { run })?)?)
    }

    /// Reads the whole ledger and recomputes its chain.
    pub async fn verify(&self, tenant: Tenant, run: RunId) -> Result<Verdict, Error> {
        verify::verify(self.read.conn(), tenant.id(), run).await
    }
}

impl TryFrom<&ledger::Model> for Head {
    type Error = DbErr;

    fn try_from(row: &ledger::Model) -> Result<Self, DbErr> {
        Ok(Self {
            seq: table::unsigned(row.seq)?,
            digest: table::digest(&row.head)?,
            is_closed: row.is_closed,
        })
    }
}

async fn locked(tx: &DatabaseTransaction, run: RunId) -> Result<ledger::Model, Error> {
    table::lock(tx, [run].into_iter()).await?.pop().ok_or(Error::UnknownRun { run })
}

struct Follower {
    read: ReadDb,
    listener: Listener,
    tenant: Tenant,
    run: RunId,
    after: u64,
    is_done: bool,
}

impl Follower {
    async fn next(mut self) -> Result<Option<(Chunk, Self)>, Error> {
        while !self.is_done {
            // Before reading: a frame committed between the read and the wait would otherwise be seen only at the
            // next poll.
            self.listener.arm();
            let (head, chunk) =
                read::chunk(self.read.conn(), self.tenant.id(), self.run, self.after, u64::MAX).await?;
            self.after = chunk.as_ref().map_or(self.after, |chunk| chunk.last_seq);
            self.is_done = head.is_closed && self.after >= head.seq;
            match chunk {
                Some(chunk) => return Ok(Some((chunk, self))),
                None if !self.is_done => self.listener.wait().await,
                None => {}
            }
        }
        Ok(None)
    }
}
