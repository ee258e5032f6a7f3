//! A PostgreSQL server that ends connections, is not there, or has none left.

use std::time::{Duration, Instant};

use kernel::{Class, Db, Fault};
use sea_orm::{ConnectionTrait, Database, DbErr, Statement};
use test_support::{Proxy, TestDb, block_on, postgres};

use crate::support::{insert, put, rows, with_tables};

/// "Within a few seconds".
const SOON: Duration = Duration::from_secs(6);

async fn on_admin(db: &TestDb, sql: &str) {
    let admin = Database::connect(&db.url).await.unwrap();
    admin.execute_unprepared(sql).await.unwrap();
    admin.close().await.unwrap();
}

/// Ends every session of this database but the one that asks.
const TERMINATE: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()";

#[test]
fn ended_connections_cost_no_write_that_had_not_begun() {
    block_on(async {
        let Some(test) = postgres().await else { return };
        let db = with_tables(&test).await;
        for n in 0..5 {
            on_admin(&test, TERMINATE).await;
            put(&db.write, n).await.unwrap();
            assert_eq!(u32::try_from(rows(&db).await.len()), Ok(n + 1));
        }
    });
}

#[test]
fn a_write_that_may_be_repeated_survives_the_end_of_its_connection() {
    block_on(async {
        let Some(test) = postgres().await else { return };
        let db = with_tables(&test).await;
        let fails_once = std::sync::atomic::AtomicBool::new(true);
        let body = async |tx: &sea_orm::DatabaseTransaction| {
            insert(tx, 1).await?;
            if fails_once.swap(false, std::sync::atomic::Ordering::SeqCst) {
                on_admin(&test, TERMINATE).await;
            }
            insert(tx, 2).await
        };
        let error = db.write.write("once", body).await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::Unavailable, "DATABASE_UNAVAILABLE"), "{error}");
        assert!(rows(&db).await.is_empty());
        assert!(db.write.has_lost_connection(&error));
        db.write.write("again", body).await.unwrap();
        assert_eq!(rows(&db).await, [1, 2]);
    });
}

#[test]
fn a_server_that_is_away_is_known_to_be_so_soon_and_used_again_when_it_is_back() {
    block_on(async {
        let Some(test) = postgres().await else { return };
        with_tables(&test).await;
        let proxy = Proxy::before(&test).await;
        let db = Db::open(&proxy.url).await.unwrap();
        for (nth, take_away) in (0..).zip([Proxy::stop, Proxy::silence]) {
            put(&db.write, 10 + nth).await.unwrap();
            take_away(&proxy);
            let began = Instant::now();
            let written = put(&db.write, 1).await.unwrap_err();
            let read = db.read.conn().execute_unprepared("SELECT 1").await.unwrap_err();
            let opened = db.read.snapshot().await.unwrap_err();
            for error in [written, read, opened] {
                assert_eq!(error.class(), Class::Unavailable, "{error}");
            }
            assert!(began.elapsed() < 3 * SOON, "{:?}", began.elapsed());
            proxy.start();
            put(&db.write, 20 + nth).await.unwrap();
            assert_eq!(u32::try_from(rows(&db).await.len()), Ok(2 * (nth + 1)));
        }
    });
}

#[test]
fn a_server_without_a_connection_left_answers_soon() {
    block_on(async {
        let Some(test) = postgres().await else { return };
        let role = format!("guest_{}", std::process::id());
        let make = format!(
            "CREATE ROLE {role} LOGIN PASSWORD 'guest'; GRANT ALL ON ALL TABLES IN SCHEMA public TO {role}"
        );
        with_tables(&test).await;
        on_admin(&test, &make).await;
        let (scheme, rest) = test.url.split_once("://").unwrap();
        let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
        let url = format!("{scheme}://{role}:guest@{place}");
        let db = Db::open(&url).await.unwrap();
        on_admin(&test, &format!("ALTER ROLE {role} CONNECTION LIMIT 0")).await;
        on_admin(&test, TERMINATE).await;
        let began = Instant::now();
        let error = put(&db.write, 1).await.unwrap_err();
        assert!(began.elapsed() < SOON, "{:?}", began.elapsed());
        assert_eq!(error.class(), Class::Unavailable, "{error}");
        on_admin(&test, &format!("ALTER ROLE {role} CONNECTION LIMIT -1")).await;
        put(&db.write, 1).await.unwrap();
        db.close().await.unwrap();
        on_admin(&test, &format!("DROP OWNED BY {role}; DROP ROLE {role}")).await;
    });
}

#[test]
fn a_reader_that_gives_up_leaves_no_transaction_open() {
    block_on(async {
        let Some(test) = postgres().await else { return };
        let db = with_tables(&test).await;
        for polls in 0..200 {
            let read = db.read.clone();
            let task = tokio::spawn(async move { read.snapshot().await.map(drop) });
            for _ in 0..polls % 20 {
                tokio::task::yield_now().await;
            }
            task.abort();
            let _ = task.await;
        }
        // As many readers as there are connections: each of them answers outside a transaction.
        let sql = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()
            AND state = 'idle in transaction'";
        let query = Statement::from_string(db.read.backend(), sql);
        let is_open = async || {
            let row = db.read.conn().query_one_raw(query.clone()).await.unwrap().unwrap();
            row.try_get_by_index::<i64>(0).unwrap() > 0
        };
        // The last roll-backs may still be on their way.
        let settled = async {
            while is_open().await {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(SOON, settled).await.unwrap();
    });
}

#[test]
fn a_text_that_cannot_be_stored_is_the_callers_fault_and_leaves_nothing() {
    block_on(async {
        let Some(test) = postgres().await else { return };
        let db = with_tables(&test).await;
        let body = async |tx: &sea_orm::DatabaseTransaction| {
            insert(tx, 1).await?;
            let backend = sea_orm::DatabaseBackend::Postgres;
            let words = Statement::from_sql_and_values(backend, "SELECT $1::text", ["a\0b".into()]);
            tx.execute_raw(words).await.map(drop)
        };
        let error: DbErr = db.write.write("words", body).await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::Invalid, "TEXT_NOT_STORABLE"), "{error}");
        assert!(rows(&db).await.is_empty());
    });
}
