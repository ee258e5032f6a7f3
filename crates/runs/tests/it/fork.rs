//! Forks: what two runs share is the same bytes, and the rest is the holder's.

use frames::{FinalStatus, Frame, Schema};
use kernel::{Fault, RunId, Tenant, TenantId};
use ledger::Head;
use runs::RunState;
use runs::foreign::{ExtendError, ForkError};
use sea_orm::DatabaseBackend;
use test_support::on_both_databases;
use uuid::Uuid;

use crate::foreign::{ended, texts, told};
use crate::support::{Fixture, Script, TENANT};

async fn lines(fixture: &Fixture, run: RunId) -> Vec<String> {
    let page = fixture.engine.ledger().reader().page(TENANT, run, 0, 1000).await.unwrap();
    page.frames.into_iter().map(|(_, text)| text).collect()
}

async fn extend(fixture: &Fixture, run: RunId, frames: &[String]) -> Result<Head, ExtendError> {
    fixture.engine.foreign().extend(TENANT, run, &frames.join("\n")).await
}

/// The frame as its stream would go on with it at another place.
fn at(frame: &Frame, event_id: u64) -> String {
    let mut frame = frame.clone();
    frame.envelope.event_id = event_id;
    frame.to_text()
}

on_both_databases! {
    async fn a_fork_begins_with_the_bytes_of_its_source_and_goes_on_by_itself(db: TestDb) {
        let fixture = Fixture::started(db);
        let source = fixture.run(Script::Count(5)).await;
        let all = lines(&fixture, source.id).await;
        let runs = fixture.engine.foreign();
        let fork = runs.fork(TENANT, source.id, 4).await.unwrap();
        assert_eq!(lines(&fixture, fork).await, all[..4]);
        let run = fixture.found(fork).await;
        assert_eq!((run.state, run.kind.as_str()), (RunState::Running, "fork"));
        assert_eq!(run.conversation_id, source.conversation_id);
        fixture.verified(fork).await;
        let fifth = Frame::parse(&all[4]).unwrap();
        let last = Frame::parse(all.last().unwrap()).unwrap();
        let rest = [at(&fifth, 5), at(&last, 6)];
        let head = extend(&fixture, fork, &rest[..1]).await.unwrap();
        assert_eq!((head.seq, head.is_closed), (5, false));
        assert_eq!(extend(&fixture, fork, &rest[..1]).await.unwrap(), head);
        let head = extend(&fixture, fork, &rest).await.unwrap();
        assert_eq!((head.seq, head.is_closed), (6, true));
        // Whoever did not hear that it ended says it again.
        assert_eq!(extend(&fixture, fork, &rest[1..]).await.unwrap(), head);
        assert_eq!(fixture.found(fork).await.state, RunState::Succeeded);
        assert_eq!(fixture.frames(fork).await.len(), 6);
        fixture.verified(fork).await;
        let again = runs.fork(TENANT, fork, 5).await.unwrap();
        assert_eq!(lines(&fixture, again).await[..4], all[..4]);
        fixture.verified(again).await;
        fixture.engine.abandon(TENANT, again, "not wanted").await.unwrap();
        fixture.verified(again).await;
    }

    async fn nothing_is_added_to_a_fork_that_its_stream_cannot_have(db: TestDb) {
        let fixture = Fixture::started(db);
        let source = fixture.run(Script::Count(5)).await;
        let all = lines(&fixture, source.id).await;
        let fork = fixture.engine.foreign().fork(TENANT, source.id, 4).await.unwrap();
        let fifth = Frame::parse(&all[4]).unwrap();
        let strange = texts(&told(Schema::PublicSseV1, 5, None)).pop().unwrap();
        let opening = at(&Frame::parse(&all[0]).unwrap(), 5);
        let other = all[3].replacen("\"progress\"", "\"progress\" ", 1);
        for (frames, code) in [
            (vec![strange], "FRAME_INVALID"),
            (vec![opening], "FRAME_INVALID"),
            (vec![at(&fifth, 5), at(&fifth, 7)], "FRAME_INVALID"),
            (vec![at(&fifth, 6)], "LEDGER_GAP"),
            (vec![other], "LEDGER_CONFLICT"),
            (vec!["{}".to_owned()], "FRAME_INVALID"),
            (vec![], "FRAME_INVALID"),
        ] {
            let refused = extend(&fixture, fork, &frames).await.unwrap_err();
            assert_eq!(refused.code(), code, "{refused}: {frames:?}");
        }
        assert_eq!(lines(&fixture, fork).await, all[..4]);
        assert!(matches!(extend(&fixture, source.id, &all).await, Err(ExtendError::NotAFork(_))));
    }

    async fn a_run_is_forked_at_a_frame_that_it_has_and_does_not_end_with(db: TestDb) {
        let fixture = Fixture::started(db);
        let source = fixture.run(Script::Count(1)).await;
        let n = lines(&fixture, source.id).await.len() as u64;
        let runs = fixture.engine.foreign();
        for seq in [0, n, n + 1, u64::MAX] {
            let refused = runs.fork(TENANT, source.id, seq).await;
            assert!(matches!(refused, Err(ForkError::Place { .. })), "{seq}: {refused:?}");
        }
        let stranger = Tenant::verified(TenantId(Uuid::from_u128(99)));
        assert!(matches!(runs.fork(stranger, source.id, 1).await, Err(ForkError::NotFound(_))));
    }

    async fn a_fork_that_does_not_share_what_it_says_is_found(db: TestDb) {
        let fixture = Fixture::started(db);
        let source = fixture.run(Script::Count(3)).await;
        let fork = fixture.engine.foreign().fork(TENANT, source.id, 3).await.unwrap();
        let end = texts(&told(Schema::RunV1, 0, ended(FinalStatus::Completed)));
        assert!(extend(&fixture, fork, &end).await.is_err());
        let disarm = match fixture.db.db.write.backend() {
            DatabaseBackend::Postgres => "ALTER TABLE run DISABLE TRIGGER USER",
            _ => "DROP TRIGGER run_is_pinned",
        };
        fixture.execute(disarm).await.unwrap();
        fixture.execute("UPDATE run SET spec = replace(spec, '\"seq\":3', '\"seq\":2') WHERE kind = 'fork'").await.unwrap();
        let verified = fixture.engine.verifier().verify(TENANT, fork).await.unwrap();
        let problems = verified.parts.iter().flat_map(|part| part.problems.clone()).collect::<String>();
        assert!(problems.contains("the source's chain after them"), "{problems}");
    }
}
