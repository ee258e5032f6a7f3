//! Runs of others: open, then closed, and executed nowhere here.

use chrono::{DateTime, Utc};
use frames::{Body, Final, FinalStatus, Frame, MessageDelta, Origin, Schema};
use kernel::{RunId, Tenant, TenantId};
use ledger::LedgerId;
use runs::foreign::{Error, Held, Kind, Opening, Runs};
use runs::{CancelError, Filter, OperateError, RunState};
use test_support::on_both_databases;
use wire::runs::{AttemptOutcome, RetentionRequest};

use crate::support::{Fixture, Script, TENANT, kinds};

/// What a stranger streams, from its first frame on.
pub(crate) fn told(schema: Schema, n: u64, end: Option<Body>) -> Vec<Frame> {
    let origin = Origin { schema, stream_id: "chat_1".to_owned(), conversation_id: "theirs".to_owned() };
    let delta = |n: u64| {
        let item = frames::Item::new(0, "m");
        Body::from(MessageDelta { item, content_index: 0, delta: format!("word {n} \u{2028}ü ") })
    };
    let bodies = (1..=n).map(delta).chain(end);
    bodies.zip(1..).map(|(body, seq)| origin.frame(seq, DateTime::<Utc>::UNIX_EPOCH, body)).collect()
}

pub(crate) fn texts(frames: &[Frame]) -> Vec<String> {
    frames.iter().map(Frame::to_text).collect()
}

#[expect(clippy::unnecessary_wraps, reason = "a stream has an end or none")]
pub(crate) fn ended(status: FinalStatus) -> Option<Body> {
    Some(Final { response_text: Some("done".to_owned()), ..Final::new(status) }.into())
}

fn opening() -> Opening {
    Opening {
        kind: Kind::Stream,
        title: "a stranger's stream".to_owned(),
        spec: r#"{"contract":"public_sse_v1"}"#.to_owned(),
        holder: "stream agents/1".to_owned(),
        conversation_id: None,
        inputs: Vec::new(),
    }
}

async fn open(fixture: &Fixture) -> (Runs, Held) {
    let (runs, opening) = (fixture.engine.foreign(), opening());
    let write = &fixture.db.db.write;
    let held = write.write("test", async |tx| runs.open_in(tx, TENANT, &opening).await).await.unwrap();
    (runs, held)
}

pub(crate) async fn append(fixture: &Fixture, held: Held, frames: &[Frame]) -> Result<ledger::Head, Error> {
    let (runs, texts) = (fixture.engine.foreign(), texts(frames));
    let first = frames[0].envelope.event_id;
    let write = &fixture.db.db.write;
    write
        .write("test", async |tx| runs.append_in(tx, held.run, held.fence, first, &texts).await)
        .await
        .inspect(|_| runs.woken(held.run))
}

pub(crate) async fn close(fixture: &Fixture, held: Held, frames: &[Frame]) -> Result<(), Error> {
    let (runs, texts) = (fixture.engine.foreign(), texts(frames));
    let ending = runs.ending(held.run, frames.last().unwrap()).await?.unwrap();
    let (first, write) = (frames[0].envelope.event_id, &fixture.db.db.write);
    write
        .write("test", async |tx| runs.close_in(tx, held.fence, first, &texts, &ending).await)
        .await
        .inspect(|()| runs.woken(held.run))
}

async fn not_covered(fixture: &Fixture, run: RunId) -> String {
    let verified = fixture.engine.verifier().verify(TENANT, run).await.unwrap();
    verified.parts.iter().flat_map(|part| part.not_covered.clone()).collect::<Vec<_>>().join("; ")
}

