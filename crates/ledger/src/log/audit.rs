//! Holding all of the log against the ledgers, the tiles, and a checkpoint that was kept elsewhere.

use kernel::{Digest, ReadDb};
use sea_orm::{ConnectionTrait, QueryResult};
use serde::Serialize;
use tlog::{Edge, Tiles};

use super::LogError;
use super::rows::{self, Placed, statement, unsigned};
use crate::table::signed;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Audit {
    /// How many entries the newest checkpoint has.
    pub size: u64,
    /// How many of them were compared.
    pub checked: u64,
    /// What is wrong, at most a hundred of it.
    pub problems: Vec<String>,
}

const MAX_PROBLEMS: usize = 100;
const PAGE: u64 = 1000;

impl Audit {
    fn problem(&mut self, text: String) {
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(text);
        }
    }
}

pub(super) async fn audit(db: &ReadDb, older: Option<(u64, Digest)>) -> Result<Audit, LogError> {
    let conn = db.snapshot().await?;
    let last = rows::checkpoint(&conn).await?.ok_or(LogError::Empty)?;
    let size = last.checkpoint.size;
    let mut audit = Audit { size, ..Audit::default() };
    let mut edge = Edge::new(0, Tiles::default());
    compare_root(&mut audit, &edge, older, "the older checkpoint");
    while edge.size() < size {
        let before = edge.size();
        for row in page(&conn, before, size).await? {
            let place = unsigned(row.try_get_by_index(4)?)?;
            if place != edge.size() {
                audit.problem(format!("entry {} of the log is missing", edge.size()));
                return Ok(audit);
            }
            let placed = rows::placed(&row)?;
            compare_ledger(&mut audit, place, &placed, &row)?;
            edge.push(tlog::leaf_hash(placed.end.entry().as_bytes()));
            compare_root(&mut audit, &edge, older, "the older checkpoint");
            audit.checked += 1;
        }
        if edge.size() == before {
            audit.problem(format!("entry {before} of the log is missing"));
            return Ok(audit);
        }
    }
    compare_root(&mut audit, &edge, Some((size, last.checkpoint.root)), "the newest checkpoint");
    if let Some((older, _)) = older.filter(|(older, _)| *older > size) {
        audit.problem(format!("the log has {size} entries, fewer than the {older} of the older checkpoint"));
    }
    compare_tiles(&mut audit, &conn, &edge).await?;
    find_unnoted(&mut audit, &conn).await?;
    Ok(audit)
}

async fn page(conn: &impl ConnectionTrait, from: u64, size: u64) -> Result<Vec<QueryResult>, LogError> {
    let sql =
        "SELECT e.run_id, e.ledger_id, e.frames, e.head, e.place, l.seq, l.head, l.is_closed, l.ledger_id,
            EXISTS (SELECT 1 FROM retention_release r WHERE r.kind = 'run' AND r.subject = $3)
        FROM log_end e LEFT JOIN ledger l ON l.run_id = e.run_id
        WHERE e.place >= $1 AND e.place < $2 ORDER BY e.place";
    // What retention has released is named by the id's bytes, which the two databases make differently of a column.
    let subject = match conn.get_database_backend() {
        sea_orm::DbBackend::Postgres => "uuid_send(e.run_id)",
        _ => "e.run_id",
    };
    let values = [signed(from).into(), signed((from + PAGE).min(size)).into()];
    Ok(conn.query_all_raw(statement(conn, &sql.replace("$3", subject), values)).await?)
}

/// Whether the ledger is there still, and as it was when it was closed.
fn compare_ledger(audit: &mut Audit, place: u64, placed: &Placed, row: &QueryResult) -> Result<(), LogError> {
    let Placed { run, end } = placed;
    let is_released: bool = row.try_get_by_index(9)?;
    let Some(seq) = row.try_get_by_index::<Option<i64>>(5)? else {
        if !is_released {
            audit.problem(format!("run {run} is entry {place} of the log, and its ledger is gone"));
        }
        return Ok(());
    };
    let head: Option<Vec<u8>> = row.try_get_by_index(6)?;
    let is_closed: Option<bool> = row.try_get_by_index(7)?;
    let is_same = head.as_deref() == Some(end.head.as_bytes())
        && unsigned(seq)? == end.frames
        && is_closed == Some(true)
        && row.try_get_by_index::<Option<frames::LedgerId>>(8)? == Some(end.ledger);
    if !is_same {
        audit.problem(format!(
            "the ledger of run {run} is not the one that ended as entry {place} of the log"
        ));
    }
    Ok(())
}

fn compare_root(audit: &mut Audit, edge: &Edge, said: Option<(u64, Digest)>, whose: &str) {
    let said = said.filter(|(size, _)| *size == edge.size());
    if let Some((size, root)) = said
        && edge.root() != Some(root)
    {
        audit.problem(format!("the first {size} entries of the log do not have the root of {whose}"));
    }
}

/// The stored tiles are those that the entries make.
async fn compare_tiles(audit: &mut Audit, conn: &impl ConnectionTrait, edge: &Edge) -> Result<(), LogError> {
    for (tile, hashes) in edge.changed() {
        let stored = rows::hashes(conn, tile).await?.unwrap_or_default();
        if !stored.starts_with(&hashes) {
            audit.problem(format!("tile {}/{} is not the one that its entries make", tile.level, tile.index));
        }
    }
    Ok(())
}

/// Ledgers that are closed and of whose end nothing is noted.
async fn find_unnoted(audit: &mut Audit, conn: &impl ConnectionTrait) -> Result<(), LogError> {
    let sql = "SELECT run_id FROM ledger WHERE is_closed AND NOT EXISTS
        (SELECT 1 FROM log_end WHERE log_end.run_id = ledger.run_id) ORDER BY run_id LIMIT 100";
    for row in conn.query_all_raw(statement(conn, sql, [])).await? {
        let run: kernel::RunId = row.try_get_by_index(0)?;
        audit.problem(format!("run {run} has ended, and its end is not noted"));
    }
    Ok(())
}
