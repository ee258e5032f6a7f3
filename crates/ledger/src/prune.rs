//! Letting go of frames: their bodies give way to their digests, and the chain stays provable.
//!
//! This is the mechanism. Who may let go of what, and why, is said by a retention receipt, and the database refuses what
//! no receipt names.

use std::ops::RangeInclusive;

use kernel::RunId;
use sea_orm::{ConnectionTrait, DatabaseTransaction, Statement};
use serde::Serialize;

use crate::block::Stored;
use crate::table::{ledger, signed};
use crate::verify::Proven;
use crate::{Error, Head, read};

/// What was let go.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Pruned {
    /// How many frames.
    pub frames: u64,
    /// Their bytes.
    pub bytes: u64,
}

/// Empties the blocks that lie wholly within `seqs`. All of the chain is proven on the way, so that no frame is replaced
/// by a digest that is not its own.
pub(crate) async fn prune(
    tx: &DatabaseTransaction,
    row: &ledger::Model,
    seqs: RangeInclusive<u64>,
) -> Result<Pruned, Error> {
    let (run, head) = (row.run_id, Head::try_from(row)?);
    if !head.is_closed {
        return Err(Error::Open { run });
    }
    if !is_released(tx, run).await? {
        return Err(Error::NotReleased { run });
    }
    let mut pruned = Pruned::default();
    let mut proven = Proven::new(row.ledger_id);
    let mut next_key = 0;
    loop {
        let blocks = read::blocks(tx, row.tenant_id, run, next_key).await?.blocks;
        let Some(last) = blocks.last() else { break };
        next_key = last.first_seq + 1;
        for block in &blocks {
            proven.extend(block, &head).map_err(|defect| Error::Damaged { run, seq: defect.seq })?;
            let is_named = *seqs.start() <= block.first_seq && block.last_seq <= *seqs.end();
            if is_named && !block.is_pruned() {
                empty(tx, run, block).await?;
                pruned.frames += block.last_seq - block.first_seq + 1;
                pruned.bytes += block.size_bytes;
            }
        }
    }
    proven.ends_at(&head).map_err(|defect| Error::Damaged { run, seq: defect.seq })?;
    Ok(pruned)
}

async fn is_released(tx: &DatabaseTransaction, run: RunId) -> Result<bool, Error> {
    let sql = "SELECT 1 FROM retention_release WHERE kind = 'frames' AND subject = $1";
    let subject = run.0.as_bytes().to_vec();
    let statement = Statement::from_sql_and_values(tx.get_database_backend(), sql, [subject.into()]);
    Ok(tx.query_one_raw(statement).await?.is_some())
}

async fn empty(tx: &DatabaseTransaction, run: RunId, block: &Stored) -> Result<(), Error> {
    let digests: Vec<u8> = block.digests().flat_map(|(_, digest)| *digest.as_bytes()).collect();
    let sql = "UPDATE frame_block SET body = '', digests = $1 WHERE run_id = $2 AND first_seq = $3";
    let values = [digests.into(), run.into(), signed(block.first_seq).into()];
    tx.execute_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
    Ok(())
}
