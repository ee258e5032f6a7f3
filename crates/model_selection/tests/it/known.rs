//! What is known of dates beforehand, from the file to the forecast: it is used where it is planned, and nothing that came
//! after an origin reaches a forecast made at it.

use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt32Type};
use bytes::Bytes;
use chrono::{Datelike, Days, NaiveDate};
use kernel::RunId;
use model_selection::Submission;
use parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder;
use serde_json::Map;
use test_support::on_both_databases;
use wire::datasets::ImportQuery;
use wire::model_selection::{CandidateModel, FleetForecast, FleetForecastRequest, SeriesForecast};

use crate::support::{Fixture, TENANT, on_dataset};

/// Rows of each series that have a value.
const ROWS: usize = 120;
/// Rows of a plan behind them.
const AHEAD: usize = 7;

fn date(row: usize) -> NaiveDate {
    NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + Days::new(row as u64)
}

fn is_promoted(series: usize, row: usize) -> bool {
    (row * 7 + series * 3).is_multiple_of(11)
}

/// Twenty daily series that double on promotions, with a plan of so many days; the values are changed from a row on.
fn sales(planned: usize, changed_from: usize) -> String {
    let mut text = "shop,item,date,units,promo,stock_code\n".to_owned();
    for series in 0..20 {
        for row in 0..ROWS + planned {
            let level =
                20.0 + series as f64 + 5.0 * f64::from(u8::from(row % 7 > 4)) + (row * 31 % 17) as f64 / 10.0;
            let units = if is_promoted(series, row) { 2.0 * level } else { level };
            let units = if row >= changed_from { 1000.0 - units } else { units };
            let units = if row < ROWS { format!("{units:.2}") } else { String::new() };
            let promo = u8::from(is_promoted(series, row));
            text += &format!("S{},I{},{},{units},{promo},{}\n", series % 4, series / 4, date(row), row % 3);
        }
    }
    text
}

/// Twenty daily series that do what another column did eight days before; that is changed from a row on.
fn led(changed_from: usize) -> String {
    let mut text = "shop,date,units,orders\n".to_owned();
    for series in 0..20_usize {
        let orders = |row: usize| ((row * 2_654_435_761 + series * 40_503) >> 7) % 23;
        for row in 0..ROWS {
            let units = 20 + series + 5 * row.checked_sub(8).map_or(11, orders);
            let orders = if row >= changed_from { 1000 + row % 3 } else { orders(row) };
            text += &format!("S{series},{},{units},{orders}\n", date(row));
        }
    }
    text
}

/// Whose holidays are known.
const COUNTRY: &str = "DE";

/// What is sold on a day of a shop that sells twice as much on holidays, of which it has two weeks at the end of the year.
fn festive(shop: usize, date: NaiveDate) -> f64 {
    let week = f64::from(date.weekday().num_days_from_monday());
    let level = 50.0 + 10.0 * shop as f64 + 3.0 * week + f64::from(date.ordinal() * 31 % 17) / 10.0;
    let german = ["01-01", "05-01", "10-03", "12-25", "12-26"].map(str::to_owned);
    // Easter, Ascension and Whitsun.
    let moving = [
        "2023-04-07",
        "2023-04-10",
        "2023-05-18",
        "2023-05-29",
        "2024-03-29",
        "2024-04-01",
        "2024-05-09",
        "2024-05-20",
    ];
    let text = date.to_string();
    let is_holiday = german.iter().any(|day| text.ends_with(day.as_str())) || moving.contains(&text.as_str());
    if is_holiday { 2.0 * level } else { level }
}

