//! What a forecast decided, to be taken again: its models, and what each weighs for each series.

use std::collections::{HashMap, HashSet};

use evaluation::choose::candidates::{Candidate, Role};
use forecast::ModelSpec;
use kernel::{Fault, FieldError};
use serde_json::Value;
use series::Series;
use wire::model_selection::{CandidateModel, FleetDecision};

use super::kind::Spec;
use super::plan::Plan;

/// Weights of decimals do not add up to one exactly.
const TOLERANCE: f64 = 1e-6;
const MAX_MODELS: usize = 32;

/// What each candidate weighs, by the name of the series; a series that the decision does not know takes its mean.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weights {
    each: HashMap<String, Vec<f64>>,
    mean: Vec<f64>,
}

impl Weights {
    pub(super) fn of(&self, name: &str) -> &[f64] {
        self.each.get(name).unwrap_or(&self.mean)
    }

    pub(super) fn of_each(&self, series: &[&Series]) -> Vec<Vec<f64>> {
        series.iter().map(|one| self.of(one.name()).to_vec()).collect()
    }
}

/// The names of the series that a decision is about.
pub(super) fn names(decision: &FleetDecision) -> HashSet<&str> {
    decision.series.iter().map(|one| one.name.as_str()).collect()
}

/// Everything that is wrong with a decision.
pub(super) fn check(decision: &FleetDecision) -> Vec<FieldError> {
    let mut fields = Vec::new();
    let mut wrong = |field: String, message: String| fields.push(FieldError::new(field, message));
    if !(1..=MAX_MODELS).contains(&decision.models.len()) {
        wrong(
            "models".to_owned(),
            format!("must have 1 to {MAX_MODELS} models, not {}", decision.models.len()),
        );
    }
    if !(1..=365).contains(&decision.season_length) {
        wrong(
            "season_length".to_owned(),
            format!("must be between 1 and 365, not {}", decision.season_length),
        );
    }
    for (at, model) in decision.models.iter().enumerate() {
        if let Err(error) = spec_of(model) {
            for field in error.fields() {
                wrong(format!("models.{at}.{}", field.field), field.message);
            }
        }
    }
    let models = decision.models.len();
    if let Some(message) = not_shares(&decision.weights, models) {
        wrong("weights".to_owned(), message);
    }
    let mut names = HashSet::new();
    for (at, series) in decision.series.iter().enumerate() {
        if !names.insert(series.name.as_str()) {
            wrong(format!("series.{at}.name"), format!("`{}` is there twice", series.name));
        }
        if let Some(message) = not_shares(&series.weights, models) {
            wrong(format!("series.{at}.weights"), message);
        }
    }
    fields
}

fn not_shares(weights: &[f64], models: usize) -> Option<String> {
    if weights.len() != models {
        return Some(format!("must have one weight per model, {models}, not {}", weights.len()));
    }
    let is_share = |weight: &f64| (0.0..=1.0 + TOLERANCE).contains(weight);
    let total: f64 = weights.iter().sum();
    (!weights.iter().all(is_share) || (total - 1.0).abs() > TOLERANCE)
        .then(|| format!("must be shares between 0 and 1 that add up to 1, not to {total}"))
}

fn spec_of(model: &CandidateModel) -> Result<ModelSpec, forecast::SpecError> {
    ModelSpec::parse(&model.model_type, &Value::Object(model.params.clone()))
}

/// The candidates of a decision and what they weigh, or what of it this version cannot read.
pub(super) fn given(decision: &FleetDecision) -> Result<(Vec<Candidate>, Weights), forecast::SpecError> {
    let candidate = |model| {
        Ok(Candidate { spec: spec_of(model)?, role: Role::Member, why: "part of the earlier decision" })
    };
    let candidates = decision.models.iter().map(candidate).collect::<Result<_, _>>()?;
    let each = decision.series.iter().map(|one| (one.name.clone(), one.weights.clone())).collect();
    Ok((candidates, Weights { each, mean: decision.weights.clone() }))
}

/// What a forecast decided, without its series.
pub(super) fn decided(spec: &Spec, plan: &Plan, mean: Vec<f64>) -> FleetDecision {
    let model = |candidate: &Candidate| CandidateModel {
        model_type: candidate.spec.model_type().to_owned(),
        params: candidate.spec.params().to_json().as_object().cloned().unwrap_or_default(),
    };
    FleetDecision {
        frequency: spec.frequency.into(),
        season_length: plan.season,
        gaps: spec.gaps,
        models: plan.candidates.iter().map(model).collect(),
        weights: mean,
        series: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn decision(weights: &Value) -> FleetDecision {
        serde_json::from_value(json!({
            "frequency": "monthly", "season_length": 12, "gaps": "missing",
            "models": [{ "model_type": "ets", "params": { "season_length": 12 } }, { "model_type": "naive" }],
            "weights": [0.5, 0.5], "series": [{ "name": "a", "weights": weights }],
        }))
        .unwrap()
    }

    #[test]
    fn weights_are_shares_of_every_model() {
        let fields =
            |weights| check(&decision(&weights)).into_iter().map(|one| one.field).collect::<Vec<_>>();
        assert!(fields(json!([0.25, 0.75])).is_empty());
        for wrong in [json!([1.0]), json!([0.5, 0.6]), json!([-0.5, 1.5]), json!([0.0, 0.0])] {
            assert_eq!(fields(wrong.clone()), ["series.0.weights"], "{wrong}");
        }
    }

    #[test]
    fn a_model_that_is_none_is_named() {
        let mut twice = decision(&json!([1.0, 0.0]));
        twice.series.push(twice.series[0].clone());
        assert_eq!(check(&twice)[0].field, "series.1.name");
        let mut wrong = decision(&json!([1.0, 0.0]));
        wrong.models[1].params = json!({ "nope": 1 }).as_object().unwrap().clone();
        wrong.season_length = 0;
        let fields: Vec<String> = check(&wrong).into_iter().map(|one| one.field).collect();
        assert_eq!(fields, ["season_length", "models.1.params.nope"]);
    }
}
