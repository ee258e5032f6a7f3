//! Reading: blocks and the head they belong to, from one statement and thus from one state of the database.

use kernel::{RunId, TenantId};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

use crate::append::MAX_FRAME_BYTES;
use crate::block::{Block, MAX_BLOCK_FRAMES};
use crate::table::{digest, signed, unsigned};
use crate::{Chunk, Error, Head, Page};

/// The frames of a chunk and their line breaks. One frame always fits.
const MAX_CHUNK_BYTES: u64 = MAX_FRAME_BYTES as u64 + 1;

/// A head, and blocks in the order of their keys. Nothing about them is checked.
#[derive(Debug)]
pub(crate) struct Slice {
    pub head: Head,
    pub blocks: Vec<Block>,
}

/// As many frames after `after` as fit, in whole blocks, and no block that begins after `until`. Without a chunk,
/// nothing is stored after `after`.
pub(crate) async fn chunk(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    run: RunId,
    after: u64,
    until: u64,
) -> Result<(Head, Option<Chunk>), Error> {
    // No more than the last frame of a full block away, so that a slice costs the same wherever it is taken and
    // whatever plan the database makes.
    let range = [after.saturating_add(1), until.min(after.saturating_add(MAX_BLOCK_FRAMES))];
    let Slice { head, blocks } = slice(conn, FRAMES, tenant, run, range).await?;
    if head.seq <= after {
        return Ok((head, None));
    }
    let chunk = join(after, &head, blocks).ok_or(Error::Damaged { run, seq: after + 1 })?;
    Ok((head, Some(chunk)))
}

/// Blocks from the key `first_seq` on, with no check whether they belong there. Without a block, there is none at all
/// from that key on.
pub(crate) async fn blocks(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    run: RunId,
    first_seq: u64,
) -> Result<Slice, Error> {
    let window = |first: u64| [first, first.saturating_add(MAX_BLOCK_FRAMES)];
    let near = slice(conn, BLOCKS, tenant, run, window(first_seq)).await?;
    if !near.blocks.is_empty() {
        return Ok(near);
    }
    let values = [run.into(), tenant.into(), signed(first_seq).into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), NEXT_KEY, values);
    match conn.query_one_raw(statement).await?.map(|row| row.try_get_by_index(0)).transpose()? {
        Some(far) => slice(conn, BLOCKS, tenant, run, window(unsigned(far)?)).await,
        None => Ok(near),
    }
}

/// At most `limit` frames after `after`, and at most a chunk of them.
pub(crate) async fn page(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    run: RunId,
    after: u64,
    limit: usize,
) -> Result<Page, Error> {
    // Even an empty page learns where the ledger stands.
    let until = after.saturating_add(limit.max(1) as u64);
    let (head, chunk) = chunk(conn, tenant, run, after, until).await?;
    let frames: Vec<(u64, String)> = chunk
        .iter()
        .flat_map(Chunk::frames)
        .take(limit)
        .map(|(seq, frame)| (seq, frame.to_owned()))
        .collect();
    let last_seq = frames.last().map_or(after, |(seq, _)| *seq);
    Ok(Page { frames, is_end: last_seq >= head.seq, head })
}

/// `$1` run, `$2` tenant, `$3` and `$4` the range, `$5` the bytes that fit. The ledger's row comes even where no block
/// follows, and no row at all comes for an unknown or foreign run. Sizes are summed before a body is touched, so that
/// nothing is read that does not fit.
macro_rules! slice_sql {
    (from $start:literal if $guard:literal) => {
        concat!(
            "WITH ahead AS (
                SELECT first_seq, sum(size_bytes + 1) OVER (ORDER BY first_seq) AS bytes FROM frame_block
                WHERE run_id = $1 AND first_seq >= ",
            $start,
            " AND first_seq <= $4
            )
            SELECT l.seq, l.head AS ledger_head, l.is_closed, b.first_seq, b.last_seq, b.head, b.marks, b.body
            FROM ledger l
            LEFT JOIN frame_block b ON b.run_id = l.run_id AND ",
            $guard,
            " AND b.first_seq >= ",
            $start,
            " AND b.first_seq <= (
                SELECT coalesce(max(CASE WHEN bytes <= $5 THEN first_seq END), min(first_seq)) FROM ahead
            )
            WHERE l.run_id = $1 AND l.tenant_id = $2
            ORDER BY b.first_seq"
        )
    };
}

