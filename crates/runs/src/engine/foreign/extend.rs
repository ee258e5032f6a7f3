//! How the holder of a fork goes on: frame by frame, each at its own place, and each once.

use frames::{Frame, Validator};
use kernel::{Class, Fault, FieldError, RunId, Tenant};
use ledger::Head;
use sea_orm::{DatabaseTransaction, DbErr};

use super::{Ending, Error, Kind, Runs};
use crate::engine::PAGE;
use crate::query;

/// Frames were not added to a fork.
#[derive(Debug, thiserror::Error)]
pub enum ExtendError {
    /// No such run for this tenant.
    #[error("run {0} does not exist")]
    NotFound(RunId),
    /// Frames come to it in another way.
    #[error("run {0} is no fork: its frames come from what wrote it, and cannot be added here")]
    NotAFork(RunId),
    /// Nothing was given.
    #[error("there is no frame to add")]
    Nothing,
    /// A frame that the stream cannot have there.
    #[error("line {line} cannot be added: {reason}")]
    Frame {
        /// Which, from 1.
        line: usize,
        /// Why not.
        reason: String,
    },
    /// It was not read or not written.
    #[error(transparent)]
    Write(#[from] Error),
}

impl From<DbErr> for ExtendError {
    fn from(error: DbErr) -> Self {
        Self::Write(error.into())
    }
}

impl From<ledger::Error> for ExtendError {
    fn from(error: ledger::Error) -> Self {
        Self::Write(error.into())
    }
}

impl Fault for ExtendError {
    fn class(&self) -> Class {
        match self {
            Self::NotFound(_) => Class::NotFound,
            Self::NotAFork(_) => Class::Conflict,
            Self::Nothing | Self::Frame { .. } => Class::Invalid,
            Self::Write(error) => error.class(),
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::NotFound(_) => "RUN_NOT_FOUND",
            Self::NotAFork(_) => "RUN_NOT_A_FORK",
            Self::Nothing | Self::Frame { .. } => "FRAME_INVALID",
            Self::Write(error) => error.code(),
        }
    }

    fn fields(&self) -> Vec<FieldError> {
        match self {
            Self::Frame { line, reason } => vec![FieldError::new(format!("line {line}"), reason.clone())],
            Self::Nothing => vec![FieldError::new("body", "must be frames, one a line")],
            Self::NotFound(_) | Self::NotAFork(_) | Self::Write(_) => Vec::new(),
        }
    }
}

/// Frames that were checked, and where they belong.
struct Added {
    first_seq: u64,
    texts: Vec<String>,
    ending: Option<Ending>,
}

impl Runs {
    /// Adds frames to a fork, each at the place that its number says; a terminal frame ends the run. The same bytes at a place
    /// again change nothing.
    ///
    /// # Errors
    ///
    /// Fails if there is no such fork, if the contract does not allow a frame where it is to be, or if other bytes are there.
    pub async fn extend(&self, tenant: Tenant, run: RunId, lines: &str) -> Result<Head, ExtendError> {
        let found = query::find(&self.0.db.read, tenant, run).await?.ok_or(ExtendError::NotFound(run))?;
        if Kind::of(&found.kind) != Some(Kind::Fork) {
            return Err(ExtendError::NotAFork(run));
        }
        let added = self.checked(tenant, run, lines).await?;
        let write = async |tx: &DatabaseTransaction| self.extend_in(tx, tenant, run, &added).await;
        match self.0.db.write.write("extend a fork", write).await {
            // Whoever says again how it ended is told that it did.
            Err(Error::Ended { .. }) if self.has(tenant, run, &added).await? => {}
            written => written?,
        }
        self.woken(run);
        Ok(self.0.ledger.reader().head(tenant, run).await?)
    }

    async fn extend_in(
        &self,
        tx: &DatabaseTransaction,
        tenant: Tenant,
        run: RunId,
        added: &Added,
    ) -> Result<(), Error> {
        let held = self.hold_in(tx, tenant, run).await?;
        if let Some(ending) = &added.ending {
            return self.close_in(tx, held.fence, added.first_seq, &added.texts, ending).await;
        }
        self.append_in(tx, run, held.fence, added.first_seq, &added.texts).await.map(drop)
    }

    /// Whether all of these frames are there.
    async fn has(&self, tenant: Tenant, run: RunId, added: &Added) -> Result<bool, ledger::Error> {
        let mut after = added.first_seq - 1;
        let mut left = added.texts.as_slice();
        while !left.is_empty() {
            let page = self.0.ledger.reader().page(tenant, run, after, left.len()).await?;
            let n = page.frames.len();
            let is_so = page.frames.iter().zip(left).all(|((_, stored), given)| stored == given);
            if n == 0 || !is_so {
                return Ok(false);
            }
            after += n as u64;
            left = left.get(n..).unwrap_or_default();
        }
        Ok(true)
    }

    /// Holds frames to the contract, behind those that the stream has before them.
    async fn checked(&self, tenant: Tenant, run: RunId, lines: &str) -> Result<Added, ExtendError> {
        let mut frames = Vec::new();
        for (line, text) in (1..).zip(lines.lines()).filter(|(_, text)| !text.is_empty()) {
            let frame =
                Frame::parse(text).map_err(|error| ExtendError::Frame { line, reason: error.to_string() })?;
            frames.push((line, text.to_owned(), frame));
        }
        let first_seq = frames.first().map(|(_, _, frame)| frame.envelope.event_id);
        let first_seq = first_seq.ok_or(ExtendError::Nothing)?;
        let (mut validator, seq) = self.stream_before(tenant, run, first_seq).await?;
        if seq + 1 < first_seq {
            return Err(ledger::Error::Gap { run, expected: seq + 1, given: first_seq }.into());
        }
        for (line, _, frame) in &frames {
            let refused = validator.push(frame);
            refused.map_err(|error| ExtendError::Frame { line: *line, reason: error.to_string() })?;
        }
        let ending = match frames.last() {
            Some((_, _, last)) => self.ending(run, last).await?,
            None => None,
        };
        let texts = frames.into_iter().map(|(_, text, _)| text).collect();
        Ok(Added { first_seq, texts, ending })
    }

    /// The stream up to a frame, or as far as it goes.
    async fn stream_before(
        &self,
        tenant: Tenant,
        run: RunId,
        first_seq: u64,
    ) -> Result<(Validator, u64), ExtendError> {
        let (mut validator, mut seq) = (Validator::new(), 0);
        while seq + 1 < first_seq {
            let page = self.0.ledger.reader().page(tenant, run, seq, PAGE).await?;
            if page.frames.is_empty() {
                break;
            }
            for (at, text) in page.frames.iter().take_while(|(at, _)| *at < first_seq) {
                let damaged = |_| ledger::Error::Damaged { run, seq: *at };
                let frame = Frame::parse(text).map_err(damaged)?;
                validator.push(&frame).map_err(|_| ledger::Error::Damaged { run, seq: *at })?;
                seq = *at;
            }
        }
        Ok((validator, seq))
    }
}
