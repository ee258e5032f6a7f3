//! Answering a run's question.

use frames::Decision;
use kernel::{RunId, Tenant};

use super::Engine;
use super::family::wake_in;
use crate::decision;
use crate::error::DecideError;
use crate::run::Run;
use wire::runs::WaitsFor;

impl Engine {
    /// Answers a question of a run, once; the run goes on. The same answer again changes nothing.
    pub async fn decide(
        &self,
        tenant: Tenant,
        run: RunId,
        name: &str,
        answer: Decision,
        reason: Option<String>,
    ) -> Result<(), DecideError> {
        let shared = &self.0;
        let unknown = || DecideError::NotFound { run, name: name.to_owned() };
        shared
            .db
            .write
            .write("decide", async |tx| {
                let row = shared.lock(tx, tenant, run).await?.ok_or_else(unknown)?;
                let state = Run::try_from(row)?.state;
                let asked = decision::locked(tx, run, name).await?.ok_or_else(unknown)?;
                if let Some(word) = &asked.decision {
                    let earlier = decision::parse(word)?;
                    if earlier == answer {
                        return Ok(());
                    }
                    return Err(DecideError::Answered { run, name: name.to_owned(), answer: earlier });
                }
                if state.is_terminal() {
                    return Err(DecideError::Ended { run, state });
                }
                decision::settle(tx, &*shared.clock, asked, answer, reason.clone()).await?;
                wake_in(tx, run, WaitsFor::Decision, shared.clock.now_us()).await?;
                Ok(())
            })
            .await?;
        shared.queued.notify_one();
        Ok(())
    }
}
