//! Reading: blocks and the head they belong to, from one statement and thus from one state of the database.

use frames::LedgerId;
use kernel::{Digest, RunId, TenantId};
use sea_orm::{ConnectionTrait, DbErr, QueryResult, Statement, Value};

use crate::append::MAX_FRAME_BYTES;
use crate::block::{Content, MAX_BLOCK_FRAMES, Stored};
use crate::head::of_row;
use crate::table::signed;
use crate::{Chunk, Error, Head, Page};

/// The frames of a chunk and their line breaks. One frame always fits.
const MAX_CHUNK_BYTES: u64 = MAX_FRAME_BYTES as u64 + 1;

/// A ledger, and blocks in the order of their keys. Nothing about them is checked.
#[derive(Debug)]
pub(crate) struct Slice {
    pub head: Head,
    pub ledger: LedgerId,
    pub fence: i64,
    pub blocks: Vec<Stored>,
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
    let Slice { head, mut blocks, .. } = slice(conn, FRAMES, tenant, run, range).await?;
    if head.seq <= after {
        return Ok((head, None));
    }
    let n_kept = blocks.iter().position(Stored::is_pruned).unwrap_or(blocks.len());
    if n_kept == 0 && blocks.first().is_some_and(|block| block.last_seq > after) {
        return Err(pruned(conn, run, after, &head).await?);
    }
    blocks.truncate(n_kept);
    let chunk = join(after, &head, blocks).ok_or(Error::Damaged { run, seq: after + 1 })?;
    Ok((head, Some(chunk)))
}

/// How far the frames after `after` are gone.
pub(crate) async fn pruned(
    conn: &impl ConnectionTrait,
    run: RunId,
    after: u64,
    head: &Head,
) -> Result<Error, DbErr> {
    let values = [run.into(), signed(after).into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), NEXT_KEPT, values);
    let next: Option<i64> = match conn.query_one_raw(statement).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    let last = next.and_then(|next| u64::try_from(next - 1).ok()).unwrap_or(head.seq);
    Ok(Error::Pruned { run, first: after + 1, last })
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
    let far: Option<i64> = match conn.query_one_raw(statement).await? {
        Some(row) => row.try_get_by_index(0)?,
        None => None,
    };
    match far.and_then(|far| u64::try_from(far).ok()) {
        Some(far) => slice(conn, BLOCKS, tenant, run, window(far)).await,
        None => Ok(near),
    }
}

/// The marks of all blocks, without their frames.
pub(crate) async fn marks(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    run: RunId,
) -> Result<Vec<u8>, DbErr> {
    let values = [run.into(), tenant.into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), MARKS, values);
    let mut marks = Vec::new();
    for row in conn.query_all_raw(statement).await? {
        marks.extend(row.try_get_by_index::<Vec<u8>>(0)?);
    }
    Ok(marks)
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
            SELECT l.seq, l.head AS ledger_head, l.is_closed, l.ledger_id,
                b.first_seq, b.last_seq, b.head, b.marks, b.size_bytes, b.digests, b.body, l.fence
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

const MARKS: &str = "
SELECT b.marks FROM frame_block b JOIN ledger l ON l.run_id = b.run_id
WHERE b.run_id = $1 AND l.tenant_id = $2 ORDER BY b.first_seq";

const NEXT_KEPT: &str = "
SELECT min(first_seq) FROM frame_block WHERE run_id = $1 AND first_seq > $2 AND digests IS NULL";

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
    let first = rows.first().ok_or(Error::UnknownRun { run })?;
    let damaged = |error: DbErr| Error::DamagedHead { run, reason: error.to_string() };
    let (head, ledger) = (of_row(run, first)?, first.try_get_by_index(3).map_err(damaged)?);
    let fence = first.try_get_by_index(11).map_err(damaged)?;
    let blocks = rows.iter().filter_map(|row| block(row).transpose()).collect::<Result<_, _>>();
    Ok(Slice {
        head,
        ledger,
        fence,
        blocks: blocks.map_err(|_| Error::Damaged { run, seq: range[0].max(1) })?,
    })
}

/// Numbers that cannot be are zero: whoever looks at a block compares them with what they must be.
fn block(row: &QueryResult) -> Result<Option<Stored>, DbErr> {
    let unsigned = |number: i64| u64::try_from(number).unwrap_or(0);
    let Some(first_seq) = row.try_get_by_index::<Option<i64>>(4)? else { return Ok(None) };
    let digests: Option<Vec<u8>> = row.try_get_by_index(9)?;
    Ok(Some(Stored {
        first_seq: unsigned(first_seq),
        last_seq: unsigned(row.try_get_by_index(5)?),
        head: Digest::from_slice(&row.try_get_by_index::<Vec<u8>>(6)?).ok(),
        marks: row.try_get_by_index(7)?,
        size_bytes: unsigned(row.try_get_by_index(8)?),
        content: match digests {
            Some(digests) => Content::Digests(digests),
            None => Content::Frames(row.try_get_by_index(10)?),
        },
    }))
}

/// The frames after `after` out of these blocks, or nothing if the blocks do not connect: frames are never delivered
/// under another seq than their own.
fn join(after: u64, head: &Head, mut blocks: Vec<Stored>) -> Option<Chunk> {
    let (first, last) = (blocks.first()?, blocks.last()?);
    let (first_seq, last_seq) = (first.first_seq, last.last_seq);
    let is_connected = blocks.windows(2).all(|pair| pair[0].last_seq + 1 == pair[1].first_seq);
    let bodies: Vec<&str> = blocks.iter().map(Stored::whole_body).collect::<Option<_>>()?;
    if !is_connected || first_seq > after + 1 || after >= first.last_seq || last_seq > head.seq {
        return None;
    }
    let lines = match bodies.as_slice() {
        [_] => match blocks.pop()?.content {
            Content::Frames(body) => body,
            Content::Digests(_) => return None,
        },
        bodies => bodies.join("\n"),
    };
    Chunk::of(first_seq, last_seq, head.seq, lines.into()).part(after, u64::MAX)
}
