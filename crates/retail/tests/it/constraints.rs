//! What the tables themselves refuse, on both databases.

use kernel::Tenant;
use retail::seeder::GenerateRequest;
use test_support::on_both_databases;

use crate::support::{execute, first_pair, generate};

on_both_databases! {
    async fn the_tables_refuse_rows_that_cannot_be(test: TestDb) {
        generate(&test.db, Tenant::LOCAL, &GenerateRequest::default()).await;
        let (store, product) = first_pair(&test.db).await;
        let (store, product) = (store.to_string(), product.to_string());
        let statements = REFUSED.lines().map(str::trim).filter(|line| !line.is_empty());
        for statement in statements {
            let sql = statement.replace(":store", &store).replace(":product", &product);
            assert!(execute(&test.db, &sql).await.is_err(), "accepted: {sql}");
        }
        for statement in ACCEPTED.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let sql = statement.replace(":store", &store).replace(":product", &product);
            assert!(execute(&test.db, &sql).await.is_ok(), "refused: {sql}");
        }
    }
}

/// The controls: each differs from a refused one in what makes that one wrong.
const ACCEPTED: &str = "
    INSERT INTO sales_daily VALUES (:store, :product, '2020-01-01', 2, 150, 300, 'online', 1, 1)
    INSERT INTO inventory_snapshot_daily VALUES (:store, :product, '2020-01-01', 0, 5, TRUE, 1, 1)
    INSERT INTO price_history (product_id, price_cents, valid_from, valid_to, created_us, updated_us) VALUES (:product, 1, '2020-01-01', '2020-01-02', 1, 1)
    INSERT INTO promotion (product_id, name, kind, discount_pct, bundle_member_product_ids, start_date, end_date, created_us, updated_us) VALUES (:product, 'x', 'bogo', 1, '[]', '2020-01-01', '2020-01-01', 1, 1)
    INSERT INTO sales_returns (store_id, product_id, date, return_quantity, return_reason, created_us, updated_us) VALUES (:store, :product, '2020-01-01', 1, 'defective', 1, 1)
    INSERT INTO replenishment_event (store_id, product_id, date, lead_time_days, ordered_qty, received_qty, created_us, updated_us) VALUES (:store, :product, '2020-01-01', 0, 4, 4, 1, 1)
    UPDATE product SET launch_date = '2020-01-01', discontinue_date = '2020-01-01', lifecycle_stage = 'decline' WHERE id = :product
";

