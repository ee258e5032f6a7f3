//! A conversation as a stream of events. Between two events it holds nothing but its place; what wakes it are the feeds of
//! the run at which it waits, and what it sends it reads then, so that a cut made meanwhile is shown as well.

use std::fmt::Write as _;
use std::pin::Pin;

use bytes::Bytes;
use futures::{Stream, StreamExt, stream};
use kernel::{ConversationId, RunId, Tenant};
use ledger::Chunk;
use runs::{AtOpen, Place, Told};
use tokio::time::Interval;
use tokio_util::sync::WaitForCancellationFutureOwned;

use crate::routes::replay::heartbeat;
use crate::state::Reads;

/// A read takes so many events at most.
const PAGE: usize = 1000;

type Chunks = Pin<Box<dyn Stream<Item = Result<Chunk, ledger::Error>> + Send>>;

pub(super) struct Following {
    reads: Reads,
    tenant: Tenant,
    id: ConversationId,
    place: Place,
    at_open: AtOpen,
    beat: Interval,
    closing: Pin<Box<WaitForCancellationFutureOwned>>,
    /// The run at which it waits.
    waiting: Option<(RunId, Chunks)>,
}

impl Following {
    pub(super) fn new(
        reads: Reads,
        tenant: Tenant,
        id: ConversationId,
        place: Place,
        at_open: AtOpen,
    ) -> Self {
        let closing = Box::pin(reads.closing().clone().cancelled_owned());
        Self { reads, tenant, id, place, at_open, beat: heartbeat(), closing, waiting: None }
    }

    pub(super) fn events(self) -> impl Stream<Item = Result<Bytes, ledger::Error>> + Send {
        stream::unfold(Some(self), |following| async move {
            let mut following = following?;
            match following.next().await {
                Ok(Some(events)) => Some((Ok(events), Some(following))),
                Ok(None) => None,
                Err(error) => {
                    tracing::error!(%error, "a conversation's stream broke off");
                    Some((Err(error), None))
                }
            }
        })
    }

    async fn next(&mut self) -> Result<Option<Bytes>, ledger::Error> {
        loop {
            let sources = (self.reads.db(), self.reads.ledger());
            let found =
                runs::replay_conversation(sources, self.tenant, self.id, self.place, PAGE, self.at_open)
                    .await?;
            self.place = found.end;
            if !found.told.is_empty() {
                return Ok(Some(found.told.iter().map(event).collect::<String>().into()));
            }
            let open = found.open.first().filter(|_| self.at_open == AtOpen::Wait);
            match open {
                Some(run) => match self.wait(*run).await? {
                    Woken::Moved => {}
                    Woken::Beat(beat) => return Ok(Some(beat)),
                    Woken::Closing => return Ok(None),
                },
                None if found.is_end => return Ok(None),
                None => {}
            }
        }
    }

    /// Waits until something happened to the run, or it is time to say that the stream is there.
    async fn wait(&mut self, run: RunId) -> Result<Woken, ledger::Error> {
        let (_, chunks) = match self.waiting.take() {
            Some((of, chunks)) if of == run => self.waiting.insert((of, chunks)),
            _ => {
                let chunks = self.reads.ledger().follow(self.tenant, run, self.place.seq);
                self.waiting.insert((run, Box::pin(chunks)))
            }
        };
        let happened = tokio::select! {
            () = &mut self.closing => return Ok(Woken::Closing),
            happened = chunks.next() => happened,
            _ = self.beat.tick() => {
                let now = kernel::rfc3339(self.reads.clock().now());
                return Ok(Woken::Beat(format!(": heartbeat {now}\n\n").into()));
            }
        };
        if happened.transpose()?.is_none() {
            self.waiting = None;
        }
        Ok(Woken::Moved)
    }
}

/// What ended a wait.
enum Woken {
    /// There is more of the run, or it has ended.
    Moved,
    /// A sign of life is due.
    Beat(Bytes),
    /// The server stops.
    Closing,
}

fn event(told: &Told) -> String {
    let mut event = String::new();
    // Writing to a text cannot fail.
    let _infallible = match told {
        Told::Frame { run, seq, text } => write!(event, "id: {run}:{seq}\ndata: {text}\n\n"),
        Told::Gone { run, first_seq, last_seq } => {
            let data = serde_json::json!({"run_id": run, "first_seq": first_seq, "last_seq": last_seq});
            write!(event, "id: {run}:{last_seq}\nevent: gone\ndata: {data}\n\n")
        }
        Told::Cut(cut) => {
            let place = Place { run: cut.run_id, seq: cut.seq, cut: cut.number };
            let data = serde_json::to_string(cut).expect("a cut is plain data");
            write!(event, "id: {place}\nevent: cut\ndata: {data}\n\n")
        }
    };
    event
}
