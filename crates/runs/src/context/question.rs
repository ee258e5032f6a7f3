//! Questions that a run asks a person.

use chrono::{DateTime, Utc};
use frames::{ApprovalDecided, ApprovalRequested, Body, Decision};

use super::{Park, RunContext, Stop};
use crate::decision;
use wire::runs::WaitsFor;

/// A question with yes or no for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Its name in the run, 1 to 100 characters: a later execution that asks under the same name gets the same answer.
    pub name: String,
    /// What is asked.
    pub title: String,
    /// What depends on it.
    pub detail: Option<String>,
    /// When it lapses.
    pub expires_at: Option<DateTime<Utc>>,
}

impl RunContext {
    /// The answer to a question. Without one the run parks, across restarts, until somebody answers or the question
    /// lapses.
    pub async fn ask(&self, question: &Question) -> Result<Decision, Stop> {
        self.check()?;
        let cx = &self.0;
        let answered = decision::asked(&cx.db.write, &*cx.clock, cx.run, question)
            .await
            .map_err(|error| Stop::Unreadable(error.into()))?;
        let history = self.history().await?;
        if !history.iter().any(|frame| is_asked(&frame.body, &question.name)) {
            self.emit(ApprovalRequested {
                approval_id: question.name.clone(),
                title: question.title.clone(),
                detail: question.detail.clone(),
                expires_at: question.expires_at,
            })
            .await?;
        }
        let Some((decision, reason)) = answered else {
            let park = Park { waits_for: WaitsFor::Decision, wakes_at: question.expires_at };
            return Err(Stop::Parked(park));
        };
        if !history.iter().any(|frame| is_answered(&frame.body, &question.name)) {
            let approval_id = question.name.clone();
            self.emit(ApprovalDecided { approval_id, decision, reason }).await?;
        }
        Ok(decision)
    }
}

fn is_asked(body: &Body, name: &str) -> bool {
    matches!(body, Body::ApprovalRequested(asked) if asked.approval_id == name)
}

fn is_answered(body: &Body, name: &str) -> bool {
    matches!(body, Body::ApprovalDecided(decided) if decided.approval_id == name)
}
