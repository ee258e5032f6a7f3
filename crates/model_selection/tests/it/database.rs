//! The rules that stand in the database itself, and the way the migrations go back and forth.

use kernel::Db;
use migration::{Migrator, MigratorTrait};
use model_selection::registry::{Expected, MoveAlias};
use test_support::on_both_databases;

use crate::support::{Fixture, TENANT, on_pair, weekly};

async fn refused(fixture: &Fixture, sql: &str, because: &str) {
    let error = fixture.try_execute(sql, Vec::new()).await.unwrap_err().to_string();
    assert!(error.contains(because), "{sql}: {error}");
}

on_both_databases! {
    async fn a_settled_comparison_never_changes(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        fixture.compare(on_pair(pair, 120, &["naive"])).await;
        for sql in ["UPDATE comparison SET winner_model_type = 'x'", "DELETE FROM comparison"] {
            refused(&fixture, sql, "a settled comparison never changes").await;
        }
        let copy = "INSERT INTO comparison_candidate (run_id, ordinal, candidate_id, model_type, params, status)
             SELECT run_id, 9, run_id, model_type, params, 'pending' FROM comparison_candidate";
        let candidates = ["UPDATE comparison_candidate SET series_done = 0", "DELETE FROM comparison_candidate", copy];
        for sql in candidates {
            refused(&fixture, sql, "the candidates of a settled comparison never change").await;
        }
    }

    async fn the_registry_only_grows(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let model_id = fixture.registered(pair, "naive").await.model_id;
        let alias = MoveAlias {
            alias_name: "a".to_owned(),
            model_id,
            moved_by: "ada".to_owned(),
            reason: None,
            expected: Expected::Any,
        };
        fixture.selector.move_alias(TENANT, alias).await.unwrap();
        for table in ["registered_model", "model_alias_move"] {
            let column = if table == "registered_model" { "registered_by" } else { "moved_by" };
            for sql in [format!("UPDATE {table} SET {column} = 'x'"), format!("DELETE FROM {table}")] {
                let error = fixture.try_execute(&sql, Vec::new()).await.unwrap_err().to_string();
                assert!(error.contains("never changes") || error.contains("only grows"), "{sql}: {error}");
            }
        }
    }

    async fn the_migrations_go_up_down_and_up_again(db: TestDb) {
        let url = db.url.clone();
        db.db.clone().close().await.unwrap();
        let conn = Db::open_for_migration(&url).await.unwrap();
        Migrator::down(&conn, None).await.unwrap();
        Migrator::up(&conn, None).await.unwrap();
        conn.close().await.unwrap();
        let mut db = db;
        db.db = Db::open(&url).await.unwrap();
        let fixture = Fixture::started(db);
        // Every entity is written and read on the way.
        let pair = fixture.sells(&weekly(120)).await;
        let detail = fixture.compare(on_pair(pair, 120, &["naive"])).await;
        assert_eq!(detail.progress.completed, 1);
        fixture.registered(pair, "naive").await;
    }
}
