//! The last value and averages of the last values: flat forecasts.

use super::{Rule, last_observed};
use crate::model::{FitError, Fitted, Flat, History, Model};
use crate::params::{Parameter, Params};

/// `ŷ(h) = y[n]`.
struct Naive;

/// `ŷ(h) = (1/w) Σ` of the last `w` values: the same number for every step, not recursive.
struct MovingAverage {
    window: usize,
}

/// `ŷ(h) = Σ vᵢyᵢ / Σ vᵢ` over the last `w` values, `i = 0` the oldest: linear weights `vᵢ = i + 1`, exponential
/// weights `vᵢ = decay^(w−1−i)`.
struct WeightedMovingAverage {
    window: usize,
    weights: Weights,
}

enum Weights {
    Linear,
    Exponential { decay: f64 },
}

impl Model for Naive {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        Ok(Box::new(Flat(last_observed(history.values, 1)[0])))
    }
}

impl Model for MovingAverage {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        let last = last_observed(history.values, self.window);
        Ok(Box::new(Flat(last.iter().sum::<f64>() / last.len() as f64)))
    }
}

impl Model for WeightedMovingAverage {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        let last = last_observed(history.values, self.window);
        let (mut sum, mut total) = (0.0_f64, 0.0);
        // Newest first, so that the exponential weights are running products that start at one.
        let mut exponential = 1.0;
        for (age, &value) in last.iter().rev().enumerate() {
            let weight = match self.weights {
                Weights::Linear => (last.len() - age) as f64,
                Weights::Exponential { .. } => exponential,
            };
            sum = value.mul_add(weight, sum);
            total += weight;
            if let Weights::Exponential { decay } = self.weights {
                exponential *= decay;
            }
        }
        Ok(Box::new(Flat(sum / total)))
    }
}

pub(super) fn naive() -> Rule {
    Rule {
        model_type: "naive",
        label: "Naive",
        description: "Repeats the last observed value.",
        parameters: Vec::new(),
        minimum_history: |_| 1,
        build: |_| Box::new(Naive),
    }
}

pub(super) fn averages() -> [Rule; 2] {
    [
        Rule {
            model_type: "moving_average",
            label: "Moving Average",
            description: "The mean of the last values, the same for every step.",
            parameters: vec![Parameter::integer("window_size", 1, 90, 7, "Values averaged.")],
            minimum_history: |params| params.count("window_size"),
            build: |params| Box::new(MovingAverage { window: params.count("window_size") }),
        },
        Rule {
            model_type: "weighted_moving_average",
            label: "Weighted Moving Average",
            description: "The mean of the last values in which newer values weigh more.",
            parameters: vec![
                Parameter::integer("window_size", 2, 90, 7, "Values averaged."),
                Parameter::choice(
                    "weight_strategy",
                    &["linear", "exponential"],
                    "How weights fall with age.",
                ),
                Parameter::fraction("decay", 0.7, "Ratio of neighbouring weights when exponential."),
            ],
            minimum_history: |params| params.count("window_size"),
            build: weighted,
        },
    ]
}

fn weighted(params: &Params) -> Box<dyn Model> {
    let weights = match params.word("weight_strategy") {
        "exponential" => Weights::Exponential { decay: params.number("decay") },
        _ => Weights::Linear,
    };
    Box::new(WeightedMovingAverage { window: params.count("window_size"), weights })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use crate::testing::{forecast, spec};

    #[test]
    fn averages_follow_their_formulas() {
        let values: Vec<f64> = (1..=7).map(f64::from).collect();
        let cases = [
            ("naive", json!({}), 7.0),
            ("moving_average", json!({"window_size": 3}), 6.0),
            ("weighted_moving_average", json!({}), 5.0),
            ("weighted_moving_average", json!({"weight_strategy": "exponential"}), 5.294_883_090_5),
        ];
        for (model, params, expected) in cases {
            for point in forecast(&spec(model, params), &values, 3).unwrap() {
                assert!((point - expected).abs() < 1e-9, "{model}: {point}");
            }
        }
    }

    #[test]
    fn missing_values_are_skipped() {
        let values = [1.0, 2.0, f64::NAN, 3.0, f64::NAN];
        assert_eq!(forecast(&spec("naive", json!({})), &values, 1).unwrap(), [3.0]);
        let moving = spec("moving_average", json!({"window_size": 2}));
        assert_eq!(forecast(&moving, &values, 1).unwrap(), [2.5]);
    }
}