/// From the block that holds frame `$3`, unless the ledger ends before it. 4096 is [`MAX_BLOCK_FRAMES`].
const FRAMES: &str = slice_sql!(
    from "(SELECT max(first_seq) FROM frame_block WHERE run_id = $1 AND first_seq <= $3 AND first_seq > $3 - 4096)"
    if "l.seq >= $3"
);

/// From the key `$3`, even past the ledger's end.
const BLOCKS: &str = slice_sql!(from "$3" if "TRUE");

const NEXT_KEY: &str = "
SELECT b.first_seq FROM frame_block b JOIN ledger l ON l.run_id = b.run_id
WHERE b.run_id = $1 AND l.tenant_id = $2 AND b.first_seq >= $3 ORDER BY b.first_seq LIMIT 1";

async fn slice(
    conn: &impl ConnectionTrait,
    sql: &str,
    tenant: TenantId,
    run: RunId,
    range: [u64; 2],
) -> Result<Slice, Error> {
    let [from, to, bytes] = [range[0], range[1], MAX_CHUNK_BYTES].map(signed).map(Value::from);
    let values = [run.into(), tenant.into(), from, to, bytes];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    let rows = conn.query_all_raw(statement).await?;
    let head = match rows.first() {
        Some(row) => ledger_head(row)?,
        None => return Err(Error::UnknownRun { run }),
    };
    let blocks = rows.iter().filter_map(|row| block(row).transpose()).collect::<Result<_, _>>()?;
    Ok(Slice { head, blocks })
}

fn ledger_head(row: &QueryResult) -> Result<Head, DbErr> {
    let digest = digest(&row.try_get_by_index::<Vec<u8>>(1)?)?;
    Ok(Head { seq: unsigned(row.try_get_by_index(0)?)?, digest, is_closed: row.try_get_by_index(2)? })
}

fn block(row: &QueryResult) -> Result<Option<Block>, DbErr> {
    let Some(first_seq) = row.try_get_by_index::<Option<i64>>(3)? else { return Ok(None) };
    Ok(Some(Block {
        first_seq: unsigned(first_seq)?,
        last_seq: unsigned(row.try_get_by_index(4)?)?,
        head: digest(&row.try_get_by_index::<Vec<u8>>(5)?)?,
        marks: row.try_get_by_index(6)?,
        body: row.try_get_by_index(7)?,
    }))
}

/// The frames after `after` out of these blocks, or nothing if the blocks do not connect: frames are never delivered
/// under another seq than their own.
fn join(after: u64, head: &Head, mut blocks: Vec<Block>) -> Option<Chunk> {
    let first = blocks.first()?;
    let skipped = usize::try_from((after + 1).checked_sub(first.first_seq)?).ok()?;
    let last_seq = blocks.last()?.last_seq;
    let is_connected = blocks.windows(2).all(|pair| pair[0].last_seq + 1 == pair[1].first_seq);
    let is_whole = is_connected && blocks.iter().all(Block::is_complete);
    if !is_whole || after >= first.last_seq || last_seq > head.seq {
        return None;
    }
    let start = match skipped.checked_sub(1) {
        None => 0,
        Some(nth) => first.body.match_indices('\n').nth(nth)?.0 + 1,
    };
    let lines = if blocks.len() == 1 && start == 0 {
        blocks.pop()?.body
    } else {
        let mut lines = String::with_capacity(blocks.iter().map(|block| block.body.len() + 1).sum());
        lines.push_str(&first.body[start..]);
        for block in &blocks[1..] {
            lines.push('\n');
            lines.push_str(&block.body);
        }
        lines
    };
    Some(Chunk { first_seq: after + 1, last_seq, lines })
}
