//! What the tables themselves refuse, on both databases.

use kernel::Tenant;
use test_support::on_both_databases;
use wire::retail::GenerateRequest;

use crate::support::{execute, first_pair, generate};

on_both_databases! {
    async fn the_tables_refuse_rows_that_cannot_be(test: TestDb) {
        execute(&test.db, &literals(&test.db, WORLD)).await.unwrap();
        for statement in lines(ACCEPTED) {
            let sql = literals(&test.db, statement);
            let accepted = execute(&test.db, &sql).await;
            assert!(accepted.is_ok(), "refused: {sql}: {accepted:?}");
        }
        for statement in lines(REFUSED) {
            let sql = literals(&test.db, statement);
            assert!(execute(&test.db, &sql).await.is_err(), "accepted: {sql}");
        }
    }

    async fn a_complete_world_never_changes_and_a_row_never_moves(test: TestDb) {
        generate(&test.db, Tenant::LOCAL, &GenerateRequest::default()).await;
        let (store, product) = first_pair(&test.db).await;
        let (store, product) = (store.to_string(), product.to_string());
        let before = crate::support::dump(&test.db).await;
        for statement in lines(FOR_EVER) {
            let sql = statement.replace("901", &store).replace("901", &product);
            assert!(execute(&test.db, &sql).await.is_err(), "accepted: {sql}");
        }
        if test.db.write.backend() == sea_orm::DatabaseBackend::Sqlite {
            for statement in lines(REPLACED) {
                let sql = statement.replace("901", &store).replace("901", &product);
                assert!(execute(&test.db, &sql).await.is_err(), "accepted: {sql}");
            }
        }
        assert_eq!(crate::support::dump(&test.db).await, before);
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = &'static str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// Ids of two worlds and two digests, as the database writes them.
fn literals(db: &kernel::Db, sql: &str) -> String {
    let is_postgres = db.write.backend() == sea_orm::DatabaseBackend::Postgres;
    let bytes = |digit: char, count: usize| {
        let hex: String = std::iter::repeat_n(digit, count).collect();
        match (is_postgres, count) {
            (false, _) => format!("x'{hex}'"),
            (true, 32) => format!("'{hex}'::uuid"),
            (true, _) => format!("'\\x{hex}'::bytea"),
        }
    };
    [(":a", '1', 32), (":b", '2', 32), (":d", '3', 64), (":e", '4', 64)]
        .into_iter()
        .fold(sql.to_owned(), |sql, (name, digit, count)| sql.replace(name, &bytes(digit, count)))
}

/// A world that is being built, with store 901 and product 901, and another with store 902.
const WORLD: &str = "
    INSERT INTO world (id, tenant_id, scenario, seed, config, digest, title, state, start_date, end_date, created_us, touched_us)
        SELECT :a, :a, 'x', 1, '{}', :d, 'x', 'building', '2020-01-01', '2020-01-31', 1, 1;
    INSERT INTO world (id, tenant_id, scenario, seed, config, digest, title, state, start_date, end_date, created_us, touched_us)
        SELECT :b, :a, 'x', 1, '{}', :e, 'x', 'building', '2020-01-01', '2020-01-31', 1, 1;
    INSERT INTO store (id, world_id, code, name) VALUES (901, :a, 'S1', 'x'), (902, :b, 'S1', 'x');
    INSERT INTO product (id, world_id, sku, name) VALUES (901, :a, 'P1', 'x')
";

/// The controls: each differs from a refused one in what makes that one wrong.
const ACCEPTED: &str = "
    INSERT INTO calendar VALUES (:a, '2020-01-01', 0, 1, 1, 2020, TRUE, 'x')
    INSERT INTO sales_daily VALUES (901, 901, '2020-01-01', 2, 150, 300, 'online')
    INSERT INTO inventory_snapshot_daily VALUES (901, 901, '2020-01-01', 0, 5, TRUE)
    INSERT INTO price_history (product_id, price_cents, valid_from, valid_to) VALUES (901, 1, '2020-01-01', '2020-01-02')
    INSERT INTO price_history (product_id, store_id, price_cents, valid_from) VALUES (901, 901, 1, '2020-01-01')
    INSERT INTO promotion (product_id, name, kind, discount_pct, bundle_member_product_ids, start_date, end_date) VALUES (901, 'x', 'bogo', 1, '[]', '2020-01-01', '2020-01-01')
    INSERT INTO sales_returns (store_id, product_id, date, return_quantity, return_reason) VALUES (901, 901, '2020-01-01', 1, 'defective')
    INSERT INTO replenishment_event (store_id, product_id, date, lead_time_days, ordered_qty, received_qty) VALUES (901, 901, '2020-01-01', 0, 4, 4)
    INSERT INTO exogenous_signal (world_id, date, signal_name, is_global, value) VALUES (:a, '2020-01-01', 'x', TRUE, 1)
    INSERT INTO exogenous_signal (world_id, date, signal_name, store_id, is_global, value) VALUES (:a, '2020-01-01', 'x', 901, FALSE, 1)
    INSERT INTO product (world_id, sku, name, launch_date, discontinue_date, lifecycle_stage, pack_size) VALUES (:a, 'P2', 'x', '2020-01-01', '2020-01-01', 'decline', 1)
";

const REFUSED: &str = "
    INSERT INTO store (world_id, code, name) SELECT world_id, code, name FROM store WHERE id = 901
    INSERT INTO store (world_id, code, name) SELECT world_id, '', name FROM store WHERE id = 901
    INSERT INTO store (world_id, code, name) SELECT world_id, 'S12345678901234567890', name FROM store WHERE id = 901
    INSERT INTO product (world_id, sku, name) SELECT world_id, sku, name FROM product WHERE id = 901
    INSERT INTO product (world_id, sku, name, lifecycle_stage) SELECT world_id, 'P9', name, 'old' FROM product WHERE id = 901
    INSERT INTO product (world_id, sku, name, pack_size) SELECT world_id, 'P9', name, 0 FROM product WHERE id = 901
    INSERT INTO product (world_id, sku, name, base_price_cents) SELECT world_id, 'P9', name, -1 FROM product WHERE id = 901
    INSERT INTO product (world_id, sku, name, launch_date, discontinue_date) VALUES (:a, 'P9', 'x', '2020-01-02', '2020-01-01')
    INSERT INTO calendar VALUES (:a, '2020-01-02', 7, 1, 1, 2020, FALSE, NULL)
    INSERT INTO calendar VALUES (:a, '2020-01-02', 0, 13, 1, 2020, FALSE, NULL)
    INSERT INTO calendar VALUES (:a, '2020-01-02', 0, 1, 0, 2020, FALSE, NULL)
    INSERT INTO calendar VALUES (:a, '2020-01-02', 0, 1, 1, 2020, FALSE, 'x')
    INSERT INTO sales_daily VALUES (901, 901, '2020-01-02', -1, 150, -150, 'online')
    INSERT INTO sales_daily VALUES (901, 901, '2020-01-02', 2, -150, -300, 'online')
    INSERT INTO sales_daily VALUES (901, 901, '2020-01-02', 2, 150, 301, 'online')
    INSERT INTO sales_daily VALUES (901, 901, '2020-01-02', 2, 150, 300, 'fax')
    INSERT INTO sales_daily VALUES (0, 901, '2020-01-02', 2, 150, 300, 'online')
    INSERT INTO sales_daily VALUES (901, 0, '2020-01-02', 2, 150, 300, 'online')
    INSERT INTO sales_daily VALUES (902, 901, '2020-01-02', 2, 150, 300, 'online')
    INSERT INTO sales_daily SELECT * FROM sales_daily
    INSERT INTO inventory_snapshot_daily VALUES (901, 901, '2020-01-02', 1, 5, TRUE)
    INSERT INTO inventory_snapshot_daily VALUES (901, 901, '2020-01-02', -1, 5, FALSE)
    INSERT INTO inventory_snapshot_daily VALUES (901, 901, '2020-01-02', 1, -5, FALSE)
    INSERT INTO inventory_snapshot_daily VALUES (902, 901, '2020-01-02', 1, 5, FALSE)
    INSERT INTO inventory_snapshot_daily SELECT * FROM inventory_snapshot_daily
    INSERT INTO price_history (product_id, price_cents, valid_from, valid_to) VALUES (901, 1, '2020-01-03', '2019-12-31')
    INSERT INTO price_history (product_id, price_cents, valid_from) VALUES (901, -1, '2020-01-03')
    INSERT INTO price_history (product_id, price_cents, valid_from) VALUES (901, 1, '2020-01-01')
    INSERT INTO price_history (product_id, store_id, price_cents, valid_from) VALUES (901, 902, 1, '2020-01-03')
    INSERT INTO promotion (product_id, name, kind, discount_pct, start_date, end_date) VALUES (901, 'x', 'bogo', 1, '2020-01-02', '2020-01-02')
    INSERT INTO promotion (product_id, name, kind, discount_pct, bundle_member_product_ids, start_date, end_date) VALUES (901, 'x', 'pct_off', 1, '[]', '2020-01-02', '2020-01-02')
    INSERT INTO promotion (product_id, name, kind, discount_pct, start_date, end_date) VALUES (901, 'x', 'pct_off', 1.1, '2020-01-02', '2020-01-02')
    INSERT INTO promotion (product_id, name, kind, start_date, end_date) VALUES (901, 'x', 'gift', '2020-01-02', '2020-01-02')
    INSERT INTO promotion (product_id, name, start_date, end_date) VALUES (901, 'x', '2020-01-02', '2020-01-01')
    INSERT INTO promotion (product_id, name, start_date, end_date) VALUES (901, 'x', '2020-01-01', '2020-01-01')
    INSERT INTO exogenous_signal (world_id, date, signal_name, is_global, value) VALUES (:a, '2020-01-02', 'x', FALSE, 1)
    INSERT INTO exogenous_signal (world_id, date, signal_name, store_id, is_global, value) VALUES (:a, '2020-01-02', 'x', 901, TRUE, 1)
    INSERT INTO exogenous_signal (world_id, date, signal_name, store_id, is_global, value) VALUES (:a, '2020-01-02', 'x', 902, FALSE, 1)
    INSERT INTO exogenous_signal (world_id, date, signal_name, is_global, value) VALUES (:a, '2020-01-01', 'x', TRUE, 1)
    INSERT INTO sales_returns (store_id, product_id, date, return_quantity, return_reason) VALUES (901, 901, '2020-01-01', 0, 'defective')
    INSERT INTO sales_returns (store_id, product_id, date, return_quantity, return_reason) VALUES (901, 901, '2020-01-01', 1, 'whim')
    INSERT INTO replenishment_event (store_id, product_id, date, lead_time_days, ordered_qty, received_qty) VALUES (901, 901, '2020-01-01', 0, 4, 5)
    INSERT INTO replenishment_event (store_id, product_id, date, lead_time_days, ordered_qty, received_qty) VALUES (901, 901, '2020-01-01', -1, 4, 4)
    UPDATE world SET state = 'complete'
    UPDATE world SET seed = 2
    DELETE FROM world
    DELETE FROM store
    DELETE FROM product
";

/// What must not happen to a world that is complete.
const FOR_EVER: &str = "
    UPDATE world SET state = 'building'
    UPDATE world SET row_counts = '{}'
    UPDATE world SET title = 'x'
    UPDATE world SET touched_us = 1
    DELETE FROM world
    UPDATE store SET name = 'x'
    UPDATE product SET base_price_cents = 1
    UPDATE calendar SET is_holiday = TRUE
    UPDATE sales_daily SET quantity = 0, total_amount_cents = 0
    UPDATE inventory_snapshot_daily SET on_order_qty = 0
    UPDATE price_history SET price_cents = 1
    DELETE FROM calendar
    DELETE FROM sales_daily
    DELETE FROM inventory_snapshot_daily
    DELETE FROM price_history
    INSERT INTO store (world_id, code, name) SELECT world_id, 'X', name FROM store
    INSERT INTO sales_daily VALUES (:store, :product, '2019-01-01', 2, 150, 300, 'online')
    INSERT INTO inventory_snapshot_daily VALUES (:store, :product, '2019-01-01', 1, 5, FALSE)
    INSERT INTO price_history (product_id, price_cents, valid_from) VALUES (:product, 1, '2019-01-03')
    INSERT INTO sales_returns (store_id, product_id, date, return_quantity, return_reason) VALUES (:store, :product, '2020-01-01', 1, 'defective')
";

/// SQLite's way around a delete trigger.
const REPLACED: &str = "
    INSERT OR REPLACE INTO sales_daily SELECT store_id, product_id, date, 0, 0, 0, 'online' FROM sales_daily
    INSERT OR REPLACE INTO store (id, world_id, code, name) SELECT id, world_id, code, 'x' FROM store
    INSERT OR REPLACE INTO world SELECT * FROM world
    INSERT OR REPLACE INTO calendar SELECT world_id, date, 0, 1, 1, 2020, FALSE, NULL FROM calendar
";
