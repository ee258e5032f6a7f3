//! Checks start requests and says what they mean.

use chrono::{Days, NaiveDate};
use kernel::{Fault, FieldError};
use serde_json::{Map, Value};
use wire::demo::{Preset, RunConfig, StartRequest};
use wire::retail::{GenerateRequest, Overrides, World};

use crate::error::RequestError;
use crate::preset::profile;

const KNOWN_MODELS: [&str; 11] = [
    "naive",
    "seasonal_naive",
    "moving_average",
    "weighted_moving_average",
    "seasonal_average",
    "trend_regression_baseline",
    "random_forest",
    "regression",
    "lightgbm",
    "xgboost",
    "prophet_like",
];

/// Fields that may be `null`.
const NULLABLE: [&str; 5] = ["world_id", "seed_overrides", "user_scope", "train_model_types", "backtest"];
/// Whether a generation can be made does not depend on the day.
const SOME_DAY: NaiveDate = NaiveDate::from_ymd_opt(2026, 1, 1).expect("a day of the calendar");

/// The start frame can ask for a workspace, and there are none yet: what asks for nothing passes, anything else is
/// refused rather than forgotten.
fn refuse_keeping(fields: &mut Map<String, Value>) -> Result<(), RequestError> {
    let mut wrong = Vec::new();
    match fields.remove("preservation") {
        None => {}
        Some(Value::String(ephemeral)) if ephemeral == "ephemeral" => {}
        Some(Value::String(keep)) if keep == "keep" => {
            let message =
                "`keep` is not available: this version has no workspaces; the run itself is recorded";
            wrong.push(FieldError::new("preservation", message));
        }
        Some(_) => wrong.push(FieldError::new("preservation", "expected `ephemeral`")),
    }
    for field in ["workspace_name", "replayed_from_workspace_id"] {
        if fields.remove(field).is_some_and(|value| !value.is_null()) {
            wrong.push(FieldError::new(field, "is not available: this version has no workspaces"));
        }
    }
    if wrong.is_empty() { Ok(()) } else { Err(RequestError::Invalid(wrong)) }
}

/// Reads and checks a request; unknown top-level keys are ignored, as the contract promises.
pub fn parse(text: &[u8]) -> Result<StartRequest, RequestError> {
    let mut value: Value =
        serde_json::from_slice(text).map_err(|error| RequestError::Malformed(error.to_string()))?;
    if !value.is_object() {
        return Err(RequestError::Malformed("expected a JSON object".to_owned()));
    }
    // A preset's name has its own message; serde's would list Rust variants.
    if let Some(Err(message)) = value.get("scenario").and_then(Value::as_str).map(str::parse::<Preset>) {
        return Err(RequestError::Invalid(vec![FieldError::new("scenario", message.to_string())]));
    }
    if let Some(fields) = value.as_object_mut() {
        refuse_keeping(fields)?;
        // Where the contract allows `null` it means what an omitted field means.
        fields.retain(|name, field| !(field.is_null() && NULLABLE.contains(&name.as_str())));
    }
    let request: StartRequest = serde_path_to_error::deserialize(&value).map_err(|error| {
        let field = error.path().to_string();
        RequestError::Invalid(vec![FieldError::new(field, error.inner().to_string())])
    })?;
    checked(request)
}

/// Checks bounds and the rules between fields; an empty `seed_overrides` becomes absent.
pub fn checked(mut request: StartRequest) -> Result<StartRequest, RequestError> {
    request.seed_overrides = request.seed_overrides.filter(|knobs| *knobs != Overrides::default());
    let mut wrong = Vec::new();
    check_data(&request, &mut wrong);
    check_models(&request, &mut wrong);
    check_backtest(&request, &mut wrong);
    if wrong.is_empty() { Ok(request) } else { Err(RequestError::Invalid(wrong)) }
}

fn check_data(request: &StartRequest, wrong: &mut Vec<FieldError>) {
    if i64::try_from(request.seed).is_err() {
        wrong.push(FieldError::new("seed", format!("expected at most {}", i64::MAX)));
    }
    if request.reset && request.skip_seed {
        let rule = "needs skip_seed = false: without any data the showcase could only fail";
        wrong.push(FieldError::new("reset", rule));
    }
    if request.world_id.is_some() && !request.skip_seed {
        wrong.push(FieldError::new("world_id", "needs skip_seed = true: it names stored data"));
    }
    if request.seed_overrides.is_none() {
        return;
    }
    if request.skip_seed {
        wrong.push(FieldError::new("seed_overrides", "needs skip_seed = false"));
    }
    wrong.extend(wrong_overrides(request));
}

