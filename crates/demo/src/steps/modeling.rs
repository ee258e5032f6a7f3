//! Phase `modeling`: train the chosen models, all but the last `horizon` days.

use chrono::Days;
use client::{Client, Error, RunStatus};
use futures::future::try_join_all;
use kernel::RunId;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::step::{Outcome, Pipeline};

#[derive(Debug, Deserialize)]
struct Accepted {
    run_id: RunId,
}

pub(crate) async fn train(pipeline: &mut Pipeline) -> Result<Outcome, Error> {
    let Some(grain) = pipeline.grain.clone() else { return Ok(Outcome::fail("no pair was chosen")) };
    let models = pipeline.request.models();
    let horizon = pipeline.request.backtest.clone().unwrap_or_default().horizon;
    let end = grain.end - Days::new(u64::from(horizon));
    let bodies = models.iter().map(|model| {
        json!({
            "store_id": grain.store_id,
            "product_id": grain.product_id,
            "train_window": { "start_date": grain.start, "end_date": end },
            "forecast_horizon": horizon,
            "model_type": model,
            "conversation_id": pipeline.conversation_id,
        })
    });
    let runs = try_join_all(bodies.map(|body| trained(pipeline.client.clone(), body))).await?;
    let failed: Vec<String> = models
        .iter()
        .zip(&runs)
        .filter_map(|(model, (_, problem))| problem.as_ref().map(|problem| format!("{model}: {problem}")))
        .collect();
    if !failed.is_empty() {
        return Ok(Outcome::fail(format!("training failed for {}", failed.join("; "))));
    }
    pipeline.trained = models.iter().cloned().zip(runs.iter().map(|(run, _)| *run)).collect();
    Ok(Outcome::pass(
        format!("{} models trained up to {end}", models.len()),
        json!({ "trained": models, "requested_models": models }),
    ))
}

/// Trains one model; the second is why it failed.
async fn trained(client: Client, body: Value) -> Result<(RunId, Option<String>), Error> {
    let accepted: Accepted = client.post("/api/forecasting/train", &body).await?;
    let run = client.wait(accepted.run_id).await?.item;
    let problem = (run.status != RunStatus::Succeeded)
        .then(|| run.error.map_or_else(|| format!("{:?}", run.status), |error| error.message));
    Ok((run.run_id, problem))
}