impl Fixture {
    /// Every forecast of a fold: candidate, fold and numbers.
    async fn predictions(&self, id: RunId) -> Vec<(u32, u32, Vec<f64>)> {
        let bytes: Bytes = self.bytes(id, "folds").await;
        let batches = ParquetRecordBatchReaderBuilder::try_new(bytes).unwrap().build().unwrap();
        let mut found = Vec::new();
        for batch in batches.map(Result::unwrap) {
            let counts =
                |name: &str| batch.column_by_name(name).unwrap().as_primitive::<UInt32Type>().clone();
            let (ordinals, folds) = (counts("ordinal"), counts("fold"));
            let lists = batch.column_by_name("y_hat").unwrap().as_list::<i32>();
            for row in 0..batch.num_rows() {
                let numbers = lists.value(row).as_primitive::<Float64Type>().values().to_vec();
                found.push((ordinals.value(row), folds.value(row), numbers));
            }
        }
        found
    }

    async fn forecast_of(
        &self,
        text: &str,
        stated: ImportQuery,
        horizon: usize,
        models: &[&str],
    ) -> (FleetForecast, Vec<SeriesForecast>) {
        let dataset = self.import_with(text, stated).await;
        let named = |name: &&str| CandidateModel { model_type: (*name).to_owned(), params: Map::default() };
        let models = models.iter().map(named).collect();
        let request = FleetForecastRequest { models, ..FleetForecastRequest::of_dataset(dataset, horizon) };
        let id = self.selector.submit_fleet_forecast(TENANT, Submission::new(request)).await.unwrap();
        self.engine.settled(TENANT, id).await.unwrap();
        let reader = self.selector.reader();
        let series = reader.fleet_forecast_series(TENANT, id, 0, 20).await.unwrap().items;
        (reader.fleet_forecast(TENANT, id).await.unwrap(), series)
    }
}