/// What the generator would refuse about the knobs, under their names here.
fn wrong_overrides(request: &StartRequest) -> Vec<FieldError> {
    let here = |field: &str| match field.strip_prefix("overrides") {
        Some(knob) => format!("seed_overrides{knob}"),
        None => "seed_overrides".to_owned(),
    };
    match retail::seeder::validate(&generation(request, SOME_DAY), SOME_DAY) {
        Ok(()) => Vec::new(),
        Err(error) if error.fields().is_empty() => {
            vec![FieldError::new("seed_overrides", error.to_string())]
        }
        Err(error) => {
            error.fields().into_iter().map(|f| FieldError::new(here(&f.field), f.message)).collect()
        }
    }
}

/// What is generated for it: the preset scaled to the showcase; knobs of the user go along as given and win.
pub(crate) fn generation(request: &StartRequest, today: NaiveDate) -> GenerateRequest {
    let profile = profile(request.scenario);
    GenerateRequest {
        scenario: request.scenario.as_str().to_owned(),
        // A seed that does not fit is refused under its own name.
        seed: request.seed.try_into().unwrap_or(i64::MAX),
        stores: Some(profile.stores.into()),
        products: Some(profile.products.into()),
        start_date: profile.span_days.map(|span| today - Days::new(span.unsigned_abs())),
        end_date: profile.span_days.map(|_| today),
        overrides: request.seed_overrides.clone(),
        ..GenerateRequest::default()
    }
}

fn check_models(request: &StartRequest, wrong: &mut Vec<FieldError>) {
    if let Some(scope) = request.user_scope {
        for (field, id) in [("store_id", scope.store_id.0), ("product_id", scope.product_id.0)] {
            if id < 1 {
                wrong.push(FieldError::new(format!("user_scope.{field}"), "expected an id of at least 1"));
            }
        }
    }
    let Some(models) = &request.train_model_types else { return };
    if !(1..=10).contains(&models.len()) {
        wrong.push(FieldError::new("train_model_types", "expected 1 to 10 models"));
    }
    for (i, model) in models.iter().enumerate() {
        let field = || format!("train_model_types.{i}");
        if !KNOWN_MODELS.contains(&model.as_str()) {
            let message = format!("`{model}` is no model: expected one of {}", KNOWN_MODELS.join(", "));
            wrong.push(FieldError::new(field(), message));
        } else if models[..i].contains(model) {
            wrong.push(FieldError::new(field(), format!("`{model}` is named twice")));
        }
    }
}

fn check_backtest(request: &StartRequest, wrong: &mut Vec<FieldError>) {
    let Some(backtest) = &request.backtest else { return };
    let mut bound = |field: &str, value: u32, low: u32, high: u32| {
        if !(low..=high).contains(&value) {
            let message = format!("expected {low} to {high}, not {value}");
            wrong.push(FieldError::new(format!("backtest.{field}"), message));
        }
    };
    bound("horizon", backtest.horizon, 1, 90);
    bound("n_splits", backtest.n_splits, 2, 20);
    bound("min_train_size", backtest.min_train_size, 7, 100_000);
    bound("gap", backtest.gap, 0, 30);
    if backtest.gap >= backtest.horizon {
        wrong.push(FieldError::new("backtest.gap", "must be below the horizon"));
    }
}

/// The request for a stored world, with the scenario and the seed of that world: a run is not said to be of others.
pub(crate) fn of_world(request: StartRequest, world: &World) -> StartRequest {
    StartRequest {
        world_id: Some(world.world_id),
        // Worlds are also generated from presets that the showcase does not offer.
        scenario: world.scenario.parse().unwrap_or(request.scenario),
        seed: world.seed,
        ..request
    }
}

/// The models of the run: the classic trio unless chosen otherwise.
pub(crate) fn models(request: &StartRequest) -> Vec<String> {
    let trio = || ["naive", "seasonal_naive", "moving_average"].map(str::to_owned).to_vec();
    request.train_model_types.clone().unwrap_or_else(trio)
}

