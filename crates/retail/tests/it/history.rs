//! Dimension lists, series and availability.

use kernel::{Class, Fault, Tenant};
use retail::availability::{self, AvailabilityError};
use retail::{Window, dimension, history};
use test_support::on_both_databases;
use wire::model_selection::Sufficiency;
use wire::retail::{GenerateRequest, Overrides, ProductId, StoreId};

use crate::support::{first_pair, generate, other_tenant, rows};

on_both_databases! {
    async fn pages_follow_each_other_in_the_order_of_codes(test: TestDb) {
        let world = generate(&test.db, Tenant::LOCAL, &GenerateRequest::default()).await.world_id.unwrap();
        generate(&test.db, other_tenant(), &GenerateRequest { seed: 1, ..GenerateRequest::default() }).await;
        let mut skus = Vec::new();
        let mut after = None;
        loop {
            let page = dimension::products(&test.db.read, Tenant::LOCAL, world, after.as_deref(), 4).await.unwrap();
            skus.extend(page.items.into_iter().map(|product| product.sku));
            let Some(next) = page.next else { break };
            after = Some(next);
        }
        assert_eq!(skus.len(), 10);
        assert!(skus.is_sorted());
        let whole = dimension::stores(&test.db.read, Tenant::LOCAL, world, None, 3).await.unwrap();
        assert_eq!((whole.items.len(), whole.next), (3, None));
        assert!(whole.items.is_sorted_by_key(|store| store.code.clone()));
    }

    async fn a_pair_of_someone_else_is_unknown(test: TestDb) {
        generate(&test.db, Tenant::LOCAL, &GenerateRequest::default()).await;
        let other = GenerateRequest { seed: 1, ..GenerateRequest::default() };
        let their_world = generate(&test.db, other_tenant(), &other).await.world_id.unwrap();
        let (store, product) = first_pair(&test.db).await;
        let theirs = dimension::products(&test.db.read, other_tenant(), their_world, None, 1).await.unwrap().items.remove(0).id;
        let check = async |tenant, store, product, message: &str| {
            let error = history::pair_series(&test.db.read, tenant, store, product, None).await.unwrap_err();
            assert_eq!((error.class(), error.to_string().as_str()), (Class::NotFound, message));
        };
        check(other_tenant(), store, theirs, &format!("there is no store {store}")).await;
        check(Tenant::LOCAL, store, theirs, &format!("there is no product {theirs}")).await;
        check(Tenant::LOCAL, StoreId(9_999), ProductId(9_999), "there is no store 9999").await;
        assert!(history::pair_series(&test.db.read, Tenant::LOCAL, store, product, None).await.is_ok());
    }

    async fn a_series_and_its_context_are_those_of_the_rows(test: TestDb) {
        let overrides = Overrides { promotion_intensity: Some(0.5), ..Default::default() };
        let request = GenerateRequest { overrides: Some(overrides), ..GenerateRequest::default() };
        let made = generate(&test.db, Tenant::LOCAL, &request).await;
        let (store, product) = first_pair(&test.db).await;
        let read = &test.db.read;
        let all = history::pair_series(read, Tenant::LOCAL, store, product, None).await.unwrap();
        let query = format!(
            "SELECT quantity, unit_price_cents FROM sales_daily
             WHERE store_id = {store} AND product_id = {product} ORDER BY date"
        );
        let stored: Vec<f64> =
            rows(&test.db, &query).await.iter().map(|row| row["quantity"].as_f64().unwrap()).collect();
        assert_eq!(all.iter().map(|day| day.1).collect::<Vec<_>>(), stored);
        assert!(all.is_sorted_by_key(|day| day.0));

        let window = Window::ending(made.end_date, 30).unwrap();
        let part = history::pair_series(read, Tenant::LOCAL, store, product, Some(window)).await.unwrap();
        assert_eq!(part, all.iter().copied().filter(|day| window.contains(day.0)).collect::<Vec<_>>());
        let context = history::pair_context(read, Tenant::LOCAL, store, product, window).await.unwrap();
        let days = |prices: &[(chrono::NaiveDate, f64)]| prices.iter().map(|day| day.0).collect::<Vec<_>>();
        assert_eq!(days(&context.prices), days(&part));
        assert!(context.prices.iter().any(|price| price.1.to_bits() == context.baseline_price.to_bits()));
        let holidays: Vec<String> = context.holidays.iter().map(ToString::to_string).collect();
        assert_eq!(holidays, ["2025-12-25", "2026-01-01"]);
        assert!(context.promotions.keys().all(|&day| window.contains(day)));

        // A product that was promoted, on the days of its promotion.
        let promoted = "SELECT product_id, CAST(start_date AS TEXT) AS first FROM promotion ORDER BY id";
        let promoted = rows(&test.db, promoted).await.swap_remove(0);
        let (product, first) = (promoted["product_id"].as_i64().unwrap(), promoted["first"].as_str().unwrap());
        let window = Window::ending(first.parse().unwrap(), 2).unwrap();
        let stores = dimension::stores(read, Tenant::LOCAL, made.world_id.unwrap(), None, 100).await.unwrap().items;
        let mut days = 0;
        for store in stores {
            let promoted = history::pair_context(read, Tenant::LOCAL, store.id, ProductId(product), window).await;
            days += promoted.unwrap().promotions.len();
        }
        assert!(days > 0, "the first promotion covers {first}");
    }

    async fn a_context_has_the_stock_the_deliveries_the_returns_and_the_signals_of_its_days(test: TestDb) {
        let features = retail::seeder::Feature::ALL.map(|(name, _)| name.to_owned()).to_vec();
        let request = GenerateRequest { features, ..GenerateRequest::default() };
        let made = generate(&test.db, Tenant::LOCAL, &request).await;
        let (store, product) = first_pair(&test.db).await;
        let window = Window::ending(made.end_date, 60).unwrap();
        let context =
            history::pair_context(&test.db.read, Tenant::LOCAL, store, product, window).await.unwrap();
        let sum = async |column: &str, table: &str| {
            let query = format!(
                "SELECT {column} AS quantity FROM {table} WHERE store_id = {store}
                 AND product_id = {product} AND date BETWEEN '{}' AND '{}'",
                window.start(),
                window.end()
            );
            rows(&test.db, &query).await.iter().map(|row| row["quantity"].as_i64().unwrap()).sum::<i64>()
        };
        let on_hand: i64 = context.stock.values().map(|day| day.on_hand).sum();
        assert_eq!(on_hand, sum("on_hand_qty", "inventory_snapshot_daily").await);
        assert!(context.stock.values().all(|day| !day.is_stockout || day.on_hand == 0));
        let received: i64 = context.deliveries.values().map(|day| day.units).sum();
        assert_eq!(received, sum("received_qty", "replenishment_event").await);
        assert!(context.deliveries.values().all(|day| day.count >= 1) && !context.deliveries.is_empty());
        let returned: i64 = context.returned.values().sum();
        assert_eq!(returned, sum("return_quantity", "sales_returns").await);
        let signals = context.signals;
        assert_eq!((signals.temperature_c.len(), signals.macro_index.len()), (61, 61));
        assert!(signals.precipitation_mm.is_empty());
        assert!(signals.temperature_c.keys().all(|&day| window.contains(day)));
    }

    async fn availability_speaks_of_the_rows_of_the_pair(test: TestDb) {
        let made = generate(&test.db, Tenant::LOCAL, &GenerateRequest::default()).await;
        let (store, product) = first_pair(&test.db).await;
        let read = &test.db.read;
        let request = availability::Request::new(store, product);
        let found = availability::availability(read, Tenant::LOCAL, &request).await.unwrap();
        let all = history::pair_series(read, Tenant::LOCAL, store, product, None).await.unwrap();
        assert_eq!(found.all_history.observed_days, all.len() as u64);
        assert_eq!(found.evaluated, found.all_history);
        assert_eq!(found.status, Sufficiency::Limited);

        let window = Window::ending(made.end_date, 9);
        let request = availability::Request { window, ..request };
        let short = availability::availability(read, Tenant::LOCAL, &request).await.unwrap();
        assert_eq!(short.status, Sufficiency::Unusable);
        assert!(short.evaluated.observed_days <= 10 && short.all_history == found.all_history);
        let wire = serde_json::to_value(&short).unwrap();
        assert_eq!(wire["window"]["end_date"], "2026-01-05");
        assert!(wire["observed_days"].is_u64() && wire["recommended_split_config"]["horizon"] == 14);

        let unknown = availability::Request::new(store, ProductId(9_999));
        let error = availability::availability(read, Tenant::LOCAL, &unknown).await.unwrap_err();
        assert!(matches!(error, AvailabilityError::Pair(_)) && error.class() == Class::NotFound);
    }
}
