//! A run's attempts, and what it counts of them, against the frames.

use frames::Body;
use wire::runs::AttemptOutcome;

use super::differences::Differences;
use super::rows::Rows;
use crate::attempt_end::{ABANDONED, AttemptEnd, CANCELLED_WHILE_QUEUED, Loss};
use crate::engine::MAX_LOSSES;
use crate::state::RunState;
use crate::table::attempt;
use kernel::row::time;

type Row = attempt::Model;

/// A frame follows each row, unless the worker vanished between the two: so there may be rows without a frame, and
/// never frames without a row.
pub(super) fn check(differences: &mut Differences, rows: &Rows<'_>) {
    numbers(differences, rows);
    for said in &rows.told.attempts {
        let number = said.what.attempt;
        let at = rows.attempts.iter().position(|row| i64::from(row.number) == i64::from(number));
        let Some(at) = at else {
            differences.say(true, || format!("attempt {number} is in the frames and has no row"));
            continue;
        };
        let row = &rows.attempts[at];
        let started = format!("the start of attempt {number}");
        match said.what.started_at {
            Some(_) => differences.compare_time(&started, time(row.started_us).ok(), said.what.started_at),
            None => {
                differences.in_order(&[(&started, time(row.started_us).ok()), ("its frame", Some(said.at))]);
            }
        }
        if let Some(told) = &said.what.before_digest {
            let is_so = attempt::digest(&rows.attempts[..at]).to_string() == *told;
            differences.say(!is_so, || {
                format!("the attempts before attempt {number} are not those its frame has the digest of")
            });
        }
        // Every claim takes a token; as many of them as attempts means that nobody else went on with one.
        if usize::try_from(rows.row.fence).is_ok_and(|fence| fence == rows.attempts.len()) {
            differences.compare(&format!("the worker of attempt {number}"), &row.worker, &said.what.worker);
        }
    }
    for pair in rows.attempts.windows(2) {
        let [before, after] = pair else { continue };
        earlier(differences, before, after);
    }
    if let Some(last) = rows.attempts.last().filter(|_| rows.run.state.is_terminal()) {
        self::last(differences, rows, last);
    }
    counts(differences, rows);
}

fn numbers(differences: &mut Differences, rows: &Rows<'_>) {
    let newest = rows.attempts.last().map_or(0, |attempt| attempt.number);
    differences.compare("the number of the last attempt", &i64::from(rows.run.attempt), &i64::from(newest));
    for (row, number) in rows.attempts.iter().zip(1..) {
        differences.say(row.number != number, || {
            format!("attempt {} has a row where that of attempt {number} is expected", row.number)
        });
    }
    let first = rows.attempts.first().and_then(|row| time(row.started_us).ok());
    differences
        .say(rows.run.started_at != first, || "the run's start is not that of its first attempt".to_owned());
}

/// An attempt that another followed.
fn earlier(differences: &mut Differences, row: &Row, next: &Row) {
    let number = row.number;
    let outcome = row.outcome.as_deref().unwrap_or("open");
    match followed(row) {
        Some(ended) => error(differences, row, ended),
        None => {
            differences.say(true, || format!("attempt {number} is `{outcome}`, and another one follows it"));
        }
    }
    differences.in_order(&[
        (&format!("the start of attempt {number}"), time(row.started_us).ok()),
        ("its end", row.ended_us.and_then(|us| time(us).ok())),
        ("the start of the next", time(next.started_us).ok()),
    ]);
}

/// How an attempt ended that another one may follow.
fn followed(row: &Row) -> Option<AttemptOutcome> {
    let outcome = row.outcome.as_deref()?.parse().ok()?;
    AttemptEnd::may_be_followed(outcome).then_some(outcome)
}

fn error(differences: &mut Differences, row: &Row, outcome: AttemptOutcome) {
    differences.say(!AttemptEnd::can_be(outcome, row), || {
        format!("the error of attempt {} is not one of an attempt that is `{outcome}`", row.number)
    });
}

/// The last attempt ends with the run, unless the run was ended while it waited for another one.
fn last(differences: &mut Differences, rows: &Rows<'_>, row: &Row) {
    let (run, number) = (rows.run, row.number);
    let code = rows.row.error_code.as_deref();
    let waited = match run.state {
        RunState::Cancelled => rows.told.last_words() == Some(CANCELLED_WHILE_QUEUED),
        _ => code == Some(ABANDONED),
    };
    if waited && row.ended_us != rows.row.ended_us {
        let outcome = row.outcome.as_deref().unwrap_or("open");
        match followed(row) {
            Some(ended) => error(differences, row, ended),
            None => differences
                .say(true, || format!("attempt {number} is `{outcome}`, and the run waited for another one")),
        }
        differences.not_covered(
            true,
            format!("how attempt {number} ended: the run was ended before another one could say so"),
        );
        return;
    }
    let outcome = AttemptEnd::of_run(run.state, run.problem.clone()).outcome();
    let ended = row.ended_us.and_then(|us| time(us).ok());
    let frame = rows.told.terminal.as_ref().map(|frame| frame.envelope.server_timestamp);
    if frame.is_some() {
        differences.compare_time(&format!("the end of attempt {number}"), ended, frame);
    }
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    for (what, row, run) in [
        ("outcome", text(&row.outcome), outcome.as_str().to_owned()),
        ("error code", text(&row.error_code), text(&rows.row.error_code)),
        ("error message", text(&row.error_message), text(&rows.row.error_message)),
    ] {
        differences.say(row != run, || {
            format!("the {what} of attempt {number} is `{row}`, and the run's is `{run}`")
        });
    }
}

/// What the run counts of its attempts. Each count begins anew when something was done, so only few are exact.
fn counts(differences: &mut Differences, rows: &Rows<'_>) {
    let run = rows.run;
    let ended_by = |word: &str| {
        rows.attempts
            .iter()
            .filter(|row| row.outcome.as_deref() == Some(word) && row.ended_us != rows.row.ended_us)
            .count()
    };
    for (what, counted, attempts) in
        [("failures", run.failures, ended_by("retried")), ("losses", run.losses, ended_by("lost"))]
    {
        let range = attempts.min(1)..=attempts;
        differences.say(!range.contains(&(counted as usize)), || {
            format!("the run counts {counted} {what}, and {attempts} of its attempts are such")
        });
        differences.not_covered(attempts > 1, format!("`{what}` is only bounded by the attempts"));
    }
    dead_letter(differences, rows);
}

/// No further attempt was to be made of a run that failed for good though it might have been tried again.
fn dead_letter(differences: &mut Differences, rows: &Rows<'_>) {
    let run = rows.run;
    if !run.state.is_terminal() {
        return;
    }
    let is_lost = matches!(&rows.told.terminal, Some(frame) if matches!(&frame.body, Body::Error(error) if error.code.as_deref().is_some_and(Loss::is_code)));
    let may_be = run.state == RunState::Failed
        && if is_lost { run.losses >= MAX_LOSSES } else { run.failures + 1 >= run.max_attempts };
    differences.say(run.is_dead_letter && !may_be, || {
        format!("the run is `{}` and a dead letter, and had attempts left or needs none", run.state)
    });
    differences.say(is_lost && !run.is_dead_letter, || {
        "the run lost its workers for good and is no dead letter".to_owned()
    });
    differences.not_covered(
        run.state == RunState::Failed && may_be && !is_lost,
        "`is_dead_letter`: the last frame does not say whether the error might have passed",
    );
}
