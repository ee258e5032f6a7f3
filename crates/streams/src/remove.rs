//! Ends of streams: deleted, or expired.
//!
//! A stream ends by closing its ledger, in the transaction that takes its row away: whoever was about to append finds
//! the ledger closed, and whoever follows it comes to an end. What was forked from it goes on reading its frames, and
//! its path stays taken until the last of those has gone.

use kernel::{RunId, Tenant};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, Set,
};

use crate::streams::Inner;
use crate::table::stream::{ActiveModel, Column, Entity, Model};
use crate::{Error, StreamId, StreamPath, table};

/// How many streams one sweep ends at most; the next one comes soon.
const SWEEP_STREAMS: u64 = 256;

/// What became of a stream that ended.
pub(crate) struct Removed {
    pub ledger: RunId,
    /// Its path is free.
    pub is_gone: bool,
}

/// Deletes the stream at this path.
pub(crate) async fn delete(inner: &Inner, tenant: Tenant, path: &StreamPath) -> Result<(), Error> {
    let removed = inner.write.write("delete a stream", async |tx| {
        let row = table::lock(tx, tenant.id(), path).await?.ok_or(Error::NotFound)?;
        inner.reader.check_alive(&row)?;
        remove_in(inner, tx, row).await
    });
    inner.ledger.woken(removed.await?.ledger);
    inner.forget_path(tenant.id(), path);
    Ok(())
}

/// Ends a stream in the caller's transaction.
pub(crate) async fn remove_in(inner: &Inner, tx: &DatabaseTransaction, row: Model) -> Result<Removed, Error> {
    let ledger = row.id.ledger();
    match inner.ledger.succeed_in(tx, ledger).await {
        Ok((fence, head)) => drop(inner.ledger.close_in(tx, ledger, fence, head.seq + 1, &[]).await?),
        Err(ledger::Error::Closed { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let is_gone = !table::has_forks(tx, row.id).await?;
    let source = row.forked_from;
    let mut row = ActiveModel::from(row);
    row.deleted_us = Set(Some(inner.reader.life().clock().now_us()));
    row.is_gone = Set(is_gone);
    row.update(tx).await?;
    if is_gone {
        free_sources(tx, source).await?;
    }
    Ok(Removed { ledger, is_gone })
}

/// Those that were deleted and were kept for their forks alone.
async fn free_sources(tx: &DatabaseTransaction, mut source: Option<StreamId>) -> Result<(), Error> {
    while let Some(id) = source {
        let Some(row) = table::lock_id(tx, id).await? else { return Ok(()) };
        if row.deleted_us.is_none() || row.is_gone || table::has_forks(tx, id).await? {
            return Ok(());
        }
        source = row.forked_from;
        let mut row = ActiveModel::from(row);
        row.is_gone = Set(true);
        row.update(tx).await?;
    }
    Ok(())
}

/// Writes down which streams were used, and ends those whose time is over.
pub(crate) async fn sweep(inner: &Inner) -> Result<(), Error> {
    let life = inner.reader.life();
    let uses = life.uses();
    if !uses.is_empty() {
        inner.write.write("note the use of streams", async |tx| note(tx, &uses).await).await?;
        life.forget(&uses);
    }
    let over = Entity::find()
        .filter(Column::DiesUs.lte(life.clock().now_us()))
        .filter(Column::DeletedUs.is_null())
        .limit(SWEEP_STREAMS);
    for row in over.all(inner.reader.read_db().conn()).await? {
        end(inner, row.id).await?;
    }
    Ok(())
}

async fn note(tx: &DatabaseTransaction, uses: &[(StreamId, i64)]) -> Result<(), Error> {
    for (id, dies_us) in uses {
        Entity::update_many()
            .col_expr(Column::DiesUs, (*dies_us).into())
            .filter(Column::Id.eq(*id))
            .filter(Column::DiesUs.lt(*dies_us))
            .exec(tx)
            .await?;
    }
    Ok(())
}

/// Ends a stream, unless it was used meanwhile.
async fn end(inner: &Inner, id: StreamId) -> Result<(), Error> {
    let ended = inner.write.write("end an expired stream", async |tx| {
        let row = table::lock_id(tx, id).await?;
        let is_over = |row: &Model| row.deleted_us.is_none() && inner.reader.life().is_over(row);
        match row.filter(is_over) {
            Some(row) => remove_in(inner, tx, row).await.map(Some),
            None => Ok(None),
        }
    });
    if let Some(removed) = ended.await? {
        inner.ledger.woken(removed.ledger);
    }
    Ok(())
}
