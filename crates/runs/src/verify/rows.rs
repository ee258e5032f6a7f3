//! Rows against frames.

use std::collections::BTreeMap;
use std::fmt::Display;

use frames::{ArtifactCreated, Body, ErrorSource, FinalStatus, RunOpened};
use kernel::Digest;
use ledger::Verdict;
use wire::runs::VerifiedPart;

use super::{Told, part};
use crate::run::{Artifact, Input, Run};
use crate::state::RunState;
use crate::table::decision;
use wire::runs::Attempt;

/// Collects what does not fit.
#[derive(Default)]
struct Differences(Vec<String>);

impl Differences {
    /// `what` is one thing in the row and another in the frames.
    fn compare<T: PartialEq + Display>(&mut self, what: &str, row: &T, told: &T) {
        if row != told {
            self.0.push(format!("{what} is `{row}` in the row and `{told}` in the frames"));
        }
    }

    fn say(&mut self, is_wrong: bool, what: impl FnOnce() -> String) {
        if is_wrong {
            self.0.push(what());
        }
    }
}

/// The run's own row, its attempts and its decisions.
pub(super) fn check(
    run: &Run,
    verdict: &Verdict,
    told: &Told,
    attempts: &[Attempt],
    decisions: &[decision::Model],
) -> VerifiedPart {
    let mut differences = Differences::default();
    differences.compare("the digest of the spec", &Digest::of(&run.spec), &run.spec_digest);
    if let Some(opened) = &told.opened {
        opening(&mut differences, run, told, opened);
    }
    if let Some(conversation) = &told.conversation_id {
        differences.compare("the conversation", &run.conversation_id.to_string(), conversation);
    }
    end(&mut differences, run, verdict, told);
    self::attempts(&mut differences, run, told, attempts);
    for row in decisions.iter().filter(|row| row.decided_us.is_some()) {
        decision(&mut differences, run, row, told);
    }
    let checked = 1 + attempts.len() + decisions.len();
    part("run", checked as u64, differences.0)
}

fn opening(differences: &mut Differences, run: &Run, told: &Told, opened: &RunOpened) {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    differences.compare("the run", &run.id.to_string(), &opened.run_id);
    differences.compare("the kind", &run.kind, &opened.run_kind);
    differences.compare("the kind's version", &run.kind_version, &opened.run_kind_version);
    differences.compare("the seed", &run.seed.0, &opened.seed);
    differences.compare("the digest of the spec", &run.spec_digest.to_string(), &opened.spec_digest);
    if !told.is_cut("title") {
        differences.compare("the title", &run.title, &text(&opened.title));
    }
    differences.compare("the program", &run.program.to_string(), &text(&opened.program));
    let parent = run.parent_run_id.map(|parent| parent.to_string()).unwrap_or_default();
    differences.compare("the parent", &parent, &text(&opened.parent_run_id));
}

/// How the run stands, by its row and by its last frame.
fn end(differences: &mut Differences, run: &Run, verdict: &Verdict, told: &Told) {
    let ended = run.state.is_terminal();
    differences.say(ended && !verdict.is_closed, || {
        format!("the run is `{}` in the row, but its ledger is open", run.state)
    });
    differences.say(!ended && verdict.is_closed, || {
        format!("the run is `{}` in the row, but its ledger is closed", run.state)
    });
    let Some(terminal) = told.terminal.as_ref().filter(|_| ended) else { return };
    let state = match &terminal.body {
        Body::Final(end) => state_of(end.status),
        Body::Error(error) => {
            let problem = run.problem.as_ref();
            let code = problem.map(|problem| problem.code.clone()).unwrap_or_default();
            let message = problem.map(|problem| problem.message.clone()).unwrap_or_default();
            if error.source == ErrorSource::Server {
                differences.compare("the error's code", &code, &error.code.clone().unwrap_or_default());
                if terminal.envelope.notices.is_empty() {
                    differences.compare("the error's message", &message, &error.message);
                }
            }
            RunState::Failed
        }
        _ => return,
    };
    differences.compare("the state", &run.state, &state);
    if let Some(at) = run.ended_at {
        differences.compare("the time of the end", &at, &terminal.envelope.server_timestamp);
    }
}

