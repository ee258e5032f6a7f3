//! The one writer of a run's frames: numbers them, stamps them, and hands them to the ledger in the order they
//! were emitted. Emitting waits only when the queue is full; what piles up meanwhile goes into one append.

use std::time::Duration;

use chrono::{DateTime, Utc};
use frames::door::{self, Carried};
use frames::{ContractError, Draft, Frame, Origin, Oversized};
use kernel::{Fault, RunId};
use ledger::Ledger;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const QUEUE: usize = 1024;
const BATCH: usize = 512;
/// A database that is away for longer ends the attempt; another one follows.
const FIRST_PAUSE: Duration = Duration::from_millis(50);
const LONGEST_PAUSE: Duration = Duration::from_secs(2);
/// Below the ledger's limit for one frame: its number may get longer.
const MAX_FRAME_BYTES: usize = ledger::MAX_FRAME_BYTES - 32;
/// Below the ledger's own limit for one append.
const APPEND_BYTES: usize = ledger::MAX_APPEND_BYTES / 4;

/// The sending side; clones share one queue.
#[derive(Debug, Clone)]
pub(crate) struct Emitter {
    origin: Origin,
    queue: mpsc::Sender<Frame>,
}

/// A frame that was not taken.
#[derive(Debug)]
pub(crate) enum Refused {
    /// It is too large, and what makes it so cannot be cut.
    Oversized(Oversized),
    /// No frame is taken any more: the ledger refused an earlier one.
    Closed,
}

/// The writing side.
#[derive(Debug)]
pub(crate) struct EmitterTask {
    closing: CancellationToken,
    task: JoinHandle<Result<u64, ledger::Error>>,
}

impl Emitter {
    /// Starts writing after `last_seq` under this fencing token.
    pub(crate) fn start(
        ledger: Ledger,
        run: RunId,
        origin: Origin,
        fence: i64,
        last_seq: u64,
    ) -> (Self, EmitterTask) {
        let (queue, pending) = mpsc::channel(QUEUE);
        let closing = CancellationToken::new();
        let writer = Writer { ledger, run, fence, last_seq };
        let task = tokio::spawn(writer.write(pending, closing.clone()));
        (Self { origin, queue }, EmitterTask { closing, task })
    }

    /// The draft as frames on their way, without what looks like a secret. They get their numbers when they are written.
    pub(crate) fn frames(&self, at: DateTime<Utc>, draft: Draft) -> Result<Carried, ContractError> {
        let frame = self.origin.frame(1, at, draft);
        frame.check()?;
        Ok(door::carry(door::redact(frame), MAX_FRAME_BYTES))
    }

    /// Takes a frame as it is.
    pub(crate) async fn emit(&self, frame: Frame) -> Result<(), Refused> {
        self.queue.send(frame).await.map_err(|_| Refused::Closed)
    }

    /// Takes a frame and cuts what makes it too large; `elsewhere` says where the whole is.
    pub(crate) async fn emit_fitted(&self, frame: Frame, elsewhere: Option<&str>) -> Result<(), Refused> {
        let frame = frame.fit(MAX_FRAME_BYTES, elsewhere).map_err(Refused::Oversized)?;
        self.emit(frame).await
    }
}

impl EmitterTask {
    /// Takes no further frame and waits until everything emitted is durable. Returns the last seq.
    pub(crate) async fn finish(self) -> Result<u64, ledger::Error> {
        self.closing.cancel();
        self.task.await.expect("the emitter's task does not panic")
    }
}

struct Writer {
    ledger: Ledger,
    run: RunId,
    fence: i64,
    last_seq: u64,
}

impl Writer {
    async fn write(
        mut self,
        mut pending: mpsc::Receiver<Frame>,
        closing: CancellationToken,
    ) -> Result<u64, ledger::Error> {
        let mut batch = Vec::new();
        loop {
            let received = tokio::select! {
                biased;
                received = pending.recv_many(&mut batch, BATCH) => received,
                // What is queued is still received; a context that outlives the run can add nothing.
                () = closing.cancelled(), if !pending.is_closed() => {
                    pending.close();
                    continue;
                }
            };
            if received == 0 {
                return Ok(self.last_seq);
            }
            self.append(batch.drain(..)).await?;
        }
    }

    async fn append(&mut self, batch: impl Iterator<Item = Frame>) -> Result<(), ledger::Error> {
        let mut texts = Vec::new();
        let mut size_bytes = 0;
        for mut frame in batch {
            // A flush moves what `texts` counts over to `last_seq`: their sum stays.
            frame.envelope.event_id = self.last_seq + texts.len() as u64 + 1;
            let text = frame.to_text();
            if size_bytes + text.len() > APPEND_BYTES {
                self.flush(std::mem::take(&mut texts)).await?;
                size_bytes = 0;
            }
            size_bytes += text.len();
            texts.push(text);
        }
        self.flush(texts).await
    }

    async fn flush(&mut self, texts: Vec<String>) -> Result<(), ledger::Error> {
        if texts.is_empty() {
            return Ok(());
        }
        let first_seq = self.last_seq + 1;
        self.last_seq += texts.len() as u64;
        let mut pause = FIRST_PAUSE;
        loop {
            // The same bytes at the same place are no second append, so one whose answer was lost is just repeated.
            match self.ledger.append(self.run, self.fence, first_seq, texts.clone()).await {
                Err(error) if error.is_retryable() && pause <= LONGEST_PAUSE => {
                    kernel::warn_seldom!(run.id = %self.run, %error, "frames could not be stored; trying again");
                    tokio::time::sleep(pause).await;
                    pause *= 2;
                }
                ended => return ended.map(drop),
            }
        }
    }
}
