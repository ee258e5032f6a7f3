//! A damaged ledger row is the trouble of its run and of nobody else.

use futures::TryStreamExt;
use kernel::Fault;
use ledger::Error;
use test_support::{TestDb, on_both_databases};

use crate::support::{FENCE, FOREIGN, Fixture, RUN, TENANT, frames, run};

/// Runs 1 to 4 with three frames each; the row of run 1 is damaged in this way.
async fn damaged(db: TestDb, set: &str) -> Fixture {
    let fixture = Fixture::new(db).await;
    fixture.append(1, frames(1..=3)).await.unwrap();
    for n in 2..=4 {
        fixture.open(run(n)).await;
        fixture.ledger.append(run(n), FENCE, 1, frames(1..=3)).await.unwrap();
    }
    fixture.disarm().await;
    let id = RUN.0;
    let (id, checks) = if fixture.is_postgres() {
        let drop = "ALTER TABLE ledger DROP CONSTRAINT ledger_seq_check, DROP CONSTRAINT ledger_head_check;";
        (format!("'{id}'"), drop)
    } else {
        (format!("x'{}'", id.simple()), "PRAGMA ignore_check_constraints = ON;")
    };
    let rest = if fixture.is_postgres() { "" } else { "; PRAGMA ignore_check_constraints = OFF" };
    fixture.execute(&format!("{checks} UPDATE ledger SET {set} WHERE run_id = {id} {rest}")).await.unwrap();
    fixture
}

fn is_damaged<T: std::fmt::Debug>(answer: Result<T, Error>) {
    let error = answer.unwrap_err();
    assert!(matches!(error, Error::DamagedHead { run: RUN, .. }), "{error}");
    assert_eq!(error.code(), "LEDGER_DAMAGED");
}

async fn everything_about_it_is_a_typed_error(fixture: &Fixture) {
    is_damaged(fixture.ledger.reader().head(TENANT, RUN).await);
    is_damaged(fixture.ledger.reader().head_to_follow(TENANT, RUN, 0).await);
    is_damaged(fixture.ledger.reader().page(TENANT, RUN, 0, 10).await);
    is_damaged(fixture.ledger.reader().follow(TENANT, RUN, 0).try_collect::<Vec<_>>().await);
    is_damaged(fixture.fence(RUN, FENCE + 1).await);
    is_damaged(fixture.close(RUN, 4, &frames(4..=4)).await);
    let verdict = fixture.ledger.reader().verify(TENANT, RUN).await.unwrap();
    assert_eq!((verdict.frames, verdict.first_bad_seq), (0, Some(1)), "{verdict:?}");
    // In one group commit with it, the others are written.
    let (bad, second, third) = tokio::join!(
        fixture.append(4, frames(4..=4)),
        fixture.ledger.append(run(2), FENCE, 4, frames(4..=4)),
        fixture.ledger.append(run(3), FENCE, 4, frames(4..=4)),
    );
    is_damaged(bad);
    assert_eq!((second.unwrap().seq, third.unwrap().seq), (4, 4));
    let runs: Vec<_> = (0..=5).map(run).collect();
    let heads = fixture.ledger.reader().heads(TENANT, &runs).await.unwrap();
    let seqs: Vec<_> = heads.iter().map(|(run, head)| (*run, head.seq)).collect();
    assert_eq!(seqs, [(run(2), 4), (run(3), 4), (run(4), 3)]);
}

on_both_databases! {
    async fn a_head_of_another_length(db: TestDb) {
        let sql = if db.db.read.backend() == sea_orm::DatabaseBackend::Postgres { "head = '\\x00'" } else { "head = x'00'" };
        everything_about_it_is_a_typed_error(&damaged(db, sql).await).await;
    }

    async fn a_negative_seq(db: TestDb) {
        everything_about_it_is_a_typed_error(&damaged(db, "seq = -3").await).await;
    }

    async fn heads_of_many_runs_are_those_of_each(db: TestDb) {
        let fixture = Fixture::new(db).await;
        let runs: Vec<_> = (1..=40).map(run).collect();
        for (run, n) in runs.iter().zip(1..) {
            if n > 1 {
                fixture.open(*run).await;
            }
            fixture.ledger.append(*run, FENCE, 1, frames(1..=n)).await.unwrap();
        }
        let heads = fixture.ledger.reader().heads(TENANT, &runs).await.unwrap();
        assert_eq!(heads.len(), 40);
        for (run, head) in heads {
            assert_eq!(head, fixture.ledger.reader().head(TENANT, run).await.unwrap());
        }
        assert!(fixture.ledger.reader().heads(FOREIGN, &runs).await.unwrap().is_empty());
        assert!(fixture.ledger.reader().heads(TENANT, &[]).await.unwrap().is_empty());
    }
}
