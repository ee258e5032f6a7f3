//! Phase `data`: is the server there, is the data there, can features be made of it.

use chrono::{Days, NaiveDate};
use client::{DeletionScope, Error, GenerateRequest};
use frames::StepStatus;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::step::{Grain, Outcome, Pipeline};

pub(crate) async fn precheck(pipeline: &mut Pipeline) -> Result<Outcome, Error> {
    let health = pipeline.client.health().await?;
    Ok(match health.status.as_str() {
        "ok" => Outcome::pass(format!("server {} is healthy", health.version), json!({})),
        other => Outcome::fail(format!("the server reports `{other}`")),
    })
}

pub(crate) async fn reset(pipeline: &mut Pipeline) -> Result<Outcome, Error> {
    if !pipeline.request.reset {
        return Ok(Outcome::skip("reset was not asked for"));
    }
    let deleted = pipeline.client.delete_data(DeletionScope::All).await?;
    let rows: u64 = deleted.records_deleted.values().sum();
    Ok(Outcome::pass(format!("{rows} rows deleted"), json!({ "records_deleted": deleted.records_deleted })))
}

pub(crate) async fn seed(pipeline: &mut Pipeline) -> Result<Outcome, Error> {
    let request = &pipeline.request;
    if request.skip_seed {
        return Ok(Outcome::skip("seeding was not asked for; the stored data is used"));
    }
    let generated = pipeline.client.generate(&generate_request(pipeline)).await?;
    let rows: u64 = generated.records_created.values().sum();
    let knobs: Vec<&String> = request.seed_overrides.iter().flat_map(|knobs| knobs.keys()).collect();
    Ok(Outcome::pass(
        format!("{rows} rows of {} with seed {}", request.scenario.as_str(), request.seed),
        json!({
            "records_created": generated.records_created,
            "scenario": request.scenario.as_str(),
            "overrides_applied": knobs,
        }),
    ))
}

/// The preset scaled to the showcase; knobs of the user go along as given and win.
fn generate_request(pipeline: &Pipeline) -> GenerateRequest {
    let request = &pipeline.request;
    let profile = request.scenario.profile();
    let end = pipeline.clock.now().date_naive();
    GenerateRequest {
        scenario: request.scenario.as_str().to_owned(),
        seed: request.seed,
        stores: Some(profile.stores),
        products: Some(profile.products),
        start_date: profile.span_days.map(|span| end - Days::new(span.unsigned_abs())),
        end_date: profile.span_days.map(|_| end),
        sparsity: None,
        dry_run: false,
        overrides: request.seed_overrides.clone().map(Value::Object),
    }
}

pub(crate) async fn status(pipeline: &mut Pipeline) -> Result<Outcome, Error> {
    let status = pipeline.client.seeder_status().await?;
    let (Some(start), Some(end)) = (status.date_range_start, status.date_range_end) else {
        return Ok(Outcome::fail("there are no sales; run again with seeding (skip_seed = false)"));
    };
    let stores: Vec<i64> = pipeline.client.stores().await?.iter().map(|store| store.id).collect();
    let products: Vec<i64> = pipeline.client.products().await?.iter().map(|product| product.id).collect();
    let (Some(&store), Some(&product)) = (stores.first(), products.first()) else {
        return Ok(Outcome::fail(
            "there are no stores or no products; run again with seeding (skip_seed = false)",
        ));
    };
    let asked = pipeline.request.user_scope;
    let found = asked.filter(|s| stores.contains(&s.store_id) && products.contains(&s.product_id));
    let (store_id, product_id) = found.map_or((store, product), |s| (s.store_id, s.product_id));
    pipeline.grain = Some(Grain { store_id, product_id, start, end });
    let data = status_data(store_id, product_id, start, end, found.is_some());
    Ok(match (asked, found) {
        (Some(asked), None) => Outcome::new(
            StepStatus::Warn,
            format!(
                "store {} with product {} does not exist; store {store_id} with product {product_id} is used",
                asked.store_id, asked.product_id
            ),
            data,
        ),
        _ => Outcome::pass(format!("store {store_id}, product {product_id}, {start} to {end}"), data),
    })
}

fn status_data(store_id: i64, product_id: i64, start: NaiveDate, end: NaiveDate, is_asked: bool) -> Value {
    json!({
        "store_id": store_id,
        "product_id": product_id,
        "date_range_start": start,
        "date_range_end": end,
        "user_scope_applied": is_asked,
    })
}

#[derive(Debug, Deserialize)]
struct FeatureSet {
    row_count: u64,
    column_count: u64,
}

pub(crate) async fn features(pipeline: &mut Pipeline) -> Result<Outcome, Error> {
    let Some(grain) = &pipeline.grain else { return Ok(Outcome::fail("no pair was chosen")) };
    let body = json!({
        "store_id": grain.store_id,
        "product_id": grain.product_id,
        "cutoff_date": grain.end,
        "lookback_days": 60,
        "config": {
            "lag": { "lags": [1, 7, 14] },
            "rolling": { "windows": [7, 14], "aggregations": ["mean", "std"] },
            "calendar": true,
        },
    });
    let set: FeatureSet = pipeline.client.post("/api/featuresets/compute", &body).await?;
    let (rows, columns) = (set.row_count, set.column_count);
    Ok(Outcome::pass(
        format!("{rows} rows of {columns} features, none of which sees the future"),
        json!({ "row_count": rows, "column_count": columns }),
    ))
}