/// The chosen half of the run configuration and the classic other half; `None` when nothing was chosen.
pub(crate) fn run_config(request: &StartRequest) -> Option<RunConfig> {
    let is_customized = request.train_model_types.is_some() || request.backtest.is_some();
    is_customized.then(|| RunConfig {
        train_model_types: models(request),
        backtest: request.backtest.clone().unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<String> {
        match parse(text.as_bytes()) {
            Ok(request) => panic!("accepted: {request:?}"),
            Err(RequestError::Malformed(message)) => vec![message],
            Err(RequestError::Invalid(fields)) => fields.into_iter().map(|f| f.field).collect(),
        }
    }

    #[test]
    fn an_empty_request_means_what_it_always_meant() {
        let expected = StartRequest::default();
        assert_eq!(parse(b"{}").unwrap(), expected);
        let legacy = br#"{"seed":42,"reset":false,"skip_seed":true,"a_later_key":[1]}"#;
        assert_eq!(parse(legacy).unwrap(), expected);
        let nulls = br#"{"preservation":"ephemeral","workspace_name":null,"replayed_from_workspace_id":null,
            "seed_overrides":{},"user_scope":null,"train_model_types":null,"backtest":null,"world_id":null}"#;
        assert_eq!(parse(nulls).unwrap(), expected);
    }

    #[test]
    fn every_refusal_names_its_field() {
        for (text, expected) in [
            (r#"{"scenario":"nope"}"#, vec!["scenario"]),
            (r#"{"scenario":"showcase_rich"}"#, vec!["scenario"]),
            (r#"{"seed":-1}"#, vec!["seed"]),
            (r#"{"seed":"42"}"#, vec!["seed"]),
            (r#"{"reset":1}"#, vec!["reset"]),
            (r#"{"seed":null}"#, vec!["seed"]),
            (r#"{"reset":null}"#, vec!["reset"]),
            (r#"{"skip_seed":null}"#, vec!["skip_seed"]),
            (r#"{"scenario":null}"#, vec!["scenario"]),
            (r#"{"preservation":null}"#, vec!["preservation"]),
            (r#"{"seed":9223372036854775808}"#, vec!["seed"]),
            (r#"{"reset":true}"#, vec!["reset"]),
            (r#"{"skip_seed":false,"world_id":"0197a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"}"#, vec!["world_id"]),
            (r#"{"world_id":"yesterday's"}"#, vec!["world_id"]),
            (r#"{"workspace_name":"x"}"#, vec!["workspace_name"]),
            (r#"{"preservation":"keep","workspace_name":"x"}"#, vec!["preservation", "workspace_name"]),
            (r#"{"replayed_from_workspace_id":"zz"}"#, vec!["replayed_from_workspace_id"]),
            (r#"{"seed_overrides":{"stores":2}}"#, vec!["seed_overrides"]),
            (
                r#"{"skip_seed":false,"scenario":"holiday_rush","seed_overrides":{"window_days":90}}"#,
                vec!["seed_overrides.window_days"],
            ),
            (r#"{"skip_seed":false,"seed_overrides":{"colour":2}}"#, vec!["seed_overrides.colour"]),
            (r#"{"skip_seed":false,"seed_overrides":{"stores":"2"}}"#, vec!["seed_overrides.stores"]),
            (r#"{"skip_seed":false,"seed_overrides":{"stores":null}}"#, vec!["seed_overrides.stores"]),
            (r#"{"skip_seed":false,"seed_overrides":{"stores":2.5}}"#, vec!["seed_overrides.stores"]),
            (
                r#"{"skip_seed":false,"reset":true,"seed_overrides":{"stores":101,"noise_sigma":0.6}}"#,
                vec!["seed_overrides.stores", "seed_overrides.noise_sigma"],
            ),
            (
                r#"{"skip_seed":false,"seed_overrides":{"stores":100,"products":500,"window_days":365}}"#,
                vec!["seed_overrides"],
            ),
            (r#"{"user_scope":{"store_id":0,"product_id":1}}"#, vec!["user_scope.store_id"]),
            (r#"{"user_scope":{"store_id":1,"product_id":1,"x":1}}"#, vec!["user_scope.x"]),
            (
                r#"{"train_model_types":["naive","oracle","naive"]}"#,
                vec!["train_model_types.1", "train_model_types.2"],
            ),
            (r#"{"train_model_types":[]}"#, vec!["train_model_types"]),
            (r#"{"backtest":{"horizon":91}}"#, vec!["backtest.horizon"]),
            (r#"{"backtest":{"horizon":7,"gap":7}}"#, vec!["backtest.gap"]),
        ] {
            assert_eq!(fields(text), expected, "{text}");
        }
        assert_eq!(fields("[]"), ["expected a JSON object"]);
        assert!(!fields("{").is_empty());
    }
}
