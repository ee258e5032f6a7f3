//! The database fails in the middle: what was acknowledged is there, and the next append works.

use futures::future::join_all;
use kernel::{Class, Fault};
use ledger::Error;
use test_support::on_both_databases;

use crate::support::{FENCE, Fixture, RUN, TENANT, frames, run};

/// Makes the database refuse blocks that hold the frame `needle`.
async fn break_on(fixture: &Fixture, needle: &str) {
    let sql = if fixture.is_postgres() {
        format!(
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'the disk is broken'; END $$;
             CREATE TRIGGER broken BEFORE INSERT ON frame_block FOR EACH ROW
             WHEN (position('{needle}' in NEW.body) > 0) EXECUTE FUNCTION broken()"
        )
    } else {
        format!(
            "CREATE TRIGGER broken BEFORE INSERT ON frame_block WHEN instr(NEW.body, '{needle}') > 0
             BEGIN SELECT RAISE(ABORT, 'the disk is broken'); END"
        )
    };
    fixture.execute(&sql).await.unwrap();
}

/// Makes the database refuse the step of a head to `seq`, after the blocks are written.
async fn break_head(fixture: &Fixture, seq: u64) {
    let sql = if fixture.is_postgres() {
        format!(
            "CREATE FUNCTION broken() RETURNS trigger LANGUAGE plpgsql AS $$
             BEGIN RAISE EXCEPTION 'the disk is broken'; END $$;
             CREATE TRIGGER broken BEFORE UPDATE ON ledger FOR EACH ROW
             WHEN (NEW.seq = {seq}) EXECUTE FUNCTION broken()"
        )
    } else {
        format!(
            "CREATE TRIGGER broken BEFORE UPDATE ON ledger WHEN NEW.seq = {seq}
             BEGIN SELECT RAISE(ABORT, 'the disk is broken'); END"
        )
    };
    fixture.execute(&sql).await.unwrap();
}

async fn mend(fixture: &Fixture, table: &str) {
    let sql = if fixture.is_postgres() {
        format!("DROP TRIGGER broken ON {table}; DROP FUNCTION broken()")
    } else {
        "DROP TRIGGER broken".to_owned()
    };
    fixture.execute(&sql).await.unwrap();
}

on_both_databases! {
    async fn a_failed_write_acknowledges_nothing_and_the_next_append_works(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let mut acknowledged = 0;
        for nth in [1, 4, 7] {
            break_on(&fixture, &format!(r#""event_id":{nth},"#)).await;
            for first in acknowledged + 1..nth {
                fixture.append(first, frames(first..=first)).await.unwrap();
            }
            let error = fixture.append(nth, frames(nth..=nth + 1)).await.unwrap_err();
            assert!(matches!(error, Error::Db(_)), "{error}");
            assert_eq!((error.class(), error.code()), (Class::Internal, "DATABASE_ERROR"));
            assert_eq!(fixture.stored(RUN).await, frames(1..nth));
            mend(&fixture, "frame_block").await;
            acknowledged = fixture.append(nth, frames(nth..=nth + 1)).await.unwrap().seq;
            assert_eq!(fixture.stored(RUN).await, frames(1..=nth + 1));
        }
    }

    async fn a_head_that_does_not_move_takes_its_frames_back(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let head = fixture.append(1, frames(1..=2)).await.unwrap();
        break_head(&fixture, 4).await;
        fixture.append(3, frames(3..=4)).await.unwrap_err();
        fixture.close(RUN, 3, &frames(3..=4)).await.unwrap_err();
        assert_eq!(fixture.ledger.reader().head(TENANT, RUN).await.unwrap(), head);
        mend(&fixture, "ledger").await;
        fixture.close(RUN, 3, &frames(3..=4)).await.unwrap();
        assert_eq!(fixture.followed(RUN, 0).await.unwrap(), frames(1..=4));
    }

    async fn a_run_the_database_refuses_does_not_harm_the_others(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let runs: Vec<_> = (20..30).map(run).collect();
        for run in &runs {
            fixture.open(*run).await;
        }
        break_on(&fixture, r#""event_id":13,"#).await;
        // Begun together, so most of them share groups; one run of them holds the frame that breaks the disk.
        let appends = runs.iter().zip(4..).map(|(run, n)| fixture.ledger.append(*run, FENCE, 1, frames(1..=n)));
        let answers = join_all(appends).await;
        for ((run, answer), n) in runs.iter().zip(answers).zip(4..) {
            let expected = if n < 13 { n } else { 0 };
            assert_eq!(answer.is_ok(), n < 13, "{answer:?}");
            assert_eq!(fixture.stored(*run).await, frames(1..=expected));
        }
        mend(&fixture, "frame_block").await;
        assert_eq!(fixture.ledger.append(runs[9], FENCE, 1, frames(1..=13)).await.unwrap().seq, 13);
    }

    async fn an_append_nobody_waits_for_is_whole_or_absent(db: TestDb) {
        let fixture = Fixture::new(db).await;
        for first in (1..=100).step_by(10) {
            let append = fixture.append(first, frames(first..=first + 9)).await;
            append.unwrap();
            let ledger = fixture.ledger.clone();
            let given_up = tokio::spawn(async move { ledger.append(RUN, FENCE, first, frames(first..=first + 19)).await });
            tokio::task::yield_now().await;
            given_up.abort();
            let _ = given_up.await;
        }
        let stored = fixture.stored(RUN).await;
        assert!(stored.len() == 100 || stored.len() == 110, "{}", stored.len());
        assert_eq!(stored, frames(1..=stored.len() as u64));
    }
}
