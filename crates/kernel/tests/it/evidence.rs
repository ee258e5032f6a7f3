//! A database that may not be changed, not by a byte, not by a file beside it.

use std::collections::BTreeMap;
use std::path::Path;

use kernel::{Class, Db, DbError, Fault};
use test_support::{TestDb, block_on, sqlite};

use crate::support::{put, rows, with_tables};

/// Copies the files of a database while it is open, as a crash leaves them.
fn crashed(test: &TestDb, suffixes: &[&str]) -> (tempfile::TempDir, String) {
    let dir = tempfile::tempdir().unwrap();
    let from = test.url.strip_prefix("sqlite://").unwrap();
    for suffix in suffixes {
        std::fs::copy(format!("{from}{suffix}"), dir.path().join(format!("test.db{suffix}"))).unwrap();
    }
    let url = format!("sqlite://{}", dir.path().join("test.db").display());
    (dir, url)
}

/// Every file with its bytes; of SQLite's index only that it is there, because readers mark their place in it.
fn files(dir: &Path) -> BTreeMap<String, Vec<u8>> {
    let file = |entry: std::fs::DirEntry| {
        let name = entry.file_name().into_string().unwrap();
        let bytes = if name.ends_with("-shm") { Vec::new() } else { std::fs::read(entry.path()).unwrap() };
        (name, bytes)
    };
    std::fs::read_dir(dir).unwrap().map(|entry| file(entry.unwrap())).collect()
}

#[test]
fn rows_are_read_and_nothing_is_changed_after_a_clean_end_and_after_a_crash() {
    block_on(async {
        let test = sqlite().await;
        let db = with_tables(&test).await;
        for n in 0..3 {
            put(&db.write, n).await.unwrap();
        }
        let (crashed_dir, crashed_url) = crashed(&test, &["", "-wal", "-shm"]);
        test.db.clone().close().await.unwrap();
        db.close().await.unwrap();
        let (clean_dir, clean_url) = crashed(&test, &[""]);
        for (dir, url) in [(&crashed_dir, &crashed_url), (&clean_dir, &clean_url)] {
            let before = files(dir.path());
            let db = Db::open_read_only(url).await.unwrap();
            assert_eq!(rows(&db).await, [0, 1, 2]);
            let error = put(&db.write, 9).await.unwrap_err();
            assert_eq!(error.class(), Class::Unavailable, "{error}");
            assert!(db.write.probe().try_write().await.is_err());
            db.close().await.unwrap();
            assert_eq!(files(dir.path()), before);
        }
    });
}

#[test]
fn committed_rows_that_cannot_be_reached_are_not_passed_over() {
    block_on(async {
        let test = sqlite().await;
        let db = with_tables(&test).await;
        put(&db.write, 1).await.unwrap();
        let (_dir, url) = crashed(&test, &["", "-wal"]);
        let error = Db::open_read_only(&url).await.unwrap_err();
        assert!(matches!(error, DbError::LogWithoutIndex { .. }), "{error}");
    });
}
