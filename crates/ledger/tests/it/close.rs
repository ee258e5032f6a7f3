//! The end of a ledger, and the rules that stand in the database itself.

use kernel::{Class, Fault};
use ledger::Error;
use sea_orm::DbErr;
use test_support::on_both_databases;

use crate::support::{FENCE, Fixture, RUN, TENANT, frames, run};

async fn refused(fixture: &Fixture, sql: &str, because: &str) {
    let error = fixture.execute(sql).await.unwrap_err().to_string();
    assert!(error.contains(because), "{sql}: {error}");
}

const GROWS: &str = "a ledger only grows, and a closed one never changes";
const KEPT: &str = "a stored frame never changes";
const ADDED: &str = "frames are added after the head of an open ledger only";

on_both_databases! {
    async fn a_closed_ledger_takes_nothing_more(db: TestDb) {
        let fixture = Fixture::new(db).await;
        fixture.append(1, frames(1..=3)).await.unwrap();
        let head = fixture.close(RUN, 4, &frames(4..=5)).await.unwrap();
        assert_eq!((head.seq, head.is_closed), (5, true));
        assert_eq!(fixture.ledger.reader().head(TENANT, RUN).await.unwrap(), head);
        let closed = |error: Error| {
            assert!(matches!(error, Error::Closed { seq: 5, .. }), "{error}");
            assert_eq!((error.class(), error.code()), (Class::Conflict, "LEDGER_CLOSED"));
        };
        closed(fixture.append(6, frames(6..=6)).await.unwrap_err());
        closed(fixture.append(5, frames(5..=6)).await.unwrap_err());
        closed(fixture.close(RUN, 6, &frames(6..=6)).await.unwrap_err());
        closed(fixture.fence(RUN, FENCE + 1).await.unwrap_err());
        assert_eq!(fixture.append(3, frames(3..=5)).await.unwrap(), head);
        assert_eq!(fixture.close(RUN, 4, &frames(4..=5)).await.unwrap(), head);
        assert!(matches!(fixture.append(5, frames(6..=6)).await, Err(Error::Conflict { seq: 5, .. })));
        assert_eq!(fixture.stored(RUN).await, frames(1..=5));
    }

    async fn of_an_append_and_a_close_at_the_same_place_one_wins(db: TestDb) {
        let fixture = Fixture::new(db).await;
        for n in 10..60 {
            fixture.open(run(n)).await;
            let terminal = vec!["{}".to_owned()];
            let (append, close) = tokio::join!(
                fixture.ledger.append(run(n), FENCE, 1, frames(1..=2)),
                fixture.close(run(n), 1, &terminal),
            );
            let stored = fixture.stored(run(n)).await;
            match (append, close) {
                (Ok(_), Err(Error::Conflict { seq: 1, .. })) => assert_eq!(stored, frames(1..=2)),
                (Err(Error::Conflict { seq: 1, .. }), Ok(_)) => assert_eq!(stored, terminal),
                both => panic!("{both:?}"),
            }
        }
    }

    async fn a_close_that_does_not_commit_leaves_the_ledger_open(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let before = fixture.append(1, frames(1..=3)).await.unwrap();
        let error = fixture
            .write(async |tx| {
                fixture.ledger.close_in(tx, RUN, FENCE, 4, &frames(4..=4)).await?;
                Err::<(), _>(Error::Db(DbErr::Custom("the caller changed its mind".to_owned())))
            })
            .await
            .unwrap_err();
        assert_eq!(error.code(), "DATABASE_ERROR");
        assert_eq!(fixture.ledger.reader().head(TENANT, RUN).await.unwrap(), before);
        fixture.append(4, frames(4..=6)).await.unwrap();
        fixture.close(RUN, 7, &frames(7..=7)).await.unwrap();
        assert_eq!(fixture.stored(RUN).await, frames(1..=7));
    }

    async fn the_database_refuses_any_change_of_stored_frames(db: TestDb) {
        let fixture = Fixture::new(db).await;
        fixture.append(1, frames(1..=3)).await.unwrap();
        refused(&fixture, "UPDATE frame_block SET body = 'x'", KEPT).await;
        refused(&fixture, "DELETE FROM frame_block", KEPT).await;
        refused(&fixture, "DELETE FROM ledger", GROWS).await;
        refused(&fixture, "UPDATE ledger SET seq = seq - 1", GROWS).await;
        refused(&fixture, "UPDATE ledger SET fence = fence - 1", GROWS).await;
        let again = "INSERT INTO frame_block SELECT run_id, 2, 3, head, size_bytes, marks, NULL, body FROM frame_block";
        refused(&fixture, again, ADDED).await;
        if fixture.is_postgres() {
            refused(&fixture, "TRUNCATE ledger, frame_block CASCADE", "never changes").await;
        } else {
            let replace = "INSERT OR REPLACE INTO frame_block
                SELECT run_id, first_seq, last_seq, head, 1, marks, NULL, 'x' FROM frame_block";
            refused(&fixture, replace, ADDED).await;
            let replace = "INSERT OR REPLACE INTO ledger SELECT run_id, tenant_id, ledger_id, 9, 0, head, is_closed FROM ledger";
            refused(&fixture, replace, "a run has one ledger").await;
        }
        assert_eq!(fixture.stored(RUN).await, frames(1..=3));
    }

    async fn the_database_refuses_frames_after_the_end(db: TestDb) {
        let fixture = Fixture::new(db).await;
        fixture.close(RUN, 1, &frames(1..=3)).await.unwrap();
        let late = "INSERT INTO frame_block SELECT run_id, 4, 6, head, size_bytes, marks, NULL, body FROM frame_block";
        refused(&fixture, late, ADDED).await;
        for sql in ["UPDATE ledger SET is_closed = FALSE", "UPDATE ledger SET seq = seq + 1", "DELETE FROM ledger"] {
            refused(&fixture, sql, GROWS).await;
        }
    }

    async fn a_run_has_one_ledger(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let error = fixture.write(async |tx| fixture.ledger.open_in(tx, TENANT, RUN).await).await.unwrap_err();
        assert!(matches!(error, Error::Db(_)), "{error}");
        let unknown = fixture.fence(run(5), 1).await.unwrap_err();
        assert!(matches!(unknown, Error::UnknownRun { .. }), "{unknown}");
    }
}
