//! Where a stream stands for its writer: read when it is taken up, and carried on from append to append.

use chrono::{DateTime, Utc};
use ledger::Head;
use runs::foreign::{self, Held};
use sea_orm::DatabaseTransaction;

use super::Writer;
use crate::content::{pieces_of_values, values_of};
use crate::frame::{Written, frames_of};
use crate::reader::place;
use crate::record::{Missing, Record, Told};
use crate::state::{Append, Memory, Verdict};
use crate::{Appended, Error, Offset, table};

/// Where the stream stands. It runs ahead of the commit, and is thrown away if that fails.
pub(super) struct Past {
    pub memory: Memory,
    pub memory_seq: u64,
    pub seq: u64,
    pub fence: i64,
    pub is_closed: bool,
    pub dies_us: Option<i64>,
    /// The stream was declared: it ends with its run.
    is_declared: bool,
    /// Of a run that goes on.
    pub record: Option<Record>,
}

/// The right to write the stream, and its run if it has one that goes on.
struct Taken {
    fence: i64,
    head: Head,
    held: Option<Held>,
}

/// What one append adds.
#[derive(Default)]
pub(super) struct Added {
    pub frames: Vec<String>,
    pub closes: bool,
    pub told: Told,
}

impl Writer {
    /// Takes the stream from every other writer and reads what its frames say of writers. Of a closed one nothing is
    /// taken: it does not change.
    pub(super) async fn take_up(&self) -> Result<Past, Error> {
        let (inner, target) = (&self.inner, &self.target);
        let Taken { fence, head, held } = self.take().await?;
        let row = table::by_id(inner.reader.read_db().conn(), target.id).await?.ok_or(Error::NotFound)?;
        inner.reader.check_alive(&row)?;
        // What cannot be read of it is read from the frames again.
        let (memory, memory_seq) = match serde_json::from_str(&row.memory) {
            Ok(memory) => (memory, place(row.memory_seq)?),
            Err(_) => (Memory::default(), 0),
        };
        let declared = target.declared.filter(|_| held.is_some());
        let mut past = Past {
            memory,
            memory_seq,
            seq: head.seq,
            fence,
            is_closed: head.is_closed,
            dies_us: row.dies_us,
            is_declared: target.declared.is_some(),
            record: declared.map(|declared| Record::new(declared.schema, target.id)),
        };
        self.recall(&mut past).await?;
        if let (Some(record), Some(held)) = (&mut past.record, held) {
            record.go_on(&held);
        }
        Ok(past)
    }

    async fn take(&self) -> Result<Taken, Error> {
        let (inner, target, ledger) = (&self.inner, &self.target, self.target.ledger());
        let take = async |tx: &DatabaseTransaction| -> Result<Taken, Error> {
            let (fence, stands) = inner.ledger.succeed_in(tx, ledger).await?;
            let Some(declared) = target.declared else {
                return Ok(Taken { fence, head: stands, held: None });
            };
            match inner.runs.hold_in(tx, target.tenant, declared.run).await {
                Ok(held) => Ok(Taken { fence, head: stands, held: Some(held) }),
                // Somebody ended the run where it is shown: the stream ends with it.
                Err(foreign::Error::Ended { .. }) => {
                    let head = inner.ledger.close_in(tx, ledger, fence, stands.seq + 1, &[]).await?;
                    Ok(Taken { fence: 0, head, held: None })
                }
                Err(error) => Err(error.into()),
            }
        };
        match inner.write.write("take up a stream", take).await {
            Err(Error::Ledger(ledger::Error::Closed { .. })) => {
                let head = inner.ledger.reader().head(target.tenant, ledger).await?;
                Ok(Taken { fence: 0, head, held: None })
            }
            taken => taken,
        }
    }

    /// Reads the frames that were not yet remembered; of a record all of them.
    async fn recall(&self, past: &mut Past) -> Result<(), Error> {
        let mut after = if past.record.is_some() { 0 } else { past.memory_seq };
        while after < past.seq {
            let page = self
                .inner
                .reader
                .ledger()
                .page(self.target.tenant, self.target.ledger(), after, 4096)
                .await?;
            for (seq, frame) in &page.frames {
                past.recall(*seq, frame).ok_or(Error::Unreadable { stream: self.target.id, seq: *seq })?;
                after = *seq;
            }
            if page.frames.is_empty() {
                return Err(Error::Unreadable { stream: self.target.id, seq: after + 1 });
            }
        }
        Ok(())
    }
}

impl Past {
    /// Takes in a stored frame.
    fn recall(&mut self, seq: u64, frame: &str) -> Option<()> {
        if seq > self.memory_seq {
            self.memory.recall(seq, Written::read(frame)?);
        }
        match &mut self.record {
            Some(record) => record.recall(frame),
            None => Some(()),
        }
    }

    /// Decides about an append, and goes on to where it leads.
    pub(super) fn decide(
        &mut self,
        append: &Append,
        at: DateTime<Utc>,
        base: u64,
    ) -> Result<(Appended, Added), Error> {
        if self.is_closed_again(append) {
            let producer = append.producer.as_ref().map(|by| (by.epoch, by.seq));
            let end = Offset(base + self.seq);
            let appended = Appended { end, is_closed: true, producer, is_duplicate: true };
            return Ok((appended, Added::default()));
        }
        let verdict = self.memory.judge(append, self.is_closed, Offset(base + self.seq))?;
        let (known, added) = match verdict {
            Verdict::Known(seq) => (Some(seq), Added::default()),
            Verdict::Store => (None, self.store(append, at)?),
        };
        let appended = Appended {
            end: Offset(base + self.seq),
            is_closed: self.is_closed,
            producer: append.producer.as_ref().map(|by| (by.epoch, known.unwrap_or(by.seq))),
            is_duplicate: known.is_some(),
        };
        Ok((appended, added))
    }

    /// Whoever wrote the end of a run has closed its stream, and may say so.
    const fn is_closed_again(&self, append: &Append) -> bool {
        self.is_declared && self.is_closed && append.closes && append.pieces.is_empty()
    }

    fn store(&mut self, append: &Append, at: DateTime<Utc>) -> Result<Added, Error> {
        let told = self.tell(append, at)?;
        let closes = append.closes || told.terminal.is_some();
        let written = kernel::rfc3339(at);
        let frames = if self.record.is_some() {
            frames_of(append, &pieces_of_values(told.values.iter().map(String::as_str))?, &written)
        } else {
            frames_of(append, &append.pieces, &written)
        };
        self.seq += frames.len() as u64;
        self.memory.note(self.seq, append);
        self.is_closed |= closes;
        Ok(Added { frames, closes, told })
    }

    /// What the run gets of an append: the frames of its values, and an end where the stream ends without one.
    fn tell(&mut self, append: &Append, at: DateTime<Utc>) -> Result<Told, Error> {
        let Some(record) = self.record.as_mut().filter(|_| !self.is_closed) else {
            return Ok(Told::default());
        };
        let values: Vec<String> =
            append.pieces.iter().filter_map(|piece| values_of(piece)).flatten().collect();
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let mut told = record.take(&values, at)?;
        if append.closes && told.terminal.is_none() {
            told.end_with(record.end_missing(Missing::Closed, at));
        }
        Ok(told)
    }
}
