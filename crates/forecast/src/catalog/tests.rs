use serde_json::json;

use super::*;
use crate::{ModelSpec, SpecError};

fn fields(model_type: &str, params: impl std::borrow::Borrow<Value>) -> Vec<String> {
    match ModelSpec::parse(model_type, params.borrow()).unwrap_err() {
        SpecError::InvalidParams { fields, .. } => fields.into_iter().map(|field| field.field).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn every_catalogued_model_parses_with_its_defaults_or_says_why_not() {
    for entry in catalog() {
        let parsed = ModelSpec::parse(&entry.model_type, &entry.default_params);
        assert_eq!(parsed.is_ok(), entry.available, "{}", entry.model_type);
        assert_eq!(entry.unavailable_reason.is_some(), !entry.available, "{}", entry.model_type);
    }
}

#[test]
fn unknown_and_wrong_parameters_are_named() {
    assert_eq!(fields("naive", json!({"model_type": "regression"})), ["params.model_type"]);
    assert_eq!(fields("moving_average", json!({"window_size": 0})), ["params.window_size"]);
    assert_eq!(fields("moving_average", json!({"window_size": 7.5})), ["params.window_size"]);
    assert_eq!(fields("seasonal_naive", json!([1])), ["params"]);
    let two = json!({"decay": 1.0, "weight_strategy": "cubic", "window_size": 3});
    assert_eq!(fields("weighted_moving_average", two), ["params.decay", "params.weight_strategy"]);
    let error = ModelSpec::parse("magic", &json!({})).unwrap_err();
    assert!(error.to_string().contains("`magic`"), "{error}");
}

#[test]
fn the_envelope_keys_are_accepted_and_checked() {
    assert!(
        ModelSpec::parse("naive", &json!({"schema_version": "1.0", "feature_config_hash": null})).is_ok()
    );
    assert_eq!(fields("naive", json!({"schema_version": "one"})), ["params.schema_version"]);
}

#[test]
fn equal_specifications_have_equal_hashes() {
    let default = ModelSpec::parse("seasonal_naive", &Value::Null).unwrap();
    let stated = ModelSpec::parse("seasonal_naive", &json!({"season_length": 7})).unwrap();
    let other = ModelSpec::parse("seasonal_naive", &json!({"season_length": 14})).unwrap();
    assert_eq!(default.config_hash(), stated.config_hash());
    assert_eq!(default.config_hash().len(), 16);
    assert_ne!(default.config_hash(), other.config_hash());
    let back: ModelSpec = serde_json::from_str(&serde_json::to_string(&other).unwrap()).unwrap();
    assert_eq!(back, other);
}

#[test]
fn feature_aware_models_take_a_set_by_their_parameters() {
    // A model of a whole panel makes features of its own.
    let takes_a_set =
        |entry: &CatalogEntry| entry.available && entry.feature_aware && entry.scope == Scope::Series;
    for entry in catalog().into_iter().filter(takes_a_set) {
        let parse = |params: Value| ModelSpec::parse(&entry.model_type, &params);
        let wrong = |params: Value| fields(&entry.model_type, params);
        let all = json!({"feature_frame_version": 2, "feature_groups": ["calendar", "returns"]});
        assert!(parse(all).is_ok() && parse(json!({"feature_frame_version": 2})).is_ok());
        assert!(parse(json!({"feature_frame_version": 1, "feature_groups": null})).is_ok());
        assert_eq!(wrong(json!({"feature_frame_version": 3})), ["params.feature_frame_version"]);
        assert_eq!(wrong(json!({"feature_groups": ["calendar"]})), ["params.feature_groups"]);
        assert_eq!(
            wrong(json!({"feature_frame_version": 2, "feature_groups": []})),
            ["params.feature_groups"]
        );
        let unknown = json!({"feature_frame_version": 2, "feature_groups": ["calendar", "moon"]});
        let message = parse(unknown).unwrap_err().to_string();
        assert!(message.contains("exogenous_weather") && message.contains("moon"), "{message}");
    }
    assert_eq!(fields("naive", json!({"feature_frame_version": 2})), ["params.feature_frame_version"]);
}

#[test]
fn a_model_on_set_1_is_written_and_hashed_as_before_there_was_a_choice() {
    let stored = r#"{"model_type":"prophet_like","params":{"alpha":1.0}}"#;
    let read: ModelSpec = serde_json::from_str(stored).unwrap();
    let stated = ModelSpec::parse("prophet_like", &json!({"feature_frame_version": 1})).unwrap();
    let other = ModelSpec::parse("prophet_like", &json!({"feature_frame_version": 2})).unwrap();
    assert_eq!((serde_json::to_string(&read).unwrap().as_str(), &read), (stored, &stated));
    assert_ne!(other.config_hash(), read.config_hash());
    assert_eq!(other.params().to_json()["feature_frame_version"], 2);
}
