//! Reading the log: checkpoints, tiles, entries, and the proof of one end.

use std::ops::Range;

use frames::{End, LedgerId};
use kernel::{Digest, ReadDb, RunId, Tenant};
use sea_orm::ConnectionTrait;
use tlog::{TILE_WIDTH, Tile, TilePath, Tiles};

use super::rows::{self, ListedKey, Signed, statement, unsigned};
use super::{Audit, LogError, audit};
use crate::table::signed;

/// Reads the log of one database; there is no way from here to a writing handle.
#[derive(Debug, Clone)]
pub struct LogReader {
    db: ReadDb,
}

/// That the end of one ledger is in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proof {
    /// The end as the log has it.
    pub end: End,
    /// Its place.
    pub index: u64,
    /// From its entry to the root.
    pub path: Vec<Digest>,
    /// The checkpoint with that root.
    pub signed: Signed,
    /// That the log began as it did when it was smaller, where that was asked for.
    pub since: Option<Since>,
}

/// That the log of the checkpoint begins with a smaller one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Since {
    /// How many entries the smaller one had.
    pub size: u64,
    /// From its root to the newer one.
    pub path: Vec<Digest>,
}

impl LogReader {
    /// Reads from this database.
    pub const fn new(db: ReadDb) -> Self {
        Self { db }
    }

    /// The newest checkpoint.
    pub async fn checkpoint(&self) -> Result<Signed, LogError> {
        rows::checkpoint(self.db.conn()).await?.ok_or(LogError::Empty)
    }

    /// Every key that has signed, the one that signs now last.
    pub async fn keys(&self) -> Result<Vec<ListedKey>, LogError> {
        rows::keys(self.db.conn()).await
    }

    /// Whether ends wait for their place, or nothing is signed yet.
    pub(super) async fn is_behind(&self) -> Result<bool, LogError> {
        let sql = "SELECT EXISTS (SELECT 1 FROM log_end WHERE place IS NULL)
            OR NOT EXISTS (SELECT 1 FROM log_checkpoint)";
        let conn = self.db.conn();
        let row = conn.query_one_raw(statement(conn, sql, [])).await?;
        Ok(row.map(|row| row.try_get_by_index(0)).transpose()?.unwrap_or(false))
    }

    /// The bytes under a path of a tile or a bundle of entries; none where the newest checkpoint does not reach so far.
    pub async fn tile(&self, path: TilePath) -> Result<Option<Vec<u8>>, LogError> {
        let Some(last) = rows::checkpoint(self.db.conn()).await? else { return Ok(None) };
        let tile = Tile { level: path.level.unwrap_or(0), index: path.index };
        if path.width > tile.width(last.checkpoint.size) {
            return Ok(None);
        }
        match path.level {
            Some(_) => self.hashes(tile, path.width).await.map(Some),
            None => self.entries(path).await.map(Some),
        }
    }

    async fn hashes(&self, tile: Tile, width: u64) -> Result<Vec<u8>, LogError> {
        let mut hashes = rows::hashes(self.db.conn(), tile).await?.unwrap_or_default();
        let size_bytes = usize::try_from(width * 32).unwrap_or(usize::MAX);
        if hashes.len() < size_bytes {
            return Err(LogError::damaged(format!("tile {}/{} is cut", tile.level, tile.index)));
        }
        hashes.truncate(size_bytes);
        Ok(hashes)
    }

    async fn entries(&self, path: TilePath) -> Result<Vec<u8>, LogError> {
        let first = path.index * TILE_WIDTH;
        let sql = "SELECT run_id, ledger_id, frames, head FROM log_end WHERE place >= $1 AND place < $2 ORDER BY place";
        let conn = self.db.conn();
        let values = [signed(first).into(), signed(first + path.width).into()];
        let rows = conn.query_all_raw(statement(conn, sql, values)).await?;
        let entries = rows.iter().map(|row| rows::placed(row).map(|placed| placed.end.entry()));
        let entries = entries.collect::<Result<Vec<_>, _>>()?;
        if entries.len() as u64 != path.width {
            return Err(LogError::damaged(format!("entries from {first} on are missing")));
        }
        tlog::entries(entries.iter().map(String::as_bytes))
            .ok_or_else(|| LogError::damaged("an entry is longer than a bundle takes"))
    }

    /// Proves that the end of a run is in the log, and where asked that the log began with the first `since` entries.
    pub async fn proof(&self, tenant: Tenant, run: RunId, since: Option<u64>) -> Result<Proof, LogError> {
        let (end, place) = self.end(tenant, run).await?;
        let signed = self.checkpoint().await?;
        let size = signed.checkpoint.size;
        let index = place.filter(|place| *place < size).ok_or(LogError::Waiting { run })?;
        let path = tlog::inclusion(index, size).ok_or(LogError::Waiting { run })?;
        let grown = since.map(|since| tlog::consistency(since, size).ok_or(LogError::Shrunk { size, since }));
        let grown = grown.transpose()?;
        let all: Vec<Range<u64>> = path.iter().chain(grown.iter().flatten()).cloned().collect();
        let tiles = rows::tiles(self.db.conn(), &Tiles::needed(&all)).await?;
        let roots = |ranges: &[Range<u64>]| -> Result<Vec<Digest>, LogError> {
            let roots = ranges.iter().map(|range| tiles.root(range.clone())).collect::<Option<_>>();
            roots.ok_or_else(|| LogError::damaged("a tile is missing"))
        };
        let since =
            since.zip(grown).map(|(size, ranges)| Ok::<_, LogError>(Since { size, path: roots(&ranges)? }));
        Ok(Proof { end, index, path: roots(&path)?, signed, since: since.transpose()? })
    }

    /// The end of a run, and its place in the log if it has one.
    async fn end(&self, tenant: Tenant, run: RunId) -> Result<(End, Option<u64>), LogError> {
        let sql = "SELECT l.run_id, e.ledger_id, e.frames, e.head, e.place, l.is_closed
            FROM ledger l LEFT JOIN log_end e ON e.run_id = l.run_id WHERE l.run_id = $1 AND l.tenant_id = $2";
        let conn = self.db.conn();
        let row = conn.query_one_raw(statement(conn, sql, [run.into(), tenant.id().into()])).await?;
        let row = row.ok_or(LogError::UnknownRun { run })?;
        if !row.try_get_by_index::<bool>(5)? {
            return Err(LogError::Open { run });
        }
        if row.try_get_by_index::<Option<LedgerId>>(1)?.is_none() {
            return Err(LogError::damaged(format!("run {run} has ended, and its end is not noted")));
        }
        let place = row.try_get_by_index::<Option<i64>>(4)?.map(unsigned).transpose()?;
        Ok((rows::placed(&row)?.end, place))
    }

    /// Compares the whole log with the ledgers, with what was signed last, and with the root that a smaller log is said to
    /// have had.
    pub async fn audit(&self, older: Option<(u64, Digest)>) -> Result<Audit, LogError> {
        audit::audit(&self.db, older).await
    }
}
