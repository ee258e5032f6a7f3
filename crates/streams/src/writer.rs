//! The writer of one stream: takes what waits, decides about each append in turn, and commits the accepted ones together.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use kernel::{RunId, Tenant};
use ledger::MAX_APPEND_BYTES;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::frame::{Written, frames_of};
use crate::reader::place;
use crate::state::{Append, Memory, Verdict};
use crate::streams::Inner;
use crate::table::stream::{Column, Entity, Model};
use crate::{Appended, ContentType, Error, Offset, StreamId, StreamPath, table};

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

/// Where the stream stands. It runs ahead of the commit, and is thrown away if that fails.
struct Past {
    memory: Memory,
    memory_seq: u64,
    seq: u64,
    fence: i64,
    is_closed: bool,
    dies_us: Option<i64>,
}

/// Appends that are decided about together.
#[derive(Default)]
struct Group {
    jobs: Vec<(Job, Result<Appended, Error>)>,
    frames: Vec<String>,
    size_bytes: usize,
    closes: bool,
}

impl Target {
    pub(crate) fn new(tenant: Tenant, path: StreamPath, row: &Model) -> Result<Self, Error> {
        let content_type = ContentType::stored(row.content_type.clone());
        let (id, base, ttl_s) = (row.id, place(row.base)?, row.ttl_s);
        Ok(Self { tenant, path, content_type, id, base, ttl_s })
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
                        refuse(undecided, &error.into());
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
        let at = kernel::rfc3339(self.inner.reader.life().clock().now());
        let base = self.target.base;
        let past = self.past().await?;
        let mut group = Group::default();
        while let Some(job) = jobs.pop_front() {
            let frames = frames_of(&job.append, &at);
            let size_bytes: usize = frames.iter().map(String::len).sum();
            if group.size_bytes + size_bytes > MAX_APPEND_BYTES && !group.jobs.is_empty() {
                jobs.push_front(job);
                break;
            }
            let answer = past.decide(&job.append, frames.len() as u64, base);
            if answer.as_ref().is_ok_and(|appended| !appended.is_duplicate) {
                group.frames.extend(frames);
                group.size_bytes += size_bytes;
                group.closes = job.append.closes;
            }
            group.jobs.push((job, answer));
            if group.closes {
                break;
            }
        }
        Ok(group)
    }

    async fn commit(&self, group: &Group) -> Result<(), ledger::Error> {
        let Some(past) = &self.past else { return Ok(()) };
        let (ledger, fence) = (self.target.ledger(), past.fence);
        let first_seq = past.seq + 1 - group.frames.len() as u64;
        if group.closes && past.fence > 0 {
            let close =
                async |tx: &_| self.inner.ledger.close_in(tx, ledger, fence, first_seq, &group.frames).await;
            self.inner.write.write("close a stream", close).await?;
            self.inner.ledger.woken(ledger);
        } else if !group.frames.is_empty() {
            self.inner.ledger.append(ledger, fence, first_seq, group.frames.clone()).await?;
        }
        Ok(())
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

    /// Takes the stream from every other writer and reads what its frames say of writers. Of a closed one nothing is
    /// taken: it does not change.
    async fn take_up(&self) -> Result<Past, Error> {
        let (inner, target, ledger) = (&self.inner, &self.target, self.target.ledger());
        let taken =
            inner.write.write("take up a stream", async |tx| inner.ledger.succeed_in(tx, ledger).await);
        let (fence, head) = match taken.await {
            Ok(taken) => taken,
            Err(ledger::Error::Closed { .. }) => {
                (0, inner.ledger.reader().head(target.tenant, ledger).await?)
            }
            Err(error) => return Err(error.into()),
        };
        let row = table::by_id(inner.reader.read_db().conn(), target.id).await?.ok_or(Error::NotFound)?;
        inner.reader.check_alive(&row)?;
        // What cannot be read of it is read from the frames again.
        let (memory, memory_seq) = match serde_json::from_str(&row.memory) {
            Ok(memory) => (memory, place(row.memory_seq)?),
            Err(_) => (Memory::default(), 0),
        };
        let mut past = Past {
            memory,
            memory_seq,
            seq: head.seq,
            fence,
            is_closed: head.is_closed,
            dies_us: row.dies_us,
        };
        self.recall(&mut past).await?;
        Ok(past)
    }

    /// Reads the frames that were not yet remembered.
    async fn recall(&self, past: &mut Past) -> Result<(), Error> {
        let mut after = past.memory_seq;
        while after < past.seq {
            let page = self
                .inner
                .reader
                .ledger()
                .page(self.target.tenant, self.target.ledger(), after, 4096)
                .await?;
            for (seq, frame) in &page.frames {
                let unreadable = Error::Unreadable { stream: self.target.id, seq: *seq };
                past.memory.recall(*seq, Written::read(frame).ok_or(unreadable)?);
                after = *seq;
            }
            if page.frames.is_empty() {
                return Err(Error::Unreadable { stream: self.target.id, seq: after + 1 });
            }
        }
        Ok(())
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

impl Past {
    /// Decides about an append that would have so many frames, and goes on to where it leads.
    fn decide(&mut self, append: &Append, frames: u64, base: u64) -> Result<Appended, Error> {
        let verdict = self.memory.judge(append, self.is_closed, Offset(base + self.seq))?;
        let known = match verdict {
            Verdict::Known(seq) => Some(seq),
            Verdict::Store => {
                self.seq += frames;
                self.memory.note(self.seq, append);
                self.is_closed |= append.closes;
                None
            }
        };
        Ok(Appended {
            end: Offset(base + self.seq),
            is_closed: self.is_closed,
            producer: append.producer.as_ref().map(|by| (by.epoch, known.unwrap_or(by.seq))),
            is_duplicate: known.is_some(),
        })
    }
}

/// Another writer has got the stream, or it was closed or deleted.
fn is_lost(error: &ledger::Error) -> bool {
    use ledger::Error::{Closed, Conflict, Fenced, Gap};
    matches!(error, Closed { .. } | Conflict { .. } | Fenced { .. } | Gap { .. })
}

fn refuse(jobs: impl IntoIterator<Item = Job>, error: &Error) {
    for job in jobs {
        job.answer.send(Err(error.clone())).ok();
    }
}
