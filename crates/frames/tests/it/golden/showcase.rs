//! A showcase: phases of steps with every status, one that waits for an answer, approvals, notices.

use chrono::Duration;
use frames::*;
use serde_json::json;

use super::comparison::{created, open};
use crate::story::*;

const PHASES: [&str; 3] = ["data", "models", "decision"];
const STEPS: [(&str, usize, StepStatus); 6] = [
    ("seed", 0, StepStatus::Pass),
    ("features", 0, StepStatus::Warn),
    ("train", 1, StepStatus::Pass),
    ("tune", 1, StepStatus::Skip),
    ("ask", 2, StepStatus::Pass),
    ("register", 2, StepStatus::Fail),
];

pub(super) fn story() -> Story {
    let mut story = Story::of_run();
    open(&mut story, 42);
    story.say(attempt(1));
    let mut phase_seen = None;
    for (n, (step, phase, status)) in STEPS.into_iter().enumerate() {
        if phase_seen.replace(phase) != Some(phase) {
            let title = (phase != 1).then(|| PHASES[phase].to_uppercase());
            let phase_index = small(phase) + 1;
            story.say(PhaseStarted { phase: PHASES[phase].to_owned(), phase_index, phase_total: 3, title });
        }
        walk(&mut story, n, step, phase, status);
    }
    story.say(created("metrics", "application/json", 64));
    let message = "register failed: the alias moved".to_owned();
    story.say(StreamError {
        code: text("SHOWCASE_STEP"),
        message,
        source: ErrorSource::Server,
        is_retryable: false,
    });
    story
}

fn walk(story: &mut Story, n: usize, step: &str, phase: usize, status: StepStatus) {
    story.say(StepStarted {
        step: step.to_owned(),
        step_index: small(n) + 1,
        step_total: small(STEPS.len()),
        phase: PHASES[phase].to_owned(),
        phase_index: small(phase) + 1,
        phase_total: 3,
    });
    if step == "ask" {
        story.say(completed(n, step, phase, StepStatus::Running));
        ask(story);
    }
    story.say(completed(n, step, phase, status));
}

fn completed(n: usize, step: &str, phase: usize, status: StepStatus) -> StepCompleted {
    StepCompleted {
        step: step.to_owned(),
        step_index: small(n) + 1,
        step_total: small(STEPS.len()),
        phase: PHASES[phase].to_owned(),
        phase_index: small(phase) + 1,
        phase_total: 3,
        status,
        detail: format!("{step}: {}", status.as_str()),
        duration_ms: 12.5 * n as f64,
        data: object(json!({ "rows": n, "ratio": 1.0 / 3.0, "nested": { "list": [1, null, "x"] } })),
    }
}

/// Two questions, of which one lapses, and an answer to one that was never asked.
fn ask(story: &mut Story) {
    let asked = |id: &str, detail: Option<&str>| ApprovalRequested {
        approval_id: id.to_owned(),
        title: "Cut the price?".to_owned(),
        detail: detail.map(str::to_owned),
        expires_at: detail.map(|_| at(40) + Duration::microseconds(1)),
    };
    let decided = |id: &str, decision, reason: Option<&str>| ApprovalDecided {
        approval_id: id.to_owned(),
        decision,
        reason: reason.map(str::to_owned),
    };
    story.say(asked("ask_1", Some("by 10 %"))).say(asked("ask_2", None));
    story.say(decided("ask_1", Decision::Approved, Some("go on")));
    story.say(decided("ask_1", Decision::TimedOut, None));
    story.say(decided("ask_2", Decision::TimedOut, None)).say(decided("ask_3", Decision::Rejected, None));
    let data = Some(object(json!({ "answers": 2 })));
    let message = "two questions are settled".to_owned();
    story.say(RunNotice { level: Level::Info, code: "ASKED".to_owned(), message, data });
}

fn small(n: usize) -> u32 {
    u32::try_from(n).unwrap()
}
