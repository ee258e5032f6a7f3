//! Histogram gradient boosting.

use super::grow::{Limits, Problem};
use super::{Ensemble, Sample};
use crate::catalog::{Availability, Build, Definition, Family};
use crate::model::{FitError, Fitted, History, Model};
use crate::params::Parameter;

/// Squared-error boosting from the mean: each tree is grown on the residuals of the sum so far, at most 31 leaves of
/// at least 20 rows each (so a history below 40 rows is forecast by its mean), no row or column sampling.
struct Boosting {
    rounds: usize,
    rate: f64,
    depth: usize,
}

impl Model for Boosting {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        let sample = Sample::of(history);
        let n = sample.bins.rows;
        let base = sample.targets.iter().map(|target| target / n as f64).sum::<f64>();
        let mut fitted = vec![base; n];
        let mut steps = vec![0.0; n];
        let mut trees = Vec::with_capacity(self.rounds);
        let limits = Limits { leaves: 31, depth: self.depth, rows_per_leaf: 20 };
        let weights = vec![1.0; n];
        for _ in 0..self.rounds {
            let gradients: Vec<f64> = fitted.iter().zip(&sample.targets).map(|(f, y)| f - y).collect();
            let problem = Problem {
                bins: &sample.bins,
                gradients: &gradients,
                weights: &weights,
                limits,
                rate: self.rate,
            };
            trees.push(problem.grow((0..n).collect(), &mut steps));
            fitted.iter_mut().zip(&steps).for_each(|(fitted, step)| *fitted += step);
        }
        Ok(Box::new(Ensemble { base, trees, tail: sample.tail }))
    }
}

/// The definition of `regression`.
pub(crate) fn regression() -> Definition {
    Definition {
        model_type: "regression",
        label: "Gradient Boosting Regression",
        family: Family::Tree,
        is_feature_aware: true,
        description: "Boosted histogram trees on lags, calendar, price and promotion.",
        parameters: vec![
            Parameter::integer("max_iter", 10, 1000, 200, "Trees."),
            Parameter::number("learning_rate", 0.001, 1.0, 0.05, "Share of each tree that is added."),
            Parameter::integer("max_depth", 1, 20, 6, "Depth of a tree."),
        ],
        minimum_history: |_| 30,
        availability: Availability::Present,
        build: Build::Series(|params| {
            let (rounds, depth) = (params.count("max_iter"), params.count("max_depth"));
            Box::new(Boosting { rounds, rate: params.number("learning_rate"), depth })
        }),
    }
}
