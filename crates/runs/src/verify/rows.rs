//! The run's own row and its decisions against the frames.

use frames::{Body, ErrorSource, FinalStatus};
use kernel::Digest;
use ledger::Verdict;
use wire::runs::VerifiedPart;

use super::attempts;
use super::differences::Differences;
use super::told::{Said, Told};
use crate::attempt_end::CANCELLED_WHILE_QUEUED;
use crate::run::Run;
use crate::state::RunState;
use crate::table::{attempt, decision, run};
use kernel::row::time;

/// What the digest of the request in the first frame covers.
const REQUEST: &str = "`tenant_id`, `root_run_id`, `retry_of`, `priority`, `max_attempts`, `exclusive_key`, \
                       `dedup_key`, `idempotency_key`, `created_us`";

/// What is stored of a run beside its frames, its inputs and its artifacts.
pub(super) struct Rows<'a> {
    pub run: &'a Run,
    pub row: &'a run::Model,
    pub verdict: &'a Verdict,
    pub told: &'a Told,
    pub attempts: &'a [attempt::Model],
    pub decisions: &'a [decision::Model],
}

/// The run's own row, its attempts and its decisions. Starts from what could not even be read.
pub(super) fn check(rows: &Rows<'_>, unreadable: Vec<String>) -> VerifiedPart {
    let Rows { run, told, .. } = rows;
    let mut differences =
        Differences { problems: unreadable, is_unordered: told.was_set_back, ..Differences::default() };
    differences.compare("the digest of the spec", &Digest::of(&run.spec), &run.spec_digest);
    if let Some(opened) = &told.opened {
        opening(&mut differences, rows, opened);
    }
    if let Some(conversation) = &told.conversation_id {
        differences.compare("the conversation", &run.conversation_id.to_string(), conversation);
    }
    differences.not_covered(true, "the title and the time of the conversation");
    end(&mut differences, rows);
    attempts::check(&mut differences, rows);
    for row in rows.decisions {
        decision(&mut differences, rows, row);
    }
    times(&mut differences, rows);
    let checked = 1 + rows.attempts.len() + rows.decisions.len();
    differences.into_part("run", checked)
}

fn opening(differences: &mut Differences, rows: &Rows<'_>, opened: &Said<frames::RunOpened>) {
    let (run, told, opened) = (rows.run, rows.told, &opened.what);
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
    match &opened.request_digest {
        Some(told) => differences.say(run.request_digest().to_string() != *told, || {
            format!("one of {REQUEST} is not what the first frame has the digest of")
        }),
        None => differences.not_covered(true, format!("{REQUEST}: the first frame is of an earlier version")),
    }
}

/// How the run stands, by its row and by its last frame.
fn end(differences: &mut Differences, rows: &Rows<'_>) {
    let Rows { run, row, verdict, told, .. } = rows;
    let ended = run.state.is_terminal();
    differences.say(ended && !verdict.is_closed, || {
        format!("the run is `{}` in the row, but its ledger is open", run.state)
    });
    differences.say(!ended && verdict.is_closed, || {
        format!("the run is `{}` in the row, but its ledger is closed", run.state)
    });
    if let Some(fence) = verdict.fence {
        differences
            .say(row.fence != fence, || format!("the run's token is {} and its ledger's {fence}", row.fence));
        differences.say(fence < i64::from(run.attempt), || {
            format!("the ledger's token is {fence}, and each of {} attempts took one", run.attempt)
        });
    }
    let Some(terminal) = told.terminal.as_ref().filter(|_| ended) else { return };
    let (state, code, message) = match &terminal.body {
        Body::Final(end) => (state_of(end.status), None, None),
        Body::Error(error) if error.source == ErrorSource::Server => {
            (RunState::Failed, error.code.clone(), Some(error.message.clone()))
        }
        _ => return,
    };
    differences.compare("the state", &run.state, &state);
    let shown = |text: Option<String>| text.unwrap_or_default();
    differences.compare("the error's code", &shown(row.error_code.clone()), &shown(code));
    if terminal.envelope.notices.is_empty() {
        differences.compare("the error's message", &shown(row.error_message.clone()), &shown(message));
    } else {
        differences.not_covered(true, "`error_message`: it was too long for the last frame");
    }
    differences.compare_time("the time of the end", run.ended_at, Some(terminal.envelope.server_timestamp));
    let is_held = row.lease_owner.is_some() || row.lease_until_us.is_some() || row.lease_us.is_some();
    let is_awaited = row.waits_for.is_some() || row.wake_us.is_some();
    differences.say(is_held || is_awaited, || "the ended run has a lease or waits for something".to_owned());
    differences.not_covered(
        true,
        "`shards_done`, `progress_seen`, `not_before_us` and `resumes`: they serve the queue and say nothing of an ended run",
    );
    stop(differences, rows);
}

