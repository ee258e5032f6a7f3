//! The rules that stand in the database itself, and the agreement of schema and entities.

use migration::{Migrator, MigratorTrait};
use runs::{Filter, RunState};
use sea_orm::{ConnectionTrait, DbErr};
use test_support::on_both_databases;

use crate::support::{Fixture, Script, TENANT};

async fn execute(fixture: &Fixture, sql: &str) -> Result<(), DbErr> {
    fixture.db.db.write.write("test", async |tx| tx.execute_unprepared(sql).await.map(drop)).await
}

async fn refused(fixture: &Fixture, sql: &str, because: &str) {
    let error = execute(fixture, sql).await.unwrap_err().to_string();
    assert!(error.contains(because), "{sql}: {error}");
}

on_both_databases! {
    async fn the_database_refuses_success_without_metrics(db: TestDb) {
        let fixture = Fixture::new(db);
        fixture.submit(Script::Count(1)).await;
        let sql = "UPDATE run SET state = 'succeeded', ended_us = 1";
        refused(&fixture, sql, "without its metrics artifact").await;
    }

    async fn the_database_refuses_any_change_of_a_terminal_run(db: TestDb) {
        let fixture = Fixture::started(db);
        let run = fixture.run(Script::Count(1)).await;
        for sql in ["UPDATE run SET title = 'x'", "DELETE FROM run"] {
            refused(&fixture, sql, "a terminal run never changes").await;
        }
        for sql in ["UPDATE run_artifact SET name = 'x'", "DELETE FROM run_artifact"] {
            refused(&fixture, sql, "an artifact never changes").await;
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
            seen.extend(page.iter().map(|run| run.id));
        }
        assert_eq!(seen, ids);
        let cancelled = Filter { state: Some(RunState::Cancelled), ..Filter::default() };
        let page = runs::list(read, TENANT, &cancelled, None, 10).await.unwrap();
        assert_eq!(page.iter().map(|run| run.id).collect::<Vec<_>>(), [ids[3]]);
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
