//! Crashes, lost leases and shutdown.

use std::time::Duration;

use kernel::{Clock, SystemClock};
use runs::RunState;
use sea_orm::{ConnectionTrait, Statement};
use test_support::{TestDb, on_both_databases};
use wire::runs::AttemptOutcome;

use crate::support::{Fixture, Script, TENANT, config, kinds};

/// Puts a run into the state a killed worker leaves: running, lease expired.
async fn strand(fixture: &Fixture, losses: u32, lease_until_us: i64) -> kernel::RunId {
    let id = fixture.submit(Script::Count(2)).await;
    let sql = format!(
        "UPDATE run SET state = 'running', attempt = 1, losses = {losses}, fence = fence + 1, lease_owner = 'gone',
            lease_until_us = {lease_until_us}, lease_us = 600000, started_us = 1"
    );
    fixture.execute(&sql).await.unwrap();
    id
}

/// Whether the lease of the one run has run out, as any other worker would see it.
async fn lease_is_over(read: &kernel::ReadDb) -> bool {
    let sql = Statement::from_string(read.backend(), "SELECT lease_until_us FROM run");
    let row = read.conn().query_one_raw(sql).await.unwrap().unwrap();
    row.try_get_by_index::<Option<i64>>(0).unwrap().is_some_and(|until_us| until_us < SystemClock.now_us())
}

