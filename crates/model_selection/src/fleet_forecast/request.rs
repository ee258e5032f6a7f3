//! Whether a forecast can be made at all: a pure check that reports every wrong field at once.

use forecast::ModelSpec;
use kernel::{Fault, FieldError};
use serde_json::Value;
use wire::model_selection::{FleetForecastRequest, Gaps};

use crate::bounds::{check_between, check_folds, check_params, check_run, check_season};

const MAX_MODELS: usize = 32;
const MAX_HORIZON: usize = 366;
/// One fold is enough to weigh by.
const LEAST_FOLDS: usize = 1;

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
    check_folds(&request.folds.unwrap_or_default(), request.horizon, LEAST_FOLDS, &mut fields);
    check_models(request, &mut fields);
    if fields.is_empty() { Ok(()) } else { Err(fields) }
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
