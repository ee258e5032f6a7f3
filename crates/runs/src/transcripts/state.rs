//! What a run showed after its first frames.

use chrono::{DateTime, Utc};
use frames::Transcript;
use kernel::{ConversationId, RunId, Tenant, off_the_runtime};
use ledger::Head;
use serde::Deserialize;
use serde_json::value::{RawValue, to_raw_value};

use super::fold::Folded;
use super::{TranscriptError, Transcripts};
use crate::query;

/// As of when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Position {
    /// After so many frames.
    Seq(u64),
    /// After the frames that were written until then.
    Time(DateTime<Utc>),
    /// After all that are stored.
    End,
}

/// What a run showed.
#[derive(Debug)]
pub struct State {
    /// What it belongs to.
    pub conversation_id: ConversationId,
    /// After how many frames.
    pub seq: u64,
    /// Where its ledger stands.
    pub head: Head,
    /// What they show.
    pub transcript: Box<RawValue>,
}

impl Transcripts {
    /// What a run showed after its first frames: the fold of exactly those.
    pub async fn state(&self, tenant: Tenant, run: RunId, at: Position) -> Result<State, TranscriptError> {
        let found = query::find(&self.db, tenant, run).await?.ok_or(TranscriptError::NotFound(run))?;
        // Frames that were let go are said even where something was folded of them once.
        let head = self.ledger.head_to_follow(tenant, run, 0).await?;
        let seq = self.seq_at(tenant, run, &head, at).await?;
        if seq > head.seq {
            return Err(TranscriptError::BeyondEnd { run, frames: head.seq, seq });
        }
        let _turn = self.turns.acquire().await;
        let from = self.snapshots.before(run, seq);
        let keep = |folded: &Folded<Transcript>| self.snapshots.keep(run, folded);
        let folded = self.fold((tenant, run), from, seq, Transcript::apply, keep).await?;
        let transcript = off_the_runtime(move || to_raw_value(&folded.shown)).await;
        let transcript =
            transcript.expect("a transcript has texts for keys, and memory takes what is written");
        Ok(State { conversation_id: found.conversation_id, seq, head, transcript })
    }

    async fn seq_at(
        &self,
        tenant: Tenant,
        run: RunId,
        head: &Head,
        at: Position,
    ) -> Result<u64, TranscriptError> {
        let time = match at {
            Position::Seq(seq) => return Ok(seq),
            Position::End => return Ok(head.seq),
            Position::Time(time) => time,
        };
        // How many frames were written until then: times do not fall within a run.
        let (mut low, mut high) = (0, head.seq);
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if self.written_at(tenant, run, middle).await? <= time { low = middle } else { high = middle - 1 }
        }
        Ok(low)
    }

    async fn written_at(
        &self,
        tenant: Tenant,
        run: RunId,
        seq: u64,
    ) -> Result<DateTime<Utc>, TranscriptError> {
        #[derive(Deserialize)]
        struct Written {
            server_timestamp: DateTime<Utc>,
        }
        let page = self.ledger.page(tenant, run, seq - 1, 1).await?;
        let written = page.frames.first().and_then(|(_, text)| serde_json::from_str::<Written>(text).ok());
        let written = written.ok_or(ledger::Error::Damaged { run, seq })?;
        Ok(written.server_timestamp)
    }
}
