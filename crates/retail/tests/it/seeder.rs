//! Generating, deleting, looking.

use std::time::Duration;

use chrono::NaiveDate;
use kernel::{Class, Fault, Tenant};
use retail::seeder::{
    self, CheckStatus, Feature, GenerateRequest, Overrides, Preset, Scope, SeederError, TableCounts,
};
use sea_orm::DatabaseBackend;
use test_support::{frozen_clock, on_both_databases};

use crate::support::{count, dump, execute, generate, generate_at, other_tenant};

fn request() -> GenerateRequest {
    GenerateRequest::default()
}

/// As many features at once as there are.
fn with_every_feature() -> GenerateRequest {
    GenerateRequest { features: Feature::ALL.map(|(name, _)| name.to_owned()).to_vec(), ..request() }
}

/// The rows of `demo_minimal` with seed 42 on 2026-01-05, as both databases hold them: made by this crate, and kept
/// so that a change of them is noticed.
const GOLDEN: &str = "e914d020d4956a3175f67c955e33b540f99f4bfd0502c3db7552fbfb45585e98";

on_both_databases! {
    async fn the_minimal_demo_holds_the_rows_it_always_held(test: TestDb) {
        let made = generate(&test.db, Tenant::LOCAL, &request()).await;
        let created = made.records_created;
        assert_eq!((created.stores, created.products, created.calendar), (3, 10, 92));
        assert_eq!(created.inventory, 2_760);
        assert!((2_650..2_740).contains(&created.sales), "{}", created.sales);
        assert_eq!((created.exogenous_signals, created.sales_returns, created.replenishment_events), (0, 0, 0));
        assert_eq!(made.records_replaced, 0);
        assert_eq!(dump(&test.db).await.to_string(), GOLDEN);
        let status = seeder::status(&test.db.read, Tenant::LOCAL).await.unwrap();
        assert_eq!(status.counts, created);
        assert_eq!(status.date_range_start, NaiveDate::from_ymd_opt(2025, 10, 6));
        assert_eq!(status.date_range_end, NaiveDate::from_ymd_opt(2026, 1, 5));
        assert_eq!(status.last_updated, Some(kernel::Clock::now(&*frozen_clock())));
    }

    async fn generating_again_leaves_the_same_rows_under_the_same_numbers(test: TestDb) {
        let request = with_every_feature();
        let first = generate(&test.db, Tenant::LOCAL, &request).await;
        let rows = dump(&test.db).await;
        let stores = seeder_ids(&test.db).await;
        let again = generate(&test.db, Tenant::LOCAL, &request).await;
        assert_eq!(dump(&test.db).await, rows);
        assert_eq!(seeder_ids(&test.db).await, stores);
        let facts = TableCounts { stores: 0, products: 0, calendar: 0, ..first.records_created };
        assert_eq!(again.records_created, facts);
        assert_eq!(again.records_replaced, facts.total());
    }

    async fn a_later_day_replaces_the_window_instead_of_adding_to_it(test: TestDb) {
        let clock = frozen_clock();
        generate_at(&test.db, &clock, Tenant::LOCAL, &request()).await;
        clock.advance(Duration::from_hours(3 * 24));
        let later = generate_at(&test.db, &clock, Tenant::LOCAL, &request()).await;
        let status = seeder::status(&test.db.read, Tenant::LOCAL).await.unwrap();
        assert_eq!(status.date_range_start, Some(later.start_date));
        assert_eq!(later.records_created.calendar, 3);
        let facts = TableCounts { stores: 3, products: 10, calendar: 95, ..later.records_created };
        assert_eq!(status.counts, facts);
    }

    async fn another_seed_adds_its_own_stores_and_leaves_the_others(test: TestDb) {
        generate(&test.db, Tenant::LOCAL, &request()).await;
        let other = generate(&test.db, Tenant::LOCAL, &GenerateRequest { seed: 43, ..request() }).await;
        assert_eq!((other.records_created.stores, other.records_created.products), (3, 10));
        assert_eq!(other.records_replaced, 0);
        let status = seeder::status(&test.db.read, Tenant::LOCAL).await.unwrap();
        assert_eq!((status.counts.stores, status.counts.products, status.counts.calendar), (6, 20, 92));
        assert!(seeder::verify(&test.db.read, Tenant::LOCAL).await.unwrap().passed);
    }

    async fn features_fill_their_tables(test: TestDb) {
        let made = generate(&test.db, Tenant::LOCAL, &with_every_feature()).await.records_created;
        assert_eq!(made.exogenous_signals, 4 * 92);
        assert!(made.sales_returns > 0 && made.replenishment_events > 0 && made.promotions > 0);
        assert!(count(&test.db, "promotion WHERE kind = 'markdown'").await > 0);
        assert!(count(&test.db, "sales_daily WHERE channel = 'online'").await > 0);
        assert!(count(&test.db, "product WHERE launch_date IS NOT NULL").await == 10);
        assert!(seeder::verify(&test.db.read, Tenant::LOCAL).await.unwrap().passed);
    }

    async fn every_preset_can_be_generated(test: TestDb) {
        for preset in Preset::ALL {
            let overrides = Overrides { stores: Some(2), products: Some(4), ..Overrides::default() };
            let scenario = preset.as_str().to_owned();
            let request = GenerateRequest { scenario, overrides: Some(overrides), ..request() };
            let made = generate(&test.db, Tenant::LOCAL, &request).await;
            assert!(made.records_created.sales > 0, "{preset:?}");
            assert!(seeder::verify(&test.db.read, Tenant::LOCAL).await.unwrap().passed, "{preset:?}");
        }
    }

    async fn a_dry_run_says_the_size_and_writes_nothing(test: TestDb) {
        let made = generate(&test.db, Tenant::LOCAL, &GenerateRequest { dry_run: true, ..request() }).await;
        let expected = TableCounts { stores: 3, products: 10, calendar: 92, ..TableCounts::default() };
        assert_eq!(made.records_created, expected);
        assert_eq!(seeder::status(&test.db.read, Tenant::LOCAL).await.unwrap().counts, TableCounts::default());
    }

    async fn a_generation_that_fails_leaves_what_was_there(test: TestDb) {
        generate(&test.db, Tenant::LOCAL, &request()).await;
        let before = dump(&test.db).await;
        refuse_late_stock(&test.db).await;
        let request = GenerateRequest { stores: Some(5), ..request() };
        let failed = seeder::generate(&test.db.write, &*frozen_clock(), Tenant::LOCAL, &request).await;
        assert_eq!(failed.unwrap_err().class(), Class::Internal);
        assert_eq!(dump(&test.db).await, before);
    }

    async fn two_generations_at_once_leave_one_world(test: TestDb) {
        let once = || {
            let db = test.db.clone();
            test_support::tokio::spawn(async move { generate(&db, Tenant::LOCAL, &request()).await })
        };
        let (first, second) = (once(), once());
        first.await.unwrap();
        second.await.unwrap();
        assert_eq!(dump(&test.db).await.to_string(), GOLDEN);
    }

    async fn a_request_that_cannot_be_met_changes_nothing(test: TestDb) {
        let check = async |request: GenerateRequest, code: &str, field: &str| {
            let made = seeder::generate(&test.db.write, &*frozen_clock(), Tenant::LOCAL, &request).await;
            let error: SeederError = made.unwrap_err();
            assert_eq!((error.class(), error.code()), (Class::Invalid, code));
            assert_eq!(error.fields()[0].field, field);
        };
        check(GenerateRequest { scenario: "demo".to_owned(), ..request() }, "UNKNOWN_SCENARIO", "scenario").await;
        check(GenerateRequest { stores: Some(101), ..request() }, "VALIDATION_ERROR", "stores").await;
        assert_eq!(count(&test.db, "store").await, 0);
    }

    async fn tenants_do_not_see_or_delete_each_other(test: TestDb) {
        let mine = generate(&test.db, Tenant::LOCAL, &with_every_feature()).await.records_created;
        let theirs = generate(&test.db, other_tenant(), &with_every_feature()).await.records_created;
        assert_eq!(mine, theirs);
        let deleted = seeder::delete(&test.db.write, other_tenant(), Scope::All, false).await.unwrap();
        assert_eq!(deleted.records_deleted, theirs);
        assert_eq!(seeder::status(&test.db.read, Tenant::LOCAL).await.unwrap().counts, mine);
        let none = seeder::status(&test.db.read, other_tenant()).await.unwrap();
        assert_eq!((none.counts, none.date_range_start), (TableCounts::default(), None));
    }

    async fn a_deletion_keeps_to_its_scope(test: TestDb) {
        let made = generate(&test.db, Tenant::LOCAL, &with_every_feature()).await.records_created;
        let facts = TableCounts { stores: 0, products: 0, calendar: 0, ..made };
        let check = async |scope, dry_run, expected| {
            let deleted = seeder::delete(&test.db.write, Tenant::LOCAL, scope, dry_run).await.unwrap();
            assert_eq!((deleted.dry_run, deleted.records_deleted), (dry_run, expected), "{scope:?}");
        };
        check(Scope::All, true, made).await;
        check(Scope::Facts, true, facts).await;
        check(Scope::Facts, false, facts).await;
        check(Scope::Dimensions, true, TableCounts { stores: 3, products: 10, calendar: 92, ..TableCounts::default() })
            .await;
        generate(&test.db, Tenant::LOCAL, &with_every_feature()).await;
        check(Scope::Dimensions, false, made).await;
        check(Scope::All, false, TableCounts::default()).await;
        assert_eq!("everything".parse::<Scope>().unwrap_err().fields()[0].field, "scope");
    }

    async fn verification_finds_what_the_tables_cannot_refuse(test: TestDb) {
        use CheckStatus::{Failed, Passed, Warning};
        let empty = seeder::verify(&test.db.read, Tenant::LOCAL).await.unwrap();
        let of = |verification: &seeder::Verification| -> Vec<_> {
            verification.checks.iter().map(|check| check.status).collect()
        };
        assert!(empty.passed);
        assert_eq!(of(&empty), [Passed, Passed, Passed, Warning, Warning]);

        generate(&test.db, Tenant::LOCAL, &request()).await;
        let whole = seeder::verify(&test.db.read, Tenant::LOCAL).await.unwrap();
        assert_eq!(of(&whole), [Passed; 5]);

        execute(&test.db, "DELETE FROM calendar WHERE date = '2025-12-01'").await.unwrap();
        let holed = seeder::verify(&test.db.read, Tenant::LOCAL).await.unwrap();
        assert!(!holed.passed);
        assert_eq!(of(&holed), [Failed, Passed, Warning, Passed, Passed]);
        assert_eq!(holed.checks[0].name, "foreign_keys");
    }
}

/// The numbers of all stores and products.
async fn seeder_ids(db: &kernel::Db) -> Vec<String> {
    let query = "SELECT id, code FROM store UNION ALL SELECT id, sku FROM product ORDER BY 1, 2";
    crate::support::rows(db, query).await.iter().map(ToString::to_string).collect()
}

/// Makes the database refuse the stock of the last day, when most of a generation is written.
async fn refuse_late_stock(db: &kernel::Db) {
    let sql = match db.write.backend() {
        DatabaseBackend::Postgres => {
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
             CREATE TRIGGER refuse BEFORE INSERT ON inventory_snapshot_daily FOR EACH ROW
             WHEN (NEW.date = '2026-01-05') EXECUTE FUNCTION refuse()"
        }
        _ => {
            "CREATE TRIGGER refuse BEFORE INSERT ON inventory_snapshot_daily WHEN NEW.date = '2026-01-05'
             BEGIN SELECT RAISE(ABORT, 'no'); END"
        }
    };
    execute(db, sql).await.unwrap();
}