on_both_databases! {
    async fn a_run_of_others_is_open_then_closed_and_proven_like_any(db: TestDb) {
        let fixture = Fixture::started(db);
        let (_, held) = open(&fixture).await;
        let run = fixture.found(held.run).await;
        assert_eq!((run.state, run.attempt, run.kind.as_str()), (RunState::Running, 1, "stream"));
        let all = told(Schema::PublicSseV1, 3, ended(FinalStatus::Completed));
        append(&fixture, held, &all[..2]).await.unwrap();
        // The same bytes again are no change.
        let head = append(&fixture, held, &all[..3]).await.unwrap();
        assert_eq!((head.seq, head.is_closed), (3, false));
        fixture.verified(held.run).await;
        close(&fixture, held, &all[3..]).await.unwrap();
        let run = fixture.engine.settled(TENANT, held.run).await.unwrap();
        assert_eq!((run.state, run.problem), (RunState::Succeeded, None));
        assert_eq!(fixture.frames(held.run).await, all);
        fixture.verified(held.run).await;
        assert!(not_covered(&fixture, held.run).await.contains("what happened outside"));
        let run = fixture.found(held.run).await;
        let attempts = runs::attempts(&fixture.db.db.read, &run).await.unwrap();
        assert_eq!(attempts.len(), 1);
        assert_eq!(
            (attempts[0].outcome, attempts[0].worker.as_str()),
            (Some(AttemptOutcome::Succeeded), "stream agents/1")
        );
        let artifacts = runs::artifacts(&fixture.db.db.read, &run).await.unwrap();
        assert_eq!(artifacts.iter().map(|one| one.name.as_str()).collect::<Vec<_>>(), ["metrics"]);
        let metrics = fixture.store.reader().get(&artifacts[0].digest).await.unwrap();
        assert_eq!(metrics, format!(r#"{{"frames":4,"run_id":"{}","status":"succeeded"}}"#, held.run));
        assert!(matches!(close(&fixture, held, &all[3..]).await, Err(Error::Ended { .. })));
        let filter = Filter { kind: Some("stream".to_owned()), ..Filter::default() };
        let listed = runs::list(&fixture.db.db.read, TENANT, &filter, None, 10).await.unwrap();
        assert_eq!(listed.iter().map(runs::Listed::id).collect::<Vec<_>>(), [held.run]);
        assert!(fixture.engine.kinds().contains(&"stream"));
    }

    async fn nobody_here_executes_a_run_of_others_or_finds_it_lost(db: TestDb) {
        let fixture = Fixture::started(db);
        let (_, held) = open(&fixture).await;
        append(&fixture, held, &told(Schema::PublicSseV1, 1, None)).await.unwrap();
        // Other work goes through, sweep after sweep.
        for n in 1..=3 {
            fixture.run(Script::FailFirst(n % 2)).await;
        }
        let run = fixture.found(held.run).await;
        assert_eq!((run.state, run.attempt, run.losses), (RunState::Running, 1, 0));
        assert!(matches!(
            fixture.engine.cancel(TENANT, held.run).await,
            Err(CancelError::OfOthers(run)) if run == held.run
        ));
        close(&fixture, held, &told(Schema::PublicSseV1, 1, ended(FinalStatus::Cancelled))[1..]).await.unwrap();
        assert_eq!(fixture.found(held.run).await.state, RunState::Cancelled);
        let again = fixture.engine.requeue(TENANT, held.run).await;
        assert!(matches!(again, Err(OperateError::OfOthers { .. })), "{again:?}");
        let again = fixture.engine.reproduce(TENANT, held.run, None).await;
        assert!(matches!(again, Err(OperateError::OfOthers { .. })), "{again:?}");
    }

    async fn whoever_takes_a_run_of_others_shuts_out_who_had_it(db: TestDb) {
        let fixture = Fixture::new(db);
        let (runs, first) = open(&fixture).await;
        let all = told(Schema::PublicSseV1, 2, ended(FinalStatus::Incomplete));
        append(&fixture, first, &all[..1]).await.unwrap();
        let write = &fixture.db.db.write;
        let second = write.write("test", async |tx| runs.hold_in(tx, TENANT, first.run).await).await.unwrap();
        assert_eq!(second.head.seq, 1);
        let late = append(&fixture, first, &all[1..2]).await;
        assert!(matches!(late, Err(Error::Ledger(ledger::Error::Fenced { .. }))), "{late:?}");
        let late = close(&fixture, first, &all[1..]).await;
        assert!(matches!(late, Err(Error::Ledger(ledger::Error::Fenced { .. }))), "{late:?}");
        let foreign = Tenant::verified(TenantId(uuid::Uuid::from_u128(99)));
        let stranger = write.write("test", async |tx| runs.hold_in(tx, foreign, first.run).await).await;
        assert!(matches!(stranger, Err(Error::NotFound(_))), "{stranger:?}");
        close(&fixture, second, &all[1..]).await.unwrap();
        let run = fixture.found(first.run).await;
        assert_eq!(run.problem.unwrap().code, "FINAL_INCOMPLETE");
        fixture.verified(first.run).await;
    }

    async fn an_abandoned_run_of_others_says_that_its_end_was_written_here(db: TestDb) {
        let fixture = Fixture::started(db);
        for (schema, n, expected) in [
            (Schema::PublicSseV1, 2, &["message.delta", "message.delta", "error"][..]),
            (Schema::RunV1, 1, &["message.delta", "notice", "error"]),
            (Schema::RunV1, 0, &["notice", "error"]),
        ] {
            let (_, held) = open(&fixture).await;
            let all = told(schema, n, None);
            if n > 0 {
                append(&fixture, held, &all).await.unwrap();
            }
            let run = fixture.engine.abandon(TENANT, held.run, "its producer is gone").await.unwrap();
            let problem = run.problem.unwrap();
            assert_eq!((run.state, problem.code.as_str()), (RunState::Failed, "RUN_ABANDONED"));
            let frames = fixture.frames(held.run).await;
            assert_eq!(kinds(&frames), expected);
            assert_eq!(frames[..all.len()], all);
            fixture.verified(held.run).await;
            let late = append(&fixture, held, &told(schema, n + 1, None)[all.len()..]).await;
            assert!(matches!(late, Err(Error::Ledger(ledger::Error::Fenced { .. }))), "{late:?}");
            let again = fixture.engine.abandon(TENANT, held.run, "once more").await;
            assert!(matches!(again, Err(OperateError::AlreadyTerminal { .. })), "{again:?}");
        }
    }

    async fn a_changed_row_of_a_run_of_others_is_found(db: TestDb) {
        let fixture = Fixture::new(db);
        let (_, held) = open(&fixture).await;
        for (change, problem) in [
            ("UPDATE run SET fence = fence + 1", "the run's token is 2"),
            ("UPDATE run_attempt SET outcome = 'lost', ended_us = 1", "its attempt did not end"),
        ] {
            fixture.execute(change).await.unwrap();
            let verified = fixture.engine.verifier().verify(TENANT, held.run).await.unwrap();
            let problems = verified.parts.iter().flat_map(|part| part.problems.clone()).collect::<String>();
            assert!(problems.contains(problem), "{problems}");
        }
    }

    async fn retention_lets_a_run_of_others_go_and_waits_for_none(db: TestDb) {
        let fixture = Fixture::new(db);
        let (_, going) = open(&fixture).await;
        close(&fixture, going, &told(Schema::PublicSseV1, 3, ended(FinalStatus::Completed))).await.unwrap();
        let (_, open) = open(&fixture).await;
        let request = RetentionRequest {
            older_than_days: Some(0),
            ages: Vec::new(),
            kind: Some("stream".to_owned()),
            keep: 0,
            apply: true,
            reason: None,
        };
        let let_go = fixture.engine.retain(TENANT, &request).await.unwrap();
        assert_eq!(let_go.going.iter().map(|one| one.run_id).collect::<Vec<_>>(), [going.run]);
        assert_eq!(let_go.objects_left, 0);
        fixture.verified(going.run).await;
        fixture.verified(open.run).await;
    }

    async fn a_ledger_is_found_by_its_own_id_and_under_its_tenant_alone(db: TestDb) {
        let fixture = Fixture::new(db);
        let (_, held) = open(&fixture).await;
        let reader = fixture.engine.ledger().reader();
        let found = reader.find(TENANT, LedgerId::from(held.run)).await.unwrap();
        assert_eq!(found.map(|(run, head)| (run, head.seq)), Some((held.run, 0)));
        let foreign = Tenant::verified(TenantId(uuid::Uuid::from_u128(99)));
        assert_eq!(reader.find(foreign, LedgerId::from(held.run)).await.unwrap(), None);
    }
}
