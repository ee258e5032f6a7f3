//! Training one model.

use kernel::{Fault, RunId};
use model_selection::Submission;
use model_selection::training::Bundle;
use serde_json::{Value, json};
use test_support::on_both_databases;
use wire::model_selection::{TrainingRequest, Window};
use wire::retail::{ProductId, StoreId};

use crate::support::{Fixture, TENANT, day, monthly_csv, weekly};

pub(crate) fn train_on(
    (store, product): (StoreId, ProductId),
    days: usize,
    model: &str,
    params: &Value,
) -> TrainingRequest {
    let window = Window { start_date: day(0), end_date: day(days - 1) };
    let request = json!({
        "store_id": store, "product_id": product, "train_window": window, "model_type": model, "params": params,
    });
    serde_json::from_value(request).unwrap()
}

impl Fixture {
    pub(crate) async fn train(&self, request: TrainingRequest) -> RunId {
        let id = self.selector.submit_training(TENANT, Submission::new(request)).await.unwrap();
        self.engine.settled(TENANT, id).await.unwrap();
        id
    }
}

on_both_databases! {
    async fn a_training_leaves_a_model_that_forecasts_and_was_judged_on_its_last_rows(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let id = fixture.train(train_on(pair, 120, "seasonal_naive", &json!({}))).await;
        let detail = fixture.selector.reader().training(TENANT, id).await.unwrap();
        assert_eq!(detail.status, wire::runs::Status::Succeeded);
        let model = detail.model.unwrap();
        assert_eq!((model.n_observations, model.window_start, model.window_end), (120, day(0).into(), day(119).into()));
        let forecast = model.forecast.unwrap();
        assert_eq!((forecast.dates.len(), forecast.dates[0]), (14, day(120).into()));
        // Day 119 is a Monday, so the forecast begins with Tuesday's 20.
        assert_eq!(forecast.points[..3], [20.0, 30.0, 40.0]);
        let holdout = model.holdout.unwrap();
        assert_eq!((holdout.train_size, holdout.test_size, holdout.metrics.wape), (106, 14, Some(0.0)));

        let stored = fixture.artifact(id, "model").await;
        let bundle: Bundle = serde_json::from_value(stored).unwrap();
        assert_eq!(bundle.history.len(), 120);
        assert_eq!(bundle.config_hash, model.config_hash);
        fixture.frames(id).await;
    }

    async fn a_model_that_needs_a_plan_has_no_forecast_and_says_so(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let id = fixture.train(train_on(pair, 120, "prophet_like", &json!({}))).await;
        let model = fixture.selector.reader().training(TENANT, id).await.unwrap().model.unwrap();
        assert!(model.forecast.is_none());
        assert!(model.forecast_reason.unwrap().contains("plan"));
        assert!(model.holdout.unwrap().metrics.wape.is_some());
    }

    async fn training_twice_gives_the_same_bytes(db: TestDb) {
        let fixture = Fixture::started(db);
        let pair = fixture.sells(&weekly(120)).await;
        let request = || train_on(pair, 120, "trend_regression_baseline", &json!({}));
        let (first, second) = (fixture.train(request()).await, fixture.train(request()).await);
        assert_eq!(fixture.digests(first).await, fixture.digests(second).await);
    }

    async fn one_series_of_a_data_set_can_be_learned_from(db: TestDb) {
        let fixture = Fixture::started(db);
        let dataset = fixture.import(&monthly_csv()).await;
        let request = |series: Option<&str>| -> TrainingRequest {
            let request = json!({
                "dataset_id": dataset, "series": series, "model_type": "seasonal_naive", "forecast_horizon": 12,
            });
            serde_json::from_value(request).unwrap()
        };
        let ambiguous = fixture.selector.submit_training(TENANT, Submission::new(request(None))).await;
        assert_eq!(ambiguous.unwrap_err().fields()[0].field, "series");
        let id = fixture.train(request(Some("steel"))).await;
        let detail = fixture.selector.reader().training(TENANT, id).await.unwrap();
        assert_eq!((detail.series_name.as_str(), detail.model.unwrap().n_observations), ("steel", 96));
    }

    async fn wrong_parameters_and_a_short_history_are_refused(db: TestDb) {
        let fixture = Fixture::idle(db, 1);
        let pair = fixture.sells(&weekly(5)).await;
        let refused = async |request| {
            fixture.selector.submit_training(TENANT, Submission::new(request)).await.unwrap_err()
        };
        let error = refused(train_on(pair, 5, "seasonal_naive", &json!({ "season_length": 0 }))).await;
        assert_eq!((error.code(), error.fields()[0].field.as_str()), ("VALIDATION_ERROR", "params.season_length"));
        let error = refused(train_on(pair, 5, "oracle", &json!({}))).await;
        assert_eq!(error.fields()[0].field, "model_type");
        let error = refused(train_on(pair, 5, "seasonal_naive", &json!({}))).await;
        assert_eq!(error.code(), "TOO_FEW_OBSERVATIONS");
    }
}
