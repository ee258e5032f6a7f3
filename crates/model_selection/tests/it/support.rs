//! A selector on a migrated database with a few sales in it.

use std::sync::Arc;
use std::time::Duration;

use artifacts::Store;
use bytes::Bytes;
use chrono::NaiveDate;
use datasets::Upload;
use frames::Frame;
use futures::TryStreamExt;
use kernel::{Clock, Digest, RunId, SharedClock, SystemClock, Tenant};
use ledger::Ledger;
use model_selection::{Selector, Submission};
use runs::{Config, Engine, Program, RunState};
use sea_orm::{ConnectionTrait, Statement};
use serde_json::{Value, json};
use test_support::TestDb;
use wire::datasets::{DatasetId, ImportQuery};
use wire::model_selection::{CandidateModel, Comparison, ComparisonRequest, SeriesRanking, Window};
use wire::retail::{ProductId, StoreId, WorldId};

pub(crate) const TENANT: Tenant = Tenant::LOCAL;

pub(crate) struct Fixture {
    pub(crate) db: TestDb,
    pub(crate) engine: Engine,
    pub(crate) selector: Selector,
    pub(crate) store: Store,
}

impl Fixture {
    /// An engine that executes nothing until it is started.
    pub(crate) fn idle(db: TestDb, compute_threads: usize) -> Self {
        let config = Config {
            poll: Duration::from_millis(20),
            compute_threads,
            ..Config::new("worker-1", Program { version: "0.0.0".to_owned(), commit: None })
        };
        let store = Store::local(db.dir().join("artifacts")).unwrap();
        let clock: SharedClock = Arc::new(SystemClock);
        let ledger = Ledger::open(db.db.clone());
        let builder = Engine::builder(db.db.clone(), ledger, store.clone(), clock.clone(), config);
        let engine = Selector::register_kinds(builder, &db.db, store.reader(), &clock).build();
        let selector = Selector::new(engine.clone(), db.db.clone(), store.clone(), clock);
        Self { db, engine, selector, store }
    }

    pub(crate) fn started(db: TestDb) -> Self {
        let fixture = Self::idle(db, 2);
        fixture.engine.start();
        fixture
    }

    /// A store and a product with these daily quantities from Monday, 2024-01-01, at a constant price. The product
    /// is launched on the first day; there is neither a promotion nor a holiday.
    pub(crate) async fn sells(&self, quantities: &[i64]) -> (StoreId, ProductId) {
        let (world, pair) = self.world(quantities).await;
        self.complete(world).await;
        pair
    }

