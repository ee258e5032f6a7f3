//! The rules that stand in the database itself, and the agreement of schema and entities.

use frames::Decision;
use kernel::{Digest, Seed};
use migration::{Migrator, MigratorTrait};
use runs::{Filter, Input, Listed, RunState, Submit};
use sea_orm::DatabaseBackend;
use test_support::on_both_databases;
use wire::runs::InputSource;

use crate::support::{Fixture, Script, ScriptKind, TENANT};

async fn refused(fixture: &Fixture, sql: &str, because: &str) {
    let error = fixture.execute(sql).await.unwrap_err().to_string();
    assert!(error.contains(because), "{sql}: {error}");
}

/// A run with a row in every table of a run.
async fn full(fixture: &Fixture) -> runs::Run {
    let input = Input {
        role: "data".to_owned(),
        source: InputSource::Dataset,
        source_id: "d".to_owned(),
        digest: Digest::of("d"),
    };
    let submit = Submit { inputs: vec![input.clone(), input], ..Submit::new("test", Seed(1), Script::Ask) };
    let asking = fixture.engine.submit::<ScriptKind>(TENANT, submit).await.unwrap();
    fixture.saw(asking, "approval.requested").await;
    fixture.engine.decide(TENANT, asking, "go-on", Decision::Approved, None).await.unwrap();
    fixture.engine.settled(TENANT, asking).await.unwrap();
    fixture.run(Script::Squares(vec![2])).await
}

/// SQLite only: `REPLACE` removes what stands in its way without any delete trigger.
#[test]
fn replace_gets_around_no_rule() {
    test_support::block_on(async {
        let fixture = Fixture::started(test_support::sqlite().await);
        full(&fixture).await;
        for table in [
            "run",
            "run_attempt",
            "run_input",
            "run_artifact",
            "run_decision",
            "shard_result",
            "conversation",
        ] {
            let sql = format!("REPLACE INTO {table} SELECT * FROM {table}");
            assert!(fixture.execute(&sql).await.is_err(), "{sql}");
        }
        fixture.submit(Script::Deaf).await;
        let sql = "UPDATE OR REPLACE run SET idempotency_key = 'x'";
        assert!(fixture.execute(sql).await.is_err());
    });
}

