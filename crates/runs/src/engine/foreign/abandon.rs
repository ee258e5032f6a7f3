//! A run of others whose producer has vanished: it gets an end that says that nobody else wrote it.

use chrono::{DateTime, Utc};
use frames::{Body, ErrorSource, Frame, Level, Origin, RunNotice, Schema, StreamError};
use kernel::{RunId, Tenant};
use wire::runs;

use super::{Error, Runs};
use crate::run::Run;

/// The code of the notice that an end was written here.
const SYNTHESISED: &str = "END_SYNTHESISED";

/// How often frames may come just before the end before that is given up.
const TRIES: usize = 8;

/// The last frames of a stream of others that ended without a terminal one, from this number on. The error has this
/// server as its source, and where the contract knows notices one before it says that nobody else wrote the end.
pub fn missing_end(origin: &Origin, first_seq: u64, at: DateTime<Utc>, problem: &runs::Fault) -> Vec<Frame> {
    let notice = RunNotice {
        level: Level::Warning,
        code: SYNTHESISED.to_owned(),
        message:
            "the producer wrote no end: the one that follows was written by the server that keeps the record"
                .to_owned(),
        data: None,
    };
    let error = StreamError {
        code: Some(problem.code.clone()),
        message: problem.message.clone(),
        source: ErrorSource::Server,
        is_retryable: false,
    };
    let notice = (origin.schema == Schema::RunV1).then(|| Body::from(notice));
    let bodies = notice.into_iter().chain([Body::from(error)]);
    bodies.zip(first_seq..).map(|(body, seq)| origin.frame(seq, at, body)).collect()
}

impl Runs {
    /// Ends a run whose producer will not: it fails, and its last frame says that somebody decided so.
    pub(in crate::engine) async fn abandon(
        &self,
        tenant: Tenant,
        run: &Run,
        problem: &runs::Fault,
    ) -> Result<(), Error> {
        let origin = self.origin(tenant, run).await?;
        let mut tries = 0;
        loop {
            match self.end_after_last(tenant, run.id, &origin, problem).await {
                Err(Error::Moved { .. }) if tries < TRIES => tries += 1,
                ended => return ended,
            }
        }
    }

    /// What the frames of the run have in common, by the first of them.
    async fn origin(&self, tenant: Tenant, run: &Run) -> Result<Origin, Error> {
        let page = self.0.ledger.reader().page(tenant, run.id, 0, 1).await?;
        let first = page.frames.first().and_then(|(_, text)| Frame::parse(text).ok());
        Ok(first.map_or_else(
            || Origin::of_run(run.id, run.conversation_id.to_string()),
            |Frame { envelope, .. }| Origin {
                schema: envelope.schema,
                stream_id: envelope.stream_id,
                conversation_id: envelope.conversation_id,
            },
        ))
    }

    async fn end_after_last(
        &self,
        tenant: Tenant,
        run: RunId,
        origin: &Origin,
        problem: &runs::Fault,
    ) -> Result<(), Error> {
        let shared = &self.0;
        let head = shared.ledger.reader().head(tenant, run).await?;
        let frames = missing_end(origin, head.seq + 1, shared.clock.now(), problem);
        let terminal = frames.last().expect("an end has a last frame");
        let ending = self.ending(run, terminal).await?.expect("an error is a terminal frame");
        let texts: Vec<String> = frames.iter().map(Frame::to_text).collect();
        shared
            .db
            .write
            .write("abandon a run of others", async |tx| {
                let hold = self.hold_in(tx, tenant, run).await?;
                if hold.head.seq != head.seq {
                    let (expected, found) = (head.seq, hold.head.seq);
                    return Err(Error::Moved { run, expected, found });
                }
                self.close_in(tx, hold.fence, head.seq + 1, &texts, &ending).await
            })
            .await
    }
}
