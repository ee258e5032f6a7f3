//! Every way an attempt can end, through the engine that writes it: each is one that verification knows.

use std::collections::BTreeSet;
use std::time::Duration;

use kernel::RunId;
use runs::RunState;
use test_support::{TestDb, on_both_databases};
use wire::runs::AttemptOutcome;

use crate::support::{Fixture, Script, TENANT, config};

type Ends = BTreeSet<(&'static str, Option<String>)>;

/// The run verifies; how its attempts ended.
async fn ends(fixture: &Fixture, run: RunId) -> Ends {
    let found = fixture.found(run).await;
    assert!(found.state.is_terminal(), "{found:?}");
    fixture.verified(run).await;
    let attempts = runs::attempts(&fixture.db.db.read, &found).await.unwrap();
    let end = |attempt: wire::runs::Attempt| {
        (attempt.outcome.unwrap().as_str(), attempt.error.map(|error| error.code))
    };
    attempts.into_iter().map(end).collect()
}

/// What a process that was killed leaves of a run that it worked on, after as many attempts that were lost before.
async fn strand(fixture: &Fixture, lost_before: u32) -> RunId {
    let id = fixture.submit(Script::Deaf).await;
    let attempts = lost_before + 1;
    fixture
        .execute(&format!(
            "UPDATE run SET state = 'running', attempt = {attempts}, losses = {lost_before}, fence = {attempts},
                lease_owner = 'gone', lease_until_us = 1, lease_us = 600000, started_us = created_us"
        ))
        .await
        .unwrap();
    for number in 1..=attempts {
        let ended = if number == attempts {
            "NULL, NULL, NULL, NULL"
        } else {
            "created_us, 'lost', 'WORKER_LOST', 'worker gone vanished'"
        };
        let sql = format!(
            "INSERT INTO run_attempt (run_id, number, worker, started_us, ended_us, outcome, error_code, error_message)
             SELECT id, {number}, 'gone', created_us, {ended} FROM run"
        );
        fixture.execute(&sql).await.unwrap();
    }
    id
}

/// A run that was at work, and whose worker stopped cleanly; the fixture has another, which is not started.
async fn released(db: TestDb, script: Script) -> (Fixture, RunId) {
    let first = Fixture::started(db);
    let id = first.submit(script).await;
    first.saw(id, "attempt.started").await;
    first.engine.shutdown(Duration::ZERO).await;
    (Fixture::with(first.db, config("worker-2")), id)
}

/// Lets the one run, which a deaf kind holds, go on until it has ended.
async fn let_go(fixture: &Fixture, id: RunId) {
    let mut settled = Box::pin(fixture.engine.settled(TENANT, id));
    loop {
        fixture.go.notify_one();
        if let Ok(run) = tokio::time::timeout(Duration::from_millis(20), &mut settled).await {
            run.unwrap();
            return;
        }
    }
}

on_both_databases! {
    async fn ends_of_a_living_worker_verify(db: TestDb) {
        let fixture = Fixture::started(db);
        let mut seen = Ends::new();
        for script in [
            Script::Count(1), Script::FailFirst(1), Script::FailFirst(9), Script::FailForGood, Script::Panic,
            Script::BadFrame,
        ] {
            let id = fixture.submit(script).await;
            fixture.engine.settled(TENANT, id).await.unwrap();
            seen.extend(ends(&fixture, id).await);
        }
        let id = fixture.submit(Script::UntilCancelled).await;
        fixture.saw(id, "progress").await;
        fixture.engine.cancel(TENANT, id).await.unwrap();
        seen.extend(ends(&fixture, id).await);
        let outcomes: BTreeSet<&str> = seen.iter().map(|(outcome, _)| *outcome).collect();
        assert_eq!(outcomes, BTreeSet::from(["cancelled", "failed", "retried", "succeeded"]), "{seen:?}");
    }

    async fn a_run_goes_on_after_a_lease_that_was_not_renewed_and_verifies(db: TestDb) {
        let fixture = Fixture::started(db);
        let id = fixture.submit(Script::Deaf).await;
        fixture.saw(id, "attempt.started").await;
        // What the worker sees when nothing could be stored for longer than its lease.
        fixture.execute("UPDATE run SET fence = fence + 1, lease_until_us = 1").await.unwrap();
        fixture.reached(id, |run| run.attempt == 2).await;
        let_go(&fixture, id).await;
        let lost = ("lost", Some("LEASE_EXPIRED".to_owned()));
        assert_eq!(ends(&fixture, id).await, Ends::from([lost, ("succeeded", None)]));
    }

    async fn a_run_that_was_lost_too_often_verifies_whoever_lost_it(db: TestDb) {
        let fixture = Fixture::new(db);
        let id = strand(&fixture, 10).await;
        fixture.execute("UPDATE run SET lease_owner = 'worker-1'").await.unwrap();
        fixture.engine.start();
        fixture.engine.settled(TENANT, id).await.unwrap();
        let expected = ["LEASE_EXPIRED", "WORKER_LOST"].map(|code| ("lost", Some(code.to_owned())));
        assert_eq!(ends(&fixture, id).await, Ends::from(expected));
        assert!(fixture.found(id).await.is_dead_letter);
    }

    async fn a_run_that_an_ended_process_left_behind_verifies(db: TestDb) {
        let fixture = Fixture::new(db);
        let id = strand(&fixture, 10).await;
        fixture.engine.start();
        fixture.engine.settled(TENANT, id).await.unwrap();
        assert_eq!(ends(&fixture, id).await, Ends::from([("lost", Some("WORKER_LOST".to_owned()))]));
    }

    async fn a_lost_run_that_nobody_takes_up_is_cancelled_and_verifies(db: TestDb) {
        let fixture = Fixture::new(db);
        let id = strand(&fixture, 0).await;
        assert_eq!(fixture.engine.cancel(TENANT, id).await.unwrap().state, RunState::Cancelled);
        assert_eq!(ends(&fixture, id).await, Ends::from([("cancelled", None)]));
    }

    async fn a_run_that_was_handed_back_verifies_however_it_ends(db: TestDb) {
        let (fixture, cancelled) = released(db, Script::Deaf).await;
        fixture.engine.cancel(TENANT, cancelled).await.unwrap();
        assert_eq!(ends(&fixture, cancelled).await, Ends::from([("released", None)]));
        let (fixture, abandoned) = released(fixture.db, Script::Deaf).await;
        fixture.engine.abandon(TENANT, abandoned, "nobody waits for it").await.unwrap();
        assert_eq!(ends(&fixture, abandoned).await, Ends::from([("released", None)]));
        let (fixture, finished) = released(fixture.db, Script::Deaf).await;
        fixture.engine.start();
        let_go(&fixture, finished).await;
        assert_eq!(ends(&fixture, finished).await, Ends::from([("released", None), ("succeeded", None)]));
    }

    async fn a_parked_run_that_is_given_up_or_cancelled_verifies(db: TestDb) {
        let fixture = Fixture::started(db);
        let abandoned = fixture.submit(Script::Ask).await;
        fixture.reached(abandoned, |run| run.state == RunState::Waiting).await;
        fixture.engine.abandon(TENANT, abandoned, "nobody answers").await.unwrap();
        let failed = ("failed", Some("RUN_ABANDONED".to_owned()));
        assert_eq!(ends(&fixture, abandoned).await, Ends::from([failed]));
        let cancelled = fixture.submit(Script::Ask).await;
        fixture.reached(cancelled, |run| run.state == RunState::Waiting).await;
        fixture.engine.cancel(TENANT, cancelled).await.unwrap();
        assert_eq!(ends(&fixture, cancelled).await, Ends::from([("cancelled", None)]));
    }
}

#[test]
fn every_outcome_is_walked_above() {
    let walked = ["succeeded", "failed", "cancelled", "retried", "lost", "released"];
    let all: Vec<&str> = AttemptOutcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
    assert_eq!(all, walked);
}
