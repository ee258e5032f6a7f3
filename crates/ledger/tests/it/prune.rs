//! Letting frames go: only under a receipt, only of a closed ledger, and the chain stays proven.

use frames::Chain;
use futures::TryStreamExt;
use kernel::{Class, Digest, Fault};
use ledger::{Error, Pruned};
use sea_orm::{ConnectionTrait, Statement};
use test_support::{TestDb, on_both_databases};
use uuid::Uuid;

use crate::support::{FENCE, FOREIGN, Fixture, RUN, TENANT, frames, run};

/// Blocks of frames 1–10, 11–20 and 21–30, closed.
async fn closed(db: TestDb) -> Fixture {
    let fixture = Fixture::new(db).await;
    fixture.append(1, frames(1..=10)).await.unwrap();
    fixture.append(11, frames(11..=20)).await.unwrap();
    fixture.close(RUN, 21, &frames(21..=30)).await.unwrap();
    fixture
}

/// A receipt that releases the run as this kind of subject.
async fn release(fixture: &Fixture, kind: &str) {
    let receipt = Uuid::from_u128(u128::from(kind.len() as u64));
    fixture
        .write(async |tx| {
            let backend = tx.get_database_backend();
            let sql = "INSERT INTO retention_receipt VALUES ($1, $2, 'too old', '[]', 0)";
            let values = [receipt.into(), TENANT.id().into()];
            tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?;
            let sql = "INSERT INTO retention_release VALUES ($1, $2, $3)";
            let values = [receipt.into(), kind.into(), RUN.0.as_bytes().to_vec().into()];
            Ok(tx.execute_raw(Statement::from_sql_and_values(backend, sql, values)).await?)
        })
        .await
        .unwrap();
}

async fn prune(fixture: &Fixture, first: u64, last: u64) -> Result<Pruned, Error> {
    fixture.write(async |tx| fixture.ledger.prune_in(tx, RUN, first..=last).await).await
}

async fn refused(fixture: &Fixture, sql: &str, because: &str) {
    let error = fixture.execute(sql).await.unwrap_err().to_string();
    assert!(error.contains(because), "{sql}: {error}");
}

/// Changes a block as pruning does, in SQL of its own. 64 zeros are no digests of these frames.
const EMPTY: &str = "UPDATE frame_block SET body = '', digests = zeros WHERE first_seq = 11";

fn empty(fixture: &Fixture, sql: &str) -> String {
    let zeros = "0".repeat(640);
    let zeros = if fixture.is_postgres() { format!("'\\x{zeros}'") } else { format!("x'{zeros}'") };
    sql.replace("zeros", &zeros)
}

const KEPT: &str = "a stored frame never changes";

