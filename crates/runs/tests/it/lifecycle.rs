//! From submit to the end.

use kernel::Seed;
use runs::{RunState, Submit, SubmitError};
use test_support::on_both_databases;
use wire::runs::AttemptOutcome;

use crate::support::{Fixture, Script, ScriptKind, TENANT, kinds};

on_both_databases! {
    async fn a_run_that_completes_has_its_metrics_and_a_valid_stream(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.run(Script::Count(3)).await;
        assert_eq!(run.state, RunState::Succeeded);
        let frames = fixture.frames(run.id).await;
        assert_eq!(
            kinds(&frames),
            ["run.opened", "attempt.started", "progress", "progress", "progress", "artifact.created", "final"]
        );
        let artifacts = runs::artifacts(&fixture.db.db.read, &run).await.unwrap();
        assert_eq!(artifacts.iter().map(|a| a.name.as_str()).collect::<Vec<_>>(), ["metrics"]);
        assert_eq!(fixture.store.reader().get(&artifacts[0].digest).await.unwrap(), r#"{"answer":42}"#);
        let found = runs::artifact(&fixture.db.db.read, TENANT, artifacts[0].id).await.unwrap();
        assert_eq!(found.as_ref(), Some(&artifacts[0]));
    }

    async fn a_retryable_failure_is_tried_again_and_every_attempt_is_on_record(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.run(Script::FailFirst(2)).await;
        assert_eq!((run.state, run.attempt), (RunState::Succeeded, 3));
        let attempts = runs::attempts(&fixture.db.db.read, &run).await.unwrap();
        let outcomes: Vec<_> = attempts.iter().map(|a| a.outcome.unwrap()).collect();
        assert_eq!(outcomes, [AttemptOutcome::Retried, AttemptOutcome::Retried, AttemptOutcome::Succeeded]);
        assert_eq!(attempts[0].error.as_ref().unwrap().code, "SCRIPTED");
        let started = fixture.frames(run.id).await.iter().filter(|f| f.kind() == "attempt.started").count();
        assert_eq!(started, 3);
    }

    async fn exhausted_attempts_are_dead_lettered_and_permanent_errors_fail_at_once(db: TestDb) {
        let fixture = Fixture::started(db);
        let exhausted = fixture.run(Script::FailFirst(9)).await;
        assert_eq!((exhausted.state, exhausted.attempt), (RunState::Failed, 3));
        assert!(exhausted.is_dead_letter);
        let permanent = fixture.run(Script::FailForGood).await;
        assert_eq!((permanent.state, permanent.attempt), (RunState::Failed, 1));
        assert!(!permanent.is_dead_letter);
        assert_eq!(permanent.problem.unwrap().code, "SCRIPTED");
        assert_eq!(kinds(&fixture.frames(permanent.id).await).last(), Some(&"error"));
    }

    async fn a_panic_fails_the_run_and_harms_no_other(db: TestDb) {
        let fixture = Fixture::started(db);
        let (panicked, other) = tokio::join!(fixture.run(Script::Panic), fixture.run(Script::Count(1)));
        assert_eq!(panicked.state, RunState::Failed);
        assert_eq!(panicked.problem.unwrap().code, "RUN_PANICKED");
        assert_eq!(other.state, RunState::Succeeded);
    }

    async fn a_frame_outside_the_contract_is_never_stored_and_fails_its_run(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.run(Script::BadFrame).await;
        assert_eq!((run.state, run.attempt), (RunState::Failed, 1));
        assert_eq!(run.problem.unwrap().code, "RUN_STOPPED");
        assert_eq!(
            kinds(&fixture.frames(run.id).await),
            ["run.opened", "attempt.started", "artifact.created", "error"]
        );
    }

    async fn an_idempotency_key_returns_the_first_run_and_refuses_another_request(db: TestDb) {
        let fixture = Fixture::started(db);
        let keyed = |script| Submit {
            idempotency_key: Some("k1".to_owned()),
            ..Submit::new("keyed", Seed(1), script)
        };
        let submit = |script| fixture.engine.submit::<ScriptKind>(TENANT, keyed(script));
        let (first, again) = tokio::join!(submit(Script::Count(1)), submit(Script::Count(1)));
        let first = first.unwrap();
        assert_eq!(again.unwrap(), first);
        let other = submit(Script::Count(2)).await;
        assert!(matches!(other, Err(SubmitError::KeyReused { earlier }) if earlier == first), "{other:?}");
    }

    async fn an_exclusive_key_admits_one_active_run_at_a_time(db: TestDb) {
        let fixture = Fixture::started(db);
        let exclusive = || Submit {
            exclusive_key: Some("demo".to_owned()),
            ..Submit::new("exclusive", Seed(1), Script::UntilCancelled)
        };
        let submit = || fixture.engine.submit::<ScriptKind>(TENANT, exclusive());
        let (a, b) = tokio::join!(submit(), submit());
        let (winner, loser) = if let Ok(id) = a { (id, b) } else { (b.unwrap(), a) };
        assert!(matches!(loser, Err(SubmitError::Exclusive { holder }) if holder == winner), "{loser:?}");
        fixture.engine.cancel(TENANT, winner).await.unwrap();
        submit().await.unwrap();
    }
}
