//! The pairs of a world that sell, and whether a pair's history is enough for a split.

use chrono::NaiveDate;
use kernel::{ReadDb, Tenant};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, QueryResult};
use wire::model_selection::Sufficiency;
use wire::retail::{Pair, ProductId, StoreId, WorldId};

use super::{WorldError, find};
use crate::availability::Request;
use crate::sql;
use kernel::Page;

/// Where a page of pairs goes on: after this store code and stock-keeping unit.
pub type PairKey = (String, String);

/// Which pairs, judged by which split.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PairQuery {
    /// The split; its store and product do not matter.
    pub split: Request,
    /// Only pairs that are at least so ready.
    pub at_least: Option<Sufficiency>,
    /// Only pairs after this one.
    pub after: Option<PairKey>,
    /// How many, at most.
    pub limit: u64,
}

impl PairQuery {
    /// Pairs judged by the usual split.
    pub const fn new(limit: u64) -> Self {
        let split = Request::new(StoreId(0), ProductId(0));
        Self { split, at_least: None, after: None, limit }
    }
}

/// The pairs of a world with a sale, by store code and stock-keeping unit. Stores are read one after the other, and no
/// more of them than the page needs.
pub async fn pairs(
    read: &ReadDb,
    tenant: Tenant,
    world: WorldId,
    query: &PairQuery,
) -> Result<Page<Pair, PairKey>, WorldError> {
    query.split.check().map_err(|fields| WorldError::Invalid { fields })?;
    find(read, tenant, world).await?;
    let db = read.snapshot().await?;
    let wanted = usize::try_from(query.limit).unwrap_or(usize::MAX).saturating_add(1);
    let (code, sku) = query.after.clone().unwrap_or_default();
    let mut found = Vec::new();
    for store in stores(&db, world, &code).await? {
        let after = if store.1 == code { sku.as_str() } else { "" };
        found.extend(of_store(&db, &store, after, query).await?);
        if found.len() >= wanted {
            break;
        }
    }
    db.commit().await?;
    found.truncate(wanted);
    Ok(Page::cut(found, query.limit, |pair: &Pair| (pair.store_code.clone(), pair.sku.clone())))
}

async fn stores(
    db: &DatabaseTransaction,
    world: WorldId,
    from: &str,
) -> Result<Vec<(StoreId, String)>, DbErr> {
    let query = "SELECT id, code FROM store WHERE world_id = $1 AND code >= $2 ORDER BY code";
    let rows = db.query_all_raw(sql::statement(db, query, [world.into(), from.into()])).await?;
    rows.iter().map(|row| Ok((StoreId(row.try_get_by_index(0)?), row.try_get_by_index(1)?))).collect()
}

async fn of_store(
    db: &DatabaseTransaction,
    (store_id, store_code): &(StoreId, String),
    after: &str,
    query: &PairQuery,
) -> Result<Vec<Pair>, DbErr> {
    let of_store = "SELECT f.product_id, p.sku, count(*), min(f.date), max(f.date)
        FROM sales_daily f JOIN product p ON p.id = f.product_id
        WHERE f.store_id = $1 AND p.sku > $2 GROUP BY f.product_id, p.sku ORDER BY p.sku";
    let rows = db.query_all_raw(sql::statement(db, of_store, [store_id.0.into(), after.into()])).await?;
    let pair = |row: &QueryResult| {
        let days: i64 = row.try_get_by_index(2)?;
        let (first, last): (NaiveDate, NaiveDate) = (row.try_get_by_index(3)?, row.try_get_by_index(4)?);
        let coverage = days as f64 / ((last - first).num_days() + 1) as f64;
        Ok(Pair {
            store_id: *store_id,
            store_code: store_code.clone(),
            product_id: ProductId(row.try_get_by_index(0)?),
            sku: row.try_get_by_index(1)?,
            observed_days: days.unsigned_abs(),
            first_sale_date: first,
            last_sale_date: last,
            status: query.split.readiness(days, coverage),
        })
    };
    let pairs = rows.iter().map(pair).collect::<Result<Vec<Pair>, DbErr>>()?;
    let is_wanted = |pair: &Pair| query.at_least.is_none_or(|least| pair.status <= least);
    Ok(pairs.into_iter().filter(is_wanted).collect())
}