on_both_databases! {
    async fn nothing_after_an_origin_changes_a_forecast_made_at_it(db: TestDb) {
        let fixture = Fixture::started(db);
        let models = ["ets", "regression", "random_forest", "prophet_like", "pooled_profile", "global_boosting"];
        let stated = || ImportQuery { known: Some("promo,stock_code".to_owned()), holidays: Some(COUNTRY.to_owned()), ..ImportQuery::default() };
        let compare = async |changed_from: usize| {
            let dataset = fixture.import_with(&sales(0, changed_from), stated()).await;
            let mut request = on_dataset(dataset, AHEAD, &models);
            request.split_config = None;
            request.folds = serde_json::from_value(serde_json::json!({ "n_splits": 2, "min_train_size": 100 })).unwrap();
            let id = fixture.compare(request).await.selection_id;
            fixture.predictions(id).await
        };
        // The second of two folds begins at the changed row.
        let (as_it_was, changed) = (compare(usize::MAX).await, compare(ROWS - AHEAD).await);
        assert_eq!(as_it_was.len(), models.len() * 2 * 20);
        assert_eq!(as_it_was, changed);
        // The canary sings: a change that a fold has seen is seen.
        assert_ne!(as_it_was, compare(ROWS - AHEAD - 1).await);
    }

    async fn a_column_of_the_past_is_read_as_it_was_before_the_origin(db: TestDb) {
        let fixture = Fixture::started(db);
        let stated = || ImportQuery { past: Some("orders".to_owned()), value: Some("units".to_owned()), ..ImportQuery::default() };
        let compare = async |changed_from: usize| {
            let dataset = fixture.import_with(&led(changed_from), stated()).await;
            let mut request = on_dataset(dataset, AHEAD, &["global_boosting"]);
            request.split_config = None;
            request.folds = serde_json::from_value(serde_json::json!({ "n_splits": 2, "min_train_size": 100 })).unwrap();
            let id = fixture.compare(request).await.selection_id;
            fixture.predictions(id).await
        };
        let as_it_was = compare(usize::MAX).await;
        assert_eq!(as_it_was, compare(ROWS - AHEAD).await);
        assert_ne!(as_it_was, compare(ROWS - AHEAD - 2).await);
        // What leads the values makes the forecast better, and who reads it is said.
        let (with, _) = fixture.forecast_of(&led(usize::MAX), stated(), AHEAD, &["global_boosting"]).await;
        let bare = ImportQuery { value: Some("units".to_owned()), ..ImportQuery::default() };
        let (without, _) = fixture.forecast_of(&led(usize::MAX), bare, AHEAD, &["global_boosting"]).await;
        let (with, without) = (with.result.unwrap(), without.result.unwrap());
        assert!(with.standings[0].mase.unwrap() < 0.7 * without.standings[0].mase.unwrap(), "{:?} {:?}", with.standings, without.standings);
        assert!(with.assumptions.iter().any(|one| one.contains("`orders`") && one.contains("8 days before")), "{:?}", with.assumptions);
    }

    async fn a_plan_in_the_file_reaches_the_forecast(db: TestDb) {
        let fixture = Fixture::started(db);
        let (planned, series) = fixture.forecast_of(&sales(AHEAD, usize::MAX), ImportQuery::default(), AHEAD, &[]).await;
        let result = planned.result.unwrap();
        let names: Vec<&str> = result.standings.iter().filter_map(|one| one.model_type.as_deref()).collect();
        assert!(names.contains(&"regression") && names.contains(&"prophet_like"), "{names:?}");
        assert!(result.assumptions.iter().any(|one| one.starts_with("What is known beforehand is known of the 7 dates")), "{:?}", result.assumptions);
        for (at, one) in series.iter().enumerate() {
            let steps = || one.points.iter().enumerate();
            let mean = |promoted: bool| {
                let chosen: Vec<f64> = steps().filter(|(step, _)| is_promoted(at, ROWS + step) == promoted).map(|(_, point)| *point).collect();
                chosen.iter().sum::<f64>() / chosen.len().max(1) as f64
            };
            if steps().any(|(step, _)| is_promoted(at, ROWS + step)) {
                assert!(mean(true) > 1.4 * mean(false), "{}: {:?}", one.name, one.points);
            }
        }
        // Known only of the past, it is not used, and that is said.
        let stated = ImportQuery { known: Some("promo".to_owned()), ..ImportQuery::default() };
        let (bare, _) = fixture.forecast_of(&sales(0, usize::MAX), stated, AHEAD, &[]).await;
        let bare = bare.result.unwrap();
        assert!(bare.assumptions.iter().any(|one| one.contains("add rows for them without a value")), "{:?}", bare.assumptions);
        assert!(bare.standings[0].mase.unwrap() > 1.2 * result.standings[0].mase.unwrap());
    }

    async fn holidays_of_a_country_are_seen_ahead(db: TestDb) {
        let fixture = Fixture::started(db);
        let first = NaiveDate::from_ymd_opt(2023, 1, 1).unwrap();
        let (rows, ahead) = (723, 14);
        let day = |row: usize| first + Days::new(row as u64);
        assert_eq!(day(rows).to_string(), "2024-12-24");
        let mut text = "shop,date,units\n".to_owned();
        for (shop, row) in (0..3).flat_map(|shop| (0..rows).map(move |row| (shop, row))) {
            text += &format!("S{shop},{},{:.2}\n", day(row), festive(shop, day(row)));
        }
        let missed = |series: &[SeriesForecast]| -> f64 {
            let of = |(shop, one): (usize, &SeriesForecast)| -> f64 {
                (0..ahead).map(|step| (one.points[step] - festive(shop, day(rows + step))).abs()).sum()
            };
            series.iter().enumerate().map(of).sum()
        };
        let stated = ImportQuery { holidays: Some(COUNTRY.to_owned()), ..ImportQuery::default() };
        let (known, with) = fixture.forecast_of(&text, stated, ahead, &["prophet_like"]).await;
        let (_, without) = fixture.forecast_of(&text, ImportQuery::default(), ahead, &["prophet_like"]).await;
        assert!(missed(&with) < 0.6 * missed(&without), "{} and {}", missed(&with), missed(&without));
        let result = known.result.unwrap();
        assert!(result.assumptions.iter().any(|one| one.starts_with("What is known beforehand is known of the 14 dates")), "{:?}", result.assumptions);
    }
}