on_both_databases! {
    async fn pruned_frames_are_gone_and_still_proven(db: TestDb) {
        let fixture = closed(db).await;
        let head = fixture.ledger.reader().head(TENANT, RUN).await.unwrap();
        release(&fixture, "frames").await;
        let size = |first, last| frames(first..=last).iter().map(|frame| frame.len() as u64 + 1).sum::<u64>() - 1;
        assert_eq!(prune(&fixture, 2, 29).await.unwrap(), Pruned { frames: 10, bytes: size(11, 20) });
        let verdict = fixture.ledger.reader().verify(TENANT, RUN).await.unwrap();
        assert_eq!((verdict.frames, verdict.pruned, verdict.first_bad_seq), (30, 10, None), "{verdict:?}");
        assert_eq!((verdict.head, fixture.ledger.reader().head(TENANT, RUN).await.unwrap()), (head.digest, head));
        // Again changes nothing, and the rest may follow.
        assert_eq!(prune(&fixture, 2, 29).await.unwrap(), Pruned::default());
        assert_eq!(prune(&fixture, 1, u64::MAX).await.unwrap().frames, 20);
        let verdict = fixture.ledger.reader().verify(TENANT, RUN).await.unwrap();
        assert_eq!((verdict.frames, verdict.pruned, verdict.first_bad_seq), (30, 30, None), "{verdict:?}");
    }

    async fn the_record_of_pruned_frames_leads_to_the_head(db: TestDb) {
        let fixture = closed(db).await;
        release(&fixture, "frames").await;
        prune(&fixture, 11, 20).await.unwrap();
        let record: Vec<String> = fixture.ledger.reader().record(TENANT, RUN).try_collect().await.unwrap();
        let (record, mut chain) = (record.concat(), Chain::new(RUN.into()));
        let lines: Vec<(&str, bool)> =
            record.lines().map(|line| (line, chain.push_line(line.as_bytes()))).collect();
        let head = fixture.ledger.reader().head(TENANT, RUN).await.unwrap();
        assert_eq!((chain.seq(), chain.head()), (head.seq, head.digest));
        for ((line, is_frame), (seq, frame)) in lines.into_iter().zip((1..).zip(frames(1..=30))) {
            assert_eq!(is_frame, !(11..=20).contains(&seq));
            assert!(!is_frame || line == frame, "{seq}");
        }
        let foreign = fixture.ledger.reader().record(FOREIGN, RUN).try_collect::<Vec<_>>().await.unwrap_err();
        assert!(matches!(foreign, Error::UnknownRun { .. }), "{foreign}");
    }

    async fn readers_are_told_what_is_gone_and_where_to_go_on(db: TestDb) {
        let fixture = closed(db).await;
        release(&fixture, "frames").await;
        prune(&fixture, 11, 20).await.unwrap();
        let gone = |error: Error, at: u64| {
            assert!(matches!(error, Error::Pruned { first, last: 20, .. } if first == at), "{error}");
            assert_eq!((error.class(), error.code()), (Class::NotFound, "FRAMES_PRUNED"));
        };
        for after in 10..20 {
            gone(fixture.ledger.reader().page(TENANT, RUN, after, 5).await.unwrap_err(), after + 1);
            gone(fixture.followed(RUN, after).await.unwrap_err(), after + 1);
            gone(fixture.ledger.reader().head_to_follow(TENANT, RUN, after).await.unwrap_err(), after + 1);
        }
        // What is there is read: before the gap up to it, after it to the end.
        let page = fixture.ledger.reader().page(TENANT, RUN, 3, 1000).await.unwrap();
        assert_eq!((page.frames.len(), page.is_end), (7, false));
        assert_eq!(fixture.followed(RUN, 20).await.unwrap(), frames(21..=30));
        for after in [0, 9, 20, 29, 30, 31] {
            assert_eq!(fixture.ledger.reader().head_to_follow(TENANT, RUN, after).await.unwrap().seq, 30);
        }
        prune(&fixture, 1, 30).await.unwrap();
        let error = fixture.followed(RUN, 0).await.unwrap_err();
        assert!(matches!(error, Error::Pruned { first: 1, last: 30, .. }), "{error}");
        // A writer that repeats its end is not believed, for there is nothing to compare it with.
        let error = fixture.append(21, frames(21..=30)).await.unwrap_err();
        assert!(matches!(error, Error::Pruned { .. }), "{error}");
    }

    async fn without_a_receipt_or_before_the_end_nothing_goes(db: TestDb) {
        let fixture = closed(db).await;
        let error = prune(&fixture, 1, 30).await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::Conflict, "FRAMES_NOT_RELEASED"));
        refused(&fixture, &empty(&fixture, EMPTY), KEPT).await;
        // The release of something else is none of these frames.
        release(&fixture, "artifact").await;
        refused(&fixture, &empty(&fixture, EMPTY), KEPT).await;
        fixture.open(run(2)).await;
        let open = fixture.write(async |tx| fixture.ledger.prune_in(tx, run(2), 1..=1).await).await;
        assert!(matches!(open, Err(Error::Open { .. })), "{open:?}");
        assert_eq!(fixture.stored(RUN).await, frames(1..=30));
    }

    async fn the_database_lets_bodies_give_way_to_digests_and_nothing_else(db: TestDb) {
        let fixture = closed(db).await;
        release(&fixture, "frames").await;
        for sql in [
            "UPDATE frame_block SET body = 'x' WHERE first_seq = 11",
            "UPDATE frame_block SET body = '', digests = zeros, head = zeros WHERE first_seq = 11",
            "UPDATE frame_block SET body = '', digests = zeros, marks = zeros WHERE first_seq = 11",
            "UPDATE frame_block SET body = '', digests = zeros, first_seq = 31, last_seq = 40 WHERE first_seq = 11",
            "UPDATE frame_block SET body = '', digests = zeros, size_bytes = 1 WHERE first_seq = 11",
            "UPDATE frame_block SET digests = zeros WHERE first_seq = 11",
            "DELETE FROM frame_block WHERE first_seq = 11",
            "DELETE FROM ledger",
        ] {
            let error = fixture.execute(&empty(&fixture, sql)).await.unwrap_err().to_string();
            assert!(error.contains("never changes"), "{sql}: {error}");
        }
        let error = fixture.execute("UPDATE frame_block SET body = '' WHERE first_seq = 11").await.unwrap_err();
        assert!(error.to_string().contains(KEPT), "{error}");
        if !fixture.is_postgres() {
            let columns = "first_seq, last_seq, head, size_bytes, marks, digests, body";
            for sql in [
                "INSERT OR REPLACE INTO frame_block SELECT * FROM frame_block".to_owned(),
                format!("INSERT OR REPLACE INTO frame_block (rowid, run_id, {columns})
                    SELECT 1, x'02', {columns} FROM frame_block WHERE first_seq = 11"),
                "UPDATE OR REPLACE frame_block SET body = '', digests = zeros, first_seq = 1, last_seq = 10
                    WHERE first_seq = 11".to_owned(),
                "UPDATE OR REPLACE frame_block SET body = '', digests = zeros, rowid = 1 WHERE first_seq = 11".to_owned(),
                "REPLACE INTO ledger SELECT x'02', tenant_id, ledger_id, 9, 0, head, FALSE FROM ledger".to_owned(),
                "UPDATE OR REPLACE ledger SET is_closed = FALSE".to_owned(),
            ] {
                let error = fixture.execute(&empty(&fixture, &sql)).await.unwrap_err().to_string();
                assert!(["never changes", "only", "has one ledger"].iter().any(|why| error.contains(why)), "{sql}: {error}");
            }
        }
        assert_eq!(fixture.stored(RUN).await, frames(1..=30));
        // What may pass passes once, and digests that are not those of the frames are found.
        fixture.execute(&empty(&fixture, EMPTY)).await.unwrap();
        refused(&fixture, &empty(&fixture, EMPTY), KEPT).await;
        refused(&fixture, "UPDATE frame_block SET body = 'x', digests = NULL WHERE first_seq = 11", KEPT).await;
        let verdict = fixture.ledger.reader().verify(TENANT, RUN).await.unwrap();
        assert_eq!((verdict.first_bad_seq, verdict.frames, verdict.pruned), (Some(11), 10, 0), "{verdict:?}");
    }

    async fn what_is_damaged_is_not_let_go(db: TestDb) {
        let fixture = closed(db).await;
        release(&fixture, "frames").await;
        fixture.disarm().await;
        fixture.execute("UPDATE frame_block SET body = replace(body, 'grün', 'grin') WHERE first_seq = 11").await.unwrap();
        let error = prune(&fixture, 1, 30).await.unwrap_err();
        assert!(matches!(error, Error::Damaged { seq: 11, .. }), "{error}");
        assert_eq!(fixture.ledger.reader().page(TENANT, RUN, 0, 10).await.unwrap().frames.len(), 10);
    }

    async fn a_whole_ledger_goes_only_when_its_run_is_released(db: TestDb) {
        let fixture = closed(db).await;
        fixture.open(run(2)).await;
        fixture.ledger.append(run(2), FENCE, 1, frames(1..=1)).await.unwrap();
        refused(&fixture, "DELETE FROM frame_block", KEPT).await;
        release(&fixture, "run").await;
        // Another run's rows stay.
        refused(&fixture, "DELETE FROM frame_block", KEPT).await;
        refused(&fixture, "DELETE FROM ledger", "only grows").await;
        fixture.execute("DELETE FROM frame_block WHERE last_seq >= 10").await.unwrap();
        fixture.execute("DELETE FROM ledger WHERE is_closed").await.unwrap();
        let error = fixture.ledger.reader().head(TENANT, RUN).await.unwrap_err();
        assert!(matches!(error, Error::UnknownRun { .. }), "{error}");
        assert_eq!(fixture.stored(run(2)).await, frames(1..=1));
    }

    async fn a_ledger_is_kept_once_for_each_tenant_and_proves_itself_under_any(db: TestDb) {
        let fixture = closed(db).await;
        // As an import does it: under another run and tenant, with the ledger's own id.
        let copy = |tenant: u128, run: u128| {
            let uuid = |n: u128| {
                let id = Uuid::from_u128(n);
                if fixture.is_postgres() { format!("'{id}'") } else { format!("x'{}'", id.simple()) }
            };
            format!(
                "INSERT INTO ledger SELECT {run}, {tenant}, ledger_id, 0, 0, head, FALSE FROM ledger WHERE run_id = {old};
                 INSERT INTO frame_block SELECT {run}, first_seq, last_seq, head, size_bytes, marks, digests, body
                    FROM frame_block WHERE run_id = {old};
                 UPDATE ledger SET seq = 30, is_closed = TRUE WHERE run_id = {run}",
                run = uuid(run), tenant = uuid(tenant), old = uuid(1),
            )
        };
        fixture.execute(&copy(99, 7)).await.unwrap();
        let verdict = fixture.ledger.reader().verify(crate::support::FOREIGN, run(7)).await.unwrap();
        assert_eq!((verdict.frames, verdict.first_bad_seq), (30, None), "{verdict:?}");
        let error = fixture.execute(&copy(99, 8)).await.unwrap_err().to_string();
        assert!(error.contains("kept once") || error.contains("unique"), "{error}");
        assert_ne!(verdict.head, Digest::ZERO);
    }
}