    /// Such a pair in a world of its own that is not complete.
    pub(crate) async fn world(&self, quantities: &[i64]) -> (WorldId, (StoreId, ProductId)) {
        let world = WorldId::new(&SystemClock);
        self.execute(
            "INSERT INTO world (id, tenant_id, scenario, seed, config, digest, title, state, start_date, end_date,
                created_us, touched_us) VALUES ($1, $2, 'test', 1, '{}', $3, 'test', 'building', $4, $4, 0, 0)",
            vec![
                world.into(),
                TENANT.id().into(),
                Digest::of(world.to_string()).as_bytes().to_vec().into(),
                day(0).into(),
            ],
        )
        .await;
        self.execute(
            "INSERT INTO store (world_id, code, name) VALUES ($1, 'S', 'store')",
            vec![world.into()],
        )
        .await;
        self.execute(
            "INSERT INTO product (world_id, sku, name, launch_date) VALUES ($1, 'P', 'product', $2)",
            vec![world.into(), day(0).into()],
        )
        .await;
        let (store, product) = (self.newest("store").await, self.newest("product").await);
        for (at, quantity) in quantities.iter().enumerate() {
            let sql = "INSERT INTO sales_daily (store_id, product_id, date, quantity, unit_price_cents,
                    total_amount_cents) VALUES ($1, $2, $3, $4, 100, $5)";
            let total = quantity * 100;
            let values = vec![store.into(), product.into(), day(at).into(), (*quantity).into(), total.into()];
            self.execute(sql, values).await;
        }
        (world, (StoreId(store), ProductId(product)))
    }

    /// From here on the world can be seen and does not change.
    pub(crate) async fn complete(&self, world: WorldId) {
        let counts = serde_json::to_string(&wire::retail::TableCounts::default()).unwrap();
        let sql = "UPDATE world SET state = 'complete', row_counts = $2 WHERE id = $1";
        self.execute(sql, vec![world.into(), counts.into()]).await;
    }

    async fn newest(&self, table: &str) -> i64 {
        let sql = format!("SELECT max(id) FROM {table}");
        let read = &self.db.db.read;
        let row = read.conn().query_one_raw(Statement::from_string(read.backend(), sql)).await.unwrap();
        row.unwrap().try_get_by_index(0).unwrap()
    }

    pub(crate) async fn execute(&self, sql: &str, values: Vec<sea_orm::Value>) {
        self.try_execute(sql, values).await.unwrap();
    }

    pub(crate) async fn try_execute(
        &self,
        sql: &str,
        values: Vec<sea_orm::Value>,
    ) -> Result<(), sea_orm::DbErr> {
        let write = &self.db.db.write;
        let statement = Statement::from_sql_and_values(write.backend(), sql, values);
        write.write("test", async |tx| tx.execute_raw(statement).await.map(drop)).await
    }

    pub(crate) async fn import(&self, csv: &str) -> DatasetId {
        self.import_as(csv, None).await
    }

    /// With a stated frequency.
    pub(crate) async fn import_as(&self, csv: &str, frequency: Option<&str>) -> DatasetId {
        let frequency = frequency.map(str::to_owned);
        self.import_with(csv, ImportQuery { frequency, ..ImportQuery::default() }).await
    }

    /// With whatever is stated of the file.
    pub(crate) async fn import_with(&self, csv: &str, stated: ImportQuery) -> DatasetId {
        let bytes = Bytes::from(csv.to_owned());
        let query = ImportQuery { name: "test".to_owned(), ..stated };
        let upload = Upload { tenant: TENANT, bytes: &bytes, query: &query };
        let imported = datasets::import(&self.db.db.write, &self.store, &SystemClock, upload).await;
        imported.unwrap().dataset_id
    }

    pub(crate) async fn submit(&self, request: ComparisonRequest) -> RunId {
        self.selector.submit_comparison(TENANT, Submission::new(request)).await.unwrap()
    }

    pub(crate) async fn compare(&self, request: ComparisonRequest) -> Comparison {
        let id = self.submit(request).await;
        self.settled(id).await
    }

    pub(crate) async fn settled(&self, id: RunId) -> Comparison {
        self.engine.settled(TENANT, id).await.unwrap();
        self.selector.reader().comparison(TENANT, id).await.unwrap()
    }

    /// The run's frames, validated as a whole stream, and its chain verified.
    pub(crate) async fn frames(&self, run: RunId) -> Vec<Frame> {
        let chunks: Vec<_> =
            self.engine.ledger().reader().follow(TENANT, run, 0).try_collect().await.unwrap();
        let texts = chunks.iter().flat_map(ledger::Chunk::frames);
        let frames: Vec<Frame> = texts.map(|(_, text)| Frame::parse(text).unwrap()).collect();
        let mut validator = frames::Validator::new();
        for frame in &frames {
            validator.push(frame).unwrap();
        }
        validator.finish().unwrap();
        let verdict = self.engine.ledger().reader().verify(TENANT, run).await.unwrap();
        assert_eq!(verdict.first_bad_seq, None, "{verdict:?}");
        frames
    }

    /// The digests of a run's artifacts by name.
    pub(crate) async fn digests(&self, id: RunId) -> Vec<(String, Digest)> {
        let read = &self.db.db.read;
        let run = runs::find(read, TENANT, id).await.unwrap().unwrap();
        let artifacts = runs::artifacts(read, &run).await.unwrap();
        artifacts.into_iter().map(|artifact| (artifact.name, artifact.digest)).collect()
    }

    pub(crate) async fn artifact(&self, id: RunId, name: &str) -> Value {
        serde_json::from_slice(&self.bytes(id, name).await).unwrap()
    }

    pub(crate) async fn bytes(&self, id: RunId, name: &str) -> Bytes {
        let digests = self.digests(id).await;
        let digest = digests.iter().find(|artifact| artifact.0 == name).unwrap().1;
        self.store.reader().get(&digest).await.unwrap()
    }

    /// The rankings of a comparison on series whose names have a part, in pages of so many.
    pub(crate) async fn ranked_series(
        &self,
        id: RunId,
        limit: usize,
        part: Option<&str>,
    ) -> Vec<SeriesRanking> {
        let (mut all, mut from) = (Vec::new(), 0);
        loop {
            let reader = self.selector.reader();
            let page = reader.comparison_series(TENANT, id, from, limit, part).await.unwrap();
            assert!(page.items.len() == limit || page.next.is_none(), "{} on a page", page.items.len());
            all.extend(page.items);
            match page.next {
                Some(next) => from = next,
                None => return all,
            }
        }
    }

    pub(crate) async fn state(&self, id: RunId) -> RunState {
        runs::find(&self.db.db.read, TENANT, id).await.unwrap().unwrap().state
    }
}

