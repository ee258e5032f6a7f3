//! How a run of others ends: as its last frame says, with its metrics, the frames and the state in one transaction.

use frames::{Body, FinalStatus, Frame};
use kernel::{RunId, canonical_json};
use sea_orm::DatabaseTransaction;
use serde_json::json;
use wire::runs;

use super::{Error, Runs, locked};
use crate::attempt_end::AttemptEnd;
use crate::engine::end::{Outcome, end_attempt, end_row, insert_artifact};
use crate::run::Artifact;
use crate::state::{Event, RunState};

/// Of an error that others wrote so much is kept in the row; the frame has the whole.
const MAX_CODE: usize = 100;
const MAX_MESSAGE: usize = 2000;

/// How a run of others ended, by its last frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ended {
    pub(crate) state: RunState,
    pub(crate) problem: Option<runs::Fault>,
}

impl Ended {
    /// What a frame says of the end; nothing if it is none.
    pub(crate) fn by(frame: &Frame) -> Option<Self> {
        let failed = |code: &str, message: &str| Self {
            state: RunState::Failed,
            problem: Some(runs::Fault { code: cut(code, MAX_CODE), message: cut(message, MAX_MESSAGE) }),
        };
        let well = |state| Self { state, problem: None };
        match &frame.body {
            Body::Final(end) => Some(match end.status {
                FinalStatus::Completed | FinalStatus::Refused => well(RunState::Succeeded),
                FinalStatus::Cancelled => well(RunState::Cancelled),
                FinalStatus::Failed => failed("FINAL_FAILED", "its last frame says that it failed"),
                FinalStatus::Incomplete => failed(
                    "FINAL_INCOMPLETE",
                    "its last frame says that it ended early, for example at a limit",
                ),
            }),
            Body::Error(error) => {
                Some(failed(error.code.as_deref().unwrap_or("STREAM_ERROR"), &error.message))
            }
            _ => None,
        }
    }

    fn event(&self) -> Event {
        match self.state {
            RunState::Succeeded => Event::Succeed,
            RunState::Cancelled => Event::Cancel,
            _ => Event::Fail,
        }
    }
}

fn cut(text: &str, chars: usize) -> String {
    text.chars().take(chars).collect()
}

/// The metrics of a run of others: what its record itself says, so that they can be made again from it.
pub(crate) fn metrics(run: RunId, frames: u64, ended: &Ended) -> String {
    let mut metrics = json!({ "run_id": run, "status": ended.state.as_str(), "frames": frames });
    if let Some(problem) = &ended.problem {
        metrics["error"] = json!({ "code": problem.code, "message": problem.message });
    }
    canonical_json(&metrics).expect("the metrics are plain data")
}

/// The end of a run of others, made before the transaction that writes it.
#[derive(Debug, Clone)]
pub struct Ending {
    run: RunId,
    /// The place of the terminal frame.
    last_seq: u64,
    ended: Ended,
    metrics: Artifact,
}

impl Runs {
    /// Makes the end of a run whose terminal frame this is: its metrics are stored. Nothing if it is no terminal frame.
    ///
    /// # Errors
    ///
    /// Fails if the metrics cannot be stored.
    pub async fn ending(&self, run: RunId, terminal: &Frame) -> Result<Option<Ending>, Error> {
        let Some(ended) = Ended::by(terminal) else { return Ok(None) };
        let last_seq = terminal.envelope.event_id;
        let metrics = self.0.metrics_artifact(run, metrics(run, last_seq, &ended)).await?;
        Ok(Some(Ending { run, last_seq, ended, metrics }))
    }

    /// Appends the last frames, the terminal one at their end, and ends the run as that says. Call [`Self::woken`] after the
    /// commit.
    ///
    /// # Errors
    ///
    /// Fails if somebody else holds the run by now, if it has ended, or if the end was made for another place.
    pub async fn close_in(
        &self,
        tx: &DatabaseTransaction,
        fence: i64,
        first_seq: u64,
        frames: &[String],
        ending: &Ending,
    ) -> Result<(), Error> {
        let Ending { run: id, last_seq, ended, metrics } = ending;
        // The run before its ledger, as everywhere.
        let (_, run) = locked(tx, *id).await?;
        if run.state.is_terminal() {
            return Err(Error::Ended { run: *id, state: run.state });
        }
        let state = run.state.next(ended.event())?;
        let now_us = self.0.clock.now_us();
        insert_artifact(tx, metrics).await?;
        let head = self.0.ledger.close_in(tx, *id, fence, first_seq, frames).await?;
        if head.seq != *last_seq {
            return Err(Error::Moved { run: *id, expected: *last_seq, found: head.seq });
        }
        let attempt = AttemptEnd::of_run(state, ended.problem.clone());
        end_attempt(tx, &run, &attempt, now_us).await?;
        let outcome = Outcome { state, attempt: &attempt, is_dead_letter: false, now_us };
        if end_row(tx, &run, fence, &outcome).await? {
            return Ok(());
        }
        Err(ledger::Error::Fenced { run: *id, given: fence, current: fence + 1 }.into())
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};
    use frames::{ErrorSource, Final, Origin, Schema, StreamError};

    use super::*;

    fn frame(body: impl Into<Body>) -> Frame {
        let stream_id = "s".to_owned();
        let origin = Origin { schema: Schema::PublicSseV1, stream_id, conversation_id: "c".to_owned() };
        origin.frame(1, DateTime::<Utc>::UNIX_EPOCH, body.into())
    }

    #[test]
    fn a_run_of_others_ends_as_its_last_frame_says() {
        let ended = |body: Body| {
            Ended::by(&frame(body)).map(|ended| (ended.state, ended.problem.map(|problem| problem.code)))
        };
        let end = |status| ended(Final::new(status).into());
        assert_eq!(end(FinalStatus::Completed), Some((RunState::Succeeded, None)));
        assert_eq!(end(FinalStatus::Refused), Some((RunState::Succeeded, None)));
        assert_eq!(end(FinalStatus::Cancelled), Some((RunState::Cancelled, None)));
        assert_eq!(end(FinalStatus::Failed), Some((RunState::Failed, Some("FINAL_FAILED".to_owned()))));
        let incomplete = Some((RunState::Failed, Some("FINAL_INCOMPLETE".to_owned())));
        assert_eq!(end(FinalStatus::Incomplete), incomplete);
        let broken = |code: Option<&str>| StreamError {
            code: code.map(str::to_owned),
            message: "m".repeat(3000),
            source: ErrorSource::Provider,
            is_retryable: true,
        };
        assert_eq!(ended(broken(Some("RATE")).into()), Some((RunState::Failed, Some("RATE".to_owned()))));
        let nameless = Ended::by(&frame(broken(None))).and_then(|ended| ended.problem);
        let nameless = nameless.map(|problem| (problem.code, problem.message.len()));
        assert_eq!(nameless, Some(("STREAM_ERROR".to_owned(), MAX_MESSAGE)));
        assert_eq!(
            ended(
                frames::AgentUpdated { from_agent: None, to_agent: "a".to_owned(), handoff_index: None }
                    .into()
            ),
            None
        );
    }
}
