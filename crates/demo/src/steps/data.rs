//! Phase `data`: is the server there, is the data there, can features be made of it.

use client::{Client, Error};
use frames::StepStatus;
use kernel::counted;
use wire::demo::{Backtest, FeatureSet, Grain, Reset, Seeded, UserScope};
use wire::model_selection::{
    FeatureConfig, FeaturesRequest, Gaps, LagConfig, RollingConfig, RollingStat, Sufficiency,
};
use wire::retail::{DeleteRequest, DeletionScope, Overrides, PairsQuery, StatusQuery, WorldId};

use crate::found::Nothing;
use crate::request::generation;
use crate::step::{Outcome, Pipeline};

pub(crate) async fn precheck(pipeline: &mut Pipeline) -> Result<Outcome, Error> {
    let health = pipeline.client.health().await?;
    Ok(match health.status.as_str() {
        "ok" => Outcome::pass(format!("server {} is healthy", health.version), &Nothing {}),
        other => Outcome::fail(format!("the server reports `{other}`")),
    })
}

pub(crate) async fn reset(pipeline: &mut Pipeline) -> Result<Outcome, Error> {
    if !pipeline.request.reset {
        return Ok(Outcome::skip("reset was not asked for"));
    }
    let request =
        DeleteRequest { scope: DeletionScope::All, dry_run: false, run_id: Some(pipeline.cx.run_id()) };
    let deleted = pipeline.client.delete_data(&request).await?;
    let rows = deleted.records_deleted.total();
    let worlds = deleted.worlds_deleted;
    Ok(Outcome::pass(
        format!("{} with {} deleted", counted(worlds, "world", "worlds"), counted(rows, "row", "rows")),
        &Reset { records_deleted: deleted.records_deleted },
    ))
}

pub(crate) async fn seed(pipeline: &mut Pipeline) -> Result<Outcome, Error> {
    let request = &pipeline.request;
    if request.skip_seed {
        return Ok(Outcome::skip("seeding was not asked for; the stored data is used"));
    }
    let today = pipeline.cx.clock().now().date_naive();
    let generated = pipeline.client.generate(&generation(request, today)).await?;
    let rows = generated.records_created.total();
    let knobs = request.seed_overrides.as_ref().map(names).unwrap_or_default();
    let (scenario, seed) = (request.scenario.as_str(), request.seed);
    let detail = if generated.is_existing {
        format!("the world of {scenario} with seed {seed} was there already")
    } else {
        format!("{} of {scenario} with seed {seed}", counted(rows, "row", "rows"))
    };
    let found = Seeded {
        records_created: generated.records_created,
        scenario: request.scenario,
        overrides_applied: knobs,
        world_id: generated.world_id,
        is_existing: generated.is_existing,
    };
    Ok(Outcome::pass(detail, &found))
}

pub(crate) async fn status(pipeline: &mut Pipeline) -> Result<Outcome, Error> {
    let status = pipeline.client.seeder_status(&StatusQuery { world_id: pipeline.world }).await?;
    let (Some(world_id), Some(start), Some(end)) =
        (status.world_id, status.date_range_start, status.date_range_end)
    else {
        return Ok(Outcome::fail("there are no sales; run again with seeding (skip_seed = false)"));
    };
    let asked = pipeline.request.user_scope;
    let found = match asked {
        Some(scope) => in_world(&pipeline.client, world_id, scope).await?.then_some(scope),
        None => None,
    };
    let Some(UserScope { store_id, product_id }) = (match found {
        Some(scope) => Some(scope),
        None => discovered(pipeline, world_id).await?,
    }) else {
        return Ok(Outcome::fail("no product was sold; run again with another seed or less sparsity"));
    };
    let grain = Grain { world_id, store_id, product_id, start, end, user_scope_applied: found.is_some() };
    Ok(match (asked, found) {
        (Some(asked), None) => Outcome::new(
            StepStatus::Warn,
            format!(
                "store {} with product {} is not in this world; store {store_id} with product {product_id} is used",
                asked.store_id, asked.product_id
            ),
            &grain,
        ),
        _ => Outcome::pass(format!("store {store_id}, product {product_id}, {start} to {end}"), &grain),
    })
}

/// The names of the knobs that were turned.
fn names(overrides: &Overrides) -> Vec<String> {
    let knobs = serde_json::to_value(overrides).unwrap_or_default();
    knobs.as_object().into_iter().flat_map(serde_json::Map::keys).cloned().collect()
}

/// The world that was made or found.
pub(crate) fn learn_seed(pipeline: &mut Pipeline, found: &Seeded) {
    pipeline.world = found.world_id.or(pipeline.world);
}

/// The pair and its days.
pub(crate) fn learn_status(pipeline: &mut Pipeline, found: &Grain) {
    pipeline.grain = Some(found.clone());
}

/// Whether a world has both the store and the product.
async fn in_world(client: &Client, world: WorldId, scope: UserScope) -> Result<bool, Error> {
    let store = known(client.store(scope.store_id).await)?;
    let product = known(client.product(scope.product_id).await)?;
    Ok(store.is_some_and(|store| store.world_id == world)
        && product.is_some_and(|product| product.world_id == world))
}

/// What does not exist is no error.
fn known<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if error.status().is_some_and(|status| status.as_u16() == 404) => Ok(None),
        Err(error) => Err(error),
    }
}

/// The first pair by store code and stock-keeping unit with a history for every later step; if none has one, the first
/// with a history for one fold, and after that any that sells: the steps then say what it lacks.
async fn discovered(pipeline: &Pipeline, world: WorldId) -> Result<Option<UserScope>, Error> {
    let split = pipeline.request.backtest.clone().unwrap_or_default();
    for at_least in [Sufficiency::Ready, Sufficiency::Limited, Sufficiency::Unusable] {
        let query = PairsQuery {
            at_least: Some(at_least),
            forecast_horizon: Some(split.horizon.into()),
            n_splits: Some(split.n_splits.into()),
            // A training on all but the last days must suffice for each model, also where the folds are short.
            min_train_size: Some(split.min_train_size.max(Backtest::default().min_train_size).into()),
            gap: Some(split.gap.into()),
            limit: Some(1),
            cursor: None,
        };
        if let Some(pair) = pipeline.client.pairs(world, &query).await?.items.first() {
            return Ok(Some(UserScope { store_id: pair.store_id, product_id: pair.product_id }));
        }
    }
    Ok(None)
}

pub(crate) async fn features(pipeline: &mut Pipeline) -> Result<Outcome, Error> {
    let Some(grain) = &pipeline.grain else { return Ok(Outcome::fail("no pair was chosen")) };
    let request = FeaturesRequest {
        store_id: grain.store_id,
        product_id: grain.product_id,
        cutoff_date: grain.end,
        lookback_days: 60,
        config: FeatureConfig {
            lag: Some(LagConfig { lags: vec![1, 7, 14] }),
            rolling: Some(RollingConfig {
                windows: vec![7, 14],
                aggregations: vec![RollingStat::Mean, RollingStat::Std],
                min_periods: None,
            }),
            calendar: true,
        },
        gaps: Gaps::default(),
    };
    let table = pipeline.client.features(&request).await?.table;
    let found = FeatureSet { row_count: table.row_count, column_count: table.column_count };
    Ok(Outcome::pass(
        format!("{} rows of {} features, none of which sees the future", found.row_count, found.column_count),
        &found,
    ))
}
