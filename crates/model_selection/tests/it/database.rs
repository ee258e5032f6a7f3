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
            model_id: Some(model_id),
            moved_by: "ada".to_owned(),
            reason: None,
            expected: Expected::Any,
        };
        fixture.selector.move_alias(TENANT, alias).await.unwrap();
        let tables =
            [("registered_model", "registered_by"), ("model_alias_move", "moved_by"), ("model_event", "state")];
        for (table, column) in tables {
            for sql in [format!("UPDATE {table} SET {column} = 'x'"), format!("DELETE FROM {table}")] {
                let error = fixture.try_execute(&sql, Vec::new()).await.unwrap_err().to_string();
                assert!(error.contains("never change") || error.contains("only grows"), "{sql}: {error}");
            }
        }
    }

    async fn nothing_is_written_over_what_is_there(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        fixture.compare(on_pair(pair, 120, &["naive"])).await;
        let waiting = {
            let idle = on_pair(pair, 120, &["seasonal_naive"]);
            fixture.compare(idle).await.selection_id
        };
        let model_id = fixture.registered(pair, "naive").await.model_id;
        let alias = MoveAlias {
            alias_name: "a".to_owned(),
            model_id: Some(model_id),
            moved_by: "ada".to_owned(),
            reason: None,
            expected: Expected::Any,
        };
        fixture.selector.move_alias(TENANT, alias).await.unwrap();
        let is_sqlite = fixture.db.url.starts_with("sqlite");
        for table in ["comparison", "comparison_candidate", "registered_model", "model_event", "model_alias_move"] {
            // On PostgreSQL the same statement without REPLACE meets the primary key.
            let replace = if is_sqlite { "INSERT OR REPLACE" } else { "INSERT" };
            let sql = format!("{replace} INTO {table} SELECT * FROM {table}");
            fixture.try_execute(&sql, Vec::new()).await.unwrap_err();
        }
        // A version that does not follow the newest would count, and the ones between would be missing.
        let events = "INSERT INTO model_event (model_id, version, tenant_id, state, changed_by, changed_us)
            SELECT model_id, 9, tenant_id, 'archived', 'x', 0 FROM model_event";
        let moves = "INSERT INTO model_alias_move
             SELECT tenant_id, name, 9, to_model_id, NULL, 'x', 'x', 0 FROM model_alias_move";
        refused(&fixture, events, "the events of a model never change").await;
        refused(&fixture, moves, "the history of an alias never changes").await;
        fixture.selector.reader().comparison(TENANT, waiting).await.unwrap();
    }

    async fn a_receipt_that_names_the_run_lets_its_comparison_go_and_no_other(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let gone = fixture.compare(on_pair(pair, 120, &["naive"])).await.selection_id;
        let kept = fixture.compare(on_pair(pair, 120, &["naive"])).await.selection_id;
        let receipt = "INSERT INTO retention_receipt (id, tenant_id, reason, removed, created_us)
             VALUES ($1, $2, 'test', '{}', 0)";
        fixture.execute(receipt, vec![gone.into(), TENANT.id().into()]).await;
        let release = "INSERT INTO retention_release (receipt_id, kind, subject) VALUES ($1, 'run', $2)";
        fixture.execute(release, vec![gone.into(), gone.0.as_bytes().to_vec().into()]).await;
        for table in ["comparison_candidate", "comparison"] {
            let sql = format!("DELETE FROM {table} WHERE run_id = $1");
            fixture.execute(&sql, vec![gone.into()]).await;
            fixture.try_execute(&sql, vec![kept.into()]).await.unwrap_err();
        }
        fixture.selector.reader().comparison(TENANT, kept).await.unwrap();
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
