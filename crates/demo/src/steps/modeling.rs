//! Phase `modeling`: train the chosen models, all but the last `horizon` days.

use chrono::Days;
use wire::demo::Trained;
use wire::model_selection::{TrainingRequest, Window};
use wire::runs::Status;

use crate::request::models;
use crate::step::{Broken, Outcome, Pipeline};

pub(crate) async fn train(pipeline: &mut Pipeline) -> Result<Outcome, Broken> {
    let Some(grain) = pipeline.grain.clone() else { return Ok(Outcome::fail("no pair was chosen")) };
    let models = models(&pipeline.request);
    let horizon = pipeline.request.backtest.clone().unwrap_or_default().horizon;
    let window = Window { start_date: grain.start, end_date: grain.end - Days::new(u64::from(horizon)) };
    let mut runs = Vec::new();
    for model in &models {
        let pair = (grain.store_id, grain.product_id);
        let request = TrainingRequest {
            conversation_id: Some(pipeline.cx.conversation_id()),
            ..TrainingRequest::of_pair(pair, window, horizon as usize, model.clone())
        };
        runs.push(pipeline.starting(&format!("train/{model}")).train(&request).await?.run_id);
    }
    pipeline.cx.children_ended().await?;
    let mut failed = Vec::new();
    for (model, run) in models.iter().zip(&runs) {
        let found = pipeline.client.run(*run).await?.item;
        if found.status != Status::Succeeded {
            let why = found.error.map_or_else(|| found.status.to_string(), |error| error.message);
            failed.push(format!("{model}: {why}"));
        }
    }
    if !failed.is_empty() {
        return Ok(Outcome::fail(format!("training failed for {}", failed.join("; "))));
    }
    let detail =
        format!("{} trained up to {}", kernel::counted(models.len(), "model", "models"), window.end_date);
    Ok(Outcome::pass(
        detail,
        &Trained { models: models.clone(), requested_models: models, training_run_ids: runs },
    ))
}

/// Which run trained which model.
pub(crate) fn learn_train(pipeline: &mut Pipeline, found: &Trained) {
    pipeline.trained = found.models.iter().cloned().zip(found.training_run_ids.iter().copied()).collect();
}
