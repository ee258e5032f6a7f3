//! Importing and reading series.

use std::time::Duration;

use artifacts::objects::{self, Purpose};
use artifacts::{Reader as Objects, Store};
use bytes::Bytes;
use datasets::{DatasetError, ImportError, Reader, Upload};
use futures::StreamExt as _;
use kernel::{Class, Clock, Db, Digest, Fault, Tenant, TenantId};
use sea_orm::ConnectionTrait;
use series::DatedSeries;
use series::intake::{self, Asked};
use test_support::{TestDb, frozen_clock, on_both_databases};
use wire::datasets::{Dataset, DatasetId, Frequency, ImportQuery};

const TEXT: &str =
    "series,date,value\nb,2024-01-31,3.5\nb,2024-02-29,\na,2024-01-02,0.1\na,2024-01-01,1e-300\n";

/// Someone else.
fn other_tenant() -> Tenant {
    Tenant::verified(TenantId(uuid::Uuid::from_u128(2)))
}

/// A database and a store of its own.
struct Place {
    db: Db,
    store: Store,
    _dir: tempfile::TempDir,
}

impl Place {
    fn of(test: &TestDb) -> Self {
        let dir = tempfile::tempdir().unwrap();
        Self { db: test.db.clone(), store: Store::local(dir.path()).unwrap(), _dir: dir }
    }

    async fn import_at(
        &self,
        clock: &dyn Clock,
        tenant: Tenant,
        name: &str,
        text: &str,
    ) -> Result<Dataset, ImportError> {
        let bytes = Bytes::copy_from_slice(text.as_bytes());
        let query = ImportQuery { name: name.to_owned(), ..ImportQuery::default() };
        let upload = Upload { tenant, bytes: &bytes, query: &query };
        datasets::import(&self.db.write, &self.store, clock, upload).await
    }

    async fn import(&self, name: &str, text: &str) -> Result<Dataset, ImportError> {
        self.import_at(&*frozen_clock(), Tenant::LOCAL, name, text).await
    }

    fn reader(&self) -> Reader {
        Reader::new(self.db.read.clone(), self.store.reader().clone())
    }

    async fn series(&self, id: DatasetId) -> Result<Vec<DatedSeries>, DatasetError> {
        let pinned = self.reader().find(Tenant::LOCAL, id).await?;
        let places = (0..pinned.index.len()).collect();
        self.reader().series(&pinned, places).await
    }

    async fn count(&self, table: &str) -> i64 {
        let read = &self.db.read;
        let query = sea_orm::Statement::from_string(read.backend(), format!("SELECT count(*) FROM {table}"));
        read.conn().query_one_raw(query).await.unwrap().unwrap().try_get_by_index(0).unwrap()
    }

    /// Runs SQL behind the crate's back.
    async fn execute(&self, sql: &str) -> Result<(), sea_orm::DbErr> {
        self.db.write.write("test", async |tx| tx.execute_unprepared(sql).await.map(drop)).await
    }
}

fn bits(series: &[DatedSeries]) -> Vec<(String, Vec<series::Moment>, Vec<u64>)> {
    let of = |one: &DatedSeries| one.values.iter().map(|value| value.to_bits()).collect();
    series.iter().map(|one| (one.name.clone(), one.dates.clone(), of(one))).collect()
}

