//! Verifying: whatever is done to the stored rows, the first bad frame is named.

use kernel::Digest;
use ledger::{Error, Verdict};
use sea_orm::{ConnectionTrait, Statement, Value};
use test_support::{TestDb, on_both_databases};

use crate::support::{Fixture, RUN, TENANT, frames};

/// Three blocks, frames 1–10, 11–20 and 21–30, closed, and open to any change.
async fn closed_and_disarmed(db: TestDb) -> Fixture {
    let fixture = Fixture::new(db).await;
    fixture.append(1, frames(1..=10)).await.unwrap();
    fixture.append(11, frames(11..=20)).await.unwrap();
    fixture.close(RUN, 21, &frames(21..=30)).await.unwrap();
    assert_eq!(verdict(&fixture).await.first_bad_seq, None);
    fixture.disarm().await;
    fixture
}

async fn verdict(fixture: &Fixture) -> Verdict {
    fixture.ledger.reader().verify(TENANT, RUN).await.unwrap()
}

async fn run_sql(fixture: &Fixture, sql: &str, values: Vec<Value>) {
    fixture
        .write(async |tx| {
            let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, values);
            Ok(tx.execute_raw(statement).await?)
        })
        .await
        .unwrap();
}

/// Puts these frames where the block that begins with `first_seq` has its own.
async fn set_body(fixture: &Fixture, first_seq: i64, frames: &[String]) {
    let sql = "UPDATE frame_block SET body = $1 WHERE first_seq = $2";
    run_sql(fixture, sql, vec![frames.join("\n").into(), first_seq.into()]).await;
}

async fn is_bad(fixture: &Fixture, seq: u64, because: &str) {
    let verdict = verdict(fixture).await;
    assert_eq!(verdict.first_bad_seq, Some(seq), "{verdict:?}");
    assert_eq!(verdict.frames, seq - 1, "{verdict:?}");
    assert!(verdict.reason.as_ref().unwrap().contains(because), "{verdict:?}");
}

