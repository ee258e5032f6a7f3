//! Forecasts of data sets over HTTP.

use serde_json::json;
use test_support::on_both_databases;

use crate::app::App;
use crate::selection;

/// A forecast that has succeeded, of a data set of two series.
pub(crate) async fn forecast(app: &App, dataset: &str) -> String {
    let request =
        json!({ "dataset_id": dataset, "horizon": 7, "models": [{ "model_type": "seasonal_naive" }] });
    let accepted = app.post("/api/forecasts", &request).await;
    assert_eq!(accepted.status, 202, "{}", accepted.text());
    let body = accepted.ok();
    let id = body["run_id"].as_str().unwrap().to_owned();
    assert_eq!(accepted.headers["location"], format!("/api/forecasts/{id}"));
    assert_eq!(body["cancel_url"], format!("/api/runs/{id}"));
    app.client.wait(id.parse().unwrap()).await.unwrap();
    id
}

on_both_databases! {
    async fn a_forecast_is_accepted_and_read_page_by_page(db: TestDb) {
        let app = App::new(db).await;
        let dataset = selection::compared(&app).await.remove("dataset_id").unwrap();
        let id = forecast(&app, &dataset).await;
        let found = app.get(&format!("/api/forecasts/{id}")).await.ok();
        assert_eq!((&found["status"], &found["result"]["series_forecast"]), (&json!("succeeded"), &json!(2)));
        let first = app.get(&format!("/api/forecasts/{id}/series?limit=1")).await;
        assert!(first.headers["link"].to_str().unwrap().contains("rel=\"next\""));
        let first = first.ok();
        assert_eq!(first["items"][0]["points"].as_array().unwrap().len(), 7);
        let cursor = first["next_cursor"].as_str().unwrap().to_owned();
        let second = app.get(&format!("/api/forecasts/{id}/series?limit=1&cursor={cursor}")).await.ok();
        assert_ne!(second["items"][0]["name"], first["items"][0]["name"]);
        assert_eq!(second["next_cursor"], json!(null));
        let run = app.client.run(id.parse().unwrap()).await.unwrap();
        let parquet = run.artifacts.iter().find(|artifact| artifact.name == "forecasts").unwrap();
        let content = app.head(&format!("/api/artifacts/{}/content", parquet.artifact_id)).await;
        assert_eq!(content.headers()["content-disposition"], "attachment; filename=\"forecasts.parquet\"");
        // A cursor is of its own forecast only.
        let other = forecast(&app, &dataset).await;
        assert_eq!(app.get(&format!("/api/forecasts/{other}/series?cursor={cursor}")).await.problem().0, 400);
        assert_eq!(app.delete(&format!("/api/runs/{id}")).await.problem().0, 409);
        app.close().await;
    }

    async fn what_is_wrong_is_named_and_a_run_of_another_kind_is_unknown(db: TestDb) {
        let app = App::new(db).await;
        let ids = selection::compared(&app).await;
        let refused = app.post("/api/forecasts", &json!({ "dataset_id": ids["dataset_id"], "horizon": 400 })).await;
        assert_eq!(refused.problem(), (422, "VALIDATION_ERROR".to_owned(), vec!["horizon".to_owned()]));
        for path in ["", "/series"] {
            assert_eq!(app.get(&format!("/api/forecasts/{}{path}", ids["selection_id"])).await.problem().0, 404);
        }
        app.close().await;
    }
}
