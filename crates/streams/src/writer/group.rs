//! Appends that are committed together.

use frames::Frame;
use ledger::MAX_APPEND_BYTES;
use runs::foreign;
use sea_orm::DatabaseTransaction;

use super::past::Added;
use super::{Job, Writer};
use crate::content::ENVELOPE_BYTES;
use crate::record::Record;
use crate::state::Append;
use crate::{Appended, Declared, Error};

/// Appends that are decided about together.
#[derive(Default)]
pub(super) struct Group {
    pub jobs: Vec<(Job, Result<Appended, Error>)>,
    pub frames: Vec<String>,
    size_bytes: usize,
    pub closes: bool,
    /// What the run gets, and the last of it if that ends the run.
    run_frames: Vec<String>,
    terminal: Option<Frame>,
}

impl Writer {
    pub(super) async fn commit(&self, group: &Group) -> Result<(), Error> {
        let Some(past) = &self.past else { return Ok(()) };
        let (ledger, fence) = (self.target.ledger(), past.fence);
        let first_seq = past.seq + 1 - group.frames.len() as u64;
        if let Some(record) = past.record.as_ref().filter(|_| past.fence > 0) {
            self.commit_run(group, fence, first_seq, record).await?;
        } else if group.closes && past.fence > 0 {
            let close =
                async |tx: &_| self.inner.ledger.close_in(tx, ledger, fence, first_seq, &group.frames).await;
            self.inner.write.write("close a stream", close).await?;
            self.inner.ledger.woken(ledger);
        } else if !group.frames.is_empty() {
            self.inner.ledger.append(ledger, fence, first_seq, group.frames.clone()).await?;
        }
        Ok(())
    }

    /// The stream and its run go on together: neither has what the other lacks.
    async fn commit_run(
        &self,
        group: &Group,
        fence: i64,
        first_seq: u64,
        record: &Record,
    ) -> Result<(), Error> {
        let (inner, ledger) = (&self.inner, self.target.ledger());
        let Some(Declared { run, .. }) = self.target.declared.filter(|_| !group.is_empty()) else {
            return Ok(());
        };
        let ending = match &group.terminal {
            Some(terminal) => inner.runs.ending(run, terminal).await?,
            None => None,
        };
        let first_of_run = record.seq + 1 - group.run_frames.len() as u64;
        let commit = async |tx: &DatabaseTransaction| -> Result<(), Error> {
            if group.closes {
                inner.ledger.close_in(tx, ledger, fence, first_seq, &group.frames).await?;
            } else {
                inner.ledger.append_in(tx, ledger, fence, first_seq, &group.frames).await?;
            }
            let frames = &group.run_frames;
            match &ending {
                Some(ending) => inner.runs.close_in(tx, record.fence, first_of_run, frames, ending).await?,
                None => drop(inner.runs.append_in(tx, run, record.fence, first_of_run, frames).await?),
            }
            Ok(())
        };
        inner.write.write("append to a stream and its run", commit).await?;
        inner.ledger.woken(ledger);
        inner.runs.woken(run);
        Ok(())
    }
}

impl Group {
    /// Whether one commit cannot have this append as well.
    pub(super) fn is_full(&self, append: &Append) -> bool {
        let more_bytes: usize = append.pieces.iter().map(|piece| piece.len() + ENVELOPE_BYTES).sum();
        !self.jobs.is_empty() && self.size_bytes + more_bytes > MAX_APPEND_BYTES
    }

    pub(super) fn refuses(&self) -> bool {
        self.jobs.iter().any(|(_, answer)| answer.is_err())
    }

    fn is_empty(&self) -> bool {
        self.frames.is_empty() && self.run_frames.is_empty() && !self.closes
    }

    pub(super) fn add(&mut self, added: Added) {
        let all = added.frames.iter().chain(&added.told.frames);
        self.size_bytes += all.map(String::len).sum::<usize>();
        self.frames.extend(added.frames);
        self.closes |= added.closes;
        self.run_frames.extend(added.told.frames);
        self.terminal = added.told.terminal;
    }
}

/// Another writer has got the stream, or it was closed or deleted.
pub(super) fn is_lost(error: &Error) -> bool {
    use ledger::Error::{Closed, Conflict, Fenced, Gap};
    let of_ledger = |error: &_| matches!(error, Closed { .. } | Conflict { .. } | Fenced { .. } | Gap { .. });
    match error {
        Error::Ledger(error) => of_ledger(error),
        Error::Run(error) => match &**error {
            foreign::Error::Ledger(error) => of_ledger(error),
            error => matches!(error, foreign::Error::Ended { .. } | foreign::Error::Moved { .. }),
        },
        _ => false,
    }
}
