//! The same work without a ledger: one row per frame, the same handles, the same durability.

use std::time::Instant;

use kernel::{ReadDb, RunId, WriteDb};
use sea_orm::{ConnectionTrait, DbBackend, DbErr, Statement, Value};
use tokio::task::JoinSet;

use crate::Outcome;
use crate::place::Scratch;

/// Rows of one `INSERT`.
const ROWS: u64 = 1000;

/// Rows of one commit of the batched peer: 4 MiB of frames, about what a group commit has.
pub(crate) const ROWS_PER_COMMIT: u64 = 8192;

/// Inserts `total` rows, `per_commit` of them in a transaction, by so many writers at once. Returns the seconds.
pub(crate) async fn insert(
    scratch: &Scratch,
    [first_run, n_writers]: [u128; 2],
    total: u64,
    per_commit: u64,
) -> Outcome<f64> {
    let mut writers = JoinSet::new();
    let begun = Instant::now();
    for n in 0..n_writers {
        let each = total / u64::try_from(n_writers)?;
        writers.spawn(write(scratch.db.write.clone(), crate::ours::run(first_run + n), each, per_commit));
    }
    while let Some(written) = writers.join_next().await {
        written??;
    }
    Ok(begun.elapsed().as_secs_f64())
}

async fn write(db: WriteDb, run: RunId, total: u64, per_commit: u64) -> Result<(), DbErr> {
    let mut done = 0;
    while done < total {
        let until = (done + per_commit).min(total);
        db.write("insert", async |tx| {
            while done < until {
                let n = ROWS.min(until - done);
                insert_rows(tx, run, done, n).await?;
                done += n;
            }
            Ok::<_, DbErr>(())
        })
        .await?;
    }
    Ok(())
}

async fn insert_rows(conn: &impl ConnectionTrait, run: RunId, after: u64, n: u64) -> Result<(), DbErr> {
    // SQLite is slow with many numbered parameters.
    let row = |i: u64| match conn.get_database_backend() {
        DbBackend::Postgres => format!("(${}, ${}, ${})", i * 3 + 1, i * 3 + 2, i * 3 + 3),
        _ => "(?, ?, ?)".to_owned(),
    };
    let rows: Vec<String> = (0..n).map(row).collect();
    let sql = format!("INSERT INTO raw_frame (run_id, seq, frame) VALUES {}", rows.join(", "));
    let values = crate::work::frames(n).into_iter().zip(after + 1..).flat_map(|(frame, seq)| -> [Value; 3] {
        [run.into(), i64::try_from(seq).unwrap_or(i64::MAX).into(), frame.into()]
    });
    conn.execute_raw(Statement::from_sql_and_values(conn.get_database_backend(), sql, values)).await?;
    Ok(())
}

/// Reads at most `limit` rows after `after`.
pub(crate) async fn select(
    db: &ReadDb,
    run: RunId,
    after: i64,
    limit: i64,
) -> Result<Vec<(i64, String)>, DbErr> {
    let sql = "SELECT seq, frame FROM raw_frame WHERE run_id = $1 AND seq > $2 ORDER BY seq LIMIT $3";
    let statement =
        Statement::from_sql_and_values(db.backend(), sql, [run.into(), after.into(), limit.into()]);
    let rows = db.conn().query_all_raw(statement).await?;
    rows.iter().map(|row| Ok((row.try_get_by_index(0)?, row.try_get_by_index(1)?))).collect()
}
