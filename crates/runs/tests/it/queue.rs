//! The queue: priorities, keys, conversations, and what an operator does.

use kernel::{ConversationId, Seed, Tenant, TenantId};
use runs::{Filter, Listed, OperateError, RunState, Submit, SubmitError};
use test_support::on_both_databases;

use crate::support::{Fixture, Script, ScriptKind, TENANT};

fn submission(script: Script) -> Submit<Script> {
    Submit::new("queued", Seed(1), script)
}

on_both_databases! {
    async fn higher_priorities_are_taken_first(db: TestDb) {
        let one_slot = runs::Config { max_running: 1, ..crate::support::config("worker-1") };
        let fixture = Fixture::with(db, one_slot);
        let mut ids = Vec::new();
        for priority in [0, -5, 7] {
            let submit = Submit { priority, ..submission(Script::Count(1)) };
            ids.push(fixture.engine.submit::<ScriptKind>(TENANT, submit).await.unwrap());
        }
        fixture.engine.start();
        let mut started = Vec::new();
        for id in ids {
            started.push(fixture.engine.settled(TENANT, id).await.unwrap().started_at);
        }
        assert!(started[2] < started[0] && started[0] < started[1], "{started:?}");
    }

    async fn a_dedup_key_returns_the_active_run_and_frees_itself(db: TestDb) {
        let fixture = Fixture::started(db);
        let submit = || Submit { dedup_key: Some("d".to_owned()), ..submission(Script::UntilCancelled) };
        let first = fixture.engine.submit::<ScriptKind>(TENANT, submit()).await.unwrap();
        assert_eq!(fixture.engine.submit::<ScriptKind>(TENANT, submit()).await.unwrap(), first);
        fixture.engine.cancel(TENANT, first).await.unwrap();
        assert_ne!(fixture.engine.submit::<ScriptKind>(TENANT, submit()).await.unwrap(), first);
    }

    async fn a_tenant_has_so_many_active_runs_and_the_end_of_one_makes_room(db: TestDb) {
        let fixture = Fixture::with(db, runs::Config { max_open_runs: 2, ..crate::support::config("worker-1") });
        fixture.engine.start();
        let submit = || submission(Script::UntilCancelled);
        let mine = async |tenant| fixture.engine.submit::<ScriptKind>(tenant, submit()).await;
        let first = mine(TENANT).await.unwrap();
        let keyed = || Submit { idempotency_key: Some("k".to_owned()), ..submit() };
        let second = fixture.engine.submit::<ScriptKind>(TENANT, keyed()).await.unwrap();
        let refused = mine(TENANT).await.unwrap_err();
        assert!(matches!(refused, SubmitError::TooManyOpen { limit: 2 }), "{refused:?}");
        // What is there already is no new one, what a run starts is its own, and another tenant has its own room.
        assert_eq!(fixture.engine.submit::<ScriptKind>(TENANT, keyed()).await.unwrap(), second);
        let child = Submit { parent: Some(first), ..submit() };
        fixture.engine.submit::<ScriptKind>(TENANT, child).await.unwrap();
        let stranger = Tenant::verified(TenantId(uuid::Uuid::from_u128(99)));
        let theirs = mine(stranger).await.unwrap();
        fixture.engine.cancel(TENANT, second).await.unwrap();
        let third = mine(TENANT).await.unwrap();
        for (tenant, run) in [(TENANT, first), (TENANT, third), (stranger, theirs)] {
            fixture.engine.cancel(tenant, run).await.unwrap();
        }
    }

    async fn a_run_joins_only_a_conversation_of_its_own_tenant(db: TestDb) {
        let fixture = Fixture::started(db);
        let (write, clock) = (&fixture.db.db.write, kernel::SystemClock);
        let stranger = Tenant::verified(TenantId(uuid::Uuid::from_u128(99)));
        let theirs = runs::open_conversation(write, &clock, stranger, "theirs").await.unwrap().conversation_id;
        let unknown = ConversationId(uuid::Uuid::from_u128(5));
        for id in [theirs, unknown] {
            let submit = Submit { conversation_id: Some(id), ..submission(Script::Count(1)) };
            let refused = fixture.engine.submit::<ScriptKind>(TENANT, submit).await;
            assert!(matches!(refused, Err(SubmitError::UnknownConversation(found)) if found == id), "{refused:?}");
        }
        let ours = runs::open_conversation(write, &clock, TENANT, "ours").await.unwrap();
        for _ in 0..2 {
            let submit = Submit { conversation_id: Some(ours.conversation_id), ..submission(Script::Count(1)) };
            fixture.engine.submit::<ScriptKind>(TENANT, submit).await.unwrap();
        }
        let alone = fixture.run(Script::Count(1)).await;
        assert_ne!(alone.conversation_id, ours.conversation_id);
        let filter = Filter { conversation_id: Some(ours.conversation_id), ..Filter::default() };
        assert_eq!(runs::list(&fixture.db.db.read, TENANT, &filter, None, 10).await.unwrap().len(), 2);
        let listed = runs::conversations(&fixture.db.db.read, TENANT, None, 10).await.unwrap();
        assert_eq!(listed.len(), 2);
        assert!(listed.contains(&ours));
    }

    async fn a_dead_letter_is_found_run_again_as_a_new_run_and_stays(db: TestDb) {
        let fixture = Fixture::started(db);
        let failed = fixture.run(Script::FailFirst(9)).await;
        let filter = Filter { is_dead_letter: Some(true), ..Filter::default() };
        let letters = runs::list(&fixture.db.db.read, TENANT, &filter, None, 10).await.unwrap();
        assert_eq!(letters.iter().map(Listed::id).collect::<Vec<_>>(), [failed.id]);
        let again = fixture.engine.requeue(TENANT, failed.id).await.unwrap();
        let run = fixture.engine.settled(TENANT, again).await.unwrap();
        assert_eq!((run.retry_of, run.conversation_id), (Some(failed.id), failed.conversation_id));
        assert_eq!((run.spec, run.seed), (failed.spec, failed.seed));
        assert_eq!(fixture.found(failed.id).await.state, RunState::Failed);
    }

    async fn only_what_goes_on_by_itself_no_more_is_requeued_or_given_up(db: TestDb) {
        let fixture = Fixture::new(db);
        let queued = fixture.submit(Script::Deaf).await;
        let refused = fixture.engine.requeue(TENANT, queued).await;
        assert!(matches!(refused, Err(OperateError::NotEnded { .. })), "{refused:?}");
        let given_up = fixture.engine.abandon(TENANT, queued, "nobody needs it").await.unwrap();
        assert_eq!((given_up.state, given_up.problem.unwrap().message.as_str()), (RunState::Failed, "nobody needs it"));
        fixture.frames(queued).await;
        fixture.engine.start();
        let running = fixture.submit(Script::Deaf).await;
        fixture.reached(running, |run| run.state == RunState::Running).await;
        let refused = fixture.engine.abandon(TENANT, running, "x").await;
        assert!(matches!(refused, Err(OperateError::Running(_))), "{refused:?}");
    }

    async fn every_end_has_metrics_that_say_how_far_it_came(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.run(Script::FailForGood).await;
        let artifacts = runs::artifacts(&fixture.db.db.read, &run).await.unwrap();
        let metrics = fixture.store.reader().get(&artifacts[0].digest).await.unwrap();
        let metrics: serde_json::Value = serde_json::from_slice(&metrics).unwrap();
        assert_eq!((&metrics["status"], &metrics["error"]["code"]), (&"failed".into(), &"SCRIPTED".into()));
        assert_eq!((&metrics["attempts"], &metrics["steps_done"]), (&1.into(), &0.into()));
    }
}
