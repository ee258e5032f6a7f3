//! The start request: the body of `POST /demo/run`, the first frame of `WS /demo/stream`, and what the command line
//! makes. A request without the newer fields means exactly what it meant before they existed.

use chrono::{Days, NaiveDate};
use client::{GenerateRequest, WorldId};
use kernel::{Fault, FieldError};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::error::RequestError;
use crate::preset::Preset;

/// A showcase to run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StartRequest {
    /// The seed of all randomness.
    pub seed: u64,
    /// Whether every world is deleted first; needs seeding.
    pub reset: bool,
    /// Whether seeding is left out and the stored data used.
    pub skip_seed: bool,
    /// The preset.
    pub scenario: Preset,
    /// The world to use when seeding is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub world_id: Option<WorldId>,
    /// Curated knobs of the generator, checked against its schema and passed on as given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seed_overrides: Option<Map<String, Value>>,
    /// The pair to model; the first one when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_scope: Option<UserScope>,
    /// The models to train and compare.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub train_model_types: Option<Vec<String>>,
    /// How to compare them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub backtest: Option<Backtest>,
}

impl Default for StartRequest {
    fn default() -> Self {
        Self {
            seed: 42,
            reset: false,
            skip_seed: true,
            scenario: Preset::DemoMinimal,
            world_id: None,
            seed_overrides: None,
            user_scope: None,
            train_model_types: None,
            backtest: None,
        }
    }
}

/// One store and one product.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UserScope {
    /// The store.
    pub store_id: i64,
    /// The product.
    pub product_id: i64,
}

/// How the models are compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Backtest {
    /// Days to forecast, 1..=90.
    pub horizon: u32,
    /// How the training window moves.
    pub strategy: Strategy,
    /// Folds, 2..=20.
    pub n_splits: u32,
    /// Days of the smallest training window, at least 7.
    pub min_train_size: u32,
    /// Days between training and test, 0..=30, below the horizon.
    pub gap: u32,
    /// What decides.
    pub metric: Metric,
}

impl Default for Backtest {
    fn default() -> Self {
        Self {
            horizon: 14,
            strategy: Strategy::Expanding,
            n_splits: 3,
            min_train_size: 30,
            gap: 0,
            metric: Metric::Wape,
        }
    }
}

/// How the training window moves from fold to fold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Strategy {
    /// It grows from the first day on.
    Expanding,
    /// It keeps its length.
    Sliding,
}

/// What decides between models.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// Weighted absolute percentage error.
    Wape,
    /// Mean absolute error.
    Mae,
    /// Root mean squared error.
    Rmse,
}

impl Metric {
    /// The wire name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Wape => "wape",
            Self::Mae => "mae",
            Self::Rmse => "rmse",
        }
    }
}

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

impl StartRequest {
    /// Reads and checks a request; unknown top-level keys are ignored, as the contract promises.
    pub fn parse(text: &[u8]) -> Result<Self, RequestError> {
        let mut value: Value =
            serde_json::from_slice(text).map_err(|error| RequestError::Malformed(error.to_string()))?;
        if !value.is_object() {
            return Err(RequestError::Malformed("expected a JSON object".to_owned()));
        }
        // A preset's name has its own message; serde's would list Rust variants.
        if let Some(Err(message)) = value.get("scenario").and_then(Value::as_str).map(str::parse::<Preset>) {
            return Err(RequestError::Invalid(vec![FieldError::new("scenario", message)]));
        }
        if let Some(fields) = value.as_object_mut() {
            refuse_keeping(fields)?;
            // Where the contract allows `null` it means what an omitted field means.
            fields.retain(|name, field| !(field.is_null() && NULLABLE.contains(&name.as_str())));
        }
        let request: Self = serde_path_to_error::deserialize(&value).map_err(|error| {
            let field = error.path().to_string();
            RequestError::Invalid(vec![FieldError::new(field, error.inner().to_string())])
        })?;
        request.checked()
    }

    /// Checks bounds and the rules between fields; an empty `seed_overrides` becomes absent.
    pub fn checked(mut self) -> Result<Self, RequestError> {
        self.seed_overrides = self.seed_overrides.filter(|knobs| !knobs.is_empty());
        let mut wrong = Vec::new();
        self.check_data(&mut wrong);
        self.check_models(&mut wrong);
        self.check_backtest(&mut wrong);
        if wrong.is_empty() { Ok(self) } else { Err(RequestError::Invalid(wrong)) }
    }

