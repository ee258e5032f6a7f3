//! Generating, deleting, looking.

use std::time::Duration;

use chrono::NaiveDate;
use kernel::{Class, Fault, Tenant};
use retail::seeder::{self, CheckStatus, Feature, Preset, SeederError};
use retail::world;
use sea_orm::DatabaseBackend;
use test_support::{frozen_clock, on_both_databases};
use wire::retail::{GenerateRequest, Overrides, Status, TableCounts};

use crate::support::{count, dump, execute, generate, generate_at, other_tenant, pair_of};

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
        assert!(!made.is_existing);
        assert_eq!(dump(&test.db).await.to_string(), GOLDEN);
        let status = seeder::status(&test.db.read, Tenant::LOCAL, None).await.unwrap();
        assert_eq!(status.counts, created);
        assert_eq!(status.date_range_start, NaiveDate::from_ymd_opt(2025, 10, 6));
        assert_eq!(status.date_range_end, NaiveDate::from_ymd_opt(2026, 1, 5));
        assert_eq!(status.last_updated, Some(kernel::Clock::now(&*frozen_clock())));
    }

    async fn generating_again_finds_the_same_world_and_writes_nothing(test: TestDb) {
        let request = with_every_feature();
        let first = generate(&test.db, Tenant::LOCAL, &request).await;
        let (rows, numbers) = (dump(&test.db).await, seeder_ids(&test.db).await);
        let again = generate(&test.db, Tenant::LOCAL, &request).await;
        assert_eq!((again.world_id, again.is_existing, first.is_existing), (first.world_id, true, false));
        assert_eq!(again.records_created, TableCounts::default());
        assert_eq!((dump(&test.db).await, seeder_ids(&test.db).await), (rows, numbers));
        assert_eq!(count(&test.db, "world").await, 1);
    }

    async fn another_day_or_seed_is_another_world_and_leaves_the_others(test: TestDb) {
        let clock = frozen_clock();
        let first = generate_at(&test.db, &clock, Tenant::LOCAL, &request()).await;
        let rows = first.records_created;
        let other = generate_at(&test.db, &clock, Tenant::LOCAL, &GenerateRequest { seed: 43, ..request() }).await;
        clock.advance(Duration::from_hours(3 * 24));
        let later = generate_at(&test.db, &clock, Tenant::LOCAL, &request()).await;
        assert_eq!(later.records_created.calendar, 92);
        let ids = [later.world_id.unwrap(), other.world_id.unwrap(), first.world_id.unwrap()];
        let listed = world::list(&test.db.read, Tenant::LOCAL, None, 2).await.unwrap();
        assert_eq!(listed.items.iter().map(|world| world.world_id).collect::<Vec<_>>(), ids[..2]);
        let rest = world::list(&test.db.read, Tenant::LOCAL, listed.next, 2).await.unwrap();
        assert_eq!((rest.items[0].world_id, rest.items[0].row_counts, rest.next), (ids[2], rows, None));
        for id in ids {
            assert!(seeder::verify(&test.db.read, Tenant::LOCAL, id).await.unwrap().passed);
        }
        // Among several none is guessed.
        let error = seeder::status(&test.db.read, Tenant::LOCAL, None).await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::Conflict, "WORLD_AMBIGUOUS"));
        let choices: Vec<_> = error.fields().into_iter().map(|field| field.field).collect();
        assert_eq!(choices, ids.map(|id| id.to_string()));
        let named = seeder::status(&test.db.read, Tenant::LOCAL, first.world_id).await.unwrap();
        assert_eq!((named.counts, named.world_id), (rows, first.world_id));
    }

    async fn a_store_of_one_world_has_no_product_of_another(test: TestDb) {
        let one = generate(&test.db, Tenant::LOCAL, &request()).await.world_id.unwrap();
        let two = generate(&test.db, Tenant::LOCAL, &GenerateRequest { seed: 43, ..request() }).await.world_id.unwrap();
        let (store, product) = (pair_of(&test.db, one).await.0, pair_of(&test.db, two).await.1);
        let question = retail::availability::Request::new(store, product);
        let error = retail::availability::availability(&test.db.read, Tenant::LOCAL, &question).await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::Unprocessable, "PAIR_OF_TWO_WORLDS"));
        let error = retail::history::pair_series(&test.db.read, Tenant::LOCAL, store, product, None).await.unwrap_err();
        assert_eq!(error.code(), "PAIR_OF_TWO_WORLDS");
    }

    async fn the_pairs_of_a_world_are_those_that_sell_in_the_order_of_their_codes(test: TestDb) {
        let sparse = GenerateRequest { scenario: "sparse".to_owned(), stores: Some(3), products: Some(8), ..request() };
        let made = generate(&test.db, Tenant::LOCAL, &sparse).await;
        let (read, id) = (&test.db.read, made.world_id.unwrap());
        let mut query = world::PairQuery::new(5);
        let mut pairs = Vec::new();
        loop {
            let page = world::pairs(read, Tenant::LOCAL, id, &query).await.unwrap();
            pairs.extend(page.items);
            query.after = page.next;
            if query.after.is_none() { break }
        }
        assert_eq!(pairs.len(), 12);
        assert!(pairs.is_sorted_by_key(|pair| (pair.store_code.clone(), pair.sku.clone())));
        assert_eq!(pairs.iter().map(|pair| pair.observed_days).sum::<u64>(), made.records_created.sales);
        for pair in &pairs {
            let question = retail::availability::Request::new(pair.store_id, pair.product_id);
            let found = retail::availability::availability(read, Tenant::LOCAL, &question).await.unwrap();
            assert_eq!((found.status, found.evaluated.observed_days), (pair.status, pair.observed_days));
        }
        query.split.forecast_horizon = 91;
        let error = world::pairs(read, Tenant::LOCAL, id, &query).await.unwrap_err();
        assert_eq!(error.fields()[0].field, "forecast_horizon");
    }

    async fn a_world_appears_at_once_and_disappears_at_once(test: TestDb) {
        let made = generate(&test.db, Tenant::LOCAL, &request()).await;
        let id = made.world_id.unwrap();
        let (store, product) = pair_of(&test.db, id).await;
        // As a crash leaves a deletion: invisible, and the rows are still there.
        execute(&test.db, "UPDATE world SET state = 'gone'").await.unwrap();
        let read = &test.db.read;
        assert_eq!(world::find(read, Tenant::LOCAL, id).await.unwrap_err().class(), Class::NotFound);
        assert!(world::list(read, Tenant::LOCAL, None, 9).await.unwrap().items.is_empty());
        let pair = retail::dimension::pair(read, Tenant::LOCAL, store, product).await;
        assert_eq!(pair.unwrap_err().class(), Class::NotFound);
        assert_eq!(seeder::status(read, Tenant::LOCAL, None).await.unwrap(), Status::default());
        assert_eq!(count(&test.db, "sales_daily").await, i64::try_from(made.records_created.sales).unwrap());
        assert_eq!(seeder::sweep(&test.db, &*frozen_clock()).await.unwrap(), 1, "nobody waits for what is gone");
        assert_eq!(every_row(&test.db).await, 0);
    }

    async fn a_world_that_was_left_unfinished_is_invisible_and_built_again(test: TestDb) {
        let clock = frozen_clock();
        let whole = generate_at(&test.db, &clock, Tenant::LOCAL, &request()).await.world_id.unwrap();
        let seven = GenerateRequest { seed: 7, ..request() };
        let left = generate_at(&test.db, &clock, Tenant::LOCAL, &seven).await.world_id.unwrap();
        unfinish(&test.db, left).await;
        assert_eq!(crate::support::only_world(&test.db).await, whole);
        assert_eq!(world::find(&test.db.read, Tenant::LOCAL, left).await.unwrap_err().class(), Class::NotFound);
        assert_eq!(seeder::sweep(&test.db, &*clock).await.unwrap(), 0, "somebody may be at work on it");
        assert!(retail::is_any_unfinished(&test.db.read).await.unwrap());
        clock.advance(Duration::from_secs(11));
        let again = generate_at(&test.db, &clock, Tenant::LOCAL, &seven).await;
        assert!(!again.is_existing && again.world_id != Some(left));
        assert_eq!(count(&test.db, "world").await, 2);
    }

    async fn a_generation_nobody_waits_for_any_longer_leaves_nothing(test: TestDb) {
        let clock = frozen_clock();
        let request = request();
        let mut build = Box::pin(seeder::generate(&test.db, &*clock, Tenant::LOCAL, &request));
        while count(&test.db, "store").await == 0 {
            test_support::tokio::select! {
                biased;
                ended = &mut build => panic!("ended before its stores could be seen: {ended:?}"),
                () = test_support::tokio::task::yield_now() => {}
            }
        }
        drop(build);
        while every_row(&test.db).await > 0 {
            test_support::tokio::task::yield_now().await;
        }
    }

    async fn a_program_that_ends_in_the_middle_of_a_generation_leaves_nothing(test: TestDb) {
        let request = request();
        let (program, clock) = (kernel::Db::open(&test.url).await.unwrap(), frozen_clock());
        let mut build = Box::pin(seeder::generate(&program, &*clock, Tenant::LOCAL, &request));
        while count(&test.db, "sales_daily").await == 0 {
            test_support::tokio::select! {
                biased;
                ended = &mut build => panic!("ended before its sales could be seen: {ended:?}"),
                () = test_support::tokio::task::yield_now() => {}
            }
        }
        drop(build);
        program.close().await.unwrap();
        assert_eq!(every_row(&test.db).await, 0);
    }

    async fn others_write_while_a_large_world_is_built_and_removed(test: TestDb) {
        let db = test.db.clone();
        let large = GenerateRequest { stores: Some(4), products: Some(60), ..request() };
        let work = test_support::tokio::spawn(async move {
            generate(&db, Tenant::LOCAL, &large).await;
            seeder::delete(&db.write, &*frozen_clock(), Tenant::LOCAL, None, false).await.unwrap()
        });
        execute(&test.db, "CREATE TABLE tick (n INTEGER)").await.unwrap();
        let mut ticks = 0;
        while !work.is_finished() {
            execute(&test.db, "INSERT INTO tick VALUES (1)").await.unwrap();
            ticks += 1;
        }
        let rows = work.await.unwrap().records_deleted.total();
        assert!(rows > 40_000 && ticks > 20, "{ticks} other writes beside {rows} rows");
    }

    async fn features_fill_their_tables(test: TestDb) {
        let made = generate(&test.db, Tenant::LOCAL, &with_every_feature()).await.records_created;
        assert_eq!(made.exogenous_signals, 4 * 92);
        assert!(made.sales_returns > 0 && made.replenishment_events > 0 && made.promotions > 0);
        assert!(count(&test.db, "promotion WHERE kind = 'markdown'").await > 0);
        assert!(count(&test.db, "sales_daily WHERE channel = 'online'").await > 0);
        assert!(count(&test.db, "product WHERE launch_date IS NOT NULL").await == 10);
        let world = crate::support::only_world(&test.db).await;
        assert!(seeder::verify(&test.db.read, Tenant::LOCAL, world).await.unwrap().passed);
    }

    async fn every_preset_can_be_generated(test: TestDb) {
        for preset in Preset::ALL {
            let overrides = Overrides { stores: Some(2), products: Some(4), ..Overrides::default() };
            let scenario = preset.as_str().to_owned();
            let request = GenerateRequest { scenario, overrides: Some(overrides), ..request() };
            let made = generate(&test.db, Tenant::LOCAL, &request).await;
            assert!(made.records_created.sales > 0, "{preset:?}");
            let verified = seeder::verify(&test.db.read, Tenant::LOCAL, made.world_id.unwrap()).await.unwrap();
            assert!(verified.passed, "{preset:?}: {verified:?}");
        }
    }

    async fn a_dry_run_says_the_size_and_writes_nothing(test: TestDb) {
        let made = generate(&test.db, Tenant::LOCAL, &GenerateRequest { dry_run: true, ..request() }).await;
        let expected = TableCounts { stores: 3, products: 10, calendar: 92, ..TableCounts::default() };
        assert_eq!((made.records_created, made.world_id), (expected, None));
        assert_eq!(seeder::status(&test.db.read, Tenant::LOCAL, None).await.unwrap().counts, TableCounts::default());
    }

    async fn a_generation_that_fails_leaves_what_was_there(test: TestDb) {
        generate(&test.db, Tenant::LOCAL, &request()).await;
        let before = dump(&test.db).await;
        refuse_late_stock(&test.db).await;
        let clock = frozen_clock();
        clock.advance(Duration::from_secs(1));
        let other = GenerateRequest { seed: 8, ..request() };
        let made = seeder::generate(&test.db, &*clock, Tenant::LOCAL, &other).await;
        assert_eq!(made.unwrap_err().class(), Class::Internal);
        assert_eq!(dump(&test.db).await, before);
        assert_eq!(count(&test.db, "world").await, 1);
    }

    async fn two_generations_at_once_leave_one_world(test: TestDb) {
        let once = || {
            let db = test.db.clone();
            test_support::tokio::spawn(async move { generate(&db, Tenant::LOCAL, &request()).await })
        };
        let (first, second) = (once(), once());
        let (first, second) = (first.await.unwrap(), second.await.unwrap());
        assert_eq!(first.world_id, second.world_id);
        assert_ne!(first.is_existing, second.is_existing);
        assert_eq!(dump(&test.db).await.to_string(), GOLDEN);
    }

    async fn a_request_that_cannot_be_met_changes_nothing(test: TestDb) {
        let check = async |request: GenerateRequest, code: &str, field: &str| {
            let made = seeder::generate(&test.db, &*frozen_clock(), Tenant::LOCAL, &request).await;
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
        let deleted = seeder::delete(&test.db.write, &*frozen_clock(), other_tenant(), None, false).await.unwrap();
        assert_eq!(deleted.records_deleted, theirs);
        assert_eq!(seeder::status(&test.db.read, Tenant::LOCAL, None).await.unwrap().counts, mine);
        let none = seeder::status(&test.db.read, other_tenant(), None).await.unwrap();
        assert_eq!((none.counts, none.date_range_start), (TableCounts::default(), None));
    }

    async fn a_deletion_takes_whole_worlds_one_or_all(test: TestDb) {
        let one = generate(&test.db, Tenant::LOCAL, &with_every_feature()).await;
        let other = generate(&test.db, Tenant::LOCAL, &request()).await;
        let delete = async |only, dry_run| {
            seeder::delete(&test.db.write, &*frozen_clock(), Tenant::LOCAL, only, dry_run).await
        };
        let mut both = one.records_created;
        both += other.records_created;
        let counted = delete(None, true).await.unwrap();
        assert_eq!((counted.worlds_deleted, counted.records_deleted), (2, both));
        let deleted = delete(one.world_id, false).await.unwrap();
        assert_eq!((deleted.worlds_deleted, deleted.records_deleted), (1, one.records_created));
        assert_eq!(delete(one.world_id, false).await.unwrap_err().class(), Class::NotFound);
        assert_eq!(every_row(&test.db).await, other.records_created.total() + 1);
        assert!(generate(&test.db, Tenant::LOCAL, &request()).await.is_existing);
        assert_eq!(delete(None, false).await.unwrap().records_deleted, other.records_created);
        assert_eq!(every_row(&test.db).await, 0);
        assert!(!generate(&test.db, Tenant::LOCAL, &request()).await.is_existing);
    }

    async fn a_world_whose_rows_were_changed_is_not_found_again(test: TestDb) {
        let request = with_every_feature();
        let world = generate(&test.db, Tenant::LOCAL, &request).await.world_id.unwrap();
        let disarm = |table: &str| match test.db.write.backend() {
            DatabaseBackend::Postgres => vec![format!("ALTER TABLE {table} DISABLE TRIGGER USER")],
            _ => ["insert", "update", "delete"].map(|when| format!("DROP TRIGGER IF EXISTS {table}_{when}")).to_vec(),
        };
        let changes = [
            ("sales_daily", "quantity = quantity + 1, total_amount_cents = total_amount_cents + unit_price_cents"),
            ("inventory_snapshot_daily", "on_order_qty = on_order_qty + 1"),
            ("price_history", "price_cents = price_cents + 1"),
            ("exogenous_signal", "value = value + 1"),
        ];
        for (table, set) in changes {
            for sql in disarm(table) {
                execute(&test.db, &sql).await.unwrap();
            }
            let kept = format!("CREATE TABLE kept AS SELECT * FROM {table}");
            execute(&test.db, &kept).await.unwrap();
            execute(&test.db, &format!("UPDATE {table} SET {set}")).await.unwrap();
            let refused = seeder::generate(&test.db, &*frozen_clock(), Tenant::LOCAL, &request).await.unwrap_err();
            assert_eq!((refused.code(), refused.class()), ("WORLD_CHANGED", Class::Conflict), "{table}");
            execute(&test.db, &format!("DELETE FROM {table}")).await.unwrap();
            let missing = seeder::generate(&test.db, &*frozen_clock(), Tenant::LOCAL, &request).await.unwrap_err();
            assert!(missing.to_string().contains(&format!("`{table}` has 0 rows, and ")), "{missing}");
            execute(&test.db, &format!("INSERT INTO {table} SELECT * FROM kept")).await.unwrap();
            execute(&test.db, "DROP TABLE kept").await.unwrap();
        }
        let again = generate(&test.db, Tenant::LOCAL, &request).await;
        assert_eq!((again.world_id, again.is_existing), (Some(world), true));
    }

    async fn verification_finds_what_the_tables_cannot_refuse(test: TestDb) {
        use CheckStatus::{Failed, Passed, Warning};
        let of = |verification: &seeder::Verification| -> Vec<_> {
            verification.checks.iter().map(|check| check.status).collect()
        };
        let world = generate(&test.db, Tenant::LOCAL, &request()).await.world_id.unwrap();
        let verify = async || seeder::verify(&test.db.read, Tenant::LOCAL, world).await.unwrap();
        assert_eq!(of(&verify().await), [Passed; 5]);

        let drop = match test.db.write.backend() {
            DatabaseBackend::Postgres => "DROP TRIGGER calendar_delete ON calendar",
            _ => "DROP TRIGGER calendar_delete",
        };
        execute(&test.db, drop).await.unwrap();
        execute(&test.db, "DELETE FROM calendar WHERE date = '2025-12-01'").await.unwrap();
        let holed = verify().await;
        assert!(!holed.passed);
        assert_eq!(of(&holed), [Failed, Passed, Warning, Passed, Passed]);
        assert_eq!(holed.checks[0].name, "foreign_keys");
    }
}

/// Rows of all tables of the seeder, worlds included.
async fn every_row(db: &kernel::Db) -> u64 {
    let tables = [
        "world",
        "store",
        "product",
        "calendar",
        "sales_daily",
        "inventory_snapshot_daily",
        "price_history",
        "promotion",
        "exogenous_signal",
        "sales_returns",
        "replenishment_event",
    ];
    let mut rows = 0;
    for table in tables {
        rows += count(db, table).await.unsigned_abs();
    }
    rows
}

/// Makes a complete world what a crash leaves: everything is written but the end.
async fn unfinish(db: &kernel::Db, world: wire::retail::WorldId) {
    let (drop, id) = match db.write.backend() {
        DatabaseBackend::Postgres => ("DROP TRIGGER world_guard ON world", format!("'{world}'")),
        _ => ("DROP TRIGGER world_update", format!("x'{}'", world.0.simple())),
    };
    execute(db, drop).await.unwrap();
    execute(db, &format!("UPDATE world SET state = 'building', row_counts = NULL WHERE id = {id}"))
        .await
        .unwrap();
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