pub(crate) fn day(offset: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::Days::new(offset as u64)
}

/// 10, 20, …, 70 repeating weekly.
pub(crate) fn weekly(days: usize) -> Vec<i64> {
    (1..=7).cycle().map(|weekday| weekday * 10).take(days).collect()
}

pub(crate) fn candidate(model_type: &str, params: Value) -> CandidateModel {
    let Value::Object(params) = params else { panic!("parameters are an object") };
    CandidateModel { model_type: model_type.to_owned(), params }
}

pub(crate) fn candidates(model_types: &[&str]) -> Vec<CandidateModel> {
    model_types.iter().map(|model_type| candidate(model_type, json!({}))).collect()
}

/// A comparison of these candidates on the first `days` days of a pair.
pub(crate) fn on_pair(
    (store, product): (StoreId, ProductId),
    days: usize,
    models: &[&str],
) -> ComparisonRequest {
    let window = Window { start_date: day(0), end_date: day(days - 1) };
    let request = json!({
        "store_id": store, "product_id": product, "selection_window": window, "forecast_horizon": 14,
        "candidate_models": candidates(models), "split_config": { "horizon": 14 },
    });
    serde_json::from_value(request).unwrap()
}

/// A comparison of these candidates on a data set.
pub(crate) fn on_dataset(dataset: DatasetId, horizon: usize, models: &[&str]) -> ComparisonRequest {
    let request = json!({
        "dataset_id": dataset, "forecast_horizon": horizon, "candidate_models": candidates(models),
        "split_config": { "horizon": horizon },
    });
    serde_json::from_value(request).unwrap()
}

/// A monthly series as CSV rows: a trend and a yearly pattern.
pub(crate) fn monthly_rows(name: &str, months: u32, level: f64) -> String {
    let row = |month: u32| {
        let (year, of_year) = (2010 + month / 12, month % 12);
        let season = [0.8, 0.7, 0.9, 1.0, 1.1, 1.3, 1.5, 1.4, 1.1, 1.0, 0.9, 1.3][of_year as usize];
        let value = level * season * (1.0 + 0.01 * f64::from(month)) + f64::from(month * 7 % 5);
        format!("{name},{year}-{:02}-01,{value}\n", of_year + 1)
    };
    (0..months).map(row).collect()
}

pub(crate) fn monthly_csv() -> String {
    let mut csv = "series,date,value\n".to_owned();
    csv.push_str(&monthly_rows("beer", 120, 100.0));
    csv.push_str(&monthly_rows("steel", 96, 900.0));
    csv.push_str(&monthly_rows("new", 20, 10.0));
    csv
}

/// Some time, for ids.
pub(crate) fn clock() -> impl Clock {
    SystemClock
}
