//! A healthy database: reads do not write, and a write is whole or absent.

use futures::future::join_all;
use kernel::{Class, Db, Fault};
use sea_orm::{ConnectionTrait, DbErr};
use test_support::on_both_databases;

use crate::support::{insert, put, rows, with_tables};

on_both_databases! {
    async fn a_read_handle_cannot_write(db: TestDb) {
        let db = with_tables(&db).await;
        let error = db.read.conn().execute_unprepared("INSERT INTO t VALUES (1)").await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::Unavailable, "DATABASE_UNAVAILABLE"), "{error}");
        assert!(rows(&db).await.is_empty());
    }

    async fn a_failed_write_leaves_nothing_behind_and_concurrent_writes_all_land(db: TestDb) {
        let db = with_tables(&db).await;
        let tasks = (0..32).map(|n| {
            let write = db.write.clone();
            // Spawning proves that the transaction's future is `Send`.
            tokio::spawn(async move {
                let body = async |tx: &sea_orm::DatabaseTransaction| {
                    insert(tx, n).await?;
                    if n % 2 == 0 { Err(DbErr::Custom("no".to_owned())) } else { Ok(()) }
                };
                write.write("insert", body).await
            })
        });
        let results = join_all(tasks).await;
        assert_eq!(results.iter().filter(|result| result.as_ref().unwrap().is_ok()).count(), 16);
        assert_eq!(rows(&db).await, (0..32).filter(|n| n % 2 == 1).collect::<Vec<_>>());
    }

    async fn a_write_that_is_dropped_in_the_middle_leaves_nothing_behind_and_the_next_one_works(db: TestDb) {
        let db = with_tables(&db).await;
        for n in 0..20 {
            let write = db.write.clone();
            let (begun, has_begun) = tokio::sync::oneshot::channel();
            let dropped = tokio::spawn(async move {
                let body = async |tx: &sea_orm::DatabaseTransaction| {
                    insert(tx, 1000 + n).await?;
                    begun.send(()).unwrap();
                    std::future::pending::<Result<(), DbErr>>().await
                };
                write.write("dropped", body).await
            });
            has_begun.await.unwrap();
            dropped.abort();
            put(&db.write, n).await.unwrap();
        }
        assert_eq!(rows(&db).await, (0..20).collect::<Vec<_>>());
    }

    async fn a_probe_writes_and_changes_nothing(db: TestDb) {
        let db = with_tables(&db).await;
        put(&db.write, 1).await.unwrap();
        db.write.probe().try_write().await.unwrap();
        assert_eq!(rows(&db).await, [1]);
    }
}

#[tokio::test]
async fn a_file_in_which_nothing_was_ever_stored_is_blank() {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("a.db");
    let url = format!("sqlite://{}", file.display());
    assert!(kernel::is_blank(&file), "absent");
    std::fs::write(&file, b"").unwrap();
    assert!(kernel::is_blank(&file), "empty");
    Db::open(&url).await.unwrap().close().await.unwrap();
    assert!(file.metadata().unwrap().len() > 0 && kernel::is_blank(&file), "a header alone");
    let db = Db::open(&url).await.unwrap();
    let table = async |tx: &_| ConnectionTrait::execute_unprepared(tx, "CREATE TABLE t (n INT)").await;
    db.write.write("make", table).await.unwrap();
    assert!(!kernel::is_blank(&file), "a table in the log");
    db.close().await.unwrap();
    assert!(!kernel::is_blank(&file), "a table");
    std::fs::write(&file, b"of somebody else").unwrap();
    assert!(!kernel::is_blank(&file), "no database");
}
