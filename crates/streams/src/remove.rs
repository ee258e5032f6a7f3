//! Ends of streams: deleted, or expired.
//!
//! A stream ends by closing its ledger, in the transaction that takes its row away: whoever was about to append finds
//! the ledger closed, and whoever follows it comes to an end. What was forked from it goes on reading its frames, and
//! its path stays taken until the last of those has gone.

use frames::Frame;
use kernel::{RunId, Tenant};
use runs::foreign::{self, Ending};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait as _, DatabaseTransaction, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, Set,
};

use crate::record::{Missing, Record, Told};
use crate::streams::Inner;
use crate::table::stream::{ActiveModel, Column, Entity, Model};
use crate::{Declared, Error, StreamId, StreamPath, table};

/// How many streams one sweep ends at most; the next one comes soon.
const SWEEP_STREAMS: u64 = 256;

/// How often frames may come just before the end of a run is written.
const TRIES: usize = 8;

/// What became of a stream that ended.
pub(crate) struct Removed {
    ledger: RunId,
    run: Option<RunId>,
    /// Its path is free.
    pub is_gone: bool,
}

/// The end of a run whose stream goes without one, made before the transaction that writes it.
pub(crate) struct End {
    /// The frame before it.
    seq: u64,
    told: Told,
    ending: Ending,
}

impl Removed {
    /// Tells those who follow. Call after the commit.
    fn announce(&self, inner: &Inner) {
        inner.ledger.woken(self.ledger);
        if let Some(run) = self.run {
            inner.runs.woken(run);
        }
    }
}

/// Deletes the stream at this path. Tries again while frames come just before the end of its run.
pub(crate) async fn delete(inner: &Inner, tenant: Tenant, path: &StreamPath) -> Result<(), Error> {
    let mut tries = 0;
    let removed = loop {
        match delete_once(inner, tenant, path).await {
            Err(Error::Contended) if tries < TRIES => tries += 1,
            removed => break removed?,
        }
    };
    removed.announce(inner);
    inner.forget_path(tenant.id(), path);
    Ok(())
}

async fn delete_once(inner: &Inner, tenant: Tenant, path: &StreamPath) -> Result<Removed, Error> {
    let row = table::find(inner.reader.read_db().conn(), tenant.id(), path).await?.ok_or(Error::NotFound)?;
    let end = end_of(inner, &row, Missing::Deleted).await?;
    let removed = inner.write.write("delete a stream", async |tx| {
        let row = table::lock(tx, tenant.id(), path).await?.ok_or(Error::NotFound)?;
        inner.reader.check_alive(&row)?;
        remove_in(inner, tx, row, end.as_ref()).await
    });
    removed.await
}

/// The end that the run of a stream is to have if it has none by then.
async fn end_of(inner: &Inner, row: &Model, why: Missing) -> Result<Option<End>, Error> {
    let Some(Declared { schema, run }) = Declared::of(row)? else { return Ok(None) };
    let (tenant, reader) = (Tenant::verified(row.tenant_id), inner.ledger.reader());
    let head = reader.head(tenant, run).await?;
    if head.is_closed {
        return Ok(None);
    }
    let page = reader.page(tenant, run, 0, 1).await?;
    let first = page.frames.first().and_then(|(_, text)| Frame::parse(text).ok());
    let mut record = Record::new(schema, row.id).at(head.seq, first.as_ref());
    let told = record.end_missing(why, inner.reader.life().clock().now());
    let Some(terminal) = &told.terminal else { return Ok(None) };
    let ending = inner.runs.ending(run, terminal).await?;
    Ok(ending.map(|ending| End { seq: head.seq, told, ending }))
}

/// Ends a stream in the caller's transaction, and its run with it. Where that went on since its end was made, it is
/// contended for.
pub(crate) async fn remove_in(
    inner: &Inner,
    tx: &DatabaseTransaction,
    row: Model,
    end: Option<&End>,
) -> Result<Removed, Error> {
    let ledger = row.id.ledger();
    match inner.ledger.succeed_in(tx, ledger).await {
        Ok((fence, head)) => drop(inner.ledger.close_in(tx, ledger, fence, head.seq + 1, &[]).await?),
        Err(ledger::Error::Closed { .. }) => {}
        Err(error) => return Err(error.into()),
    }
    let run = Declared::of(&row)?.map(|declared| declared.run);
    if let Some(run) = run {
        end_run_in(inner, tx, Tenant::verified(row.tenant_id), run, end).await?;
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
    Ok(Removed { ledger, run, is_gone })
}

async fn end_run_in(
    inner: &Inner,
    tx: &DatabaseTransaction,
    tenant: Tenant,
    run: RunId,
    end: Option<&End>,
) -> Result<(), Error> {
    let held = match inner.runs.hold_in(tx, tenant, run).await {
        Ok(held) => held,
        // By itself, or by somebody who decided so.
        Err(foreign::Error::Ended { .. }) => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let end = end.filter(|end| end.seq == held.head.seq).ok_or(Error::Contended)?;
    Ok(inner.runs.close_in(tx, held.fence, end.seq + 1, &end.told.frames, &end.ending).await?)
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

/// Ends the stream at this path if its time is over.
pub(crate) async fn end_if_over(inner: &Inner, tenant: Tenant, path: &StreamPath) -> Result<(), Error> {
    let row = table::find(inner.reader.read_db().conn(), tenant.id(), path).await?;
    match row.filter(|row| row.deleted_us.is_none() && inner.reader.life().is_over(row)) {
        Some(row) => end(inner, row.id).await,
        None => Ok(()),
    }
}

/// Ends a stream, unless it was used meanwhile.
async fn end(inner: &Inner, id: StreamId) -> Result<(), Error> {
    let mut tries = 0;
    let removed = loop {
        match end_once(inner, id).await {
            Err(Error::Contended) if tries < TRIES => tries += 1,
            removed => break removed?,
        }
    };
    if let Some(removed) = removed {
        removed.announce(inner);
    }
    Ok(())
}

async fn end_once(inner: &Inner, id: StreamId) -> Result<Option<Removed>, Error> {
    let row = table::by_id(inner.reader.read_db().conn(), id).await?;
    let end = match row {
        Some(row) => end_of(inner, &row, Missing::Expired).await?,
        None => None,
    };
    let ended = inner.write.write("end an expired stream", async |tx| {
        let row = table::lock_id(tx, id).await?;
        let is_over = |row: &Model| row.deleted_us.is_none() && inner.reader.life().is_over(row);
        match row.filter(is_over) {
            Some(row) => remove_in(inner, tx, row, end.as_ref()).await.map(Some),
            None => Ok(None),
        }
    });
    ended.await
}
