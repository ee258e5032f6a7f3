//! The Theta models of the catalogue; formulas and search in [`crate::theta`].

use crate::catalog::{Availability, Build, Definition, Family};
use crate::model::{FitError, Fitted, Future, History, Model, filled};
use crate::params::{Parameter, Params};
use crate::theta::{Theta, ThetaFit};

struct ThetaModel {
    theta: Theta,
    period: usize,
}

impl Model for ThetaModel {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        Ok(Box::new(self.theta.fit(&filled(history.values), self.period)))
    }
}

impl Fitted for ThetaFit {
    fn forecast(&self, future: &Future<'_>) -> Vec<f64> {
        self.points(future.steps())
    }

    fn deviations(&self, steps: usize) -> Option<Vec<f64>> {
        self.deviations(steps)
    }
}

fn definition(
    model_type: &'static str,
    label: &'static str,
    description: &'static str,
    build: fn(&Params) -> Box<dyn Model>,
) -> Definition {
    Definition {
        model_type,
        label,
        family: Family::Theta,
        is_feature_aware: false,
        description,
        parameters: vec![Parameter::integer("season_length", 1, 365, 7, "Rows of a season; 1 for none.")],
        minimum_history: |_| 5,
        availability: Availability::Present,
        build: Build::Series(build),
    }
}

fn model(theta: Theta, params: &Params) -> Box<dyn Model> {
    Box::new(ThetaModel { theta, period: params.count("season_length") })
}

/// The definitions of `theta`, `optimized_theta` and `dynamic_optimized_theta`.
pub(crate) fn definitions() -> [Definition; 3] {
    [
        definition("theta", "Theta", "A smoothed level plus half of the straight trend.", |params| {
            model(Theta::Standard, params)
        }),
        definition(
            "optimized_theta",
            "Optimised Theta",
            "A smoothed level plus an estimated share of the straight trend.",
            |params| model(Theta::Optimised, params),
        ),
        definition(
            "dynamic_optimized_theta",
            "Dynamic Optimised Theta",
            "A smoothed level plus an estimated share of a straight trend that is re-estimated at every step.",
            |params| model(Theta::DynamicOptimised, params),
        ),
    ]
}