on_both_databases! {
    async fn a_run_whose_worker_vanished_is_run_again(db: TestDb) {
        let fixture = Fixture::new(db);
        let id = strand(&fixture, 0, 1).await;
        fixture.engine.start();
        let run = fixture.engine.settled(TENANT, id).await.unwrap();
        assert_eq!((run.state, run.attempt), (RunState::Succeeded, 2));
        fixture.frames(id).await;
    }

    async fn a_worker_that_could_not_renew_its_lease_is_not_said_to_have_vanished(db: TestDb) {
        let fixture = Fixture::new(db);
        let id = strand(&fixture, 0, 1).await;
        let attempt = "INSERT INTO run_attempt (run_id, number, worker, started_us)
             SELECT id, 1, 'worker-1', 1 FROM run";
        fixture.execute(attempt).await.unwrap();
        fixture.execute("UPDATE run SET lease_owner = 'worker-1'").await.unwrap();
        fixture.engine.start();
        let run = fixture.engine.settled(TENANT, id).await.unwrap();
        assert_eq!((run.state, run.attempt), (RunState::Succeeded, 2));
        let attempts = runs::attempts(&fixture.db.db.read, &run).await.unwrap();
        assert_eq!(attempts[0].error.as_ref().unwrap().code, "LEASE_EXPIRED");
    }

    async fn a_run_whose_last_worker_vanished_fails_and_says_so(db: TestDb) {
        let fixture = Fixture::new(db);
        let id = strand(&fixture, 10, 1).await;
        fixture.engine.start();
        let run = fixture.engine.settled(TENANT, id).await.unwrap();
        assert_eq!(run.state, RunState::Failed);
        assert!(run.is_dead_letter);
        assert_eq!(run.problem.unwrap().code, "WORKER_LOST");
        fixture.frames(id).await;
    }

    async fn a_clock_that_was_set_back_leaves_no_run_behind(db: TestDb) {
        let fixture = Fixture::new(db);
        // The crashed worker's clock was an hour ahead.
        let id = strand(&fixture, 0, SystemClock.now_us() + 3_600_000_000).await;
        fixture.engine.start();
        let run = fixture.engine.settled(TENANT, id).await.unwrap();
        assert_eq!((run.state, run.attempt), (RunState::Succeeded, 2));
    }

    async fn a_run_whose_worker_vanished_is_cancelled_without_any_worker(db: TestDb) {
        let fixture = Fixture::new(db);
        let id = strand(&fixture, 0, 1).await;
        let run = fixture.engine.cancel(TENANT, id).await.unwrap();
        assert_eq!(run.state, RunState::Cancelled);
        assert_eq!(kinds(&fixture.frames(id).await), ["run.opened", "artifact.created", "final"]);
    }

    async fn any_number_of_clean_stops_later_a_run_finishes(db: TestDb) {
        let mut fixture = Fixture::started(db);
        let id = fixture.submit(Script::Deaf).await;
        for stop in 1..=5 {
            fixture.reached(id, |run| run.state == RunState::Running).await;
            fixture.engine.shutdown(Duration::ZERO).await;
            fixture = Fixture::with(fixture.db, config(&format!("worker-{stop}-after")));
            fixture.engine.start();
        }
        fixture.reached(id, |run| run.state == RunState::Running).await;
        fixture.go.notify_one();
        let run = fixture.engine.settled(TENANT, id).await.unwrap();
        assert_eq!((run.state, run.attempt, run.losses), (RunState::Succeeded, 6, 0));
    }

    async fn an_attempt_that_got_something_done_does_not_count_as_lost(db: TestDb) {
        let fixture = Fixture::started(db);
        let id = fixture.submit(Script::Steps(30)).await;
        for step in 1..=30 {
            fixture.reached_step(id, step).await;
            // The next execution begins with the next step.
            if step % 2 == 0 && step < 30 {
                fixture.lose(id).await;
            } else {
                fixture.free.send_replace(step);
            }
        }
        let run = fixture.engine.settled(TENANT, id).await.unwrap();
        assert_eq!((run.state, run.attempt, run.losses), (RunState::Succeeded, 15, 1));
        let steps = fixture.frames(id).await.iter().filter(|frame| frame.kind() == "step.completed").count();
        assert_eq!(steps, 30, "a recorded step is not done again");
    }

    async fn a_damaged_run_keeps_no_other_from_its_turn(db: TestDb) {
        let fixture = Fixture::new(db);
        let mut damaged = Vec::new();
        for sql in [
            "UPDATE ledger SET is_closed = TRUE",
            "UPDATE run SET attempt = 2000000000, fence = 9000000000000000000",
        ] {
            let id = fixture.submit(Script::Count(1)).await;
            let hit = format!("{sql} WHERE {}", fixture.is(if sql.contains("ledger") { "run_id" } else { "id" }, id));
            fixture.execute(&hit).await.unwrap();
            damaged.push(id);
        }
        let healthy = fixture.submit(Script::Count(1)).await;
        fixture.engine.start();
        assert_eq!(fixture.engine.settled(TENANT, healthy).await.unwrap().state, RunState::Succeeded);
        let first = fixture.reached(damaged[0], |run| run.is_dead_letter).await;
        assert_eq!((first.state, first.problem.unwrap().code.as_str()), (RunState::Queued, "RUN_DAMAGED"));
        let abandoned = fixture.engine.abandon(TENANT, damaged[0], "its record is damaged").await.unwrap();
        assert_eq!((abandoned.state, abandoned.problem.unwrap().code.as_str()), (RunState::Failed, "RUN_ABANDONED"));
    }

    async fn an_engine_of_one_run_leaves_all_others_alone(db: TestDb) {
        let fixture = Fixture::new(db);
        let other = fixture.submit(Script::Count(1)).await;
        let own = fixture.submit(Script::Family(vec![Script::Count(1)])).await;
        fixture.engine.start_only(own);
        assert_eq!(fixture.engine.settled(TENANT, own).await.unwrap().state, RunState::Succeeded);
        assert_eq!(fixture.found(other).await.state, RunState::Queued);
    }

    async fn a_shutdown_hands_an_unfinished_run_to_the_next_worker(db: TestDb) {
        let first = Fixture::started(db);
        let id = first.submit(Script::Deaf).await;
        first.saw(id, "attempt.started").await;
        first.engine.shutdown(Duration::from_millis(10)).await;
        assert_eq!(first.engine.active_runs(), 0);
        let second = Fixture::with(first.db, config("worker-2"));
        second.engine.start();
        second.go.notify_one();
        let run = second.engine.settled(TENANT, id).await.unwrap();
        assert_eq!(run.state, RunState::Succeeded);
        let attempts = runs::attempts(&second.db.db.read, &run).await.unwrap();
        assert_eq!(attempts[0].outcome, Some(AttemptOutcome::Released));
        assert_eq!((run.failures, run.losses), (0, 0));
        assert_eq!((attempts[0].worker.as_str(), attempts[1].worker.as_str()), ("worker-1", "worker-2"));
        second.frames(id).await;
    }

    async fn a_worker_that_lost_its_lease_can_neither_append_nor_end(db: TestDb) {
        let fixture = Fixture::started(db);
        let id = fixture.submit(Script::Deaf).await;
        fixture.saw(id, "attempt.started").await;
        // Another worker takes over behind its back: the token moves on.
        let takeover = "UPDATE run SET fence = fence + 1; UPDATE ledger SET fence = fence + 1";
        fixture
            .db
            .db
            .write
            .write("take over", async |tx| tx.execute_unprepared(takeover).await)
            .await
            .unwrap();
        fixture.go.notify_one();
        // The old worker gives up; the lease it no longer renews runs out, and the sweep queues the run again.
        fixture.go.notify_one();
        let run = loop {
            fixture.go.notify_one();
            let settled = fixture.engine.settled(TENANT, id);
            if let Ok(run) = tokio::time::timeout(Duration::from_millis(50), settled).await {
                break run.unwrap();
            }
        };
        assert_eq!((run.state, run.attempt), (RunState::Succeeded, 2));
        fixture.frames(id).await;
    }

    async fn a_writer_that_is_busy_for_longer_than_a_lease_costs_no_run_its_lease(db: TestDb) {
        let fixture = Fixture::started(db);
        let id = fixture.submit(Script::Deaf).await;
        fixture.saw(id, "attempt.started").await;
        let db = &fixture.db.db;
        db.write
            .write("keep busy", async |tx| {
                tx.execute_unprepared("UPDATE run SET priority = priority").await?;
                while !lease_is_over(&db.read).await {
                    tokio::task::yield_now().await;
                }
                Ok::<_, sea_orm::DbErr>(())
            })
            .await
            .unwrap();
        fixture.go.notify_one();
        let run = fixture.engine.settled(TENANT, id).await.unwrap();
        assert_eq!((run.state, run.attempt), (RunState::Succeeded, 1));
    }

    async fn many_workers_never_run_a_run_twice(db: TestDb) {
        let first = Fixture::started(db);
        let second = Fixture::with(test_db_twin(&first), config("worker-2"));
        second.engine.start();
        let mut ids = Vec::new();
        for n in 0..12 {
            ids.push(first.submit(Script::Count(n)).await);
        }
        for id in ids {
            let run = first.engine.settled(TENANT, id).await.unwrap();
            assert_eq!((run.state, run.attempt), (RunState::Succeeded, 1));
            first.frames(id).await;
        }
    }
}

/// A second opening of the same database.
fn test_db_twin(fixture: &Fixture) -> TestDb {
    fixture.db.twin()
}