on_both_databases! {
    async fn a_run_leaves_with_all_its_parts_where_a_receipt_names_it(db: TestDb) {
        let fixture = Fixture::started(db);
        let gone = fixture.run(Script::Count(1)).await;
        let kept = fixture.run(Script::Count(1)).await;
        let (table, id) = match fixture.db.db.write.backend() {
            DatabaseBackend::Postgres => ("uuid_send(id)", format!("'{}'", gone.id)),
            _ => ("id", format!("x'{}'", gone.id.0.simple())),
        };
        let receipt = format!("INSERT INTO retention_receipt VALUES ({id}, {id}, 'too old', '{{}}', 1)");
        fixture.execute(&receipt).await.unwrap();
        let release = format!(
            "INSERT INTO retention_release SELECT {id}, 'run', {table} FROM run WHERE id = {id}"
        );
        fixture.execute(&release).await.unwrap();
        for parts in ["run_attempt", "run_artifact"] {
            fixture.execute(&format!("DELETE FROM {parts} WHERE run_id = {id}")).await.unwrap();
        }
        fixture.execute(&format!("DELETE FROM run WHERE id = {id}")).await.unwrap();
        assert!(runs::find(&fixture.db.db.read, TENANT, gone.id).await.unwrap().is_none());
        assert_eq!(fixture.found(kept.id).await.state, RunState::Succeeded);
        refused(&fixture, "DELETE FROM run", "only with a receipt").await;
        refused(&fixture, "DELETE FROM retention_release", "a receipt never changes").await;
    }

    async fn one_damaged_row_spoils_no_list(db: TestDb) {
        let fixture = Fixture::new(db);
        let damaged = fixture.submit(Script::Count(1)).await;
        let healthy = fixture.submit(Script::Count(1)).await;
        let sql = format!("UPDATE run SET started_us = 9223372036854775807 WHERE {}", fixture.is("id", damaged));
        fixture.execute(&sql).await.unwrap();
        let listed = runs::list(&fixture.db.db.read, TENANT, &Filter::default(), None, 10).await.unwrap();
        assert_eq!(listed.iter().map(Listed::id).collect::<Vec<_>>(), [healthy, damaged]);
        assert!(listed[0].run().is_some() && matches!(&listed[1], Listed::Damaged { reason, .. } if reason.contains("time")));
    }

    async fn the_database_refuses_success_without_metrics(db: TestDb) {
        let fixture = Fixture::new(db);
        fixture.submit(Script::Count(1)).await;
        let sql = "UPDATE run SET state = 'succeeded', ended_us = 1";
        refused(&fixture, sql, "without its metrics artifact").await;
        let failed = "UPDATE run SET state = 'failed', ended_us = 1, error_code = 'X'";
        refused(&fixture, failed, "without its metrics artifact").await;
    }

    async fn the_database_refuses_any_change_of_a_terminal_run(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = full(&fixture).await;
        for (sql, because) in [
            ("UPDATE run SET title = 'x'", "a terminal run never changes"),
            ("UPDATE run SET state = 'queued', ended_us = NULL", "a terminal run never changes"),
            ("UPDATE run_attempt SET worker = 'x'", "never changes"),
            ("UPDATE run_input SET role = 'x'", "an input never changes"),
            ("UPDATE run_artifact SET name = 'x'", "an artifact never changes"),
            ("UPDATE run_decision SET reason = 'x'", "never changes"),
            ("UPDATE shard_result SET output = 'x'", "a stored result never changes"),
            ("DELETE FROM run_attempt", "only with a receipt"),
            ("DELETE FROM run_input", "only with a receipt"),
            ("DELETE FROM run_artifact", "only with a receipt"),
            ("DELETE FROM run_decision", "only with a receipt"),
            ("DELETE FROM shard_result", "only with a receipt"),
            ("DELETE FROM run", "only with a receipt"),
        ] {
            refused(&fixture, sql, because).await;
        }
        let copy = "INSERT INTO run_artifact SELECT run_id, run_id, 'late', media_type, size_bytes, digest, created_us
            FROM run_artifact";
        refused(&fixture, copy, "takes no further artifact").await;
        let after = runs::find(&fixture.db.db.read, TENANT, run.id).await.unwrap().unwrap();
        assert_eq!(after.title, "test");
    }

    async fn lists_are_newest_first_filtered_and_paged_without_gap(db: TestDb) {
        let fixture = Fixture::new(db);
        let mut ids = Vec::new();
        for n in 0..7 {
            ids.push(fixture.submit(Script::Count(n)).await);
        }
        fixture.engine.cancel(TENANT, ids[3]).await.unwrap();
        ids.reverse();
        let read = &fixture.db.db.read;
        let mut seen = Vec::new();
        loop {
            let page = runs::list(read, TENANT, &Filter::default(), seen.last().copied(), 3).await.unwrap();
            if page.is_empty() {
                break;
            }
            seen.extend(page.iter().map(Listed::id));
        }
        assert_eq!(seen, ids);
        let cancelled = Filter { state: Some(RunState::Cancelled), ..Filter::default() };
        let page = runs::list(read, TENANT, &cancelled, None, 10).await.unwrap();
        assert_eq!(page.iter().map(Listed::id).collect::<Vec<_>>(), [ids[3]]);
        let other = Filter { kind: Some("other".to_owned()), ..Filter::default() };
        assert!(runs::list(read, TENANT, &other, None, 10).await.unwrap().is_empty());
    }

    async fn the_schema_goes_down_and_up_again(db: TestDb) {
        let conn = kernel::Db::open_for_migration(&db.url).await.unwrap();
        Migrator::down(&conn, None).await.unwrap();
        Migrator::up(&conn, None).await.unwrap();
        conn.close().await.unwrap();
        let fixture = Fixture::started(db);
        assert_eq!(fixture.run(Script::Count(1)).await.state, RunState::Succeeded);
    }
}
