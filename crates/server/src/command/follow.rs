//! Following the own run of a command to its end: what a signal means, and how long the run may wait for room.

use std::cell::Cell;
use std::io::Write;
use std::time::Duration;

use client::{Client, Error};
use frames::Frame;
use futures::StreamExt;
use kernel::RunId;
use serde_json::Value;
use tokio::time::{Instant, sleep};

use crate::exit::{Exit, Failed};
use crate::lifecycle::Stops;
use crate::plain::plain;
use crate::system::System;

/// What a followed run came to.
pub(super) enum Followed {
    Ended,
    Interrupted,
}

/// Hands each frame of a run to `show` until it ends. A signal asks the run to stop and waits for that, a second one
/// does not wait. Where nothing can be stored for long, the run is left as it stands.
pub(super) async fn follow(
    client: &Client,
    run: RunId,
    mut show: impl FnMut(&Frame),
) -> anyhow::Result<Followed> {
    let (mut first, mut second) = (Stops::watch()?, Stops::watch()?);
    let (is_stopping, is_asked) = (Cell::new(false), Cell::new(false));
    let mut asked = std::pin::pin!(async {
        first.next().await;
        is_stopping.set(true);
        say(&format!("stopping run {run}; a second signal does not wait for that"));
        client.cancel(run).await
    });
    let mut again = std::pin::pin!(async {
        second.next().await;
        second.next().await;
    });
    let mut stuck = std::pin::pin!(patience(async || client.get("/ready").await));
    let mut frames = std::pin::pin!(client.frames(run, 0));
    loop {
        let next = tokio::select! {
            next = frames.next() => next,
            answer = &mut asked, if !is_asked.get() => {
                is_asked.set(true);
                refused(run, answer.err())?;
                continue;
            }
            () = &mut again => return Err(AtOnce(left(Exit::Interrupted, run, "stopped at once")).into()),
            why = &mut stuck => return Err(left(Exit::Stuck, run, &why).into()),
        };
        let Some(next) = next else { break };
        let (_, text) = next?;
        show(&Frame::parse(&text)?);
    }
    Ok(if is_stopping.get() { Followed::Interrupted } else { Followed::Ended })
}

/// A second signal: from here on nothing is waited for.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) struct AtOnce(Failed);

impl AtOnce {
    pub(crate) const fn exit(&self) -> Exit {
        self.0.exit
    }
}

/// Closes what a command has opened, and says how the command ended: why it failed says more than what followed from
/// that. Who was told to stop at once, before or now, leaves everything as a crash would: a moment to end would let the
/// run go on in it.
pub(super) async fn close<T>(system: System, ended: anyhow::Result<T>) -> anyhow::Result<T> {
    if ended.as_ref().is_err_and(anyhow::Error::is::<AtOnce>) {
        return ended;
    }
    let mut stops = Stops::watch()?;
    tokio::select! {
        closed = system.close(CLOSING) => ended.and_then(|value| closed.map(|()| value)),
        () = stops.next() => {
            Err(AtOnce(Failed::new(Exit::Interrupted, "stopped at once; the next command tidies up")).into())
        }
    }
}

/// How long a command waits for what it started itself.
const CLOSING: Duration = Duration::from_secs(5);

/// What becomes of a cancellation that was not taken. One that is late, or stays in force, is none of these.
fn refused(run: RunId, error: Option<Error>) -> Result<(), Failed> {
    match error {
        None => Ok(()),
        Some(error) if error.status().is_some_and(|status| matches!(status.as_u16(), 409 | 504)) => Ok(()),
        Some(error) => {
            let why = error.problem().map_or_else(|| error.to_string(), |problem| problem.detail.clone());
            Err(left(Exit::Interrupted, run, &format!("the run could not be asked to stop: {why}")))
        }
    }
}

/// A run that goes on without us, and how.
fn left(exit: Exit, run: RunId, why: &str) -> Failed {
    let how = format!("`assay run recover` goes on with it, `assay run cancel {run}` ends it");
    Failed::new(exit, format!("{why}; run {run} is left as far as it came: {how}"))
}

/// How often to ask whether something can be stored, and for how long the answer may be no.
const LOOK: Duration = Duration::from_secs(2);
const PATIENCE: Duration = Duration::from_mins(2);

/// Says once that the run waits, and once that it goes on. Completes when it has waited for long enough, with the reason.
async fn patience(ready: impl AsyncFn() -> Result<Value, Error>) -> String {
    let mut waits: Option<Instant> = None;
    let mut is_said = false;
    loop {
        sleep(LOOK).await;
        let Err(error) = ready().await else {
            if is_said {
                say("something can be stored again; the run goes on");
            }
            (waits, is_said) = (None, false);
            continue;
        };
        let code = error.problem().map_or("", |problem| problem.code.as_str());
        let why = reason(code);
        let began = *waits.get_or_insert_with(Instant::now);
        if began.elapsed() >= PATIENCE {
            return format!("gave up after {} s: {why}", PATIENCE.as_secs());
        }
        // A writer that is busy for a moment is nothing to talk about.
        if !is_said && (code == FULL || began.elapsed() > LOOK) {
            is_said = true;
            say(&format!("waiting, for {} s at most: {why}", PATIENCE.as_secs()));
        }
    }
}

const FULL: &str = "STORAGE_FULL";

fn reason(code: &str) -> &'static str {
    if code == FULL {
        "there is no room left to store anything in; make room"
    } else {
        "the database takes no write"
    }
}

/// To a person, if somebody listens still: a terminal that is gone is no reason to fail.
fn say(line: &str) {
    let _gone = writeln!(std::io::stderr().lock(), "{}", plain(line));
}

#[cfg(test)]
mod tests {
    use wire::problem::Problem;

    use super::*;

    fn full() -> Error {
        Error::Problem(Box::new(Problem {
            kind: "/errors/unavailable".to_owned(),
            title: "Service Unavailable".to_owned(),
            status: 503,
            detail: String::new(),
            instance: "/requests/r".to_owned(),
            code: FULL.to_owned(),
            request_id: "r".to_owned(),
            errors: Vec::new(),
        }))
    }

    #[tokio::test(start_paused = true)]
    async fn who_waits_for_room_is_not_waited_for_without_end() {
        let began = Instant::now();
        let why = patience(async || Err(full())).await;
        assert!(why.contains("no room left"), "{why}");
        assert!(began.elapsed() < PATIENCE + 3 * LOOK, "{:?}", began.elapsed());
    }

    #[tokio::test(start_paused = true)]
    async fn room_that_comes_back_begins_the_count_anew() {
        let began = Instant::now();
        let ready = async || {
            let is_once = began.elapsed() > PATIENCE / 2 && began.elapsed() < PATIENCE / 2 + 2 * LOOK;
            if is_once { Ok(Value::Null) } else { Err(full()) }
        };
        patience(ready).await;
        assert!(began.elapsed() > PATIENCE * 3 / 2, "{:?}", began.elapsed());
    }
}
