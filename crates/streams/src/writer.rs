//! The writer of one stream: takes what waits, decides about each append in turn, and commits the accepted ones together.

mod group;
mod past;

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use kernel::{RunId, Tenant};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::reader::place;
use crate::state::Append;
use crate::streams::Inner;
use crate::table::stream::{Column, Entity, Model};
use crate::{Appended, ContentType, Declared, Error, StreamId, StreamPath};
use group::{Group, is_lost};
use past::Past;

/// A writer that has had nothing to do for so long goes.
const IDLE: Duration = Duration::from_secs(30);

/// How many appends may wait at a writer; who brings more is held back.
const WAITING: usize = 1024;

/// After so many frames what they say of writers is written down, so that the next writer need not read them.
const MEMORY_FRAMES: u64 = 4096;

/// How often the stream may be taken by writers of other processes before an append is given up.
const TRIES: usize = 8;

/// Which stream a writer writes.
#[derive(Debug)]
pub(crate) struct Target {
    pub tenant: Tenant,
    pub path: StreamPath,
    pub content_type: ContentType,
    declared: Option<Declared>,
    id: StreamId,
    base: u64,
    ttl_s: Option<i64>,
}

/// The way to a writer.
#[derive(Debug, Clone)]
pub(crate) struct Handle {
    pub target: Arc<Target>,
    jobs: mpsc::Sender<Job>,
}

#[derive(Debug)]
struct Job {
    append: Append,
    answer: oneshot::Sender<Result<Appended, Error>>,
}

struct Writer {
    inner: Arc<Inner>,
    target: Arc<Target>,
    past: Option<Past>,
}

impl Target {
    pub(crate) fn new(tenant: Tenant, path: StreamPath, row: &Model) -> Result<Self, Error> {
        let content_type = ContentType::stored(row.content_type.clone());
        let (id, base, ttl_s) = (row.id, place(row.base)?, row.ttl_s);
        let declared = Declared::of(row)?;
        Ok(Self { tenant, path, content_type, declared, id, base, ttl_s })
    }

    fn ledger(&self) -> RunId {
        self.id.ledger()
    }
}

impl Handle {
    /// Starts a writer on the current runtime.
    pub(crate) fn start(inner: Arc<Inner>, target: Target) -> Self {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let target = Arc::new(target);
        let writer = Writer { inner, target: Arc::clone(&target), past: None };
        tokio::spawn(writer.run(waiting));
        Self { target, jobs }
    }

    /// Nothing if the writer has gone before it took the append.
    pub(crate) async fn append(&self, append: Append) -> Option<Result<Appended, Error>> {
        let (answer, answered) = oneshot::channel();
        self.jobs.send(Job { append, answer }).await.ok()?;
        Some(answered.await.unwrap_or(Err(Error::Stopped)))
    }
}

impl Writer {
    async fn run(mut self, mut waiting: mpsc::Receiver<Job>) {
        let mut jobs = Vec::new();
        loop {
            match timeout(IDLE, waiting.recv_many(&mut jobs, WAITING)).await {
                Ok(0) => break,
                Ok(_) => self.settle(std::mem::take(&mut jobs).into()).await,
                Err(_) => {
                    // What was handed over until now is still taken.
                    self.inner.forget(&self.target);
                    waiting.close();
                }
            }
        }
        self.write_memory(1).await;
    }

    /// Answers all of these, group by group.
    async fn settle(&mut self, mut jobs: VecDeque<Job>) {
        let mut tries = 0;
        while !jobs.is_empty() {
            let group = match self.group(&mut jobs).await {
                Ok(group) => group,
                Err(error) => return refuse(jobs, &error),
            };
            if group.refuses() && tries < TRIES && self.is_behind(&group).await {
                self.past = None;
                tries += 1;
                jobs = group.jobs.into_iter().map(|(job, _)| job).chain(jobs).collect();
                continue;
            }
            match self.commit(&group).await {
                Ok(()) => {
                    if group.closes || !group.frames.is_empty() {
                        self.inner.reader.life().touch(self.target.id, self.target.ttl_s);
                    }
                    for (job, answer) in group.jobs {
                        // Who no longer waits for the answer does not mind missing it.
                        job.answer.send(answer).ok();
                    }
                    let after = if group.closes { 1 } else { MEMORY_FRAMES };
                    self.write_memory(after).await;
                }
                Err(error) => {
                    self.past = None;
                    let undecided = group.jobs.into_iter().map(|(job, _)| job);
                    if !is_lost(&error) {
                        refuse(undecided, &error);
                    } else if tries < TRIES {
                        tries += 1;
                        jobs = undecided.chain(jobs).collect();
                    } else {
                        refuse(undecided, &Error::Contended);
                    }
                }
            }
        }
    }

    /// Takes as many as one commit can have, and decides about each by what those before it leave.
    async fn group(&mut self, jobs: &mut VecDeque<Job>) -> Result<Group, Error> {
        let at = self.inner.reader.life().clock().now();
        let base = self.target.base;
        let past = self.past().await?;
        let mut group = Group::default();
        while let Some(job) = jobs.pop_front() {
            if group.is_full(&job.append) {
                jobs.push_front(job);
                break;
            }
            let answer = past.decide(&job.append, at, base).map(|(answer, added)| {
                group.add(added);
                answer
            });
            group.jobs.push((job, answer));
            if group.closes {
                break;
            }
        }
        Ok(group)
    }

    /// Whether others have written meanwhile: what is refused by where the stream stood may follow from where it stands.
    async fn is_behind(&self, group: &Group) -> bool {
        let Some(past) = &self.past else { return false };
        let stored = past.seq - group.frames.len() as u64;
        let head = self.inner.ledger.reader().head(self.target.tenant, self.target.ledger()).await;
        head.is_ok_and(|head| head.seq != stored || (head.is_closed && past.fence > 0))
    }

    /// Where the stream stands, read again where that may have changed without this writer.
    async fn past(&mut self) -> Result<&mut Past, Error> {
        let life = self.inner.reader.life();
        let past = self.past.take();
        let past = past.filter(|past| !past.is_closed && !life.is_past(self.target.id, past.dies_us));
        let past = match past {
            Some(past) => past,
            None => self.take_up().await?,
        };
        Ok(self.past.insert(past))
    }

    /// Writes down what is known of writers, if that many frames have come since. It can be read again from the frames, so
    /// a failure is none of an append's.
    async fn write_memory(&mut self, frames: u64) {
        let Some(past) = &mut self.past else { return };
        if past.seq < past.memory_seq.saturating_add(frames) {
            return;
        }
        let memory = serde_json::to_string(&past.memory).expect("a memory is plain data");
        let seq = i64::try_from(past.seq).unwrap_or(i64::MAX);
        let written = self.inner.write.write("remember the writers of a stream", async |tx| {
            Entity::update_many()
                .col_expr(Column::Memory, memory.into())
                .col_expr(Column::MemorySeq, seq.into())
                .filter(Column::Id.eq(self.target.id))
                .filter(Column::MemorySeq.lt(seq))
                .exec(tx)
                .await
        });
        match written.await {
            Ok(_) => past.memory_seq = past.seq,
            Err(error) => kernel::warn_seldom!(%error, "the writers of a stream were not written down"),
        }
    }
}

fn refuse(jobs: impl IntoIterator<Item = Job>, error: &Error) {
    for job in jobs {
        job.answer.send(Err(error.clone())).ok();
    }
}
