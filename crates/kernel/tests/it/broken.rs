//! Transactions that cannot end: nothing that was acknowledged is lost, and the next write works.

use kernel::{Class, Fault};
use sea_orm::{ConnectionTrait, DbErr};
use test_support::on_both_databases;

use crate::support::{insert, is_postgres, put, rows, with_tables};

on_both_databases! {
    async fn a_write_after_failed_commits_is_seen_by_others(db: TestDb) {
        let db = with_tables(&db).await;
        put(&db.write, 1).await.unwrap();
        for _ in 0..3 {
            // The database ended the transaction by itself, as SQLite does on a full disk: neither COMMIT nor ROLLBACK
            // finds one.
            let body = async |tx: &sea_orm::DatabaseTransaction| {
                insert(tx, 10).await?;
                tx.execute_unprepared("ROLLBACK").await.map(drop)
            };
            let ended = db.write.write("ended from outside", body).await;
            // PostgreSQL takes a COMMIT outside a transaction; what the body wrote is gone there too.
            assert!(ended.is_err() || is_postgres(&db));
            // The commit fails and the transaction stays open.
            let body = async |tx: &sea_orm::DatabaseTransaction| {
                insert(tx, 11).await?;
                tx.execute_unprepared("INSERT INTO child VALUES (1, 2)").await.map(drop)
            };
            db.write.write("without its parent", body).await.unwrap_err();
        }
        for n in 2..6 {
            put(&db.write, n).await.unwrap();
            assert_eq!(rows(&db).await, (1..=i32::try_from(n).unwrap()).collect::<Vec<_>>());
        }
        // Nor is the lock kept from others.
        let other = kernel::Db::open(&db_url(&db).await).await.unwrap();
        put(&other.write, 6).await.unwrap();
    }

    async fn a_failure_that_a_body_passes_over_is_not_acknowledged_as_a_whole(db: TestDb) {
        let db = with_tables(&db).await;
        let body = async |tx: &sea_orm::DatabaseTransaction| {
            insert(tx, 1).await?;
            tx.execute_unprepared("INSERT INTO nowhere VALUES (1)").await.ok();
            Ok::<_, DbErr>(())
        };
        let ended = db.write.write("careless", body).await;
        // SQLite keeps the transaction, PostgreSQL has lost it: whoever was told "done" finds it done.
        assert_eq!(rows(&db).await.len(), usize::from(ended.is_ok()));
    }

    async fn a_full_database_says_so_and_takes_the_next_write_once_there_is_room(db: TestDb) {
        let db = with_tables(&db).await;
        if is_postgres(&db) {
            return;
        }
        let body = async |tx: &sea_orm::DatabaseTransaction| {
            tx.execute_unprepared("PRAGMA max_page_count = 1").await?;
            tx.execute_unprepared("CREATE TABLE large AS SELECT zeroblob(100000)").await.map(drop)
        };
        let error = db.write.write("too much", body).await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::StorageFull, "STORAGE_FULL"), "{error}");
        assert!(error.is_retryable());
        put(&db.write, 1).await.unwrap();
        assert_eq!(rows(&db).await, [1]);
    }
}

/// Where this database is.
async fn db_url(db: &kernel::Db) -> String {
    let (sql, scheme) = if is_postgres(db) {
        ("SELECT current_database()", std::env::var("ASSAY_TEST_POSTGRES_URL").unwrap() + "/")
    } else {
        ("SELECT file FROM pragma_database_list", "sqlite://".to_owned())
    };
    let query = sea_orm::Statement::from_string(db.read.backend(), sql);
    let row = db.read.conn().query_one_raw(query).await.unwrap().unwrap();
    scheme + &row.try_get_by_index::<String>(0).unwrap()
}
