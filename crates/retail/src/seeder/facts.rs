//! Whether the rows of a world are those that were generated.
//!
//! Triggers keep a complete world as it is; who takes them away can change it all the same. So a few sums over each table
//! are taken when a world is completed, and compared when it is found again instead of being generated. They are cheap,
//! and no proof against somebody who minds them: that is the digest of the series that a comparison reads.

use kernel::Digest;
use sea_orm::{ConnectionTrait, DbErr};
use wire::retail::{TableCounts, WorldId};

use super::counts::Table;
use crate::sql;

/// The count of a table's rows and sums over them.
pub(super) struct Facts(Vec<(Table, u64, String)>);

impl Facts {
    pub(super) async fn of(db: &impl ConnectionTrait, world: WorldId) -> Result<Self, DbErr> {
        let mut facts = Vec::new();
        for table in Table::ALL {
            let sums: Vec<String> = table.figures().iter().map(|figure| text_of(figure)).collect();
            let query = format!(
                "SELECT count(*), {} FROM {} WHERE {}",
                sums.join(" || ' ' || "),
                table.name(),
                table.is_of_world()
            );
            let row = sql::one(db, &query, [world.into()]).await?;
            let count: i64 = row.try_get_by_index(0)?;
            facts.push((table, count.unsigned_abs(), row.try_get_by_index(1)?));
        }
        Ok(Self(facts))
    }

    pub(super) fn digest(&self) -> Digest {
        let line = |(table, count, sums): &(Table, u64, String)| format!("{} {count} {sums}\n", table.name());
        Digest::of(self.0.iter().map(line).collect::<String>())
    }

    /// What speaks against these being the rows that were counted and summed when the world was completed. Worlds of
    /// earlier versions were only counted.
    pub(super) fn against(&self, counted: &TableCounts, summed: Option<&[u8]>) -> Option<String> {
        let wrong = self.0.iter().find(|(table, count, _)| *count != table.of(counted));
        if let Some((table, count, _)) = wrong {
            return Some(format!(
                "`{}` has {count} rows, and {} were generated",
                table.name(),
                table.of(counted)
            ));
        }
        let is_same = summed.is_none_or(|summed| summed == self.digest().as_bytes());
        (!is_same).then(|| "sums over its tables are not those of the rows that were generated".to_owned())
    }
}

/// A sum that both databases write alike.
fn text_of(figure: &str) -> String {
    format!("CAST(coalesce(sum({figure}), 0) AS TEXT)")
}

impl Table {
    const ALL: [Self; 10] = [
        Self::Replenishment,
        Self::Returns,
        Self::Signals,
        Self::Promotions,
        Self::Prices,
        Self::Inventory,
        Self::Sales,
        Self::Calendar,
        Self::Product,
        Self::Store,
    ];

    /// What is summed of a row. A product or a date beside an amount shows amounts that changed places.
    const fn figures(self) -> &'static [&'static str] {
        match self {
            Self::Sales => &[
                "quantity",
                "total_amount_cents",
                "unit_price_cents",
                "quantity * product_id",
                "quantity * CAST(substr(CAST(date AS TEXT), 9, 2) AS INTEGER)",
                "quantity * CAST(substr(CAST(date AS TEXT), 6, 2) AS INTEGER)",
                "length(channel)",
            ],
            Self::Inventory => &[
                "on_hand_qty",
                "on_order_qty",
                "on_hand_qty * product_id",
                "CASE WHEN is_stockout THEN 1 ELSE 0 END",
            ],
            Self::Returns => &["return_quantity", "return_quantity * product_id", "length(return_reason)"],
            Self::Replenishment => {
                &["ordered_qty", "received_qty", "lead_time_days", "received_qty * product_id"]
            }
            Self::Prices => &["price_cents", "price_cents * product_id"],
            Self::Promotions => &[
                "discount_amount_cents",
                "CAST(discount_pct * 1000000 AS BIGINT)",
                "product_id",
                "length(name)",
            ],
            Self::Signals => &["CAST(value * 1000 AS BIGINT)", "store_id", "length(signal_name)"],
            Self::Calendar => &["day_of_week * month", "year", "CASE WHEN is_holiday THEN 1 ELSE 0 END"],
            Self::Product => {
                &["id", "base_price_cents", "base_cost_cents", "pack_size", "length(sku || name)"]
            }
            Self::Store => &["id", "length(code || name)"],
        }
    }

    const fn of(self, counts: &TableCounts) -> u64 {
        match self {
            Self::Store => counts.stores,
            Self::Product => counts.products,
            Self::Calendar => counts.calendar,
            Self::Sales => counts.sales,
            Self::Prices => counts.price_history,
            Self::Promotions => counts.promotions,
            Self::Inventory => counts.inventory,
            Self::Signals => counts.exogenous_signals,
            Self::Returns => counts.sales_returns,
            Self::Replenishment => counts.replenishment_events,
        }
    }
}