on_both_databases! {
    async fn a_flipped_byte_is_named_by_its_frame(db: TestDb) {
        let fixture = closed_and_disarmed(db).await;
        for bad in 11..=20 {
            let mut body = frames(11..=20);
            let frame = &mut body[bad - 11];
            *frame = frame.replacen("grün", "grin", 1);
            set_body(&fixture, 11, &body).await;
            is_bad(&fixture, bad as u64, "not the one the chain was made from").await;
        }
        set_body(&fixture, 11, &frames(11..=20)).await;
        assert_eq!(verdict(&fixture).await.first_bad_seq, None);
    }

    async fn dropped_swapped_and_inserted_frames_are_named(db: TestDb) {
        let fixture = closed_and_disarmed(db).await;
        let mut body = frames(11..=20);
        body.remove(3);
        set_body(&fixture, 11, &body).await;
        is_bad(&fixture, 14, "not the one").await;
        body.insert(3, "{}".to_owned());
        set_body(&fixture, 11, &body).await;
        is_bad(&fixture, 14, "not the one").await;
        let mut body = frames(11..=20);
        body.swap(5, 8);
        set_body(&fixture, 11, &body).await;
        is_bad(&fixture, 16, "not the one").await;
        let mut body = frames(11..=20);
        body.insert(0, "{}".to_owned());
        set_body(&fixture, 11, &body).await;
        is_bad(&fixture, 11, "not the one").await;
        set_body(&fixture, 11, &frames(11..=21)).await;
        is_bad(&fixture, 21, "there are frames after 20 in its block").await;
        set_body(&fixture, 11, &frames(11..=18)).await;
        is_bad(&fixture, 19, "frames 19 to 20 are missing").await;
    }

    async fn a_truncated_tail_is_named(db: TestDb) {
        let fixture = closed_and_disarmed(db).await;
        run_sql(&fixture, "DELETE FROM frame_block WHERE first_seq = 21", vec![]).await;
        is_bad(&fixture, 21, "frames 21 to 30 are missing").await;
        run_sql(&fixture, "DELETE FROM frame_block WHERE first_seq > 1", vec![]).await;
        is_bad(&fixture, 11, "frames 11 to 30 are missing").await;
        run_sql(&fixture, "DELETE FROM frame_block", vec![]).await;
        is_bad(&fixture, 1, "frames 1 to 30 are missing").await;
        run_sql(&fixture, "UPDATE ledger SET seq = 0", vec![]).await;
        is_bad(&fixture, 1, "the ledger's head is not the digest after frame 0").await;
    }

    async fn a_tail_cut_off_together_with_the_count_is_named(db: TestDb) {
        let fixture = closed_and_disarmed(db).await;
        run_sql(&fixture, "DELETE FROM frame_block WHERE first_seq = 21", vec![]).await;
        run_sql(&fixture, "UPDATE ledger SET seq = 20", vec![]).await;
        is_bad(&fixture, 21, "the ledger's head is not the digest after frame 20").await;
    }

    async fn a_missing_a_moved_and_an_extra_block_are_named(db: TestDb) {
        let fixture = closed_and_disarmed(db).await;
        let copy = "INSERT INTO frame_block
            SELECT run_id, $1, $2, head, size_bytes, marks, digests, body FROM frame_block WHERE first_seq = 11";
        run_sql(&fixture, copy, vec![15_i64.into(), 24_i64.into()]).await;
        is_bad(&fixture, 15, "frame 15 is stored twice").await;
        run_sql(&fixture, "DELETE FROM frame_block WHERE first_seq = 15", vec![]).await;
        run_sql(&fixture, copy, vec![31_i64.into(), 40_i64.into()]).await;
        is_bad(&fixture, 31, "the ledger ends with frame 30").await;
        run_sql(&fixture, "DELETE FROM frame_block WHERE first_seq = 31", vec![]).await;
        run_sql(&fixture, "DELETE FROM frame_block WHERE first_seq = 11", vec![]).await;
        is_bad(&fixture, 11, "frames 11 to 20 are missing").await;
        run_sql(&fixture, "UPDATE frame_block SET first_seq = 11, last_seq = 20 WHERE first_seq = 21", vec![]).await;
        is_bad(&fixture, 11, "not the one").await;
    }

    async fn a_hole_of_any_size_is_named_and_hides_nothing_behind_it(db: TestDb) {
        let fixture = Fixture::new(db).await;
        fixture.append(1, frames(1..=10)).await.unwrap();
        fixture.append(11, frames(11..=20_000)).await.unwrap();
        fixture.append(20_001, frames(20_001..=20_010)).await.unwrap();
        fixture.disarm().await;
        run_sql(&fixture, "DELETE FROM frame_block WHERE first_seq BETWEEN 11 AND 20000", vec![]).await;
        is_bad(&fixture, 11, "frames 11 to 20000 are missing").await;
        run_sql(&fixture, "UPDATE ledger SET seq = 10", vec![]).await;
        is_bad(&fixture, 11, "frames 11 to 20000 are missing").await;
    }

    async fn changed_digests_are_named(db: TestDb) {
        let fixture = closed_and_disarmed(db).await;
        let other = Digest::of("other").as_bytes().to_vec();
        let sql = "UPDATE ledger SET head = $1";
        let head = fixture.ledger.reader().head(TENANT, RUN).await.unwrap().digest.as_bytes().to_vec();
        run_sql(&fixture, sql, vec![other.clone().into()]).await;
        is_bad(&fixture, 31, "the ledger's head is not the digest after frame 30").await;
        assert_eq!(verdict(&fixture).await.head, Digest::of("other"));
        run_sql(&fixture, sql, vec![head.into()]).await;
        run_sql(&fixture, "UPDATE frame_block SET head = $1 WHERE first_seq = 11", vec![other.into()]).await;
        is_bad(&fixture, 11, "frames 11 to 20 do not have their stored digest").await;
        run_sql(&fixture, "UPDATE frame_block SET marks = $1 WHERE first_seq = 11", vec![vec![0_u8; 3].into()]).await;
        is_bad(&fixture, 11, "not the one").await;
    }

    async fn damaged_frames_are_never_delivered_under_a_wrong_seq(db: TestDb) {
        let fixture = closed_and_disarmed(db).await;
        set_body(&fixture, 11, &frames(11..=19)).await;
        let error = fixture.followed(RUN, 0).await.unwrap_err();
        assert!(matches!(error, Error::Damaged { seq: 1, .. }), "{error}");
        run_sql(&fixture, "DELETE FROM frame_block WHERE first_seq = 11", vec![]).await;
        let error = fixture.followed(RUN, 12).await.unwrap_err();
        assert!(matches!(error, Error::Damaged { seq: 13, .. }), "{error}");
        assert_eq!(fixture.followed(RUN, 20).await.unwrap(), frames(21..=30));
    }

    async fn a_ledger_that_is_being_written_verifies_at_any_moment(db: TestDb) {
        let fixture = Fixture::new(db).await;
        assert_eq!(verdict(&fixture).await, Verdict { frames: 0, pruned: 0, head: frames::chain::genesis(RUN.into()), is_closed: false, fence: Some(crate::support::FENCE), first_bad_seq: None, reason: None });
        let ledger = fixture.ledger.clone();
        let writer = tokio::spawn(async move {
            for first in (1..1000).step_by(3) {
                ledger.append(RUN, crate::support::FENCE, first, frames(first..first + 3)).await.unwrap();
            }
        });
        while !writer.is_finished() {
            let verdict = verdict(&fixture).await;
            assert_eq!(verdict.first_bad_seq, None, "{verdict:?}");
        }
        writer.await.unwrap();
        assert_eq!(verdict(&fixture).await.frames, 999);
    }
}
