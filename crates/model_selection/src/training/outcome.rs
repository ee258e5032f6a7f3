//! Whether the registry says of a training what its run recorded.

use kernel::{Digest, ReadDb, RunId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use serde_json::Value;

use super::bundle::Bundle;
use super::kind::structured;
use crate::differ::Differences;
use crate::table::registered_model;

const FRAME: &str = "the terminal frame";

/// Where the registered model of a training, if there is one, differs from the structured output of the training's
/// terminal frame.
pub async fn check_outcome(
    db: &ReadDb,
    run: RunId,
    structured: Option<&Value>,
) -> Result<Vec<String>, DbErr> {
    let query = registered_model::Entity::find().filter(registered_model::Column::TrainingRunId.eq(run));
    let Some(row) = query.one(db.conn()).await? else { return Ok(Vec::new()) };
    let mut found = Differences::default();
    match structured {
        Some(said) => compare(&mut found, &row, said, FRAME),
        None => found.say(format!("model {} is registered, and its run ended without a model", row.model_id)),
    }
    Ok(found.into_vec())
}

/// Where what the bundle itself says differs.
pub(crate) fn check_bundle(
    found: &mut Differences,
    row: &registered_model::Model,
    bundle: &Bundle,
    digest: Digest,
) {
    compare(found, row, &structured(bundle, digest), "the model's own document");
}

fn compare(found: &mut Differences, row: &registered_model::Model, said: &Value, says: &str) {
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
    let mut check = |column: &str, row: Value, said: &Value| {
        found.check(format!("registered_model.{column}"), row, said, says);
    };
    check("model_type", row.model_type.as_str().into(), &said["model_type"]);
    check("params", json(&row.params), &said["params"]);
    check("config_hash", row.config_hash.as_str().into(), &said["config_hash"]);
    check("series_name", row.series_name.as_str().into(), &said["series"]);
    check("window_start", row.window_start.as_str().into(), &said["window"]["start_date"]);
    check("window_end", row.window_end.as_str().into(), &said["window"]["end_date"]);
    check("horizon", row.horizon.into(), &said["horizon"]);
    check("artifact_digest", hex(&row.artifact_digest).into(), &said["model_digest"]);
    // The ranking of the comparison speaks of the others.
    if row.comparison_run_id.is_none() {
        let (metrics, held_out) = (json(&row.metrics), &said["holdout"]["metrics"]);
        for name in ["wape", "smape", "mae", "rmse", "bias", "bias_percent", "mase", "rmsse", "sample_size"] {
            check(&format!("metrics.{name}"), metrics[name].clone(), &held_out[name]);
        }
        for name in ["rel_mae", "scale_rows", "wrmsse"] {
            check(&format!("metrics.{name}"), metrics[name].clone(), &Value::Null);
        }
    }
}

fn hex(digest: &[u8]) -> String {
    Digest::from_slice(digest).map(|digest| digest.to_string()).unwrap_or_default()
}
