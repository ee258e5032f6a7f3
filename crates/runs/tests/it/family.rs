//! Parents, children and parking.

use std::time::Duration;

use frames::Decision;
use runs::{CancelError, DecideError, RunState, SubmitError};
use test_support::on_both_databases;
use wire::runs::WaitsFor;

use crate::support::{Fixture, Script, TENANT, config, kinds};

on_both_databases! {
    async fn a_parent_ends_after_its_children_and_they_share_its_conversation(db: TestDb) {
        let fixture = Fixture::started(db);
        let parent = fixture.run(Script::Family(vec![Script::Count(1), Script::Count(2)])).await;
        assert_eq!((parent.state, parent.attempt), (RunState::Succeeded, 1));
        let children = fixture.children(parent.id).await;
        assert_eq!(children.len(), 2, "a second execution starts no child again");
        for child in children {
            assert_eq!(child.state, RunState::Succeeded);
            assert_eq!((child.root_run_id, child.conversation_id), (parent.id, parent.conversation_id));
            assert!(child.ended_at <= parent.ended_at);
        }
        let frames = fixture.frames(parent.id).await;
        assert_eq!(kinds(&frames), ["run.opened", "attempt.started", "artifact.created", "final"]);
    }

    async fn waiting_parents_hold_no_slot(db: TestDb) {
        let one_slot = runs::Config { max_running: 1, ..config("worker-1") };
        let fixture = Fixture::with(db, one_slot);
        let mut parents = Vec::new();
        for _ in 0..20 {
            parents.push(fixture.submit(Script::Family(vec![Script::Family(vec![Script::Count(1)])])).await);
        }
        fixture.engine.start();
        for parent in parents {
            assert_eq!(fixture.engine.settled(TENANT, parent).await.unwrap().state, RunState::Succeeded);
        }
    }

    async fn cancelling_a_parent_cancels_its_children_and_waits_for_them(db: TestDb) {
        let fixture = Fixture::started(db);
        let script = Script::Family(vec![Script::UntilCancelled, Script::Family(vec![Script::UntilCancelled])]);
        let parent = fixture.submit(script).await;
        fixture.reached(parent, |run| run.state == RunState::Waiting).await;
        let [first, second] = &fixture.children(parent).await[..] else { panic!("two children") };
        fixture.reached(second.id, |run| run.state == RunState::Waiting).await;
        let grandchild = fixture.children(second.id).await[0].id;
        for worker in [first.id, grandchild] {
            fixture.saw(worker, "progress").await;
        }
        let cancelled = fixture.engine.cancel(TENANT, parent).await.unwrap();
        assert_eq!(cancelled.state, RunState::Cancelled);
        for id in [first.id, second.id, grandchild] {
            let run = fixture.found(id).await;
            assert_eq!(run.state, RunState::Cancelled);
            assert!(run.ended_at <= cancelled.ended_at, "a child ends before its parent");
            fixture.frames(id).await;
        }
    }

    async fn a_run_that_is_to_stop_or_has_ended_starts_nothing(db: TestDb) {
        let fixture = Fixture::started(db);
        let ended = fixture.run(Script::Count(1)).await.id;
        let submit = runs::Submit {
            parent: Some(ended),
            ..runs::Submit::new("late", kernel::Seed(1), Script::Count(1))
        };
        let refused = fixture.engine.submit::<crate::support::ScriptKind>(TENANT, submit).await;
        assert!(matches!(refused, Err(SubmitError::ParentEnded(id)) if id == ended), "{refused:?}");
    }

    async fn a_question_waits_through_a_restart_and_its_answer_goes_on(db: TestDb) {
        let first = Fixture::started(db);
        let id = first.submit(Script::Ask).await;
        let waiting = first.reached(id, |run| run.state == RunState::Waiting).await;
        assert_eq!(waiting.waits_for, Some(WaitsFor::Decision));
        first.engine.shutdown(Duration::ZERO).await;
        let second = Fixture::with(first.db, config("worker-2"));
        second.engine.start();
        let decide = async |answer| second.engine.decide(TENANT, id, "go-on", answer, Some("because".to_owned())).await;
        let unknown = second.engine.decide(TENANT, id, "other", Decision::Approved, None).await;
        assert!(matches!(unknown, Err(DecideError::NotFound { .. })), "{unknown:?}");
        decide(Decision::Approved).await.unwrap();
        let run = second.engine.settled(TENANT, id).await.unwrap();
        assert_eq!((run.state, run.attempt), (RunState::Succeeded, 1));
        assert_eq!(
            kinds(&second.frames(id).await),
            ["run.opened", "attempt.started", "approval.requested", "approval.decided", "artifact.created", "final"]
        );
        decide(Decision::Approved).await.unwrap();
        let other = decide(Decision::Rejected).await;
        assert!(matches!(other, Err(DecideError::Answered { .. })), "{other:?}");
    }

    async fn a_parked_run_is_cancelled_and_a_timer_wakes_it(db: TestDb) {
        let fixture = Fixture::started(db);
        let asking = fixture.submit(Script::Ask).await;
        fixture.reached(asking, |run| run.state == RunState::Waiting).await;
        assert_eq!(fixture.engine.cancel(TENANT, asking).await.unwrap().state, RunState::Cancelled);
        let again = fixture.engine.cancel(TENANT, asking).await;
        assert!(matches!(again, Err(CancelError::AlreadyTerminal { .. })), "{again:?}");
        let resting = fixture.submit(Script::Rest(60)).await;
        let waiting = fixture.reached(resting, |run| run.state == RunState::Waiting).await;
        assert_eq!(waiting.waits_for, Some(WaitsFor::Time));
        let run = fixture.engine.settled(TENANT, resting).await.unwrap();
        assert_eq!((run.state, run.attempt), (RunState::Succeeded, 1));
    }
}
