//! A comparison of models: two attempts, candidates as tool calls side by side, and an explained champion.

use frames::*;
use serde_json::json;

use crate::story::*;

const CANDIDATES: [(&str, f64); 3] = [("naive", 18.25), ("ets", 12.5), ("theta", 12.625)];

pub(super) fn story() -> Story {
    let mut story = Story::of_run();
    open(&mut story, u64::MAX);
    story.say(attempt(1));
    story.say(phase("load", 1));
    story.say(progress("load", 0.5, None));
    let lost = "the worker stopped answering";
    story.say(RunNotice {
        level: Level::Warning,
        code: "LEASE_LOST".to_owned(),
        message: lost.to_owned(),
        data: None,
    });
    story.say(attempt(2));
    story.say(phase("load", 1)).say(progress("load", 1.0, None)).say(phase("race", 2));
    race(&mut story);
    explain(&mut story);
    story.say(created("metrics", "application/json", 312)).say(created("ranking", "text/csv", 2_048));
    let structured_output = Some(json!({ "champion": "ets", "wape": 12.5 }));
    story.say(Final {
        structured_output,
        response_text: text("ets wins"),
        ..Final::new(FinalStatus::Completed)
    });
    story
}

/// Opens a run; a seed beyond 2^53 shows whether a reader keeps all its digits.
pub(super) fn open(story: &mut Story, seed: u64) {
    story.say(RunOpened {
        run_id: RUN.to_string(),
        run_kind: "comparison".to_owned(),
        run_kind_version: 1,
        seed,
        spec_digest: digest("spec"),
        title: text("Umbrellas, \"seed\":1 and all"),
        parent_run_id: None,
        program: None,
        inputs: vec![RunInput {
            source: None,
            role: "series".to_owned(),
            id: "dataset_1".to_owned(),
            digest: digest("series"),
        }],
        request_digest: None,
    });
}

fn phase(phase: &str, phase_index: u32) -> PhaseStarted {
    PhaseStarted { phase: phase.to_owned(), phase_index, phase_total: 2, title: text("A phase") }
}

fn progress(phase: &str, fraction: f64, done: Option<u64>) -> Progress {
    let message = done.map(|n| format!("{n} of 3"));
    Progress { phase: phase.to_owned(), fraction, done, total: done.map(|_| 3), message }
}

pub(super) fn created(name: &str, media_type: &str, size_bytes: u64) -> ArtifactCreated {
    ArtifactCreated {
        artifact_id: format!("artifact_{name}"),
        name: name.to_owned(),
        media_type: media_type.to_owned(),
        size_bytes,
        digest: digest(name),
        created_at: None,
    }
}

/// The candidates start together and end one after the other.
fn race(story: &mut Story) {
    let told = |n: usize, body: Body| {
        Draft::from(body).response(format!("resp_{n}")).workflow(branch(n as u64)).agent(CANDIDATES[n].0)
    };
    let item = Item::new(0, "fold_1");
    let call = |status| FunctionTool { name: "fit".to_owned(), ..function("call_fold_1", status) };
    for n in 0..CANDIDATES.len() {
        story.say(told(n, lifecycle(LifecycleStatus::InProgress)));
        story.say(told(n, tool(&item, call(CallStatus::InProgress))));
    }
    let arguments = |name: &str| ToolArgumentsDone {
        item: item.clone(),
        tool_call_id: "call_fold_1".to_owned(),
        tool_type: CallType::Function,
        tool_name: "fit".to_owned(),
        arguments_text: format!(r#"{{"model":"{name}"}}"#),
        arguments_json: Some(object(json!({ "model": name }))),
    };
    for (n, (name, wape)) in CANDIDATES.into_iter().enumerate() {
        story.say(told(n, arguments(name).into()));
        story.say(told(n, output(&item, "call_fold_1", ToolType::Function, json!({ "wape": wape }))));
        story.say(told(n, tool(&item, call(CallStatus::Completed))));
        story.say(told(n, lifecycle(LifecycleStatus::Completed)));
        let done = n as u64 + 1;
        story.say(progress("race", done as f64 / 3.0, Some(done)));
    }
}

fn explain(story: &mut Story) {
    let item = Item::new(0, "why");
    let told = |body: Body| Draft::from(body).response("decision");
    story.say(told(added(&item, "message")));
    story.say(told(
        ReasoningPartDone {
            item: item.clone(),
            summary_index: 0,
            text: "theta is within the noise of ets".to_owned(),
        }
        .into(),
    ));
    story.say(told(delta(&item, 0, "ets has the lowest error")));
    let artifact = FileCitation {
        start_index: Some(0),
        end_index: Some(24),
        index: None,
        file_id: "artifact_ranking".to_owned(),
        filename: text("ranking"),
    };
    story.say(told(cites(&item, 0, artifact)));
    story.say(told(done(&item, "message")));
}
