//! Who is at work on the series of a dataset that cannot be seen yet, and what becomes of series that nobody finishes.

use kernel::{Clock, Db, ReadDb, WriteDb};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};

use crate::key::DatasetId;
use crate::sql;
use crate::unfinished::is_left_behind;

/// Series that have neither a dataset nor a claim are of an earlier version, and left behind when no import can be this
/// old.
const PATIENCE_MS: u64 = 3_600_000;

/// Says that an import begins.
pub(super) async fn begin(tx: &DatabaseTransaction, id: DatasetId, now_us: i64) -> Result<(), DbErr> {
    let insert = "INSERT INTO series_import (dataset_id, touched_us, is_gone) VALUES ($1, $2, FALSE)";
    sql::execute(tx, insert, [id.into(), now_us.into()]).await.map(drop)
}

/// Says that the import goes on, and learns whether it may.
pub(super) async fn touch(tx: &DatabaseTransaction, id: DatasetId, now_us: i64) -> Result<(), DbErr> {
    let change = "UPDATE series_import SET touched_us = $2 WHERE dataset_id = $1 AND NOT is_gone";
    match sql::execute(tx, change, [id.into(), now_us.into()]).await? {
        0 => Err(taken_for_left_behind(id)),
        _ => Ok(()),
    }
}

/// The import has ended, in the transaction in which its dataset appears.
pub(super) async fn end(tx: &DatabaseTransaction, id: DatasetId) -> Result<(), DbErr> {
    let change = "DELETE FROM series_import WHERE dataset_id = $1 AND NOT is_gone";
    match sql::execute(tx, change, [id.into()]).await? {
        0 => Err(taken_for_left_behind(id)),
        _ => Ok(()),
    }
}

fn taken_for_left_behind(id: DatasetId) -> DbErr {
    DbErr::Custom(format!("the series of data set {id} were taken for left behind while it was imported"))
}

/// Gives an import up. What cannot be removed now is swept later.
pub(super) async fn abandon(write: WriteDb, id: DatasetId) {
    let marked = write.write("retail.abandon", async |tx| mark_gone(tx, id).await);
    let removed = match marked.await {
        Ok(()) => remove(&write, id).await,
        Err(error) => Err(error),
    };
    if let Err(error) = removed {
        tracing::warn!(dataset.id = %id, %error, "series without a dataset were left behind");
    }
}

/// From now on nobody adds to it.
async fn mark_gone(tx: &DatabaseTransaction, id: DatasetId) -> Result<(), DbErr> {
    let change = "UPDATE series_import SET is_gone = TRUE WHERE dataset_id = $1";
    sql::execute(tx, change, [id.into()]).await.map(drop)
}

async fn remove(write: &WriteDb, id: DatasetId) -> Result<(), DbErr> {
    let some = "DELETE FROM imported_series WHERE dataset_id = $1 AND ordinal IN
        (SELECT ordinal FROM imported_series WHERE dataset_id = $1 ORDER BY ordinal LIMIT 500)";
    while write.write("retail.remove", async |tx| sql::execute(tx, some, [id.into()]).await).await? > 0 {}
    let claim = "DELETE FROM series_import WHERE dataset_id = $1 AND is_gone";
    write.write("retail.remove", async |tx| sql::execute(tx, claim, [id.into()]).await).await.map(drop)
}

/// Removes series whose import has ended before they could be seen. How many imports there were.
pub async fn sweep(db: &Db, clock: &dyn Clock) -> Result<u64, DbErr> {
    let mut left = orphans(db, clock).await?;
    // A look that disturbs no writer: mostly there is nothing.
    if !claims(db.read.conn()).await?.is_empty() {
        left.extend(db.write.write("retail.sweep", async |tx| take_over(tx, clock.now_us()).await).await?);
    }
    for id in &left {
        remove(&db.write, *id).await?;
    }
    Ok(left.len() as u64)
}

/// Whether there are such imports, somebody at work on them or not.
pub(crate) async fn is_any_unfinished(read: &ReadDb) -> Result<bool, DbErr> {
    Ok(!claims(read.conn()).await?.is_empty())
}

async fn take_over(tx: &DatabaseTransaction, now_us: i64) -> Result<Vec<DatasetId>, DbErr> {
    let claims = claims(tx).await?.into_iter();
    let left = claims.filter(|claim| claim.is_gone || is_left_behind(claim.touched_us, now_us));
    let ids: Vec<DatasetId> = left.map(|claim| claim.id).collect();
    for id in &ids {
        mark_gone(tx, *id).await?;
    }
    Ok(ids)
}

struct Claim {
    id: DatasetId,
    touched_us: i64,
    is_gone: bool,
}

async fn claims(db: &impl ConnectionTrait) -> Result<Vec<Claim>, DbErr> {
    let query = "SELECT dataset_id, touched_us, is_gone FROM series_import ORDER BY dataset_id";
    let rows = db.query_all_raw(sql::statement(db, query, [])).await?;
    let claim = |row: &sea_orm::QueryResult| {
        Ok(Claim {
            id: row.try_get_by_index(0)?,
            touched_us: row.try_get_by_index(1)?,
            is_gone: row.try_get_by_index(2)?,
        })
    };
    rows.iter().map(claim).collect()
}

async fn orphans(db: &Db, clock: &dyn Clock) -> Result<Vec<DatasetId>, DbErr> {
    let orphans = "SELECT DISTINCT s.dataset_id FROM imported_series s
        LEFT JOIN series_dataset d ON d.id = s.dataset_id
        LEFT JOIN series_import i ON i.dataset_id = s.dataset_id
        WHERE d.id IS NULL AND i.dataset_id IS NULL";
    let read = db.read.conn();
    let rows = read.query_all_raw(sql::statement(read, orphans, [])).await?;
    let now_ms = clock.now().timestamp_millis().unsigned_abs();
    let ids = rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<DatasetId>, DbErr>>()?;
    let is_old = |id: &DatasetId| {
        // The id says when the import began.
        let began = id.0.get_timestamp().map_or(0, |time| time.to_unix().0 * 1000);
        now_ms.abs_diff(began) > PATIENCE_MS
    };
    Ok(ids.into_iter().filter(is_old).collect())
}
