//! What the tests share.

use std::sync::{Arc, LazyLock};

use kernel::{Db, Digest, Tenant, TenantId};
use retail::dimension;
use retail::seeder;
use sea_orm::{ConnectionTrait, JsonValue, Statement};
use test_support::{FrozenClock, frozen_clock};
use wire::retail::{GenerateRequest, Generated, ProductId, StoreId, WorldId};

/// Someone else.
pub(crate) fn other_tenant() -> Tenant {
    Tenant::verified(TenantId(uuid::Uuid::from_u128(2)))
}

/// One clock, so that no id comes twice.
static CLOCK: LazyLock<Arc<FrozenClock>> = LazyLock::new(frozen_clock);

pub(crate) async fn generate(db: &Db, tenant: Tenant, request: &GenerateRequest) -> Generated {
    generate_at(db, &CLOCK, tenant, request).await
}

pub(crate) async fn generate_at(
    db: &Db,
    clock: &FrozenClock,
    tenant: Tenant,
    request: &GenerateRequest,
) -> Generated {
    seeder::generate(db, clock, tenant, request).await.unwrap()
}

/// The local tenant's only world.
pub(crate) async fn only_world(db: &Db) -> WorldId {
    retail::world::resolve(&db.read, Tenant::LOCAL, None).await.unwrap().unwrap().world_id
}

/// The first store by code and the first product by stock-keeping unit of a world.
pub(crate) async fn pair_of(db: &Db, world: WorldId) -> (StoreId, ProductId) {
    let stores = dimension::stores(&db.read, Tenant::LOCAL, world, None, 1).await.unwrap();
    let products = dimension::products(&db.read, Tenant::LOCAL, world, None, 1).await.unwrap();
    (stores.items[0].id, products.items[0].id)
}

/// The first pair of the only world.
pub(crate) async fn first_pair(db: &Db) -> (StoreId, ProductId) {
    pair_of(db, only_world(db).await).await
}

/// Everything the seeder has written for all tenants, without surrogate numbers and times of writing.
const DUMP: [&str; 10] = [
    "SELECT code, name, region, city, store_type FROM store ORDER BY world_id, code",
    "SELECT sku, name, category, subcategory, brand, base_price_cents, base_cost_cents, pack_size, lifecycle_stage,
        CAST(launch_date AS TEXT) AS launch_date, CAST(discontinue_date AS TEXT) AS discontinue_date
        FROM product ORDER BY world_id, sku",
    "SELECT CAST(date AS TEXT) AS date, day_of_week, month, quarter, year, is_holiday, holiday_name
        FROM calendar ORDER BY world_id, calendar.date",
    "SELECT s.code, p.sku, CAST(f.date AS TEXT) AS date, quantity, unit_price_cents, total_amount_cents, channel
        FROM sales_daily f JOIN store s ON s.id = f.store_id JOIN product p ON p.id = f.product_id
        ORDER BY s.world_id, s.code, p.sku, f.date",
    "SELECT s.code, p.sku, CAST(f.date AS TEXT) AS date, on_hand_qty, on_order_qty, is_stockout
        FROM inventory_snapshot_daily f JOIN store s ON s.id = f.store_id JOIN product p ON p.id = f.product_id
        ORDER BY s.world_id, s.code, p.sku, f.date",
    "SELECT p.sku, s.code, price_cents, CAST(valid_from AS TEXT) AS valid_from, CAST(valid_to AS TEXT) AS valid_to
        FROM price_history f JOIN product p ON p.id = f.product_id LEFT JOIN store s ON s.id = f.store_id
        ORDER BY p.world_id, p.sku, COALESCE(s.code, ''), f.valid_from",
    "SELECT p.sku, s.code, f.name, kind, discount_pct, discount_amount_cents, bundle_member_product_ids,
        CAST(start_date AS TEXT) AS start_date, CAST(end_date AS TEXT) AS end_date
        FROM promotion f JOIN product p ON p.id = f.product_id LEFT JOIN store s ON s.id = f.store_id
        ORDER BY p.world_id, p.sku, COALESCE(s.code, ''), f.start_date",
    "SELECT CAST(date AS TEXT) AS date, signal_name, s.code, is_global, value
        FROM exogenous_signal f LEFT JOIN store s ON s.id = f.store_id
        ORDER BY f.world_id, signal_name, COALESCE(s.code, ''), f.date",
    "SELECT s.code, p.sku, CAST(f.date AS TEXT) AS date, return_quantity, return_reason
        FROM sales_returns f JOIN store s ON s.id = f.store_id JOIN product p ON p.id = f.product_id
        ORDER BY s.world_id, s.code, p.sku, f.date, return_quantity, return_reason",
    "SELECT s.code, p.sku, CAST(f.date AS TEXT) AS date, lead_time_days, ordered_qty, received_qty
        FROM replenishment_event f JOIN store s ON s.id = f.store_id JOIN product p ON p.id = f.product_id
        ORDER BY s.world_id, s.code, p.sku, f.date, f.id",
];

/// One digest of all of it.
pub(crate) async fn dump(db: &Db) -> Digest {
    let mut text = String::new();
    for query in DUMP {
        for row in rows(db, query).await {
            text += &row.to_string();
            text.push('\n');
        }
    }
    Digest::of(text)
}

/// The rows of a query as JSON. SQLite has no booleans, so both say 0 and 1.
pub(crate) async fn rows(db: &Db, query: &str) -> Vec<JsonValue> {
    use sea_orm::FromQueryResult;
    let statement = Statement::from_string(db.read.backend(), query);
    let mut rows = JsonValue::find_by_statement(statement).all(db.read.conn()).await.unwrap();
    for value in rows.iter_mut().filter_map(JsonValue::as_object_mut).flat_map(|row| row.values_mut()) {
        if let Some(flag) = value.as_bool() {
            *value = i64::from(flag).into();
        }
    }
    rows
}

pub(crate) async fn count(db: &Db, table: &str) -> i64 {
    let query = Statement::from_string(db.read.backend(), format!("SELECT count(*) FROM {table}"));
    db.read.conn().query_one_raw(query).await.unwrap().unwrap().try_get_by_index(0).unwrap()
}

/// Runs SQL behind the crate's back.
pub(crate) async fn execute(db: &Db, sql: &str) -> Result<(), sea_orm::DbErr> {
    db.write.write("test", async |tx| tx.execute_unprepared(sql).await.map(drop)).await
}
