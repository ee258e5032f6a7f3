//! What the connections of one database keep is bounded, however much is written and read through them. Alone in its
//! program, because it measures the process.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]
#![cfg(target_os = "linux")]

use futures::future::join_all;
use kernel::Db;
use sea_orm::{ConnectionTrait, DatabaseBackend, Statement};

const MIB: usize = 1 << 20;
/// The page caches of all connections are 48 MiB at most; the rest is theirs for statements, and the allocator's.
const BOUND: usize = 96 * MIB;
/// What is measured is what the connections keep, not what the allocator sets aside for each thread: one arena.
const ONE_ARENA: (&str, &str) = ("MALLOC_ARENA_MAX", "1");

fn resident_bytes() -> usize {
    let pages = std::fs::read_to_string("/proc/self/statm").unwrap();
    pages.split(' ').nth(1).unwrap().parse::<usize>().unwrap() * 4096
}

/// The allocator takes its settings when a process begins, so the measuring one is another.
#[test]
fn the_memory_of_all_connections_is_bounded() {
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["measured", "--exact", "--ignored", "--nocapture"])
        .env(ONE_ARENA.0, ONE_ARENA.1)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    assert!(child.status.success() && said.contains("1 passed"), "{said}");
}

/// Four times as much data as all caches together, read in full by every connection at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "its parent runs it"]
async fn measured() {
    let dir = tempfile::tempdir().unwrap();
    let db = Db::open(&format!("sqlite://{}", dir.path().join("a.db").display())).await.unwrap();
    let create = "CREATE TABLE t (n INTEGER PRIMARY KEY, body BLOB NOT NULL)";
    db.write.write("table", async |tx| tx.execute_unprepared(create).await).await.unwrap();
    let before = resident_bytes();
    for _ in 0..192 {
        let insert = "INSERT INTO t (body) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1024)
            SELECT zeroblob(1000) FROM n";
        db.write.write("rows", async |tx| tx.execute_unprepared(insert).await).await.unwrap();
    }
    let query = Statement::from_string(DatabaseBackend::Sqlite, "SELECT sum(length(body)) FROM t");
    let sums = join_all((0..8).map(|_| db.read.conn().query_one_raw(query.clone()))).await;
    for sum in sums {
        assert_eq!(sum.unwrap().unwrap().try_get_by_index::<i64>(0).unwrap(), 192 * 1024 * 1000);
    }
    let grown = resident_bytes().saturating_sub(before);
    assert!(grown < BOUND, "{} MiB", grown / MIB);
}
