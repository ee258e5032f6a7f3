//! Several programs that start at once on one database.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::time::Duration;

use futures::future::join_all;
use kernel::Db;
use sea_orm_migration::sea_orm::{ConnectionTrait, Database, TransactionTrait};
use test_support::{block_on, on_both_databases};

const PROGRAMS: usize = 6;

/// Opens the database anew for each program and brings the schema forward in all of them at once.
async fn start_all(url: &str) {
    let programs = (0..PROGRAMS).map(|_| {
        let url = url.to_owned();
        tokio::spawn(async move {
            let conn = Db::open_for_migration(&url).await.unwrap();
            migration::up(&conn).await.unwrap();
            conn.close().await.unwrap();
        })
    });
    for program in join_all(programs).await {
        program.unwrap();
    }
    let conn = Db::open_for_migration(url).await.unwrap();
    assert!(migration::pending(&conn).await.unwrap().is_empty());
    conn.close().await.unwrap();
}

#[test]
fn programs_that_meet_at_a_new_sqlite_file_all_find_the_schema() {
    block_on(async {
        for _ in 0..20 {
            let dir = tempfile::tempdir().unwrap();
            start_all(&format!("sqlite://{}", dir.path().join("new.db").display())).await;
        }
    });
}

#[test]
fn programs_that_meet_at_a_new_postgresql_database_all_find_the_schema() {
    let Ok(server) = std::env::var("ASSAY_TEST_POSTGRES_URL") else { return };
    block_on(async {
        let admin = Database::connect(format!("{server}/postgres")).await.unwrap();
        for nth in 0..3 {
            let name = format!("assay_race_{}_{nth}", std::process::id());
            admin.execute_unprepared(&format!("CREATE DATABASE {name}")).await.unwrap();
            start_all(&format!("{server}/{name}")).await;
            admin.execute_unprepared(&format!("DROP DATABASE {name}")).await.unwrap();
        }
    });
}

on_both_databases! {
    async fn what_is_up_to_date_waits_for_no_writer(db: TestDb) {
        let writer = Db::open_for_migration(&db.url).await.unwrap();
        let tx = writer.begin().await.unwrap();
        tx.execute_unprepared("DELETE FROM retention_release").await.unwrap();
        let conn = Db::open_for_migration(&db.url).await.unwrap();
        tokio::time::timeout(Duration::from_secs(5), migration::up(&conn)).await.unwrap().unwrap();
        tx.rollback().await.unwrap();
    }

    async fn all_is_taken_back_and_made_again(db: TestDb) {
        let conn = Db::open_for_migration(&db.url).await.unwrap();
        migration::down(&conn).await.unwrap();
        assert!(!migration::pending(&conn).await.unwrap().is_empty());
        migration::up(&conn).await.unwrap();
        assert!(migration::pending(&conn).await.unwrap().is_empty());
    }
}
