//! Phases `decision` and `verify`: compare the models, register the champion, prove its bytes.

use client::Error;
use kernel::{RunId, figure};
use wire::demo::{Metric, Registered, Verified, Winner};
use wire::model_selection::{
    ComparisonRequest, JudgedBy, ModelId, MoveAlias, OverallEntry, RankMetrics, RankingMetric, Register,
    SplitConfig, Window,
};
use wire::runs::Status;

use crate::request::models;
use crate::step::{Broken, Outcome, Pipeline};

/// The alias the champion is registered under, and who says so.
const ALIAS: &str = "demo-production";
const PERSON: &str = "showcase";

pub(crate) async fn backtest(pipeline: &mut Pipeline) -> Result<Outcome, Broken> {
    let Some(request) = comparison_request(pipeline) else {
        return Ok(Outcome::fail("no pair was chosen"));
    };
    let metric = pipeline.request.backtest.clone().unwrap_or_default().metric;
    let id = pipeline.starting("backtest").compare(&request).await?.run_id;
    pipeline.cx.children_ended().await?;
    let run = pipeline.client.run(id).await?;
    let comparison = pipeline.client.comparison(id).await?;
    if run.item.status != Status::Succeeded {
        let why = comparison.course.error_message.unwrap_or_else(|| comparison.status.to_string());
        return Ok(Outcome::fail(format!("the comparison did not succeed: {why}")));
    }
    let ranking = &comparison.ranking;
    let Some((first, value)) = best(ranking, metric) else {
        return Ok(Outcome::fail(format!("no model has a usable {metric}: {}", reasons(ranking))));
    };
    let Some(place) = comparison.candidate_progress.get(first.entry.ordinal) else {
        return Ok(Outcome::fail("the comparison does not know its own candidate"));
    };
    let per_model =
        ranking.iter().filter_map(|each| Some((each.entry.model_type.clone(), each.entry.metrics?)));
    Ok(backtest_outcome(&Winner {
        model_type: first.entry.model_type.clone(),
        comparison: id,
        candidate: place.candidate_id,
        per_model: per_model.collect(),
        value,
        metric,
    }))
}

/// The champion, as the step's data name it.
pub(crate) fn learn_backtest(pipeline: &mut Pipeline, found: &Winner) {
    pipeline.winner = Some(found.clone());
}

fn comparison_request(pipeline: &Pipeline) -> Option<ComparisonRequest> {
    let grain = pipeline.grain.as_ref()?;
    let split = pipeline.request.backtest.clone().unwrap_or_default();
    let window = Window { start_date: grain.start, end_date: grain.end };
    let pair = (grain.store_id, grain.product_id);
    Some(ComparisonRequest {
        ranking_metric: Some(match split.metric {
            Metric::Wape => RankingMetric::Wape,
            Metric::Mae => RankingMetric::Mae,
            Metric::Rmse => RankingMetric::Rmse,
        }),
        split_config: Some(SplitConfig {
            strategy: split.strategy,
            n_splits: split.n_splits as usize,
            min_train_size: split.min_train_size as usize,
            gap: split.gap as usize,
            horizon: split.horizon as usize,
            step: None,
        }),
        conversation_id: Some(pipeline.cx.conversation_id()),
        ..ComparisonRequest::of_pair(pair, window, split.horizon as usize, models(&pipeline.request))
    })
}

/// The lowest value; the first of equals, and the ranking is in a declared order.
fn best(ranking: &[OverallEntry], metric: Metric) -> Option<(&OverallEntry, f64)> {
    let value = |metrics: RankMetrics| match metric {
        Metric::Wape => metrics.wape,
        Metric::Mae => metrics.mae,
        Metric::Rmse => metrics.rmse,
    };
    let usable = ranking.iter().filter_map(|each| Some((each, each.entry.metrics.and_then(value)?)));
    usable.min_by(|(_, a), (_, b)| a.total_cmp(b))
}

fn reasons(ranking: &[OverallEntry]) -> String {
    let reason = |each: &OverallEntry| {
        let why = each.entry.exclusion_reason.as_deref().unwrap_or("no finite metric");
        format!("{}: {why}", each.entry.model_type)
    };
    ranking.iter().map(reason).collect::<Vec<_>>().join("; ")
}

fn backtest_outcome(winner: &Winner) -> Outcome {
    let unit = if winner.metric == Metric::Wape { " %" } else { " units" };
    let detail =
        format!("{} wins with {} {}{unit}", winner.model_type, winner.metric, figure(winner.value, 2));
    Outcome::pass(detail, winner)
}

pub(crate) async fn register(pipeline: &mut Pipeline) -> Result<Outcome, Broken> {
    let Some(winner) = &pipeline.winner else { return Ok(Outcome::fail("there is no winner to register")) };
    let Some((_, training)) = pipeline.trained.iter().find(|(model, _)| *model == winner.model_type) else {
        return Ok(Outcome::fail(format!("{} was not trained", winner.model_type)));
    };
    let request = Register {
        training_run_id: *training,
        judged_by: Some(JudgedBy { comparison_id: winner.comparison, candidate_id: winner.candidate }),
        registered_by: Some(PERSON.to_owned()),
        description: None,
    };
    let model_id = pipeline.client.register_model(&request).await?.model_id;
    point_alias(pipeline, model_id, winner.comparison).await?;
    let found = Registered { run_id: *training, model_id, alias: ALIAS.to_owned() };
    Ok(Outcome::pass(format!("{} registered as {ALIAS}", winner.model_type), &found))
}

/// Moves the alias, unless an execution before a restart has done so.
async fn point_alias(pipeline: &Pipeline, model: ModelId, comparison: RunId) -> Result<(), Error> {
    match pipeline.client.alias(ALIAS).await {
        Ok(alias) if alias.model_id == Some(model) => return Ok(()),
        Err(error) if error.status().is_none_or(|status| status.as_u16() != 404) => return Err(error),
        _ => {}
    }
    let request = MoveAlias {
        alias_name: ALIAS.to_owned(),
        model_id: Some(model),
        moved_by: Some(PERSON.to_owned()),
        reason: Some(format!("champion of comparison {comparison}")),
    };
    pipeline.client.move_alias(&request).await.map(drop)
}

/// The registered model.
pub(crate) fn learn_register(pipeline: &mut Pipeline, found: &Registered) {
    pipeline.registered = Some(found.model_id);
}

pub(crate) async fn verify(pipeline: &mut Pipeline) -> Result<Outcome, Error> {
    let Some(model) = pipeline.registered else { return Ok(Outcome::fail("nothing was registered")) };
    let found = pipeline.client.verify_model(model).await?;
    if !found.verified {
        let reason = found.reason.unwrap_or_else(|| "they are not those that were registered".to_owned());
        return Ok(Outcome::fail(format!("the model's bytes do not verify: {reason}")));
    }
    let digest = found.stored_digest.to_string();
    let short = digest.get(..12).unwrap_or(&digest);
    Ok(Outcome::pass(
        format!("the model's bytes have digest {short}…, as registered"),
        &Verified { verified: true },
    ))
}
