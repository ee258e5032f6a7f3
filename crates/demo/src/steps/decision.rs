//! Phases `decision` and `verify`: compare the models, register the champion, prove its bytes.

use client::Error;
use kernel::RunId;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use wire::demo::Metric;
use wire::runs::Status;

use crate::request::models;
use crate::step::{Broken, Outcome, Pipeline, Winner};

/// The alias the champion is registered under.
const ALIAS: &str = "demo-production";

#[derive(Debug, Deserialize)]
struct Accepted {
    selection_id: RunId,
}

#[derive(Debug, Deserialize)]
struct Selection {
    status: String,
    ranking: Vec<Entry>,
    error_message: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Entry {
    candidate_id: String,
    model_type: String,
    metrics: Option<Map<String, Value>>,
    exclusion_reason: Option<String>,
}

impl Entry {
    fn value(&self, metric: Metric) -> Option<f64> {
        self.metrics.as_ref()?.get(metric.as_str())?.as_f64()
    }
}

pub(crate) async fn backtest(pipeline: &mut Pipeline) -> Result<Outcome, Broken> {
    let Some(body) = comparison_request(pipeline) else { return Ok(Outcome::fail("no pair was chosen")) };
    let metric = pipeline.request.backtest.clone().unwrap_or_default().metric;
    let client = pipeline.starting("backtest");
    let accepted: Accepted = client.post("/api/model-selection/runs", &body).await?;
    pipeline.cx.children_ended().await?;
    let id = accepted.selection_id;
    let run = pipeline.client.run(id).await?;
    let selection: Selection = pipeline.client.get(&format!("/api/model-selection/{id}")).await?;
    if run.item.status != Status::Succeeded {
        let why = selection.error_message.unwrap_or(selection.status);
        return Ok(Outcome::fail(format!("the comparison did not succeed: {why}")));
    }
    let per_model: Map<String, Value> = selection
        .ranking
        .iter()
        .filter_map(|entry| Some((entry.model_type.clone(), json!(entry.metrics.as_ref()?))))
        .collect();
    let Some((entry, value)) = best(&selection.ranking, metric) else {
        let reasons: Vec<String> = selection
            .ranking
            .iter()
            .map(|e| {
                format!("{}: {}", e.model_type, e.exclusion_reason.as_deref().unwrap_or("no finite metric"))
            })
            .collect();
        return Ok(Outcome::fail(format!(
            "no model has a usable {}: {}",
            metric.as_str(),
            reasons.join("; ")
        )));
    };
    Ok(backtest_outcome(&Winner {
        model_type: entry.model_type.clone(),
        comparison: id.to_string(),
        candidate: entry.candidate_id.clone(),
        per_model: Value::Object(per_model),
        value,
        metric: metric.as_str().to_owned(),
    }))
}

/// The champion, as the step's data name it.
pub(crate) fn learn_backtest(pipeline: &mut Pipeline, data: &Map<String, Value>) {
    pipeline.winner = serde_json::from_value(Value::Object(data.clone())).ok();
}

fn comparison_request(pipeline: &Pipeline) -> Option<Value> {
    let grain = pipeline.grain.as_ref()?;
    let split = pipeline.request.backtest.clone().unwrap_or_default();
    let candidates: Vec<Value> =
        models(&pipeline.request).iter().map(|model| json!({ "model_type": model, "params": {} })).collect();
    // The comparison ranks by what it knows; a metric it does not rank by decides below, over the same folds.
    let ranking_metric = if split.metric == Metric::Rmse { Metric::Mae } else { split.metric };
    Some(json!({
        "store_id": grain.store_id,
        "product_id": grain.product_id,
        "selection_window": { "start_date": grain.start, "end_date": grain.end },
        "forecast_horizon": split.horizon,
        "ranking_metric": ranking_metric.as_str(),
        "split_config": {
            "strategy": split.strategy,
            "n_splits": split.n_splits,
            "min_train_size": split.min_train_size,
            "gap": split.gap,
            "horizon": split.horizon,
        },
        "candidate_models": candidates,
        "conversation_id": pipeline.cx.conversation_id(),
    }))
}

/// The lowest value; the first of equals, and the ranking is in a declared order.
fn best(ranking: &[Entry], metric: Metric) -> Option<(&Entry, f64)> {
    let usable = ranking.iter().filter_map(|entry| Some((entry, entry.value(metric)?)));
    usable.min_by(|(_, a), (_, b)| a.total_cmp(b))
}

fn backtest_outcome(winner: &Winner) -> Outcome {
    let unit = if winner.metric == Metric::Wape.as_str() { " %" } else { " units" };
    let detail = format!("{} wins with {} {:.2}{unit}", winner.model_type, winner.metric, winner.value);
    Outcome::pass(detail, serde_json::to_value(winner).unwrap_or_default())
}

#[derive(Debug, Deserialize)]
struct Registered {
    model_id: String,
}

pub(crate) async fn register(pipeline: &mut Pipeline) -> Result<Outcome, Broken> {
    let Some(winner) = &pipeline.winner else { return Ok(Outcome::fail("there is no winner to register")) };
    let Some((_, training)) = pipeline.trained.iter().find(|(model, _)| *model == winner.model_type) else {
        return Ok(Outcome::fail(format!("{} was not trained", winner.model_type)));
    };
    let body = json!({
        "training_run_id": training,
        "judged_by": { "comparison_id": winner.comparison, "candidate_id": winner.candidate },
        "registered_by": "showcase",
    });
    let registered: Registered = pipeline.client.post("/api/registry/models", &body).await?;
    point_alias(pipeline, &registered.model_id, &winner.comparison).await?;
    let data = json!({ "run_id": training, "model_id": registered.model_id, "alias": ALIAS });
    Ok(Outcome::pass(format!("{} registered as {ALIAS}", winner.model_type), data))
}

#[derive(Debug, Deserialize)]
struct Alias {
    model_id: Option<String>,
}

/// Moves the alias, unless an execution before a restart has done so.
async fn point_alias(pipeline: &Pipeline, model: &str, comparison: &str) -> Result<(), Error> {
    let now: Result<Alias, Error> = pipeline.client.get(&format!("/api/registry/aliases/{ALIAS}")).await;
    match now {
        Ok(alias) if alias.model_id.as_deref() == Some(model) => return Ok(()),
        Err(error) if error.status().is_none_or(|status| status.as_u16() != 404) => return Err(error),
        _ => {}
    }
    let alias = json!({
        "alias_name": ALIAS,
        "model_id": model,
        "moved_by": "showcase",
        "reason": format!("champion of comparison {comparison}"),
    });
    pipeline.client.post::<Value>("/api/registry/aliases", &alias).await.map(drop)
}

/// The registered model.
pub(crate) fn learn_register(pipeline: &mut Pipeline, data: &Map<String, Value>) {
    pipeline.registered = data.get("model_id").and_then(Value::as_str).map(str::to_owned);
}

#[derive(Debug, Deserialize)]
struct Proof {
    verified: bool,
    stored_digest: String,
    reason: Option<String>,
}

pub(crate) async fn verify(pipeline: &mut Pipeline) -> Result<Outcome, Error> {
    let Some(model) = &pipeline.registered else { return Ok(Outcome::fail("nothing was registered")) };
    let found: Proof = pipeline.client.get(&format!("/api/registry/models/{model}/verify")).await?;
    if !found.verified {
        let reason = found.reason.unwrap_or_else(|| "they are not those that were registered".to_owned());
        return Ok(Outcome::fail(format!("the model's bytes do not verify: {reason}")));
    }
    let short = found.stored_digest.get(..12).unwrap_or(&found.stored_digest);
    Ok(Outcome::pass(
        format!("the model's bytes have digest {short}…, as registered"),
        json!({ "verified": true }),
    ))
}
