//! The rows of the log, and the few statements that read and write them.

use std::collections::BTreeSet;

use frames::End;
use kernel::{Digest, RunId};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, QueryResult, Statement, Value};
use tlog::{Checkpoint, Note, Tile, Tiles};

use super::LogError;
use crate::table::signed;

/// A checkpoint as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Signed {
    /// What it says.
    pub checkpoint: Checkpoint,
    /// The note, its signatures included.
    pub note: String,
    /// Which one it is.
    pub(super) number: i64,
}

/// A key that signs, or has signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedKey {
    /// The public half, as signed notes write it.
    pub key: String,
    /// It has signed checkpoints of the log from this size on, until the next one was listed.
    pub from_size: u64,
    /// Which one it is.
    pub(super) number: i64,
}

/// An end with its place in the log.
#[derive(Debug, Clone, Copy)]
pub(super) struct Placed {
    pub run: RunId,
    pub end: End,
}

pub(super) fn unsigned(number: i64) -> Result<u64, LogError> {
    u64::try_from(number).map_err(|_| LogError::damaged(format!("it has the number {number}")))
}

pub(super) fn statement<const N: usize>(
    conn: &impl ConnectionTrait,
    sql: &str,
    values: [Value; N],
) -> Statement {
    Statement::from_sql_and_values(conn.get_database_backend(), sql, values)
}

/// The newest checkpoint.
pub(super) async fn checkpoint(conn: &impl ConnectionTrait) -> Result<Option<Signed>, LogError> {
    let sql = "SELECT number, size, note FROM log_checkpoint ORDER BY number DESC LIMIT 1";
    let Some(row) = conn.query_one_raw(statement(conn, sql, [])).await? else { return Ok(None) };
    let (number, size, text): (i64, i64, String) =
        (row.try_get_by_index(0)?, row.try_get_by_index(1)?, row.try_get_by_index(2)?);
    let checkpoint = text.parse::<Note>().ok().and_then(|note| Checkpoint::parse(note.text()));
    match checkpoint {
        Some(checkpoint) if checkpoint.size == unsigned(size)? => {
            let note = text + &cosignatures(conn, number).await?;
            Ok(Some(Signed { checkpoint, note, number }))
        }
        _ => Err(LogError::damaged(format!("checkpoint {number} cannot be read"))),
    }
}

/// The lines that witnesses have added under a checkpoint.
async fn cosignatures(conn: &impl ConnectionTrait, checkpoint: i64) -> Result<String, DbErr> {
    let sql = "SELECT line FROM log_cosignature WHERE checkpoint = $1 ORDER BY key";
    let rows = conn.query_all_raw(statement(conn, sql, [checkpoint.into()])).await?;
    let line = |row: &QueryResult| row.try_get_by_index::<String>(0).map(|line| line + "\n");
    rows.iter().map(line).collect()
}

/// All keys, the one that signs last.
pub(super) async fn keys(conn: &impl ConnectionTrait) -> Result<Vec<ListedKey>, LogError> {
    let sql = "SELECT number, key, from_size FROM log_key ORDER BY number";
    let rows = conn.query_all_raw(statement(conn, sql, [])).await?;
    let key = |row: &QueryResult| -> Result<ListedKey, LogError> {
        let (number, key) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
        Ok(ListedKey { number, key, from_size: unsigned(row.try_get_by_index(2)?)? })
    };
    rows.iter().map(key).collect()
}

/// Some tiles, as far as they are stored.
pub(super) async fn tiles(conn: &impl ConnectionTrait, needed: &BTreeSet<Tile>) -> Result<Tiles, DbErr> {
    let mut tiles = Tiles::default();
    for tile in needed {
        if let Some(bytes) = hashes(conn, *tile).await? {
            tiles.add(*tile, &bytes);
        }
    }
    Ok(tiles)
}

/// The bytes of a tile.
pub(super) async fn hashes(conn: &impl ConnectionTrait, tile: Tile) -> Result<Option<Vec<u8>>, DbErr> {
    let sql = "SELECT hashes FROM log_tile WHERE level = $1 AND place = $2";
    let values = [i16::from(tile.level).into(), signed(tile.index).into()];
    let row = conn.query_one_raw(statement(conn, sql, values)).await?;
    row.map(|row| row.try_get_by_index(0)).transpose()
}

/// The end out of a row that begins with run, ledger, frames and head.
pub(super) fn placed(row: &QueryResult) -> Result<Placed, LogError> {
    let run: RunId = row.try_get_by_index(0)?;
    let head = Digest::from_slice(&row.try_get_by_index::<Vec<u8>>(3)?);
    let head = head.map_err(|error| LogError::damaged(format!("of run {run}: {error}")))?;
    let frames = unsigned(row.try_get_by_index(2)?)?;
    Ok(Placed { run, end: End { ledger: row.try_get_by_index(1)?, frames, head } })
}

/// Sequencers of all processes take turns: on SQLite by the write lock that the transaction has anyway.
pub(super) async fn lock(tx: &DatabaseTransaction) -> Result<(), DbErr> {
    if tx.get_database_backend() == DbBackend::Postgres {
        tx.execute_unprepared(&format!("SELECT pg_advisory_xact_lock({LOCK})")).await?;
    }
    Ok(())
}

/// Any number, as long as nobody else locks it: `ends` in ASCII.
const LOCK: i64 = 0x65_6e_64_73;

/// Stores a tile that has grown.
pub(super) async fn store_tile(tx: &DatabaseTransaction, tile: Tile, hashes: Vec<u8>) -> Result<(), DbErr> {
    let values =
        || -> [Value; 3] { [i16::from(tile.level).into(), signed(tile.index).into(), hashes.clone().into()] };
    let grown = "UPDATE log_tile SET hashes = $3 WHERE level = $1 AND place = $2";
    if tx.execute_raw(statement(tx, grown, values())).await?.rows_affected() == 0 {
        let new = "INSERT INTO log_tile (level, place, hashes) VALUES ($1, $2, $3)";
        tx.execute_raw(statement(tx, new, values())).await?;
    }
    Ok(())
}