fn state_of(status: FinalStatus) -> RunState {
    match status {
        FinalStatus::Completed | FinalStatus::Refused => RunState::Succeeded,
        FinalStatus::Cancelled => RunState::Cancelled,
        FinalStatus::Failed | FinalStatus::Incomplete => RunState::Failed,
    }
}

/// A frame follows each row, unless the worker vanished between the two: so there may be rows without a frame, and
/// never frames without a row.
fn attempts(differences: &mut Differences, run: &Run, told: &Told, attempts: &[Attempt]) {
    for number in &told.attempts {
        let is_there = attempts.iter().any(|attempt| attempt.number == *number);
        differences.say(!is_there, || format!("attempt {number} is in the frames and has no row"));
    }
    let newest = attempts.last().map_or(0, |attempt| attempt.number);
    differences.compare("the number of the last attempt", &run.attempt, &newest);
    let is_open = attempts.iter().any(|attempt| attempt.outcome.is_none());
    differences.say(run.state.is_terminal() && is_open, || "an attempt of the ended run is open".to_owned());
}

fn decision(differences: &mut Differences, run: &Run, row: &decision::Model, told: &Told) {
    let answer = row.decision.clone().unwrap_or_default();
    match told.decisions.iter().find(|told| told.approval_id == row.name) {
        Some(told) => {
            let what = format!("the answer to `{}`", row.name);
            differences.compare(&what, &answer, &told.decision.as_str().to_owned());
        }
        // An answer that nobody has read yet has no frame.
        None => differences.say(run.state == RunState::Succeeded && !told.has_holes, || {
            format!("the answer to `{}` is in no frame", row.name)
        }),
    }
}

/// The inputs' rows against the first frame.
pub(super) fn inputs(inputs: &[Input], told: &Told) -> Vec<String> {
    let mut differences = Differences::default();
    let Some(opened) = told.opened.as_ref().filter(|_| !told.is_cut("inputs")) else { return differences.0 };
    let row = |input: &Input| {
        format!("{} {} {} {}", input.role, input.source.as_str(), input.source_id, input.digest)
    };
    let rows: Vec<String> = inputs.iter().map(row).collect();
    let mut frames: Vec<String> = opened
        .inputs
        .iter()
        .map(|told| {
            let source = told.source.as_deref().unwrap_or_default();
            format!("{} {source} {} {}", told.role, told.id, told.digest)
        })
        .collect();
    for input in &rows {
        match frames.iter().position(|told| told == input) {
            Some(at) => drop(frames.remove(at)),
            None => differences.0.push(format!("input `{input}` is not in the first frame")),
        }
    }
    differences.0.extend(frames.iter().map(|told| format!("input `{told}` of the first frame has no row")));
    differences.0
}

/// The artifacts' rows against the frames that announced them.
pub(super) fn artifacts(artifacts: &[Artifact], told: &Told) -> Vec<String> {
    let mut differences = Differences::default();
    let mut created: BTreeMap<&str, &ArtifactCreated> =
        told.artifacts.iter().map(|created| (created.artifact_id.as_str(), created)).collect();
    for artifact in artifacts {
        let id = artifact.id.to_string();
        let Some(created) = created.remove(id.as_str()) else {
            differences
                .say(!told.has_holes, || format!("artifact `{}` ({id}) is in no frame", artifact.name));
            continue;
        };
        let what = |field: &str| format!("the {field} of artifact `{}`", artifact.name);
        differences.compare(&what("name"), &artifact.name, &created.name);
        differences.compare(&what("media type"), &artifact.media_type, &created.media_type);
        differences.compare(&what("size"), &artifact.size_bytes, &created.size_bytes);
        differences.compare(&what("digest"), &artifact.digest.to_string(), &created.digest);
    }
    let gone = created.values().map(|told| format!("artifact `{}` of the frames has no row", told.name));
    differences.0.extend(gone);
    differences.0
}