    fn check_data(&self, wrong: &mut Vec<FieldError>) {
        if i64::try_from(self.seed).is_err() {
            wrong.push(FieldError::new("seed", format!("expected at most {}", i64::MAX)));
        }
        if self.reset && self.skip_seed {
            let rule = "needs skip_seed = false: without any data the showcase could only fail";
            wrong.push(FieldError::new("reset", rule));
        }
        if self.world_id.is_some() && !self.skip_seed {
            wrong.push(FieldError::new("world_id", "needs skip_seed = true: it names stored data"));
        }
        if self.seed_overrides.is_none() {
            return;
        }
        if self.skip_seed {
            wrong.push(FieldError::new("seed_overrides", "needs skip_seed = false"));
        }
        wrong.extend(self.wrong_overrides());
    }

    /// What the generator would refuse about the knobs, under their names here.
    fn wrong_overrides(&self) -> Vec<FieldError> {
        let generation = serde_json::to_value(self.generation(SOME_DAY)).expect("a request is plain data");
        let here = |field: &str| match field.strip_prefix("overrides") {
            Some(knob) => format!("seed_overrides{knob}"),
            None => "seed_overrides".to_owned(),
        };
        match serde_path_to_error::deserialize::<_, retail::seeder::GenerateRequest>(&generation) {
            Err(error) => {
                vec![FieldError::new(here(&error.path().to_string()), error.inner().to_string())]
            }
            Ok(generation) => match generation.validate(SOME_DAY) {
                Ok(()) => Vec::new(),
                Err(error) if error.fields().is_empty() => {
                    vec![FieldError::new("seed_overrides", error.to_string())]
                }
                Err(error) => {
                    error.fields().into_iter().map(|f| FieldError::new(here(&f.field), f.message)).collect()
                }
            },
        }
    }

    /// What is generated for it: the preset scaled to the showcase; knobs of the user go along as given and win.
    pub(crate) fn generation(&self, today: NaiveDate) -> GenerateRequest {
        let profile = self.scenario.profile();
        GenerateRequest {
            scenario: self.scenario.as_str().to_owned(),
            seed: self.seed,
            stores: Some(profile.stores),
            products: Some(profile.products),
            start_date: profile.span_days.map(|span| today - Days::new(span.unsigned_abs())),
            end_date: profile.span_days.map(|_| today),
            sparsity: None,
            dry_run: false,
            overrides: self.seed_overrides.clone().map(Value::Object),
        }
    }

    fn check_models(&self, wrong: &mut Vec<FieldError>) {
        if let Some(scope) = self.user_scope {
            for (field, id) in [("store_id", scope.store_id), ("product_id", scope.product_id)] {
                if id < 1 {
                    wrong
                        .push(FieldError::new(format!("user_scope.{field}"), "expected an id of at least 1"));
                }
            }
        }
        let Some(models) = &self.train_model_types else { return };
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

    fn check_backtest(&self, wrong: &mut Vec<FieldError>) {
        let Some(backtest) = &self.backtest else { return };
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

    /// The models of the run: the classic trio unless chosen otherwise.
    pub(crate) fn models(&self) -> Vec<String> {
        let trio = || ["naive", "seasonal_naive", "moving_average"].map(str::to_owned).to_vec();
        self.train_model_types.clone().unwrap_or_else(trio)
    }

    /// The chosen half of the run configuration and the classic other half; `None` when nothing was chosen.
    pub(crate) fn run_config(&self) -> Option<Value> {
        let is_customized = self.train_model_types.is_some() || self.backtest.is_some();
        is_customized.then(|| {
            serde_json::json!({
                "train_model_types": self.models(),
                "backtest": self.backtest.clone().unwrap_or_default(),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Vec<String> {
        match StartRequest::parse(text.as_bytes()) {
            Ok(request) => panic!("accepted: {request:?}"),
            Err(RequestError::Malformed(message)) => vec![message],
            Err(RequestError::Invalid(fields)) => fields.into_iter().map(|f| f.field).collect(),
        }
    }

    #[test]
    fn an_empty_request_means_what_it_always_meant() {
        let expected = StartRequest::default();
        assert_eq!(StartRequest::parse(b"{}").unwrap(), expected);
        let legacy = br#"{"seed":42,"reset":false,"skip_seed":true,"a_later_key":[1]}"#;
        assert_eq!(StartRequest::parse(legacy).unwrap(), expected);
        let nulls = br#"{"preservation":"ephemeral","workspace_name":null,"replayed_from_workspace_id":null,
            "seed_overrides":{},"user_scope":null,"train_model_types":null,"backtest":null,"world_id":null}"#;
        assert_eq!(StartRequest::parse(nulls).unwrap(), expected);
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
