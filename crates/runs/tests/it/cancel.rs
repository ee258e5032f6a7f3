//! Cancelling.

use std::time::Duration;

use kernel::{RunId, Tenant, TenantId};
use runs::{CancelError, RunState};
use test_support::on_both_databases;

use crate::support::{Fixture, Script, TENANT, config, kinds};

on_both_databases! {
    async fn a_cancelled_run_keeps_its_finished_parts(db: TestDb) {
        let fixture = Fixture::started(db);
        let id = fixture.submit(Script::UntilCancelled).await;
        fixture.saw(id, "progress").await;
        let run = fixture.engine.cancel(TENANT, id).await.unwrap();
        assert_eq!(run.state, RunState::Cancelled);
        let names: Vec<_> = runs::artifacts(&fixture.db.db.read, &run).await.unwrap();
        assert!(names.iter().any(|a| a.name == "part"));
        assert_eq!(kinds(&fixture.frames(id).await).last(), Some(&"final"));
        let again = fixture.engine.cancel(TENANT, id).await;
        assert!(matches!(again, Err(CancelError::AlreadyTerminal { .. })), "{again:?}");
    }

    async fn a_queued_run_is_cancelled_at_once_with_an_honest_stream(db: TestDb) {
        let fixture = Fixture::new(db);
        let id = fixture.submit(Script::Count(1)).await;
        let run = fixture.engine.cancel(TENANT, id).await.unwrap();
        assert_eq!((run.state, run.attempt), (RunState::Cancelled, 0));
        assert_eq!(kinds(&fixture.frames(id).await), ["run.opened", "artifact.created", "final"]);
    }

    async fn a_run_that_was_at_work_and_is_queued_again_is_ended_by_its_kind(db: TestDb) {
        let first = Fixture::started(db);
        let id = first.submit(Script::UntilCancelled).await;
        first.saw(id, "progress").await;
        first.engine.shutdown(Duration::ZERO).await;
        let second = Fixture::with(first.db, config("worker-2"));
        // Far in the future: a stop waits for no back-off.
        second.execute("UPDATE run SET not_before_us = not_before_us + 500000000").await.unwrap();
        second.engine.start();
        let run = second.engine.cancel(TENANT, id).await.unwrap();
        assert_eq!((run.state, run.attempt), (RunState::Cancelled, 2));
        let artifacts = runs::artifacts(&second.db.db.read, &run).await.unwrap();
        assert!(artifacts.iter().any(|artifact| artifact.name == "part"), "{artifacts:?}");
        second.frames(id).await;
    }

    async fn a_run_that_does_not_listen_times_out_and_the_request_stays_in_force(db: TestDb) {
        let fixture = Fixture::started(db);
        let id = fixture.submit(Script::Deaf).await;
        fixture.saw(id, "attempt.started").await;
        let slow = fixture.engine.cancel(TENANT, id).await;
        assert!(matches!(slow, Err(CancelError::Timeout(run)) if run == id), "{slow:?}");
        let asked = runs::find(&fixture.db.db.read, TENANT, id).await.unwrap().unwrap();
        assert!(asked.cancel_requested_at.is_some());
        fixture.go.notify_one();
        assert_eq!(fixture.engine.settled(TENANT, id).await.unwrap().state, RunState::Succeeded);
    }

    async fn unknown_and_foreign_runs_are_not_found(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.run(Script::Count(1)).await;
        let stranger = Tenant::verified(TenantId(uuid::Uuid::from_u128(99)));
        for (tenant, id) in [(stranger, run.id), (TENANT, RunId(uuid::Uuid::from_u128(5)))] {
            let answer = fixture.engine.cancel(tenant, id).await;
            assert!(matches!(answer, Err(CancelError::NotFound(_))), "{answer:?}");
            assert!(runs::find(&fixture.db.db.read, tenant, id).await.unwrap().is_none());
        }
    }
}
