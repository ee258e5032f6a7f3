//! Whether a forecast can be made at all: a pure check that reports every wrong field at once.

use forecast::ModelSpec;
use kernel::{Fault, FieldError};
use serde_json::Value;
use wire::model_selection::{FleetForecastRequest, Gaps};

use super::decision;
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
    check_decision(request, &mut fields);
    if fields.is_empty() { Ok(()) } else { Err(fields) }
}

/// A decision states models, weights and season at once.
fn check_decision(request: &FleetForecastRequest, fields: &mut Vec<FieldError>) {
    let named = match (&request.champion, &request.decision) {
        (None, None) => return,
        (Some(_), None) => "champion",
        (None, Some(_)) => "decision",
        (Some(_), Some(_)) => {
            return fields
                .push(FieldError::new("decision", "must be left out where champion names a forecast"));
        }
    };
    for (field, is_said) in
        [("models", !request.models.is_empty()), ("season_length", request.season_length.is_some())]
    {
        if is_said {
            fields.push(FieldError::new(field, format!("must be left out: {named} says it")));
        }
    }
    if let Some(decision) = &request.decision {
        let within = |field: FieldError| FieldError::new(format!("decision.{}", field.field), field.message);
        fields.extend(decision::check(decision).into_iter().map(within));
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