on_both_databases! {
    async fn a_dataset_gives_back_what_was_imported(test: TestDb) {
        let place = Place::of(&test);
        let made = place.import(" two series ", TEXT).await.unwrap();
        assert_eq!((made.name.as_str(), made.digest), ("two series", Digest::of(TEXT)));
        assert_eq!((made.series_count, made.point_count), (2, 4));
        assert_eq!(made.size_bytes, TEXT.len() as u64);
        let page = place.reader().series_page(Tenant::LOCAL, made.dataset_id, 0, 10, None).await.unwrap();
        let [first, second] = page.items.as_slice() else { panic!("{page:?}") };
        assert_eq!((first.name.as_str(), first.frequency, first.points, first.values), ("b", Frequency::DAILY, 2, 1));
        assert_eq!((second.points, second.frequency), (2, Frequency::DAILY));

        let id = made.dataset_id;
        assert_eq!(place.reader().dataset(Tenant::LOCAL, id).await.unwrap(), made);
        assert_eq!(place.reader().check(Tenant::LOCAL, id).await.unwrap(), made);
        let parsed = intake::read(&Bytes::from_static(TEXT.as_bytes()), &Asked::default()).unwrap();
        assert_eq!(place.reader().report(Tenant::LOCAL, id).await.unwrap(), parsed.report);
        let parsed = parsed.series;
        assert_eq!(bits(&place.series(id).await.unwrap()), bits(&parsed));
        let pinned = place.reader().find(Tenant::LOCAL, id).await.unwrap();
        assert_eq!(bits(&place.reader().series(&pinned, vec![1]).await.unwrap()), bits(&parsed[1..]));
        let kept = objects::find(&place.db.read, Tenant::LOCAL, &pinned.content, Purpose::Dataset).await.unwrap();
        assert_eq!(kept.unwrap().name, "two series");
    }

    async fn the_same_bytes_under_the_same_name_are_one_dataset(test: TestDb) {
        let (place, clock) = (Place::of(&test), frozen_clock());
        let import = async |name: &str, text: &str| {
            place.import_at(&*clock, Tenant::LOCAL, name, text).await.unwrap()
        };
        let first = import("a", TEXT).await;
        clock.advance(Duration::from_mins(1));
        assert_eq!(import("a", TEXT).await, first);
        assert_ne!(import("b", TEXT).await.dataset_id, first.dataset_id);
        assert_ne!(import("a", "date,value\n2024-01-01,1\n2024-01-02,1").await.dataset_id, first.dataset_id);
        // The same series are kept once, whatever they are called.
        assert_eq!((place.count("series_dataset").await, place.count("object").await), (3, 2));
    }

    async fn two_imports_at_once_are_one_dataset(test: TestDb) {
        let (place, clock) = (Place::of(&test), frozen_clock());
        let once = || place.import_at(&*clock, Tenant::LOCAL, "a", TEXT);
        let (first, second) = test_support::tokio::join!(once(), once());
        assert_eq!(first.unwrap(), second.unwrap());
        assert_eq!((place.count("series_dataset").await, place.count("object").await), (1, 1));
    }

    async fn a_bad_text_stores_nothing_and_names_its_lines(test: TestDb) {
        let place = Place::of(&test);
        let error = place.import("a", "date,value\n2024-01-01,1\n2024-01-01,5\n").await.unwrap_err();
        assert_eq!((error.class(), error.code()), (Class::Invalid, "SERIES_UNUSABLE"));
        assert!(error.fields()[0].message.contains("on lines 2 and 3"), "{error}");
        for name in ["", "  ", "a\nb", &"x".repeat(101)] {
            assert_eq!(place.import(name, TEXT).await.unwrap_err().fields()[0].field, "name");
        }
        assert_eq!(place.count("series_dataset").await, 0);
    }

    async fn a_series_that_cannot_be_used_is_left_out_with_its_reason(test: TestDb) {
        let place = Place::of(&test);
        let made = place.import("a", &format!("{TEXT}a,2024-01-02,5\n")).await.unwrap();
        assert_eq!(made.series_count, 1);
        let report = place.reader().report(Tenant::LOCAL, made.dataset_id).await.unwrap();
        assert_eq!((report.left_out_total, report.left_out[0].name.as_str()), (1, "a"));
        assert!(report.left_out[0].reason.contains("on lines 4 and 6"), "{report:?}");
    }

    async fn what_is_stated_makes_another_dataset_and_what_says_nothing_is_refused(test: TestDb) {
        let place = Place::of(&test);
        let bytes = Bytes::from_static(b"date,value\n2024-01-05,1\n2024-01-19,2\n2024-02-02,3\n");
        let clock = frozen_clock();
        let import = async |stated: ImportQuery| {
            let query = ImportQuery { name: "a".to_owned(), ..stated };
            let upload = Upload { tenant: Tenant::LOCAL, bytes: &bytes, query: &query };
            datasets::import(&place.db.write, &place.store, &*clock, upload).await
        };
        let none = ImportQuery::default();
        assert_eq!(import(none.clone()).await.unwrap_err().fields()[0].field, "frequency");
        let some = |text: &str| Some(text.to_owned());
        let weekly = import(ImportQuery { frequency: some("weekly"), ..none.clone() }).await.unwrap();
        let daily = import(ImportQuery { frequency: some("daily"), ..none.clone() }).await.unwrap();
        assert_ne!(weekly.dataset_id, daily.dataset_id);
        for (field, stated) in [
            ("frequency", ImportQuery { frequency: some("hourly"), ..none.clone() }),
            ("decimal", ImportQuery { decimal: some("dot"), ..none.clone() }),
            ("separator", ImportQuery { separator: some(";;"), ..none.clone() }),
            ("sheet", ImportQuery { sheet: some("x"), ..none.clone() }),
            ("date_format", ImportQuery { date_format: some("ISO"), ..none.clone() }),
            ("known", ImportQuery { known: some("price"), ..none.clone() }),
        ] {
            assert_eq!(import(stated).await.unwrap_err().fields()[0].field, field);
        }
    }

    async fn a_dataset_of_someone_else_is_unknown(test: TestDb) {
        let place = Place::of(&test);
        let id = place.import("a", TEXT).await.unwrap().dataset_id;
        for unknown in [id, DatasetId(uuid::Uuid::nil())] {
            let found = place.reader().find(other_tenant(), unknown).await;
            assert!(matches!(found, Err(DatasetError::Unknown(_))));
            let found = place.reader().check(other_tenant(), unknown).await;
            assert!(matches!(found, Err(DatasetError::Unknown(_))));
        }
        assert!(place.reader().list(other_tenant(), None, 10).await.unwrap().items.is_empty());
    }

    async fn a_list_has_the_newest_first_and_goes_on_after_a_page(test: TestDb) {
        let (place, clock) = (Place::of(&test), frozen_clock());
        for name in ["a", "b", "c"] {
            place.import_at(&*clock, Tenant::LOCAL, name, TEXT).await.unwrap();
        }
        let first = place.reader().list(Tenant::LOCAL, None, 2).await.unwrap();
        let names: Vec<_> = first.items.iter().map(|item| item.name.as_str()).collect();
        assert_eq!(names, ["c", "b"]);
        let rest = place.reader().list(Tenant::LOCAL, first.next, 2).await.unwrap();
        assert_eq!((rest.items[0].name.as_str(), rest.next), ("a", None));
    }

    async fn a_data_set_never_changes_and_damage_of_it_is_said(test: TestDb) {
        let (place, clock) = (Place::of(&test), frozen_clock());
        let id = place.import_at(&*clock, Tenant::LOCAL, "a", TEXT).await.unwrap().dataset_id;
        let is_postgres = test.db.write.backend() == sea_orm::DatabaseBackend::Postgres;
        let changes = ["UPDATE series_dataset SET name = 'c'", "DELETE FROM series_dataset"];
        let replaced = ["INSERT OR REPLACE INTO series_dataset SELECT * FROM series_dataset"];
        for change in changes.iter().chain(replaced.iter().filter(|_| !is_postgres)) {
            assert!(place.execute(change).await.is_err(), "accepted: {change}");
        }
        place.series(id).await.unwrap();

        // Behind the triggers, an object that is another data set's, and one that is not there.
        let text = "date,value\n2024-01-01,1\n2024-01-02,1";
        let other = place.import_at(&*clock, Tenant::LOCAL, "b", text).await.unwrap().dataset_id;
        let drop_trigger = if is_postgres { "DROP TRIGGER series_dataset_update ON series_dataset" } else { "DROP TRIGGER series_dataset_update" };
        place.execute(drop_trigger).await.unwrap();
        let content = place.reader().find(Tenant::LOCAL, other).await.unwrap().content;
        let blob = |digest: Digest| if is_postgres { format!("'\\x{digest}'::bytea") } else { format!("x'{digest}'") };
        let damaged = async |content: Digest| {
            place.execute(&format!("UPDATE series_dataset SET content_digest = {} WHERE name = 'a'", blob(content))).await.unwrap();
            let error = place.reader().check(Tenant::LOCAL, id).await.unwrap_err();
            assert_eq!((error.class(), error.code()), (Class::Unprocessable, "DATASET_DAMAGED"));
            assert!(error.to_string().contains(&id.to_string()), "{error}");
        };
        damaged(content).await;
        damaged(Digest::of("nothing")).await;
        assert_eq!(place.series(id).await.unwrap_err().code(), "DATASET_DAMAGED");
    }

    async fn a_released_data_set_can_be_deleted(test: TestDb) {
        let place = Place::of(&test);
        place.import("a", TEXT).await.unwrap();
        for sql in ["INSERT INTO retention_receipt SELECT id, tenant_id, 'asked for', '{}', 1 FROM series_dataset",
            "INSERT INTO retention_release SELECT id, 'object', digest FROM series_dataset",
            "DELETE FROM series_dataset"] {
            place.execute(sql).await.unwrap();
        }
        assert_eq!(place.count("series_dataset").await, 0);
    }

    async fn whoever_stops_in_the_middle_of_an_import_has_made_nothing(test: TestDb) {
        let place = Place::of(&test);
        let mut made = Box::pin(place.import("a", TEXT));
        // As far as its object and no further: each look lets it go on by one step.
        while listed(place.store.reader()).await == 0 {
            test_support::tokio::select! {
                biased;
                ended = &mut made => panic!("ended before its object could be seen: {ended:?}"),
                () = test_support::tokio::task::yield_now() => {}
            }
        }
        drop(made);
        assert_eq!((place.count("series_dataset").await, place.count("object").await), (0, 0));
        // And the next one is whole.
        let id = place.import("a", TEXT).await.unwrap().dataset_id;
        assert_eq!(place.series(id).await.unwrap().len(), 2);
    }

    async fn a_million_rows_are_one_import(test: TestDb) {
        let place = Place::of(&test);
        let first = chrono::NaiveDate::from_ymd_opt(2020, 1, 1).unwrap();
        let mut text = String::from("series,date,value\n");
        for (index, date) in first.iter_days().take(1_000).enumerate() {
            text.extend((0..1_000).map(|series| format!("s{series},{date},{index}.{series}\n")));
        }
        let made = place.import("wide", &text).await.unwrap();
        assert_eq!((made.series_count, made.point_count), (1_000, 1_000_000));
        let pinned = place.reader().find(Tenant::LOCAL, made.dataset_id).await.unwrap();
        let series = place.reader().series(&pinned, vec![999]).await.unwrap();
        assert_eq!(series[0].values[999].to_bits(), 999.999_f64.to_bits());
    }
}

async fn listed(store: &Objects) -> usize {
    store.list().count().await
}

/// The futures of every operation can move between threads, as an HTTP handler needs. Never called.
#[expect(dead_code, reason = "that it compiles is the test")]
fn operations_are_send(place: &Place, clock: &dyn Clock, upload: Upload<'_>) {
    fn is_send(_: impl Send) {}
    let (tenant, id) = (Tenant::LOCAL, DatasetId(uuid::Uuid::nil()));
    is_send(datasets::import(&place.db.write, &place.store, clock, upload));
    is_send(async { place.reader().list(tenant, None, 1).await.map(drop) });
    is_send(async { place.reader().dataset(tenant, id).await.map(drop) });
    is_send(place.series(id));
}
