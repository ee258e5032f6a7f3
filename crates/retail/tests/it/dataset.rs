//! Importing and reading series.

use bytes::Bytes;
use kernel::{Class, Clock, Db, Digest, Fault, Tenant};
use retail::csv::ImportedSeries;
use retail::dataset::{self, DatasetError, ImportError};
use retail::{DatasetId, Frequency};
use test_support::{frozen_clock, on_both_databases};

use crate::support::{count, execute, other_tenant};

const TEXT: &str =
    "series,date,value\nb,2024-01-31,3.5\nb,2024-02-29,\na,2024-01-02,0.1\na,2024-01-01,1e-300\n";

async fn import(db: &Db, tenant: Tenant, name: &str, text: &str) -> Result<dataset::Dataset, ImportError> {
    let bytes = Bytes::copy_from_slice(text.as_bytes());
    dataset::import_csv(&db.write, &*frozen_clock(), tenant, name, &bytes).await
}

on_both_databases! {
    async fn a_dataset_gives_back_what_was_imported(test: TestDb) {
        let made = import(&test.db, Tenant::LOCAL, " two series ", TEXT).await.unwrap();
        assert_eq!((made.item.name.as_str(), made.item.digest), ("two series", Digest::of(TEXT)));
        assert_eq!((made.item.series_count, made.item.point_count), (2, 4));
        assert_eq!(made.item.size_bytes, TEXT.len() as u64);
        assert_eq!((made.series[0].name.as_str(), made.series[0].frequency), ("b", Frequency::Monthly));
        assert_eq!((made.series[1].points, made.series[1].frequency), (2, Frequency::Daily));

        let id = made.item.dataset_id;
        assert_eq!(dataset::find(&test.db.read, Tenant::LOCAL, id).await.unwrap(), made);
        let series = dataset::series(&test.db.read, Tenant::LOCAL, id).await.unwrap();
        let bits = |series: &[ImportedSeries]| -> Vec<_> {
            let one = |one: &ImportedSeries| {
                (one.name.clone(), one.dates.clone(), one.values.iter().map(|value| value.to_bits()).collect::<Vec<_>>())
            };
            series.iter().map(one).collect()
        };
        assert_eq!(bits(&series), bits(&retail::csv::parse(TEXT.as_bytes()).unwrap()));
    }

    async fn the_same_bytes_under_the_same_name_are_one_dataset(test: TestDb) {
        let clock = frozen_clock();
        let import = async |name: &str, text: &str| {
            let made = dataset::import_csv(&test.db.write, &*clock, Tenant::LOCAL, name, &Bytes::copy_from_slice(text.as_bytes())).await;
            made.unwrap().item
        };
        let first = import("a", TEXT).await;
        clock.advance(std::time::Duration::from_mins(1));
        assert_eq!(import("a", TEXT).await, first);
        assert_ne!(import("b", TEXT).await.dataset_id, first.dataset_id);
        assert_ne!(import("a", "date,value\n2024-01-01,1\n2024-01-02,1").await.dataset_id, first.dataset_id);
        assert_eq!((count(&test.db, "series_dataset").await, count(&test.db, "imported_series").await), (3, 5));
    }

    async fn two_imports_at_once_are_one_dataset(test: TestDb) {
        let clock = frozen_clock();
        let once = || {
            let (db, clock) = (test.db.clone(), clock.clone());
            test_support::tokio::spawn(async move {
                dataset::import_csv(&db.write, &*clock, Tenant::LOCAL, "a", &Bytes::from_static(TEXT.as_bytes())).await.unwrap().item
            })
        };
        let (first, second) = (once(), once());
        assert_eq!(first.await.unwrap(), second.await.unwrap());
        assert_eq!(count(&test.db, "imported_series").await, 2);
    }

    async fn a_bad_text_stores_nothing_and_names_its_lines(test: TestDb) {
        let error = import(&test.db, Tenant::LOCAL, "a", &format!("{TEXT}a,2024-01-02,5\n")).await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::Invalid, "CSV_LINES"));
        assert_eq!(error.fields()[0].field, "line 6");
        for name in ["", "  ", "a\nb", &"x".repeat(101)] {
            let error = import(&test.db, Tenant::LOCAL, name, TEXT).await.unwrap_err();
            assert_eq!(error.fields()[0].field, "name");
        }
        assert_eq!(count(&test.db, "series_dataset").await, 0);
    }

    async fn a_dataset_of_someone_else_is_unknown(test: TestDb) {
        let id = import(&test.db, Tenant::LOCAL, "a", TEXT).await.unwrap().item.dataset_id;
        import(&test.db, other_tenant(), "a", "date,value\n2024-01-01,1\n2024-01-02,1").await.unwrap_err();
        for unknown in [id, DatasetId(uuid::Uuid::nil())] {
            let found = dataset::find(&test.db.read, other_tenant(), unknown).await;
            assert!(matches!(found, Err(DatasetError::Unknown(_))));
            let series = dataset::series(&test.db.read, other_tenant(), unknown).await;
            assert!(matches!(series, Err(DatasetError::Unknown(_))));
        }
        assert!(dataset::list(&test.db.read, other_tenant(), None, 10).await.unwrap().items.is_empty());
    }

    async fn a_list_has_the_newest_first_and_goes_on_after_a_page(test: TestDb) {
        let clock = frozen_clock();
        for name in ["a", "b", "c"] {
            dataset::import_csv(&test.db.write, &*clock, Tenant::LOCAL, name, &Bytes::from_static(TEXT.as_bytes())).await.unwrap();
        }
        let first = dataset::list(&test.db.read, Tenant::LOCAL, None, 2).await.unwrap();
        let names: Vec<_> = first.items.iter().map(|item| item.name.as_str()).collect();
        assert_eq!(names, ["c", "b"]);
        let rest = dataset::list(&test.db.read, Tenant::LOCAL, first.next, 2).await.unwrap();
        assert_eq!((rest.items[0].name.as_str(), rest.next), ("a", None));
    }

    async fn a_damaged_series_is_named_when_it_is_read(test: TestDb) {
        let id = import(&test.db, Tenant::LOCAL, "a", TEXT).await.unwrap().item.dataset_id;
        let read = &test.db.read;
        let is_postgres = test.db.write.backend() == sea_orm::DatabaseBackend::Postgres;
        let changes = ["UPDATE imported_series SET name = 'c'", "UPDATE series_dataset SET name = 'c'", "DELETE FROM imported_series",
            "DELETE FROM series_dataset", "INSERT INTO imported_series SELECT dataset_id, 7, 'd', point_count, first_date, last_date,
            frequency, points, digest FROM imported_series WHERE ordinal = 0"];
        let replaced = ["INSERT OR REPLACE INTO imported_series SELECT * FROM imported_series", "INSERT OR REPLACE INTO series_dataset SELECT * FROM series_dataset"];
        for change in changes.iter().chain(replaced.iter().filter(|_| !is_postgres)) {
            assert!(execute(&test.db, change).await.is_err(), "accepted: {change}");
        }
        dataset::series(read, Tenant::LOCAL, id).await.unwrap();
        // Behind the triggers: other points, then the digest that fits them, then a row less.
        let (triggers, points, fitting) = if is_postgres {
            (&["DROP TRIGGER imported_series_guard ON imported_series"][..], r"'\x01'::bytea", r"sha256('\x01'::bytea)".to_owned())
        } else {
            (&["DROP TRIGGER imported_series_update", "DROP TRIGGER imported_series_delete"][..], "x'01'",
                format!("x'{}'", Digest::of([1_u8])))
        };
        for trigger in triggers {
            execute(&test.db, trigger).await.unwrap();
        }
        let check = async |change: &str, words: &str| {
            execute(&test.db, change).await.unwrap();
            let error = dataset::series(read, Tenant::LOCAL, id).await.unwrap_err();
            assert_eq!((error.class(), error.code()), (Class::Unprocessable, "DATASET_DAMAGED"));
            assert!(error.to_string().contains(words) && error.to_string().contains(&id.to_string()), "{error}");
        };
        check(&format!("UPDATE imported_series SET points = {points} WHERE name = 'a'"), "series `a`").await;
        check(&format!("UPDATE imported_series SET digest = {fitting} WHERE name = 'a'"), "").await;
        assert_eq!(dataset::find(read, Tenant::LOCAL, id).await.unwrap_err().code(), "DATASET_DAMAGED");
        check("DELETE FROM imported_series WHERE name = 'a'", "its series are not those").await;
    }

    async fn a_released_data_set_can_be_deleted_and_a_broken_import_is_swept(test: TestDb) {
        import(&test.db, Tenant::LOCAL, "a", TEXT).await.unwrap();
        for sql in ["INSERT INTO retention_receipt SELECT id, tenant_id, 'asked for', '{}', 1 FROM series_dataset",
            "INSERT INTO retention_release SELECT id, 'object', digest FROM series_dataset",
            "DELETE FROM series_dataset"] {
            execute(&test.db, sql).await.unwrap();
        }
        // What is left is what an import leaves that a crash ended.
        assert_eq!(count(&test.db, "imported_series").await, 2);
        let clock = frozen_clock();
        assert_eq!(dataset::sweep(&test.db, &*clock).await.unwrap(), 0);
        clock.advance(std::time::Duration::from_hours(2));
        assert_eq!(dataset::sweep(&test.db, &*clock).await.unwrap(), 1);
        assert_eq!(count(&test.db, "imported_series").await, 0);
    }

    async fn an_import_that_a_crash_ended_is_swept_and_one_that_goes_on_is_not(test: TestDb) {
        import(&test.db, Tenant::LOCAL, "a", TEXT).await.unwrap();
        assert_eq!(count(&test.db, "series_import").await, 0);
        // The series of another import, before its data set appears.
        let clock = frozen_clock();
        let (id, now_us) = (DatasetId(uuid::Uuid::from_u128(7)), clock.now_us());
        let bytes = |id: uuid::Uuid| match test.db.write.backend() {
            sea_orm::DatabaseBackend::Postgres => format!("'{id}'"),
            _ => format!("x'{}'", id.simple()),
        };
        let claim = format!("INSERT INTO series_import VALUES ({}, {now_us}, FALSE)", bytes(id.0));
        let series = format!(
            "INSERT INTO imported_series SELECT {}, ordinal, name, point_count, first_date, last_date, frequency,
                points, digest FROM imported_series", bytes(id.0));
        execute(&test.db, &claim).await.unwrap();
        execute(&test.db, &series).await.unwrap();
        assert_eq!(dataset::sweep(&test.db, &*clock).await.unwrap(), 0, "somebody may be at work on it");
        assert!(retail::is_any_unfinished(&test.db.read).await.unwrap());
        clock.advance(retail::PATIENCE + std::time::Duration::from_secs(1));
        assert_eq!(dataset::sweep(&test.db, &*clock).await.unwrap(), 1);
        assert_eq!((count(&test.db, "imported_series").await, count(&test.db, "series_import").await), (2, 0));
        assert!(!retail::is_any_unfinished(&test.db.read).await.unwrap());
    }

    async fn a_program_that_ends_in_the_middle_of_an_import_leaves_nothing(test: TestDb) {
        let mut text = String::from("series,date,value\n");
        (0..3_000).for_each(|n| text += &format!("s{n},2024-01-01,{n}\ns{n},2024-01-02,{n}\n"));
        let program = Db::open(&test.url).await.unwrap();
        let mut made = Box::pin(import(&program, Tenant::LOCAL, "wide", &text));
        while count(&test.db, "imported_series").await == 0 {
            test_support::tokio::select! {
                biased;
                ended = &mut made => panic!("ended before its series could be seen: {ended:?}"),
                () = test_support::tokio::task::yield_now() => {}
            }
        }
        drop(made);
        program.close().await.unwrap();
        assert_eq!((count(&test.db, "imported_series").await, count(&test.db, "series_import").await), (0, 0));
        assert_eq!(count(&test.db, "series_dataset").await, 0);
    }

    async fn a_million_rows_are_one_import(test: TestDb) {
        let first = chrono::NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
        let mut text = String::from("series,date,value\n");
        for (index, date) in first.iter_days().take(1_000).enumerate() {
            text.extend((0..1_000).map(|series| format!("s{series},{date},{index}.{series}\n")));
        }
        let made = import(&test.db, Tenant::LOCAL, "wide", &text).await.unwrap();
        assert_eq!((made.item.series_count, made.item.point_count), (1_000, 1_000_000));
        let series = dataset::series(&test.db.read, Tenant::LOCAL, made.item.dataset_id).await.unwrap();
        assert_eq!(series[999].values[999].to_bits(), 999.999_f64.to_bits());
    }
}

/// The futures of every operation can move between threads, as an HTTP handler needs. Never called.
#[expect(dead_code, reason = "that it compiles is the test")]
fn operations_are_send(db: &kernel::Db, clock: &dyn kernel::Clock) {
    fn is_send(_: impl Send) {}
    let (read, write, tenant, id) = (&db.read, &db.write, Tenant::LOCAL, DatasetId(uuid::Uuid::nil()));
    let (store, product) = (retail::StoreId(1), retail::ProductId(1));
    is_send(dataset::import_csv(write, clock, tenant, "a", &Bytes::new()));
    is_send(dataset::list(read, tenant, None, 1));
    is_send(dataset::find(read, tenant, id));
    is_send(dataset::series(read, tenant, id));
    is_send(retail::seeder::generate(db, clock, tenant, &wire::retail::GenerateRequest::default()));
    let world = retail::WorldId(uuid::Uuid::nil());
    is_send(retail::seeder::status(read, tenant, None));
    is_send(retail::seeder::verify(read, tenant, world));
    is_send(retail::seeder::delete(write, clock, tenant, None, true));
    is_send(retail::seeder::sweep(db, clock));
    is_send(dataset::sweep(db, clock));
    is_send(retail::world::list(read, tenant, None, 1));
    is_send(retail::world::pairs(read, tenant, world, &retail::world::PairQuery::new(1)));
    is_send(retail::dimension::stores(read, tenant, world, None, 1));
    is_send(retail::dimension::products(read, tenant, world, None, 1));
    is_send(retail::dimension::pair(read, tenant, store, product));
    is_send(retail::history::pair_series(read, tenant, store, product, None));
    let window = retail::Window::new(chrono::NaiveDate::MIN, chrono::NaiveDate::MAX).unwrap();
    is_send(retail::history::pair_context(read, tenant, store, product, window));
    is_send(retail::availability::availability(
        read,
        tenant,
        &retail::availability::Request::new(store, product),
    ));
}
