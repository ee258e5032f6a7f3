//! What is there.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{ReadDb, Tenant};
use sea_orm::DbErr;
use serde::Serialize;

use super::counts::{Table, TableCounts};
use crate::sql;

/// What a tenant's tables hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Status {
    /// Rows per table.
    #[serde(flatten)]
    pub counts: TableCounts,
    /// The first day with a sale.
    pub date_range_start: Option<NaiveDate>,
    /// The last day with a sale.
    pub date_range_end: Option<NaiveDate>,
    /// When a store was last written: every generation writes all of its stores.
    pub last_updated: Option<DateTime<Utc>>,
}

/// Counts a tenant's rows, all at one point in time.
pub async fn status(read: &ReadDb, tenant: Tenant) -> Result<Status, DbErr> {
    let db = read.snapshot().await?;
    let mut counts = TableCounts::default();
    for table in Table::LEAVES_FIRST {
        *counts.of_mut(table) = table.count(&db, tenant).await?;
    }
    let range = format!("SELECT min(date), max(date) FROM sales_daily WHERE {}", Table::Sales.is_of_tenant());
    let range = sql::one(&db, &range, [tenant.id().into()]).await?;
    let updated = "SELECT max(updated_us) FROM store WHERE tenant_id = $1";
    let updated_us: Option<i64> = sql::one(&db, updated, [tenant.id().into()]).await?.try_get_by_index(0)?;
    db.commit().await?;
    Ok(Status {
        counts,
        date_range_start: range.try_get_by_index(0)?,
        date_range_end: range.try_get_by_index(1)?,
        last_updated: updated_us.and_then(DateTime::from_timestamp_micros),
    })
}
