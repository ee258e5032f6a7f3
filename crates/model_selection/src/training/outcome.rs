//! Whether the registry says of a training what its run recorded.

use kernel::{ReadDb, RunId};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter};
use serde_json::Value;

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
        Some(said) => compare(&mut found, &row, said),
        None => found.say(format!("model {} is registered, and its run ended without a model", row.model_id)),
    }
    Ok(found.into_vec())
}

fn compare(found: &mut Differences, row: &registered_model::Model, said: &Value) {
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap_or(Value::Null);
    let mut check = |column: &str, row: Value, said: &Value| {
        found.check(format!("registered_model.{column}"), row, said, FRAME);
    };
    check("model_type", row.model_type.as_str().into(), &said["model_type"]);
    check("params", json(&row.params), &said["params"]);
    check("config_hash", row.config_hash.as_str().into(), &said["config_hash"]);
    check("series_name", row.series_name.as_str().into(), &said["series"]);
    check("window_start", row.window_start.as_str().into(), &said["window"]["start_date"]);
    check("window_end", row.window_end.as_str().into(), &said["window"]["end_date"]);
    check("horizon", row.horizon.into(), &said["horizon"]);
    check("artifact_digest", hex(&row.artifact_digest).into(), &said["model_digest"]);
    if row.metrics_origin == "holdout" {
        let (metrics, held_out) = (json(&row.metrics), &said["holdout"]["metrics"]);
        for name in ["wape", "smape", "mae", "rmse", "bias", "mase", "rmsse", "sample_size"] {
            check(&format!("metrics.{name}"), metrics[name].clone(), &held_out[name]);
        }
    }
}

fn hex(digest: &[u8]) -> String {
    kernel::Digest::from_slice(digest).map(|digest| digest.to_string()).unwrap_or_default()
}
