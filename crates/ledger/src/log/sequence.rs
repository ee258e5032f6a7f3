//! Adding ends: in one transaction each gets its place, the tree grows, and the new root is signed.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr};
use tlog::{Checkpoint, Edge, Note, Signer};

use super::rows::{self, Placed, Signed, statement};
use super::{KeySource, LogError};
use crate::table::signed;

/// How many ends one transaction adds: a database with many old ones must not be locked for long.
const GROUP: i64 = 1000;

/// Adds a group of those that wait, and signs. Returns how many there were.
pub(super) async fn add(tx: &DatabaseTransaction, keys: &KeySource, now_us: i64) -> Result<u64, LogError> {
    rows::lock(tx).await?;
    let last = rows::checkpoint(tx).await?;
    let signer = current(tx, keys, now_us).await?;
    let waiting = waiting(tx).await?;
    if last.is_some() && waiting.is_empty() {
        return Ok(0);
    }
    let mut edge = edge(tx, last.as_ref()).await?;
    for Placed { run, end } in &waiting {
        let sql = "UPDATE log_end SET place = $1 WHERE run_id = $2 AND place IS NULL";
        let values = [signed(edge.size()).into(), (*run).into()];
        if tx.execute_raw(statement(tx, sql, values)).await?.rows_affected() != 1 {
            return Err(DbErr::RecordNotUpdated.into());
        }
        edge.push(tlog::leaf_hash(end.entry().as_bytes()));
    }
    for (tile, hashes) in edge.changed() {
        rows::store_tile(tx, tile, hashes).await?;
    }
    let root = edge.root().ok_or_else(|| LogError::damaged("a tile is missing"))?;
    let checkpoint = Checkpoint { origin: signer.verifier().name().to_owned(), size: edge.size(), root };
    sign(tx, &checkpoint, last.map_or(0, |last| last.number), &signer, now_us).await?;
    Ok(waiting.len() as u64)
}

/// Lists a key after all others, and signs what the log is now with it.
pub(super) async fn list(tx: &DatabaseTransaction, signer: &Signer, now_us: i64) -> Result<(), LogError> {
    rows::lock(tx).await?;
    let last = rows::checkpoint(tx).await?.ok_or(LogError::Empty)?;
    let (origin, name) = (last.checkpoint.origin.clone(), signer.verifier().name().to_owned());
    if origin != name {
        return Err(LogError::OtherName { origin, name });
    }
    edge(tx, Some(&last)).await?;
    let number = rows::keys(tx).await?.last().map_or(0, |key| key.number);
    insert_key(tx, number + 1, signer, last.checkpoint.size, now_us).await?;
    sign(tx, &last.checkpoint, last.number, signer, now_us).await
}

/// The key that is listed last. A log without one begins with the one that there is.
async fn current(tx: &DatabaseTransaction, keys: &KeySource, now_us: i64) -> Result<Signer, LogError> {
    if let Some(listed) = rows::keys(tx).await?.pop() {
        return keys(Some(&listed.key)).ok_or(LogError::OtherKey { listed: listed.key });
    }
    let signer = keys(None).ok_or(LogError::NoKey)?;
    insert_key(tx, 1, &signer, 0, now_us).await?;
    Ok(signer)
}

async fn waiting(tx: &DatabaseTransaction) -> Result<Vec<Placed>, LogError> {
    let sql =
        "SELECT run_id, ledger_id, frames, head FROM log_end WHERE place IS NULL ORDER BY run_id LIMIT $1";
    let rows = tx.query_all_raw(statement(tx, sql, [GROUP.into()])).await?;
    rows.iter().map(rows::placed).collect()
}

/// The right edge of the log as it was signed last. Tiles that do not have that root were altered, and signing over
/// them would make it true.
async fn edge(tx: &DatabaseTransaction, last: Option<&Signed>) -> Result<Edge, LogError> {
    let size = last.map_or(0, |last| last.checkpoint.size);
    let edge = Edge::new(size, rows::tiles(tx, &Edge::needed(size)).await?);
    let signed_root = last.map_or_else(tlog::empty_root, |last| last.checkpoint.root);
    if edge.root() == Some(signed_root) {
        Ok(edge)
    } else {
        Err(LogError::damaged(format!("its tiles do not have the root that was signed at {size} entries")))
    }
}

async fn insert_key(
    tx: &DatabaseTransaction,
    number: i64,
    signer: &Signer,
    from_size: u64,
    now_us: i64,
) -> Result<(), DbErr> {
    let sql = "INSERT INTO log_key (number, key, from_size, listed_us) VALUES ($1, $2, $3, $4)";
    let key = signer.verifier().to_string();
    let values = [number.into(), key.into(), signed(from_size).into(), now_us.into()];
    tx.execute_raw(statement(tx, sql, values)).await.map(drop)
}

async fn sign(
    tx: &DatabaseTransaction,
    checkpoint: &Checkpoint,
    after: i64,
    signer: &Signer,
    now_us: i64,
) -> Result<(), LogError> {
    let note = Note::signed(checkpoint.text(), signer).to_string();
    let sql = "INSERT INTO log_checkpoint (number, size, note, signed_us) VALUES ($1, $2, $3, $4)";
    let values = [(after + 1).into(), signed(checkpoint.size).into(), note.into(), now_us.into()];
    tx.execute_raw(statement(tx, sql, values)).await?;
    Ok(())
}
