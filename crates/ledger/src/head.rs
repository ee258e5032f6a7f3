//! Where ledgers stand.

use std::collections::BTreeMap;

use frames::LedgerId;
use kernel::{Digest, RunId, TenantId, chunk_rows};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QueryResult, QueryTrait, Statement,
};
use serde::Serialize;

use crate::table::{ledger, signed};
use crate::{Error, read};

/// Where a ledger stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Head {
    /// The last frame's seq; 0 before the first.
    pub seq: u64,
    /// The chain's digest after that frame.
    pub digest: Digest,
    /// The terminal frame is written.
    pub is_closed: bool,
}

impl Head {
    /// The head as stored, or what is wrong with it.
    fn new(seq: i64, digest: &[u8], is_closed: bool) -> Result<Self, String> {
        let seq = u64::try_from(seq).map_err(|_| format!("its seq is {seq}"))?;
        let digest =
            Digest::from_slice(digest).map_err(|_| format!("its head has {} bytes", digest.len()))?;
        Ok(Self { seq, digest, is_closed })
    }
}

impl TryFrom<&ledger::Model> for Head {
    type Error = Error;

    fn try_from(row: &ledger::Model) -> Result<Self, Error> {
        Self::new(row.seq, &row.head, row.is_closed)
            .map_err(|reason| Error::DamagedHead { run: row.run_id, reason })
    }
}

/// The head out of a row that begins with seq, head and `is_closed`.
pub(crate) fn of_row(run: RunId, row: &QueryResult) -> Result<Head, Error> {
    let read = || -> Result<_, DbErr> {
        Ok((row.try_get_by_index(0)?, row.try_get_by_index::<Vec<u8>>(1)?, row.try_get_by_index(2)?))
    };
    read()
        .map_err(|error| error.to_string())
        .and_then(|(seq, digest, is_closed)| Head::new(seq, &digest, is_closed))
        .map_err(|reason| Error::DamagedHead { run, reason })
}

/// Where a ledger stands.
pub(crate) async fn head(conn: &impl ConnectionTrait, tenant: TenantId, run: RunId) -> Result<Head, Error> {
    let sql = "SELECT seq, head, is_closed FROM ledger WHERE run_id = $1 AND tenant_id = $2";
    let values = [run.into(), tenant.into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), sql, values);
    let row = conn.query_one_raw(statement).await?.ok_or(Error::UnknownRun { run })?;
    of_row(run, &row)
}

/// The run that a ledger is of, and where it stands.
pub(crate) async fn find(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    id: LedgerId,
) -> Result<Option<(RunId, Head)>, Error> {
    use ledger::{Column, Entity};
    let of_tenant = Entity::find().filter(Column::TenantId.eq(tenant)).filter(Column::LedgerId.eq(id));
    let row = of_tenant.one(conn).await?;
    row.map(|row| Ok((row.run_id, Head::try_from(&row)?))).transpose()
}

/// The own id of a run's ledger.
pub(crate) async fn id(conn: &impl ConnectionTrait, tenant: TenantId, run: RunId) -> Result<LedgerId, Error> {
    use ledger::{Column, Entity};
    let row = Entity::find_by_id(run).filter(Column::TenantId.eq(tenant)).one(conn).await?;
    row.map(|row| row.ledger_id).ok_or(Error::UnknownRun { run })
}

/// Of the frame `$3`, the block that holds it is the last one that begins at or before it.
const HEAD_TO_FOLLOW: &str = "
SELECT l.seq, l.head, l.is_closed, (
    SELECT digests IS NOT NULL FROM frame_block
    WHERE run_id = $1 AND first_seq <= $3 ORDER BY first_seq DESC LIMIT 1
)
FROM ledger l WHERE l.run_id = $1 AND l.tenant_id = $2";

/// As [`head`], unless the frame after `after` was let go.
pub(crate) async fn head_to_follow(
    conn: &impl ConnectionTrait,
    tenant: TenantId,
    run: RunId,
    after: u64,
) -> Result<Head, Error> {
    let values = [run.into(), tenant.into(), signed(after.saturating_add(1)).into()];
    let statement = Statement::from_sql_and_values(conn.get_database_backend(), HEAD_TO_FOLLOW, values);
    let row = conn.query_one_raw(statement).await?.ok_or(Error::UnknownRun { run })?;
    let head = of_row(run, &row)?;
    let is_pruned = row.try_get_by_index::<Option<bool>>(3)? == Some(true);
    if is_pruned && after < head.seq { Err(read::pruned(conn, run, after, &head).await?) } else { Ok(head) }
}

/// Where these ledgers stand, of one tenant or of whatever tenant. What is damaged is absent.
pub(crate) async fn heads(
    conn: &impl ConnectionTrait,
    tenant: Option<TenantId>,
    runs: &[RunId],
) -> Result<BTreeMap<RunId, Head>, DbErr> {
    let mut heads = BTreeMap::new();
    for runs in runs.chunks(chunk_rows(1)) {
        let of_runs = ledger::Entity::find().filter(ledger::Column::RunId.is_in(runs.iter().copied()));
        let rows = match tenant {
            Some(tenant) => of_runs.filter(ledger::Column::TenantId.eq(tenant)),
            None => of_runs,
        };
        let rows = conn.query_all_raw(rows.build(conn.get_database_backend())).await?;
        heads.extend(rows.iter().filter_map(named));
    }
    Ok(heads)
}

fn named(row: &QueryResult) -> Option<(RunId, Head)> {
    let (run, seq) = (row.try_get("", "run_id").ok()?, row.try_get("", "seq").ok()?);
    let digest: Vec<u8> = row.try_get("", "head").ok()?;
    Some((run, Head::new(seq, &digest, row.try_get("", "is_closed").ok()?).ok()?))
}
