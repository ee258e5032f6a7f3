//! Phase `modeling`: train the chosen models, all but the last `horizon` days.

use chrono::Days;
use kernel::RunId;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use wire::runs::Status;

use crate::request;
use crate::step::{Broken, Outcome, Pipeline};

#[derive(Debug, Deserialize)]
struct Accepted {
    run_id: RunId,
}

pub(crate) async fn train(pipeline: &mut Pipeline) -> Result<Outcome, Broken> {
    let Some(grain) = pipeline.grain.clone() else { return Ok(Outcome::fail("no pair was chosen")) };
    let models = request::models(&pipeline.request);
    let horizon = pipeline.request.backtest.clone().unwrap_or_default().horizon;
    let end = grain.end - Days::new(u64::from(horizon));
    let mut runs = Vec::new();
    for model in &models {
        let body = json!({
            "store_id": grain.store_id,
            "product_id": grain.product_id,
            "train_window": { "start_date": grain.start, "end_date": end },
            "forecast_horizon": horizon,
            "model_type": model,
            "conversation_id": pipeline.cx.conversation_id(),
        });
        let client = pipeline.starting(&format!("train/{model}"));
        let accepted: Accepted = client.post("/api/forecasting/train", &body).await?;
        runs.push(accepted.run_id);
    }
    pipeline.cx.children_ended().await?;
    let mut failed = Vec::new();
    for (model, run) in models.iter().zip(&runs) {
        let found = pipeline.client.run(*run).await?.item;
        if found.status != Status::Succeeded {
            let why = found.error.map_or_else(|| format!("{:?}", found.status), |error| error.message);
            failed.push(format!("{model}: {why}"));
        }
    }
    if !failed.is_empty() {
        return Ok(Outcome::fail(format!("training failed for {}", failed.join("; "))));
    }
    Ok(Outcome::pass(
        format!("{} models trained up to {end}", models.len()),
        json!({ "trained": models, "requested_models": models, "training_run_ids": runs }),
    ))
}

/// Which run trained which model.
pub(crate) fn learn_train(pipeline: &mut Pipeline, data: &Map<String, Value>) {
    let list = |key: &str| data.get(key).cloned().unwrap_or_default();
    let models: Vec<String> = serde_json::from_value(list("trained")).unwrap_or_default();
    let runs: Vec<RunId> = serde_json::from_value(list("training_run_ids")).unwrap_or_default();
    pipeline.trained = models.into_iter().zip(runs).collect();
}