/// Whether somebody asked the run to stop.
fn stop(differences: &mut Differences, rows: &Rows<'_>) {
    let (run, words) = (rows.run, rows.told.last_words());
    let is_needed = run.state == RunState::Cancelled && words != Some(CANCELLED_WHILE_QUEUED);
    differences.say(is_needed && run.cancel_requested_at.is_none(), || {
        "the run was cancelled, and nobody asked for it".to_owned()
    });
    let has_a_say = run.state == RunState::Cancelled || run.cancel_requested_at.is_some();
    differences.not_covered(has_a_say, "`cancel_requested_us` is only bounded by the run's times");
}

fn state_of(status: FinalStatus) -> RunState {
    match status {
        FinalStatus::Completed | FinalStatus::Refused => RunState::Succeeded,
        FinalStatus::Cancelled => RunState::Cancelled,
        FinalStatus::Failed | FinalStatus::Incomplete => RunState::Failed,
    }
}

fn times(differences: &mut Differences, rows: &Rows<'_>) {
    let run = rows.run;
    let first = rows.told.opened.as_ref().map(|opened| opened.at);
    differences.in_order(&[
        ("the submission", Some(run.created_at)),
        ("the start", run.started_at),
        ("the first frame", first),
        ("the end", run.ended_at),
    ]);
    differences.in_order(&[
        ("the submission", Some(run.created_at)),
        ("the wish to cancel", run.cancel_requested_at),
        ("the end", run.ended_at),
    ]);
    differences.not_covered(
        rows.told.was_set_back,
        "the order of times: the clock was set back while the run lasted",
    );
    let claims = usize::try_from(rows.row.fence).unwrap_or_default();
    let is_resumed = claims > rows.attempts.len() && !rows.attempts.is_empty();
    differences.not_covered(is_resumed, "the workers of attempts: another one may have gone on with them");
}

fn decision(differences: &mut Differences, rows: &Rows<'_>, row: &decision::Model) {
    let (run, told) = (rows.run, rows.told);
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let asked = told.questions.iter().find(|said| said.what.approval_id == row.name);
    if let Some(said) = asked.filter(|said| said.is_whole) {
        let what = |field: &str| format!("the {field} of question `{}`", row.name);
        differences.compare(&what("title"), &row.title, &said.what.title);
        differences.compare(&what("detail"), &text(&row.detail), &text(&said.what.detail));
        let expires = row.expires_us.and_then(|us| time(us).ok());
        differences.compare_time(&what("end"), expires, said.what.expires_at);
        differences.in_order(&[(&what("time"), time(row.requested_us).ok()), ("its frame", Some(said.at))]);
    }
    let Some(decided_us) = row.decided_us else { return };
    let answer = text(&row.decision);
    match told.decisions.iter().find(|told| told.what.approval_id == row.name) {
        Some(said) => {
            let what = format!("the answer to `{}`", row.name);
            differences.compare(&what, &answer, &said.what.decision.as_str().to_owned());
            if said.is_whole {
                let what = format!("the reason of the answer to `{}`", row.name);
                differences.compare(&what, &text(&row.reason), &text(&said.what.reason));
            }
            differences.in_order(&[
                ("a question", time(row.requested_us).ok()),
                ("its answer", time(decided_us).ok()),
                ("the frame of its answer", Some(said.at)),
            ]);
        }
        // An answer that nobody has read yet has no frame.
        None => differences.say(run.state == RunState::Succeeded && !told.has_holes, || {
            format!("the answer to `{}` is in no frame", row.name)
        }),
    }
}