const REFUSED: &str = "
    INSERT INTO store (tenant_id, code, name, created_us, updated_us) SELECT tenant_id, code, name, 1, 1 FROM store
    INSERT INTO store (tenant_id, code, name, created_us, updated_us) SELECT tenant_id, '', name, 1, 1 FROM store
    UPDATE store SET code = 'S12345678901234567890'
    INSERT INTO product (tenant_id, sku, name, created_us, updated_us) SELECT tenant_id, sku, name, 1, 1 FROM product
    UPDATE product SET lifecycle_stage = 'old'
    UPDATE product SET pack_size = 0
    UPDATE product SET base_price_cents = -1
    UPDATE product SET launch_date = '2020-01-02', discontinue_date = '2020-01-01'
    UPDATE calendar SET day_of_week = 7
    UPDATE calendar SET month = 13
    UPDATE calendar SET quarter = 0
    UPDATE calendar SET is_holiday = FALSE, holiday_name = 'x'
    INSERT INTO sales_daily VALUES (:store, :product, '2020-01-01', -1, 150, -150, 'online', 1, 1)
    INSERT INTO sales_daily VALUES (:store, :product, '2020-01-01', 2, -150, -300, 'online', 1, 1)
    INSERT INTO sales_daily VALUES (:store, :product, '2020-01-01', 2, 150, 301, 'online', 1, 1)
    INSERT INTO sales_daily VALUES (:store, :product, '2020-01-01', 2, 150, 300, 'fax', 1, 1)
    INSERT INTO sales_daily VALUES (0, :product, '2020-01-01', 2, 150, 300, 'online', 1, 1)
    INSERT INTO sales_daily VALUES (:store, 0, '2020-01-01', 2, 150, 300, 'online', 1, 1)
    INSERT INTO sales_daily SELECT * FROM sales_daily
    INSERT INTO inventory_snapshot_daily VALUES (:store, :product, '2020-01-01', 1, 5, TRUE, 1, 1)
    INSERT INTO inventory_snapshot_daily VALUES (:store, :product, '2020-01-01', -1, 5, FALSE, 1, 1)
    INSERT INTO inventory_snapshot_daily VALUES (:store, :product, '2020-01-01', 1, -5, FALSE, 1, 1)
    INSERT INTO inventory_snapshot_daily SELECT * FROM inventory_snapshot_daily
    INSERT INTO price_history (product_id, price_cents, valid_from, valid_to, created_us, updated_us) VALUES (:product, 1, '2020-01-01', '2019-12-31', 1, 1)
    INSERT INTO price_history (product_id, price_cents, valid_from, created_us, updated_us) VALUES (:product, -1, '2020-01-01', 1, 1)
    INSERT INTO price_history (product_id, store_id, price_cents, valid_from, created_us, updated_us) SELECT product_id, store_id, 1, valid_from, 1, 1 FROM price_history
    INSERT INTO promotion (product_id, name, kind, discount_pct, start_date, end_date, created_us, updated_us) VALUES (:product, 'x', 'bogo', 1, '2020-01-01', '2020-01-01', 1, 1)
    INSERT INTO promotion (product_id, name, kind, discount_pct, bundle_member_product_ids, start_date, end_date, created_us, updated_us) VALUES (:product, 'x', 'pct_off', 1, '[]', '2020-01-01', '2020-01-01', 1, 1)
    INSERT INTO promotion (product_id, name, kind, discount_pct, start_date, end_date, created_us, updated_us) VALUES (:product, 'x', 'pct_off', 1.1, '2020-01-01', '2020-01-01', 1, 1)
    INSERT INTO promotion (product_id, name, kind, start_date, end_date, created_us, updated_us) VALUES (:product, 'x', 'gift', '2020-01-01', '2020-01-01', 1, 1)
    INSERT INTO promotion (product_id, name, start_date, end_date, created_us, updated_us) VALUES (:product, 'x', '2020-01-02', '2020-01-01', 1, 1)
    INSERT INTO promotion (product_id, store_id, name, start_date, end_date, created_us, updated_us) SELECT product_id, store_id, 'x', start_date, end_date, 1, 1 FROM promotion
    INSERT INTO exogenous_signal (tenant_id, date, signal_name, is_global, value, created_us, updated_us) SELECT tenant_id, '2020-01-01', 'x', FALSE, 1, 1, 1 FROM store WHERE id = :store
    INSERT INTO exogenous_signal (tenant_id, date, signal_name, store_id, is_global, value, created_us, updated_us) SELECT tenant_id, '2020-01-01', 'x', id, TRUE, 1, 1, 1 FROM store WHERE id = :store
    INSERT INTO exogenous_signal (tenant_id, date, signal_name, is_global, value, created_us, updated_us) SELECT tenant_id, '2020-01-01', 'x', TRUE, 1, 1, 1 FROM store
    INSERT INTO sales_returns (store_id, product_id, date, return_quantity, return_reason, created_us, updated_us) VALUES (:store, :product, '2020-01-01', 0, 'defective', 1, 1)
    INSERT INTO sales_returns (store_id, product_id, date, return_quantity, return_reason, created_us, updated_us) VALUES (:store, :product, '2020-01-01', 1, 'whim', 1, 1)
    INSERT INTO replenishment_event (store_id, product_id, date, lead_time_days, ordered_qty, received_qty, created_us, updated_us) VALUES (:store, :product, '2020-01-01', 0, 4, 5, 1, 1)
    INSERT INTO replenishment_event (store_id, product_id, date, lead_time_days, ordered_qty, received_qty, created_us, updated_us) VALUES (:store, :product, '2020-01-01', -1, 4, 4, 1, 1)
    DELETE FROM store
    DELETE FROM product
";
