//! Runs as they are shown.

use kernel::ReadDb;
use ledger::Head;
use sea_orm::DbErr;
use serde_json::value::RawValue;
use wire::runs::{Attempt, Detail, Item, Ledger, Program, Question, TimelineEntry};

use crate::decision;
use crate::query;
use crate::run::Run;
use kernel::row::unreadable;

impl Run {
    /// How it stands in a list; the ledger knows how many frames it has.
    pub fn into_item(self, frames: u64) -> Item {
        Item {
            run_id: self.id,
            kind: self.kind,
            status: self.state.into(),
            title: self.title,
            created_at: self.created_at,
            started_at: self.started_at,
            ended_at: self.ended_at,
            attempt: self.attempt,
            waits_for: self.waits_for,
            conversation_id: self.conversation_id,
            parent_run_id: self.parent_run_id,
            priority: self.priority,
            is_dead_letter: self.is_dead_letter,
            frames,
            error: self.problem,
        }
    }
}

/// Everything about a run but its frames, whose head the ledger knows. The caller has found the run under its tenant.
pub async fn detail(db: &ReadDb, run: Run, head: Head) -> Result<Detail, DbErr> {
    let questions = decision::of_run(db, run.id).await?;
    let attempts = query::attempts(db, &run).await?;
    let inputs = query::inputs(db, &run).await?;
    let artifacts = query::artifacts(db, &run).await?;
    Ok(Detail {
        spec: RawValue::from_string(run.spec.clone()).map_err(|_| unreadable("spec"))?,
        spec_digest: run.spec_digest,
        seed: run.seed.0,
        program: Program { version: run.program.version.clone(), commit: run.program.commit.clone() },
        root_run_id: run.root_run_id,
        wakes_at: run.wakes_at,
        questions: questions.into_iter().map(Question::try_from).collect::<Result<_, _>>()?,
        timeline: timeline(&run, &attempts),
        attempts,
        inputs: inputs.into_iter().map(wire::runs::Input::from).collect(),
        artifacts: artifacts.into_iter().map(wire::artifacts::Artifact::from).collect(),
        ledger: Ledger { seq: head.seq, head: head.digest, is_closed: head.is_closed },
        retry_of: run.retry_of,
        item: run.into_item(head.seq),
    })
}

/// What the stored times say, oldest first.
fn timeline(run: &Run, attempts: &[Attempt]) -> Vec<TimelineEntry> {
    let mut entries = vec![TimelineEntry { at: run.created_at, event: "submitted".to_owned() }];
    for attempt in attempts {
        let number = attempt.number;
        entries.push(TimelineEntry { at: attempt.started_at, event: format!("attempt {number} started") });
        if let (Some(at), Some(outcome)) = (attempt.ended_at, attempt.outcome) {
            entries.push(TimelineEntry { at, event: format!("attempt {number} {outcome}") });
        }
    }
    let asked = run.cancel_requested_at.map(|at| TimelineEntry { at, event: "cancel requested".to_owned() });
    let ended = run.ended_at.map(|at| TimelineEntry { at, event: run.state.to_string() });
    entries.extend(asked.into_iter().chain(ended));
    // Stable: entries of one time stay in the order in which they happen.
    entries.sort_by_key(|entry| entry.at);
    entries
}
