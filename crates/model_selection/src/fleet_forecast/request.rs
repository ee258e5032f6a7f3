//! Whether a forecast can be made at all: a pure check that reports every wrong field at once.

use evaluation::choose::folds::LEAST_TRAINING;
use forecast::ModelSpec;
use kernel::{Fault, FieldError};
use serde_json::Value;
use wire::model_selection::{FleetForecastRequest, Gaps, StatedFolds};

use crate::bounds::{check_between, check_params, check_run, check_season};

const MAX_MODELS: usize = 32;
const MAX_HORIZON: usize = 366;
const MAX_FOLDS: usize = 20;
const MAX_GAP: usize = 30;
const MAX_STEP: usize = 365;

/// Everything that is wrong with a request and can be known without looking at the data.
pub(super) fn check(request: &FleetForecastRequest) -> Result<(), Vec<FieldError>> {
    let mut fields = Vec::new();
    check_run(request.title.as_deref(), request.priority, &mut fields);
    check_between("horizon", request.horizon, MAX_HORIZON, &mut fields);
    check_season(request.season_length, &mut fields);
    if request.series.as_ref().is_some_and(Vec::is_empty) {
        fields.push(FieldError::new("series", "must name at least one series, or be left out"));
    }
    if request.gaps == Gaps::Omit {
        fields.push(FieldError::new(
            "gaps",
            "must be `missing`, `zero` or `refuse`: without its dates a series has no next one",
        ));
    }
    check_folds(&request.folds.unwrap_or_default(), request.horizon, &mut fields);
    check_models(request, &mut fields);
    if fields.is_empty() { Ok(()) } else { Err(fields) }
}

/// The bounds are those of a comparison's folds, but for one fold alone, which a comparison could not test on.
fn check_folds(stated: &StatedFolds, horizon: usize, fields: &mut Vec<FieldError>) {
    let StatedFolds { n_splits, min_train_size, gap, step } = *stated;
    if let Some(n_splits) = n_splits {
        check_between("folds.n_splits", n_splits, MAX_FOLDS, fields);
    }
    if let Some(rows) = min_train_size.filter(|rows| *rows < LEAST_TRAINING) {
        let message = format!("must be at least {LEAST_TRAINING}, not {rows}");
        fields.push(FieldError::new("folds.min_train_size", message));
    }
    if let Some(gap) = gap.filter(|gap| *gap > MAX_GAP) {
        fields.push(FieldError::new("folds.gap", format!("must be between 0 and {MAX_GAP}, not {gap}")));
    } else if let Some(gap) = gap.filter(|gap| *gap > 0 && *gap >= horizon) {
        let message = format!("must be below the horizon {horizon}, not {gap}");
        fields.push(FieldError::new("folds.gap", message));
    }
    if let Some(step) = step {
        check_between("folds.step", step, MAX_STEP, fields);
    }
}

fn check_models(request: &FleetForecastRequest, fields: &mut Vec<FieldError>) {
    if request.models.len() > MAX_MODELS {
        let message = format!("must have at most {MAX_MODELS} models, not {}", request.models.len());
        fields.push(FieldError::new("models", message));
    }
    for (at, model) in request.models.iter().enumerate() {
        check_params(&model.params, &format!("models.{at}.params"), fields);
        if let Err(error) = ModelSpec::parse(&model.model_type, &Value::Object(model.params.clone())) {
            let within =
                |field: FieldError| FieldError::new(format!("models.{at}.{}", field.field), field.message);
            fields.extend(error.fields().into_iter().map(within));
        }
    }
}
