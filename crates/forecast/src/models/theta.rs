//! The Theta models of the catalogue; formulas and search in [`crate::theta`].

use wire::model_selection::Family;

use crate::catalog::{Availability, Build, Definition};
use crate::model::{FitError, Fitted, Future, History, Learned, Model, filled};
use crate::params::{Parameter, Params};
use crate::theta::{Theta, ThetaFit};

struct ThetaModel {
    theta: Theta,
    period: usize,
}

impl Model for ThetaModel {
    fn fit(&self, history: &History<'_>) -> Result<Box<dyn Fitted>, FitError> {
        self.fit_block(&[*history], &[history.values.len()]).remove(0).remove(0)
    }

    fn fit_block(&self, histories: &[History<'_>], origins: &[usize]) -> Vec<Vec<Learned>> {
        let mut all: Vec<Vec<Learned>> = histories.iter().map(|_| Vec::new()).collect();
        for &origin in origins {
            let complete: Vec<_> =
                histories.iter().map(|history| filled(&history.values[..origin])).collect();
            let complete: Vec<&[f64]> = complete.iter().map(AsRef::as_ref).collect();
            for (fits, fit) in all.iter_mut().zip(self.theta.fit(&complete, self.period)) {
                fits.push(Ok(Box::new(fit)));
            }
        }
        all
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
            "Dynamic optimised Theta",
            "A smoothed level plus an estimated share of a straight trend that is re-estimated at every step.",
            |params| model(Theta::DynamicOptimised, params),
        ),
    ]
}
