//! The last value and averages of the last values: flat forecasts.

use super::{Rule, last_observed};
use crate::model::{FitError, Fitted, Flat, Future, History, Model};
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
        let values = history.values;
        let last = last_observed(values, 1)[0];
        let age = values.iter().rev().take_while(|value| value.is_nan()).count();
        Ok(Box::new(RandomWalk { last, noise: step_variance(values), age }))
    }
}

/// The last value of a random walk. Its errors grow with the root of the steps since that value (FPP3, table 5.2).
struct RandomWalk {
    last: f64,
    /// Variance of one step; absent with a single value.
    noise: Option<f64>,
    /// Missing rows after the last value.
    age: usize,
}

impl Fitted for RandomWalk {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        vec![self.last; future.steps()]
    }

    fn deviations(&self, steps: usize) -> Option<Vec<f64>> {
        let noise = self.noise?;
        Some((1..=steps).map(|step| (noise * (self.age + step) as f64).sqrt()).collect())
    }
}

/// Mean square of the differences of neighbouring observed values, each divided by the rows between them.
fn step_variance(values: &[f64]) -> Option<f64> {
    let (mut sum, mut pairs, mut rows, mut before) = (0.0_f64, 0_usize, 0.0, f64::NAN);
    for &value in values {
        rows += 1.0;
        if value.is_nan() {
            continue;
        }
        let difference = value - before;
        if !difference.is_nan() {
            sum = difference.mul_add(difference / rows, sum);
            pairs += 1;
        }
        (before, rows) = (value, 0.0);
    }
    (pairs > 0).then(|| sum / pairs as f64)
}

/// A mean of the last values. Around a constant level with independent errors its own errors are as those of the
/// past one-step forecasts, at every step.
struct LocalMean {
    mean: f64,
    /// Root mean square of the past one-step errors; absent if there are fewer than two.
    deviation: Option<f64>,
}

impl Fitted for LocalMean {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        vec![self.mean; future.steps()]
    }

    fn deviations(&self, steps: usize) -> Option<Vec<f64>> {
        self.deviation.map(|deviation| vec![deviation; steps])
    }
}

/// The errors of each observed value from the mean of the `window` observed values before it.
fn one_step_deviation(values: &[f64], window: usize) -> Option<f64> {
    let observed: Vec<f64> = values.iter().copied().filter(|value| !value.is_nan()).collect();
    let mut sum: f64 = observed.iter().take(window).sum();
    let (mut squares, mut errors) = (0.0_f64, 0_usize);
    for (at, value) in observed.iter().enumerate().skip(window) {
        let error = value - sum / window as f64;
        squares = error.mul_add(error, squares);
        errors += 1;
        sum += value - observed[at - window];
    }
    (errors > 1).then(|| (squares / errors as f64).sqrt())
}

impl Model for MovingAverage {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        let last = last_observed(history.values, self.window);
        let mean = last.iter().sum::<f64>() / last.len() as f64;
        Ok(Box::new(LocalMean { mean, deviation: one_step_deviation(history.values, self.window) }))
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
            label: "Moving average",
            description: "The mean of the last values, the same for every step.",
            parameters: vec![Parameter::integer("window_size", 1, 90, 7, "Values averaged.")],
            minimum_history: |params| params.count("window_size"),
            build: |params| Box::new(MovingAverage { window: params.count("window_size") }),
        },
        Rule {
            model_type: "weighted_moving_average",
            label: "Weighted moving average",
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
