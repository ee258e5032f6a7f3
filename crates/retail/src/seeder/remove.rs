//! Takes worlds away: invisible at once, their rows in short transactions.

use chrono::{Days, NaiveDate};
use kernel::{Clock, Db, ReadDb, Tenant, WriteDb};
use sea_orm::{ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, Value};
use wire::retail::{Deleted, TableCounts, World, WorldId};

use super::claim::mark_gone;
use super::counts::Table;
use crate::sql;
use crate::table::MAX_ROWS;
use crate::table::world;
use crate::unfinished::is_left_behind;
use crate::world::{BUILDING, COMPLETE, WorldError, shown};

/// Deletes one world of a tenant or all of them, or only counts. Imported series stay.
pub async fn delete(
    write: &WriteDb,
    clock: &dyn Clock,
    tenant: Tenant,
    only: Option<WorldId>,
    dry_run: bool,
) -> Result<Deleted, WorldError> {
    use world::Column::{Id, State, TenantId};
    let now_us = clock.now_us();
    let worlds = write
        .write("retail.delete", async |tx| {
            let mut query = world::Entity::find().filter(TenantId.eq(tenant.id())).filter(State.eq(COMPLETE));
            if let Some(id) = only {
                query = query.filter(Id.eq(id));
            }
            let rows = query.all(tx).await?;
            if let (Some(id), true) = (only, rows.is_empty()) {
                return Err(WorldError::Unknown(id));
            }
            for row in rows.iter().filter(|_| !dry_run) {
                mark_gone(tx, row.id, now_us).await?;
            }
            Ok(rows.into_iter().map(shown).collect::<Result<Vec<World>, _>>()?)
        })
        .await?;
    let mut deleted = Deleted { dry_run, worlds_deleted: 0, records_deleted: TableCounts::default() };
    for world in worlds {
        deleted.worlds_deleted += 1;
        deleted.records_deleted += world.row_counts;
        if !dry_run {
            remove(write, world.world_id).await?;
        }
    }
    Ok(deleted)
}

/// Removes what crashes have left behind: worlds that nobody builds any longer, and at once the rows of worlds that are
/// gone, which nobody builds for certain.
pub async fn sweep(db: &Db, clock: &dyn Clock) -> Result<u64, DbErr> {
    // A look that disturbs no writer: mostly there is nothing.
    if unfinished(db.read.conn()).await?.is_empty() {
        return Ok(0);
    }
    let now_us = clock.now_us();
    let left = db
        .write
        .write("retail.sweep", async |tx| {
            let rows = unfinished(tx).await?.into_iter();
            let is_left =
                |row: &world::Model| row.state != BUILDING || is_left_behind(row.touched_us, now_us);
            let ids: Vec<WorldId> = rows.filter(is_left).map(|row| row.id).collect();
            for &id in &ids {
                mark_gone(tx, id, now_us).await?;
            }
            Ok::<_, DbErr>(ids)
        })
        .await?;
    for &id in &left {
        remove(&db.write, id).await?;
    }
    Ok(left.len() as u64)
}

/// Worlds that are being built or taken away, or that somebody has stopped to.
async fn unfinished(db: &impl ConnectionTrait) -> Result<Vec<world::Model>, DbErr> {
    world::Entity::find().filter(world::Column::State.ne(COMPLETE)).all(db).await
}

/// Whether there are such worlds.
pub(crate) async fn is_any_unfinished(read: &ReadDb) -> Result<bool, DbErr> {
    Ok(!unfinished(read.conn()).await?.is_empty())
}

/// Gives a world up that is not complete. What cannot be removed now is swept later.
pub(super) async fn abandon(write: WriteDb, id: WorldId) {
    let marked = write.write("retail.abandon", async |tx| {
        let change = "UPDATE world SET state = 'gone' WHERE id = $1 AND state = 'building'";
        sql::execute(tx, change, [id.into()]).await
    });
    let removed = match marked.await {
        Ok(0) => Ok(()),
        Ok(_) => remove(&write, id).await,
        Err(error) => Err(error),
    };
    if let Err(error) = removed {
        tracing::warn!(world.id = %id, %error, "an unfinished world was left behind");
    }
}

/// Removes the rows of a world that is gone. Two may do it at the same time.
async fn remove(write: &WriteDb, id: WorldId) -> Result<(), DbErr> {
    let Some(rows) = write.write("retail.remove", async |tx| Rows::of(tx, id).await).await? else {
        return Ok(());
    };
    let days = usize::try_from((rows.last - rows.first).num_days() + 1).unwrap_or(usize::MAX);
    for store in &rows.stores {
        for products in rows.products.chunks((MAX_ROWS / 2 / days).max(1)) {
            let pairs = format!("store_id = {store} AND product_id IN ({})", list(products));
            run(write, Table::GRAIN.map(|table| format!("DELETE FROM {} WHERE {pairs}", table.name())))
                .await?;
        }
        run(write, [format!("DELETE FROM exogenous_signal WHERE store_id = {store}")]).await?;
    }
    for products in rows.products.chunks(20) {
        let of = format!("product_id IN ({})", list(products));
        run(
            write,
            [format!("DELETE FROM price_history WHERE {of}"), format!("DELETE FROM promotion WHERE {of}")],
        )
        .await?;
    }
    let step = Days::new(MAX_ROWS as u64 / 2);
    let mut first = rows.first;
    while first <= rows.last {
        let next = first.checked_add_days(step).unwrap_or(NaiveDate::MAX);
        for table in [Table::Signals, Table::Calendar] {
            let change =
                format!("DELETE FROM {} WHERE world_id = $1 AND date >= $2 AND date < $3", table.name());
            execute(write, &change, vec![id.into(), first.into(), next.into()]).await?;
        }
        first = next;
    }
    for table in ["product WHERE world_id", "store WHERE world_id", "world WHERE id"] {
        execute(write, &format!("DELETE FROM {table} = $1"), vec![id.into()]).await?;
    }
    Ok(())
}

/// Where the rows of a world are.
struct Rows {
    stores: Vec<i64>,
    products: Vec<i64>,
    first: NaiveDate,
    last: NaiveDate,
}

impl Rows {
    async fn of(tx: &DatabaseTransaction, id: WorldId) -> Result<Option<Self>, DbErr> {
        let Some(world) = world::Entity::find_by_id(id).one(tx).await? else { return Ok(None) };
        let ids = async |table: &str| {
            let query = format!("SELECT id FROM {table} WHERE world_id = $1 ORDER BY id");
            let rows = tx.query_all_raw(sql::statement(tx, &query, [id.into()])).await?;
            rows.iter().map(|row| row.try_get_by_index(0)).collect::<Result<Vec<i64>, DbErr>>()
        };
        let (stores, products) = (ids("store").await?, ids("product").await?);
        Ok(Some(Self { stores, products, first: world.start_date, last: world.end_date }))
    }
}

async fn run<const N: usize>(write: &WriteDb, changes: [String; N]) -> Result<(), DbErr> {
    let all = async |tx: &DatabaseTransaction| {
        for change in &changes {
            sql::execute(tx, change, []).await?;
        }
        Ok(())
    };
    write.write("retail.remove", all).await
}

async fn execute(write: &WriteDb, change: &str, values: Vec<Value>) -> Result<u64, DbErr> {
    write.write("retail.remove", async |tx| sql::execute(tx, change, values).await).await
}

/// Our own numbers, as SQL writes them.
fn list(ids: &[i64]) -> String {
    ids.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}
